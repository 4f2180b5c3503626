"""Commit messages, read by the sixteen points of Conventional Commits 1.0.0 and by what people write besides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.conventional import parse
from bot.gate.own_words import own_words
from bot.gate.signals import bump_of
from bot.gate.version_numbers import Bump

MAJOR, MINOR, PATCH = Bump.MAJOR, Bump.MINOR, Bump.PATCH
BUMPED = "Bump x from 1.0.0 to 2.0.0\n\n"


@pytest.mark.parametrize(
    ("message", "bump"),
    [
        pytest.param("feat: a", MINOR, id="2: a feature"),
        pytest.param("fix: a", PATCH, id="3: a fix"),
        pytest.param("perf: a", PATCH, id="perf mends something too"),
        pytest.param("feature: a", MINOR, id="written out"),
        pytest.param("fix(parser): a", PATCH, id="4: a scope"),
        pytest.param("feat(a b/c): d", MINOR, id="4: a scope of several words"),
        pytest.param("feat():a", None, id="5: no space after the colon of an empty scope"),
        pytest.param("feat(): a", MINOR, id="an empty scope"),
        pytest.param("feat(a(b)): c", MINOR, id="a scope with brackets in it"),
        pytest.param("feat(a) b (c): d", None, id="two scopes are none"),
        pytest.param("feat:\u00a0a", MINOR, id="a space that doesn't break"),
        pytest.param("[JIRA-12] feat: a", MINOR, id="a ticket in front"),
        pytest.param("[JIRA-12] ✨ feat: a", MINOR, id="a ticket and an emoji in front"),
        pytest.param("Merged PR 12: feat: a", MINOR, id="squashed on Azure DevOps"),
        pytest.param("feat:a", None, id="5: no space after the colon"),
        pytest.param("feat : a", None, id="1: a space before the colon"),
        pytest.param("feat: ", None, id="5: no description"),
        pytest.param("feat a", None, id="1: no colon"),
        pytest.param("fix: a\n\nfeat: b", PATCH, id="6: the body is free"),
        pytest.param("update (#4)\n\n* feat: a\n* fix: b", None, id="6: the list of a squash merge is a body"),
        pytest.param("fix: a\n\nReviewed-by: Z\nRefs #133", PATCH, id="8: footers"),
        pytest.param("feat: a\n\nBREAKING CHANGE: b", MAJOR, id="12: a breaking footer"),
        pytest.param("chore: a\n\nBREAKING CHANGE: b", MAJOR, id="12: of any type"),
        pytest.param("no convention\n\nBREAKING CHANGE: b", MAJOR, id="12: of no type"),
        pytest.param("fix: a\n\nRefs: 1\nBREAKING CHANGE: b\nRefs: 2", MAJOR, id="10: among footers"),
        pytest.param("fix: a\n\nbody\n\nBREAKING CHANGE: b\n\nmore of b", MAJOR, id="10: of several paragraphs"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\n\n", PATCH, id="12: a description has to follow"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\n\nb", MAJOR, id="the value begins a paragraph later"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\n\nCloses: #1", PATCH, id="a template that was left empty"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\n\n## Tests\n\nb", PATCH, id="an empty part of a template"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\n- [ ] yes", PATCH, id="a box to tick"),
        pytest.param("fix: a\n\nBREAKING CHANGE: none", PATCH, id="none is none"),
        pytest.param("fix: a\n\nBREAKING CHANGE: N/A", PATCH, id="not applicable"),
        pytest.param("fix: a\n\nBREAKING CHANGE: No.\n\nb", PATCH, id="no is none"),
        pytest.param("fix: a\n\nBREAKING CHANGE: none\nBREAKING CHANGE: b", MAJOR, id="none and one"),
        pytest.param("fix: a\n\nBREAKING CHANGE: no more tabs", MAJOR, id="what begins with no"),
        pytest.param("fix: a\n\n* feat: b\n\n  BREAKING CHANGE: c", MAJOR, id="below an entry of a list"),
        pytest.param("fix: a\n\n* BREAKING CHANGE: b", MAJOR, id="an entry of a list"),
        pytest.param("fix: a\n\n**BREAKING CHANGE:** b", MAJOR, id="in bold"),
        pytest.param("fix: a\n\n    BREAKING CHANGE: b", PATCH, id="in indented code"),
        pytest.param("fix: a\n\nBREAKING CHANGE:\nb", MAJOR, id="10: the value begins in the next line"),
        pytest.param("fix: a\n\nBREAKING CHANGE #12", MAJOR, id="8: the other separator"),
        pytest.param("fix: a\r\n\r\nBREAKING CHANGE: b\r\n", MAJOR, id="lines of Windows"),
        pytest.param("fix: a\r\rBREAKING CHANGE: b\r", MAJOR, id="lines of an old Macintosh"),
        pytest.param("feat!: a", MAJOR, id="13: an exclamation mark"),
        pytest.param("feat(api)!: a", MAJOR, id="13: after the scope"),
        pytest.param("feat!(api): a", None, id="13: not before the scope"),
        pytest.param("docs!: a", MAJOR, id="13: of any type"),
        pytest.param("feat: a!", MINOR, id="13: not in the description"),
        pytest.param("docs: a", None, id="14: other types ask for nothing"),
        pytest.param("FEAT: a", MINOR, id="15: upper case"),
        pytest.param("Fix: a", PATCH, id="15: mixed case"),
        pytest.param("fix: a\n\nbreaking change: b", PATCH, id="15: but BREAKING CHANGE is upper case"),
        pytest.param("fix: a\n\nBREAKING b\nbreaking change: b", PATCH, id="15: wherever else it is upper case"),
        pytest.param("fix: a\n\nBREAKING-CHANGE: b", MAJOR, id="16: the synonym"),
        pytest.param("fix: a\n\nno BREAKING CHANGE: b", PATCH, id="in the middle of a line"),
        pytest.param("fix: a\n\nBREAKING CHANGE b", PATCH, id="no separator"),
        pytest.param("BREAKING CHANGE: a", None, id="as a type it is no type"),
        pytest.param("✨ feat: a", MINOR, id="an emoji in front"),
        pytest.param(":sparkles: feat: a", MINOR, id="an emoji by its name"),
        pytest.param("\n\nfeat: a", MINOR, id="blank lines in front"),
        pytest.param("fixup! feat: a", None, id="fixup"),
        pytest.param("squash! feat: a\n\nBREAKING CHANGE: b", None, id="squash"),
        pytest.param("amend! feat: a", None, id="amend"),
        pytest.param("Merge branch 'x'\n\nfeat: a", None, id="a merge of a branch"),
        pytest.param("Merge pull request #1 from a/b\n\nfeat!: a", None, id="a merge of a pull request"),
        pytest.param("Merged in a (pull request #4)", None, id="a merge on Bitbucket"),
        pytest.param("fix: a\n\n> BREAKING CHANGE: b", PATCH, id="in a quotation"),
        pytest.param("fix: a\n\n> b\nBREAKING CHANGE: c", PATCH, id="on in a quotation, without its mark"),
        pytest.param("fix: a\n\n> b\n\nBREAKING CHANGE: c", MAJOR, id="below a quotation"),
        pytest.param("fix: a\n\n```\nBREAKING CHANGE: b\n```", PATCH, id="in code"),
        pytest.param("fix: a\n\n````\n```\nBREAKING CHANGE: b\n````", PATCH, id="in code with shorter marks in it"),
        pytest.param("fix: a\n\n```\nb\n```sh\nBREAKING CHANGE: b\n```", PATCH, id="a mark with words ends no code"),
        pytest.param("fix: a\n\n```a`\nBREAKING CHANGE: b\n```", MAJOR, id="what looks like a mark"),
        pytest.param("fix: a\n\n~~~~\nb\n~~~~\nBREAKING CHANGE: b", MAJOR, id="below longer marks"),
        pytest.param("fix: a\n\n```\nBREAKING CHANGE: b", MAJOR, id="in code that never ends"),
        pytest.param("fix: a\n\n~~~\n```\nBREAKING CHANGE: b\n~~~", PATCH, id="in code with other marks in it"),
        pytest.param("fix: a\n\n<!--\nBREAKING CHANGE: b\n-->", PATCH, id="in an HTML comment"),
        pytest.param("fix: a\n\n<!--\nBREAKING CHANGE: b", MAJOR, id="in an HTML comment that never ends"),
        pytest.param("fix: a\n\n<details>\nBREAKING CHANGE: b\n</details>", PATCH, id="folded"),
        pytest.param("fix: a\n\n<details>\nx\n</details>\nBREAKING CHANGE: b", MAJOR, id="below what is folded"),
        pytest.param(f"{BUMPED}BREAKING CHANGE: b", MAJOR, id="a dependency, by a person"),
        pytest.param(
            f"{BUMPED}BREAKING CHANGE: b\n\nupdated-dependencies:\n- dependency-name: x",
            None,
            id="a dependency, by a bot",
        ),
        pytest.param(
            "feat: a\n\nBREAKING CHANGE: b\n\nSigned-off-by: dependabot[bot]", MAJOR, id="a bot's name proves nothing"
        ),
        pytest.param("fix(deps)!: update x", MAJOR, id="a bot that says so in the headline"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_a_message_asks_for(message, bump):
    assert bump_of(parse(message)) == bump


@pytest.mark.parametrize(
    "headline",
    [
        "fixup! feat: a",
        "squash! feat: a",
        "amend! feat: a",
        "Merge branch 'x' into y",
        "Merge pull request #1 from a/b",
        "Merge remote-tracking branch 'origin/x'",
        "Merge tag 'v1.2.3' into develop",
        "Merge commit 'abcdef1'",
        "Merge abcdef1 into 1234567",
        "Merge PR #1: a",
        "Merged in a (pull request #4)",
        "Automatic merge x into y",
        "Automatically merged x into y",
        "auto-merge x to y",
        "merge x into y",
    ],
)
def test_what_merges_and_is_squashed_away_asks_for_nothing(headline):
    message = parse(f"{headline}\n\nBREAKING CHANGE: b")
    assert message.is_noise
    assert not message.is_breaking


@pytest.mark.parametrize(
    "headline", ["Merge two lists", "Mergesort", "Merge branches of the tree", "fixup feat", "merged x", "merge to y"]
)
def test_what_only_begins_like_a_merge_is_a_change(headline):
    message = parse(f"{headline}\n\nBREAKING CHANGE: b")
    assert not message.is_noise
    assert message.is_breaking


@pytest.mark.parametrize(
    ("headline", "body", "is_breaking"),
    [
        pytest.param("Bump x", "Signed-off-by: dependabot[bot] <a@b>", False, id="Dependabot signs"),
        pytest.param("Update x", "Signed-off-by: renovate[bot] <a@b>", False, id="Renovate signs"),
        pytest.param("fix: upgrade x", "Signed-off-by: snyk-bot <a@b>", False, id="Snyk signs"),
        pytest.param("build(deps): bump x", "updated-dependencies:\n- x", False, id="Dependabot's list"),
        pytest.param("Bump x", "Bumps [x](https://x) from 1 to 2.", False, id="Dependabot on one"),
        pytest.param("chore: update x", "### Release Notes", False, id="Renovate's heading"),
        pytest.param(
            "chore: update x", "| datasource | package | from | to |", False, id="Renovate's table in a commit"
        ),
        pytest.param("chore: update x", "| Package | Change | Age |", False, id="Renovate's table in a description"),
        pytest.param("chore: update x", "Co-authored-by: renovate[bot] <a@b>", False, id="Renovate had a hand in it"),
        pytest.param("Update the docs", "Bumps the [docs] of x", True, id="a person on the docs"),
        pytest.param("Update x", "Signed-off-by: renovate fan <a@b>", True, id="a person of such a name"),
        pytest.param("Update x", "updated-dependencies: all", True, id="a person's word"),
        pytest.param("Bump x", "Bumps the x group with 2 updates", False, id="Dependabot on a group"),
        pytest.param("chore: pin x", "This PR contains the following updates:", False, id="Renovate's table"),
        pytest.param("chore: upgrade x", "This PR was automatically created by Snyk", False, id="Snyk's words"),
        pytest.param("chore: replace x", "updated-dependencies:\n- x", False, id="a replacement"),
        pytest.param("chore: lock file maintenance", "updated-dependencies:\n- x", False, id="lock files"),
        pytest.param("chore: rollback x", "updated-dependencies:\n- x", False, id="a rollback"),
        pytest.param("Bump x", "Signed-off-by: ann <a@b>", True, id="a person signs"),
        pytest.param("Bump x", "It bumps the x", True, id="a person says so"),
        pytest.param("fix: x", "updated-dependencies:\n- x", True, id="no update by its headline"),
    ],
)
def test_what_dependency_bots_quote_breaks_nothing(headline, body, is_breaking):
    assert parse(f"{headline}\n\nBREAKING CHANGE: b\n\n{body}").is_breaking is is_breaking


def test_a_header_is_taken_apart():
    message = parse("Fix(Parser): a (#4)")
    assert (message.headline, message.type, message.scope) == ("Fix(Parser): a (#4)", "fix", "Parser")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("a\n> b\n\nc", "a\n\n\nc", id="a quotation"),
        pytest.param("a <!-- b\nc --> d\ne", "\n\ne", id="lines that a comment touches"),
        pytest.param("<!-- a\n<!-- b\n-->\nc", "<!-- a\n\n\nc", id="a comment within one that never ends"),
        pytest.param("<details>\n<details>\na\n</details>\nb\n</details>\nc", "\n\n\n\n\n\nc", id="folds in folds"),
        pytest.param("</details>\na", "</details>\na", id="an end without a beginning"),
        pytest.param("```\na\n```\nb\n```\nc", "\n\n\nb\n```\nc", id="code, and a mark that ends nothing"),
    ],
)
def test_what_the_author_says(text, words):
    assert own_words(text) == words


PIECES = st.sampled_from(
    ["feat", "(", ")", "!", ": ", "\n", "\r\n", "BREAKING CHANGE: a", "```", "<!--", "-->", "<details>", "a", "Revert "]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_any_text_is_read(text):
    message = parse(text)
    assert message.is_breaking or bump_of(message) is not Bump.MAJOR


@pytest.mark.parametrize(
    ("message", "footer"),
    [
        pytest.param("fix: a\n\nBREAKING CHANGE: the flag is gone\nmore", "BREAKING CHANGE: the flag is gone", id="so"),
        pytest.param("fix: a\n\nBREAKING-CHANGE:\n\nthe flag\n", "BREAKING CHANGE: the flag", id="further down"),
        pytest.param("fix!: a\n\nBREAKING CHANGE: b", "", id="the header says so already"),
        pytest.param("fix: a", "", id="none"),
    ],
)
def test_the_footer_that_says_what_breaks(message, footer):
    assert parse(message).footer == footer
