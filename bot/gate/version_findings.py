"""What is wrong with the next version into findings that block, each with what to type."""

from collections.abc import Iterator, Mapping, Sequence

from semver import Version

from bot.gate.declarations import Declaration
from bot.gate.facts import Fact, Tag, Unavailable
from bot.gate.finding import Finding, unmet
from bot.gate.markup import code, listed, some
from bot.gate.signals import Signal


def too_low(declarations: Sequence[Declaration], wanted: Version, signals: Sequence[Signal]) -> Finding:
    """The changes ask for more than the first of these declares; others that say the same have to change too."""
    first = declarations[0]
    same = [one for one in declarations if (one.source, one.version) == (first.source, first.version)]
    highest = max(signal.bump.rank for signal in signals)
    because = next(f"{signal.source} {signal.because}" for signal in signals if signal.bump.rank == highest)
    needed = f"the changes need {code(str(wanted))} because of the {because}"
    return unmet(
        seen=f"{_where(same)} {'declare' if len(same) > 1 else 'declares'} {code(str(first.version))}, {needed}",
        wanted=f"{code(str(wanted))} or higher",
        do=_write(same, wanted),
    )


def unread(because: Mapping[str, str], needed: Version) -> Iterator[Finding]:
    """Version files at the head that carry no version that can be read."""
    for path, why in because.items():
        yield unmet(
            seen=why,
            wanted=f"{code(path)} with {code(str(needed))}",
            do=f"set {code(str(needed))} in {code(path)}, or take it out of the rules' version files",
        )


def of_files(said: Mapping[str, Version], current: Version, needed: Version) -> Iterator[Finding]:
    """Version files at the head that contradict one another, or say less than was released; all are to say one."""
    by_version: dict[Version, list[str]] = {}
    for path, version in said.items():
        by_version.setdefault(version, []).append(path)
    if len(by_version) > 1:
        behind = [code(path) for version, paths in by_version.items() if version != needed for path in paths]
        yield unmet(
            seen=listed([_say(paths, version) for version, paths in by_version.items()]),
            wanted="one version in all version files",
            do=f"set {code(str(needed))} in {listed(behind)}",
        )
    for version, paths in by_version.items():
        if version < current:
            yield unmet(
                seen=f"{_say(paths, version)}, which is before {code(str(current))}",
                wanted=f"a version after {code(str(current))}",
                do=f"set {code(str(needed))} in {listed([code(path) for path in paths])}",
            )


def tagged(name: str, tags: Fact[tuple[Tag, ...]], head: str) -> Iterator[Finding]:
    """The next version was released already, from another commit."""
    known = () if isinstance(tags, Unavailable) else tags
    for tag in known:
        if tag.name == name and tag.sha != head:
            yield unmet(
                seen=f"the tag {code(name)} exists, at {code(tag.sha[:7])}",
                wanted="a version that was not released yet",
                do=f"declare a higher version, or take the tag away: `git push --delete origin {name}`",
            )


def _say(paths: Sequence[str], version: Version) -> str:
    return f"{some(list(paths))} {'say' if len(paths) > 1 else 'says'} {code(str(version))}"


def _where(same: Sequence[Declaration]) -> str:
    names = [one.because for one in same]
    return listed(names) if same[0].source == "file" else f"the {same[0].source} {listed(names)}"


def _write(same: Sequence[Declaration], wanted: Version) -> str:
    match same[0].source:
        case "file":
            return f"set {code(str(wanted))} in {listed([one.because for one in same])}"
        case "command":
            return f"`/bump` as much as {code(str(wanted))} is, or take the command away"
        case "title":
            return f"write {code(str(wanted))} into the title"
        case _:
            return f"add a commit that says {code(f'chore(release): {wanted}')}"
