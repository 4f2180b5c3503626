"""What one read brings back: long lists whole and in order, a push in between noticed, hidden facts as unavailable."""

from dataclasses import replace

import aiohttp
import pytest

from bot.gate.facts import File, Unavailable
from bot.gate.needs import Needs
from bot.github import decode
from bot.github.client import Answer, Client, Problem
from bot.github.code_owners import code_owners
from bot.github.errors import Forbidden, Gone, Unreachable
from bot.github.gather import gather
from tests.builders import NOW
from tests.github.conftest import FILES, Desk


async def test_long_lists_are_read_whole_and_in_order(desk: Desk):
    sandbox = desk.sandbox
    for number in range(250):
        sandbox.push(desk.pull, author="dan", files={"n": str(number)}, message=f"fix: {number}")
    for number in range(150):
        sandbox.check(desk.pull, f"test-{number}")
    for number in range(130):
        sandbox.comment(desk.pull, "rita", f"remark {number}")
    sandbox.requests.clear()
    snapshot = await desk.snapshot()
    assert not isinstance(snapshot.commits, Unavailable)
    assert not isinstance(snapshot.comments, Unavailable)
    assert not isinstance(snapshot.checks, Unavailable)
    assert [one.message for one in snapshot.commits][1:] == [f"fix: {number}" for number in range(250)]
    assert [one.body for one in snapshot.comments] == [f"remark {number}" for number in range(130)]
    assert {one.name for one in snapshot.checks} == {f"test-{number}" for number in range(150)}
    assert [one.operation for one in desk.asked()] == ["Gate", "Pages", "Pages"]


async def test_a_push_between_two_pages_makes_the_read_void(desk: Desk):
    for number in range(120):
        desk.sandbox.comment(desk.pull, "rita", f"{number}")

    async def push(_session, _context, _params: aiohttp.TraceRequestStartParams) -> None:
        if [one.operation for one in desk.asked()] == ["Gate"]:
            desk.sandbox.push(desk.pull, author="dan", files={"a": "1"}, message="one more")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(push)
    async with aiohttp.ClientSession(trace_configs=[tracing]) as session:
        desk.client = Client(session, desk.identity())
        with pytest.raises(Unreachable, match="changed while it was read"):
            await desk.gathered()
    assert [one.operation for one in desk.asked()] == ["Gate", "Pages"]


@pytest.mark.parametrize(
    ("withheld", "named"),
    [
        pytest.param("checks", "what we published can't be read: GitHub does not show `ours`", id="our own check runs"),
        pytest.param("contents", "the rules can't be read: GitHub does not show `rules`", id="the rules"),
    ],
)
async def test_without_what_a_verdict_stands_on_there_is_none(desk: Desk, withheld: str, named: str):
    """Rules that are hidden are not rules that are missing, and what may be published already isn't made again."""
    desk.sandbox.grant(desk.sandbox.installation("acme"), **{withheld: ""})
    with pytest.raises(Forbidden, match=named):
        await desk.snapshot()


@pytest.mark.parametrize(
    ("path", "kind", "raised"),
    [
        pytest.param(("repository", "pullRequest"), "NOT_FOUND", Gone, id="it is not there"),
        pytest.param(("repository", "pullRequest"), "FORBIDDEN", Forbidden, id="it is hidden"),
        pytest.param(("repository",), "", Unreachable, id="something went wrong inside GitHub"),
        pytest.param(
            ("repository", "pullRequest", "comments"), "SOME_TYPE", Unreachable, id="a part of it took it along"
        ),
    ],
)
def test_a_pull_request_that_is_null_is_gone_only_when_github_says_so(path, kind, raised):
    data = {"repository": None if len(path) == 1 else {"pullRequest": None}}
    problem = Problem(type=kind, path=path, message="no")
    with pytest.raises(raised):
        decode.required(Answer(data=data, problems=(problem,), at=NOW), "repository", "pullRequest")


async def test_comments_may_be_read_with_either_permission(desk: Desk):
    desk.sandbox.comment(desk.pull, "rita", "hi")
    desk.sandbox.grant(desk.sandbox.installation("acme"), issues="")
    snapshot = await desk.snapshot()
    assert not isinstance(snapshot.comments, Unavailable)
    assert len(snapshot.comments) == 1


async def test_a_pull_request_that_is_not_there_is_gone(desk: Desk):
    nowhere = replace(desk.ref, number=99)
    with pytest.raises(Gone, match="no pullRequest there"):
        await gather(desk.client, nowhere, Needs())


async def test_files_are_what_stands_at_the_head(desk: Desk):
    snapshot = await desk.snapshot("README.md", "src", "src/app.py", "nowhere.md")
    assert snapshot.files == {
        "README.md": File(path="README.md", size=7, text=FILES["README.md"]),
        "src": None,
        "src/app.py": File(path="src/app.py", size=2, text="1\n"),
        "nowhere.md": None,
    }


