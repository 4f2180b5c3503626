"""Who may act for a role, why a role can't be filled, and that what is not known never counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.authority import Authority, authority, unfilled_questions, who_may, why_unfilled
from bot.gate.facts import Comment, Commit, Unavailable
from bot.gate.rules import Exclude, Role
from tests.builders import a_comment, a_role, a_snapshot

LOST = Unavailable("lost")
OPENED_BY_APP = {"author": "renovate", "author_is_bot": True}
SAID = a_comment("/approve security")
TEAM = a_role(users=frozenset(), teams=frozenset({"acme/security"}))
BY_APP = a_role(apps=frozenset({"renovate"}))
BY_NOBODY = a_role(exclude=frozenset[Exclude]())
BY_COMMITTERS = a_role(exclude=frozenset({Exclude.COMMITTERS}))
COMMITTED = (Commit(sha="1", message="x", people=frozenset({"Ann", "zed"})),)


def _app(slug: str | None, login: str = "renovate") -> Comment:
    return a_comment("/approve security", by=login, is_bot=True, app=slug)


def _in_team(answer: Any) -> dict[tuple[str, str], Any]:
    return {("acme/security", "ann"): answer}


@pytest.mark.parametrize(
    ("role", "comment", "facts", "answer"),
    [
        pytest.param(a_role(), SAID, {}, Authority.GIVEN, id="a listed person"),
        pytest.param(a_role(), a_comment("x", by="ANN"), {}, Authority.GIVEN, id="logins have no case"),
        pytest.param(a_role(), a_comment("x", by="аnn"), {}, Authority.STRANGER, id="a look-alike with a Cyrillic а"),
        pytest.param(TEAM, SAID, {"memberships": _in_team(True)}, Authority.GIVEN, id="a member of the team"),
        pytest.param(TEAM, SAID, {"memberships": _in_team(False)}, Authority.STRANGER, id="no member of the team"),
        pytest.param(a_role(), a_comment("x", by=None), {}, Authority.NOBODY, id="a deleted account"),
        pytest.param(BY_APP, _app("renovate"), {}, Authority.GIVEN, id="an App that the role lists"),
        pytest.param(BY_APP, _app("evil"), {}, Authority.NOBODY, id="another App of the same login"),
        pytest.param(BY_APP, _app(None), {}, Authority.NOBODY, id="a bot that is no App"),
        pytest.param(a_role(), _app("ann", "ann"), {}, Authority.NOBODY, id="an App called as a person who may"),
        pytest.param(
            BY_APP, a_comment("x", by="renovate"), {}, Authority.STRANGER, id="a person called as an App that may"
        ),
        pytest.param(BY_APP, _app("renovate"), OPENED_BY_APP, Authority.AUTHOR, id="the author, an App"),
        pytest.param(
            BY_APP,
            _app("renovate"),
            {"author": "renovate", "author_is_bot": LOST},
            Authority.AUTHOR,
            id="perhaps the author, where it can't be told whether an App opened it",
        ),
        pytest.param(
            BY_APP, _app("renovate"), {"author": "renovate"}, Authority.GIVEN, id="an App called as the author is"
        ),
        pytest.param(
            a_role(users={"renovate"}),
            a_comment("x", by="renovate"),
            OPENED_BY_APP,
            Authority.GIVEN,
            id="a person called as the App that opened it",
        ),
        pytest.param(
            BY_APP, _app("renovate"), {"pushers": {"renovate[bot]"}}, Authority.PUSHER, id="an App that pushed last"
        ),
        pytest.param(
            BY_APP, _app("renovate"), {"pushers": {"renovate"}}, Authority.GIVEN, id="an App called as who pushed last"
        ),
        pytest.param(
            a_role(users={"renovate"}),
            a_comment("x", by="renovate"),
            {"pushers": {"renovate[bot]"}},
            Authority.GIVEN,
            id="a person called as the App that pushed last",
        ),
        pytest.param(
            a_role(apps={"renovate"}, exclude=BY_COMMITTERS.exclude),
            _app("renovate"),
            {"commits": (Commit(sha="1", message="x", people=frozenset({"renovate[bot]"})),)},
            Authority.COMMITTER,
            id="an App that has commits in it",
        ),
        pytest.param(a_role(), SAID, {"author": "ANN"}, Authority.AUTHOR, id="the author"),
        pytest.param(BY_NOBODY, SAID, {"author": "ann"}, Authority.GIVEN, id="the author of whom nobody minds"),
        pytest.param(a_role(), SAID, {"pushers": frozenset({"Ann"})}, Authority.PUSHER, id="who pushed last"),
        pytest.param(
            BY_NOBODY, SAID, {"pushers": frozenset({"ann"})}, Authority.GIVEN, id="who pushed last and nobody minds"
        ),
        pytest.param(BY_COMMITTERS, SAID, {"commits": COMMITTED}, Authority.COMMITTER, id="who has commits in it"),
        pytest.param(a_role(), SAID, {"commits": COMMITTED}, Authority.GIVEN, id="who has commits, and nobody minds"),
        pytest.param(BY_COMMITTERS, SAID, {"commits": LOST}, LOST, id="whose commits can't be told"),
        pytest.param(a_role(), SAID, {"pushers": LOST}, LOST, id="when it can't be told who pushed"),
        pytest.param(TEAM, SAID, {"memberships": _in_team(LOST)}, LOST, id="when the team can't be told"),
        pytest.param(
            a_role(users=frozenset(), teams=frozenset({"acme/security", "acme/a"})),
            SAID,
            {"memberships": {("acme/security", "ann"): True, ("acme/a", "ann"): LOST}},
            Authority.GIVEN,
            id="in one team, when the other can't be told",
        ),
    ],
)
def test_who_may_act(role, comment, facts, answer):
    assert authority(role, comment, a_snapshot(**facts)) == answer


PEOPLE = st.frozensets(st.sampled_from(["ann", "bob", "zed"]))
FACTS = st.fixed_dictionaries(
    {
        "author": st.sampled_from(["ann", "zed"]),
        "pushers": PEOPLE | st.just(LOST) | st.none(),
        "commits": st.just(LOST) | st.just(COMMITTED) | st.just(()),
        "memberships": st.dictionaries(st.just(("acme/security", "ann")), st.booleans() | st.just(LOST)),
    }
)
ROLES = st.builds(
    lambda users, teams, exclude: a_role(users=users, teams=teams, exclude=exclude),
    PEOPLE,
    st.frozensets(st.just("acme/security")),
    st.frozensets(st.sampled_from(Exclude)),
)


@given(ROLES, FACTS)
def test_knowing_less_never_gives_authority(role, facts):
    if authority(role, SAID, a_snapshot(**facts)) is Authority.GIVEN:
        return
    for name, less in (
        ("pushers", LOST),
        ("pushers", None),
        ("commits", LOST),
        ("memberships", {}),
        ("memberships", _in_team(LOST)),
    ):
        assert authority(role, SAID, a_snapshot(**{**facts, name: less})) is not Authority.GIVEN


@pytest.mark.parametrize(
    ("role", "facts", "because"),
    [
        pytest.param(a_role(), {}, "", id="two people may"),
        pytest.param(a_role(users={"zed"}), {}, "can't be filled: its only member is the author", id="only the author"),
        pytest.param(
            a_role(users={"ZED", "ann"}),
            {"pushers": frozenset({"ann"})},
            "can't be filled: its only members are the author and who pushed last",
            id="the author and who pushed last",
        ),
        pytest.param(
            a_role(users={"ann"}, exclude=frozenset({Exclude.COMMITTERS})),
            {"commits": COMMITTED},
            "can't be filled: its only member is who has commits in it",
            id="who has commits in it",
        ),
        pytest.param(
            a_role(users={"ann"}, exclude=frozenset({Exclude.COMMITTERS})), {"commits": LOST}, "", id="unread"
        ),
        pytest.param(
            a_role(users={"ann", "bob", "zed"}, count=3),
            {},
            "can't be filled: it wants 3 people, and 2 of its members may sign",
            id="too few are left",
        ),
        pytest.param(TEAM, {"team_members": {}}, "", id="a team that nobody asked about"),
        pytest.param(TEAM, {}, "", id="a team that can't be told"),
        pytest.param(
            TEAM,
            {"team_members": {"acme/security": frozenset({"Zed"})}},
            "can't be filled: its only member is the author",
            id="a team of the author alone",
        ),
        pytest.param(
            TEAM,
            {"team_members": {"acme/security": frozenset()}},
            "can't be filled: nobody is in it",
            id="an empty team",
        ),
        pytest.param(a_role(users={"zed"}, apps={"renovate"}), {}, "", id="an App may"),
    ],
)
def test_why_nobody_can_fill_a_role(role, facts, because):
    assert why_unfilled(role, a_snapshot(**facts)) == because


@pytest.mark.parametrize(
    ("role", "teams", "pushers"),
    [
        pytest.param(TEAM, {"acme/security"}, True, id="a team"),
        pytest.param(a_role(), set(), True, id="listed people"),
        pytest.param(BY_NOBODY, set(), False, id="where nobody minds who pushed"),
        pytest.param(a_role(teams={"acme/security"}, apps={"renovate"}), set(), True, id="an App fills it anyhow"),
    ],
)
def test_what_is_asked_before_it_is_said(role, teams, pushers):
    asked = unfilled_questions(role, a_snapshot(team_members={}, pushers=None))
    assert (asked.team_members, asked.pushers) == (teams, pushers)


def test_teams_come_before_people_and_apps():
    role = Role(id="x", users=frozenset({"b", "a"}), teams=frozenset({"o/t"}), apps=frozenset({"ci"}))
    assert who_may(role) == "`o/t`, `a`, `b` or `ci[bot]`"
