"""The commits of a release into a draft of its release notes as Markdown, in the language of the words."""

import re

from bot.gate.facts import Fact, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.release_notes import Entry, Kind, contributors, entries
from bot.gate.version import NextVersion
from bot.report.document_delivery import home_of
from bot.report.document_parts import section
from bot.report.markdown import joined, link, plain
from bot.report.sentences import said
from bot.report.words import Words, msg

_KINDS = {
    Kind.BREAKING: msg("Breaking changes"),
    Kind.FEATURE: msg("Features"),
    Kind.FIX: msg("Fixes"),
    Kind.OTHER: msg("Other changes"),
}
_LIMIT = 4_000_000
_OPENING = re.compile(r"\A([0-9]{0,9})([-+=*_~.)])")
"""What makes a list, a rule or the line below a heading: https://spec.commonmark.org/0.31.2/#leaf-blocks."""


def notes(snapshot: Snapshot, version: Fact[NextVersion], words: Words) -> str:
    """Breaking changes first, then features, fixes and the rest, then who made it."""
    title = words("Release notes") if isinstance(version, Unavailable) else f"{version.next}"
    if isinstance(snapshot.commits, Unavailable):
        because = words("Not known: {because}.", because=said(words, snapshot.commits.because))
        return joined([f"# {title}", because]) + "\n"
    found = entries(snapshot.commits)
    parts = [(kind, [one for one in found if one.kind is kind]) for kind in Kind]
    sections = [
        joined([f"## {words(_KINDS[kind])}", "\n".join(_line(one, snapshot) for one in several)], limit=_LIMIT)
        for kind, several in parts
        if several
    ]
    people = ", ".join(code(login) for login in contributors(snapshot.commits))
    thanks = section(words("Contributors"), people) if people else ""
    nothing = "" if found else words("Nothing has changed.")
    return joined([f"# {title}", nothing, *sections, thanks], limit=_LIMIT) + "\n"


def _line(entry: Entry, snapshot: Snapshot) -> str:
    home = home_of(snapshot)
    pulls = [link(_number(number), f"{home}/pull/{number}" if home else None) for number in entry.numbers]
    commit = link(f"`{entry.sha[:7]}`", f"{home}/commit/{entry.sha}" if home else None)
    scope = f"**{plain(entry.scope)}**: " if entry.scope else ""
    breaks = f"\n  {_opening(plain(entry.breaks, limit=2_000))}" if entry.breaks else ""
    return f"- {scope}{_opening(plain(entry.text))} ({', '.join([*pulls, commit])}){breaks}"


def _opening(text: str) -> str:
    """The text at the beginning of a line, where it is no list, rule or heading."""
    return _OPENING.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)


def _number(number: int) -> str:
    """As in a release's text, where GitHub makes a link of it by itself."""
    return f"#{number}"
