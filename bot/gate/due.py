"""Which roles have to sign a change: for themselves, for an area that it touches, or for an item that names them."""

from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.patterns import matching
from bot.gate.rules import Role, Rules


def must_sign(rules: Rules, role: Role, candidate: Candidate) -> bool:
    """Whether a role has to sign this change: for itself or for a touched area. Items that name it wait besides."""
    if role.required and (role.when is None or role.when.holds(candidate, rules.areas)):
        return True
    areas = tuple(area for area in rules.areas if role.id in area.roles)
    paths = candidate.changed_paths
    return bool(areas) and (isinstance(paths, Unavailable) or any(matching(area.paths, paths) for area in areas))


def due(rules: Rules, candidate: Candidate) -> tuple[frozenset[str], frozenset[str]]:
    """The roles that have to sign this change, and those that items which block it name."""
    named = (
        item.evidence.needs().roles
        for item in rules.checklist
        if item.blocking and (item.when is None or item.when.holds(candidate, rules.areas))
    )
    must = frozenset(id for id, role in rules.roles.items() if must_sign(rules, role, candidate))
    return must, frozenset[str]().union(*named)
