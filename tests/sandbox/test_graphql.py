"""GraphQL: the program's documents, pages, cost, permissions, and loud gaps."""

from typing import Any

import pytest

from tests.sandbox.conftest import Desk

PULL = 'repository(owner: "acme", name: "shop") { pullRequest(number: 1)'


async def evaluation(desk: Desk) -> Any:
    return await desk.document(
        "gate_evaluation",
        owner="acme",
        name="shop",
        number=1,
        appId=4242,
        checkName="release-gate: main",
        changelogPath="README.md",
    )


async def test_one_evaluation_reads_everything(desk: Desk) -> None:
    sandbox, pull = desk.sandbox, desk.pull
    sandbox.comment(pull, "ann", "/approve security")
    sandbox.check(pull, "test", title="12 passed")
    sandbox.status(pull, context="coverage", state="success", creator="codecov[bot]")
    sandbox.label(pull, "release", by="dev")
    answer = await evaluation(desk)
    assert [error["path"] for error in answer["errors"]] == [["org"]]  # acme has no .github repository
    read = answer["data"]["repository"]["pullRequest"]
    assert read["headRefOid"] == read["head"]["nodes"][0]["commit"]["oid"] == pull.head_oid
    assert [(one["path"], one["changeType"]) for one in read["files"]["nodes"]] == [
        ("gone.txt", "DELETED"),
        ("src/a.py", "MODIFIED"),
        ("src/new.py", "RENAMED"),
    ]
    run, status = read["head"]["nodes"][0]["commit"]["statusCheckRollup"]["contexts"]["nodes"]
    assert run["checkSuite"]["app"] == {"slug": "github-actions", "databaseId": 15368}
    assert run["checkSuite"]["workflowRun"]["file"] == {"path": ".github/workflows/ci.yml"}
    assert (run["status"], run["conclusion"], run["title"]) == ("COMPLETED", "SUCCESS", "12 passed")
    assert status["creator"] == {"login": "codecov"}
    assert read["comments"]["nodes"][0]["author"] == {"__typename": "User", "login": "ann"}
    assert read["baseRef"]["target"]["changelog"]["object"]["text"] == "# Shop\n"
    assert answer["data"]["repository"]["tags"]["nodes"][0]["name"] == "v0.9.0"
    assert answer["data"]["rateLimit"]["cost"] == 3
    assert sandbox.errors == []


async def test_pages_follow_each_other(desk: Desk) -> None:
    for number in range(7):
        desk.sandbox.comment(desk.pull, "ann", f"comment {number}")
    text = f"""query($after: String) {{ {PULL} {{ comments(first: 3, after: $after) {{
      totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ body }}
    }} }} }} }}"""
    seen, after = [], None
    while True:
        answer = await desk.query(text, after=after)
        page = answer["data"]["repository"]["pullRequest"]["comments"]
        assert page["totalCount"] == 7
        seen += [one["body"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [f"comment {number}" for number in range(7)]


async def test_the_last_come_with_what_precedes_them(desk: Desk) -> None:
    for number in range(5):
        desk.sandbox.comment(desk.pull, "ann", str(number))
    pages = await desk.document("gate_pages", pr=desk.pull.id, number=1, comments=True)
    assert [one["body"] for one in pages["data"]["node"]["comments"]["nodes"]] == list("01234")
    text = f"{{ {PULL} {{ comments(last: 2) {{ pageInfo {{ hasPreviousPage startCursor }} nodes {{ body }} }} }} }} }}"
    page = (await desk.query(text))["data"]["repository"]["pullRequest"]["comments"]
    assert [one["body"] for one in page["nodes"]] == ["3", "4"]
    assert page["pageInfo"]["hasPreviousPage"]


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        pytest.param("", "MISSING_PAGINATION_BOUNDARIES", id="without bounds"),
        pytest.param("(first: 101)", "EXCESSIVE_PAGINATION", id="too many"),
        pytest.param('(first: 1, after: "nonsense")', "INVALID_CURSOR_ARGUMENTS", id="a made-up cursor"),
    ],
)
async def test_bad_pages_are_refused(desk: Desk, bounds: str, kind: str) -> None:
    answer = await desk.query(f"{{ {PULL} {{ commits{bounds} {{ totalCount }} }} }} }}")
    assert answer["errors"][0]["type"] == kind


async def test_a_field_that_is_not_modelled_is_an_error(desk: Desk) -> None:
    answer = await desk.query(f"{{ {PULL} {{ title bodyHTML }} }} }}")
    assert answer["errors"][0]["path"] == ["repository", "pullRequest", "bodyHTML"]
    assert desk.sandbox.errors == [
        "GraphQL: the sandbox does not model PullRequest.bodyHTML at ['repository', 'pullRequest', 'bodyHTML']"
    ]
    desk.sandbox.errors.clear()
    await desk.query("{ nothingLikeThat }")
    assert "nothingLikeThat" in desk.sandbox.errors[0]


async def test_wrong_variables_are_refused(desk: Desk) -> None:
    answer = await desk.document("gate_pages", pr=desk.pull.id, number="one")
    assert "number" in answer["errors"][0]["message"]


