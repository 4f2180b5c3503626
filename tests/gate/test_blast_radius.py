"""Areas: what a change touches, with counts, and what depends on it."""

import pytest

from bot.gate.blast_radius import Area, Radius, highest_radius, touched
from bot.gate.facts import ChangedFile, Unavailable
from tests.builders import a_change

AUTH = Area(id="authentication", paths=("**/auth/**",), radius=Radius.HIGH, roles=("security",))
API = Area(id="api", paths=("api/**",), radius=Radius.MEDIUM, depends_on=("authentication",))
WEB = Area(id="web", paths=("web/**",), radius=Radius.HIGH, depends_on=("api",))
DOCS = Area(id="docs", paths=("docs/**",), radius=Radius.LOW)
AREAS = (WEB, AUTH, API, DOCS)


@pytest.mark.parametrize(
    ("paths", "reaches"),
    [
        pytest.param(["x.py"], {}, id="a file of no area"),
        pytest.param(["docs/a.md"], {"docs": ()}, id="nothing depends on it"),
        pytest.param(["api/a.py"], {"api": ("web",)}, id="what uses it"),
        pytest.param(["lib/auth/a.py"], {"authentication": ("web", "api")}, id="what uses that, in the rules' order"),
        pytest.param(
            ["api/a.py", "api/auth/b.py"],
            {"authentication": ("web", "api"), "api": ("web",)},
            id="a file of two areas counts in both",
        ),
    ],
)
def test_what_a_change_reaches(paths, reaches):
    areas = touched(AREAS, tuple(a_change(path) for path in paths))
    assert not isinstance(areas, Unavailable)
    assert {one.area.id: one.reaches for one in areas} == reaches


def test_files_and_lines_are_counted():
    changes = (
        ChangedFile(path="docs/new.md", previous="api/old.md", additions=5, deletions=1),
        ChangedFile(path="api/c.py", previous="api/d.py", additions=2, deletions=3),
        ChangedFile(path="x", previous=None, additions=100, deletions=100),
    )
    areas = touched(AREAS, changes)
    assert not isinstance(areas, Unavailable)
    assert [(one.area.id, one.files, one.additions, one.deletions) for one in areas] == [
        ("api", 2, 7, 4),
        ("docs", 1, 5, 1),
    ]


@pytest.mark.parametrize(
    ("areas", "changes", "answer"),
    [
        pytest.param((), None, (), id="no areas, nothing to read"),
        pytest.param(AREAS, None, Unavailable("the changed files were not read"), id="not read"),
        pytest.param(AREAS, Unavailable("cut off"), Unavailable("cut off"), id="not known"),
    ],
)
def test_what_is_not_known_stays_so(areas, changes, answer):
    assert touched(areas, changes) == answer


@pytest.mark.parametrize(
    ("paths", "radius"),
    [
        pytest.param(frozenset({"x"}), None, id="no area"),
        pytest.param(frozenset({"docs/a", "api/b"}), Radius.MEDIUM, id="the highest that is touched, not reached"),
        pytest.param(Unavailable("cut off"), Unavailable("cut off"), id="not known"),
    ],
)
def test_the_highest_radius(paths, radius):
    assert highest_radius(AREAS, paths) == radius


def test_areas_that_depend_on_one_another_end():
    one = Area(id="one", paths=("a",), radius=Radius.LOW, depends_on=("two",))
    two = Area(id="two", paths=("b",), radius=Radius.LOW, depends_on=("one",))
    [found] = touched((one, two), (a_change("a"),))  # type: ignore[misc]
    assert found.reaches == ("two",)
