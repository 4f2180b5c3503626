"""What a command says: the words after its verb, in quotes or not, the date, the commit, the version and the reason."""

import pytest

from bot.gate.commands import Verb, commands_in
from tests.builders import NOW, a_comment, minutes_ago


@pytest.mark.parametrize(
    ("text", "argument", "commit", "note"),
    [
        ("/approve security", "security", None, ""),
        ("/approve security looks good", "security", None, "looks good"),
        ("/approve security ABC1234", "security", "abc1234", ""),
        ("/approve  security \t abc1234  looks good", "security", "abc1234", "looks good"),
        ("/approve\tsecurity\tabc1234", "security", "abc1234", ""),
        ("/approve security abc123", "security", None, "abc123"),
        (f"/approve security {'a' * 41}", "security", None, "a" * 41),
        ("/approve", "", None, ""),
    ],
)
def test_a_commands_parts(text, argument, commit, note):
    [command] = commands_in(a_comment(text))
    assert (command.verb, command.addressed) == (Verb.APPROVE, False)
    assert (command.argument, command.commit, command.because) == (argument, commit, note)


@pytest.mark.parametrize(
    "text", ["/hold because of the outage", "/hold  because: of the outage", "/hold of the outage"]
)
def test_a_hold_says_why(text):
    [command] = commands_in(a_comment(text))
    assert (command.verb, command.argument, command.because) == (Verb.HOLD, "", "of the outage")


@pytest.mark.parametrize(
    ("text", "addressed", "verb", "argument"),
    [
        pytest.param("/gate revoke security", True, Verb.REVOKE, "security", id="in front"),
        pytest.param("/GATE Revoke security", True, Verb.REVOKE, "security", id="in capitals"),
        pytest.param("/gate /revoke security", True, Verb.REVOKE, "security", id="before a second slash"),
        pytest.param("/gate\t\trevoke security", True, Verb.REVOKE, "security", id="with tabs behind it"),
        pytest.param("/gate\u00a0revoke security", True, Verb.REVOKE, "security", id="with an unbreakable space"),
        pytest.param("/gate", True, None, "", id="alone"),
        pytest.param("/gate approves security", True, None, "security", id="before no verb of ours"),
        pytest.param("/gate gate approve", True, None, "approve", id="twice"),
        pytest.param("/revoke gate", False, Verb.REVOKE, "gate", id="as a role's id"),
        pytest.param("/approve approve", False, Verb.APPROVE, "approve", id="missing, before a role called as a verb"),
    ],
)
def test_gate(text, addressed, verb, argument):
    [command] = commands_in(a_comment(text))
    assert (command.addressed, command.verb, command.argument) == (addressed, verb, argument)


TOMORROW = NOW.replace(day=23, hour=0)
NOT_WAIVE = (
    " is not understood: write `/waive ITEM [SHA] [until DATE] because …`; "
    "a date is written `until 2026-12-06`, `until fri 09:00 Europe/Berlin` or `for 3d`"
)


