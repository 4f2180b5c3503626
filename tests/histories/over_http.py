"""`python -m tests.histories.over_http ROUNDS [SEED]`: pull requests at once, over HTTP, while deliveries go astray.

After each round the server is replaced by one that knows nothing but a copy of the store, and is asked about every
pull request again: it must have nothing to write.
"""

import asyncio
import difflib
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from bot.app import running
from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import PullRequest
from tests.stories.rig import NAP, Rig, seconds_of, settings_for

PULLS = 6
ACTS = 30
"""In each round."""
RULES = """\
version: 1
release: {when: {base: [main]}}
semver: {override_by: [devops], labels: {major: [breaking]}}
roles:
  security: {teams: [acme/security], required: true, stale: {paths: ["src/**"]}}
  devops: {teams: [acme/devops], required: true, via: [comment, review]}
checklist:
  TEST-001: {title: Tests pass, tier: critical, evidence: {check: {name: test, workflow: ci.yml}}}
  SAY-001:
    title: Clients are told
    tier: high
    waivable_by: [security]
    evidence: {attestation: {by: [devops], stale: changed}}
"""
PEOPLE = ("sam", "dora", "rita", "eve", "dan")
SAYINGS = (
    *("/approve security", "/approve devops", "/attest SAY-001 https://x.test") * 4,
    *("/approve security {head}", "/approve devops {head}") * 6,
    *(
        "/waive SAY-001 {head} because",
        "/waive SAY-001 until tomorrow because",
        "/unwaive SAY-001",
        "/unattest SAY-001",
    ),
    *("/hold because", "/hold for 1h because", "/unhold", "/unhold", "/unhold"),
    *("/reject security because", "/revoke security", "/revoke devops", "/revoke security"),
    *("/bump major because", "/bump minor because", "/recheck", "/explain TEST-001", "/gate help", "well done"),
)
FAULTS = ("lost_delivery", "duplicate_delivery", "reordered_delivery")


@dataclass(slots=True)
class Stage:
    """The sandbox, its pull requests, and chance that can be had again."""

    rig: Rig
    repository: Repository
    pulls: list[PullRequest]
    chance: random.Random
    teams_changed: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def act(self) -> None:
        """Something happens."""
        names = [name for name, weight in ACTIONS.items() for _ in range(weight)]
        name = self.chance.choice(names)
        self.counts[name] += 1
        getattr(self, name)(self.chance.choice(self.pulls))

    def says(self, pull: PullRequest) -> None:
        self.rig.sandbox.comment(pull, self.chance.choice(PEOPLE), self._text(pull))

    def reviews(self, pull: PullRequest) -> None:
        state = self.chance.choice(("APPROVED", "APPROVED", "CHANGES_REQUESTED", "COMMENTED"))
        self.rig.sandbox.review(pull, self.chance.choice(PEOPLE[:-1]), state=state, body=self._text(pull))

    def edits(self, pull: PullRequest) -> None:
        if theirs := self._comments(pull):
            self.rig.sandbox.edit_comment(self.chance.choice(theirs), by="rita", body=self._text(pull))

    def deletes(self, pull: PullRequest) -> None:
        if theirs := self._comments(pull):
            self.rig.sandbox.delete_comment(self.chance.choice(theirs), by="rita")

    def dismisses(self, pull: PullRequest) -> None:
        if pull.reviews:
            self.rig.sandbox.dismiss_review(self.chance.choice(pull.reviews), by="rita")

    def pushes(self, pull: PullRequest) -> None:
        path = self.chance.choice(("src/app.py", "docs/guide.md"))
        files = {path: f"{self.chance.randrange(9)}\n"}
        push = self.chance.choice((self.rig.sandbox.push, self.rig.sandbox.force_push))
        push(pull, author=self.chance.choice(("dan", "rita")), files=files, message="fix: more")

    def base_moves(self, _pull: PullRequest) -> None:
        files = {"README.md": f"{self.chance.randrange(99)}\n"}
        self.rig.sandbox.push_branch(self.repository, "main", author="rita", files=files, message="fix: base")

    def is_tested(self, pull: PullRequest) -> None:
        conclusion = self.chance.choice(("success", "success", "success", "failure"))
        self.rig.sandbox.check(pull, "test", conclusion=conclusion, rerun=True)

    def is_labelled(self, pull: PullRequest) -> None:
        self.rig.sandbox.label(pull, "breaking", by="rita")

    def is_unlabelled(self, pull: PullRequest) -> None:
        if any(label.name == "breaking" for label in pull.labels):
            self.rig.sandbox.unlabel(pull, "breaking", by="rita")

    def is_finished(self, pull: PullRequest) -> None:
        """Everybody does what is asked, so that something is green."""
        self.rig.sandbox.check(pull, "test", rerun=True)
        for who, text in (("sam", "security"), ("dora", "devops")):
            self.rig.sandbox.comment(pull, who, f"/approve {text} {pull.head_oid}")
        self.rig.sandbox.comment(pull, "dora", "/attest SAY-001 https://x.test")
        self.rig.sandbox.comment(pull, "ada", "/unhold")

    def team_changes(self, _pull: PullRequest) -> None:
        self.teams_changed = True
        if self.chance.random() < 0.5:
            self.rig.sandbox.leave_team("acme/security", "sam")
        else:
            self.rig.sandbox.team("acme/security", ["sam", "sue"])

    def goes_astray(self, _pull: PullRequest) -> None:
        kind: Any = self.chance.choice(FAULTS)
        self.rig.sandbox.arm(kind, times=self.chance.randint(1, 4))

    def time_passes(self, _pull: PullRequest) -> None:
        self.rig.sandbox.clock.advance(self.chance.choice((1, 60, 60, 4000)))

    def _text(self, pull: PullRequest) -> str:
        lines = (self.chance.choice(SAYINGS) for _ in range(self.chance.choice((1, 1, 2))))
        return "\n".join(line.format(head=pull.head_oid[:10]) + " of it" for line in lines)

    def _comments(self, pull: PullRequest) -> list[Any]:
        return [one for one in pull.comments if one.author.login in PEOPLE]

    def shown(self) -> list[tuple[Any, ...]]:
        """What is published on each pull request."""
        return [
            (
                pull.number,
                [(run.state.title, run.state.conclusion) for run in self.rig.runs(pull)],
                [one.body for one in self.rig.comments(pull)],
            )
            for pull in self.pulls
        ]

    async def everything_arrives(self) -> None:
        """What was lost, or was sent while the server was away, is sent again, as people do on GitHub."""
        sandbox = self.rig.sandbox
        sandbox.faults.disarm()
        await sandbox.settled()
        arrived = {one.guid for one in sandbox.deliveries.log if one.succeeded}
        lost = {one.guid: one for one in sandbox.deliveries.log if one.guid not in arrived}
        self.counts["redelivered"] += len(lost)
        for one in lost.values():
            sandbox.deliveries.again(one)
        await self.rig.quiet()

    async def look_at_all(self) -> None:
        """Every pull request is looked at again, although nothing is new."""
        for pull in self.pulls:
            self.rig.sandbox.comment(pull, "eve", f"any news at {self.rig.sandbox.clock.instant()}?")
        await self.rig.quiet()


