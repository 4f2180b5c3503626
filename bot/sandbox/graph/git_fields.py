"""Repositories and git objects: the fields that are not simply an attribute of the model."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.model.accounts import Account
from bot.sandbox.model.git import Commit, FileChange, Label, Repository, blob_oid, commits_between, digest, merge_base
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.render.commits import tree_oid
from bot.sandbox.render.repositories import html_url
from bot.sandbox.world import Refused, not_found

from .resolve import Context, Handler, world_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """A branch or tag."""

    typename: ClassVar[str] = "Ref"
    repository: Repository
    qualified: str

    @property
    def id(self) -> str:
        """Derived, for refs are not things of their own."""
        return f"REF_{digest(self.repository.id, self.qualified)}"

    @property
    def name(self) -> str:
        """Without `refs/heads/` or `refs/tags/`."""
        return self.qualified.split("/", 2)[2]

    @property
    def prefix(self) -> str:
        """`refs/heads/` or `refs/tags/`."""
        return self.qualified.removesuffix(self.name)

    @property
    def target(self) -> Commit:
        """The commit."""
        return self.repository.commits[self.repository.refs[self.qualified]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """A file's contents; GitHub cuts texts at 512,000 bytes."""

    typename: ClassVar[str] = "Blob"
    repository: Repository
    text: str
    is_binary: bool = False
    is_truncated: bool = False

    @property
    def oid(self) -> str:
        """As git counts it."""
        return blob_oid(self.text)

    @property
    def id(self) -> str:
        """Derived from the contents."""
        return f"B_{self.oid}"

    @property
    def byte_size(self) -> int:
        """Bytes of UTF-8."""
        return len(self.text.encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """A directory of a commit; `path` is empty for the root."""

    typename: ClassVar[str] = "Tree"
    commit: Commit
    path: str = ""

    @property
    def oid(self) -> str:
        """Derived from the commit and the path."""
        return digest(tree_oid(self.commit), self.path)

    @property
    def id(self) -> str:
        """Derived as well."""
        return f"T_{self.oid}"

    @property
    def repository(self) -> Repository:
        """The commit's."""
        return self.commit.repository


def qualified(repository: Repository, name: str) -> Ref | None:
    """A ref by short or qualified name."""
    for full in (name, f"refs/heads/{name}", f"refs/tags/{name}"):
        if full in repository.refs:
            return Ref(repository=repository, qualified=full)
    return None


def entry(commit: Commit, path: str) -> dict[str, Any] | None:
    """A `TreeEntry`, None where nothing is."""
    path = path.strip("/")
    text = commit.tree.get(path)
    below = any(one.startswith(f"{path}/") for one in commit.tree)
    if text is None and not below:
        return None
    thing = Tree(commit=commit, path=path) if text is None else Blob(repository=commit.repository, text=text)
    return {
        "typename": "TreeEntry",
        "name": path.rpartition("/")[2],
        "path": path,
        "mode": 0o40000 if text is None else 0o100644,
        "type": "tree" if text is None else "blob",
        "size": 0 if text is None else len(text.encode()),
        "oid": thing.oid,
        "object": thing,
        "repository": commit.repository,
        "extension": None if "." not in path else "." + path.rpartition(".")[2],
    }


def _entries(tree: Tree, _: Context) -> list[dict[str, Any] | None]:
    start = f"{tree.path}/" if tree.path else ""
    inside = (path.removeprefix(start) for path in tree.commit.tree if path.startswith(start))
    names = dict.fromkeys(path.partition("/")[0] for path in inside)
    return [entry(tree.commit, start + name) for name in sorted(names)]


def _object(repository: Repository, _: Context, *, expression: str | None = None, oid: str | None = None) -> object:
    if oid is not None:
        return repository.commits.get(oid)
    revision, colon, path = (expression or "HEAD").partition(":")
    commit = repository.resolve(revision)
    if commit is None or not colon:
        return commit
    found = entry(commit, path) if path else {"object": Tree(commit=commit)}
    return found["object"] if found else None


def _refs(
    repository: Repository,
    _: Context,
    *,
    refPrefix: str,  # noqa: N803 - GitHub's argument
    orderBy: dict[str, str] | None = None,  # noqa: N803
    query: str | None = None,
) -> list[Ref]:
    names = [
        name for name in repository.refs if name.startswith(refPrefix) and (query or "") in name.removeprefix(refPrefix)
    ]
    found = [Ref(repository=repository, qualified=name) for name in names]
    order = orderBy or {"field": "ALPHABETICAL", "direction": "ASC"}
    found.sort(key=lambda ref: ref.name)
    if order["field"] == "TAG_COMMIT_DATE":
        found.sort(key=lambda ref: ref.target.committer.date)
    return found[::-1] if order["direction"] == "DESC" else found


def _pull_request(repository: Repository, context: Context, *, number: int) -> PullRequest:
    for pull in world_of(context).pulls_of(repository):
        if pull.number == number:
            return pull
    raise not_found(f"Could not resolve to a PullRequest with the number of {number}.")


def _pull_requests(
    repository: Repository,
    context: Context,
    *,
    states: list[str] | None = None,
    baseRefName: str | None = None,  # noqa: N803
    headRefName: str | None = None,  # noqa: N803
    labels: list[str] | None = None,
    orderBy: dict[str, str] | None = None,  # noqa: N803
) -> list[PullRequest]:
    def fits(pull: PullRequest) -> bool:
        return (
            pull.state in (states or ("OPEN", "CLOSED", "MERGED"))
            and baseRefName in (None, pull.base_ref_name)
            and headRefName in (None, pull.head_ref_name)
            and (labels is None or any(label.name in labels for label in pull.labels))
        )

    found = [pull for pull in world_of(context).pulls_of(repository) if fits(pull)]
    order = orderBy or {"field": "CREATED_AT", "direction": "ASC"}
    key = {"UPDATED_AT": "updated_at"}.get(order["field"], "created_at")
    found.sort(key=lambda pull: (getattr(pull, key), pull.number))
    return found[::-1] if order["direction"] == "DESC" else found


def _compare(ref: Ref, _: Context, *, headRef: str) -> dict[str, Any] | None:  # noqa: N803
    head = ref.repository.resolve(headRef)
    if head is None:
        return None
    return comparison(ref.target, head)


def comparison(base: Commit, head: Commit) -> dict[str, Any]:
    """A `Comparison`; its status is GraphQL's word."""
    ahead, behind = commits_between(base, head), commits_between(head, base)
    words = {(False, False): "IDENTICAL", (True, False): "AHEAD", (False, True): "BEHIND"}
    return {
        "typename": "Comparison",
        "id": f"CMP_{digest(base.oid, head.oid)}",
        "status": words.get((bool(ahead), bool(behind)), "DIVERGED"),
        "aheadBy": len(ahead),
        "behindBy": len(behind),
        "baseTarget": base,
        "headTarget": head,
        "commits": ahead,
        "mergeBase": merge_base(head, base),
    }


def _labels(
    repository: Repository,
    _: Context,
    *,
    orderBy: dict[str, str] | None = None,  # noqa: N803
    query: str | None = None,
) -> list[Label]:
    if orderBy and orderBy.get("field") not in (None, "CREATED_AT"):
        raise Refused("the sandbox orders labels by creation only")
    return [label for label in repository.labels.values() if (query or "") in label.name]


def _update_rule(ref: Ref, _: Context) -> dict[str, Any] | None:
    required = ref.repository.required_checks.get(ref.name)
    if required is None:
        return None
    return {
        "typename": "RefUpdateRule",
        "requiredStatusCheckContexts": required,
        "requiredApprovingReviewCount": 0,
        "requiresCodeOwnerReviews": False,
    }


def _merge_queue(repository: Repository, context: Context, *, branch: str | None = None) -> dict[str, Any]:
    branch = branch or repository.default_branch
    groups = [
        group
        for group in world_of(context).groups
        if group.pull_request.repository is repository and group.pull_request.base_ref_name == branch
    ]
    url = f"{html_url(world_of(context), repository)}/queue/{branch}"
    return {
        "typename": "MergeQueue",
        "id": f"MQ_{digest(repository.id, branch)}",
        "entries": groups,
        "repository": repository,
        "url": url,
    }


def _collaborators(repository: Repository, context: Context, *, login: str | None = None) -> list[Account]:
    world = world_of(context)
    return [world.accounts[one] for one in repository.collaborators if login in (None, one)]


FIELDS: dict[str, Handler] = {
    "Repository.collaborators": _collaborators,
    "Repository.defaultBranchRef": lambda one, _: qualified(one, one.default_branch),
    "Repository.isFork": lambda one, _: one.parent is not None,
    "Repository.isInOrganization": lambda one, _: one.owner.typename == "Organization",
    "Repository.label": lambda one, _, name: one.labels.get(name),
    "Repository.labels": _labels,
    "Repository.latestRelease": lambda one, _: next(
        (r for r in reversed(one.releases) if not (r.is_draft or r.is_prerelease)), None
    ),
    "Repository.mergeQueue": _merge_queue,
    "Repository.object": _object,
    "Repository.pullRequest": _pull_request,
    "Repository.pullRequests": _pull_requests,
    "Repository.ref": lambda one, _, qualifiedName: qualified(one, qualifiedName),  # noqa: N803
    "Repository.refs": _refs,
    "Repository.release": lambda one, _, tagName: next(  # noqa: N803
        (r for r in one.releases if r.tag_name == tagName), None
    ),
    "Repository.releases": lambda one, _: one.releases,
    "Repository.url": lambda one, context: html_url(world_of(context), one),
    # Documented: null when the one who asks is an App.
    "Repository.viewerPermission": lambda *_: None,
    "Ref.associatedPullRequests": lambda ref, context, **given: _pull_requests(
        ref.repository, context, headRefName=ref.name, **given
    ),
    "Ref.compare": _compare,
    "Ref.refUpdateRule": _update_rule,
    "Commit.abbreviatedOid": lambda one, _: one.oid[:7],
    "Commit.additions": lambda one, context: sum(c.additions for c in _own_changes(one, context)),
    "Commit.associatedPullRequests": lambda one, context, **_: _associated(one, context),
    "Commit.authoredByCommitter": lambda one, _: one.author.user is one.committer.user,
    "Commit.authoredDate": lambda one, _: one.author.date,
    "Commit.changedFilesIfAvailable": lambda one, context: len(_own_changes(one, context)),
    "Commit.committedDate": lambda one, _: one.committer.date,
    "Commit.deletions": lambda one, context: sum(c.deletions for c in _own_changes(one, context)),
    "Commit.file": lambda one, _, path: entry(one, path),
    "Commit.history": lambda one, _: list(one.ancestry()),
    # The sandbox's people don't sign.
    "Commit.signature": lambda *_: None,
    "Commit.tree": lambda one, _: Tree(commit=one),
    "Commit.url": lambda one, context: f"{html_url(world_of(context), one.repository)}/commit/{one.oid}",
    "Tree.entries": _entries,
    "Release.url": lambda one, context: (
        f"{html_url(world_of(context), one.tag_commit.repository)}/releases/tag/{one.tag_name}"
    ),
}


def _own_changes(commit: Commit, context: Context) -> tuple[FileChange, ...]:
    base = commit.parents[0] if commit.parents else None
    return world_of(context).compared(base, commit) if base else ()


def _associated(commit: Commit, context: Context) -> list[PullRequest]:
    pulls = world_of(context).pulls_of(commit.repository)
    return [pull for pull in pulls if commit in commits_between(pull.base, pull.head)]
