"""What REST adds: members, comparisons, who pushed; and no tenant is told what another one was."""

from dataclasses import replace

import pytest

from bot.gate.differences import Comparison
from bot.gate.facts import File, Permission, Tag, Unavailable
from bot.gate.needs import Questions
from bot.github import decode_rest
from bot.github.answers import Answers
from bot.github.errors import RateLimited, Unreachable
from bot.github.targets import PullRequest, Repository
from tests.github.conftest import Desk

TEAM = "acme/security"


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        pytest.param("sam", True, id="a member"),
        pytest.param("pia", False, id="somebody invited"),
        pytest.param("eve", False, id="a stranger"),
        pytest.param("../../x?y#z", False, id="a login that is none"),
    ],
)
async def test_members(desk: Desk, login: str, expected: bool):
    snapshot = await desk.answered(memberships=frozenset({(TEAM, login)}))
    desk.sandbox.errors.clear()
    assert snapshot.memberships == {(TEAM, login): expected}


async def test_an_answer_is_kept_and_what_decided_is_asked_afresh(desk: Desk):
    pair = (TEAM, "sam")
    snapshot = await desk.answered(memberships=frozenset({pair}))
    desk.sandbox.leave_team(TEAM, "sam")
    again = await desk.answered(memberships=frozenset({pair}))
    confirmed = await desk.answers.confirm(again)
    assert (snapshot.memberships[pair], again.memberships[pair]) == (True, True)
    assert confirmed.memberships[pair] is False


async def test_before_success_those_who_did_not_count_are_asked_about_too(desk: Desk):
    """Who joined meanwhile may veto."""
    desk.sandbox.user("eve")
    pair = (TEAM, "eve")
    snapshot = await desk.answered(memberships=frozenset({pair}), permissions=frozenset({"eve"}))
    assert (snapshot.memberships[pair], snapshot.permissions["eve"]) == (False, Permission.READ)
    desk.sandbox.team(TEAM, ["eve"])
    desk.sandbox.collaborator(desk.pull.repository, "eve", "maintain")
    kept = await desk.answered(memberships=frozenset({pair}), permissions=frozenset({"eve"}))
    assert (kept.memberships[pair], kept.permissions["eve"]) == (False, Permission.READ)
    confirmed = await desk.answers.confirm(kept)
    assert (confirmed.memberships[pair], confirmed.permissions["eve"]) == (True, Permission.WRITE)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("admin", Permission.ADMIN, id="admin"),
        pytest.param("maintain", Permission.WRITE, id="maintainers write"),
        pytest.param("write", Permission.WRITE, id="write"),
        pytest.param("triage", Permission.READ, id="triage reads"),
        pytest.param("read", Permission.READ, id="read"),
        pytest.param("none", Permission.READ, id="the repository is public"),
    ],
)
async def test_what_somebody_may_do_in_the_repository(desk: Desk, role: str, expected: Permission):
    desk.sandbox.collaborator(desk.pull.repository, "rita", role)
    assert (await desk.answered(permissions=frozenset({"rita"}))).permissions == {"rita": expected}


async def test_a_login_that_github_does_not_know_may_do_nothing(desk: Desk):
    snapshot = await desk.answered(permissions=frozenset({"nobody", "../../x?y#z"}))
    desk.sandbox.errors.clear()
    assert snapshot.permissions == dict.fromkeys(("nobody", "../../x?y#z"), Permission.NONE)


async def test_everybody_of_a_team_and_of_those_below_it(desk: Desk):
    desk.sandbox.team("acme/pentest", ["piet"], parent="security")
    questions = frozenset({TEAM, "acme/nowhere"})
    snapshot = await desk.answered(team_members=questions)
    assert snapshot.team_members == {
        TEAM: frozenset({"sam", "piet"}),
        "acme/nowhere": Unavailable("GitHub shows no team `acme/nowhere`"),
    }
    desk.sandbox.leave_team(TEAM, "sam")
    assert (await desk.answered(team_members=questions)).team_members == snapshot.team_members


@pytest.mark.parametrize(("count", "told"), [pytest.param(99, True, id="99"), pytest.param(100, False, id="100")])
async def test_a_team_that_may_not_fit_on_a_page_is_unavailable(desk: Desk, count: int, told: bool):
    desk.sandbox.team("acme/all", [f"p{number}" for number in range(count)])
    found = (await desk.answered(team_members=frozenset({"acme/all"}))).team_members["acme/all"]
    assert found == (
        frozenset(f"p{number}" for number in range(99)) if told else Unavailable("it has a hundred members or more")
    )


