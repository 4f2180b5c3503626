"""Commands in Markdown: what counts as the start of a line, and what is too much to read."""

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate.command_lines import command_lines
from bot.gate.commands import Verb, commands_in, unread_in
from tests.builders import a_comment


def _texts(body: str) -> list[str]:
    return [command.text for command in commands_in(a_comment(body)) if command.verb]


SIGN = ["/approve security"]


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        pytest.param("/approve security", SIGN, id="alone"),
        pytest.param("  /approve security  ", SIGN, id="a little indented"),
        pytest.param("Fine by me.\n/approve security", SIGN, id="second line of a paragraph"),
        pytest.param("Fine by me.\n     /approve security", SIGN, id="a continued line, however indented"),
        pytest.param("Fine.\r\n\r\n/approve security\r\nThanks", SIGN, id="CRLF"),
        pytest.param("Fine.\r/approve security", SIGN, id="CR alone"),
        pytest.param("/APPROVE security", ["/APPROVE security"], id="the verb in capitals"),
        pytest.param("/gate approve security", ["/gate approve security"], id="with /gate in front"),
        pytest.param("/approve security\n/revoke devops", ["/approve security", "/revoke devops"], id="two"),
        pytest.param("/approve\tsecurity", ["/approve\tsecurity"], id="a tab in between"),
        pytest.param("/approve\u00a0security", ["/approve\u00a0security"], id="a space that never breaks"),
        pytest.param("/approve\u3000security", ["/approve\u3000security"], id="a wide space"),
        pytest.param("<details>\n\n/approve security\n\n</details>", SIGN, id="a paragraph inside details"),
        pytest.param("/approve security\n---\nand so on", SIGN, id="underlined"),
        pytest.param("/approve `security`", ["/approve security"], id="the role as code"),
        pytest.param("/approve security <!-- because -->", SIGN, id="an HTML comment after it"),
        pytest.param("`make`\n/approve security", SIGN, id="behind a line that starts with code"),
        pytest.param("/approve", ["/approve"], id="without a role"),
        pytest.param("", [], id="nothing"),
        pytest.param("I say /approve security", [], id="inside a line"),
        pytest.param("/approved security", [], id="a longer word"),
        pytest.param("//approve security", [], id="two slashes"),
        pytest.param("/ approve security", [], id="a space after the slash"),
        pytest.param("/gateapprove security", [], id="gate without a space"),
        pytest.param("    /approve security", [], id="indented code"),
        pytest.param("```\n/approve security\n```", [], id="a fence"),
        pytest.param("~~~text\n/approve security", [], id="a fence that nobody closed"),
        pytest.param("> /approve security", [], id="a quote"),
        pytest.param("> fine\n/approve security", [], id="a lazy line of a quote"),
        pytest.param("- /approve security", [], id="a list"),
        pytest.param("1. fine\n\n   /approve security", [], id="a paragraph in a list"),
        pytest.param("# /approve security", [], id="a heading"),
        pytest.param("**/approve security**", [], id="bold"),
        pytest.param("[/approve security](https://x.test)", [], id="a link"),
        pytest.param("`/approve security`", [], id="code"),
        pytest.param("so `\n/approve security\n`", [], id="code over several lines"),
        pytest.param("`\n/approve security\n`", [], id="code that starts a line earlier"),
        pytest.param("<!-- /approve security -->", [], id="an HTML comment"),
        pytest.param("<!--\n\n/approve security\n\n-->", [], id="an HTML comment with paragraphs"),
        pytest.param("so <!--\n/approve security\n-->", [], id="an HTML comment inside a paragraph"),
        pytest.param("<details>\n/approve security\n</details>", [], id="inside an HTML block"),
        pytest.param("<b>/approve security</b>", [], id="behind an HTML tag"),
        pytest.param("[x]:\n/approve", [], id="the target of a link"),
        pytest.param("a | b\n--|--\n/approve security", [], id="a table"),
        pytest.param("\\/approve security", [], id="escaped"),
        pytest.param("&#47;approve security", [], id="an entity"),
        pytest.param("\u200b/approve security", [], id="a space of no width"),
        pytest.param("∕approve security", [], id="a division slash"),
        pytest.param("／approve security", [], id="a full-width slash"),
        pytest.param("/appro\u00adve security", [], id="a soft hyphen"),
        pytest.param("/аpprove security", [], id="a Cyrillic а"),
        pytest.param("/ａpprove security", [], id="a full-width a"),
    ],
)
def test_commands(body, commands):
    assert _texts(body) == commands
    # Whether a line counts has nothing to do with what else the comment says.
    assert _texts(f"/revoke all\n\n{body}") == ["/revoke all", *commands]


