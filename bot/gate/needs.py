"""What rules ask to be known about a pull request, and what a first look at it leaves open."""

from dataclasses import dataclass

from bot.gate.facts import Tag
from bot.gate.mask import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Facts that differ from rule to rule, so that the shell has to be told which to read."""

    files: frozenset[str] = frozenset()
    """Paths to look up at the head."""
    base_files: frozenset[str] = frozenset()
    """Paths to look up at the base."""
    versioned: frozenset[str] = frozenset()
    """Paths to look up at the head once the next version is known, which `{version}` in them stands for."""
    version_files: bool = False
    """The files that `semver` names, at the head."""
    outputs: bool = False
    """What check runs say in title and summary."""
    reviews: bool = False
    """People's reviews."""
    environments: frozenset[str] = frozenset()
    """Environments whose deployments of the head count."""
    changes: bool = False
    """The files that the pull request changes."""
    review_teams: frozenset[str] = frozenset()
    """Teams whose members' reviews count."""
    code_owners: bool = False
    """Who owns the changed files, by the base's CODEOWNERS."""
    roles: frozenset[str] = frozenset()
    """Roles whose sign-off is asked for."""
    attesters: frozenset[str] = frozenset()
    """Roles whose members may attest the item."""
    attested_commits: bool = False
    """How the head differs from the commit that was attested."""
    heeds: Mask = frozenset()
    """What a delivery may be about so that it can change what is judged."""

    def __or__(self, other: "Needs") -> "Needs":
        """Everything that either asks for."""
        return Needs(
            files=self.files | other.files,
            base_files=self.base_files | other.base_files,
            versioned=self.versioned | other.versioned,
            version_files=self.version_files or other.version_files,
            outputs=self.outputs or other.outputs,
            reviews=self.reviews or other.reviews,
            environments=self.environments | other.environments,
            changes=self.changes or other.changes,
            review_teams=self.review_teams | other.review_teams,
            code_owners=self.code_owners or other.code_owners,
            roles=self.roles | other.roles,
            attesters=self.attesters | other.attesters,
            attested_commits=self.attested_commits or other.attested_commits,
            heeds=self.heeds | other.heeds,
        )

    def is_within(self, other: "Needs") -> bool:
        """Whether whoever reads what the other asks for reads all of this as well."""
        return self | other == other


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What a first look at the snapshot leaves open; the answers are immutable or kept for minutes."""

    memberships: frozenset[tuple[str, str]] = frozenset()
    """(team as `org/slug`, login) pairs."""
    comparisons: frozenset[str] = frozenset()
    """Commits that somebody signed, to be compared with the head."""
    own_changes: frozenset[str] = frozenset()
    """Commits of which it must be known what the pull request itself changes there."""
    permissions: frozenset[str] = frozenset()
    """Logins."""
    team_members: frozenset[str] = frozenset()
    """Teams, as `org/slug`."""
    tags: frozenset[Tag] = frozenset()
    """Version tags: are they merged into the base?"""
    tags_of: frozenset[str] = frozenset()
    """Beginnings of tag names: which tags are there, the old ones too?"""
    pushers: bool = False
    """Who pushed the head?"""
    changes: bool = False
    """Which files are changed?"""
    files: frozenset[str] = frozenset()
    """What is there at the head? For what is told by the version, which takes a first look."""

    def __or__(self, other: "Questions") -> "Questions":
        """Everything that either leaves open."""
        return Questions(
            memberships=self.memberships | other.memberships,
            comparisons=self.comparisons | other.comparisons,
            own_changes=self.own_changes | other.own_changes,
            permissions=self.permissions | other.permissions,
            team_members=self.team_members | other.team_members,
            tags=self.tags | other.tags,
            tags_of=self.tags_of | other.tags_of,
            pushers=self.pushers or other.pushers,
            changes=self.changes or other.changes,
            files=self.files | other.files,
        )

    def __bool__(self) -> bool:
        """Whether anything is left open."""
        return self != Questions()
