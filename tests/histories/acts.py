"""Chance → what people, machines and the network do to pull requests on the sandbox GitHub."""

import difflib
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.model.checks import CheckRun
from bot.sandbox.model.git import Repository
from bot.sandbox.model.pulls import PullRequest

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
ACTIONS = {
    "says": 14, "reviews": 4, "edits": 3, "deletes": 3, "dismisses": 1, "pushes": 3, "base_moves": 1, "is_tested": 3,
    "is_labelled": 1, "is_unlabelled": 1, "is_finished": 5, "team_changes": 1, "goes_astray": 4, "time_passes": 8,
}  # fmt: skip
"""How often each of them happens, beside the others."""


@dataclass(slots=True)
class Acts:
    """What happens on the sandbox to these pull requests, by chance that can be had again."""

    sandbox: Sandbox
    repository: Repository
    pulls: list[PullRequest]
    chance: random.Random
    actions: Mapping[str, int] = field(default_factory=lambda: ACTIONS)
    teams_changed: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def act(self) -> None:
        """Something happens."""
        names = [name for name, weight in self.actions.items() for _ in range(weight)]
        name = self.chance.choice(names)
        self.counts[name] += 1
        getattr(self, name)(self.chance.choice(self.pulls))

    def says(self, pull: PullRequest) -> None:
        self.sandbox.comment(pull, self.chance.choice(PEOPLE), self._text(pull))

    def reviews(self, pull: PullRequest) -> None:
        state = self.chance.choice(("APPROVED", "APPROVED", "CHANGES_REQUESTED", "COMMENTED"))
        self.sandbox.review(pull, self.chance.choice(PEOPLE[:-1]), state=state, body=self._text(pull))

    def edits(self, pull: PullRequest) -> None:
        if theirs := self._comments(pull):
            self.sandbox.edit_comment(self.chance.choice(theirs), by="rita", body=self._text(pull))

    def deletes(self, pull: PullRequest) -> None:
        if theirs := self._comments(pull):
            self.sandbox.delete_comment(self.chance.choice(theirs), by="rita")

    def dismisses(self, pull: PullRequest) -> None:
        if pull.reviews:
            self.sandbox.dismiss_review(self.chance.choice(pull.reviews), by="rita")

    def pushes(self, pull: PullRequest) -> None:
        path = self.chance.choice(("src/app.py", "docs/guide.md"))
        files = {path: f"{self.chance.randrange(9)}\n"}
        push = self.chance.choice((self.sandbox.push, self.sandbox.force_push))
        push(pull, author=self.chance.choice(("dan", "rita")), files=files, message="fix: more")

    def base_moves(self, _pull: PullRequest) -> None:
        files = {"README.md": f"{self.chance.randrange(99)}\n"}
        self.sandbox.push_branch(self.repository, "main", author="rita", files=files, message="fix: base")

    def is_tested(self, pull: PullRequest) -> None:
        conclusion = self.chance.choice(("success", "success", "success", "failure"))
        self.sandbox.check(pull, "test", conclusion=conclusion, rerun=True)

    def is_labelled(self, pull: PullRequest) -> None:
        self.sandbox.label(pull, "breaking", by="rita")

    def is_unlabelled(self, pull: PullRequest) -> None:
        if any(label.name == "breaking" for label in pull.labels):
            self.sandbox.unlabel(pull, "breaking", by="rita")

    def is_finished(self, pull: PullRequest) -> None:
        """Everybody does what is asked, so that something is green."""
        self.sandbox.check(pull, "test", rerun=True)
        for who, text in (("sam", "security"), ("dora", "devops")):
            self.sandbox.comment(pull, who, f"/approve {text} {pull.head_oid}")
        self.sandbox.comment(pull, "dora", "/attest SAY-001 https://x.test")
        self.sandbox.comment(pull, "ada", "/unhold")

    def team_changes(self, _pull: PullRequest) -> None:
        self.teams_changed = True
        if self.chance.random() < 0.5:
            self.sandbox.leave_team("acme/security", "sam")
        else:
            self.sandbox.team("acme/security", ["sam", "sue"])

    def goes_astray(self, _pull: PullRequest) -> None:
        kind: Any = self.chance.choice(FAULTS)
        self.sandbox.arm(kind, times=self.chance.randint(1, 4))

    def time_passes(self, _pull: PullRequest) -> None:
        self.sandbox.clock.advance(self.chance.choice((1, 60, 60, 4000)))

    def _text(self, pull: PullRequest) -> str:
        lines = (self.chance.choice(SAYINGS) for _ in range(self.chance.choice((1, 1, 2))))
        return "\n".join(line.format(head=pull.head_oid[:10]) + " of it" for line in lines)

    def _comments(self, pull: PullRequest) -> list[Any]:
        return [one for one in pull.comments if one.author.login in PEOPLE]

    def runs(self, pull: PullRequest) -> list[CheckRun]:
        """Every run of ours at the head, for the base as it is."""
        return self.sandbox.check_runs(pull, app="release-gate", name=f"release-gate: {pull.base_ref_name}")

    def shown(self) -> list[tuple[Any, ...]]:
        """What is published on each pull request."""
        return [
            (
                pull.number,
                [(run.state.title, run.state.conclusion) for run in self.runs(pull)],
                [one.body for one in self.sandbox.comments(pull, author="release-gate[bot]")],
            )
            for pull in self.pulls
        ]


def people_come(sandbox: Sandbox, repository: Repository) -> None:
    """Those who fill the roles, and an admin."""
    sandbox.team("acme/security", ["sam"])
    sandbox.team("acme/devops", ["dora"])
    for login in ("sam", "dora", "dan", "rita"):
        sandbox.collaborator(repository, login, "write")
    sandbox.collaborator(repository, "ada", "admin")


def differing(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """In which lines two things that `shown` told of a pull request differ."""
    was, now = ([repr(one[:2]), *"\n".join(one[2]).splitlines()] for one in (before, after))
    return "\n".join(difflib.unified_diff(was, now, lineterm="", n=0))
