"""A delivery (event name and payload) → which targets need a look, and what the look must not be older than.

With each target stands what the delivery is about, so that one that no rules heed can be left alone.

Payloads are never applied, for they come late, twice and out of order. A payload of a shape that GitHub does not
document yields nothing and raises nothing. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from bot.gate.code_owners import PATHS
from bot.gate.mask import Topic
from bot.gate.rules import RULES_FILES
from bot.github import topics
from bot.github.payload import inside
from bot.github.targets import Base, Head, MergeGroup, PullRequest, Repository, Source, Target, Tip
from bot.report.marker import MARKER
from bot.store.wishes import Watermark

"""Where a repository keeps its rules; a push that touches them changes the gate of every pull request into it."""

DESTROYED: Final[Watermark] = {"destroyed": {}}
"""The watermark of a merge group that is no more: nobody waits for a verdict on it."""

_DECIDING: Final = frozenset({*RULES_FILES, *PATHS})
"""Files of the base that a verdict may rest on."""

_ADDED: Final = ("installation_repositories", "added")
"""Comes unasked, and lists repositories of which we heard nothing so far."""

_MOST_COMMITS: Final = 2048  # of a push payload; the list says nothing of those beyond
_BRANCH: Final = "refs/heads/"
_TAG: Final = "refs/tags/"
_QUEUE: Final = "refs/heads/gh-readonly-queue/"
_QUEUED: Final = re.compile(r"pr-([1-9][0-9]{0,9})-[0-9a-f]{40,64}", re.ASCII)
_NAME: Final = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# https://git-scm.com/docs/git-check-ref-format
_REF: Final = re.compile(r"[^\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A delivery asks to look at this target: at once when `is_urgent`, else after the settle time."""

    target: Target
    is_urgent: bool = False
    watermark: Watermark | None = None
    """Of a check run or status: a snapshot older than this must be read again by REST. Of a comment or review that
    was changed: what is kept of them must be read again.

    `{"check_run:ID:STATUS": {"id", "name", "status", "at"}}`, `{"status:ID": {"id", "context", "state", "at"}}` or
    `{"remark:KIND-ID": {"id", "action", "body", "at"}}` with the body's digest, `at` as GitHub wrote it, or empty.
    """
    topics: tuple[Topic, ...] = ()
    """What it is about; nothing in particular: it matters whatever the rules are."""
    is_bulk: bool = False
    """One of perhaps thousands, for which nobody waits."""


def concerning(event: str, payload: Mapping[str, Any], *, app_id: int) -> tuple[Concern, ...]:
    """What this delivery asks us to look at; nothing for events that cannot matter and for our App's own.

    `event` is the header `X-GitHub-Event`, `app_id` our App's id.
    """
    if (event, payload.get("action")) == _ADDED:
        return tuple(_arrived(payload, payload.get("repositories_added")))
    repository = _repository(payload, payload.get("repository"))
    if repository is None:
        return ()
    concerns = tuple(_of_event(event, payload, repository, app_id))
    return tuple(one for at, one in enumerate(concerns) if one not in concerns[:at])