ACTIONS = {
    "says": 14, "reviews": 4, "edits": 3, "deletes": 3, "dismisses": 1, "pushes": 3, "base_moves": 1, "is_tested": 3,
    "is_labelled": 1, "is_unlabelled": 1, "is_finished": 5, "team_changes": 1, "goes_astray": 4, "time_passes": 8,
}  # fmt: skip


async def lived(directory: Path, seed: int, goes_on: Callable[[int], bool]) -> Counter[str]:
    """Rounds until told to stop: what happened how often. Raises `AssertionError` when a promise is broken."""
    chance = random.Random(seed)  # noqa: S311 - chance that can be had again
    app = App(database_id=77, slug="release-gate")
    async with Sandbox.start(app=app, clock=Clock()) as sandbox:
        stage = _set(Rig(sandbox, directory / "gate-0.sqlite3"), chance)
        rounds = 0
        while goes_on(rounds):
            rounds += 1
            await _round(stage, directory, rounds)
            stage.counts["rounds"] = rounds
        assert sandbox.errors == []
    return stage.counts


def _set(rig: Rig, chance: random.Random) -> Stage:
    repository = rig.shop(RULES, files={"docs/guide.md": "0\n"})
    rig.sandbox.team("acme/devops", ["dora"])
    rig.sandbox.collaborator(repository, "dora", "write")
    rig.sandbox.collaborator(repository, "ada", "admin")
    pulls = [rig.release(repository, head=f"release/1.{number}.0") for number in range(PULLS)]
    return Stage(rig, repository, pulls, chance)


async def _round(stage: Stage, directory: Path, number: int) -> None:
    async with AsyncExitStack() as server:
        await server.enter_async_context(served(stage.rig))
        for _ in range(ACTS):
            stage.act()
            if stage.chance.random() < 0.3:
                await asyncio.sleep(stage.chance.choice((0.01, 0.1, 0.3)))
            if stage.chance.random() < 0.05:
                stage.counts["restarts"] += 1
                await server.aclose()
                stage.act()
                await server.enter_async_context(served(stage.rig))
        if stage.teams_changed:
            # No delivery tells of teams: what is known of them is kept for five minutes, or until a restart.
            stage.teams_changed = False
            await server.aclose()
            await server.enter_async_context(served(stage.rig))
            await stage.look_at_all()
        await stage.everything_arrives()
    published = stage.shown()
    stage.counts["green"] += sum(bool(runs) and runs[-1][1] == "success" for _, runs, _ in published)
    stage.counts["published"] += len(published)
    stage.rig.database = Path(shutil.copy(stage.rig.database, directory / f"gate-{number}.sqlite3"))
    async with served(stage.rig):
        await stage.look_at_all()
    for before, after in zip(published, stage.shown(), strict=True):
        assert before == after, f"round {number}: a fresh server says something else: {_differing(before, after)}"


def _differing(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    was, now = ([repr(one[:2]), *"\n".join(one[2]).splitlines()] for one in (before, after))
    return "\n".join(difflib.unified_diff(was, now, lineterm="", n=0))


@asynccontextmanager
async def served(rig: Rig) -> AsyncIterator[None]:
    """A server that knows nothing but its store."""
    settings = settings_for(rig.sandbox, rig.database)
    async with running(settings, now=lambda: seconds_of(rig.sandbox), nap=NAP) as address:
        rig.sandbox.bot.webhook_url = f"{address}/webhook"
        yield


def main(rounds: int, seed: int) -> None:
    """Lives so many rounds and says what happened."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        counts = asyncio.run(lived(Path(directory), seed, lambda lived: lived < rounds))
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(f"{time.monotonic() - began:.0f} s, seed {seed}: {told}")  # noqa: T201


if __name__ == "__main__":
    main(*([int(argument) for argument in sys.argv[1:]] + [100, 0][len(sys.argv) - 1 :]))
