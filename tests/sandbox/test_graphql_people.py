"""GraphQL: accounts, teams, trees, reactions, and the mutations beyond the verdict."""

from tests.sandbox.conftest import Desk


async def test_accounts_and_teams_are_found_by_name(desk: Desk) -> None:
    text = """{
      viewer { login }
      user(login: "ann") { login databaseId }
      repositoryOwner(login: "acme") { __typename login }
      organization(login: "acme") {
        team(slug: "security") { slug members(first: 9) { totalCount nodes { login } } }
      }
    }"""
    read = (await desk.query(text))["data"]
    assert read["viewer"] == {"login": "release-gate[bot]"}
    assert read["user"]["login"] == "ann"
    assert read["repositoryOwner"] == {"__typename": "Organization", "login": "acme"}
    # `pia` was invited and has not accepted.
    assert read["organization"]["team"]["members"] == {"totalCount": 1, "nodes": [{"login": "ann"}]}
    assert desk.sandbox.errors == []


async def test_an_unknown_account_is_not_found(desk: Desk) -> None:
    answer = await desk.query('{ user(login: "nobody") { login } organization(login: "ann") { login } }')
    assert [error["type"] for error in answer["errors"]] == ["NOT_FOUND", "NOT_FOUND"]


async def test_nodes_are_found_each_for_itself(desk: Desk) -> None:
    text = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    answer = await desk.query(text, ids=[desk.pull.id, "PR_none", desk.repository.id])
    assert [one and one["__typename"] for one in answer["data"]["nodes"]] == ["PullRequest", None, "Repository"]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 1]]


async def test_trees_are_listed(desk: Desk) -> None:
    text = """{ repository(owner: "acme", name: "shop") {
      root: object(expression: "main:") { ... on Tree { entries { name path type size } } }
      src: object(expression: "main:src") { ... on Tree { oid entries { path object { ... on Blob { text } } } } }
      none: object(expression: "main:nope") { oid }
    } }"""
    read = (await desk.query(text))["data"]["repository"]
    assert [(one["name"], one["type"]) for one in read["root"]["entries"]] == [
        ("README.md", "blob"),
        ("gone.txt", "blob"),
        ("src", "tree"),
    ]
    assert [one["path"] for one in read["src"]["entries"]] == ["src/a.py", "src/old.py"]
    assert read["none"] is None
    assert desk.sandbox.errors == []


async def test_comments_are_minimised_reacted_to_and_deleted(desk: Desk) -> None:
    comment = desk.sandbox.comment(desk.pull, "ann", "/approve security")
    text = """mutation($id: ID!) {
      minimizeComment(input: {subjectId: $id, classifier: OFF_TOPIC}) {
        minimizedComment { isMinimized minimizedReason }
      }
      unminimizeComment(input: {subjectId: $id}) { unminimizedComment { isMinimized } }
      addReaction(input: {subjectId: $id, content: THUMBS_UP}) { reaction { content user { login } } }
    }"""
    done = (await desk.query(text, id=comment.id))["data"]
    assert done["minimizeComment"]["minimizedComment"] == {"isMinimized": True, "minimizedReason": "off-topic"}
    assert done["unminimizeComment"]["unminimizedComment"] == {"isMinimized": False}
    assert done["addReaction"]["reaction"]["content"] == "THUMBS_UP"
    assert [(one.user.login, one.content) for one in comment.reactions] == [("release-gate[bot]", "THUMBS_UP")]
    own = desk.sandbox.comment(desk.pull, "release-gate[bot]", "mine")
    remove = "mutation($id: ID!) { deleteIssueComment(input: {id: $id}) { clientMutationId } }"
    assert "errors" not in await desk.query(remove, id=own.id)
    assert desk.pull.comments == [comment]
    answer = await desk.query(remove, id=comment.id)
    assert answer["errors"][0]["type"] == "FORBIDDEN"


