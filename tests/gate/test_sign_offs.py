"""Sign-offs: who may, of which commit, what takes them away, and what is answered."""

from typing import Any

import pytest

from bot.gate.differences import Comparison
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import ReviewState, Unavailable
from bot.gate.finding import State
from bot.gate.people import People
from bot.gate.published import PublishedHead
from bot.gate.rules import Exclude, Role, Stale
from bot.gate.standing import finding
from bot.gate.verdict import Outcome
from tests.builders import HEAD, OLD, a_comment, a_revoke, a_role, a_snapshot, heard, minutes_ago, rules_of

APPROVED = a_comment("/approve security")
TEAM = a_role(users=frozenset(), teams=frozenset({"acme/security"}))
HEADS = (PublishedHead(sha=OLD, at=minutes_ago(50)), PublishedHead(sha=HEAD, at=minutes_ago(20)))
BY_HEAD_ONLY = frozenset[Exclude]()


def _said(*comments: Any, role: Role | None = None, **facts: Any) -> People:
    return heard(rules_of(role or a_role()), a_snapshot(comments=comments, **facts))


def _signed(said: People) -> list[str]:
    return [sign_off.login for sign_off in said.standings["security"].signed]


def _answers(said: People) -> list[str]:
    return [refusal.because for refusal in said.refusals]


def _member(answer: Any, login: str = "ann") -> dict[tuple[str, str], Any]:
    return {("acme/security", login): answer}


@pytest.mark.parametrize(
    ("comment", "role", "facts"),
    [
        pytest.param(APPROVED, a_role(), {}, id="a listed person"),
        pytest.param(a_comment("/approve security", by="ANN"), a_role(), {}, id="logins have no case"),
        pytest.param(a_comment("/approve SECURITY"), a_role(), {}, id="role ids have no case"),
        pytest.param(APPROVED, TEAM, {"memberships": _member(True)}, id="a member of the team"),
        pytest.param(
            APPROVED,
            a_role(teams=frozenset({"acme/security"})),
            {"memberships": _member(Unavailable("502"))},
            id="listed, so the team does not matter",
        ),
        pytest.param(
            a_comment("/approve security", by="zed"),
            a_role(users={"zed"}, exclude=BY_HEAD_ONLY),
            {},
            id="the author, not excluded",
        ),
        pytest.param(APPROVED, a_role(), {"pushers": frozenset({"bob"})}, id="somebody else pushed"),
        pytest.param(a_comment(f"/approve security {HEAD}"), a_role(), {"heads": ()}, id="naming the head whole"),
    ],
)
def test_it_counts(comment, role, facts):
    said = _said(comment, role=role, **facts)
    assert _signed(said) == [comment.author]
    assert not said.refusals