async def test_no_installation_is_served_what_another_was_told(desk: Desk):
    other_installation = desk.sandbox.installation("rivals").database_id
    questions = frozenset({(TEAM, "sam")})
    await desk.answered(memberships=questions)
    before = len(desk.asked("rest"))
    repository = Repository(installation=other_installation, name="acme/shop")
    other = Answers(desk.client, desk.caches, PullRequest(repository=repository, number=1))
    await other.confirm(await desk.answered(memberships=questions))
    asked = [one.path for one in desk.asked("rest")[before:]]
    assert "/orgs/acme/teams/security/memberships/sam" in asked


@pytest.mark.parametrize(
    ("withheld", "fact"),
    [
        pytest.param("members", "memberships", id="members"),
        pytest.param("contents", "comparisons", id="comparisons"),
        pytest.param("metadata", "permissions", id="permissions"),
        pytest.param("members", "team_members", id="team members"),
    ],
)
async def test_what_may_not_be_read_is_unavailable(desk: Desk, withheld: str, fact: str):
    asked = Questions(
        memberships=frozenset({(TEAM, "sam")}),
        comparisons=frozenset({desk.pull.base.oid}),
        permissions=frozenset({"sam"}),
        team_members=frozenset({TEAM}),
    )
    snapshot = await desk.snapshot()
    desk.sandbox.grant(desk.sandbox.installation("acme"), **{withheld: ""})
    (found,) = getattr(await desk.answers.to(asked, snapshot), fact).values()
    assert isinstance(found, Unavailable)
    assert "Resource not accessible by integration" in found.because


async def test_a_limit_ends_the_pass(desk: Desk):
    desk.sandbox.arm("secondary_limit", matching="memberships", status=429, retry_after=5)
    with pytest.raises(RateLimited):
        await desk.answered(memberships=frozenset({(TEAM, "sam"), (TEAM, "eve")}))


async def test_a_comparison_names_what_differs(desk: Desk):
    signed = desk.pull.head_oid
    desk.sandbox.push(desk.pull, author="dan", files={"a.py": "1", "src/app.py": None}, message="more")
    snapshot = await desk.answered(comparisons=frozenset({signed}))
    assert snapshot.comparisons == {signed: Comparison(linear=True, files=frozenset({"a.py", "src/app.py"}))}


async def test_a_rewritten_branch_is_not_linear(desk: Desk):
    signed = desk.pull.head_oid
    desk.sandbox.force_push(desk.pull, author="dan", files={"a.py": "1"}, message="anew")
    found = (await desk.answered(comparisons=frozenset({signed}))).comparisons[signed]
    assert isinstance(found, Comparison)
    assert not found.linear


@pytest.mark.parametrize(
    ("files", "available"),
    [pytest.param(299, True, id="299 files"), pytest.param(300, False, id="300: there may be more")],
)
async def test_a_comparison_that_may_be_cut_off_is_unavailable(desk: Desk, files: int, available: bool):
    signed = desk.pull.head_oid
    changed = {f"f{number}.py": "1" for number in range(files)}
    desk.sandbox.push(desk.pull, author="dan", files=changed, message="many")
    found = (await desk.answered(comparisons=frozenset({signed}))).comparisons[signed]
    assert isinstance(found, Comparison) is available


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(None, Unavailable("GitHub no longer has the commit"), id="a commit that is gone"),
        pytest.param({"status": "identical"}, Comparison(linear=True, files=frozenset()), id="the same commit"),
        pytest.param(
            {"status": "ahead", "files": [{"filename": "b", "previous_filename": "a"}]},
            Comparison(linear=True, files=frozenset({"a", "b"})),
            id="a rename counts under both names",
        ),
        pytest.param({"status": "diverged", "files": []}, Comparison(linear=False, files=frozenset()), id="diverged"),
        pytest.param({"status": "behind", "files": []}, Comparison(linear=False, files=frozenset()), id="behind"),
    ],
)
def test_comparison(data, expected):
    assert decode_rest.comparison(data) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [pytest.param("main", True, id="on the base"), pytest.param("release/1.0.0", False, id="on the head alone")],
)
async def test_a_tag_is_merged_or_not(desk: Desk, at: str, expected: bool):
    commit = desk.sandbox.tag(desk.pull.repository, "v1", at=at)
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"x": "1"}, message="later")
    snapshot = await desk.answered(tags=frozenset({Tag(name="v1", sha=commit.oid)}))
    assert snapshot.merged_tags == {"v1": expected}


