"""Reads a commit message by Conventional Commits 1.0.0, <https://www.conventionalcommits.org/en/v1.0.0/>."""

import re
from dataclasses import dataclass

from bot.gate.own_words import own_words

# A pattern of ours, not of a rules file: each is linear by its shape, and `re` reads 10,000 headlines in a blink.
_HEADER = re.compile(
    r"(?:(?::[a-z0-9_+-]{1,40}:|[^\x00-\x7f]{1,8})[ ]?)?"  # an emoji in front says nothing
    r"(?P<type>[A-Za-z][A-Za-z0-9_-]*)(?:\((?P<scope>[^()\r\n]+)\))?(?P<breaking>!)?:[ \t]+(?P<description>\S.*)"
)
# Items 8, 12 and 16: upper case only, at the start of a line, followed by `: ` or ` #`.
_BREAKING = re.compile(r"(?m)^BREAKING[ -]CHANGE(?::[ \t]+\S| #\S|:[ \t]*\n[ \t]*\S)")
_NOISE = re.compile(
    r"(?:fixup|squash|amend)! "
    r"|Merge(?:d| (?:branch|pull request|remote-tracking branch|tag|commit|[0-9a-f]{7,40}|PR)\b)"
    r"|(?i:(?:auto(?:matic)?(?:ally)?[- ])?merged? \S+ (?:in)?to )"
)
# Bots that quote the changelogs of others below what they did themselves.
_UPDATE = re.compile(r"(?i)\b(?:bump|update|upgrade|pin|replace|lock file maintenance|rollback)")
_BOT = re.compile(
    r"(?im)^(?:Signed-off-by: (?:dependabot|renovate|snyk)|updated-dependencies:|Bumps (?:the |\[)"
    r"|This PR (?:contains the following updates|was automatically created by Snyk))"
)
_FEATURES = frozenset({"feat", "feature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message says of its change."""

    headline: str
    type: str | None = None
    """In lower case (item 15); None when the headline follows no convention."""
    scope: str | None = None
    is_breaking: bool = False
    """By `!` in the header or by a footer."""
    is_noise: bool = False
    """A merge, or what is to be squashed away: the changes themselves stand elsewhere."""

    @property
    def is_feature(self) -> bool:
        """Whether it adds something."""
        return self.type in _FEATURES

    @property
    def is_fix(self) -> bool:
        """Whether it mends something."""
        return self.type in {"fix", "perf"}


def parse(message: str) -> Message:
    """The message in one pass over its text, whatever it holds."""
    headline, _, body = message.strip().partition("\n")
    headline = headline.strip()
    if _NOISE.match(headline):
        return Message(headline=headline, is_noise=True)
    header = _HEADER.match(headline)
    if header is None:
        return Message(headline=headline, is_breaking=_says_breaking(headline, body))
    return Message(
        headline=headline,
        type=header["type"].lower(),
        scope=header["scope"],
        is_breaking=bool(header["breaking"]) or _says_breaking(headline, body),
    )


def _says_breaking(headline: str, body: str) -> bool:
    if "BREAKING" not in body or (_UPDATE.search(headline) and _BOT.search(body)):
        return False
    return bool(_BREAKING.search(own_words(body)))
