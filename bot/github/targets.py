"""What a delivery asks us to look at, as values with a stable text key for the store."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository as one installation sees it."""

    installation: int
    name: str
    """`owner/name`, as GitHub spells it."""

    @property
    def owner(self) -> str:
        """The account that the repository belongs to."""
        return self.name.partition("/")[0]

    @property
    def key(self) -> str:
        """`INSTALLATION:OWNER/NAME`."""
        return f"{self.installation}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """One pull request: the unit of a pass."""

    repository: Repository
    number: int

    @property
    def key(self) -> str:
        """`pull:INSTALLATION:OWNER/NAME:NUMBER`, the primary key of a look."""
        return f"pull:{self.repository.installation}:{self.repository.name}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Every open pull request whose head is this commit (deliveries about forks name no pull request)."""

    repository: Repository
    sha: str

    @property
    def key(self) -> str:
        """`head:INSTALLATION:OWNER/NAME:SHA`."""
        return f"head:{self.repository.installation}:{self.repository.name}:{self.sha}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Every open pull request into this branch."""

    repository: Repository
    branch: str
    """Empty: into any branch."""

    @property
    def key(self) -> str:
        """`base:INSTALLATION:OWNER/NAME:BRANCH`; a branch name may hold slashes, never a colon."""
        return f"base:{self.repository.installation}:{self.repository.name}:{self.branch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeGroup:
    """A merge group: its check run goes to the group's own commit."""

    repository: Repository
    base: str
    sha: str
    number: int | None = None
    """The pull request that the group's ref names, if it names one."""

    @property
    def key(self) -> str:
        """`group:INSTALLATION:OWNER/NAME:BASE:SHA:NUMBER`; the number is empty when it is not known."""
        place = f"{self.repository.installation}:{self.repository.name}"
        return f"group:{place}:{self.base}:{self.sha}:{self.number or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """The head of a base branch itself: once it shows our check, so that the check can be required."""

    repository: Repository
    branch: str

    @property
    def key(self) -> str:
        """`tip:INSTALLATION:OWNER/NAME:BRANCH`."""
        return f"tip:{self.repository.installation}:{self.repository.name}:{self.branch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Every repository of the installation whose rules come from this one, or extend a file in it."""

    repository: Repository

    @property
    def key(self) -> str:
        """`source:INSTALLATION:OWNER/NAME`."""
        return f"source:{self.repository.installation}:{self.repository.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Those open pull requests of a repository of which something may have been missed."""

    repository: Repository

    @property
    def key(self) -> str:
        """`sweep:INSTALLATION:OWNER/NAME`."""
        return f"sweep:{self.repository.installation}:{self.repository.name}"


Target = PullRequest | Head | Base | MergeGroup | Tip | Source | Sweep


def parse_key(key: str) -> Target:
    """The inverse of `.key`; a key that we never wrote raises `ValueError`."""
    match key.split(":"):
        case ["pull", installation, name, number]:
            return PullRequest(repository=_repository(installation, name), number=int(number))
        case ["head", installation, name, sha]:
            return Head(repository=_repository(installation, name), sha=sha)
        case ["base", installation, name, branch]:
            return Base(repository=_repository(installation, name), branch=branch)
        case ["tip", installation, name, branch]:
            return Tip(repository=_repository(installation, name), branch=branch)
        case ["source", installation, name]:
            return Source(repository=_repository(installation, name))
        case ["sweep", installation, name]:
            return Sweep(repository=_repository(installation, name))
        case ["group", installation, name, base, sha, number]:
            named = int(number) if number else None
            return MergeGroup(repository=_repository(installation, name), base=base, sha=sha, number=named)
        case _:
            raise ValueError(f"not the key of a target: {key!r}")


def parse_repository(key: str) -> Repository:
    """The inverse of `Repository.key`."""
    installation, _, name = key.partition(":")
    return _repository(installation, name)


def _repository(installation: str, name: str) -> Repository:
    return Repository(installation=int(installation), name=name)
