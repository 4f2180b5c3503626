"""A look → what it is about, and what every line of the log says of it."""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from bot.github.targets import Base, Head, MergeGroup, PullRequest, Source, Sweep, Target, Tip, parse_key
from bot.metrics import Of
from bot.store.looks import Look

_OF: Final[Mapping[str, Of]] = {
    "pull": Of.CANDIDATE,
    "group": Of.CANDIDATE,
    "tip": Of.CANDIDATE,
    "head": Of.RESOLUTION,
    "base": Of.RESOLUTION,
    "source": Of.RESOLUTION,
    "sweep": Of.SWEEP,
}
"""By the first word of a key; whatever else stands there is a chore."""


def context_of(look: Look) -> dict[str, Any]:
    """What every line of a pass carries; a key that we never wrote is shown as it is."""
    target = target_of(look)
    if target is None:
        return {"target": look.target}
    context = {"installation_id": target.repository.installation, "repository": target.repository.name}
    match target:
        case PullRequest(number=number):
            return {**context, "number": number}
        case Head(sha=sha) | MergeGroup(sha=sha):
            return {**context, "head_sha": sha}
        case Base(branch=branch) | Tip(branch=branch):
            return {**context, "base_ref": branch}
        case Source() | Sweep():
            return context
        case never:
            assert_never(never)


def kind_of(key: str) -> Of:
    """What a pass over the look of that key counts as."""
    return _OF.get(key.partition(":")[0], Of.CHORE)


def target_of(look: Look) -> Target | None:
    """What it is about; None for a chore, and for a key that we never wrote."""
    try:
        return parse_key(look.target)
    except ValueError:
        return None
