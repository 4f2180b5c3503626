"""Which of the versions that the commits of a range state counts, and that one more breaking commit lowers nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from bot.gate.conventional import parse
from bot.gate.signals import changes_of, declared_by, of_changes
from bot.gate.version import Bump, NextVersion, Zero, decide
from tests.builders import a_commit


def _told(commits: list[tuple[str, str]], zero: Zero = Zero.MINOR, current: str = "1.2.3") -> NextVersion:
    at = Version.parse(current)
    changes = changes_of(a_commit(message, sha) for message, sha in commits)
    return decide(zero, at, of_changes(changes), declared_by(changes, at))


def _next(*messages: str, current: str = "1.2.3") -> str:
    commits = [(message, f"{number:040x}") for number, message in enumerate(messages)]
    forwards, backwards = _told(commits, current=current), _told(commits[::-1], current=current)
    assert (forwards.next, forwards.bump) == (backwards.next, backwards.bump)
    return forwards.next


@pytest.mark.parametrize(
    ("messages", "following"),
    [
        pytest.param(["fix: a", "chore(release): 1.3.0"], "1.3.0", id="a release commit"),
        pytest.param(["feat: a", "chore(release): 1.2.4"], "1.2.4", id="one that says less than the changes"),
        pytest.param(["chore(release): 1.2.4", "chore(release): 1.3.0"], "1.3.0", id="the highest of two"),
        pytest.param(["chore: 1.3.0", "chore: 1.3.1"], "1.3.1", id="one after another that was never tagged"),
        pytest.param(["chore: 1.3.0", "chore: 1.4.0", "chore: 2.0.0"], "2.0.0", id="several that were never tagged"),
        pytest.param(["fix: a", "chore: 1.2.6"], "1.2.6", id="patches that were never tagged"),
        pytest.param(["fix: a", "chore(release): 1.4.0"], "1.2.4", id="a leap: another package's, or another line's"),
        pytest.param(["fix: a", "chore(release): 1.3.1"], "1.2.4", id="a leap beyond a minor"),
        pytest.param(["fix: a", "chore(release): 2.1.0"], "1.2.4", id="a leap beyond a major"),
        pytest.param(["fix: a", "chore: a\n\nRelease-As: 1.5.0"], "1.5.0", id="a leap that somebody asks for"),
        pytest.param(
            ["fix: a", "chore(main): release a 1.2.4", "chore(main): release b 1.7.0 (#33)"],
            "1.2.4",
            id="another package's release beside the own",
        ),
        pytest.param(["fix: a", "chore(main): release b 2.0.1"], "1.2.4", id="another package's release alone"),
        pytest.param(["fix: a", "chore(main): release b 2.0.0"], "1.2.4", id="a major that nothing asks for"),
        pytest.param(["feat!: a", "chore(main): release b 2.0.0"], "2.0.0", id="a major that a change asks for"),
        pytest.param(["fix: a", "chore(main): release b 1.3.0"], "1.3.0", id="a package's release that fits"),
        pytest.param(
            ["fix: a", "release b 1.3.0", "release c 0.7.1"], "1.2.4", id="one of many packages, more than is asked for"
        ),
        pytest.param(["feat: a", "release b 1.3.0", "release c 0.7.1"], "1.3.0", id="one of many packages, as asked"),
        pytest.param(["feat: a", "release b 1.3.0", "release c 1.2.4"], "1.3.0", id="two that fit say nothing: minor"),
        pytest.param(["fix: a", "release b 1.3.0", "release c 1.2.4"], "1.2.4", id="two that fit say nothing: patch"),
        pytest.param(
            ["fix: a", "chore(release): 1.2.4 [skip ci]", "chore: release helm-chart 1.9.0"],
            "1.2.4",
            id="a release commit before a named one",
        ),
        pytest.param(
            ["fix: a", "Prepare for 1.3.0", "chore(release): 1.2.4"], "1.2.4", id="a release before what is prepared"
        ),
        pytest.param(["fix: a", "Prepare for 2.0.0"], "1.2.4", id="a major is prepared long before"),
        pytest.param(
            ["fix: a", "Merge branch 'release/1.3.0'", "Release 1.2.4"], "1.2.4", id="a release before a merge"
        ),
        pytest.param(["fix: a", "Merge branch 'release/1.3.0'"], "1.3.0", id="a merge alone"),
        pytest.param(["fix: a", "Publish\n\n - b@1.3.0", "Publish\n\n - a@1.2.4"], "1.2.4", id="two lists"),
        pytest.param(["fix: a", "Publish\n\n - a@1.2.4\n - b@4.0.1"], "1.2.4", id="a list in which one fits"),
        pytest.param(["fix: a", "Publish\n\n - a@1.3.0\n - b@4.0.1"], "1.2.4", id="a list in which a minor fits"),
        pytest.param(["fix: a", "Publish\n\n - b@1.9.0"], "1.2.4", id="a list of another package"),
        pytest.param(["fix: a", "Publish\n\n - a@1.3.0\n - b@1.3.0"], "1.3.0", id="a list of one version"),
        pytest.param(
            ["fix: a", "Release 1.3.0-beta.1", "chore(release): 1.2.4"], "1.2.4", id="a release before a pre-release"
        ),
        pytest.param(["fix: a", "Release 1.3.0-beta.1"], "1.3.0-beta.1", id="a pre-release alone"),
        pytest.param(["fix: a", "fixup! chore: release 1.3.0"], "1.2.4", id="what is squashed away"),
        pytest.param(["fix: a", "fixup! fix: a\n\nRelease-As: 1.3.0"], "1.2.4", id="the same, with a footer"),
        pytest.param(
            ["fix: a", "Merge branch 'x'\n\nRelease-As: 1.3.0"], "1.2.4", id="a merge's body asks for nothing"
        ),
        pytest.param(["fix: a", "revert: v1.3.0"], "1.2.4", id="a revert"),
        pytest.param(
            ["fix: a", "chore: release 1.3.0", 'Revert "chore: release 1.3.0"'], "1.2.4", id="what is reverted"
        ),
        pytest.param(["feat!: 1.2.4"], "2.0.0", id="a breaking change that says too little"),
        pytest.param(["feat!: release 2.0.0"], "2.0.0", id="a breaking change that says enough"),
    ],
)
def test_what_a_range_comes_to(messages, following):
    assert _next(*messages) == following


@pytest.mark.parametrize(
    ("current", "messages", "following"),
    [
        ("0.2.3", ["feat: a", "chore(main): release shop 0.3.0"], "0.3.0"),
        ("0.9.0", ["feat: a", "chore(release): 1.0.0"], "1.0.0"),
        ("1.3.0-rc.1", ["fix: a", "chore(release): 1.3.0"], "1.3.0"),
        ("1.3.0-rc.1", ["fix: a", "chore(release): 1.3.0-rc.2"], "1.3.0-rc.2"),
        ("1.3.0-rc.1", ["fix: a", "chore(release): release shop 1.3.0"], "1.3.0"),
    ],
)
def test_before_a_first_release(current, messages, following):
    assert _next(*messages, current=current) == following


SHAS = [f"{number:x}" * 40 for number in range(10, 16)]
SUBJECTS = st.sampled_from(
    ["feat: a", "feat(ui): a", "fix: a", "a", "feat!: a", "release 1.2.4", "Release 1.3.0", "release b 1.3.0"]
)
VERSIONS = st.sampled_from(
    ["1.2.4", "1.3.0", "2.0.0", "1.2.4-rc.1", "2.0.0-beta.1", "0.2.4", "0.3.0", "1.0.0", "9.9.9"]
)
BELOW = st.one_of(
    st.just(""),
    st.sampled_from(SHAS).map("\n\nThis reverts commit {}.".format),
    st.sampled_from(SHAS).map("\n\nRefs: {}".format),
    VERSIONS.map("\n\nRelease-As: {}".format),
)
HEADLINES = st.one_of(
    SUBJECTS,
    st.builds(
        str.format,
        st.sampled_from(
            ["{}", "chore(release): {}", "release b {}", "c@{}", "Merge branch 'release/{}'", "revert: {}"]
        ),
        VERSIONS,
    ),
    st.builds(
        str.format,
        st.sampled_from(
            ['Revert "{}"', "revert: {}", "feat: revert {}", 'Reapply "{}"', 'Revert "Revert "{}""', "{} (#1)"]
        ),
        SUBJECTS,
    ),
    st.sampled_from(
        ["Revert #1", "revert: a", f"revert: {SHAS[0]}", f"Revert {SHAS[1]}", "Publish\n\n - a@1.3.0\n - b@1.2.4"]
    ),
)
MESSAGES = st.builds("{}{}".format, HEADLINES, BELOW)
BREAKING = st.one_of(
    MESSAGES.map("{}\n\nBREAKING CHANGE: y".format),
    st.builds("{}!: {}{}".format, st.sampled_from(["feat", "chore", "revert"]), HEADLINES, BELOW),
).filter(lambda message: parse(message).is_breaking)  # what a merge says is noise
RANGES = st.lists(st.one_of(MESSAGES, MESSAGES, BREAKING), max_size=5)
CURRENT = st.sampled_from(["1.2.3", "0.2.3", "1.3.0-rc.1"])


@given(RANGES, st.permutations(SHAS), st.randoms(use_true_random=False), st.sampled_from(Zero), CURRENT)
def test_the_order_of_commits_never_matters(messages, shas, random, zero, current):
    commits = list(zip(messages, shas, strict=False))
    one, other = _told(commits, zero, current), _told(random.sample(commits, len(commits)), zero, current)
    assert (one.next, one.bump) == (other.next, other.bump)


@given(RANGES, BREAKING, st.permutations(SHAS), st.sampled_from(Zero), CURRENT)
def test_one_more_breaking_commit_never_lowers_the_bump(messages, breaking, shas, zero, current):
    commits = list(zip([*messages, breaking], shas, strict=False))
    before, after = _told(commits[:-1], zero, current), _told(commits, zero, current)
    assert after.bump.rank >= before.bump.rank
    assert Version.parse(after.next).finalize_version() >= Version.parse(before.next).finalize_version()


def test_one_more_breaking_commit_that_a_revert_names_lowers_nothing():
    shas = SHAS[:2]
    revert = (f"revert: v2.0.0\n\nThis reverts commit {shas[1]}", shas[0])
    assert _told([revert]).bump is _told([revert, ("fix!: z", shas[1])]).bump is Bump.PATCH
