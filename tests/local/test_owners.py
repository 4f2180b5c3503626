"""Who signs together, by a CODEOWNERS file."""

import pytest

from bot.local.owners import MOST_ROLES, Owner, owners


def owner(role: str, teams: tuple[str, ...] = (), users: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> Owner:
    return Owner(role=role, teams=teams, users=users, paths=paths)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("* @acme/web\n", [owner("owners", ("acme/web",))], id="a team owns everything"),
        pytest.param("* @ann @bob # both", [owner("owners", (), ("ann", "bob"))], id="people do"),
        pytest.param(
            "/docs/ @acme/Docs\n*.md @acme/Docs\n",
            [owner("docs", ("acme/Docs",), (), ("/docs/", "*.md"))],
            id="paths of one team",
        ),
        pytest.param(
            "* @acme/a\n/x @acme/b\n* @acme/c\n",
            [owner("owners", ("acme/c",)), owner("b", ("acme/b",), (), ("/x",))],
            id="the last owner of everything counts",
        ),
        pytest.param(
            "/src/auth @ann @acme/sec\n",
            [owner("owners-src-auth", ("acme/sec",), ("ann",), ("/src/auth",))],
            id="a team and a person",
        ),
        pytest.param(
            "/a @acme/web\n/b @other/web\n",
            [owner("web", ("acme/web",), (), ("/a",)), owner("web-2", ("other/web",), (), ("/b",))],
            id="teams of one name",
        ),
        pytest.param(
            "/a @acme/1st_team\n", [owner("team-1st-team", ("acme/1st_team",), (), ("/a",))], id="an odd slug"
        ),
        pytest.param("# * @acme/web\n\n/a ann@example.test\n/b\n", [], id="comments, addresses and paths of nobody"),
        pytest.param("!x @acme/a\n[a] @acme/a\n***?*?*?*?*?*?*?*?*?*?*?*? @acme/a", [], id="paths that no rules take"),
    ],
)
def test_owners(text, expected):
    assert list(owners(text)) == expected


def test_more_teams_than_anybody_wants_to_ask_are_cut():
    assert len(owners("".join(f"/{n} @acme/t{n}\n" for n in range(50)))) == MOST_ROLES


@pytest.mark.parametrize(
    ("one", "able"),
    [
        (owner("a", teams=("acme/a",)), True),
        (owner("a", users=("ann", "bob")), True),
        (owner("a", users=("ann",)), False),
    ],
)
def test_one_person_alone_can_not_sign_the_own_work(one, able):
    assert one.may_sign_anothers_work is able
