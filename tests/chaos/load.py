"""Chance → people, CI and a GitHub with faults, all at once, on pull requests of one repository."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox import Sandbox
from bot.sandbox.model.pulls import PullRequest
from tests.chaos.opinion import Opinion
from tests.histories.acts import ACTIONS, RULES, Acts, people_come

PULLS: Final = 6
_BACKLOG: Final = 12
_MOST_COMMENTS: Final = 60
_BASES: Final = ("main", "scratch")
_SHOP: Final = RULES.replace("[main]", "[main, scratch]")
_STRICTER: Final = _SHOP.replace(
    "  SAY-001:\n", "  QA-001: {title: QA has seen it, tier: critical, evidence: {label: {all: [qa]}}}\n  SAY-001:\n"
)
RULES_IN_TURN: Final = (_SHOP, _SHOP, _SHOP, _STRICTER, _STRICTER, "version: 1\nroles: 7\n")
_MORE: Final = {
    "is_retargeted": 1, "closes": 1, "reopens": 2, "rules_change": 1, "begins_a_check": 3, "is_seen_by_qa": 3,
    "goes_unheard": 1, "github_fails": 4, "rollups_lag": 1,
}  # fmt: skip
_GITHUB: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("bad_gateway", {}),
    ("bad_gateway", {"matching": "Publish"}),
    ("answer_lost", {"matching": "Publish"}),
    ("answer_lost", {"matching": "Publish"}),
    ("answer_lost", {}),
    ("broken_inside", {}),
    ("expired_tokens", {}),
    ("latency", {"seconds": 0.2}),
    ("latency", {"seconds": 0.2, "matching": "Publish"}),
    ("secondary_limit", {"status": 403, "retry_after": 1}),
    ("secondary_limit", {"status": 429, "retry_after": 1}),
    ("secondary_limit", {"retry_after": 1, "matching": "graphql"}),
)
_WITHOUT: Final = {"team_changes", "time_passes"}  # no delivery tells of these, and servers go by their own clocks


@dataclass(slots=True)
class Load(Acts):
    """What goes on, and what could be green while it did."""

    opinion: Opinion = field(default_factory=Opinion)
    opened: int = 0
    may_miss: bool = False
    """Whether something may happen of which GitHub tells nothing."""
    has_missed: bool = False

    def act(self) -> None:
        """Something happens, and somebody else thinks of it what they think."""
        Acts.act(self)  # a dataclass with slots is made anew, and `super()` knows the old one
        self.opinion.hear(self.sandbox, self.pulls)

    def is_retargeted(self, pull: PullRequest) -> None:
        other = _BASES[pull.base_ref_name == _BASES[0]]
        self.sandbox.retarget(pull, base=other, by="dan")

    def closes(self, pull: PullRequest) -> None:
        if pull.state == "OPEN":
            self.sandbox.close(pull, by="dan")

    def reopens(self, _pull: PullRequest) -> None:
        for pull in self.pulls:
            if pull.state == "CLOSED":
                self.sandbox.reopen(pull, by="dan")

    def pushes(self, pull: PullRequest) -> None:
        if pull.state == "OPEN":
            Acts.pushes(self, pull)

    def rules_change(self, _pull: PullRequest) -> None:
        files = {".release-gate.yml": self.chance.choice(RULES_IN_TURN)}
        self.sandbox.push_branch(
            self.repository, self.chance.choice(_BASES), author="rita", files=files, message="chore: rules"
        )

    def begins_a_check(self, pull: PullRequest) -> None:
        self.sandbox.check(pull, "test", status="in_progress", rerun=True)

    def is_seen_by_qa(self, pull: PullRequest) -> None:
        label = self.sandbox.unlabel if self.chance.random() < 0.3 else self.sandbox.label
        label(pull, "qa", by="rita")

    def goes_unheard(self, _pull: PullRequest) -> None:
        """No delivery tells of it, nor does GitHub's log: only the daily sweep can find it."""
        if not self.may_miss:
            return
        self.has_missed = True
        told, self.sandbox.bot.events = self.sandbox.bot.events, ()
        Acts.act(self)
        self.sandbox.bot.events = told

    def github_fails(self, _pull: PullRequest) -> None:
        kind, settings = self.chance.choice(_GITHUB)
        fault: Any = kind
        self.sandbox.arm(fault, times=self.chance.randint(1, 2), **settings)

    def rollups_lag(self, _pull: PullRequest) -> None:
        self.sandbox.stale_by = self.chance.choice((0.0, 1.0, 3.0))

    def calm(self) -> None:
        """GitHub works, everything is open, and the rules are mostly good."""
        self.sandbox.faults.disarm()
        self.sandbox.stale_by = 0.0
        self.reopens(self.pulls[0])
        for base in _BASES:
            if self.chance.random() < 0.7:
                files = {".release-gate.yml": _SHOP}
                self.sandbox.push_branch(self.repository, base, author="rita", files=files, message="chore: rules")
        self.opinion.hear(self.sandbox, self.pulls)

    def renew(self) -> None:
        """Where much was said, another pull request comes instead."""
        for at, pull in enumerate(self.pulls):
            if len(pull.comments) + len(pull.deleted_comments) > _MOST_COMMENTS:
                self.sandbox.close(pull, by="dan")
                self.pulls[at] = self.open()

    def open(self) -> PullRequest:
        """One more pull request; each third comes from a fork."""
        self.opened += 1
        fork = self.sandbox.repositories["eve/shop"] if self.opened % 3 == 0 else None
        return self.sandbox.open_pull_request(
            self.repository,
            author="dan",
            head=f"release/1.{self.opened}.0",
            base=_BASES[self.opened % 4 == 0],
            files={"src/app.py": "1\n"},
            fork=fork,
        )

    async def go_on(self, is_served: Callable[[], bool]) -> None:
        """Until cancelled; less while nobody listens, or while deliveries pile up because the machine is slow."""
        while True:
            keeps_up = is_served() and self.sandbox.deliveries.queue.qsize() < _BACKLOG
            if keeps_up or self.chance.random() < 0.1:
                self.act()
            await asyncio.sleep(self.chance.choice((0.0, 0.01, 0.02, 0.05, 0.1)))


def begun(sandbox: Sandbox, chance: random.Random) -> Load:
    """A repository with its people and pull requests."""
    files = {"README.md": "# shop\n", ".release-gate.yml": _SHOP, "docs/guide.md": "0\n"}
    repository = sandbox.repository("acme/shop", files=files)
    people_come(sandbox, repository)
    sandbox.branch(repository, "scratch", by="rita")
    sandbox.fork(repository, "eve")
    actions = {name: weight for name, weight in {**ACTIONS, **_MORE}.items() if name not in _WITHOUT}
    load = Load(sandbox, repository, [], chance, actions)
    load.pulls += [load.open() for _ in range(PULLS)]
    load.opinion.hear(sandbox, load.pulls)
    return load
