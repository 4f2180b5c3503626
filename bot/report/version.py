"""The next version as Markdown: what declares it, and every signal with what it says."""

from collections.abc import Iterable

from bot.gate.declarations import Declaration
from bot.gate.facts import Fact, Unavailable
from bot.gate.packages import PackageVersion
from bot.gate.signals import Signal
from bot.gate.verdict import Verdict
from bot.gate.version import NextVersion
from bot.report.markdown import folded, heading, joined, plain, table
from bot.report.sentences import said
from bot.report.sources import source_of
from bot.report.words import Words

_DECLARED = 5
"""Sources of a declared version that are shown."""


_MANY = 5
"""Packages that are shown without a click."""


def version(verdict: Verdict, words: Words) -> str:
    """What comes next and why: the repository's version, and those of the packages that are touched."""
    return joined([_of_the_whole(verdict, words), _of_packages(verdict.packages, words)])


def _of_packages(parts: Fact[tuple[PackageVersion, ...]], words: Words) -> str:
    title = heading(words("Packages"))
    if isinstance(parts, Unavailable):
        return joined([title, words("Not known: {because}.", because=said(words, parts.because))])
    if not parts:
        return ""
    head = (words("package"), words("current"), words("next"), words("why"))
    text = table(head, [_row(part, words) for part in parts])
    counted = words.many("{number} package", "{number} packages", len(parts))
    return joined([title, folded(counted, text) if len(parts) > _MANY else text])


def _row(part: PackageVersion, words: Words) -> tuple[str, str, str, str]:
    told, name = part.version, f"**{plain(part.package.id)}**"
    if isinstance(told, Unavailable):
        return name, "", words("not known"), said(words, told.because)
    return name, f"`{told.current}`", f"**`{told.next}`** ({told.bump})", _reason(told, words)


def _reason(version: NextVersion, words: Words) -> str:
    """Who declares it, else the signal that won."""
    if version.declared:
        names = _named(version.declared[:1], words)
        return _with_changes(words("declared by {names}", names=names), version, words)
    if not version.signals:
        return words("no commit, title or label says more")
    told = _signal(max(version.signals, key=lambda signal: signal.bump.rank), words)
    others = len(version.signals) - 1
    return words("{signal} and {number} more", signal=told, number=others) if others else told


def _signal(one: Signal | Declaration, words: Words) -> str:
    return f"{source_of(one.source, words)} {said(words, one.because)}"


def _named(declared: Iterable[Declaration], words: Words) -> str:
    return words.listed([_signal(one, words) for one in declared])


def _of_the_whole(verdict: Verdict, words: Words) -> str:
    told, title = verdict.version, heading(words("Version"))
    if isinstance(told, Unavailable):
        return joined([title, words("Not known: {because}.", because=said(words, told.because))])
    if told.package:
        return ""
    head = f"`{told.current}` → **`{told.next}`** ({told.bump}){_why(told, words)}"
    return joined([title, head, _disagreement(told, words), _signals(told, words) if told.signals else ""])


def _disagreement(version: NextVersion, words: Words) -> str:
    told = [
        words("{source} says {bump}", source=source_of(one, words), bump=bump) for one, bump in version.disagreement
    ]
    return words("Signals disagree: {names}; the highest counts.", names=words.listed(told)) if told else ""


def _why(version: NextVersion, words: Words) -> str:
    """Who declared the version, or why the bump is smaller than the highest signal."""
    if version.declared:
        same = [one for one in version.declared if one.version == version.declared[0].version]
        told = words(", declared by {names}", names=_named(same[:_DECLARED], words))
        if others := [_other(one, words) for one in version.declared if one not in same]:
            told += f"; {words.listed(others[:_DECLARED])}"
        return _with_changes(told, version, words)
    if not version.signals:
        return ": " + words("no commit, title or label says more") + "."
    highest = max((signal.bump for signal in version.signals), key=lambda bump: bump.rank)
    if highest is version.bump:
        return ""
    counts = words(
        "before 1.0.0 a {highest} change counts as {bump} (`semver: {{zero: minor}}`)",
        highest=highest,
        bump=version.bump,
    )
    return f": {counts}"


def _other(one: Declaration, words: Words) -> str:
    return words("{signal} says `{version}`", signal=_signal(one, words), version=one.version)


def _with_changes(told: str, version: NextVersion, words: Words) -> str:
    """With what the changes alone would come to, where that differs."""
    if version.computed in {None, version.bump}:
        return told
    alone = words("the changes alone ask for a {bump} bump", bump=version.computed)
    return f"{told}; {alone}"


def _signals(version: NextVersion, words: Words) -> str:
    highest = max(signal.bump.rank for signal in version.signals)
    decisive = [signal for signal in version.signals if signal.bump.rank == highest]
    others = [signal for signal in version.signals if signal.bump.rank < highest]
    rows = [
        (source_of(signal.source, words), signal.bump, said(words, signal.because)) for signal in (*decisive, *others)
    ]
    text = table((words("signal"), words("says"), words("because")), rows)
    if len(rows) <= 3:  # noqa: PLR2004
        return text
    why = words.many("why: {number} signal, the highest wins", "why: {number} signals, the highest wins", len(rows))
    return folded(why, text)
