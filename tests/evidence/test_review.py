"""`review`: people with write access approved the current head."""

from typing import Any

import pytest

from bot.evidence.review import Review
from bot.gate.facts import File, Unavailable
from bot.gate.finding import Finding, State, Who
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from tests.builders import OLD, a_candidate, a_change, a_review, minutes_ago

MET, UNMET = State.MET, State.UNMET
ONE, TWO, BY_TEAM = Review(), Review(count=2), Review(teams=("acme/web", "acme/ops"))
WEB, OPS = ("acme/web", "rita"), ("acme/ops", "otto")
ELSEWHERE = {("acme/web", "otto"): False, ("acme/ops", "rita"): False}


@pytest.mark.parametrize(
    ("evidence", "reviews", "state", "seen"),
    [
        pytest.param(ONE, [a_review()], MET, "approved by `rita`", id="approved"),
        pytest.param(ONE, [], UNMET, "no approving review of this head", id="not reviewed"),
        pytest.param(
            ONE, [a_review(is_approval=False)], UNMET, "no approving review of this head", id="changes wanted"
        ),
        pytest.param(
            ONE,
            [a_review(sha=OLD)],
            UNMET,
            "no approving review of this head; an older head was approved by `rita`",
            id="of an older head",
        ),
        pytest.param(ONE, [a_review("zed")], UNMET, "no approving review of this head", id="by the author"),
        pytest.param(ONE, [a_review(is_bot=True)], UNMET, "no approving review of this head", id="by an App"),
        pytest.param(ONE, [a_review(None)], UNMET, "no approving review of this head", id="by a deleted account"),
        pytest.param(TWO, [a_review()], UNMET, "1 approving review of this head, by `rita`", id="one of two"),
        pytest.param(TWO, [a_review(), a_review("otto")], MET, "approved by `rita` and `otto`", id="both"),
    ],
)
def test_review(evidence, reviews, state, seen):
    finding = evidence.judge(a_candidate(reviews=tuple(reviews)))
    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("reviews", "members", "state"),
    [
        pytest.param([a_review(), a_review("otto")], {WEB: True, OPS: True, **ELSEWHERE}, MET, id="one of each"),
        pytest.param([a_review()], {WEB: True, **ELSEWHERE}, UNMET, id="a team is missing"),
        pytest.param([a_review()], {WEB: True}, State.UNKNOWN, id="a team can't be told"),
        pytest.param([a_review()], {WEB: True, ("acme/ops", "rita"): True}, MET, id="one person is in both"),
    ],
)
def test_teams(reviews, members, state):
    assert BY_TEAM.judge(a_candidate(reviews=tuple(reviews), memberships=members)).state is state


def test_it_names_the_teams_that_are_missing():
    finding = BY_TEAM.judge(a_candidate(reviews=(a_review(),), memberships={WEB: True, **ELSEWHERE}))
    assert (finding.wanted, finding.who) == ("1 approving review, one by `acme/ops`", Who.REVIEWER)
    assert TWO.judge(a_candidate()).wanted == "2 approving reviews"


def test_it_is_met_since_the_last_of_them():
    reviews = (a_review(ago=5), a_review("otto", ago=9))
    assert TWO.judge(a_candidate(reviews=reviews)).at == minutes_ago(5)


def test_one_approval_more_changes_nothing():
    reviews = (a_review("otto", ago=5), a_review(ago=9), a_review("olga", ago=1))
    assert ONE.judge(a_candidate(reviews=reviews)).at == minutes_ago(9)
    assert TWO.judge(a_candidate(reviews=reviews)).at == minutes_ago(5)
    members = {WEB: True, OPS: True, **ELSEWHERE, ("acme/web", "olga"): True, ("acme/ops", "olga"): True}
    assert BY_TEAM.judge(a_candidate(reviews=reviews, memberships=members)).at == minutes_ago(5)


def test_what_cannot_be_read_is_unknown():
    assert ONE.judge(a_candidate(reviews=Unavailable("502"))).state is State.UNKNOWN


def test_it_needs_the_reviews_and_the_teams():
    assert BY_TEAM.needs() == Needs(
        reviews=True, review_teams=frozenset({"acme/web", "acme/ops"}), heeds=frozenset({Topic(Subject.REVIEW)})
    )


OWNED = Review(codeowners=True)
WEB_AND_ANN = "* @acme/web\n/docs/ @ann\n/free\n/mail a@b.example\n/own @zed\n"
SRC, DOCS, FREE = a_change("src/a.py"), a_change("docs/a.md"), a_change("free/a")


def owners_file(text: str | None = WEB_AND_ANN, size: int = 1) -> File:
    return File(path="CODEOWNERS", size=size, text=text)