@pytest.mark.parametrize(
    ("text", "argument", "until", "because", "wrong"),
    [
        pytest.param("/waive A-1 because it is late", "A-1", None, "it is late", "", id="for good"),
        pytest.param("/waive A-1 until tomorrow because x", "A-1", TOMORROW, "x", "", id="until a day"),
        pytest.param(
            '/waive "A-1" until tomorrow, because: "it is late"', "A-1", TOMORROW, "it is late", "", id="in quotes"
        ),
        pytest.param("/waive ‘A-1’ because “it is late”", "A-1", None, "it is late", "", id="in bent quotes"),
        pytest.param("/waive 'A 1' because x", "A 1", None, "x", "", id="an id of two words"),
        pytest.param('/waive "A-1 because x', '"A-1', None, "x", "", id="a quote that nobody closed"),
        pytest.param('/waive A-1 because "x', "A-1", None, "x", "", id="a reason in half a quote"),
        pytest.param("/waive A-1 BECAUSE x because y", "A-1", None, "x because y", "", id="the first because counts"),
        pytest.param("/waive\tA-1\tbecause\tx", "A-1", None, "x", "", id="tabs"),
        pytest.param("/waive A-1\u00a0because\u202fx", "A-1", None, "x", "", id="unbreakable spaces"),
        pytest.param("/waive until until tomorrow because x", "until", TOMORROW, "x", "", id="an item called until"),
        pytest.param(
            "/waive A-1 because", "A-1", None, "", "it does not say why: write `/waive A-1 because …`", id="no reason"
        ),
        pytest.param(
            "/waive A-1 because …",
            "A-1",
            None,
            "…",
            "it does not say why: write `/waive A-1 because …`",
            id="a reason that is copied with its dots",
        ),
        pytest.param(
            "/waive A-1 because \u00a0 .",
            "A-1",
            None,
            ".",
            "it does not say why: write `/waive A-1 because …`",
            id="a reason of nothing",
        ),
        pytest.param("/waive A-1 because 障害", "A-1", None, "障害", "", id="a reason in another script"),
        pytest.param("/waive A-1 because: 1", "A-1", None, "1", "", id="a reason that is a number"),
        pytest.param(
            "/waive A-1", "A-1", None, "", "it does not say why: write `/waive A-1 because …`", id="only an item"
        ),
        pytest.param("/waive A-1 it is late", "A-1", None, "it is late", f"`it is late`{NOT_WAIVE}", id="no because"),
        pytest.param(
            "/waive A-1 becauseof it because x", "A-1", None, "x", f"`becauseof it`{NOT_WAIVE}", id="a longer word"
        ),
        pytest.param(
            "/waive A-1 until someday because x", "A-1", None, "x", f"`until someday`{NOT_WAIVE}", id="no date"
        ),
        pytest.param("/waive A-1 until , because x", "A-1", None, "x", f"`until ,`{NOT_WAIVE}", id="until nothing"),
        pytest.param(
            "/waive A-1 until 2026-11-21 because x",
            "A-1",
            None,
            "x",
            f"`until 2026-11-21`{NOT_WAIVE}",
            id="a day gone by",
        ),
        pytest.param(
            "/waive A-1 until tomorrow PST because x", "A-1", None, "x", f"`PST`{NOT_WAIVE}", id="a zone nobody knows"
        ),
        pytest.param(
            "/waive A-1 until tomorrow until fri because x",
            "A-1",
            None,
            "x",
            f"`until fri`{NOT_WAIVE}",
            id="until twice",
        ),
    ],
)
def test_what_a_waiver_says(text, argument, until, because, wrong):
    [command] = commands_in(a_comment(text))
    assert (command.argument, command.until, command.because, command.wrong) == (argument, until, because, wrong)


@pytest.mark.parametrize(
    ("text", "until", "because"),
    [
        pytest.param("/hold until tomorrow because x", TOMORROW, "x", id="until a day"),
        pytest.param("/hold until tomorrow, the lawyers ask", None, "the lawyers ask", id="a note without because"),
        pytest.param("/hold because x until tomorrow", None, "x until tomorrow", id="a day in the reason"),
        pytest.param("/hold until tomorrow 09:00 PST because x", None, "x", id="an end that is not understood whole"),
        pytest.param("/hold until someday because x", None, "x", id="no end that is known"),
        pytest.param("/hold for the lawyers", None, "for the lawyers", id="for somebody"),
        pytest.param("/hold", None, "", id="without a word"),
    ],
)
def test_a_hold_ends_only_when_all_of_it_is_understood(text, until, because):
    [command] = commands_in(a_comment(text))
    assert (command.until, command.because, command.wrong) == (until, because, "")


@pytest.mark.parametrize(
    ("text", "commit", "version", "note"),
    [
        pytest.param("/approve qa 1.0.0 abc1234", "abc1234", "1.0.0", "", id="the version first"),
        pytest.param("/approve qa abc1234 v1.0.0-rc.1 ok", "abc1234", "1.0.0-rc.1", "ok", id="the commit first"),
        pytest.param("/approve qa abc1234 def5678", "abc1234", None, "def5678", id="a second commit is a note"),
        pytest.param("/approve qa 1.0.0 2.0.0", None, "1.0.0", "2.0.0", id="a second version is a note"),
        pytest.param("/approve qa 1.0 ok", None, None, "1.0 ok", id="half a version is a note"),
        pytest.param("/approve qa 01.0.0", None, None, "01.0.0", id="a version with a leading nought is none"),
        pytest.param(f"/approve qa 1.0.0-{'a' * 60}", None, None, f"1.0.0-{'a' * 60}", id="a version without end"),
        pytest.param("/approve qa fine, abc1234", None, None, "fine, abc1234", id="a commit behind a note is a note"),
        pytest.param("/approve qa 'because' it is", None, None, "because it is", id="because as a quoted word"),
        pytest.param("/revoke qa abc1234 1.0.0", None, None, "abc1234 1.0.0", id="a revoke names neither"),
    ],
)
def test_a_sign_off_names_a_commit_and_a_version(text, commit, version, note):
    [command] = commands_in(a_comment(text))
    assert (command.argument, command.commit, command.version, command.because) == ("qa", commit, version, note)


def test_dates_count_from_the_comment_and_an_edit_says_them_anew():
    body = "/hold for 1h because x"
    [written] = commands_in(a_comment(body, ago=30))
    [edited] = commands_in(a_comment(body, ago=30, edited_at=minutes_ago(10)))
    assert (written.until, edited.until) == (minutes_ago(-30), minutes_ago(-50))
