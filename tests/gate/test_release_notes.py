"""Commits of a release into the entries of its notes."""

import pytest

from bot.gate.facts import Commit
from bot.gate.release_notes import Entry, Kind, contributors, entries

SHA = "a" * 40


def commits(*messages: str) -> list[Commit]:
    return [Commit(sha=f"{n:x}" * 40, message=message, people=frozenset()) for n, message in enumerate(messages, 1)]


def told(*messages: str) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(entry.kind, entry.text, entry.numbers) for entry in entries(commits(*messages))]


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["feat: a page"], [("feature", "a page", ())], id="a feature"),
        pytest.param(["fix(api): a leak"], [("fix", "a leak", ())], id="a fix with a scope"),
        pytest.param(["security: a leak"], [("fix", "a leak", ())], id="what mends security is a fix"),
        pytest.param(["Tidy up"], [("other", "Tidy up", ())], id="a message of no convention"),
        pytest.param(["feat!: a page"], [("breaking", "a page", ())], id="a breaking change"),
        pytest.param(["feat: a page (#12)"], [("feature", "a page", (12,))], id="a squash merge has a number"),
        pytest.param(["fix: a (#3) (#12)"], [("fix", "a", (3, 12))], id="a backport has two"),
        pytest.param(
            ["wip", "Merge pull request #7 from acme/x\n\nfeat!: a page"],
            [("other", "wip", ()), ("other", "a page", (7,))],
            id="a merge commit",
        ),
        pytest.param(
            ["feat: a page", "Merge pull request #7 from acme/x\n\nfeat: a page"],
            [("feature", "a page", (7,))],
            id="a merge of one commit is one entry",
        ),
        pytest.param(
            ["fix: a page", "Merge pull request #7 from acme/x\n\nfeat: a page"],
            [("fix", "a page", (7,))],
            id="a merge's title counts no more than for the version",
        ),
        pytest.param(["Merge branch 'main' into x"], [], id="a merge of the base says nothing"),
        pytest.param(["Merge pull request #7 from acme/x"], [], id="a merge without a title says nothing"),
        pytest.param(["feat: a page", 'Revert "feat: a page"'], [], id="what was taken back is left out"),
        pytest.param(
            ["fix: a page", "feat: a page"],
            [("feature", "a page", ())],
            id="of two that say the same the larger counts",
        ),
        pytest.param(["revert: feat: older"], [("other", "revert: feat: older", ())], id="a revert of something older"),
        pytest.param([":sparkles: feat: emoji: more"], [("feature", "emoji: more", ())], id="an emoji's name in front"),
        pytest.param(["feat: (#12)"], [("feature", "feat: (#12)", (12,))], id="a number and nothing else"),
        pytest.param(
            [
                "chore(release): 2.0.0",
                "Release v1.3.0 (#12)",
                "Bump version: 1.2.3 → 1.3.0",
                "release web 1.3.0",
                "v0.0.1",
            ],
            [],
            id="release commits change nothing",
        ),
        pytest.param(["Support HTTP 2.0.0"], [("other", "Support HTTP 2.0.0", ())], id="a version of something else"),
        pytest.param(["fixup! feat: a page"], [], id="what is to be squashed away is left out"),
    ],
)
def test_entries(messages, wanted):
    assert told(*messages) == wanted


@pytest.mark.parametrize(
    ("message", "breaks"),
    [
        pytest.param("feat!: a\n\nBREAKING CHANGE: move on", "move on", id="a footer"),
        pytest.param("feat!: a\n\nBREAKING-CHANGE: move\non\nRefs: #3", "move on", id="until the next footer"),
        pytest.param("feat!: a\n\nBREAKING CHANGE: one\nBREAKING CHANGE: two", "one; two", id="two footers"),
        pytest.param(
            "feat!: a\n\nBREAKING CHANGE: one\n\nMore text\n\nRefs: #3\n\nx", "one More text", id="over blank lines"
        ),
        pytest.param("feat!: a\n\n> BREAKING CHANGE: quoted", "", id="a quotation"),
        pytest.param("feat!: a", "", id="no footer"),
        pytest.param("feat: a\n\nBREAKING CHANGES are none", "", id="no breaking change"),
    ],
)
def test_what_breaks_is_told_in_the_footers_words(message, breaks):
    (entry,) = entries(commits(message))
    assert entry.breaks == breaks


@pytest.mark.parametrize("letter", [" ", "(#1)", "a: ", "BREAKING CHANGE: ", "\n"], ids=repr)
def test_a_message_of_100_kb_is_read_in_a_blink(letter):
    long = letter * (100_000 // len(letter))
    assert len(entries(commits(f"feat!: a{long}x\n\nBREAKING CHANGE: b{long}x"))) == 1
    assert len(entries(commits(f"feat: a{long}"))) == 1


def test_an_entry_knows_its_commit_and_scope():
    assert entries([Commit(sha=SHA, message="feat(api): a page", people=frozenset())]) == (
        Entry(kind=Kind.FEATURE, scope="api", text="a page", sha=SHA),
    )


def test_contributors_are_people():
    people = frozenset({"zoe", "Ann", "web-flow", "renovate[bot]"})
    assert contributors([Commit(sha=SHA, message="x", people=people)]) == ("Ann", "zoe")
