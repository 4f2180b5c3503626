"""Comments, reactions and reviews."""

from bot.sandbox.model.accounts import ROLES, Account
from bot.sandbox.model.pulls import IssueComment, PullRequest, Reaction, Review
from bot.sandbox.render.comments import issue, issue_comment, review
from bot.sandbox.render.pulls import pull_request
from bot.sandbox.world import Refused, forbidden

from .people import role_in
from .pulls import PullActions

BODY_LIMIT = 65_536


def _body(text: str) -> str:
    if not text.strip():
        raise Refused("Body can't be blank")
    if len(text) > BODY_LIMIT:
        raise Refused(f"Body is too long (maximum is {BODY_LIMIT} characters)")
    return text


class CommentActions(PullActions):
    """Actions on conversations."""

    def comment(self, pull: PullRequest, author: str, body: str, *, by_mail: bool = False) -> IssueComment:
        """Write a comment, here or as a reply by e-mail; a locked conversation takes them from writers only."""
        if pull.locked and not self._may_write(pull, self.account(author)):
            raise forbidden("Unable to create comment because issue is locked.")
        node, number = self.new_id("IC")
        now = self.clock.now()
        made = IssueComment(
            id=node,
            database_id=number,
            pull_request=pull,
            author=self.account(author),
            body=_body(body),
            created_at=now,
            updated_at=now,
            created_via_email=by_mail,
            history=[body],
        )
        pull.comments.append(made)
        self._comment_event(made, "created", made.author)
        return self.keep(made)

    def _comment_event(self, made: IssueComment, action: str, sender: Account, before: str = "") -> None:
        made.pull_request.updated_at = self.clock.now()
        body = {
            "action": action,
            "issue": issue(self, made.pull_request),
            "comment": issue_comment(self, made),
        }
        if action == "edited":
            body["changes"] = {"body": {"from": before}}
        self.emit("issue_comment", made.pull_request.repository, sender, **body)

    def lock(self, pull: PullRequest, *, locked: bool = True) -> None:
        """Lock the conversation, or unlock it."""
        pull.locked = locked

    def _may_write(self, pull: PullRequest, account: Account) -> bool:
        return ROLES.index(role_in(self, pull.repository, account)) >= ROLES.index("write")

    def may_edit(self, made: IssueComment, account: Account) -> bool:
        """The author may, and whoever has write access."""
        return made.author is account or self._may_write(made.pull_request, account)

    def edit_comment(self, made: IssueComment, *, by: str, body: str) -> None:
        """Change a comment's text; people with write access may edit anybody's."""
        person = self.account(by)
        if not self.may_edit(made, person):
            raise forbidden(f"{by} does not have the correct permissions to execute `UpdateIssueComment`")
        before, made.body = made.body, _body(body)
        made.updated_at = made.last_edited_at = self.clock.now()
        made.editor = person
        made.history.append(body)
        self._comment_event(made, "edited", person, before)

    def delete_comment(self, made: IssueComment, *, by: str) -> None:
        """Delete a comment; the timeline says who deleted whose."""
        person, pull = self.account(by), made.pull_request
        if not self.may_edit(made, person):
            raise forbidden(f"{by} does not have the correct permissions to execute `DeleteIssueComment`")
        pull.comments.remove(made)
        pull.deleted_comments.append(made)
        made.deleted_at = self.clock.now()
        self.nodes.pop(made.id)
        self.timeline(pull, "CommentDeletedEvent", person, deleted_comment_author=made.author)
        self._comment_event(made, "deleted", person)

    def minimize_comment(self, made: IssueComment | Review, *, reason: str = "OUTDATED") -> None:
        """Hide a comment behind its reason; no delivery tells of it."""
        made.is_minimized = True
        if isinstance(made, IssueComment):
            made.minimized_reason = reason.lower().replace("_", "-")

    def react(self, made: IssueComment | Review, author: str, content: str) -> Reaction:
        """Put a reaction on a comment or review (`THUMBS_UP`); no delivery tells of it.

        In a locked conversation nobody may: <https://github.com/GitHawkApp/GitHawk/issues/2297>.
        """
        account = self.account(author)
        if made.pull_request.locked:
            raise forbidden(f"{author} does not have the correct permissions to execute `AddReaction`")
        for known in made.reactions:
            if known.user is account and known.content == content:
                return known
        node, number = self.new_id("REA")
        now = self.clock.now()
        added = Reaction(id=node, database_id=number, user=account, content=content, created_at=now)
        made.reactions.append(added)
        return self.keep(added)

    def review(
        self, pull: PullRequest, author: str, *, state: str, body: str = "", commit: str | None = None
    ) -> Review:
        """Submit a review: APPROVED, CHANGES_REQUESTED or COMMENTED; begin one: PENDING."""
        if state == "APPROVED" and pull.author is self.account(author):
            raise Refused("Can not approve your own pull request")
        node, number = self.new_id("PRR")
        made = Review(
            id=node,
            database_id=number,
            pull_request=pull,
            author=self.account(author),
            body=body,
            state=state,
            commit=pull.repository.commits[commit or pull.head_oid],
            submitted_at=None if state == "PENDING" else self.clock.now(),
        )
        pull.reviews.append(made)
        if made.submitted_at:
            self._review_event(made, "submitted", made.author)
        return self.keep(made)

    def edit_review(self, made: Review, *, by: str, body: str) -> None:
        """Change a review's text."""
        before, made.body = made.body, body
        made.last_edited_at, made.editor = self.clock.now(), self.account(by)
        self._review_event(made, "edited", made.editor, changes={"body": {"from": before}})

    def dismiss_review(self, made: Review, *, by: str) -> None:
        """Take a review's say away."""
        made.state = "DISMISSED"
        self._review_event(made, "dismissed", self.account(by))

    def _review_event(
        self, made: Review, action: str, sender: Account, changes: dict[str, object] | None = None
    ) -> None:
        made.pull_request.updated_at = self.clock.now()
        body: dict[str, object] = {
            "action": action,
            "review": review(self, made),
            "pull_request": pull_request(self, made.pull_request),
        }
        if changes:
            body["changes"] = changes
        self.emit("pull_request_review", made.pull_request.repository, sender, **body)
