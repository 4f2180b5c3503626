"""What people declared as the next version → what of it counts, the deciding declaration first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from semver import Version

from bot.gate.stated import Weight
from bot.gate.version_numbers import Bump, grown, reaches, step


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A version that somebody wrote down as the next one, and where."""

    source: str
    version: Version
    because: str
    weight: Weight = Weight.ASKED
    is_breaking: bool = False
    """It stands in a commit that breaks something: such a one only declares what is large enough."""


_STRENGTH = ("command", "file")
"""Who decides first; what release commits and titles say comes after."""


def counting(
    declarations: Iterable[Declaration], current: Version, *, asked: Bump, computed: Bump
) -> tuple[Declaration, ...]:
    """Those that count, by their source, then the highest version first.

    `asked` is what the changes ask for, `computed` what that comes to before 1.0.0. A release commit has to come right
    after what was released. A guess counts while no release commit speaks, and where nothing else fits.
    """
    said = list(declarations)
    set_down = [one for one in said if one.source in _STRENGTH]
    written = [one for one in said if one.source not in _STRENGTH]
    firm = [one for one in written if not one.is_breaking]
    sure = [one for one in firm if one.weight is Weight.ASKED]
    sure += _in_succession((one for one in firm if one.weight is Weight.STATED), current)
    chosen = _final(sure) or _guessed([one for one in firm if one.weight is Weight.GUESSED], current, asked)
    highest = max((one.version for one in chosen), default=current)
    # One more breaking change never lowers the bump, so it declares only what is more than all others do.
    loud = [
        one
        for one in written
        if one.is_breaking
        and one.version > highest
        and _is_next(one, current)
        and reaches(one.version, current, computed)
    ]
    order = {source: rank for rank, source in enumerate(reversed(_STRENGTH), start=1)}
    return tuple(
        sorted(
            (*set_down, *chosen, *loud),
            key=lambda one: (order.get(one.source, 0), one.version, one.because),
            reverse=True,
        )
    )


def _final(said: Sequence[Declaration]) -> list[Declaration]:
    """A release outranks what leads to another one."""
    return [one for one in said if not one.version.prerelease] or list(said)


def _in_succession(said: Iterable[Declaration], current: Version) -> Iterator[Declaration]:
    """Those that come right after the current version, or after one that does and was never tagged.

    What leaps belongs to another package. Patches may be left out: some that were begun were never released.
    """
    lines, majors = {(current.major, current.minor)}, {current.major}
    for one in sorted(said, key=lambda one: one.version):
        version = one.version
        is_minor = version.patch == 0 and (version.major, version.minor - 1) in lines
        is_major = version.patch == version.minor == 0 and version.major - 1 in majors
        if is_minor or is_major or (version.major, version.minor) in lines:
            lines.add((version.major, version.minor))
            majors.add(version.major)
            yield one


def _is_next(one: Declaration, current: Version) -> bool:
    """Whether it comes right after the current version, or leads to what does."""
    nexts = {grown(current, bump) for bump in Bump}
    return one.version > current and one.version.finalize_version() in nexts


def _guessed(said: Sequence[Declaration], current: Version, asked: Bump) -> list[Declaration]:
    """Those that fit, where all that fit agree. A minor has to be asked for where others fit not, a major always."""
    fitting = _final([one for one in said if _is_next(one, current)])
    if len({one.version for one in fitting}) != 1:
        return []
    version = fitting[0].version
    is_alone = all(one.version.finalize_version() == version.finalize_version() for one in said)
    enough = max(asked, Bump.MINOR if is_alone else Bump.PATCH, key=lambda bump: bump.rank)
    return fitting if step(current, version).rank <= enough.rank else []