async def test_who_pushed_is_read_from_the_activity(desk: Desk):
    desk.sandbox.push(desk.pull, author="dan", committer="rita", files={"a": "1"}, message="by rita")
    desk.sandbox.branch(desk.pull.repository, "other", at=desk.pull.head_oid, by="eve")
    assert (await desk.answered(pushers=True)).pushers == frozenset({"rita"})


def _hide_activity(desk: Desk) -> None:
    desk.sandbox.grant(desk.sandbox.installation("acme"), contents="")


def _forget_activity(desk: Desk) -> None:
    desk.pull.repository.activity.clear()


@pytest.mark.parametrize(
    "lose",
    [
        pytest.param(_hide_activity, id="the permission is missing"),
        pytest.param(_forget_activity, id="GitHub has no record"),
    ],
)
async def test_without_activity_the_head_commit_names_who_may_have_pushed(desk: Desk, lose):
    desk.sandbox.push(desk.pull, author="dan", committer="rita", files={"a": "1"}, message="by both")
    snapshot = await desk.snapshot()
    lose(desk)
    assert (await desk.answers.to(Questions(pushers=True), snapshot)).pushers == frozenset({"dan", "rita"})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"head_repository": None}, frozenset({"dan"}), id="the fork is gone"),
        pytest.param(
            {"head_repository": None, "commits": Unavailable("hidden")}, Unavailable("hidden"), id="nobody can tell"
        ),
    ],
)
async def test_pushers_of_a_fork_that_is_gone(desk: Desk, facts, expected):
    snapshot = replace(await desk.snapshot(), **facts)
    assert (await desk.answers.to(Questions(pushers=True), snapshot)).pushers == expected


async def test_checks_and_statuses_are_confirmed_by_rest(desk: Desk):
    desk.sandbox.check(desk.pull, "test")
    desk.sandbox.status(desk.pull, context="coverage", state="pending", creator="codecov[bot]")
    desk.sandbox.status(desk.pull, context="coverage", state="success", creator="codecov[bot]")
    seen = await desk.snapshot()
    desk.sandbox.clock.advance(60)
    desk.sandbox.stale_by = 3600
    desk.sandbox.check(desk.pull, "test", conclusion="failure", rerun=True)
    fresh = await desk.answers.confirm(seen)
    assert not isinstance(fresh.checks, Unavailable)
    assert not isinstance(fresh.statuses, Unavailable)
    assert [(one.conclusion, one.workflow) for one in fresh.checks] == [("failure", ".github/workflows/ci.yml")]
    assert [(one.context, one.state) for one in fresh.statuses] == [("coverage", "success")]


async def test_changed_files_of_a_pull_request_that_is_not_there_are_unavailable(desk: Desk):
    snapshot = await desk.snapshot()
    nowhere = PullRequest(repository=desk.ref.repository, number=999)
    found = await Answers(desk.client, desk.caches, nowhere).to(Questions(changes=True), snapshot)
    assert found.changes == Unavailable("GitHub does not show the changed files")


async def test_a_push_while_the_files_are_read_makes_the_read_void(desk: Desk):
    older = await desk.snapshot()
    desk.sandbox.push(desk.pull, author="dan", files={"b": "1"}, message="one more")
    with pytest.raises(Unreachable, match="changed while its files were read"):
        await desk.answers.to(Questions(changes=True), older)


FOUND = {"type": "file", "size": 2, "encoding": "base64", "content": "aGk=\n"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(FOUND, File(path="a", size=2, text="hi"), id="a text"),
        pytest.param({**FOUND, "content": "/w==\n"}, File(path="a", size=2, text=None), id="no text"),
        pytest.param({**FOUND, "encoding": "none", "content": ""}, File(path="a", size=2, text=None), id="too large"),
        pytest.param({**FOUND, "type": "submodule"}, None, id="a submodule"),
        pytest.param([FOUND], None, id="a folder"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_a_file_as_rest_shows_it(found, expected):
    assert decode_rest.file("a", found) == expected


async def test_files_of_the_head_that_a_version_names(desk: Desk):
    there, asked = "RELEASE v1.0.0.md", frozenset({"RELEASE v1.0.0.md", "RELEASE_v2.0.0.md"})
    desk.sandbox.push(desk.pull, author="zed", files={there: "# 1.0.0\n"}, message="docs: notes")
    desk.sandbox.requests.clear()
    snapshot = await desk.answered(files=asked)
    assert (await desk.answered(files=asked)).files == snapshot.files
    assert snapshot.files["RELEASE_v2.0.0.md"] is None
    assert snapshot.files[there] == File(path=there, size=8, text="# 1.0.0\n")