def _of_event(  # noqa: C901, PLR0912, PLR0915  one table, read from top to bottom
    event: str, payload: Mapping[str, Any], repository: Repository, app_id: int
) -> Iterator[Concern]:
    match event, payload.get("action"):
        case "pull_request", "opened" | "reopened":
            yield from _pull_request(repository, payload, "pull_request", is_urgent=True)
        case "pull_request", "edited":
            # A retargeted pull request is judged by other rules from now on.
            retargeted = inside(payload, "changes", "base") is not None
            about = topics.of_edit(payload)
            yield from _pull_request(repository, payload, "pull_request", is_urgent=retargeted, about=about)
            if retargeted:
                yield from _head(repository, inside(payload, "pull_request", "head", "sha"))
        case "pull_request", "closed":
            # That it was merged is kept. Another one may have shared its head and base, and with them our check run.
            yield from _pull_request(repository, payload, "pull_request")
            yield from _head(repository, inside(payload, "pull_request", "head", "sha"))
        case "pull_request", "synchronize":
            yield from _pull_request(repository, payload, "pull_request")
            yield from _head(repository, payload.get("before"))
        case "pull_request", "labeled" | "unlabeled":
            yield from _pull_request(repository, payload, "pull_request", about=topics.of_label(payload))
        case "pull_request", "ready_for_review" | "converted_to_draft":
            yield from _pull_request(repository, payload, "pull_request")
        case "pull_request_review", ("submitted" | "edited" | "dismissed") as action:
            mark = None if action == "submitted" else _remark_mark("review", payload)
            about = topics.of_review(payload)
            yield from _pull_request(repository, payload, "pull_request", watermark=mark, about=about)
        case "issue_comment", ("created" | "edited" | "deleted") as action:
            if isinstance(inside(payload, "issue", "pull_request"), Mapping) and not _is_ours(payload, app_id):
                mark = None if action == "created" else _remark_mark("comment", payload)
                about = topics.of_remark("comment", payload)
                yield from _pull_request(repository, payload, "issue", watermark=mark, about=about)
        case ("check_run", "rerequested" | "requested_action") | ("check_suite", "rerequested"):
            yield from _checked(repository, payload, event, is_urgent=True)
        case "check_run", "created" | "completed":
            if inside(payload, "check_run", "app", "id") != app_id:
                mark, about = _check_run_mark(payload), topics.of_check_run(payload)
                yield from _checked(repository, payload, event, watermark=mark, about=about)
        case "check_suite", "completed":
            if inside(payload, "check_suite", "app", "id") != app_id:
                yield from _checked(repository, payload, event, about=topics.of_check_suite(payload))
        case "workflow_run", "requested" | "in_progress" | "completed":
            yield from _checked(repository, payload, event, about=topics.of_workflow_run(payload))
        case "status", _:
            mark, about = _status_mark(payload), topics.of_status(payload)
            yield from _head(repository, payload.get("sha"), watermark=mark, about=about)
        case "deployment_status", _:
            yield from _head(repository, inside(payload, "deployment", "sha"), about=topics.of_deployment(payload))
        case "merge_group", "checks_requested":
            yield from _merge_group(repository, payload)
        case "merge_group", "destroyed":
            yield from _merge_group(repository, payload, watermark=DESTROYED)
        case "push", _:
            yield from _pushed(repository, payload)
        case "repository", "renamed" | "transferred":
            # What was known of it goes by its former name, and will be found gone.
            yield Concern(target=Base(repository=repository, branch=""))
        case (("create" | "delete"), _) if payload.get("ref_type") == "tag":
            # The current version is read from the tags, and with it what each pull request would make.
            yield from _base(repository, inside(payload, "repository", "default_branch"), about=topics.TAGGED)


def _arrived(payload: Mapping[str, Any], listed: object) -> Iterator[Concern]:
    """Pull requests were opened, judged and perhaps found ready before the App was there, or there again."""
    found = [_repository(payload, one) for one in (listed if isinstance(listed, list) else [])]
    for repository in dict.fromkeys(found):
        if repository is not None:
            yield Concern(target=Base(repository=repository, branch=""), is_bulk=True)


def _pull_request(
    repository: Repository,
    payload: Mapping[str, Any],
    under: str,
    *,
    is_urgent: bool = False,
    watermark: Watermark | None = None,
    about: tuple[Topic, ...] = (),
) -> Iterator[Concern]:
    number = inside(payload, under, "number")
    if _is_id(number):
        target = PullRequest(repository=repository, number=number)
        yield Concern(target=target, is_urgent=is_urgent, watermark=watermark, topics=about)


def _head(
    repository: Repository, sha: object, *, watermark: Watermark | None = None, about: tuple[Topic, ...] = ()
) -> Iterator[Concern]:
    if isinstance(sha, str) and _SHA.fullmatch(sha):
        yield Concern(target=Head(repository=repository, sha=sha), watermark=watermark, topics=about)


