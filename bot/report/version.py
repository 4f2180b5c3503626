"""The next version as Markdown: what declares it, and every signal with what it says."""

from bot.gate.facts import Unavailable
from bot.gate.markup import listed
from bot.gate.verdict import Verdict
from bot.gate.version import NextVersion
from bot.report.markdown import folded, joined, table

_DECLARED = 5
"""Sources of a declared version that are shown."""


def version(verdict: Verdict) -> str:
    """What comes next and why."""
    told = verdict.version
    if isinstance(told, Unavailable):
        return f"### Version\n\nNot known: {told.because}."
    head = f"### Version\n\n`{told.current}` → **`{told.next}`** ({told.bump}){_why(told)}"
    return joined([head, _signals(told) if told.signals else ""])


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
