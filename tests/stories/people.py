"""What people do to a pull request as steps that read aloud, and what the gate has to say of it at the end."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox import Clock
from bot.sandbox.model.pulls import PullRequest
from tests.stories.rig import MINUTE, Rig, rigged

DAY = 24 * 60 * MINUTE
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
SILENCE = "Commands that did not count"


def code(line: int = 0, text: str = "changed") -> str:
    """A file of forty lines, one of them changed."""
    return "".join(f"{text if number == line else f'line {number}'}\n" for number in range(1, 41))


APPROVES = "/approve security"
UNSIGNED = "Blocked: waiting for security to sign"


def rules(role: str = "", *, who: str = "teams: [acme/security]", more: str = "", top: str = "") -> str:
    """Rules that want the signature of security, with the role's other options."""
    return f"""\
version: 1
{top}roles:
  security: {{{who}, required: true{role and f", {role}"}}}
{more}checklist:
  DOC-001: {{title: There is a readme, tier: critical, evidence: {{file: README.md}}}}
"""


SECURITY = rules()

FILES = {"src/app.py": code(), "src/auth/login.py": code()}
OPENED = {"src/app.py": code(3)}
"""What Dan's pull request changes."""


@dataclass(slots=True)
class Stage:
    """One repository with one pull request of Dan's, and everybody there is.

    sam and lea are in security, piet is invited, pia is in a team below it; max is the release manager, oli the
    product owner; dan and rita may write, ann is an admin, mallory reads.
    """

    rig: Rig
    pull: PullRequest
    first: str
    """The head it was opened with."""
    was_green: bool = False
    is_up: bool = True
    remarks: list[Any] = field(default_factory=list)
    """What people said, comments and reviews, the oldest first."""

    def newest(self, author: str) -> Any:
        """What somebody said last; we speak in one comment only."""
        said = [*self.remarks, *self.rig.comments(self.pull)]
        return next(one for one in reversed(said) if one.author.login == author)

    def filled(self, text: str) -> str:
        """The text with the commits that it names."""
        return text.replace("{head}", self.pull.head_oid).replace("{first}", self.first)

    async def settle(self) -> None:
        """Everything is said and done; a minute passes."""
        if self.is_up:
            await self.rig.quiet()
        else:
            await self.rig.sandbox.settled()
        self.rig.sandbox.clock.advance(MINUTE)
        self.was_green |= "success" in self.rig.ever(self.pull)


Step = Callable[[Stage], Awaitable[None] | None]


async def staged(rig: Rig, rules: str) -> Stage:
    """Dan opens the pull request, and the first verdict stands."""
    repository = rig.shop(rules, FILES)
    github = rig.sandbox
    github.team("acme/security", ["lea"], pending=["piet"])
    github.team("acme/pentesters", ["pia"], parent="security")
    github.team("acme/release", ["max"])
    github.team("acme/product", ["oli"])
    github.collaborator(repository, "ann", "admin")
    github.collaborator(repository, "mallory", "read")
    pull = rig.release(repository, files=OPENED, title="fix: one line")
    stage = Stage(rig, pull, pull.head_oid)
    await stage.settle()
    return stage


async def play(stage: Stage, step: Step) -> None:
    """Do one step."""
    if (doing := step(stage)) is not None:
        await doing


def at_once(*steps: Step) -> Step:
    """All of this before the server has looked."""

    async def act(stage: Stage) -> None:
        for step in steps:
            await play(stage, step)

    return act


def says(who: str, text: str, *, by_mail: bool = False) -> Step:
    """A comment."""

    def act(stage: Stage) -> None:
        made = stage.rig.sandbox.comment(stage.pull, who, stage.filled(text), by_mail=by_mail)
        stage.remarks.append(made)

    return act


def edits(who: str, *, of: str, to: str) -> Step:
    """Somebody changes the text of what `of` said last."""
    return lambda stage: stage.rig.sandbox.edit_comment(stage.newest(of), by=who, body=stage.filled(to))


def deletes(who: str, *, of: str) -> Step:
    """Somebody deletes what `of` said last."""
    return lambda stage: stage.rig.sandbox.delete_comment(stage.newest(of), by=who)


def hides(*, of: str) -> Step:
    """What `of` said last is minimised."""
    return lambda stage: stage.rig.sandbox.minimize_comment(stage.newest(of))


def reviews(who: str, state: str, text: str = "", *, commit: str = "{head}") -> Step:
    """A review of a commit."""

    def act(stage: Stage) -> None:
        seen = stage.filled(commit)
        made = stage.rig.sandbox.review(stage.pull, who, state=state, body=stage.filled(text), commit=seen)
        stage.remarks.append(made)

    return act


def dismisses(who: str, *, of: str) -> Step:
    """Somebody dismisses the review of `of`."""
    return lambda stage: stage.rig.sandbox.dismiss_review(stage.newest(of), by=who)


def rewords(who: str, *, of: str, to: str) -> Step:
    """Somebody changes the text of the review of `of`."""
    return lambda stage: stage.rig.sandbox.edit_review(stage.newest(of), by=who, body=to)


def pushes(who: str, files: Mapping[str, str | None], message: str = "fix: more", *, beside: str = "") -> Step:
    """One more commit, written together with `beside`."""

    def act(stage: Stage) -> None:
        github, pull = stage.rig.sandbox, stage.pull
        author, others = github.account(who), [github.account(beside)] if beside else []
        made = github.commit(
            pull.head_repository, message, files, parents=(pull.head,), author=author, co_authors=others
        )
        github.move_ref(pull.head_repository, f"refs/heads/{pull.head_ref_name}", made, by=author)

    return act