async def test_labels_go_on_and_off(desk: Desk) -> None:
    label = desk.sandbox.repository_label(desk.repository, "release", color="00ff00")
    text = """mutation($id: ID!, $labels: [ID!]!) {
      addLabelsToLabelable(input: {labelableId: $id, labelIds: $labels}) {
        labelable { ... on PullRequest { labels(first: 9) { nodes { name color } } } }
      }
    }"""
    done = (await desk.query(text, id=desk.pull.id, labels=[label.id]))["data"]["addLabelsToLabelable"]
    assert done["labelable"]["labels"]["nodes"] == [{"name": "release", "color": "00ff00"}]
    off = text.replace("addLabelsToLabelable", "removeLabelsFromLabelable")
    await desk.query(off, id=desk.pull.id, labels=[label.id])
    assert desk.pull.labels == []
    assert [item.typename for item in desk.pull.timeline] == ["LabeledEvent", "UnlabeledEvent"]


async def test_only_the_newest_opinion_of_a_writer_counts(desk: Desk) -> None:
    sandbox, pull = desk.sandbox, desk.pull
    sandbox.collaborator(desk.repository, "ann", "write")
    sandbox.review(pull, "ann", state="CHANGES_REQUESTED")
    sandbox.review(pull, "ann", state="APPROVED", body="fine now")
    sandbox.review(pull, "ann", state="COMMENTED", body="by the way")
    sandbox.review(pull, "eve", state="APPROVED")
    text = """{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) {
      latestOpinionatedReviews(first: 9, writersOnly: true) { nodes { state author { login } } }
      reviews(last: 9, states: [COMMENTED]) { nodes { body } }
    } } }"""
    read = (await desk.query(text))["data"]["repository"]["pullRequest"]
    assert read["latestOpinionatedReviews"]["nodes"] == [{"state": "APPROVED", "author": {"login": "ann"}}]
    assert read["reviews"]["nodes"] == [{"body": "by the way"}]


async def test_required_checks_and_releases_are_read(desk: Desk) -> None:
    desk.repository.required_checks["main"] = ["test"]
    desk.sandbox.release(desk.repository, "v0.9.0")
    desk.sandbox.release(desk.repository, "v1.0.0-rc.1", prerelease=True)
    desk.sandbox.check(desk.pull, "test")
    desk.sandbox.check(desk.pull, "lint")
    text = """{ repository(owner: "acme", name: "shop") {
      latestRelease { tagName }
      ref(qualifiedName: "main") { refUpdateRule { requiredStatusCheckContexts } }
      pullRequest(number: 1) { statusCheckRollup { contexts(first: 9) {
        checkRunCount nodes { ... on CheckRun { name isRequired(pullRequestNumber: 1) } }
      } } }
    } }"""
    read = (await desk.query(text))["data"]["repository"]
    assert read["latestRelease"] == {"tagName": "v0.9.0"}
    assert read["ref"]["refUpdateRule"]["requiredStatusCheckContexts"] == ["test"]
    contexts = read["pullRequest"]["statusCheckRollup"]["contexts"]
    assert contexts["checkRunCount"] == 2
    assert [one["isRequired"] for one in contexts["nodes"]] == [True, False]
    assert desk.sandbox.errors == []


async def test_a_forks_commit_shows_the_checks_of_its_pull_request(desk: Desk) -> None:
    fork = desk.sandbox.fork(desk.repository, "eve")
    desk.sandbox.open_pull_request(desk.repository, author="eve", head="x", fork=fork, files={"b": "2"})
    desk.sandbox.check(desk.sandbox.pulls_of(desk.repository)[-1], "test")
    text = """{ repository(owner: "acme", name: "shop") { pullRequest(number: 2) {
      isCrossRepository headRepository { nameWithOwner }
      commits(last: 1) { nodes { commit {
        associatedPullRequests(first: 2) { nodes { number } }
        statusCheckRollup { contexts(first: 9) { nodes { ... on CheckRun { name } } } }
      } } }
    } } }"""
    read = (await desk.query(text))["data"]["repository"]["pullRequest"]
    assert read["isCrossRepository"]
    assert read["headRepository"] == {"nameWithOwner": "eve/shop"}
    commit = read["commits"]["nodes"][0]["commit"]
    assert commit["associatedPullRequests"]["nodes"] == [{"number": 2}]
    assert commit["statusCheckRollup"]["contexts"]["nodes"] == [{"name": "test"}]


