"""Rules and what stands at the head → the name of the check run."""

from bot.gate.published import Published
from bot.gate.rules import BrokenRules, Rules

FIXED = "release-gate"
"""The one name for all bases, with `check: {fixed: true}`."""


def name_of(base_ref: str, *, is_fixed: bool = False) -> str:
    """The check run's name: a run belongs to a commit, so without the base one base's verdict would pass another."""
    return FIXED if is_fixed else f"{FIXED}: {base_ref}"


def gives_fixed_name(rules: Rules | BrokenRules, published: Published) -> bool:
    """Whether the name is the fixed one; when the rules can't tell, whether a run of it stands, to be shut."""
    return rules.is_fixed or (isinstance(rules, BrokenRules) and shows_fixed(published))


def shows_fixed(published: Published) -> bool:
    """Whether a run of the fixed name stands at the head."""
    return any(run.name == FIXED for run in published.runs)
