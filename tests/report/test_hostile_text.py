"""Whatever others write, the page keeps its shape: their text stays text, and all stays within GitHub's limits."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.evidence.check import Check
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.status import Status
from bot.gate.addressed import Refusal
from bot.gate.checklist import Evidence, Tier
from bot.gate.commands import Command, Verb
from bot.gate.evaluate import cannot_evaluate, evaluate
from bot.gate.facts import Tag, Unavailable
from bot.gate.markup import visible
from bot.gate.rules import BrokenRules, Fault
from bot.gate.standing import SignOff, Standing, finding
from bot.gate.verdict import Verdict
from bot.gate.version import Bump, Semver
from bot.report.body import body
from bot.report.markdown import MAX_BYTES, addressed, exact, link, table
from bot.report.text import report_of
from bot.report.title import MAX_TITLE
from bot.report.words import ENGLISH
from tests.builders import (
    HEAD,
    NOW,
    Says,
    a_check,
    a_comment,
    a_commit,
    a_file,
    a_role,
    a_snapshot,
    a_status,
    an_item,
    rules_of,
)

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
AS_WRITTEN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable(["entity", "escape"])
OUR_HTML = {"<sub>", "</sub>", "<code>", "</code>", "<br>"}
FRAGMENTS = [
    *("<script>alert(1)</script>", "<img src=x onerror=y>", "<!--", "-->", "</details>", "<details>", "</td></table>"),
    *("[a](https://evil.test)", "![i](https://evil.test/i.png)", "[x]: https://evil.test", "<https://evil.test>"),
    *("https://evil.test", "http://evil.test", "www.evil.test", "eve@evil.test", "@acme/security", "@ann", "#1", "a#1"),
    *("`", "``", "```\n", "~~~\n", "|", "\\|", "\\", "\n", "\r", "\r\n", "\n\n", "\u2028", "\t", " ", "    "),
    *(
        "# h",
        "## h",
        "- l",
        "1. l",
        "> q",
        "---",
        "===",
        "| - | - |",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "$x$",
        "&#64;",
        "&lt;",
    ),
    *("\x00", "\x1b[0m", "\u202e", "\ufeff", "é", "🚀", "x", "1"),
]
hostile = (
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), min_size=1, max_size=8)
    .map("".join)
    .filter(lambda text: visible(text).strip())
)


def _judged(text: str) -> Verdict:
    """A verdict about facts that all say `text`: names, titles, labels, paths, messages, logins, notes."""
    evidence: list[Evidence] = [
        Check(name=text, workflow=text),
        Check(name="red"),
        Check(name="running"),
        Status(context=text, creator=text),
        Status(context="mine", creator=text),
        File(path=text),
        File(path="there", matches="nowhere"),
        Label(all=frozenset({text})),
        Label(none=frozenset({text})),
        Label(any=frozenset({text}), none=frozenset({"other"})),
    ]
    signed = SignOff(role="security", login=text, sha=HEAD, at=NOW, url="https://github.test/c", note=text)
    half, whole = Standing(role=a_role(count=2), signed=(signed,)), Standing(role=a_role(), signed=(signed,))
    evidence += [Says(finding(half, HEAD)), Says(finding(whole, HEAD))]
    items = [an_item(kind, id=f"X-{n}", title=text, tier=tuple(Tier)[n % 3]) for n, kind in enumerate(evidence)]
    role, line = a_role(), f"1 {' '.join(text.split())}"
    rules = rules_of(role, *items, semver=Semver(labels={Bump.MINOR: (text,)}), file=text)
    wanted = a_comment("/approve security", by=text)
    command = Command(
        verb=Verb.APPROVE, word=text, text=text, argument=text, because=text, addressed=True, comment=wanted
    )
    verdict = evaluate(
        rules,
        a_snapshot(
            base_ref=text,
            title=text,
            checks=(
                a_check("red", "failure"),
                a_check("running", None),
                a_check(text, app="other", workflow=None),
            ),
            statuses=(a_status(text, creator="mallory"), a_status("mine", creator=text, state="failure")),
            files={text: Unavailable("GitHub does not show it"), "there": a_file("there")},
            labels=frozenset({text, "other"}),
            commits=(a_commit(f"feat: {line}"), a_commit(f"fix!: {line}")),
            tags=(Tag(name="v1.0.0", sha="d" * 40),),
            merged_tags={"v1.0.0": True},
        ),
    )
    return replace(
        verdict,
        standings=(Standing(role=role, signed=(signed,), dropped=(replace(signed, dropped="the branch moved"),)),),
        refusals=(Refusal(command=command, because="an edited comment signs nothing"),),
    )


def _faulty(text: str) -> Verdict:
    fault = Fault(line=1, column=2, path=text, message=text.replace("`", "'"))
    return evaluate(BrokenRules(source="x", file=text, faults=(fault,)), a_snapshot(base_ref=text))


def _troubled(text: str) -> Verdict:
    return cannot_evaluate(a_snapshot(), text)


SPEAKERS = [
    pytest.param(_judged, id="facts and people"),
    pytest.param(_faulty, id="faults of the rules"),
    pytest.param(_troubled, id="trouble"),
]


def _flat(tokens: Sequence[Token]) -> list[Token]:
    return [part for token in tokens for part in ((token, *token.children) if token.children else (token,))]


def _shape(text: str) -> list[object]:
    """Every element in its order, with its HTML and its address; what people wrote in them left out."""
    tokens = _flat(GITHUB.parse(text))
    told = {"html_block", "html_inline"}
    return [
        (token.type, token.tag, token.content if token.type in told else "", token.attrs.get("href"))
        for token in tokens
        if token.type not in {"text", "text_special", "softbreak", "inline"}
    ]


def _pipes(text: str) -> list[int]:
    """How many cells each row has: a parser drops those that are too many without a word."""
    return [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")]


def _texts(renderer: MarkdownIt, text: str) -> str:
    """What stands on the page outside code and links."""
    found, depth = [], 0
    for token in _flat(renderer.parse(text)):
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type in {"text", "text_special"} and not depth:
            found.append(token.content)
    return "\n".join(found)


@pytest.mark.parametrize("speak", SPEAKERS)
@settings(max_examples=150, deadline=None)
@given(text=hostile)
def test_no_text_of_others_becomes_an_element(speak, text: str):
    said, harmless = report_of(speak(text)).comment, report_of(speak("x")).comment
    assert _shape(said) == _shape(harmless)
    assert _pipes(said) == _pipes(harmless)


@pytest.mark.parametrize("speak", SPEAKERS)
@settings(max_examples=100, deadline=None)
@given(text=hostile)
def test_no_text_of_others_mentions_or_links(speak, text: str):
    said = report_of(speak(text)).comment
    assert not re.search(r"[@#]\w", _texts(GITHUB, said).replace("@ann", "").replace("@bob", ""))
    assert not re.search(r"://|\bwww\.|[\w.+-]@[\w-]", _texts(AS_WRITTEN, said))


def _cells(text: str) -> list[list[Token]]:
    """What stands in the cells of a table's one row."""
    tokens = GITHUB.parse(table(("a", "b"), [(text, "end")]))
    return [token.children or [] for token in tokens if token.type == "inline"][2:]