@pytest.mark.parametrize(
    ("comment", "role", "facts", "answer"),
    [
        pytest.param(
            a_comment("/approve security", by="eve"),
            a_role(),
            {},
            "only `ann` or `bob` can sign for security",
            id="anybody else",
        ),
        pytest.param(
            APPROVED,
            TEAM,
            {"memberships": _member(False)},
            "only `acme/security` can sign for security",
            id="not in the team",
        ),
        pytest.param(
            a_comment("/approve security", by="ZED"),
            a_role(users={"zed"}),
            {},
            "the author of a pull request can't sign for security",
            id="the author",
        ),
        pytest.param(
            APPROVED,
            a_role(),
            {"pushers": frozenset({"Ann"})},
            "who pushed last can't sign for security",
            id="the last pusher",
        ),
        pytest.param(
            a_comment("/approve security", review=ReviewState.DISMISSED, sha=HEAD),
            a_role(),
            {},
            "a dismissed review signs nothing; write it as a new comment",
            id="in a review that was dismissed",
        ),
        pytest.param(
            a_comment("/approve security", edited_at=minutes_ago(1)),
            a_role(),
            {},
            "an edited comment signs nothing; write it as a new comment",
            id="edited",
        ),
        pytest.param(
            a_comment("/approve security", by="ci[bot]", is_bot=True),
            a_role(),
            {},
            "Apps and deleted accounts can't sign",
            id="an App",
        ),
        pytest.param(
            a_comment("/approve security", by=None), a_role(), {}, "Apps and deleted accounts can't sign", id="a ghost"
        ),
        pytest.param(
            APPROVED,
            a_role(),
            {"heads": ()},
            "no verdict was published before this comment, so it is not clear what it signs; "
            f"write `/approve security {HEAD[:7]}`",
            id="nothing published before",
        ),
        pytest.param(
            APPROVED,
            a_role(),
            {"heads": (PublishedHead(sha=HEAD, at=APPROVED.created_at),)},
            "no verdict was published before this comment, so it is not clear what it signs; "
            f"write `/approve security {HEAD[:7]}`",
            id="published in the same second",
        ),
        pytest.param(
            a_comment("/approve security 1234567"),
            a_role(),
            {},
            f"`1234567` is no head of this pull request; write `/approve security {HEAD[:7]}`",
            id="a commit from elsewhere",
        ),
        pytest.param(
            a_comment("/approve securty"),
            a_role(),
            {},
            "there is no role `securty`; did you mean `/approve security`?",
            id="misspelt",
        ),
        pytest.param(
            a_comment("/gate approve qa"),
            a_role(),
            {},
            "there is no role `qa`; the roles are `security`",
            id="no such role",
        ),
        pytest.param(
            a_comment("/gate approve"), a_role(), {}, "it names no role; the roles are `security`", id="no role named"
        ),
        pytest.param(
            a_comment("/revoke securty"),
            a_role(),
            {},
            "there is no role `securty`; did you mean `/revoke security`?",
            id="misspelt revoke",
        ),
    ],
)
def test_it_is_refused_and_says_why(comment, role, facts, answer):
    said = _said(comment, role=role, **facts)
    assert _signed(said) == []
    assert _answers(said) == [answer]


@pytest.mark.parametrize("body", ["/approve this", "/approve", "/revoke it all"])
def test_other_bots_commands_are_left_alone(body):
    assert _said(a_comment(body)) == _said()


@pytest.mark.parametrize(
    ("role", "facts", "because"),
    [
        pytest.param(TEAM, {}, "whether `ann` is in `acme/security` is not known yet", id="membership not asked"),
        pytest.param(TEAM, {"memberships": _member(Unavailable("502"))}, "502", id="membership unreadable"),
        pytest.param(a_role(), {"pushers": None}, "who pushed the head is not known yet", id="pusher not asked"),
        pytest.param(a_role(), {"pushers": Unavailable("502")}, "502", id="pusher unreadable"),
    ],
)
def test_what_cannot_be_told_is_unknown(role, facts, because):
    standing = _said(APPROVED, role=role, **facts).standings["security"]
    assert (standing.unknown, finding(standing, HEAD).state) == (because, State.UNKNOWN)


def test_without_comments_nobody_can_be_told_to_have_signed():
    said = heard(rules_of(a_role()), a_snapshot(comments=Unavailable("502")))
    assert said.standings["security"].unknown == "502"


def test_a_quorum_counts_people_not_comments():
    role = a_role(count=2)
    once = _said(APPROVED, a_comment("/approve security", ago=4), role=role).standings["security"]
    assert (once.missing, finding(once, HEAD).seen) == (1, "security: so far signed by `ann`")
    both = _said(APPROVED, a_comment("/approve security", by="bob", ago=4), role=role).standings["security"]
    assert finding(both, HEAD).seen == "security: signed by `ann` and `bob`"


