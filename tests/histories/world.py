"""A tiny model of GitHub: one pull request, its people, what they write and what is pushed, into a snapshot."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.gate.differences import Comparison, OwnChange, OwnFile
from bot.gate.evaluate import questions
from bot.gate.facts import Closing, Comment, Commit, Deletion, Permission, Review, ReviewState, Snapshot, Tag
from bot.gate.published import PublishedHead
from bot.gate.rules import Rules
from tests.builders import NOW, a_change, a_check, a_snapshot

SECURITY, DEVOPS = "acme/security", "acme/devops"
FILES = ("src/auth.py", "docs/guide.md", "src/logo.png")
BINARY = frozenset({"src/logo.png"})
"""GitHub shows no patch of these."""
PEOPLE = ("ann", "bob", "cat", "walt", "zed", "eve")
PERMISSIONS: Mapping[str, Permission] = {
    "ann": Permission.WRITE,
    "bob": Permission.WRITE,
    "cat": Permission.ADMIN,
    "walt": Permission.WRITE,
    "zed": Permission.WRITE,
    "eve": Permission.READ,
    "dependabot[bot]": Permission.WRITE,
}
OUTSIDER, WRITER, AUTHOR = "eve", "walt", "zed"
"""Who may only read; who may write and is in no role; who opened the pull request."""
BOT = "dependabot[bot]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One command, as meant."""

    verb: str
    argument: str = ""
    sha: str | None = None
    version: str | None = None
    until: datetime | None = None

    @property
    def text(self) -> str:
        """The line that says it."""
        words = [f"/{self.verb}", self.argument, (self.sha or "")[:7], self.version or ""]
        words += [f"until {self.until:%Y-%m-%dT%H:%M:%SZ}"] if self.until else []
        return " ".join([*filter(None, words), "because we say so"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment, or a review if it has a state."""

    id: int
    author: str | None
    said: tuple[Said, ...]
    at: datetime
    edited_at: datetime | None = None
    editor: str | None = None
    review: ReviewState | None = None
    sha: str | None = None

    @property
    def is_undone(self) -> bool:
        """It opens nothing any more."""
        return self.edited_at is not None or self.review is ReviewState.DISMISSED

    @property
    def fact(self) -> Comment:
        """As GitHub shows it."""
        return Comment(
            id=self.id,
            body="\n".join(one.text for one in self.said) or "Well done!",
            author=self.author,
            is_bot=self.author in {None, BOT},
            app="dependabot" if self.author == BOT else None,
            created_at=self.at,
            edited_at=self.edited_at,
            editor=self.editor,
            url=f"https://github.test/{self.id}",
            node_id=f"N{self.id}",
            review=self.review,
            sha=self.sha,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A commit that is or was the head: how the base stood, and what the pull request does to each file there."""

    sha: str
    above: frozenset[str]
    """The heads that it was built on."""
    base: tuple[tuple[int, int], ...] = ((0, 0),) * len(FILES)
    """For each file, the base's lines near the pull request's own and those far from them."""
    own: tuple[int, ...] = (1, 0, 0)
    """For each file, what the pull request does to it; 0: nothing."""
    pusher: str = AUTHOR
    message: str = "fix: a hole"

    @property
    def change(self) -> OwnChange:
        """All since it left the base."""
        return OwnChange(
            merge_base=hashlib.sha1(repr(self.base).encode()).hexdigest(),  # noqa: S324 - as git does
            files={
                path: OwnFile(
                    previous=None,
                    status="modified",
                    blob=f"{near}.{far}.{own}",
                    hunks=None if path in BINARY else f"{near}.{own}",
                )
                for path, (near, far), own in zip(FILES, self.base, self.own, strict=True)
                if own
            },
        )

    def since(self, other: "Head") -> Comparison:
        """What git tells of the way from another one."""
        mine, theirs = (zip(FILES, head.base, head.own, strict=True) for head in (self, other))
        differing = frozenset(here[0] for here, there in zip(mine, theirs, strict=True) if here != there)
        return Comparison(linear=other.sha in self.above | {self.sha}, files=differing)


FIRST = Head(sha="a" * 40, above=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What GitHub knows."""

    now: datetime = NOW
    heads: tuple[Head, ...] = (FIRST,)
    """All there ever were, the oldest first; the last one is the head."""
    remarks: tuple[Remark, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    labels: frozenset[str] = frozenset({"release"})
    teams: Mapping[str, frozenset[str]]
    permissions: Mapping[str, Permission]
    passes: bool | None = True
    """How the tests end; None: they run."""

    @property
    def head(self) -> Head:
        """The newest commit."""
        return self.heads[-1]

    def later(self, seconds: float) -> "World":
        """Some time has passed."""
        return replace(self, now=self.now + timedelta(seconds=seconds))

    def with_remark(self, author: str, *said: Said, review: ReviewState | None = None) -> "World":
        """Somebody wrote."""
        number = len(self.remarks) + len(self.deletions) + 1
        sha = self.head.sha if review else None
        remark = Remark(id=number, author=author, said=said, at=self.now, review=review, sha=sha)
        return replace(self, remarks=(*self.remarks, remark))

    def without(self, remark: Remark, by: str) -> "World":
        """Somebody deleted it."""
        rest = tuple(one for one in self.remarks if one is not remark)
        return replace(
            self, remarks=rest, deletions=(*self.deletions, Deletion(author=remark.author, by=by, at=self.now))
        )

    def edited(self, remark: Remark, by: str, *said: Said) -> "World":
        """Somebody made it say something else."""
        return self.changed(remark, replace(remark, said=said, edited_at=self.now, editor=by))

    def changed(self, remark: Remark, other: Remark) -> "World":
        """It is another one now."""
        return replace(self, remarks=tuple(other if one is remark else one for one in self.remarks))

    def pushed(self, **change: object) -> "World":
        """A new head, like the one before but for what is named; `above` tells whether history was rewritten."""
        sha = hashlib.sha1(f"{len(self.heads)}".encode()).hexdigest()  # noqa: S324 - as git does
        older = self.head
        made = replace(older, **{"sha": sha, "above": older.above | {older.sha}, **change})  # type: ignore[arg-type]
        return replace(self, heads=(*self.heads, made))

    def returned(self, head: Head) -> "World":
        """An older head was pushed again."""
        return replace(self, heads=(*self.heads, head))


@dataclass(frozen=True, slots=True)
class Memory:
    """What our store keeps."""

    heads: tuple[PublishedHead, ...] = ()
    closings: tuple[Closing, ...] = ()

    def after(self, world: World, closings: tuple[Closing, ...]) -> "Memory":
        """What `bot.memory` keeps of a look that came to a verdict."""
        newest = max(self.heads, key=lambda head: head.at, default=None)
        is_new = newest is None or newest.sha != world.head.sha
        kept = {(one.comment, one.verb, one.argument, one.at): one for one in (*closings, *self.closings)}
        return Memory(
            heads=(*self.heads, PublishedHead(sha=world.head.sha, at=world.now)) if is_new else self.heads,
            closings=tuple(sorted(kept.values(), key=lambda one: (one.at, one.comment, one.verb, one.argument))),
        )


def seen(world: World, memory: Memory) -> Snapshot:
    """What a look sees, with every answer there is."""
    head, shas = world.head, {one.sha: one for one in world.heads}
    logins = frozenset(PERMISSIONS)
    return a_snapshot(
        taken_at=world.now,
        head_sha=head.sha,
        head_seen_at=min((one.at for one in memory.heads if one.sha == head.sha), default=world.now),
        labels=world.labels,
        checks=() if world.passes is None else (a_check(conclusion="success" if world.passes else "failure"),),
        changes=tuple(a_change(path) for path, own in zip(FILES, head.own, strict=True) if own),
        comments=tuple(remark.fact for remark in world.remarks),
        deletions=world.deletions,
        reviews=_opinions(world),
        commits=tuple(
            Commit(sha=one.sha, message=one.message, people=frozenset({one.pusher})) for one in shas.values()
        ),
        tags=(Tag(name="v1.0.0", sha="f" * 40),),
        merged_tags={"v1.0.0": True},
        pushers=frozenset({head.pusher}),
        memberships={(team, login): login in people for team, people in world.teams.items() for login in logins},
        team_members=dict(world.teams),
        permissions=dict(world.permissions),
        comparisons={sha: head.since(one) for sha, one in shas.items()},
        own_changes={sha: one.change for sha, one in shas.items()},
        heads=memory.heads,
        closings=memory.closings,
    )


def _opinions(world: World) -> tuple[Review, ...]:
    """The newest opinion of everybody with write access."""
    said = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED)
    newest = {one.author: one for one in world.remarks if one.review in said}
    return tuple(
        Review(author=author, is_approval=one.review is ReviewState.APPROVED, sha=one.sha, at=one.at)
        for author, one in newest.items()
        if author and world.permissions[author].may_write
    )


def asked(rules: Rules, known: Snapshot) -> Snapshot:
    """What a look sees when it is told only what the rules ask for, as the shell does."""
    blank = replace(
        known,
        pushers=None,
        memberships={},
        permissions={},
        comparisons={},
        own_changes={},
        merged_tags={},
    )
    for _ in range(9):
        open_ = questions(rules, blank)
        if not open_:
            return blank
        blank = replace(
            blank,
            pushers=known.pushers if open_.pushers else blank.pushers,
            memberships={**blank.memberships, **{one: known.memberships[one] for one in open_.memberships}},
            permissions={**blank.permissions, **{one: known.permissions[one] for one in open_.permissions}},
            comparisons={**blank.comparisons, **{one: known.comparisons[one] for one in open_.comparisons}},
            own_changes={**blank.own_changes, **{one: known.own_changes[one] for one in open_.own_changes}},
            merged_tags=known.merged_tags if open_.tags else blank.merged_tags,
        )
    raise AssertionError("questions without end")