def rewrites(who: str, files: Mapping[str, str | None], message: str = "fix: one line") -> Step:
    """The branch is forced to one other commit on the base."""
    return lambda stage: _ignored(stage.rig.sandbox.force_push(stage.pull, author=who, files=files, message=message))


def merges_base(who: str = "dan", resolved: Mapping[str, str | None] | None = None) -> Step:
    """The base is merged into the branch; `resolved` is what somebody wrote into the merge."""
    return lambda stage: _ignored(stage.rig.sandbox.update_branch(stage.pull, by=who, resolved=resolved))


def rebases(who: str = "dan", resolved: Mapping[str, str | None] | None = None) -> Step:
    """The branch is put onto the base's tip."""
    return lambda stage: _ignored(stage.rig.sandbox.rebase(stage.pull, by=who, resolved=resolved))


def base_gets(files: Mapping[str, str]) -> Step:
    """Somebody else's change reaches the base."""

    def act(stage: Stage) -> None:
        github, into = stage.rig.sandbox, stage.pull.base_ref_name
        github.push_branch(stage.pull.repository, into, author="rita", files=files, message="fix: other")

    return act


def _ignored(_made: object) -> None:
    return None


def ci(conclusion: str = "success", *, rerun: bool = False) -> Step:
    """The check `test` ends."""
    return lambda stage: _ignored(stage.rig.sandbox.check(stage.pull, "test", conclusion=conclusion, rerun=rerun))


def looks_again() -> Step:
    """Something happens that changes nothing and makes the gate look."""
    return lambda stage: stage.rig.poke(stage.pull)


def joins(who: str, team: str) -> Step:
    """Somebody comes into a team."""
    return lambda stage: _ignored(stage.rig.sandbox.team(team, [who]))


def leaves(who: str, team: str) -> Step:
    """Somebody leaves a team."""
    return lambda stage: stage.rig.sandbox.leave_team(team, who)


def may(who: str, role: str) -> Step:
    """Somebody is given another role in the repository."""
    return lambda stage: _ignored(stage.rig.sandbox.collaborator(stage.pull.repository, who, role))


def hides_teams() -> Step:
    """The organisation takes away the App's right to read who is in a team."""
    return lambda stage: stage.rig.sandbox.grant(stage.rig.sandbox.installation("acme"), members="")


def waits(*, days: int = 0, minutes: int = 0) -> Step:
    """Time passes, and nothing else happens."""
    return lambda stage: _ignored(stage.rig.sandbox.clock.advance(days * DAY + minutes * MINUTE))


def goes_down() -> Step:
    """The server stops; GitHub delivers into the void."""

    async def act(stage: Stage) -> None:
        stage.is_up = False
        await stage.rig.stop()

    return act


def comes_back() -> Step:
    """The server is there again."""

    async def act(stage: Stage) -> None:
        await stage.rig.start()
        stage.is_up = True

    return act


def restarts() -> Step:
    """The server stops and starts, and has nothing in mind that it was told minutes ago."""
    return at_once(goes_down(), comes_back(), looks_again())


def loses_the_store() -> Step:
    """The server goes on with an empty database."""

    async def act(stage: Stage) -> None:
        await stage.rig.stop()
        for file in stage.rig.database.parent.glob(f"{stage.rig.database.name}*"):
            file.unlink()
        await stage.rig.start()

    return act


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What stands on the pull request when all is said."""

    conclusion: str | None
    title: str
    """The check run's, up to the version."""
    phrase: str = ""
    """Stands in the comment."""
    absent: str = ""
    """Stands nowhere in it."""
    was_green: bool
    """Whether any verdict on the way let it pass."""


def ready(phrase: str = "", *, title: str = "Ready", absent: str = SILENCE) -> End:
    """It may ship; nobody was refused, unless told otherwise."""
    return End(conclusion="success", title=title, phrase=phrase, absent=absent, was_green=True)


def shut(title: str, phrase: str, *, conclusion: str | None = "action_required", absent: str = "") -> End:
    """It may not ship, and never might."""
    return End(conclusion=conclusion, title=title, phrase=phrase, absent=absent, was_green=False)


def shut_again(title: str, phrase: str, *, absent: str = "") -> End:
    """It might have shipped once, and may not any more."""
    return End(conclusion="action_required", title=title, phrase=phrase, absent=absent, was_green=True)


async def told(directory: Path, rules: str, steps: tuple[Step, ...], end: End) -> None:
    """Plays the story, from a Monday at ten, and holds its end against GitHub."""
    async with rigged(directory, clock=Clock(MONDAY)) as rig:
        stage = await staged(rig, rules)
        for step in steps:
            await play(stage, step)
            await stage.settle()
        hold(stage, end)


def hold(stage: Stage, end: End) -> None:
    """What GitHub shows is what the story ends with."""
    rig = stage.rig
    title, conclusion = rig.shown(stage.pull)
    comment = rig.comment(stage.pull)
    assert (title.partition(" · ")[0], conclusion) == (end.title, end.conclusion), comment
    assert end.phrase in comment
    assert not end.absent or end.absent not in comment, comment
    assert stage.was_green is end.was_green
