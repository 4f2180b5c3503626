"""Answers by REST what the first look leaves open: who may what, comparisons, who pushed; and confirms what decided."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from cachetools import LRUCache, TTLCache

from bot.gate.differences import Comparison, OwnChange
from bot.gate.facts import ChangedFile, CheckRun, CommitStatus, Fact, File, Permission, Snapshot, Tag, Unavailable
from bot.gate.markup import code
from bot.gate.needs import Questions
from bot.github import decode_rest
from bot.github.asking import all_of, or_unavailable
from bot.github.client import Client
from bot.github.errors import Unreachable
from bot.github.kept_pages import KeptPages
from bot.github.own_changes import Kept, OwnChanges
from bot.github.tags import tags_of
from bot.github.targets import PullRequest

MEMBERSHIP_SECONDS = 300
TEAM_SECONDS = 3600
TAG_SECONDS = 3600
MANY_MEMBERS = 100


@dataclass(frozen=True, slots=True)
class Caches:
    """Answers that outlive a pass: immutable ones by what they depend on, memberships for minutes."""

    memberships: MutableMapping[Hashable, bool] = field(
        default_factory=lambda: TTLCache(maxsize=50_000, ttl=MEMBERSHIP_SECONDS)
    )
    permissions: MutableMapping[Hashable, Permission] = field(
        default_factory=lambda: TTLCache(maxsize=50_000, ttl=MEMBERSHIP_SECONDS)
    )
    team_members: MutableMapping[Hashable, Fact[frozenset[str]]] = field(
        default_factory=lambda: TTLCache(maxsize=1_000, ttl=TEAM_SECONDS)
    )
    own_changes: Kept = field(default_factory=Kept)
    merged_tags: MutableMapping[Hashable, bool] = field(default_factory=lambda: LRUCache(maxsize=5_000))
    tags_of: MutableMapping[Hashable, tuple[Tag, ...]] = field(
        default_factory=lambda: TTLCache(maxsize=500, ttl=TAG_SECONDS)
    )
    comparisons: MutableMapping[Hashable, Fact[Comparison]] = field(default_factory=lambda: LRUCache(maxsize=5_000))
    changes: MutableMapping[Hashable, Fact[tuple[ChangedFile, ...]]] = field(
        default_factory=lambda: LRUCache(maxsize=500)
    )
    files: MutableMapping[Hashable, File | None] = field(
        default_factory=lambda: TTLCache(maxsize=500, ttl=MEMBERSHIP_SECONDS)
    )
    """For minutes only: right after a push GitHub may not have the commit yet, which looks like a missing file."""
    pushers: MutableMapping[Hashable, Fact[frozenset[str]]] = field(
        default_factory=lambda: TTLCache(maxsize=50_000, ttl=MEMBERSHIP_SECONDS)
    )
    """For minutes only: right after a push GitHub may not have recorded it yet."""
    pages: KeptPages = field(default_factory=KeptPages)
    """Older comments and reviews."""

    def forget(self, installation: int) -> None:
        """What may have changed since it was asked is asked again; what never changes is kept."""
        for cache in (self.memberships, self.permissions, self.team_members, self.tags_of, self.pushers):
            for key in [key for key in cache if isinstance(key, tuple) and key[0] == installation]:
                del cache[key]


@dataclass(frozen=True, slots=True)
class Answers:
    """Asks GitHub about one pull request, and remembers for the next time."""

    client: Client
    caches: Caches
    ref: PullRequest

    async def to(self, questions: Questions, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the questions answered; what GitHub won't tell is answered with `Unavailable`."""
        memberships = await all_of(questions.memberships, self._membership)
        permissions = await all_of(questions.permissions, self._permission)
        teams = await all_of(questions.team_members, self._team_members)
        comparisons = await all_of(questions.comparisons, lambda sha: self._comparison(sha, snapshot.head_sha))
        tags_of = await all_of(questions.tags_of, lambda start: self._tags_of(start, snapshot))
        merged = await all_of(questions.tags, lambda tag: self._is_merged(tag, snapshot.base_sha))
        return replace(
            snapshot,
            memberships={**snapshot.memberships, **memberships},
            permissions={**snapshot.permissions, **permissions},
            team_members={**snapshot.team_members, **teams},
            own_changes=await self._own_changes(questions, snapshot),
            comparisons={**snapshot.comparisons, **comparisons},
            tags_of={**snapshot.tags_of, **tags_of},
            merged_tags={**snapshot.merged_tags, **{tag.name: answer for tag, answer in merged.items()}},
            pushers=await self._pushers(snapshot) if questions.pushers else snapshot.pushers,
            changes=await or_unavailable(self._changes(snapshot)) if questions.changes else snapshot.changes,
            files={**snapshot.files, **await all_of(questions.files, lambda path: self._file(path, snapshot))},
        )

    async def confirm(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with what decides read once more, past GraphQL's lag and our caches."""
        for team, login in snapshot.memberships:
            self.caches.memberships.pop(self._key(team, login), None)
        for login in snapshot.permissions:
            self.caches.permissions.pop(self._key(self.ref.repository.name, login), None)
        # Who was no member minutes ago may be one whose veto counts now.
        memberships = await all_of(snapshot.memberships, self._membership)
        permissions = await all_of(snapshot.permissions, self._permission)
        return replace(await self.checks_afresh(snapshot), memberships=memberships, permissions=permissions)

    async def checks_afresh(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with checks and statuses from REST, which never lags."""
        return replace(
            snapshot,
            checks=await or_unavailable(self._checks(snapshot)),
            statuses=await or_unavailable(self._statuses(snapshot.tested_sha)),
        )

    async def _membership(self, pair: tuple[str, str]) -> bool:
        """Whether a login is an active member of `org/slug`, nested teams included.

        <https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user>
        """
        team, login = pair
        org, _, slug = team.partition("/")
        path = f"/orgs/{quote(org)}/teams/{quote(slug)}/memberships/{quote(login)}"
        key = self._key(team, login)
        if key not in self.caches.memberships:
            found = await self._get(path)
            self.caches.memberships[key] = bool(found) and found["state"] == "active"
        return self.caches.memberships[key]

    async def _permission(self, login: str) -> Fact[Permission]:
        """What somebody may do in the repository; nothing, when GitHub does not know them.

        <https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user>
        """
        key = self._key(self.ref.repository.name, login)
        if key not in self.caches.permissions:
            path = f"/repos/{self.ref.repository.name}/collaborators/{quote(login, safe='')}/permission"
            found = await self._get(path) or {"permission": Permission.NONE}
            if found["permission"] not in set(Permission):
                return Unavailable(f"GitHub knows a permission {code(found['permission'])}, which we don't")
            self.caches.permissions[key] = Permission(found["permission"])
        return self.caches.permissions[key]

    async def _team_members(self, team: str) -> Fact[frozenset[str]]:
        """Everybody in `org/slug` and the teams below it, when they fit on one page.

        <https://docs.github.com/en/rest/teams/members#list-team-members>
        """
        key = self._key(team)
        if key not in self.caches.team_members:
            org, _, slug = team.partition("/")
            path = f"/orgs/{quote(org, safe='')}/teams/{quote(slug, safe='')}/members"
            found = await self._get(path, {"per_page": str(MANY_MEMBERS)})
            if found is None:
                return Unavailable(f"GitHub shows no team {code(team)}")
            is_cut = len(found) >= MANY_MEMBERS
            members = frozenset(member["login"] for member in found)
            self.caches.team_members[key] = Unavailable("it has a hundred members or more") if is_cut else members
        return self.caches.team_members[key]

    async def _own_changes(self, questions: Questions, snapshot: Snapshot) -> Mapping[str, Fact[OwnChange]]:
        """Those known are asked for once more beside new ones, so that all are told in the same way."""
        if not questions.own_changes:
            return snapshot.own_changes
        repository = self.ref.repository
        asked = OwnChanges(
            get=self._get,
            kept=self.caches.own_changes,
            repository=repository.name,
            installation=repository.installation,
        )
        return await asked.at({*snapshot.own_changes, *questions.own_changes}, snapshot.base_sha)

    async def _comparison(self, base: str, head: str) -> Fact[Comparison]:
        """Two commits never change, so neither does how they differ."""
        key = self._key(self.ref.repository.name, base, head)
        if key not in self.caches.comparisons:
            found = await self._get(f"/repos/{self.ref.repository.name}/compare/{base}...{head}")
            if found is None:  # right after a push GitHub may not have it yet
                return decode_rest.comparison(None)
            self.caches.comparisons[key] = decode_rest.comparison(found)
        return self.caches.comparisons[key]

    async def _tags_of(self, start: str, snapshot: Snapshot) -> Fact[tuple[Tag, ...]]:
        """Kept while the newest tags and the number of all stay as they are, an hour at most."""
        key = (*self._key(self.ref.repository.name, start), snapshot.tag_count, snapshot.tags)
        if key in self.caches.tags_of:
            return self.caches.tags_of[key]
        found = await tags_of(self.client, self.ref.repository, start, snapshot)
        if not isinstance(found, Unavailable):
            self.caches.tags_of[key] = found
        return found

    async def _is_merged(self, tag: Tag, base_sha: str) -> Fact[bool]:
        """A tag is merged when the base is ahead of it, or at it."""
        if tag.sha == base_sha:
            return True
        key = self._key(self.ref.repository.name, tag.sha, base_sha)
        if key not in self.caches.merged_tags:
            found = await self._get(f"/repos/{self.ref.repository.name}/compare/{tag.sha}...{base_sha}")
            if found is None:  # no common ancestor, or not there yet: asked again with the next pass
                return False
            self.caches.merged_tags[key] = found["status"] in {"ahead", "identical"}
        return self.caches.merged_tags[key]

    async def _pushers(self, snapshot: Snapshot) -> Fact[frozenset[str]]:
        """Who pushed the head, as GitHub recorded it; where it has no record, whoever the head commit names.

        <https://docs.github.com/en/rest/repos/repos#list-repository-activities>; docs/decisions/0007.
        """
        key = self._key(snapshot.head_repository or "", snapshot.head_sha)
        if key not in self.caches.pushers:
            recorded = await or_unavailable(self._activity(snapshot))
            unknown = isinstance(recorded, Unavailable) or not recorded
            self.caches.pushers[key] = _named_by_head(snapshot) if unknown else recorded
        return self.caches.pushers[key]

    async def _activity(self, snapshot: Snapshot) -> frozenset[str]:
        if snapshot.head_repository is None:
            return frozenset()
        params = {"ref": f"refs/heads/{snapshot.head_ref}", "per_page": "100"}
        found = await self._get(f"/repos/{snapshot.head_repository}/activity", params)
        actors = [entry.get("actor") or {} for entry in found or () if entry["after"] == snapshot.head_sha]
        return frozenset(actor["login"] for actor in actors if "login" in actor)

    async def _changes(self, snapshot: Snapshot) -> Fact[tuple[ChangedFile, ...]]:
        """The files that the pull request changes: REST alone knows what a renamed one was called."""
        key = self._key(self.ref.repository.name, str(self.ref.number), snapshot.base_sha, snapshot.head_sha)
        if key not in self.caches.changes:
            path = f"/repos/{self.ref.repository.name}/pulls/{self.ref.number}"
            pages = [page async for page in self.client.pages(self.ref.repository.installation, f"{path}/files")]
            # The list does not say of which head it is: a push in between must not be taken for this one.
            pull = await self._get(path)
            if pull is None or not all(isinstance(page, list) for page in pages):
                return Unavailable("GitHub does not show the changed files")
            files = tuple(decode_rest.changed_file(file) for page in pages for file in page)
            if pull["head"]["sha"] != snapshot.head_sha:
                raise Unreachable("the pull request changed while its files were read")
            self.caches.changes[key] = _whole(files, pull["changed_files"])
        return self.caches.changes[key]

    async def _file(self, path: str, snapshot: Snapshot) -> File | None:
        """A file of the judged commit.

        <https://docs.github.com/en/rest/repos/contents#get-repository-content>
        """
        key = self._key(self.ref.repository.name, snapshot.tested_sha, path)
        if key not in self.caches.files:
            place = f"/repos/{self.ref.repository.name}/contents/{quote(path)}"
            self.caches.files[key] = decode_rest.file(path, await self._get(place, {"ref": snapshot.tested_sha}))
        return self.caches.files[key]

    async def _checks(self, snapshot: Snapshot) -> Fact[tuple[CheckRun, ...]]:
        """<https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference>."""
        path = f"/repos/{self.ref.repository.name}/commits/{snapshot.tested_sha}/check-runs"
        pages = [page async for page in self.client.pages(self.ref.repository.installation, path, {"filter": "latest"})]
        if not all(isinstance(page, dict) for page in pages):
            return Unavailable("GitHub does not show the head's check runs")
        runs = [run for page in pages for run in page["check_runs"]]
        known = () if isinstance(snapshot.checks, Unavailable) else snapshot.checks
        origins = {run.suite: decode_rest.Origin(workflow=run.workflow, event=run.event) for run in known}
        asked = {decode_rest.suite_of(run) for run in runs if decode_rest.is_by_actions(run)} - origins.keys()
        found = await all_of(asked, self._origin)
        return decode_rest.check_runs(runs, {**origins, **found})

    async def _origin(self, suite: int) -> Fact[decode_rest.Origin]:
        """Which workflow a suite of GitHub Actions is of: REST's check runs don't say.

        <https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>
        """
        path = f"/repos/{self.ref.repository.name}/actions/runs"
        return decode_rest.origin(await self._get(path, {"check_suite_id": str(suite)}), self.ref.repository.name)

    async def _statuses(self, sha: str) -> Fact[tuple[CommitStatus, ...]]:
        """<https://docs.github.com/en/rest/commits/statuses#list-commit-statuses-for-a-reference>."""
        path = f"/repos/{self.ref.repository.name}/commits/{sha}/statuses"
        pages = [page async for page in self.client.pages(self.ref.repository.installation, path)]
        if not all(isinstance(page, list) for page in pages):
            return Unavailable("GitHub does not show the head's statuses")
        return decode_rest.statuses(status for page in pages for status in page)

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
        return await self.client.get(self.ref.repository.installation, path, params)

    def _key(self, *parts: str) -> tuple[Hashable, ...]:
        """One installation is never served what another was told."""
        return (self.ref.repository.installation, *parts)


def _whole(files: tuple[ChangedFile, ...], count: int) -> Fact[tuple[ChangedFile, ...]]:
    """GitHub lists 3,000 at most; what was cut off is not known.

    <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files>
    """
    return (
        files if len(files) == count else Unavailable(f"it changes {count} files, of which GitHub lists {len(files)}")
    )


def _named_by_head(snapshot: Snapshot) -> Fact[frozenset[str]]:
    if isinstance(snapshot.commits, Unavailable):
        return snapshot.commits
    heads = [commit for commit in snapshot.commits if commit.sha == snapshot.head_sha]
    return frozenset(login for commit in heads for login in commit.people)
