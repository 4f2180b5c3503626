"""Git, roles and Markdown, without HTTP."""

import pytest

from bot.sandbox import App, Clock, Sandbox
from bot.sandbox.actions.people import role_in
from bot.sandbox.markdown import render
from bot.sandbox.model.git import blob_oid, commits_between, merge_base
from bot.sandbox.world import Refused


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(app=App(database_id=1, slug="gate"), clock=Clock())


def test_blobs_have_gits_own_ids() -> None:
    assert blob_oid("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_merge_brings_both_histories_in_order(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop", files={"a": "1\n"})
    pull = sandbox.open_pull_request(
        repository, author="dev", head="x", commits=[("one", {"b": "1"}), ("two", {"b": "2"})]
    )
    root = repository.branch("main")
    ahead = sandbox.push_branch(repository, "main", author="ann", files={"c": "1"}, message="main moved")
    assert root is not None
    assert merge_base(pull.head, ahead) is root
    assert [one.message for one in commits_between(ahead, pull.head)] == ["one", "two"]
    merged = sandbox.merge(pull, by="ann")
    assert merged.tree == {"a": "1\n", "b": "2", "c": "1"}
    assert [one.message for one in commits_between(root, merged)][-1] == merged.message
    assert len(commits_between(root, merged)) == 4


def test_files_of_a_pull_request_start_at_the_merge_base(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop", files={"old": "same\ntext\n", "a": "1\n"})
    pull = sandbox.open_pull_request(
        repository, author="dev", head="x", files={"old": None, "new": "same\ntext\n", "a": "1\n2\n"}
    )
    sandbox.push_branch(repository, "main", author="ann", files={"unrelated": "x"}, message="main moved")
    found = [(one.path, one.status, one.previous_path, one.additions, one.deletions) for one in sandbox.changes(pull)]
    assert found == [("a", "modified", None, 1, 0), ("new", "renamed", "old", 0, 0)]


def test_a_retarget_keeps_the_head_and_says_so(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop", files={"a": "1\n"})
    sandbox.branch(repository, "scratch")
    pull = sandbox.open_pull_request(repository, author="dev", head="x", base="scratch", files={"b": "1"})
    head = pull.head_oid
    sandbox.retarget(pull, base="main")
    assert (pull.base_ref_name, pull.head_oid) == ("main", head)
    assert pull.timeline[-1].facts == {"previous_ref_name": "scratch", "current_ref_name": "main"}
    with pytest.raises(Refused):
        sandbox.retarget(pull, base="nowhere")


def test_roles_come_from_the_highest_source(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop", private=True)
    team = sandbox.team("acme/core", members=["ann"])
    child = sandbox.team("acme/core-eu", members=["bea"], parent="core")
    sandbox.team_access(repository, team, "maintain")
    sandbox.collaborator(repository, "cid", "triage")
    sandbox.member("acme", "boss", role="admin")
    assert child.parent is team
    roles = {login: role_in(sandbox, repository, sandbox.user(login)) for login in ("ann", "bea", "cid", "boss", "eve")}
    assert roles == {"ann": "maintain", "bea": "maintain", "cid": "triage", "boss": "admin", "eve": "none"}
    sandbox.leave_team("acme/core", "ann")
    assert role_in(sandbox, repository, sandbox.user("ann")) == "read"


def test_only_the_author_and_writers_edit_a_comment(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop")
    sandbox.collaborator(repository, "dev", "write")
    pull = sandbox.open_pull_request(repository, author="dev", head="x", files={"b": "1"})
    comment = sandbox.comment(pull, "ann", "mine")
    with pytest.raises(Refused):
        sandbox.edit_comment(comment, by="eve", body="hers")
    with pytest.raises(Refused):
        sandbox.delete_comment(comment, by="eve")
    sandbox.edit_comment(comment, by="dev", body="edited")
    assert comment.history == ["mine", "edited"]


def test_authors_do_not_approve_their_own(sandbox: Sandbox) -> None:
    repository = sandbox.repository("acme/shop")
    pull = sandbox.open_pull_request(repository, author="dev", head="x", files={"b": "1"})
    with pytest.raises(Refused):
        sandbox.review(pull, "dev", state="APPROVED")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("**b** ~~s~~", "<p><strong>b</strong> <s>s</s></p>", id="emphasis"),
        pytest.param("a <!-- gate --> b", "<p>a  b</p>", id="comments vanish"),
        pytest.param("<sub>x</sub> <kbd>k</kbd>", "<p><sub>x</sub> <kbd>k</kbd></p>", id="small tags stay"),
        pytest.param("<script>x</script>", "", id="scripts vanish with what is in them"),
        pytest.param("[x](javascript:alert)", "<p>[x](javascript:alert)</p>", id="no script links"),
        pytest.param('<b onclick="x">y</b>', "<p><b>y</b></p>", id="no handlers"),
    ],
)
def test_markdown_is_rendered_safely(text: str, html: str) -> None:
    assert render(text).strip() == html


def test_tables_details_and_tasks_are_rendered() -> None:
    html = render(
        "<details><summary>more</summary>\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n</details>\n\n- [x] done\n- [ ] open\n"
    )
    assert "<details><summary>more</summary>" in html
    assert '<td style="text-align:right">2</td>' in html
    assert '<input type="checkbox" disabled="" checked="">' in html