async def test_a_missing_permission_costs_one_node(desk: Desk) -> None:
    desk.sandbox.check(desk.pull, "test")
    made = desk.sandbox.installation("acme")
    desk.sandbox.grant(made, checks="", deployments="", statuses="")
    answer = await evaluation(desk)
    refused = {".".join(map(str, error["path"])) for error in answer["errors"] if error["type"] == "FORBIDDEN"}
    commit = "repository.pullRequest.head.nodes.0.commit"
    assert refused == {
        "repository.deployments.nodes",
        f"{commit}.statusCheckRollup",
        f"{commit}.ours",
        f"{commit}.deployments",
    }
    assert answer["data"]["repository"]["deployments"] == {"nodes": None}
    assert answer["data"]["repository"]["pullRequest"]["title"] == "feat: release 1.0.0"
    assert desk.sandbox.errors == []


async def test_suites_filter_by_app_and_name_and_keep_every_run(desk: Desk) -> None:
    sandbox, pull = desk.sandbox, desk.pull
    sandbox.check(pull, "test", conclusion="failure")
    sandbox.check(pull, "test", title="rerun", rerun=True)
    sandbox.check(pull, "test", app="impostor")
    text = f"""{{ {PULL} {{ commits(last: 1) {{ nodes {{ commit {{
      suites: checkSuites(first: 5, filterBy: {{appId: 15368, checkName: "test"}}) {{ nodes {{
        status conclusion
        latest: checkRuns(first: 5, filterBy: {{checkType: LATEST}}) {{ nodes {{ conclusion title }} }}
        all: checkRuns(first: 5, filterBy: {{checkType: ALL}}) {{ nodes {{ conclusion }} }}
      }} }} }} }} }} }} }} }}"""
    answer = await desk.query(text)
    commit = answer["data"]["repository"]["pullRequest"]["commits"]["nodes"][0]["commit"]
    assert commit["suites"]["nodes"] == [
        {
            "status": "COMPLETED",
            "conclusion": "SUCCESS",
            "latest": {"nodes": [{"conclusion": "SUCCESS", "title": "rerun"}]},
            "all": {"nodes": [{"conclusion": "FAILURE"}, {"conclusion": "SUCCESS"}]},
        }
    ]


async def test_other_ways_to_a_pull_request(desk: Desk) -> None:
    group = desk.sandbox.merge_group(desk.pull)
    text = f"""{{ repository(owner: "acme", name: "shop") {{
      object(oid: "{desk.pull.head_oid}") {{ ... on Commit {{
        associatedPullRequests(first: 2) {{ nodes {{ number }} }}
      }} }}
      file: object(expression: "main:src/a.py") {{ ... on Blob {{ text }} }}
      pullRequests(first: 2, states: [OPEN], baseRefName: "main", headRefName: "release/1.0.0") {{
        nodes {{ number }}
      }}
      ref(qualifiedName: "refs/heads/main") {{ compare(headRef: "release/1.0.0") {{ status aheadBy behindBy }} }}
      mergeQueue(branch: "main") {{ entries(first: 2) {{
        nodes {{ position headCommit {{ oid }} pullRequest {{ number }} }}
      }} }}
    }} }}"""
    read = (await desk.query(text))["data"]["repository"]
    assert read["object"]["associatedPullRequests"]["nodes"] == [{"number": 1}]
    assert read["file"] == {"text": "a\n"}
    assert read["pullRequests"]["nodes"] == [{"number": 1}]
    assert read["ref"]["compare"] == {"status": "AHEAD", "aheadBy": 1, "behindBy": 0}
    entry = read["mergeQueue"]["entries"]["nodes"][0]
    assert entry == {"position": 1, "headCommit": {"oid": group.head_commit.oid}, "pullRequest": {"number": 1}}
    assert desk.sandbox.errors == []


async def test_the_timeline_tells_what_was_undone(desk: Desk) -> None:
    sandbox, pull = desk.sandbox, desk.pull
    comment = sandbox.comment(pull, "ann", "/reject security because")
    sandbox.delete_comment(comment, by="dev")
    sandbox.force_push(pull, author="dev", files={"q": "q\n"}, message="feat: other")
    sandbox.edit(pull, by="dev", title="feat: other")
    answer = await evaluation(desk)
    items = answer["data"]["repository"]["pullRequest"]["timelineItems"]
    assert [one["__typename"] for one in items["nodes"]] == [
        "CommentDeletedEvent",
        "HeadRefForcePushedEvent",
        "RenamedTitleEvent",
    ]
    assert items["filteredCount"] == 3
    assert items["nodes"][0]["deletedCommentAuthor"] == {"login": "ann"}
    assert items["nodes"][1]["afterCommit"] == {"oid": pull.head_oid}


async def test_an_edit_by_somebody_else_shows(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "looks wrong")
    desk.sandbox.edit_comment(comment, by="dev", body="/approve security")
    answer = await evaluation(desk)
    (read,) = answer["data"]["repository"]["pullRequest"]["comments"]["nodes"]
    assert read["author"]["login"] == "ann"
    assert read["editor"] == {"login": "dev"}
    assert read["lastEditedAt"] is not None
    assert comment.history == ["looks wrong", "/approve security"]
