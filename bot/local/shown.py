"""What a local check found into text for a terminal, JSON for programs, or Markdown."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.gate.checklist import JudgedItem
from bot.gate.facts import Fact, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.markup import code, listed, some
from bot.gate.packages import PackageVersion
from bot.gate.rules import Fault
from bot.gate.verdict import Outcome
from bot.local.check import Checked
from bot.report.body import body
from bot.report.markdown import joined, plain, table
from bot.report.text import SIGNS
from bot.report.title import title
from bot.report.words import ENGLISH

_MOST_SIGNALS = 10
_FAULT = ("line", "column", "path", "message", "severity")


def metrics(checked: Checked) -> Mapping[str, int]:
    """Size of the change, as git counts it."""
    files, commits = checked.change.files, checked.change.commits
    return {
        "files": len(files),
        "lines_added": sum(counted.file.additions for counted in files),
        "lines_removed": sum(counted.file.deletions for counted in files),
        "binary_files": sum(counted.is_binary for counted in files),
        "renamed_files": sum(counted.file.previous is not None for counted in files),
        "commits": len(commits),
        "contributors": len({logged.author for logged in commits}),
    }


def _counted(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def headline(checked: Checked) -> str:
    """The verdict in one line."""
    verdict, version = checked.verdict, checked.version
    after = "" if isinstance(version, Unavailable) else f" · {version}"
    shadow = "Shadow, would be: " if verdict.is_shadow else ""
    if verdict.outcome is Outcome.BLOCKED:
        ids = list(dict.fromkeys(blocker.id for blocker in verdict.blockers))
        return f"{shadow}Blocked by {some(ids).replace('`', '')}{after}"
    if verdict.outcome.passes and checked.undecided:
        return f"{shadow}Nothing that git can tell blocks, {_counted(len(checked.undecided), 'thing')} undecided{after}"
    return f"{shadow}{title(verdict, ENGLISH)}"


def as_text(checked: Checked) -> str:
    """For a terminal: nothing that others wrote moves the cursor or hides."""
    lines = "\n".join(_text_lines(checked)).split("\n")
    return "\n".join("".join(letter if letter.isprintable() else "\ufffd" for letter in line) for line in lines)


def as_markdown(checked: Checked) -> str:
    """What the pull request's comment would say, with what git can't tell and the size of the change."""
    rows = [(name.replace("_", " "), f"{value:,}") for name, value in metrics(checked).items()]
    areas = [(plain(a.id), a.radius, f"{a.files:,}", f"+{a.added:,} −{a.removed:,}") for a in checked.areas]
    return joined(
        [
            f"## {SIGNS[checked.verdict.outcome]} {plain(headline(checked))}",
            body(checked.verdict, ENGLISH),
            joined(["### Needs GitHub", listed([code(id) for id in checked.undecided])]) if checked.undecided else "",
            joined(["### Size", table(("what", "how much"), rows)]),
            joined(["### Areas", table(("area", "radius", "files", "lines"), areas)]) if areas else "",
            "\n".join(f"- {plain(note)}" for note in checked.notes),
        ]
    )


def as_json(checked: Checked) -> str:
    """For programs; the keys stay as they are from version to version."""
    return json.dumps(_answer(checked), ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Checked], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown}


def _text_lines(checked: Checked) -> Iterator[str]:
    verdict, change, size = checked.verdict, checked.change, metrics(checked)
    yield headline(checked)
    yield f"  {change.base.ref} {change.base.sha[:7]} ← {change.head.ref} {change.head.sha[:7]}"
    yield (
        f"  {_counted(size['files'], 'file')} changed, +{size['lines_added']:,} −{size['lines_removed']:,}, "
        f"{_counted(size['commits'], 'commit')}, {_counted(size['contributors'], 'contributor')}"
    )
    yield from (f"  note: {note}" for note in checked.notes)
    yield from (f"  {_place(verdict.rules_file, fault)}" for fault in verdict.faults)
    if verdict.outcome in {Outcome.ERROR, Outcome.NOT_A_RELEASE}:
        return
    yield f"  {verdict.readiness} % ready by the rules of {verdict.rules_file}"
    yield from _version_lines(checked)
    yield from _package_lines(checked.packages)
    yield from _open_lines(checked)


def _version_lines(checked: Checked) -> Iterator[str]:
    version = checked.version
    if isinstance(version, Unavailable):
        yield f"\nVersion unknown: {version.because}"
        return
    yield f"\nVersion {version.current} → {version}"
    highest_first = sorted(version.signals, key=lambda signal: -signal.bump.rank)
    yield from (f"  {signal.bump}: {signal.source} {signal.because}" for signal in highest_first[:_MOST_SIGNALS])
    if len(highest_first) > _MOST_SIGNALS:
        yield f"  and {len(highest_first) - _MOST_SIGNALS} more signals"


def _package(part: PackageVersion) -> Mapping[str, str | None]:
    if isinstance(part.version, Unavailable):
        return {"id": part.package.id, "current": None, "next": None, "bump": None}
    told = part.version
    return {"id": part.package.id, "current": told.current, "next": told.next, "bump": told.bump}


def _package_lines(parts: Fact[tuple[PackageVersion, ...]]) -> Iterator[str]:
    if isinstance(parts, Unavailable):
        yield f"\nPackages unknown: {parts.because}"
        return
    for part in parts:
        told, id = part.version, part.package.id
        if isinstance(told, Unavailable):
            yield f"  package {id}: unknown: {told.because}"
        else:
            yield f"  package {id}: {told.current} → {told.next} ({told.bump})"


def _open_lines(checked: Checked) -> Iterator[str]:
    verdict = checked.verdict
    if verdict.blockers:
        yield "\nBlocks" if verdict.outcome is Outcome.BLOCKED else "\nWaits for"
    for blocker in verdict.blockers:
        yield from _rows(blocker.id, blocker.title, blocker.finding, blocker.how)
    decided = [judged for judged in verdict.recommended if judged.item.id not in checked.undecided]
    if decided:
        yield "\nRecommended"
    for judged in decided:
        yield from _rows(judged.item.id, judged.item.title, judged.finding, judged.item.how)
    if checked.undecided:
        yield "\nNeeds GitHub"
        yield f"  {', '.join(checked.undecided)}"
    for state, heading in ((State.MET, "Met"), (State.NOT_APPLICABLE, "Does not apply")):
        if ids := [judged.item.id for judged in verdict.items if judged.finding.state is state]:
            yield f"\n{heading}\n  {', '.join(ids)}"


def _rows(id: str, name: str, finding: Finding, how: str | None) -> Iterator[str]:
    yield f"  {id} {name}: {finding.seen}"
    if finding.wanted:
        yield f"    wanted: {finding.wanted}"
    do = how if how and finding.who is Who.AUTHOR else finding.do
    yield from (f"    {'do: ' if number == 0 else '    '}{line}" for number, line in enumerate(do.splitlines()))


def _place(file: str, fault: Fault) -> str:
    return f"{file}:{fault.line}:{fault.column}: {fault.message}"


def _answer(checked: Checked) -> Mapping[str, Any]:
    verdict, change = checked.verdict, checked.change
    return {
        "verdict": verdict.outcome,
        "readiness": verdict.readiness,
        "strict": checked.strict,
        "shadow": verdict.is_shadow,
        "rules": verdict.rules_file,
        "base": {"ref": change.base.ref, "sha": change.base.sha},
        "head": {"ref": change.head.ref, "sha": change.head.sha},
        "merge_base": change.common,
        "items": [_item(judged, checked) for judged in verdict.items],
        "roles": [
            {"id": standing.role.id, "required": standing.role.required, "because": standing.unknown}
            for standing in verdict.standings
        ],
        "undecided": checked.undecided,
        "version": _version(checked),
        "packages": [_package(part) for part in checked.packages] if isinstance(checked.packages, tuple) else None,
        "areas": [
            {
                "id": area.id,
                "radius": area.radius,
                "files": area.files,
                "lines_added": area.added,
                "lines_removed": area.removed,
            }
            for area in checked.areas
        ],
        "metrics": metrics(checked),
        "notes": checked.notes,
        "faults": [
            {"file": verdict.rules_file, **{name: getattr(fault, name) for name in _FAULT}} for fault in verdict.faults
        ],
    }


def _item(judged: JudgedItem, checked: Checked) -> Mapping[str, Any]:
    finding = judged.finding
    return {
        "id": judged.item.id,
        "title": judged.item.title,
        "tier": judged.item.tier,
        "blocking": judged.is_blocking,
        "state": finding.state,
        "because": finding.seen,
        "wanted": finding.wanted,
        "do": finding.do,
        "undecided": judged.item.id in checked.undecided,
    }


def _version(checked: Checked) -> Mapping[str, Any]:
    version = checked.version
    if isinstance(version, Unavailable):
        return {"current": None, "bump": None, "next": None, "signals": [], "because": version.because}
    return {
        "current": version.current,
        "bump": version.bump,
        "next": version.next,
        "signals": [
            {"source": signal.source, "bump": signal.bump, "because": signal.because} for signal in version.signals
        ],
    }
