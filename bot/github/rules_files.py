"""Where rules files stand in an answer → their texts: at the base, at the head, in the organisation, elsewhere."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.gate.facts import Fact, Unavailable
from bot.github import decode
from bot.github.client import Answer, Client
from bot.github.errors import Forbidden, Rejected
from bot.github.targets import Repository
from bot.rules import Upstream

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """A rules file, as text."""

    path: str
    """With `owner/repo:` before it when it stands in another repository."""
    oid: str
    text: str | None
    """None when GitHub would not show it: binary, too large, a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFiles:
    """All rules files that may matter to a pull request, of one instant."""

    base: tuple[RulesFile, ...] = ()
    """Those of the base branch; two are one too many."""
    head: tuple[RulesFile, ...] = ()
    default: tuple[RulesFile, ...] = ()
    """Those of the default branch, which may hold for every base."""
    base_ref: str = ""
    default_ref: str | None = None
    """The default branch; None where there is none."""
    organisation: Fact[RulesFile | None] = field(default=None)
    """`release-gate.yml` in the repository `.github` of the same owner; not known when that can't be read."""


def of_default(answer: Answer) -> tuple[str | None, tuple[RulesFile, ...]]:
    """The default branch's name and its rules files. Raises `Unreachable` as below."""
    branch = decode.shown(answer, "repository", "defaultBranchRef", what="the default branch")
    return (branch or {}).get("name"), at_commit(answer, "repository", "defaultBranchRef", "target")


def at_commit(answer: Answer, *commit: str | int) -> tuple[RulesFile, ...]:
    """The rules files at the commit under this path. What GitHub hides is no absence: raises `Unreachable`."""
    for name in ("rules", "otherRules"):
        decode.shown(answer, *commit, name, "object", "oid", what="the rules")
    node = decode.fact(answer, *commit)
    entries = [node.get(name) for name in ("rules", "otherRules")] if isinstance(node, Mapping) else []
    return tuple(_file(entry) for entry in entries if entry)


def of_organisation(answer: Answer) -> Fact[RulesFile | None]:
    """The organisation's file, None where there is no such file in the repository."""
    repository = decode.fact(answer, "organisation")
    if not isinstance(repository, Mapping):
        return repository or Unavailable("GitHub shows no repository `.github` of the owner")
    entry = decode.fact(answer, "organisation", "defaultBranchRef", "target", "rules")
    if entry is None or isinstance(entry, Unavailable):
        return entry
    return _file(entry, inside=f"{repository['nameWithOwner']}:")


async def fetch(client: Client, repository: Repository, upstream: Upstream) -> str | None:
    """The text of a file that rules extend; None when there is none, or none that the App may read.

    <https://docs.github.com/en/rest/repos/contents#get-repository-content>
    """
    path = f"/repos/{upstream.owner}/{upstream.repository}/contents/{upstream.path}"
    try:
        found = await client.get(repository.installation, path, {"ref": upstream.ref} if upstream.ref else None)
    except (Forbidden, Rejected):
        return None
    if not isinstance(found, Mapping) or found.get("encoding") != "base64":
        return None
    try:
        return base64.b64decode(found["content"]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _file(entry: Node, *, inside: str = "") -> RulesFile:
    blob = entry.get("object") or {}
    return RulesFile(
        path=inside + entry["path"],
        oid=blob.get("oid", ""),
        text=None if blob.get("isBinary") or blob.get("isTruncated") else blob.get("text"),
    )