def judged(evidence: Review = OWNED, text: str = WEB_AND_ANN, **facts: Any) -> Finding:
    known: dict[str, Any] = {"code_owners": owners_file(text), "changes": (SRC,)}
    return evidence.judge(a_candidate(**known | facts))


NOT_YET = "a code owner has yet to approve {} owned files at this head"
RITA_IN_WEB, RITA_NOT_IN_WEB = {WEB: True}, {WEB: False}


@pytest.mark.parametrize(
    ("changes", "reviews", "members", "state", "seen"),
    [
        pytest.param([SRC], [a_review()], RITA_IN_WEB, MET, "code owners approved every", id="by a member of the team"),
        pytest.param([SRC], [a_review()], RITA_NOT_IN_WEB, UNMET, NOT_YET.format("1 of 1"), id="by somebody else"),
        pytest.param([SRC], [], {}, UNMET, NOT_YET.format("1 of 1"), id="by nobody"),
        pytest.param([SRC], [a_review()], {}, State.UNKNOWN, "whether `rita` is in", id="by who may be a member"),
        pytest.param([DOCS], [a_review("Ann")], {}, MET, "code owners approved", id="by a person, in any letters"),
        pytest.param([DOCS], [a_review()], {}, UNMET, NOT_YET.format("1 of 1"), id="by another person"),
        pytest.param([SRC, DOCS], [a_review()], RITA_IN_WEB, UNMET, NOT_YET.format("1 of 2"), id="of one of two"),
        pytest.param(
            [SRC, DOCS],
            [a_review(), a_review("ann")],
            {**RITA_IN_WEB, ("acme/web", "ann"): False},
            MET,
            "code owners approved",
            id="of each",
        ),
        pytest.param([FREE], [], {}, MET, "no changed file has code owners", id="of nobody's files: nobody's"),
        pytest.param([], [], {}, MET, "no changed file has code owners", id="of no files"),
        pytest.param(
            [a_change("free/b", was="src/b")], [], {}, UNMET, NOT_YET.format("1 of 1"), id="of what was theirs before"
        ),
        pytest.param(
            [a_change("src/b", was="free/b")], [], {}, UNMET, NOT_YET.format("1 of 1"), id="of what becomes theirs"
        ),
        pytest.param(
            [SRC],
            [a_review(sha=OLD)],
            RITA_IN_WEB,
            UNMET,
            f"{NOT_YET.format('1 of 1')}; an older head was approved by `rita`",
            id="of an older head",
        ),
        pytest.param([SRC], [a_review(is_approval=False)], RITA_IN_WEB, UNMET, NOT_YET.format("1 of 1"), id="refused"),
        pytest.param([SRC], [a_review(is_bot=True)], RITA_IN_WEB, UNMET, NOT_YET.format("1 of 1"), id="by an App"),
        pytest.param(
            [a_change("own")], [a_review("zed")], {}, UNMET, NOT_YET.format("1 of 1"), id="by the author, who owns it"
        ),
        pytest.param([a_change("mail")], [a_review()], {}, UNMET, NOT_YET.format("1 of 1"), id="who is an address"),
        pytest.param(
            [SRC, DOCS], [a_review()], {}, UNMET, NOT_YET.format("1 of 2"), id="of one for sure not, of another maybe"
        ),
    ],
)
def test_code_owners_approval(changes, reviews, members, state, seen):
    finding = judged(changes=tuple(changes), reviews=tuple(reviews), memberships=members)
    assert finding.state is state
    assert finding.seen.startswith(seen)


@pytest.mark.parametrize(
    ("facts", "state", "seen", "do"),
    [
        pytest.param(
            {"code_owners": None},
            UNMET,
            "there is no CODEOWNERS at `main`",
            "add `.github/CODEOWNERS` to `main`, with a line such as `* @org/team`",
            id="there is none",
        ),
        pytest.param(
            {"code_owners": owners_file(None, 3 * 1024 * 1024 + 1)},
            UNMET,
            "`CODEOWNERS` at `main` has more than 3 MB, so GitHub does not load it",
            "make it smaller",
            id="it is too large",
        ),
        pytest.param(
            {"code_owners": owners_file(None)},
            State.UNKNOWN,
            "GitHub does not show the text of `CODEOWNERS`",
            "see that the App may read it",
            id="it is cut off",
        ),
        pytest.param(
            {"code_owners": Unavailable("502")}, State.UNKNOWN, "502", "see that the App may read it", id="it is hidden"
        ),
        pytest.param(
            {"changes": Unavailable("3,001 files")},
            State.UNKNOWN,
            "3,001 files",
            "see that the App may read it",
            id="the changed files are cut off",
        ),
        pytest.param(
            {"reviews": Unavailable("502")},
            State.UNKNOWN,
            "502",
            "see that the App may read it",
            id="the reviews are hidden",
        ),
        pytest.param(
            {"code_owners": owners_file("*" * 40 + " @a\n" + "a*" * 20 + " @a")},
            State.UNKNOWN,
            "the pattern in line 2 of CODEOWNERS has more than 16 wildcards",
            "see that the App may read it",
            id="it asks for too much",
        ),
    ],
)
def test_a_code_owners_file_that_can_not_tell(facts, state, seen, do):
    finding = judged(**facts)
    assert (finding.state, finding.seen, finding.do) == (state, seen, do)


