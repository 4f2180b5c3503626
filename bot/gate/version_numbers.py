"""Version texts into SemVer, the step from one version to another, and what a step makes of a version."""

from enum import StrEnum

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

_LONGEST = 100
_PYTHON_PHASES = {"a": "alpha", "b": "beta", "rc": "rc"}


class Bump(StrEnum):
    """How much the version grows, <https://semver.org/spec/v2.0.0.html>."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """Larger is more."""
        return _RANKS[self]


_RANKS = {bump: rank for rank, bump in enumerate(Bump)}


def parse_version(text: str) -> Version | None:
    """SemVer 2.0.0, or what Python writes for it (PEP 440), with or without a leading `v`; None for anything else."""
    text = text.strip()
    text = text[1:] if text[:1] in {"v", "V"} else text
    if len(text) > _LONGEST:
        return None
    return Version.parse(text) if Version.is_valid(text) else _python_version(text)


def _python_version(text: str) -> Version | None:
    """`1.2rc1` is SemVer's `1.2.0-rc.1`; a post-release, an epoch or a fourth number has no counterpart."""
    try:
        read = PythonVersion(text)
    except InvalidVersion:
        return None
    if read.epoch or read.post is not None or any(read.release[3:]):
        return None
    phases = [f"{_PYTHON_PHASES[read.pre[0]]}.{read.pre[1]}"] if read.pre else []
    phases += [f"dev.{read.dev}"] if read.dev is not None else []
    return Version(read.major, read.minor, read.micro, ".".join(phases) or None, read.local)


def step(current: Version, following: Version) -> Bump:
    """Which of the three numbers is the first that differs; patch when none does, as between pre-releases."""
    if current.major != following.major:
        return Bump.MAJOR
    return Bump.MINOR if current.minor != following.minor else Bump.PATCH


def grown(current: Version, bump: Bump) -> Version:
    """The next version: `1.3.0-rc.1` becomes 1.3.0 where that is large enough already, as SemVer orders them."""
    return current.next_version(str(bump))


def reaches(version: Version, current: Version, bump: Bump) -> bool:
    """Whether the version is as large as the bump asks for; a pre-release counts as what it leads to."""
    return version.finalize_version() >= grown(current, bump)