MARKUP = ["\n", "\n\n", "`", "```", "> ", "- ", "<!--", "-->", "|", "\t", "    ", "[", "](", "&", "\\", "\r", "\0"]
WORDS = [
    " because",
    " until",
    " for 3d",
    " 2026-02-30",
    ' "',
    " '",
    "\u00a0",
    "＂",
    "/waive",
    "/hold",
    "/bump",
]
PIECES = st.sampled_from(["/approve", "/gate revoke", " security", *WORDS, *MARKUP])


@given(st.text(max_size=200) | st.lists(PIECES, max_size=60).map("".join))
def test_no_text_makes_it_raise(text):
    commands_in(a_comment(text))
    commands_in(a_comment(f"/approve security\n{text}"))


LONGEST = 65_536
HOSTILE = ["[", "*a ", "`` ", "<", "](", "&amp;", "> ", "- ", "<!--", "|a", "<a ", "\\"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_64_kilobytes_in_one_line_are_read_whatever_they_hold(unit):
    assert _texts("/approve security\n\n" + (unit * LONGEST)[:65_000]) == SIGN


def test_a_wordy_comment_is_read_to_its_end():
    assert _texts("One line of 800, each of them a bit longer than this.\n" * 800 + "\n/approve security") == SIGN


def _filled(text: str, unit: str) -> str:
    return text + unit * ((LONGEST - len(text)) // len(unit))


TABLE = "/approve security\n\n" + "|a" * 100 + "|\n" + "|-" * 100 + "|\n"
TOO_MUCH = [
    pytest.param(_filled(TABLE, "|\n"), id="a table of three million cells"),
    pytest.param(_filled("/approve security\n", "a\n"), id="thirty thousand lines"),
    pytest.param(_filled("/approve security\n\n", "|\n" + "> " * 12 + "\n"), id="quotes in quotes"),
    pytest.param(_filled("/approve security\n\n", "+ - * + -\n"), id="lists in lists"),
    pytest.param(_filled("", "/approve security\n"), id="thousands of commands"),
    pytest.param("/approve security\n" * 51, id="one command too many"),
]


@pytest.mark.parametrize("body", TOO_MUCH)
def test_what_is_too_much_to_read_holds_no_command_and_says_so(body):
    assert _texts(body) == []
    unread = unread_in(a_comment(body))
    assert unread is not None
    assert (unread.verb, unread.text, unread.comment.body) == (Verb.APPROVE, "/approve security", body)


@pytest.mark.parametrize("body", [*TOO_MUCH[:-1], *(_filled("/approve security\n", unit) for unit in HOSTILE)])
def test_no_comment_takes_much_longer_than_plain_text_of_the_same_size(body):
    plain = _filled("/approve security\n\n", "Plain text in paragraphs, of which we write many.\n\n")
    assert _seconds(body) < 10 * _seconds(plain)


def _seconds(body: str) -> float:
    """The best of three."""
    return min(timeit.repeat(lambda: commands_in(a_comment(body)), command_lines.cache_clear, repeat=3, number=1))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param("/approve security\n" * 50, id="as many commands as may be"),
        pytest.param("a\n" * 30_000, id="long, but no command"),
        pytest.param("/lgtm\n" * 51, id="commands of others alone"),
    ],
)
def test_what_could_be_read_or_needs_no_reading_is_not_told_of(body):
    assert unread_in(a_comment(body)) is None


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        pytest.param("a|b\n-|-\nc|d\n\n/approve security", SIGN, id="a blank line"),
        pytest.param("a|b\n-|-\nc|d\n> so\n\n/approve security", SIGN, id="a quote"),
        pytest.param("a|b\n-|-\nc|d\n***\n/approve security", SIGN, id="a rule"),
        pytest.param("so\na|b\n-|-\n\n/approve security", SIGN, id="a head without rows, behind a paragraph"),
        pytest.param("- a|b\n  -|-\n  c|d\n\n/approve security", SIGN, id="the end of its list"),
        pytest.param("a|b\n-|-\n    /approve security", [], id="indented code"),
    ],
)
def test_a_table_ends_with(body, commands):
    assert _texts(body) == commands
