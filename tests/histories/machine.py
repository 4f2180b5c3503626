"""People, pushes, the clock and lost memories in any order, with the gate looking now and then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.gate.evaluate import evaluate
from bot.gate.facts import Permission, ReviewState, Unavailable
from bot.gate.rules import Rules
from bot.gate.verdict import Verdict
from tests.histories import answers, expected, laws
from tests.histories.expected import CLOSING, Closed
from tests.histories.shapes import ITEMS, ROLES, some_rules
from tests.histories.world import (
    BOT,
    DEVOPS,
    FILES,
    OUTSIDER,
    PEOPLE,
    PERMISSIONS,
    SECURITY,
    Memory,
    Remark,
    Said,
    World,
    seen,
)

TEAMS = (SECURITY, DEVOPS)
FORMS = (
    *(("approve", role) for role in ROLES * 3),
    *(("attest", "SAY-1"), ("waive", "QA-1"), ("waive", "SAY-1"), ("waive", "DEV-1"), ("hold", ""), ("unhold", "")),
    *((verb, role) for verb in ("revoke", "reject") for role in ROLES),
    *(("unattest", "SAY-1"), *(("unwaive", item) for item in ITEMS), ("status", "")),
    *(("bump", bump) for bump in ("major", "minor", "patch")),
)
ENDING = frozenset({"waive", "hold"})
VERSIONS = (None, None, None, "1.0.1", "1.1.0", "2.0.0")
FACTS = (
    "labels", "checks", "suites", "commits", "comments", "changes", "reviews", "tags", "pushers", "memberships",
    "permissions", "comparisons", "own_changes", "merged_tags", "team_members", "deletions",
)  # fmt: skip

forms = st.tuples(st.sampled_from(FORMS), st.sampled_from(["", "", "head", "older"]), st.sampled_from(VERSIONS))
texts = st.lists(st.tuples(forms, st.sampled_from([0, 0, 1, 3])), min_size=1, max_size=2)
people = st.sampled_from(PEOPLE)
places = st.integers(0, 5)
files = st.sampled_from(range(len(FILES)))
seconds = st.sampled_from([60, 0, 1])


class Histories(RuleBasedStateMachine):
    """One pull request and the gate's memory of it."""

    asks: Rules
    world: World
    memory: Memory
    heard: frozenset[Closed]

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    @initialize(rules=some_rules())
    def open(self, rules: Rules) -> None:
        self.asks, self.memory, self.heard = rules, Memory(), frozenset()
        teams = {SECURITY: frozenset({"ann", "bob"}), DEVOPS: frozenset({"bob", "cat"})}
        self.world = World(teams=teams, permissions=PERMISSIONS)
        self.look()

    # What people say

    @rule(steps=st.integers(1, 8), names_head=st.booleans(), waives=st.booleans())
    def people_work_together(self, steps: int, names_head: bool, waives: bool) -> None:
        """They do what the gate asks for, so that something is green that must not stay so, or must."""
        self.look()
        verdict = laws.judged(self.asks, self.world, self.memory)
        for _ in range(steps):
            for blocker in verdict.blockers[:1]:
                change = answers.to(self.asks, self.world, verdict, blocker, names_head=names_head, waives=waives)
                verdict = self._act(self.world.later(60), change)

    @rule(by=people, texts=texts, after=seconds)
    def comment(self, by: str, texts: list[Any], after: int) -> None:
        said = self._said(texts)
        is_law = by == OUTSIDER
        self._act(self.world.later(after), lambda world: world.with_remark(by, *said), law=is_law)

    @rule(texts=texts, after=seconds)
    def bot_comments(self, texts: list[Any], after: int) -> None:
        said = self._said(texts)
        self._act(self.world.later(after), lambda world: world.with_remark(BOT, *said), law=True)

    @rule(by=people, state=st.sampled_from(ReviewState), texts=texts, after=seconds, is_empty=st.booleans())
    def review(self, by: str, state: ReviewState, texts: list[Any], after: int, is_empty: bool) -> None:
        said = () if is_empty else self._said(texts)
        is_law = by == OUTSIDER
        self._act(self.world.later(after), lambda world: world.with_remark(by, *said, review=state), law=is_law)

    # What becomes of it: nothing of this opens the gate, whoever does it

    @precondition(lambda self: self.world.remarks)
    @rule(place=places, by=people, texts=texts, after=seconds)
    def edit(self, place: int, by: str, texts: list[Any], after: int) -> None:
        remark, said = self._remark(place), self._said(texts)
        law = not self._is_unheard(remark)
        self._act(self.world.later(after), lambda world: world.edited(remark, by, *said), law=law)

    @precondition(lambda self: any(not remark.review for remark in self.world.remarks))
    @rule(place=places, by=people)
    def delete(self, place: int, by: str) -> None:
        comments = [remark for remark in self.world.remarks if not remark.review]
        remark = comments[-1 - place % len(comments)]
        law = not self._is_unheard(remark)
        self._act(self.world.later(1), lambda world: world.without(remark, by), law=law)

    @precondition(lambda self: any(remark.review for remark in self.world.remarks))
    @rule(place=places)
    def dismiss(self, place: int) -> None:
        reviews = [remark for remark in self.world.remarks if remark.review]
        remark = reviews[-1 - place % len(reviews)]
        other = replace(remark, review=ReviewState.DISMISSED)
        self._act(self.world.later(1), lambda world: world.changed(remark, other), law=not self._is_unheard(remark))

    @precondition(lambda self: self.world.remarks)
    @rule(login=people)
    def account_is_deleted(self, login: str) -> None:
        theirs = {remark: replace(remark, author=None) for remark in self.world.remarks if remark.author == login}
        law = not any(self._is_unheard(remark) for remark in theirs)
        ghosts = tuple(theirs.get(remark, remark) for remark in self.world.remarks)
        self._act(self.world.later(1), lambda world: replace(world, remarks=ghosts), law=law)

    # Who they are

    @rule(login=people, team=st.sampled_from(TEAMS))
    def leave(self, login: str, team: str) -> None:
        law = not any(self._is_unheard(remark) for remark in self.world.remarks if remark.author == login)
        teams = {**self.world.teams, team: self.world.teams[team] - {login}}
        self._act(self.world.later(1), lambda world: replace(world, teams=teams), law=law)

    @rule(login=people, team=st.sampled_from(TEAMS))
    def join(self, login: str, team: str) -> None:
        # Whoever may do nothing is nobody in the laws, and stays so.
        if login != OUTSIDER:
            teams = {**self.world.teams, team: self.world.teams[team] | {login}}
            self._act(self.world.later(1), lambda world: replace(world, teams=teams))

    @rule(login=people)
    def lose_access(self, login: str) -> None:
        law = not any(self._is_unheard(remark) for remark in self.world.remarks if remark.author == login)
        permissions = {**self.world.permissions, login: Permission.READ}
        self._act(self.world.later(1), lambda world: replace(world, permissions=permissions), law=law)

    # What is pushed

    @rule(file=files, content=st.integers(0, 3), pusher=st.sampled_from(["zed", "walt", "ann"]), rewrite=st.booleans())
    def push(self, file: int, content: int, pusher: str, rewrite: bool) -> None:
        own = _put(self.world.head.own, file, content)
        above = {"above": frozenset[str]()} if rewrite else {}
        message = ("fix: a hole", "feat: a door", "fix!: a wall", "chore: a lamp")[content]
        self._act(self.world.later(60), lambda world: world.pushed(own=own, pusher=pusher, message=message, **above))

    @rule(file=files, is_near=st.booleans(), rewrite=st.booleans(), resolved=st.sampled_from([None, None, 4]))
    def bring_in_the_base(self, file: int, is_near: bool, rewrite: bool, resolved: int | None) -> None:
        head = self.world.head
        near, far = head.base[file]
        change: dict[str, Any] = {"base": _put(head.base, file, (near + is_near, far + 1))}
        change |= {"above": frozenset[str]()} if rewrite else {}
        change |= {"own": _put(head.own, file, resolved)} if resolved and head.own[file] else {}
        self._act(self.world.later(60), lambda world: world.pushed(**change))

    @precondition(lambda self: len(self.world.heads) > 1)
    @rule(place=places)
    def push_an_older_head(self, place: int) -> None:
        older = self.world.heads[-1 - place % len(self.world.heads)]
        self._act(self.world.later(60), lambda world: world.returned(older))

    # What else happens

    @rule(label=st.sampled_from(["qa", "breaking", "feature"]))
    def toggle_a_label(self, label: str) -> None:
        self._act(self.world.later(1), lambda world: replace(world, labels=world.labels ^ {label}))

    @rule(passes=st.sampled_from([True, False, None]))
    def tests_end(self, passes: bool | None) -> None:
        self._act(self.world.later(1), lambda world: replace(world, passes=passes))

    @rule(minutes=st.sampled_from([1, 61, 181]))
    def time_passes(self, minutes: int) -> None:
        self._act(self.world, lambda world: world.later(60 * minutes))

    @rule()
    def look(self) -> None:
        """The gate looks, remembers and publishes."""
        self.steps += 1
        verdict, memory = laws.look(self.asks, self.world, self.memory)
        news = expected.closings(self.asks, self.world, self.heard) - self.heard
        remembered = {_closed(one) for one in verdict.closings}
        assert remembered == news, f"remembered: {remembered - news}, not remembered: {news - remembered}"
        self.memory, self.heard = memory, self.heard | news
        laws.is_right(self.asks, self.world, self.memory, self.heard, verdict)

    @rule()
    def store_is_lost(self) -> None:
        """The verdict only gets stricter, but for closing commands that nobody says any more."""
        self.steps += 1
        self.look()
        if self.heard <= expected.closings(self.asks, self.world, self.heard):
            before = laws.judged(self.asks, self.world, self.memory)
            after = laws.judged(self.asks, self.world, Memory())
            self._not_opened(before, after)
        self.memory, self.heard = Memory(), frozenset()

    @rule(fact=st.sampled_from(FACTS))
    def a_fact_is_lost(self, fact: str) -> None:
        """For a while; what is not known opens nothing."""
        self.steps += 1
        facts = seen(self.world, self.memory)
        value = getattr(facts, fact)
        lost = Unavailable("lost")
        gone: Any = dict.fromkeys(value, lost) if isinstance(value, dict) else lost
        before, after = evaluate(self.asks, facts), evaluate(self.asks, replace(facts, **{fact: gone}))
        assert not (why := laws.opens(before, after, by_ids=False)), why

    def _act(self, world: World, change: Any, *, law: bool = False) -> Verdict:
        """Something happens; with `law`, it must not open the gate, at the same instant. What the gate then says."""
        self.steps += 1
        self.world = change(world)
        after = laws.judged(self.asks, self.world, self.memory)
        laws.is_right(self.asks, self.world, self.memory, self.heard, after)
        if law:
            self._not_opened(laws.judged(self.asks, world, self.memory), after)
        return after

    def _not_opened(self, before: Verdict, after: Verdict) -> None:
        by_ids = not any(role.distinct for role in self.asks.roles.values())
        assert not (why := laws.opens(before, after, by_ids=by_ids)), why

    def _remark(self, place: int) -> Remark:
        return self.world.remarks[-1 - place % len(self.world.remarks)]

    def _is_unheard(self, remark: Remark) -> bool:
        """It holds a closing command that the gate has not heard, so nobody knows of it."""
        said = [one for one in remark.said if one.verb in CLOSING]
        at = remark.edited_at or remark.at
        known = {(one.key, one.verb, one.argument, one.at) for one in self.heard}
        return any((remark.fact.key, one.verb, expected.argument_of(one), at) not in known for one in said)

    def _said(self, texts: list[Any]) -> tuple[Said, ...]:
        return tuple(self._one(form, hours) for form, hours in texts)

    def _one(self, form: Any, hours: int) -> Said:
        (verb, argument), names, version = form
        head = {"": None, "head": self.world.head.sha, "older": self.world.heads[0].sha}[names]
        until = self.world.now + timedelta(hours=hours) if hours and verb in ENDING else None
        return Said(
            verb=verb,
            argument=argument,
            sha=head if verb in {"approve", "waive"} else None,
            version=version if verb == "approve" else None,
            until=until,
        )

    def teardown(self) -> None:
        COUNT.add(self.steps)


class Count:
    """How many histories were lived, and how long they were."""

    def __init__(self) -> None:
        self.histories = self.steps = 0

    def add(self, steps: int) -> None:
        self.histories += 1
        self.steps += steps


COUNT = Count()


def _put(values: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _closed(one: Any) -> Closed:
    return Closed(one.comment, one.verb, one.argument, one.login, one.at)