@settings(max_examples=500, deadline=None)
@given(text=hostile)
def test_in_a_file_what_is_read_is_what_was_written(text: str):
    flat = " ".join(visible(text).split()).replace("\x00", "\ufffd")
    for tokens in (_flat(GITHUB.parse(exact(text))), *_cells(exact(text))[:1]):
        inner = [token for token in tokens if token.type not in {"paragraph_open", "paragraph_close", "inline"}]
        assert {token.type for token in inner} <= {"text", "text_special"}
        assert "".join(token.content for token in inner) == flat
    assert len(_cells(exact(text))) == 2


@settings(max_examples=500, deadline=None)
@given(text=hostile)
@example(text="[a](https://evil.test)![i](https://evil.test/i.png)\x1b")
def test_what_the_rules_say_becomes_links_and_nothing_else(text: str):
    tokens = _flat(GITHUB.parse(addressed(text)))
    ordinary = {"text", "text_special", "paragraph_open", "paragraph_close", "inline", "link_open", "link_close"}
    assert {token.type for token in tokens} <= ordinary
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert [href for href in links if not href.startswith(("https://", "http://", "mailto:"))] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("rita@shop.example", "<rita@shop.example>", id="a mailbox"),
        pytest.param("see https://a.b/c_d?e=1&f=2.", "see <https://a.b/c_d?e=1&f=2>.", id="a page, and a full stop"),
        pytest.param("(https://a.b/c)", "(<https://a.b/c>)", id="a page in brackets"),
        pytest.param("@acme/sre, `#12`", "@acme/sre, &#96;#12&#96;", id="a team"),
    ],
)
def test_addresses_in_a_file_can_be_copied(text: str, written: str):
    assert addressed(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("rita@shop.example", "rita@shop.example", id="a mailbox"),
        pytest.param("https://a.b/c_d?e=1&f=2", "https://a.b/c_d?e=1&f=2", id="a page"),
        pytest.param("snake_case, a*b*", "snake_case, a\\*b\\*", id="what Markdown would take up"),
        pytest.param("12. of May", "12\\. of May", id="no list"),
        pytest.param("#12 & 13", "\\#12 & 13", id="no heading"),
    ],
)
def test_texts_in_a_file_are_escaped_where_it_matters(text: str, written: str):
    assert exact(text) == written


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://localhost:8080/acme/shop", id="by name"),
        pytest.param("http://127.0.0.1/acme", id="by number"),
        pytest.param("http://[::1]:8080/acme", id="by number, the new way"),
    ],
)
def test_without_tls_only_the_readers_own_machine_is_linked_to(url: str):
    assert link("seen", url) == f"[seen]({url})"