@pytest.mark.parametrize(
    ("places", "found"),
    [
        pytest.param([], None, id="none"),
        pytest.param(["docs/CODEOWNERS"], "docs/CODEOWNERS", id="the last place"),
        pytest.param(["docs/CODEOWNERS", "CODEOWNERS"], "CODEOWNERS", id="the root before it"),
        pytest.param(["CODEOWNERS", ".github/CODEOWNERS"], ".github/CODEOWNERS", id="the first place before all"),
        pytest.param([".github/CODEOWNERS/a", "CODEOWNERS"], "CODEOWNERS", id="a folder of that name is no file"),
    ],
)
async def test_code_owners_are_those_of_the_base(desk: Desk, places: list[str], found: str | None):
    """Those of the head would let a pull request choose who approves it."""
    files = dict.fromkeys(places, "* @rita\n")
    desk.sandbox.push_branch(desk.pull.repository, "main", author="dan", files=files, message="owners")
    desk.sandbox.push(desk.pull, author="dan", files={".github/CODEOWNERS": "* @dan\n"}, message="mine")
    snapshot = (await gather(desk.client, desk.ref, Needs(code_owners=True))).snapshot
    assert snapshot.code_owners == (found and File(path=found, size=8, text="* @rita\n"))


async def test_code_owners_that_nobody_wants_are_not_read(desk: Desk):
    assert isinstance((await desk.snapshot()).code_owners, Unavailable)


@pytest.mark.parametrize("hidden", ["ownersInFolder", "ownersInRoot"])
def test_code_owners_that_are_hidden_might_be_those_that_count(hidden: str):
    path = ("repository", "pullRequest", "baseRef", "target", hidden)
    target = {"ownersInFolder": None, "ownersInRoot": None, "ownersInDocs": {"path": "docs/CODEOWNERS", "object": BLOB}}
    data = {"repository": {"pullRequest": {"baseRef": {"target": target}}}}
    answer = Answer(data=data, problems=(Problem(type="FORBIDDEN", path=path, message="no"),), at=NOW)
    assert isinstance(code_owners(answer), Unavailable)


BLOB = {"__typename": "Blob", "oid": "1", "text": "hi", "byteSize": 2, "isTruncated": False, "isBinary": False}


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        pytest.param({}, "hi", id="a text"),
        pytest.param({"isBinary": True, "text": None}, None, id="binary"),
        pytest.param({"isTruncated": True}, None, id="cut off: half a file is none"),
        pytest.param({"text": ""}, "", id="empty"),
    ],
)
def test_a_file_is_told_whole_or_not_at_all(changed: dict[str, object], text: str | None):
    found = decode.file({"path": "a", "object": BLOB | changed})
    assert isinstance(found, File)
    assert (found.path, found.size, found.text) == ("a", 2, text)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(None, None, id="nothing there"),
        pytest.param({"path": "a", "object": {"__typename": "Tree"}}, None, id="a folder"),
        pytest.param({"path": "a", "object": None}, None, id="a submodule"),
        pytest.param(Unavailable("hidden"), Unavailable("hidden"), id="hidden"),
    ],
)
def test_what_is_no_file(entry, expected):
    assert decode.file(entry) == expected


@pytest.mark.parametrize(
    ("decoded", "count", "expected"),
    [
        pytest.param(decode.labels, {"totalCount": 1, "nodes": [{"name": "a"}]}, frozenset({"a"}), id="all labels"),
        pytest.param(
            decode.labels,
            {"totalCount": 101, "nodes": [{"name": "a"}]},
            Unavailable("it has more than 100 labels"),
            id="too many labels",
        ),
        pytest.param(
            decode.suites,
            {"totalCount": 101, "nodes": []},
            Unavailable("the head has more than 100 check suites"),
            id="too many suites",
        ),
        pytest.param(decode.suites, None, (), id="no suites"),
        pytest.param(decode.labels, None, frozenset(), id="no labels"),
        pytest.param(decode.tags, None, (), id="no tags"),
    ],
)
def test_a_list_is_whole_or_unavailable(decoded, count, expected):
    assert decoded(count) == expected


async def test_other_open_pull_requests_of_the_same_head_may_be_twins(desk: Desk):
    sandbox, repository = desk.sandbox, desk.pull.repository
    sandbox.branch(repository, "scratch")
    for base, state in (("main", "OPEN"), ("scratch", "OPEN"), ("main", "CLOSED")):
        other = sandbox.open_pull_request(repository, author="dan", head="release/1.0.0", base=base)
        if state == "CLOSED":
            sandbox.close(other, by="dan")
    assert (await desk.gathered()).twins == (2, 3)
