"""The life of a pull request: opened, pushed to, retargeted, labelled, reviewed, closed, merged."""

from collections.abc import Sequence

from bot.sandbox.model.accounts import Account
from bot.sandbox.model.git import Commit, Repository
from bot.sandbox.model.pulls import PullRequest, TimelineItem
from bot.sandbox.render.pulls import label_payload, pull_request
from bot.sandbox.world import Refused

from .code import CodeActions, Files


class PullActions(CodeActions):
    """Actions on pull requests."""

    def open_pull_request(
        self,
        repository: Repository,
        *,
        author: str,
        head: str,
        base: str | None = None,
        files: Files | None = None,
        commits: Sequence[tuple[str, Files]] = (),
        title: str | None = None,
        body: str = "",
        draft: bool = False,
        fork: Repository | None = None,
        labels: Sequence[str] = (),
    ) -> PullRequest:
        """Open a pull request from branch `head`, made if new, with `files` as one commit or with `commits`."""
        person, source = self.account(author), fork or repository
        base = base or repository.default_branch
        target = repository.branch(base)
        if target is None:
            raise Refused("Validation Failed: base is invalid")
        if source.branch(head) is None:
            self.branch(source, head, at=target.oid, by=author)
        for message, changed in [*([(title or head, files)] if files else []), *commits]:
            self.push_branch(source, head, author=author, files=changed, message=message)
        pull = self._opened(repository, source, person, head, base, title or head, body)
        pull.is_draft = draft
        pull.labels += [self.repository_label(repository, name) for name in labels]
        self._emit(pull, "opened", person)
        return pull

    def _opened(
        self,
        repository: Repository,
        source: Repository,
        author: Account,
        head: str,
        base: str,
        title: str,
        body: str,
    ) -> PullRequest:
        node, number = self.new_id("PR")
        repository.last_number += 1
        now = self.clock.now()
        pull = PullRequest(
            id=node,
            database_id=number,
            number=repository.last_number,
            repository=repository,
            title=title,
            body=body,
            author=author,
            base_ref_name=base,
            base_oid=repository.refs[f"refs/heads/{base}"],
            head_repository=source,
            head_ref_name=head,
            head_oid=source.refs[f"refs/heads/{head}"],
            created_at=now,
            updated_at=now,
        )
        self.pulls_of(repository).append(pull)
        return self.keep(pull)

    def _emit(self, pull: PullRequest, action: str, sender: Account, **extra: object) -> None:
        pull.updated_at = self.clock.now()
        rendered = pull_request(self, pull, full=True)
        body = {"action": action, "number": pull.number, "pull_request": rendered, **extra}
        self.emit("pull_request", pull.repository, sender, **body)

    def timeline(self, pull: PullRequest, typename: str, actor: Account, **facts: object) -> TimelineItem:
        """Write one event into the timeline."""
        item = TimelineItem(
            id=self.new_id("EV")[0],
            typename=typename,
            actor=actor,
            created_at=self.clock.now(),
            facts=facts,
        )
        pull.timeline.append(item)
        return self.keep(item)

    def push(
        self, pull: PullRequest, *, author: str, files: Files, message: str, committer: str | None = None
    ) -> Commit:
        """One more commit on the head branch."""
        made = self.commit(
            pull.head_repository,
            message,
            files,
            parents=(pull.head,),
            author=self.account(author),
            committer=self.account(committer) if committer else None,
        )
        by = self.account(committer or author)
        self.move_ref(pull.head_repository, f"refs/heads/{pull.head_ref_name}", made, by=by)
        return made

    def force_push(
        self, pull: PullRequest, *, author: str, files: Files, message: str, onto: str | None = None
    ) -> Commit:
        """Replace the head branch by one commit on the base's tip (or on the revision `onto`)."""
        person = self.account(author)
        root = pull.repository.resolve(onto) if onto else pull.base
        if root is None:
            raise Refused("Reference does not exist")
        made = self.commit(pull.head_repository, message, files, parents=(root,), author=person)
        self.move_ref(pull.head_repository, f"refs/heads/{pull.head_ref_name}", made, by=person)
        return made

    def head_moved(self, repository: Repository, ref: str, commit: Commit, by: Account) -> None:
        """Synchronise the open pull requests from that branch."""
        for pulls in list(self.pulls.values()):
            for pull in pulls:
                own = pull.head_repository is repository and ref == f"refs/heads/{pull.head_ref_name}"
                if own and pull.state == "OPEN":
                    self._synchronize(pull, commit, by)

    def _synchronize(self, pull: PullRequest, commit: Commit, by: Account) -> None:
        before = pull.head
        pull.head_oid, pull.base_oid = commit.oid, pull.base.oid
        if before.oid not in {one.oid for one in commit.ancestry()}:
            facts = {"before_commit": before, "after_commit": commit}
            self.timeline(pull, "HeadRefForcePushedEvent", by, **facts)
        self._emit(pull, "synchronize", by, before=before.oid, after=commit.oid)

    def retarget(self, pull: PullRequest, *, base: str, by: str | None = None) -> None:
        """Change the base branch."""
        tip = pull.repository.branch(base)
        if tip is None:
            raise Refused("Validation Failed: base is invalid")
        person, before = self.account(by or pull.author.login), pull.base_ref_name
        changed = {"base": {"ref": {"from": before}, "sha": {"from": pull.base_oid}}}
        pull.base_ref_name, pull.base_oid = base, tip.oid
        facts = {"previous_ref_name": before, "current_ref_name": base}
        self.timeline(pull, "BaseRefChangedEvent", person, **facts)
        self._emit(pull, "edited", person, changes=changed)

    def edit(self, pull: PullRequest, *, by: str, title: str | None = None, body: str | None = None) -> None:
        """Change title or description."""
        person, changed = self.account(by), {}
        if title is not None and title != pull.title:
            changed["title"] = {"from": pull.title}
            facts = {"previous_title": pull.title, "current_title": title}
            self.timeline(pull, "RenamedTitleEvent", person, **facts)
            pull.title = title
        if body is not None and body != pull.body:
            changed["body"] = {"from": pull.body}
            pull.body, pull.editor, pull.last_edited_at = body, person, self.clock.now()
        self._emit(pull, "edited", person, changes=changed)

    def label(self, pull: PullRequest, name: str, *, by: str) -> None:
        """Put a label on; nothing happens when it is there."""
        label, person = self.repository_label(pull.repository, name), self.account(by)
        if label not in pull.labels:
            pull.labels.append(label)
            self.timeline(pull, "LabeledEvent", person, label=label)
            self._emit(pull, "labeled", person, label=label_payload(self, label))

    def unlabel(self, pull: PullRequest, name: str, *, by: str) -> None:
        """Take a label off; nothing happens when it is not there."""
        label, person = self.repository_label(pull.repository, name), self.account(by)
        if label in pull.labels:
            pull.labels.remove(label)
            self.timeline(pull, "UnlabeledEvent", person, label=label)
            self._emit(pull, "unlabeled", person, label=label_payload(self, label))

    def convert_to_draft(self, pull: PullRequest, *, by: str) -> None:
        """Make it a draft again."""
        pull.is_draft = True
        self.timeline(pull, "ConvertToDraftEvent", self.account(by))
        self._emit(pull, "converted_to_draft", self.account(by))

    def ready_for_review(self, pull: PullRequest, *, by: str) -> None:
        """Take a draft out of drafting."""
        pull.is_draft = False
        self.timeline(pull, "ReadyForReviewEvent", self.account(by))
        self._emit(pull, "ready_for_review", self.account(by))

    def close(self, pull: PullRequest, *, by: str) -> None:
        """Close it without merging."""
        pull.state, pull.closed_at = "CLOSED", self.clock.now()
        self.timeline(pull, "ClosedEvent", self.account(by))
        self._emit(pull, "closed", self.account(by))

    def reopen(self, pull: PullRequest, *, by: str) -> None:
        """Open it again."""
        pull.state, pull.closed_at = "OPEN", None
        self.timeline(pull, "ReopenedEvent", self.account(by))
        self._emit(pull, "reopened", self.account(by))

    def merge(self, pull: PullRequest, *, by: str) -> Commit:
        """Merge with a merge commit; the sandbox does not enforce required checks."""
        person, now = self.account(by), self.clock.now()
        title = f"Merge pull request #{pull.number} from {pull.head_ref_name}"
        changed = {
            **{one.path: one.after for one in self.changes(pull) if one.status != "removed"},
            **{one.path: None for one in self.changes(pull) if one.status == "removed"},
            **{one.previous_path: None for one in self.changes(pull) if one.previous_path},
        }
        tips = (pull.base, pull.head)
        made = self.commit(pull.repository, title, changed, parents=tips, author=person)
        pull.state, pull.merged_at, pull.closed_at, pull.merged_by = "MERGED", now, now, person
        pull.merge_commit = made
        self.timeline(pull, "MergedEvent", person, commit=made, merge_ref_name=pull.base_ref_name)
        self.move_ref(pull.repository, f"refs/heads/{pull.base_ref_name}", made, by=person)
        self._emit(pull, "closed", person)
        return made