def _base(repository: Repository, branch: object, *, about: tuple[Topic, ...] = ()) -> Iterator[Concern]:
    if isinstance(branch, str) and _REF.fullmatch(branch):
        yield Concern(target=Base(repository=repository, branch=branch), topics=about)


def _checked(
    repository: Repository,
    payload: Mapping[str, Any],
    under: str,
    *,
    is_urgent: bool = False,
    watermark: Watermark | None = None,
    about: tuple[Topic, ...] = (),
) -> Iterator[Concern]:
    """The pull requests that GitHub lists, else its commit: deliveries about forks list none, or another's."""
    numbers = list(_numbers_here(inside(payload, under, "pull_requests"), inside(payload, "repository", "id")))
    for number in numbers:
        target = PullRequest(repository=repository, number=number)
        yield Concern(target=target, is_urgent=is_urgent, watermark=watermark, topics=about)
    sha = inside(payload, under, "head_sha")
    if not numbers and isinstance(sha, str) and _SHA.fullmatch(sha):
        head = Head(repository=repository, sha=sha)
        yield Concern(target=head, is_urgent=is_urgent, watermark=watermark, topics=about)


def _numbers_here(pull_requests: object, repository_id: object) -> Iterator[int]:
    """A payload may list pull requests of other repositories that share the commit; only the base's own count."""
    for pull_request in pull_requests if isinstance(pull_requests, list) else []:
        number = inside(pull_request, "number")
        if _is_id(number) and _is_id(repository_id) and inside(pull_request, "base", "repo", "id") == repository_id:
            yield number


def _merge_group(
    repository: Repository, payload: Mapping[str, Any], *, watermark: Watermark | None = None
) -> Iterator[Concern]:
    base, sha = inside(payload, "merge_group", "base_ref"), inside(payload, "merge_group", "head_sha")
    if not (isinstance(base, str) and isinstance(sha, str) and _SHA.fullmatch(sha)):
        return
    branch = base.removeprefix(_BRANCH)
    if _REF.fullmatch(branch):
        number = _queued_number(branch, _text(inside(payload, "merge_group", "head_ref")))
        group = MergeGroup(repository=repository, base=branch, sha=sha, number=number)
        yield Concern(target=group, is_urgent=True, watermark=watermark)


def _queued_number(branch: str, ref: str) -> int | None:
    """The pull request in `refs/heads/gh-readonly-queue/BASE/pr-NUMBER-SHA`; the base may hold slashes."""
    named = _QUEUED.fullmatch(ref.removeprefix(f"{_QUEUE}{branch}/"))
    return int(named[1]) if named else None


def _pushed(repository: Repository, payload: Mapping[str, Any]) -> Iterator[Concern]:
    """A branch that just came into being is nobody's base yet, and one that is gone closed its pull requests."""
    ref = payload.get("ref")
    if not isinstance(ref, str) or payload.get("deleted") is True:
        return
    if ref.startswith(_BRANCH) and payload.get("created") is not True:
        yield from _pushed_branch(repository, payload, ref.removeprefix(_BRANCH))
    elif ref.startswith(_TAG):
        # Rules elsewhere may extend what the tag names: `extends: owner/repo@v1`.
        yield Concern(target=Source(repository=repository))


def _pushed_branch(repository: Repository, payload: Mapping[str, Any], branch: str) -> Iterator[Concern]:
    if _may_touch(payload, _DECIDING.__contains__):
        # The default branch's rules may hold for every base: `check: {fixed: true}`.
        is_default = branch == inside(payload, "repository", "default_branch")
        yield from [Concern(target=Base(repository=repository, branch=""))] if is_default else _base(repository, branch)
    if _adds_rules(payload):
        yield from _tip(repository, branch)
    if _may_touch(payload, _may_be_extended):
        yield Concern(target=Source(repository=repository))


def _tip(repository: Repository, branch: str) -> Iterator[Concern]:
    if _REF.fullmatch(branch):
        yield Concern(target=Tip(repository=repository, branch=branch))


