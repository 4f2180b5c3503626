"""Pull requests into addresses that nobody can guess, and back: nobody signs in yet, and a document is not for all."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.github.targets import PullRequest, Repository

_KEY = re.compile(r"(?P<installation>[0-9]{1,18})\.(?P<repository>[A-Za-z0-9_=-]{1,100})\.(?P<mac>[0-9a-f]{64})")
_PURPOSE = b"release-gate: link to an approval document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link leads to."""

    ref: PullRequest
    repository_id: str
    """GitHub's node id: a name may come to mean another repository."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links with the first secret and takes those of all: so they outlive a rotation as deliveries do."""

    secrets: Sequence[bytes]
    public_url: str | None

    def to(self, ref: PullRequest, repository_id: str) -> str:
        """The address of the document; empty when nobody said where people reach the server."""
        if self.public_url is None:
            return ""
        place = f"/document/{quote(ref.repository.name)}/{ref.number}"
        mac = _mac(self.secrets[0], ref, repository_id)
        return f"{self.public_url}{place}?key={ref.repository.installation}.{quote(repository_id, safe='')}.{mac}"

    def opened(self, name: str, number: int, key: str) -> Opened | None:
        """What the link leads to; None when it is none of ours. Compares in constant time and asks nobody."""
        found = _KEY.fullmatch(key)
        if found is None:
            return None
        repository = Repository(installation=int(found["installation"]), name=name)
        ref = PullRequest(repository=repository, number=number)
        macs = [_mac(secret, ref, found["repository"]) for secret in self.secrets]
        if not any([hmac.compare_digest(mac, found["mac"]) for mac in macs]):  # noqa: C419  constant time
            return None
        return Opened(ref=ref, repository_id=found["repository"])


def _mac(secret: bytes, ref: PullRequest, repository_id: str) -> str:
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    place = f"{ref.repository.installation}\n{repository_id}\n{ref.repository.name.lower()}\n{ref.number}"
    return hmac.digest(key, place.encode(), hashlib.sha256).hex()