@pytest.mark.parametrize(
    ("comments", "closings", "signed"),
    [
        pytest.param([APPROVED, a_comment("/revoke security", ago=5)], [], [], id="taken back"),
        pytest.param([a_comment("/revoke security", ago=15), APPROVED], [], ["ann"], id="signed again"),
        pytest.param([APPROVED, a_comment("/revoke security", by="bob", ago=5)], [], ["ann"], id="only one's own"),
        pytest.param([APPROVED], [a_revoke()], [], id="remembered, though its comment is gone"),
        pytest.param([APPROVED], [a_revoke(by="ANN")], [], id="remembered under another spelling"),
        pytest.param([APPROVED], [a_revoke(ago=15)], ["ann"], id="remembered from before"),
        pytest.param([APPROVED], [a_revoke(role="devops")], ["ann"], id="of another role"),
        pytest.param(
            [APPROVED, a_comment("/revoke security", ago=15, edited_at=minutes_ago(1))],
            [],
            [],
            id="an edited comment closes from the edit on",
        ),
        pytest.param(
            [APPROVED, a_comment("/revoke security", by=None, ago=5)], [], ["ann"], id="a ghost closes nothing"
        ),
    ],
)
def test_revoke(comments, closings, signed):
    assert _signed(_said(*comments, closings=tuple(closings))) == signed


def test_a_revoke_is_remembered_once():
    revoke = a_comment("/revoke security", ago=5)
    first = _said(APPROVED, revoke)
    [closing] = first.closings
    assert (closing.comment, closing.login, closing.at) == (revoke.key, "ann", revoke.created_at)
    assert _said(APPROVED, revoke, closings=first.closings).closings == ()


LINEAR = Comparison(linear=True, files=frozenset({"src/auth/login.py", "README.md"}))
PATHS = a_role(stale_paths=("**/auth/**",))


@pytest.mark.parametrize(
    ("role", "comparison", "dropped"),
    [
        pytest.param(a_role(), Comparison(linear=True, files=frozenset()), "", id="nothing changed since"),
        pytest.param(
            a_role(),
            LINEAR,
            "`aaaaaaa` was pushed after `bbbbbbb` was signed and changes `README.md` and `src/auth/login.py`",
            id="something changed",
        ),
        pytest.param(
            PATHS,
            LINEAR,
            "`aaaaaaa` was pushed after `bbbbbbb` was signed and changes `src/auth/login.py`",
            id="something of theirs changed",
        ),
        pytest.param(
            PATHS, Comparison(linear=True, files=frozenset({"README.md"})), "", id="nothing of theirs changed"
        ),
        pytest.param(
            a_role(),
            Comparison(linear=True, files=frozenset("abcde")),
            "`aaaaaaa` was pushed after `bbbbbbb` was signed and changes `a`, `b`, `c` and 2 more",
            id="three files are enough to see",
        ),
        pytest.param(
            PATHS,
            Comparison(linear=False, files=frozenset()),
            "the branch was rewritten after `bbbbbbb` was signed, and the two can't be compared",
            id="rewritten",
        ),
        pytest.param(
            PATHS,
            None,
            "`aaaaaaa` was pushed after `bbbbbbb` was signed and the two can't be compared",
            id="not compared yet",
        ),
        pytest.param(
            PATHS,
            Unavailable("502"),
            "`aaaaaaa` was pushed after `bbbbbbb` was signed and the two can't be compared",
            id="can't be compared",
        ),
        pytest.param(
            a_role(stale=Stale.PUSH), None, "`aaaaaaa` was pushed after `bbbbbbb` was signed", id="any push drops it"
        ),
        pytest.param(a_role(stale=Stale.NEVER), None, "", id="no push drops it"),
    ],
)
def test_what_a_push_drops(role, comparison, dropped):
    comparisons = {} if comparison is None else {OLD: comparison}
    said = _said(a_comment("/approve security", ago=30), role=role, heads=HEADS, comparisons=comparisons)
    standing = said.standings["security"]
    assert [sign_off.dropped for sign_off in standing.dropped] == ([dropped] if dropped else [])
    assert finding(standing, HEAD).state is (State.UNMET if dropped else State.MET)


def test_a_sign_off_of_an_older_head_can_be_named():
    said = _said(a_comment(f"/approve security {OLD[:7]}"), role=a_role(stale=Stale.PUSH), heads=HEADS)
    assert [sign_off.sha for sign_off in said.standings["security"].dropped] == [OLD]


