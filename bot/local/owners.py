"""A CODEOWNERS file into roles: whoever owns the same paths signs together."""

from dataclasses import dataclass, replace

from bot.gate.code_owners import parse
from bot.gate.patterns import BadPatternError, paths_match, regex
from bot.rules.values import WILDCARD_LIMIT

MOST_ROLES = 8
_PATTERN = regex(r"^[A-Za-z0-9_@.,+/*? -]{1,150}$")
_EVERYTHING = frozenset({"*", "**", "/**", "/*"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who owns the same paths, as a role."""

    role: str
    teams: tuple[str, ...]
    users: tuple[str, ...]
    paths: tuple[str, ...]
    """Empty for who owns everything else."""

    @property
    def may_sign_anothers_work(self) -> bool:
        """A single person may be the author, who can't sign."""
        return bool(self.teams) or len(self.users) > 1


def owners(text: str) -> tuple[Owner, ...]:
    """Those of everything else first; addresses by e-mail and paths that no rules file takes are left out."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...], bool], Owner] = {}
    for line in parse(text).lines:
        teams, users, pattern = line.owners.teams, line.owners.users, line.pattern.replace("\\ ", "?")
        if not (teams or users) or not _is_usable(pattern):
            continue
        everything = pattern in _EVERYTHING
        key = (teams, users, everything)
        known = found.get(key) or Owner(role="", teams=teams, users=users, paths=())
        paths = () if everything else tuple(dict.fromkeys((*known.paths, pattern)))
        found[key] = replace(known, paths=paths)
    of_all = [owner for (*_, everything), owner in found.items() if everything][-1:]  # the last one counts
    others = [owner for (*_, everything), owner in found.items() if not everything]
    return _with_roles((*of_all, *others)[:MOST_ROLES])


def _is_usable(pattern: str) -> bool:
    try:
        is_short = len(regex(r"\*\*|[*?]").findall(pattern)) <= WILDCARD_LIMIT
        return is_short and bool(_PATTERN.search(pattern)) and not paths_match((pattern,), ())
    except BadPatternError:
        return False


def _with_roles(found: tuple[Owner, ...]) -> tuple[Owner, ...]:
    named: dict[str, Owner] = {}
    for owner in found:
        wanted = _id(owner)
        role = next(id for id in (wanted, *(f"{wanted[:46]}-{n}" for n in range(2, 99))) if id not in named)
        named[role] = replace(owner, role=role)
    return tuple(named.values())


def _id(owner: Owner) -> str:
    """The team's own name; of several, or of people, one by what they own."""
    if not owner.paths:
        word = "owners"
    elif len(owner.teams) == 1 and not owner.users:
        word = owner.teams[0].partition("/")[2]
    else:
        word = "-".join(("owners", *regex(r"[A-Za-z0-9]+").findall(owner.paths[0])[:2]))
    letters = regex(r"[^a-z0-9-]+").sub("-", word.lower()).strip("-")
    return (letters if letters[:1].isalpha() else f"team-{letters}")[:50].strip("-")
