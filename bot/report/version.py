"""The next version as Markdown: what declares it, and every signal with what it says."""

from bot.gate.facts import Fact, Unavailable
from bot.gate.markup import listed
from bot.gate.packages import PackageVersion
from bot.gate.verdict import Verdict
from bot.gate.version import NextVersion
from bot.report.markdown import folded, joined, plain, table

_DECLARED = 5
"""Sources of a declared version that are shown."""


_MANY = 5
"""Packages that are shown without a click."""


def version(verdict: Verdict) -> str:
    """What comes next and why: the repository's version, and those of the packages that are touched."""
    return joined([_of_the_whole(verdict), _of_packages(verdict.packages)])


def _of_packages(parts: Fact[tuple[PackageVersion, ...]]) -> str:
    if isinstance(parts, Unavailable):
        return f"### Packages\n\nNot known: {parts.because}."
    if not parts:
        return ""
    text = table(("package", "current", "next", "why"), [_row(part) for part in parts])
    return joined(["### Packages", folded(f"{len(parts)} packages", text) if len(parts) > _MANY else text])


def _row(part: PackageVersion) -> tuple[str, str, str, str]:
    told, name = part.version, f"**{plain(part.package.id)}**"
    if isinstance(told, Unavailable):
        return name, "", "not known", told.because
    return name, f"`{told.current}`", f"**`{told.next}`** ({told.bump})", _reason(told)


def _reason(version: NextVersion) -> str:
    """Who declares it, else the signal that won."""
    if version.declared:
        first = version.declared[0]
        return f"declared by {first.source} {first.because}{_beside_changes(version)}"
    if not version.signals:
        return "no commit, title or label says more"
    first_signal = max(version.signals, key=lambda signal: signal.bump.rank)
    others = len(version.signals) - 1
    return f"{first_signal.source} {first_signal.because}{f' and {others} more' if others else ''}"


def _of_the_whole(verdict: Verdict) -> str:
    told = verdict.version
    if not isinstance(told, Unavailable) and told.package:
        return ""
    if isinstance(told, Unavailable):
        return f"### Version\n\nNot known: {told.because}."
    head = f"### Version\n\n`{told.current}` → **`{told.next}`** ({told.bump}){_why(told)}"
    return joined([head, _disagreement(told), _signals(told) if told.signals else ""])


def _disagreement(version: NextVersion) -> str:
    said = [f"{source} says {bump}" for source, bump in version.disagreement]
    return f"Signals disagree: {listed(said)}; the highest counts." if said else ""


def _why(version: NextVersion) -> str:
    """Who declared the version, or why the bump is smaller than the highest signal."""
    if version.declared:
        said = version.declared
        names = [f"{one.source} {one.because}" for one in said if one.version == said[0].version]
        others = [f"{one.source} {one.because} says `{one.version}`" for one in said if one.version != said[0].version]
        beside = f"; {listed(others[:_DECLARED])}" if others else ""
        return f", declared by {listed(names[:_DECLARED])}{beside}{_beside_changes(version)}"
    if not version.signals:
        return ": no commit, title or label says more."
    highest = max((signal.bump for signal in version.signals), key=lambda bump: bump.rank)
    if highest is version.bump:
        return ""
    return f": before 1.0.0 a {highest} change counts as {version.bump} (`semver: {{zero: minor}}`)"


def _beside_changes(version: NextVersion) -> str:
    """What the changes alone would come to, where that differs."""
    if version.computed in {None, version.bump}:
        return ""
    return f"; the changes alone ask for a {version.computed} bump"


def _signals(version: NextVersion) -> str:
    highest = max(signal.bump.rank for signal in version.signals)
    decisive = [signal for signal in version.signals if signal.bump.rank == highest]
    others = [signal for signal in version.signals if signal.bump.rank < highest]
    rows = [(signal.source, signal.bump, signal.because) for signal in (*decisive, *others)]
    text = table(("signal", "says", "because"), rows)
    return text if len(rows) <= 3 else folded(f"why: {len(rows)} signals, the highest wins", text)  # noqa: PLR2004