def test_hidden_reviews_matter_only_where_somebody_owns_something():
    assert judged(changes=(FREE,), reviews=Unavailable("502")).state is MET


def test_what_is_missing_is_told_by_owners_with_examples_and_no_member_s_name():
    changes = (DOCS, *(a_change(f"src/{n}") for n in range(5)), a_change("own"), a_change("mail"))
    finding = judged(changes=changes, reviews=(a_review(),), memberships=RITA_NOT_IN_WEB)
    assert finding.seen == NOT_YET.format("8 of 8")
    assert finding.wanted.split("; ") == [
        "`ann` for `docs/a.md`",
        "an owner who is not named by e-mail, for that tells nobody's login, for `mail`",
        "an owner besides `zed`, who opened the pull request, for `own`",
        "`acme/web` for `src/0`, `src/1`, `src/2` and 2 more",
    ]
    assert finding.do == "review the pull request and approve it; name one in CODEOWNERS at `main`, by login or team"
    assert finding.who is Who.REVIEWER


def test_where_no_review_can_help_an_admin_has_to_act():
    finding = judged(changes=(a_change("own"),))
    assert (finding.do, finding.who) == ("name one in CODEOWNERS at `main`, by login or team", Who.ADMIN)


def test_many_owners_are_cut():
    text = "".join(f"/{n} {' '.join(f'@u{n}{m}' for m in range(7))}\n" for n in range(7))
    wanted = judged(text=text, changes=tuple(a_change(str(n)) for n in range(7))).wanted.split("; ")
    assert wanted[0] == "`u00`, `u01`, `u02`, `u03`, `u04` or 2 more for `0`"
    assert (len(wanted), wanted[-1]) == (6, "2 more")


@pytest.mark.parametrize("changes", [(SRC,), (FREE,)])
def test_lines_with_errors_are_told(changes):
    finding = judged(text=f"{WEB_AND_ANN}!x @a\n/y nobody\n", changes=changes)
    assert finding.seen.endswith("; CODEOWNERS has errors that GitHub passes over, in lines 6 and 7")


def test_it_is_met_since_the_last_file_found_its_first_owner():
    reviews = (a_review("ann", ago=9), a_review(ago=5), a_review("otto", ago=1))
    members = {WEB: True, ("acme/web", "otto"): True, ("acme/web", "ann"): False}
    assert judged(changes=(SRC, DOCS), reviews=reviews, memberships=members).at == minutes_ago(5)


@pytest.mark.parametrize(
    ("evidence", "changes", "reviews", "state"),
    [
        pytest.param(OWNED, (FREE,), (), MET, id="alone it asks nobody where nobody owns anything"),
        pytest.param(Review(codeowners=True, count=1), (FREE,), (), UNMET, id="beside a number the number holds too"),
        pytest.param(Review(codeowners=True, count=1), (FREE,), (a_review(),), MET, id="whoever it is"),
        pytest.param(Review(codeowners=True, count=1), (DOCS,), (a_review(),), UNMET, id="and so do the owners"),
        pytest.param(Review(codeowners=True, count=1), (DOCS,), (a_review("ann"),), MET, id="who count as one of them"),
        pytest.param(
            Review(codeowners=True, teams=("acme/web",)), (DOCS,), (a_review("ann"),), UNMET, id="teams hold as well"
        ),
        pytest.param(
            Review(codeowners=True, teams=("acme/web",)), (DOCS,), (a_review("ann"), a_review()), MET, id="each"
        ),
    ],
)
def test_code_owners_beside_other_options(evidence, changes, reviews, state):
    members = {WEB: True, ("acme/web", "ann"): False}
    assert judged(evidence, changes=changes, reviews=reviews, memberships=members).state is state


def test_a_team_beside_code_owners_is_wanted_once():
    finding = judged(Review(codeowners=True, teams=("acme/web",)), changes=(FREE,))
    assert finding.wanted == "1 approving review, one by `acme/web`"


def test_code_owners_need_the_changes_and_the_file():
    assert OWNED.needs() == Needs(
        reviews=True, changes=True, code_owners=True, heeds=frozenset({Topic(Subject.REVIEW)})
    )
