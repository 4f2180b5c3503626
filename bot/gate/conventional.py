"""Reads a commit message by Conventional Commits 1.0.0, <https://www.conventionalcommits.org/en/v1.0.0/>."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.gate.own_words import lines_of, own_words

# Patterns of ours, not of a rules file: each is linear by its shape, and `re` reads 10,000 headlines in a blink.
_BEFORE = re.compile(
    r"(?:Merged PR [0-9]{1,9}: )?"  # how Azure DevOps calls what it squashes
    r"(?:\[[A-Za-z0-9_#./ -]{1,40}\][ ]?)?"  # a ticket in front says nothing
    r"(?:(?::[a-z0-9_+-]{1,40}:|[^\x00-\x7f]{1,8})[ ]?)?"  # and neither does an emoji
)
_HEADER = re.compile(
    r"(?P<type>[A-Za-z][A-Za-z0-9_-]*)"
    r"(?:\((?P<scope>[^()\r\n]*(?:\([^()\r\n]*\)[^()\r\n]*)*)\))?"
    r"(?P<breaking>!)?:[^\S\r\n]+(?P<description>\S.*)"
)
# Items 8, 12 and 16: upper case only, at the start of a line; also as an entry of a list, as squash merges write it.
_BREAKING = re.compile(
    r"[ ]{0,3}(?:[*+-][ ]{1,3})?\*{0,2}BREAKING[ -]CHANGE(?:\*{0,2}:\*{0,2}[ \t]*| (?=#\S))(?P<value>.*)"
)
_FOOTER = re.compile(r"[A-Za-z][A-Za-z-]{0,60}(?:: | #)\S|BREAKING[ -]CHANGE(?::| #)|#{1,6} |[-*] \[[ xX]\]")
_NOTHING = re.compile(
    r"(?i)[\W_]*(?:none|no|not?[ -](?:applicable|any)|n/?a|nil|nope|nothing|false|no breaking changes?)[\W_]*"
)
_NOISE = re.compile(
    r"(?:fixup|squash|amend)! "
    r"|Merge(?:d| (?:branch|pull request|remote-tracking branch|tag|commit|[0-9a-f]{7,40}|PR)\b)"
    r"|(?i:(?:auto(?:matic)?(?:ally)?[- ])?merged? \S+ (?:in)?to )"
)
_MERGED_AT_ONCE = re.compile(r"Merged PR [0-9]{1,9}: ")
# Bots that quote the changelogs of others below what they did themselves: told by lines that only they write.
_UPDATE = re.compile(r"(?i)\b(?:bump|update|upgrade|pin|replace|lock file maintenance|rollback)")
_BOT = re.compile(
    r"(?im)^(?:(?:Signed-off-by|Co-authored-by): (?:(?:dependabot|dependabot-preview|renovate)\[bot\]|snyk-bot) <"
    r"|updated-dependencies:[ \t]*\n- |Bumps (?:\[[^\]\n]{1,200}\]\(.{1,300}\) |the \S{1,100} group .{0,200}with [0-9])"
    r"|This PR (?:contains the following updates:|was automatically created by Snyk)"
    r"|(?:<h3>)?Snyk has created this PR |#{2,4} Release Notes[ \t]*$"
    r"|\| *(?:datasource *\| *package|Package *\| *(?:Type|Change|Update)) *\|)"
)
_FEATURES = frozenset({"feat", "feature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message says of its change."""

    headline: str
    type: str | None = None
    """In lower case (item 15); None when the headline follows no convention."""
    scope: str | None = None
    description: str = ""
    """The headline without what stands before its colon."""
    is_breaking: bool = False
    """By `!` in the header or by a footer."""
    footer: str = ""
    """The footer that says what breaks, where the header doesn't say so."""
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
    headline, *body = lines_of(message.strip())
    headline = headline.strip()
    if _NOISE.match(headline) and not _MERGED_AT_ONCE.match(headline):
        return Message(headline=headline, is_noise=True)
    header = _HEADER.match(headline, unprefixed(headline))
    breaks = _breaking(headline, body)
    if header is None:
        return Message(headline=headline, description=headline, is_breaking=bool(breaks), footer=breaks)
    return Message(
        headline=headline,
        type=header["type"].lower(),
        scope=header["scope"],
        description=header["description"],
        is_breaking=bool(header["breaking"] or breaks),
        footer="" if header["breaking"] else breaks,
    )


def unprefixed(headline: str) -> int:
    """Where a headline begins, behind a ticket's name and an emoji."""
    found = _BEFORE.match(headline)
    return found.end() if found else 0


def is_by_bot(headline: str, body: str) -> bool:
    """Whether a dependency bot wrote the message, so that what stands below its headline are others' words."""
    return bool(_UPDATE.search(headline) and _BOT.search(body))


def _breaking(headline: str, body: Sequence[str]) -> str:
    """The first footer that says what breaks; its value may begin below it. One that says `none` says nothing."""
    value = next((lines[0] for lines in _breaking_values(headline, body)), "")
    return f"BREAKING CHANGE: {value}" if value else ""


def what_breaks(message: str) -> tuple[str, ...]:
    """What each footer says that breaks, whole: it runs on, over blank lines, until the next footer (item 10)."""
    headline, *body = lines_of(message.strip())
    return tuple(" ".join(lines) for lines in _breaking_values(headline, body))


def _breaking_values(headline: str, body: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each footer's value, those that say something."""
    if not any("BREAKING" in line for line in body):
        return
    text = "\n".join(body)
    if is_by_bot(headline, text):
        return
    values: list[list[str]] = []
    is_open = False
    for line in own_words(text).split("\n"):
        if found := _BREAKING.match(line):
            values.append([found["value"].strip()] if found["value"].strip() else [])
        elif is_open and line.strip() and not _FOOTER.match(line):
            values[-1].append(line.strip())
        is_open = bool(found) or (is_open and not _FOOTER.match(line))
    yield from (value for value in values if value and not _NOTHING.fullmatch(value[0]))
