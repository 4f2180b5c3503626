"""Reads the sections of the rules file that are not the checklist: `check`, `release`, `semver`, `roles`."""

from collections.abc import Mapping
from typing import Any

from bot.gate.release import When
from bot.gate.version import Bump, Semver, Zero
from bot.rules import values
from bot.rules.locking import LOCKED
from bot.rules.spot import Reader, Spot, many, options

ID = r"^[a-z][a-z0-9-]{0,49}$"


def when(spot: Spot) -> When | None:
    """Which pull requests are releases: all that is given must hold, and one of `any` if there are any."""
    read = options(spot, WHEN)
    if read is None:
        return None
    read.pop(LOCKED, None)
    return When(**read)


def alternative(spot: Spot) -> When | None:
    """Conditions on a pull request."""
    read = options(spot, CONDITIONS)
    return When(**read) if read is not None else None


CONDITIONS: Mapping[str, Reader[Any]] = {
    "base": many(values.branch_glob),
    "head": many(values.branch_glob),
    "labels": many(values.line),
    "title": values.pattern,
    "paths": many(values.path_glob),
}
WHEN: Mapping[str, Reader[Any]] = {**CONDITIONS, "any": many(alternative), LOCKED: values.flag}


RELEASE: Mapping[str, Reader[Any]] = {"when": when}


def release(spot: Spot) -> When | None:
    """Which pull requests are releases."""
    read = options(spot, RELEASE)
    return read["when"] if read is not None else None


def check(spot: Spot) -> bool | None:
    """The check run."""
    read = options(spot, CHECK, required=("fixed",))
    return read["fixed"] if read is not None else None


def fixed(spot: Spot) -> bool | None:
    """Whether the check run has one name for all bases, which are then judged by the default branch's rules."""
    value = values.flag(spot)
    if value and not spot.context.is_default:
        spot.fault("`fixed: true` holds in the rules of the default branch only; remove it here", at_key=True)
        return None
    return value


CHECK: Mapping[str, Reader[Any]] = {"fixed": fixed}


def semver(spot: Spot) -> Semver | None:
    """How the version is told."""
    read = options(spot, SEMVER)
    return Semver(**read) if read is not None else None


def bump_labels(spot: Spot) -> Mapping[Bump, tuple[str, ...]] | None:
    """Labels by the bump that they ask for."""
    read = options(spot, BUMP_LABELS)
    return {Bump(bump): labels for bump, labels in read.items()} if read is not None else None


BUMP_LABELS: Mapping[str, Reader[Any]] = {str(bump): many(values.line) for bump in Bump}
SEMVER: Mapping[str, Reader[Any]] = {
    "tag": values.tag,
    "files": many(values.file_path, may_be_empty=True),
    "initial": values.version,
    "zero": values.OneOf(Zero),
    "squash": values.flag,
    "changelog": values.file_path,
    "labels": bump_labels,
    "override_by": many(values.role_id),
}
