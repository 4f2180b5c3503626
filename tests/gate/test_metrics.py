"""Figures of a release, and the words for them; what is not known stays so."""

import pytest

from bot.gate.checklist import JudgedItem
from bot.gate.facts import ChangedFile, Commit, Unavailable
from bot.gate.finding import Finding, State
from bot.gate.metrics import Metric, Rated, Ratings, needs_changes, rated
from tests.builders import a_commit, a_snapshot, an_item

SIZES = Ratings(steps=((1, "small"), (3, "large")))
CHANGES = (
    ChangedFile(path="a", previous=None, additions=1_000, deletions=20),
    ChangedFile(path="b", previous="c", additions=2, deletions=0),
)


def figure(metric: Metric, ratings: Ratings = SIZES, items: tuple[JudgedItem, ...] = (), **facts) -> Rated:
    [one] = rated({metric: ratings}, a_snapshot(**facts), items)
    return one


def by(*people: str) -> Commit:
    return Commit(sha="a" * 40, message="chore: x", people=frozenset(people))


def commits(*messages: str) -> tuple[Commit, ...]:
    return tuple(a_commit(message, sha=f"{number:040x}") for number, message in enumerate(messages))


@pytest.mark.parametrize(
    ("metric", "facts", "shown", "rating"),
    [
        pytest.param(Metric.FILES, {"changes": CHANGES}, "2", "small", id="files"),
        pytest.param(Metric.FILES, {"changes": ()}, "0", "", id="below the first word"),
        pytest.param(Metric.LINES, {"changes": CHANGES}, "+1,002 −20", "large", id="lines added and removed"),
        pytest.param(
            Metric.COMMITS, {"commits": commits("a", "b", "c")}, "3", "large", id="a word begins at its number"
        ),
        pytest.param(
            Metric.PULL_REQUESTS,
            {
                "commits": commits(
                    "feat: one (#33)", "Merge pull request #34 from acme/x\n\nfix #99", "two (#33)", "see (#7) there"
                )
            },
            "2 (33–34)",
            "small",
            id="pull requests, each once",
        ),
        pytest.param(Metric.PULL_REQUESTS, {"commits": commits("a (#7)", "b")}, "1 (7)", "small", id="one of them"),
        pytest.param(Metric.PULL_REQUESTS, {"commits": commits("b")}, "0", "", id="none of them"),
        pytest.param(
            Metric.CONTRIBUTORS,
            {"commits": (by("ann", "web-flow"), by("ann", "bob"), by("dependabot[bot]"))},
            "2",
            "small",
            id="people, no bots and not GitHub",
        ),
        pytest.param(
            Metric.BREAKING_CHANGES,
            {"commits": commits("feat!: a", "fix: b\n\nBREAKING CHANGE: c", "feat: d")},
            "2",
            "small",
            id="breaking changes",
        ),
        pytest.param(
            Metric.BREAKING_CHANGES,
            {"commits": commits("feat: a")},
            "0",
            "",
            id="no breaking change",
        ),
        pytest.param(
            Metric.SECURITY_FIXES,
            {"commits": commits("security: a", "fix(Security): b", "feat(security): c", "fix: d")},
            "2",
            "small",
            id="security fixes",
        ),
        pytest.param(
            Metric.SECURITY_FIXES,
            {"commits": commits("security: a", 'Revert "security: a"')},
            "0",
            "",
            id="what is taken back is no fix",
        ),
    ],
)
def test_figures(metric, facts, shown, rating):
    one = figure(metric, **facts)
    assert (one.shown, one.rating) == (shown, rating)


@pytest.mark.parametrize(
    ("metric", "facts", "because"),
    [
        pytest.param(Metric.FILES, {"changes": None}, "the changed files were not read", id="changes not read"),
        pytest.param(Metric.LINES, {"changes": Unavailable("cut off")}, "cut off", id="changes not known"),
        pytest.param(Metric.COMMITS, {"commits": Unavailable("250 only")}, "250 only", id="commits not known"),
    ],
)
def test_what_is_not_known_stays_so(metric, facts, because):
    assert figure(metric, **facts) == Rated(metric=metric, value=Unavailable(because))


@pytest.mark.parametrize(
    ("item", "percent", "shown", "rating"),
    [
        pytest.param("TEST-001", 87.5, "87.5 %", "excellent", id="stated by its measure"),
        pytest.param("TEST-001", None, "", "", id="not stated yet"),
        pytest.param("OTHER", 87.5, "", "", id="stated by another item"),
    ],
)
def test_coverage(item, percent, shown, rating):
    judged = JudgedItem(item=an_item(id=item), finding=Finding(state=State.MET, seen="seen", percent=percent))
    one = figure(Metric.COVERAGE, Ratings(steps=((85, "excellent"),), item="TEST-001"), (judged,))
    assert (one.shown, one.rating) == (shown, rating)
    assert isinstance(one.value, Unavailable) is not bool(shown)


@pytest.mark.parametrize(
    ("metric", "needed"),
    [(Metric.FILES, True), (Metric.LINES, True), (Metric.COMMITS, False)],
    ids=["files", "lines", "commits"],
)
def test_when_the_changed_files_are_read(metric, needed):
    assert needs_changes({metric: SIZES}) is needed