REMARKS = """{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) {
  comments(last: 9) { nodes { createdViaEmail editor { login } ...Reacted } }
  reviews(last: 9) { nodes { createdViaEmail editor { login } url submittedAt ...Reacted } }
  timelineItems(last: 9, itemTypes: [COMMENT_DELETED_EVENT]) {
    nodes { ... on CommentDeletedEvent { createdAt actor { login } deletedCommentAuthor { login } } }
  }
} } }
fragment Reacted on Reactable { reactionGroups { content viewerHasReacted } }"""


async def test_who_wrote_edited_deleted_and_reacted_is_told(desk: Desk) -> None:
    sandbox, pull = desk.sandbox, desk.pull
    kept = sandbox.comment(pull, "ann", "by mail", by_mail=True)
    gone = sandbox.comment(pull, "ann", "not for long")
    review = sandbox.review(pull, "ann", state="APPROVED", body="fine")
    sandbox.edit_review(review, by="dev", body="very fine")
    sandbox.delete_comment(gone, by="dev")
    react = "mutation($id: ID!) { addReaction(input: {subjectId: $id, content: EYES}) { reaction { content } } }"
    for one in (kept, review):
        await desk.query(react, id=one.id)
    sandbox.react(kept, "ann", "HEART")
    read = (await desk.query(REMARKS))["data"]["repository"]["pullRequest"]
    (comment,), (opinion,) = read["comments"]["nodes"], read["reviews"]["nodes"]
    assert (comment["createdViaEmail"], comment["editor"], opinion["createdViaEmail"]) == (True, None, False)
    assert opinion["editor"] == {"login": "dev"}
    assert opinion["url"].endswith(f"/pull/1#pullrequestreview-{review.database_id}")
    for one in (comment, opinion):
        assert len(one["reactionGroups"]) == 8
        assert [group["content"] for group in one["reactionGroups"] if group["viewerHasReacted"]] == ["EYES"]
    (deleted,) = read["timelineItems"]["nodes"]
    assert (deleted["actor"], deleted["deletedCommentAuthor"]) == ({"login": "dev"}, {"login": "ann"})


async def test_a_locked_conversation_takes_no_reaction_and_writers_comments_only(desk: Desk) -> None:
    made = desk.sandbox.comment(desk.pull, "ann", "hello")
    desk.sandbox.lock(desk.pull)
    text = """mutation($id: ID!, $pull: ID!) {
      addReaction(input: {subjectId: $id, content: EYES}) { reaction { content } }
      addComment(input: {subjectId: $pull, body: "x"}) { subject { id } }
    }"""
    answer = await desk.query(text, id=made.id, pull=desk.pull.id)
    assert answer["data"] == {"addReaction": None, "addComment": None}
    assert [error["type"] for error in answer["errors"]] == ["FORBIDDEN", "FORBIDDEN"]
    desk.sandbox.comment(desk.pull, "dev", "I may write")
    assert len(desk.pull.comments) == 2
    desk.sandbox.lock(desk.pull, locked=False)
    assert "errors" not in await desk.query(text, id=made.id, pull=desk.pull.id)


async def test_a_team_lists_the_members_of_teams_below_it(desk: Desk) -> None:
    desk.sandbox.team("acme/pentest", ["piet"], parent="security")
    desk.sandbox.team("acme/red", ["rob"], pending=["pim"], parent="pentest")
    listed = (await desk.get("/orgs/acme/teams/security/members?per_page=100")).body
    assert [one["login"] for one in listed] == ["ann", "piet", "rob"]
    desk.sandbox.leave_team("acme/red", "rob")
    listed = (await desk.get("/orgs/acme/teams/security/members?per_page=100")).body
    assert [one["login"] for one in listed] == ["ann", "piet"]