@settings(max_examples=200, deadline=None)
@given(how=hostile)
def test_instructions_are_text_and_code_only(how: str):
    verdict = evaluate(rules_of(an_item(Label(all=frozenset({"x"})), how=how)), a_snapshot())
    plain_shape = _shape(
        body(evaluate(rules_of(an_item(Label(all=frozenset({"x"})), how="do")), a_snapshot()), ENGLISH)
    )
    extra = {("code_inline", "code", "", None), ("html_inline", "", "<br>", None)}
    assert [one for one in _shape(body(verdict, ENGLISH)) if one not in extra] == [
        one for one in plain_shape if one not in extra
    ]


@settings(max_examples=300, deadline=None)
@given(url=hostile.map(lambda text: f"https://ci.test/{text}") | hostile)
def test_an_address_is_one_link_or_none(url: str):
    tokens = _flat(GITHUB.parse(f"{link('seen', url)} after"))
    kinds = [
        token.type for token in tokens if token.type not in {"text", "inline", "paragraph_open", "paragraph_close"}
    ]
    assert kinds in (["link_open", "link_close"], [])
    assert _texts(GITHUB, f"{link('seen', url)} after").strip() in {"after", "seen after"}


@pytest.mark.parametrize(
    "url",
    [
        *(None, "", "javascript:alert(1)", "http://ci.test", "https://ci.test/ a", "https://a(b)"),
        *("http://127.0.0.1.ci.test/", "http://localhost@ci.test/", "http://localhost.ci.test", "http://127.0.0.1:x/"),
    ],
)
def test_an_address_that_can_not_stand_in_a_link_is_left_out(url: str | None):
    assert link("seen", url) == "seen"


BIG = "x" * 65_536
BIG_LINES = "a `b` | <c> @d\n" * 5_000


def _items(number: int, title: str = "A title", **more) -> Verdict:
    items = [
        an_item(File(path=f"f{n}"), id=f"X-{n}", title=title, tier=tuple(Tier)[n % 3], **more) for n in range(number)
    ]
    return evaluate(rules_of(*items), a_snapshot(files={f"f{n}": None for n in range(number)}))


def _signals(number: int) -> Verdict:
    commits = tuple(a_commit(f"feat: {BIG}", sha=f"{n:040}") for n in range(number))
    return evaluate(rules_of(), a_snapshot(commits=commits))


def _rules_faults(number: int) -> Verdict:
    faults = tuple(Fault(line=n, column=1, path=BIG, message="é" * 200) for n in range(number))
    return evaluate(BrokenRules(source="x", file="f", faults=faults), a_snapshot())


HUGE = [
    pytest.param(_items(1000), id="a thousand items"),
    pytest.param(_items(1000, "🚀" * 40, how="do it\nand more"), id="a thousand items of wide letters"),
    pytest.param(_items(5, BIG), id="titles of 65 KB"),
    pytest.param(_items(5, BIG_LINES, how=BIG_LINES), id="titles and instructions of many lines"),
    pytest.param(_items(1000, blocking=False), id="a thousand recommended items"),
    pytest.param(replace(_judged(BIG), base_ref="main"), id="everything of 65 KB"),
    pytest.param(_signals(1000), id="a thousand signals"),
    pytest.param(_rules_faults(1000), id="a thousand faults"),
    pytest.param(_troubled(BIG), id="a long trouble"),
    pytest.param(replace(_judged("x"), refusals=_judged("x").refusals * 1000), id="a thousand refusals"),
    pytest.param(replace(_judged("x"), standings=_judged("x").standings * 1000), id="a thousand sign-offs"),
]


@pytest.mark.parametrize("verdict", HUGE)
def test_everything_stays_in_githubs_limits_and_closes_what_it_opens(verdict: Verdict):
    report = report_of(verdict)
    assert len(report.title) <= MAX_TITLE
    for text in (report.summary, report.comment):
        assert len(text.encode()) <= MAX_BYTES
        assert _balanced(text)


def test_what_is_cut_says_so():
    assert body(_items(1000), ENGLISH).endswith("**Cut here:** the rest does not fit into GitHub's limit.")
    assert "Cut here" not in body(_items(10), ENGLISH)


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 400), title=hostile)
def test_a_cut_anywhere_leaves_no_part_open(number: int, title: str):
    report = report_of(_items(number, title * 3))
    assert len(report.comment.encode()) <= MAX_BYTES
    assert _balanced(report.comment)


def _balanced(text: str) -> bool:
    """Whether every folded part is closed, none twice, and nothing of ours is cut within."""
    depth = 0
    for token in _flat(GITHUB.parse(text)):
        if token.type == "html_block":
            depth += token.content.count("<details>") - token.content.count("</details>")
        if depth < 0 or (token.type == "html_inline" and token.content not in OUR_HTML):
            return False
    return depth == 0
