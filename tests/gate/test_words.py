"""Patterns, spelling and quoting: the small tools of the core."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.markup import code, listed
from bot.gate.patterns import BadPatternError, branch_matches, paths_match, regex
from bot.gate.spelling import nearest
from bot.report.markdown import plain


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u00ad", "\U000e0041"])
def test_what_turns_round_or_hides_the_text_beside_it_is_left_out(hidden):
    assert code(f"a{hidden}b") == "`ab`"
    assert plain(f"a{hidden}b") == "ab"
    assert code(hidden) == "(nothing)"


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=a)", r"\1", "[z-a]"])
def test_what_re2_refuses_is_a_bad_pattern(pattern):
    with pytest.raises(BadPatternError):
        regex(pattern)


@pytest.mark.parametrize("glob", ["[z-a]", "a\\", "[[:alpha:]]", "[a--b]", "x[a&&b]"])
def test_globs_that_cannot_be_compiled_are_bad_patterns(glob):
    with pytest.raises(BadPatternError):
        paths_match((glob,), ())


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("**/auth/**", "src/auth/login.py", True),
        ("**/auth/**", "auth/login.py", True),
        ("auth", "src/auth/login.py", True),
        ("/auth", "src/auth/login.py", False),
        ("*.py", "src/a.py", True),
        ("src/*.py", "src/deep/a.py", False),
        ("docs/", "docs/a.md", True),
    ],
)
def test_paths(glob, path, matches):
    assert paths_match((glob,), ("other.txt", path)) is matches


@given(st.text(alphabet="*?ab/.[]\\", max_size=12), st.text(alphabet="ab/.", max_size=12))
def test_no_branch_glob_raises(glob, branch):
    assert branch_matches(("**",), branch)
    branch_matches((glob,), branch)


@given(st.text(alphabet="*?ab/.[]!#\\-^&~| ", max_size=16))
def test_a_path_glob_is_compiled_or_a_bad_pattern(glob):
    with suppress(BadPatternError):
        paths_match((glob,), ("a/b", "ab"))


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("securty", ["security", "devops"], "security"),
        ("SECURITY", ["security"], "security"),
        ("secu", ["security"], None),
        ("ab", ["abcd", "abc"], "abc"),
        ("titel", ["tier", "title"], "title"),
        ("btas", ["beta", "bats"], "bats"),
        ("x", [], None),
    ],
)
def test_the_nearest_word(word, known, meant):
    assert nearest(word, known) == meant


@given(st.text(max_size=200))
def test_a_code_span_is_one_line_that_nothing_ends(text):
    span = code(text)
    assert "\n" not in span
    assert len(span) <= 82
    assert span == "(nothing)" or span.count("`") == 2


@pytest.mark.parametrize(
    ("words", "said"), [([], "nobody"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(words, said):
    assert listed(words) == said
