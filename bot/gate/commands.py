"""Reads the commands in a comment: what each is called, what it takes, and what somebody wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from semver import Version

from bot.gate.command_lines import MAX_COMMANDS, command_lines, may_hold_command
from bot.gate.facts import Comment
from bot.gate.instants import EXAMPLES, limit
from bot.gate.markup import code
from bot.gate.patterns import regex


class Verb(StrEnum):
    """What a command does."""

    APPROVE = "approve"
    REVOKE = "revoke"
    REJECT = "reject"
    ATTEST = "attest"
    UNATTEST = "unattest"
    WAIVE = "waive"
    UNWAIVE = "unwaive"
    ACCEPT_RISK = "accept-risk"
    HOLD = "hold"
    UNHOLD = "unhold"
    BUMP = "bump"
    RECHECK = "recheck"
    EXPLAIN = "explain"
    STATUS = "status"
    HELP = "help"


class Takes(StrEnum):
    """What the word after the verb names, as it is called in answers."""

    ROLE = "role"
    ITEM = "item"
    RISK = "risk"
    BUMP = "bump"
    NOTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a command is written."""

    usage: str
    """What follows the verb."""
    takes: Takes = Takes.NOTHING
    names_commit: bool = False
    names_version: bool = False
    has_link: bool = False
    ends: bool = False
    """It may say until when."""
    says_why: bool = False
    """It counts only with a reason."""
    only_addressed: bool = False
    """Only with `/gate ` in front: the bare verb is everybody's."""


FORMS: Final[Mapping[Verb, Form]] = {
    Verb.APPROVE: Form(usage="ROLE [SHA] [VERSION] [note]", takes=Takes.ROLE, names_commit=True, names_version=True),
    Verb.REVOKE: Form(usage="ROLE", takes=Takes.ROLE),
    Verb.REJECT: Form(usage="ROLE because …", takes=Takes.ROLE),
    Verb.ATTEST: Form(usage="ITEM [LINK] [note]", takes=Takes.ITEM, has_link=True),
    Verb.UNATTEST: Form(usage="ITEM", takes=Takes.ITEM),
    Verb.WAIVE: Form(
        usage="ITEM [SHA] [until DATE] because …", takes=Takes.ITEM, names_commit=True, ends=True, says_why=True
    ),
    Verb.UNWAIVE: Form(usage="ITEM", takes=Takes.ITEM),
    Verb.ACCEPT_RISK: Form(usage="RISK [until DATE] because …", takes=Takes.RISK, ends=True, says_why=True),
    Verb.HOLD: Form(usage="[until DATE] because …", ends=True),
    Verb.UNHOLD: Form(usage=""),
    Verb.BUMP: Form(usage="major|minor|patch because …", takes=Takes.BUMP, says_why=True),
    Verb.RECHECK: Form(usage=""),
    Verb.EXPLAIN: Form(usage="[ITEM]", takes=Takes.ITEM),
    Verb.STATUS: Form(usage="", only_addressed=True),
    Verb.HELP: Form(usage="", only_addressed=True),
}
"""The commands, in the order in which help lists them."""

_UNKNOWN: Final = Form(usage="", takes=Takes.ROLE)
"""Of a word that is no verb of ours: what it names tells whether it was meant for us."""

_COMMAND = regex(r"^/(?P<prefix>(?i:gate)(?:[ \t]+/?|$))?(?P<verb>[A-Za-z][A-Za-z-]*)?(?:[ \t]+(?P<rest>.*))?$")
_FIRST = regex(r"(?im)(?:^|\r)[ \t]*(?P<text>/(?:gate[ \t]+)?(?P<verb>[a-z][a-z-]*)[^\r\n]*)")
_BECAUSE = regex(r"(?is)^(?:(?P<before>.*?)\s)??\s*because\b[:,]?\s*(?P<why>.*)$")
_WORD = regex(r"\"(?P<plain>[^\"]*)\"|“(?P<curly>[^”]*)”|'(?P<single>[^']*)'|‘(?P<bent>[^’]*)’|(?P<bare>\S+)")
_LINK = regex(r"^https://[^\s()<>\\|`\[\]\"']{1,500}$")
_COMMIT = regex(r"^[0-9a-fA-F]{7,40}$")
_BLANK = regex(r"\p{Zs}")
_SAID = regex(r"[\pL\pN]")
_LONGEST_VERSION = 60
_VERBS = frozenset(Verb)

