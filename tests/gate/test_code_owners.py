"""CODEOWNERS is read as GitHub documents it: the last line that matches counts, errors are passed over."""

from functools import cache
from time import perf_counter

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gate import owner_patterns
from bot.gate.code_owners import WILDCARDS_IN_ALL, Owners, owned_paths, parse
from bot.gate.facts import Unavailable
from bot.gate.owner_patterns import LENGTH_LIMIT, WILDCARD_LIMIT, LastMatch

# The example of GitHub's page, shortened.
PAGE = r"""
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/github
"""


def owners_of(path: str, text: str = PAGE) -> str:
    """Who owns the path, as somebody would write it."""
    found = owned_paths(text, frozenset({path}))
    assert not isinstance(found, Unavailable)
    return " ".join(
        word
        for owners in found
        for word in (
            *(f"@{name}" for name in (*owners.users, *owners.teams)),
            *(["by mail"] if owners.by_mail else []),
        )
    )


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        pytest.param("any/file", "@global-owner1 @global-owner2", id="the owners of everything"),
        pytest.param("src/a.js", "@js-owner", id="a later line instead of them, not beside them"),
        pytest.param("src/a.go", "by mail", id="an address"),
        pytest.param("a.txt", "@octo-org/octocats", id="a team"),
        pytest.param("build/logs/deep/file", "@octocat", id="the last of two that match"),
        pytest.param("build/file", "@global-owner1 @global-owner2", id="beside a folder that is owned"),
        pytest.param("docs/file", "@doctocat", id="a folder in the root"),
        pytest.param("other/docs/file", "@global-owner1 @global-owner2", id="a folder that is not in the root"),
        pytest.param("any/apps/deep/file", "@octocat", id="a folder anywhere"),
        pytest.param("apps/github/file", "", id="whose ownership a line without owners takes away"),
        pytest.param("deep/logs", "@octocat", id="a file of a folder's name"),
        pytest.param("Docs/file", "@global-owner1 @global-owner2", id="the case of letters matters"),
    ],
)
def test_the_page_s_example(path: str, owners: str):
    assert owners_of(path) == owners


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        pytest.param("docs/*", "docs/a", True, id="a star stays in its folder"),
        pytest.param("docs/*", "docs/deep/a", False, id="and does not go deeper"),
        pytest.param("docs/*.md", "docs/a.md", True, id="a star in a name"),
        pytest.param("docs/*", "other/docs/a", False, id="a pattern with a slash starts at the root"),
        pytest.param("a", "x/a/y", True, id="a name without a slash is found anywhere and owns all below"),
        pytest.param("/a", "x/a", False, id="a slash in front means the root"),
        pytest.param("a/", "a", False, id="a slash behind means a folder"),
        pytest.param("/a/", "a/b/c", True, id="which owns all below"),
        pytest.param("/*", "a/b", False, id="files of the root alone"),
        pytest.param("/**", "a/b", True, id="everything"),
        pytest.param("**", "a/b", True, id="everything once more"),
        pytest.param("*/", "a", False, id="every folder"),
        pytest.param("a/**/b", "a/b", True, id="two stars are no folder"),
        pytest.param("a/**/b", "a/x/y/b", True, id="or some"),
        pytest.param("a/**/**/b", "a/b", True, id="twice no folder"),
        pytest.param("**/b", "ab", False, id="a whole name"),
        pytest.param("a/**", "a", False, id="what lies in it"),
        pytest.param("a**b", "a/b", False, id="two stars in a name are one"),
        pytest.param("a?c", "abc", True, id="one letter"),
        pytest.param("a?c", "a/c", False, id="which is no slash"),
        pytest.param("a.c", "abc", False, id="a dot is a dot"),
        pytest.param(r"my\ file", "my file", True, id="an escaped space"),
        pytest.param(r"c\#", "c#", True, id="an escaped sign of a comment"),
        pytest.param(r"\*", "a", False, id="an escaped star"),
        pytest.param(r"\*", "*", True, id="is a star"),
        pytest.param(r"a\[0\]", "a[0]", True, id="escaped brackets are brackets"),
        pytest.param("/", "a", False, id="the root alone is no file"),
        pytest.param("naïve/ß", "naïve/ß", True, id="any letters"),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool):
    assert owners_of(path, f"{pattern} @ann") == ("@ann" if matches else "")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("!a @ann", id="a negation"),
        pytest.param(r"\#a @ann", id="an escaped sign of a comment in front"),
        pytest.param("[a-z] @ann", id="a range"),
        pytest.param("a***b @ann", id="three stars"),
        pytest.param("a\\", id="a backslash that escapes nothing"),
        pytest.param("a#b @ann", id="a comment inside a pattern"),
        pytest.param("a ann", id="a word that is no owner"),
        pytest.param("a @ann bob", id="one word of several that is no owner"),
        pytest.param("a @", id="nobody's login"),
    ],
)
def test_a_line_with_an_error_is_passed_over_and_told(line: str):
    read = parse(f"* @rita\n{line}\n")
    assert ([owned.line for owned in read.lines], read.skipped) == ([1], (2,))
    assert owners_of("a", f"* @rita\n{line}\n") == "@rita"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("# * @ann\n\n \t\n  # x\n", id="comments and blank lines"),
        pytest.param("# \u2028* @ann\n# \x0c* @ann\n# \x85* @ann", id="ends of lines that git does not know"),
    ],
)
def test_what_holds_no_line(text: str):
    read = parse(text)
    assert (read.lines, read.skipped) == ((), ())