def _adds_rules(payload: Mapping[str, Any]) -> bool:
    """As far as the payload tells: a run too few only means that the check is offered after the first pull request."""
    commits = payload.get("commits")
    added = [inside(commit, "added") for commit in (commits if isinstance(commits, list) else [])]
    return any(path in RULES_FILES for paths in added if isinstance(paths, list) for path in map(_text, paths))


def _may_be_extended(path: str) -> bool:
    """Rules elsewhere may extend a file of any name; one of another kind is seen when its text is read afresh."""
    return path.endswith((".yml", ".yaml"))


def _may_touch(payload: Mapping[str, Any], concerns: Callable[[str], bool]) -> bool:
    commits = payload.get("commits")
    if not isinstance(commits, list) or len(commits) >= _MOST_COMMITS or payload.get("forced") is True:
        return True
    if not commits:
        return payload.get("before") != payload.get("after")
    return any(concerns(path) for commit in commits for path in _paths(commit))


def _paths(commit: object) -> Iterable[str]:
    for change in ("added", "removed", "modified"):
        paths = inside(commit, change)
        yield from (path for path in (paths if isinstance(paths, list) else []) if isinstance(path, str))


def _is_ours(payload: Mapping[str, Any], app_id: int) -> bool:
    """Our own comment, written by us. Edited or deleted by a person it concerns us: we put it right again."""
    comment = payload.get("comment")
    if inside(comment, "performed_via_github_app", "id") == app_id:
        return bool(inside(payload, "sender", "type") != "User")
    # GitHub does not always name the App; nobody else keeps comments with our mark up to date.
    author = inside(comment, "user", "id")
    is_marked = inside(comment, "user", "type") == "Bot" and MARKER in str(inside(comment, "body"))
    return is_marked and _is_id(author) and author == inside(payload, "sender", "id")


def _check_run_mark(payload: Mapping[str, Any]) -> Watermark | None:
    number, status = inside(payload, "check_run", "id"), inside(payload, "check_run", "status")
    if not _is_id(number) or not isinstance(status, str):
        return None
    at = inside(payload, "check_run", "completed_at") or inside(payload, "check_run", "started_at")
    name = _text(inside(payload, "check_run", "name"))
    return {f"check_run:{number}:{_text(status)}": _mark(number, at, name=name, status=_text(status))}


def _status_mark(payload: Mapping[str, Any]) -> Watermark | None:
    number = payload.get("id")
    if not _is_id(number):
        return None
    at = payload.get("updated_at") or payload.get("created_at")
    context, state = _text(payload.get("context")), _text(payload.get("state"))
    return {f"status:{number}": _mark(number, at, context=context, state=state)}


def _remark_mark(under: str, payload: Mapping[str, Any]) -> Watermark | None:
    """Of a change that nothing else shows; it differs from the one before, so that none is taken for that."""
    number = inside(payload, under, "id")
    if not _is_id(number):
        return None
    body = hashlib.blake2b(str(inside(payload, under, "body")).encode(errors="replace"), digest_size=8).hexdigest()
    what = {"action": _text(payload.get("action")), "body": body}
    return {f"remark:{under}-{number}": _mark(number, inside(payload, under, "updated_at"), **what)}


def _mark(number: int, at: object, **texts: str) -> Mapping[str, str | int]:
    return {"id": number, **texts, "at": _text(at)}


def _repository(payload: Mapping[str, Any], described: object) -> Repository | None:
    installation, name = inside(payload, "installation", "id"), inside(described, "full_name")
    if not _is_id(installation) or not isinstance(name, str) or not _NAME.fullmatch(name):
        return None
    return Repository(installation=installation, name=name)


def _is_id(value: object) -> TypeGuard[int]:
    """GitHub's ids and numbers are positive; 63 bits is what a database holds. `True` is no number."""
    return type(value) is int and 0 < value < 1 << 63


def _text(value: object) -> str:
    """A text that every database takes, cut to a sane length; empty for anything else."""
    return value[:255].replace("\x00", "") if isinstance(value, str) else ""