TOO_MUCH: Final = (
    f"its comment is too long or too nested to be read, or has over {MAX_COMMANDS} commands; "
    "write the command as a comment of its own"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line that addresses us, or somebody else with a verb like ours."""

    verb: Verb | None
    """None for a word that is none of ours."""
    word: str
    """The verb as written, in lower case."""
    text: str
    """The line as written, for an answer."""
    argument: str = ""
    """The role, item, risk or bump, as written."""
    commit: str | None = None
    """At least seven hex digits, in lower case."""
    version: str | None = None
    url: str | None = None
    """The link that an attestation points at."""
    until: datetime | None = None
    because: str = ""
    """The reason, or the note."""
    wrong: str = ""
    """What is wrong with how it is written; whoever opens the gate with it is told so."""
    addressed: bool = False
    """`/gate` stood in front: it is meant for us and nobody else."""
    below: frozenset[tuple[Verb, str]] = frozenset()
    """What the same comment says further down: verbs with their arguments in lower case."""
    comment: Comment


def commands_in(comment: Comment) -> tuple[Command, ...]:
    """The commands of a comment in their order; never raises, whatever the text. None of what `unread_in` tells of."""
    lines = command_lines(comment.body, by_mail=comment.by_mail) if may_hold_command(comment.body) else None
    parsed = tuple(_parse(line, comment) for line in lines or ())
    if len(parsed) < 2:  # noqa: PLR2004
        return parsed
    said = [(one.verb, one.argument.lower()) for one in parsed]
    return tuple(
        replace(one, below=frozenset((verb, argument) for verb, argument in said[at:] if verb))
        for at, one in enumerate(parsed, start=1)
    )


def unread_in(comment: Comment) -> Command | None:
    """What looks like the first command of a comment that is too much to read, so that somebody is told."""
    if not may_hold_command(comment.body) or command_lines(comment.body, by_mail=comment.by_mail) is not None:
        return None
    for found in _FIRST.finditer(comment.body):
        if verb := _verb(found["verb"].lower()):
            return Command(verb=verb, word=verb, text=found["text"].strip()[:200], addressed=True, comment=comment)
    return None


def _verb(word: str) -> Verb | None:
    return Verb(word) if word in _VERBS else None


def _parse(line: str, comment: Comment) -> Command:
    # Some keyboards write a space that never breaks, and nobody sees the difference.
    match = _COMMAND.search(line if line.isascii() else _BLANK.sub(" ", line))
    word = ((match["verb"] if match else "") or "").lower()
    verb, rest = _verb(word), (match["rest"] if match else "") or ""
    read = Command(verb=verb, word=word, text=line, addressed=bool(match and match["prefix"]), comment=comment)
    return _filled(read, rest, FORMS[verb] if verb else _UNKNOWN)


def _filled(read: Command, rest: str, form: Form) -> Command:
    """The command with what follows its verb."""
    before, why = _split(rest)
    words = [next(part for part in match.groups() if part is not None) for match in _WORD.finditer(before)]
    argument = words.pop(0) if form.takes and words else ""
    commit, version = _taken(words, form)
    url = words.pop(0) if form.has_link and words and _LINK.search(words[0]) else None
    end = limit(words, read.comment.edited_at or read.comment.created_at) if form.ends else None
    del words[: end.words if end else 0]
    # A hold that says more than is understood, `PST` for one, could end before it should.
    is_clear = not words
    return replace(
        read,
        argument=argument,
        commit=commit,
        version=version,
        url=url,
        until=end.at if end and is_clear else None,
        because=why or " ".join(words),
        wrong=_wrong(read, form, argument, why, words),
    )


def _split(rest: str) -> tuple[str, str]:
    """What stands before the first `because`, and the reason after it."""
    match = _BECAUSE.search(rest)
    return (match["before"] or "", match["why"].strip(" \t\"“”'")) if match else (rest, "")


def _taken(words: list[str], form: Form) -> tuple[str | None, str | None]:
    """The commit and the version that come next, in either order; takes them out of the words."""
    commit = version = None
    while words:
        if form.names_commit and commit is None and _COMMIT.search(words[0]):
            commit = words.pop(0).lower()
        elif form.names_version and version is None and (named := _version(words[0])):
            version = named
            del words[0]
        else:
            break
    return commit, version


def _version(word: str) -> str | None:
    text = word.removeprefix("v")
    return text if len(text) <= _LONGEST_VERSION and Version.is_valid(text) else None


def _wrong(read: Command, form: Form, argument: str, why: str, stray: list[str]) -> str:
    if not form.says_why:
        return ""
    written = f"`/{read.word} {form.usage}`"
    if stray:
        dates = f"; a date is written {EXAMPLES}" if form.ends else ""
        return f"{code(' '.join(stray), limit=40)} is not understood: write {written}{dates}"
    if not _SAID.search(why):
        return f"it does not say why: write `/{read.word} {argument} because …`"
    if form.ends and _says_when(why, read.comment.created_at):
        return f"what follows `because` is the reason, a date too: write `/{read.word} {argument} until … because …`"
    return ""


def _says_when(why: str, now: datetime) -> bool:
    """Whether a reason ends with a date that may have been meant."""
    words = why.rstrip(".!").split()
    return any(
        (end := limit(words[at:], now)) is not None and at + end.words == len(words) for at in range(len(words))[-6:]
    )