def test_signing_again_after_a_push_is_enough():
    said = _said(a_comment("/approve security", ago=30), APPROVED, role=a_role(stale=Stale.PUSH), heads=HEADS)
    assert (_signed(said), said.standings["security"].dropped) == (["ann"], ())


def test_a_team_is_named_and_not_its_members():
    standing = _said(role=TEAM).standings["security"]
    found = finding(standing, HEAD)
    assert (found.wanted, found.do) == ("a sign-off by `acme/security`", f"`/approve security {HEAD[:7]}`")
    assert finding(_said(role=a_role(count=2)).standings["security"], HEAD).wanted == "2 sign-offs by `ann` or `bob`"


@pytest.mark.parametrize(
    ("comment", "role", "facts", "memberships", "comparisons", "pushers"),
    [
        pytest.param(APPROVED, a_role(), {}, set(), set(), False, id="nothing is open"),
        pytest.param(APPROVED, TEAM, {}, {("acme/security", "ann")}, set(), False, id="a membership"),
        pytest.param(APPROVED, TEAM, {"memberships": _member(False)}, set(), set(), False, id="a membership, known"),
        pytest.param(APPROVED, a_role(), {"pushers": None}, set(), set(), True, id="who pushed"),
        pytest.param(
            APPROVED, a_role(exclude=BY_HEAD_ONLY), {"pushers": None}, set(), set(), False, id="nobody minds who pushed"
        ),
        pytest.param(
            a_comment(f"/approve security {OLD}"), a_role(), {"heads": HEADS}, set(), {OLD}, False, id="an older commit"
        ),
        pytest.param(
            a_comment(f"/approve security {OLD}"),
            a_role(stale=Stale.PUSH),
            {"heads": HEADS},
            set(),
            set(),
            False,
            id="dropped anyway",
        ),
        pytest.param(a_comment("/revoke security"), TEAM, {}, set(), set(), False, id="a revoke"),
        pytest.param(a_comment("/approve security", by="zed"), TEAM, {}, set(), set(), False, id="the author"),
        pytest.param(
            a_comment("/approve security", edited_at=minutes_ago(1)), TEAM, {}, set(), set(), False, id="edited"
        ),
        pytest.param(a_comment("/approve security", is_bot=True), TEAM, {}, set(), set(), False, id="an App"),
        pytest.param(
            APPROVED,
            TEAM,
            {"heads": ()},
            {("acme/security", "ann")},
            set(),
            False,
            id="who wrote it, though it signs nothing",
        ),
    ],
)
def test_what_has_to_be_asked(comment, role, facts, memberships, comparisons, pushers):
    asked = questions(rules_of(role), a_snapshot(comments=(comment,), **facts))
    assert (asked.memberships, asked.comparisons, asked.pushers) == (memberships, comparisons, pushers)
    assert bool(asked) is bool(memberships or comparisons or pushers)


def test_nothing_can_be_asked_about_comments_that_cannot_be_read():
    assert not questions(rules_of(TEAM), a_snapshot(comments=Unavailable("502")))


def test_a_required_role_blocks_until_it_signed():
    rules = rules_of(a_role())
    assert evaluate(rules, a_snapshot()).outcome is Outcome.BLOCKED
    assert evaluate(rules, a_snapshot(comments=(APPROVED,))).outcome is Outcome.READY


@pytest.mark.parametrize(
    ("tags", "dropped"),
    [
        pytest.param((), "it names the version 2.0.0, and the next one is 0.0.1", id="another one comes next"),
        pytest.param(
            Unavailable("tags are hidden"),
            "it names the version 2.0.0, and the next one is not known: tags are hidden",
            id="what comes next can't be told",
        ),
    ],
)
def test_the_version_that_it_names_has_to_be_the_next(tags, dropped):
    verdict = evaluate(rules_of(a_role()), a_snapshot(comments=(a_comment("/approve security 2.0.0"),), tags=tags))
    (standing,) = verdict.standings
    assert (standing.signed, [one.dropped for one in standing.dropped]) == ((), [dropped])
