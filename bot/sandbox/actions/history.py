"""Heads that are brought up to date with their base: by a merge of it, or by a rebase onto it."""

from bot.sandbox.model.git import Commit, commits_between, merge_base
from bot.sandbox.model.merging import Conflict, merged_trees
from bot.sandbox.model.pulls import PullRequest
from bot.sandbox.world import Refused

from .code import Files
from .comments import CommentActions


class HistoryActions(CommentActions):
    """Actions on a head branch and its base."""

    def update_branch(self, pull: PullRequest, *, by: str, resolved: Files | None = None) -> Commit:
        """Merge the base into the head; `resolved` is what somebody wrote into the merge, for a conflict or besides.

        https://docs.github.com/rest/pulls/pulls#update-a-pull-request-branch
        """
        person, head, base = self.account(by), pull.head, pull.base
        files = self._both(merge_base(head, base), head, base, resolved or {})
        title = f"Merge branch '{pull.base_ref_name}' into {pull.head_ref_name}"
        made = self.commit(pull.head_repository, title, files, parents=(head, base), author=person)
        self.move_ref(pull.head_repository, f"refs/heads/{pull.head_ref_name}", made, by=person)
        return made

    def rebase(self, pull: PullRequest, *, by: str, resolved: Files | None = None) -> Commit:
        """Put the head's own commits anew onto the base's tip; merges of the base fall away, as with git."""
        person, tip = self.account(by), pull.base
        for own in commits_between(pull.base, pull.head):
            if len(own.parents) == 1:
                files = self._both(own.parents[0], tip, own, resolved or {})
                tip = self.commit(
                    pull.head_repository,
                    own.message,
                    files,
                    parents=(tip,),
                    author=own.author.user,
                    committer=person,
                )
        self.move_ref(pull.head_repository, f"refs/heads/{pull.head_ref_name}", tip, by=person)
        return tip

    def _both(self, start: Commit | None, ours: Commit, theirs: Commit, resolved: Files) -> Files:
        """What to lay over `ours`, so that it holds what `theirs` changed as well."""
        try:
            tree = merged_trees(start.tree if start else {}, ours.tree, theirs.tree, resolved)
        except Conflict as conflict:
            raise Refused(f"merge conflict between base and head in {', '.join(conflict.paths)}") from conflict
        return {**dict.fromkeys(ours.tree), **tree}