def test_a_file_of_windows_is_read_as_any_other():
    assert owners_of("a", "\ufeff* @ann\r\n/b @rita\r\n") == "@ann"


def test_owners_are_told_apart_by_kind():
    (line,) = parse("* @b @a @acme/x @acme/x a@b.example # @c").lines
    assert line.owners == Owners(users=("a", "b"), teams=("acme/x",), by_mail=True)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param(
            f"* @a\n{'a' * LENGTH_LIMIT}b @a", "pattern in line 2 of CODEOWNERS has more than 1,000", id="long"
        ),
        pytest.param("*a" * (WILDCARD_LIMIT + 1) + " @a", "line 1 of CODEOWNERS has more than 16 wildcards", id="wild"),
        pytest.param(
            "".join(f"*{n}* @a\n" for n in range(WILDCARDS_IN_ALL // 2 + 1)), "more than 5,000 wildcards", id="all wild"
        ),
    ],
)
def test_what_is_too_much_is_unknown_and_owned_by_somebody_maybe(text: str, because: str):
    found = owned_paths(text, frozenset({"a"}))
    assert isinstance(found, Unavailable)
    assert because in found.because


class NoMemory:
    """A set of RE2 that has run out of memory: it matches nothing, and says no more."""

    def Add(self, _pattern: str) -> int:  # noqa: N802 - RE2's name
        return 0

    def Compile(self) -> None:  # noqa: N802
        return None

    def Match(self, _text: str) -> list[int]:  # noqa: N802
        return []


@pytest.mark.parametrize(("path", "last"), [("a", 2), ("b", 1), ("c", None)])
def test_a_set_without_memory_takes_nobody_s_ownership_away(monkeypatch, path: str, last: int | None):
    monkeypatch.setattr(re2.Set, "FullMatchSet", lambda _options: NoMemory())
    assert LastMatch(("a", "[ab]", "a"))(path) == last


NAMES = st.sampled_from(["a", "b", "ab", "*", "?", "a*", "**"])
PATTERNS = st.builds(
    lambda front, names, behind: front + "/".join(names) + behind,
    st.sampled_from(["", "/"]),
    st.lists(NAMES, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)
FILES = st.frozensets(
    st.lists(st.sampled_from(["a", "b", "ab", "ba"]), min_size=1, max_size=4).map("/".join), min_size=1
)


@given(st.lists(st.tuples(PATTERNS, st.sampled_from(["@a", "@b", "@c/d", ""])), max_size=12), FILES)
@settings(deadline=None)
def test_the_last_line_that_matches_counts(lines: list[tuple[str, str]], paths: frozenset[str]):
    found = owned_paths("".join(f"{pattern} {owner}\n" for pattern, owner in lines), paths)
    assert not isinstance(found, Unavailable)
    said = {path: f"@{(*owners.users, *owners.teams)[0]}" for owners, owned in found.items() for path in owned}
    wanted: dict[str, str] = {}
    for path in paths:
        matching = [owner for pattern, owner in lines if fits(pattern, path)]
        wanted |= {path: matching[-1]} if matching and matching[-1] else {}
    assert said == wanted


def test_more_lines_than_are_compiled_together(monkeypatch):
    monkeypatch.setattr(owner_patterns, "_CHUNK", 2)
    last_match = LastMatch(("a", "b", ".", "c", "b", "d", "e"))
    assert [last_match(path) for path in "abcdez"] == [2, 4, 3, 5, 6, 2]
    assert last_match("no") is None


def fits(pattern: str, path: str) -> bool:
    """The page's words again, without a regex and without haste."""
    names = pattern.strip("/").split("/")
    is_anchored = pattern.startswith("/") or len(names) > 1
    is_folder = pattern.endswith("/")
    parts = tuple(path.split("/"))
    starts = [0] if is_anchored else range(len(parts))
    return any(_fits(tuple(names), parts[start:], is_folder=is_folder) for start in starts)


@cache
def _fits(names: tuple[str, ...], parts: tuple[str, ...], *, is_folder: bool) -> bool:
    if not names:
        return bool(parts) if is_folder else True
    name, *rest = names
    if name == "**":
        if not rest:
            return bool(parts) if not is_folder else len(parts) > 1
        return any(_fits(tuple(rest), parts[start:], is_folder=is_folder) for start in range(len(parts)))
    if not parts or not _name_fits(name, parts[0]):
        return False
    if name == "*" and not rest and not is_folder:
        return len(parts) == 1
    return _fits(tuple(rest), parts[1:], is_folder=is_folder)


def _name_fits(name: str, part: str) -> bool:
    if not name:
        return not part
    if name[0] == "*":
        return any(_name_fits(name[1:], part[start:]) for start in range(len(part) + 1))
    return bool(part) and name[0] in {"?", part[0]} and _name_fits(name[1:], part[1:])


PIECES = st.sampled_from(
    ["*", "**", "/", "?", "\\", "#", "[", "]", "!", " @a", " @a/b", " a@b.c", "\n", "\t", "a", "é"]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join)), st.integers(1, 400))
@settings(deadline=None)
def test_no_text_raises_or_takes_long(piece: str, times: int):
    text = (piece * times)[:100_000]
    start = perf_counter()
    owned_paths(text, frozenset({"a", "a/a", "b/" * 50 + "a", "x" * 4_000}))
    assert perf_counter() - start < 5
