"""Repositories, commits, branches, tags and releases."""

from collections.abc import Iterable, Mapping, Sequence

from bot.sandbox.model.accounts import Account
from bot.sandbox.model.git import Activity, Commit, GitActor, Label, Release, Repository, digest
from bot.sandbox.render.commits import ZERO, push_payload
from bot.sandbox.world import Refused, World

Files = Mapping[str, str | None]
"""path → new text; None deletes the file."""


class CodeActions(World):
    """Actions on code."""

    def repository(
        self,
        full_name: str,
        *,
        files: Mapping[str, str] | None = None,
        default_branch: str = "main",
        org: bool = True,
        private: bool = False,
    ) -> Repository:
        """A repository with one first commit holding `files`; its Apps are installed on the owner."""
        login, name = full_name.split("/")
        owner = self.accounts.get(login.lower())
        owner = owner or self.add_account(login, "Organization" if org else "User")
        node, number = self.new_id("R")
        repository = Repository(
            id=node,
            database_id=number,
            name=name,
            owner=owner,
            default_branch=default_branch,
            created_at=self.clock.now(),
            is_private=private,
        )
        self.repositories[full_name.lower()] = self.keep(repository)
        first = self.commit(repository, "Initial commit", files or {}, parents=(), author=owner)
        repository.refs[f"refs/heads/{default_branch}"] = first.oid
        self.repository_made(repository)
        return repository

    def repository_made(self, repository: Repository) -> None:
        """What follows from a new repository: the App is installed on its owner."""

    def fork(self, repository: Repository, owner: str) -> Repository:
        """A fork of a repository, with its branches, sharing its objects."""
        node, number = self.new_id("R")
        made = Repository(
            id=node,
            database_id=number,
            name=repository.name,
            owner=self.account(owner),
            default_branch=repository.default_branch,
            created_at=self.clock.now(),
            parent=repository,
            commits=repository.commits,
            refs=dict(repository.refs),
        )
        self.repositories[made.name_with_owner.lower()] = made
        return self.keep(made)

    def commit(
        self,
        repository: Repository,
        message: str,
        files: Files,
        *,
        parents: Sequence[Commit],
        author: Account | None,
        co_authors: Iterable[Account] = (),
        committer: Account | None = None,
    ) -> Commit:
        """A commit object on no branch yet: the first parent's tree with `files` laid over it."""
        tree = {**(parents[0].tree if parents else {}), **files}
        kept = {path: text for path, text in sorted(tree.items()) if text is not None}
        now = self.clock.now()

        def actor(account: Account | None) -> GitActor:
            if account is None:
                return GitActor(name="stranger", email="stranger@example.com", date=now)
            return GitActor(name=account.name or account.login, email=account.email, date=now, user=account)

        authors = tuple(actor(one) for one in (author, *co_authors))
        contents = (part for pair in kept.items() for part in pair)
        oid = digest(message, now.isoformat(), str(next(self.ids)), *(one.oid for one in parents), *contents)
        made = Commit(
            id=self.new_id("C")[0],
            oid=oid,
            # A fork's commits are read through the repository that its pull requests are in.
            repository=repository.parent or repository,
            message=message,
            parents=tuple(parents),
            tree=kept,
            authors=authors,
            committer=actor(committer) if committer else authors[0],
        )
        repository.commits[oid] = made
        return self.keep(made)

    def branch(self, repository: Repository, name: str, *, at: str | None = None, by: str = "dev") -> Commit:
        """A new branch at a revision (the default branch's tip unless told)."""
        tip = repository.resolve(at or repository.default_branch)
        if tip is None:
            raise Refused("Reference does not exist")
        self.move_ref(repository, f"refs/heads/{name}", tip, by=self.account(by))
        return tip

    def push_branch(self, repository: Repository, branch: str, *, author: str, files: Files, message: str) -> Commit:
        """One more commit on a branch; pull requests from it are synchronised, those into it stay."""
        tip = repository.branch(branch)
        person = self.account(author)
        made = self.commit(repository, message, files, parents=(tip,) if tip else (), author=person)
        self.move_ref(repository, f"refs/heads/{branch}", made, by=person)
        return made

    def move_ref(self, repository: Repository, ref: str, commit: Commit, *, by: Account) -> None:
        """Point a ref at a commit, as a push does, and emit `push` (and `create` for a new ref)."""
        before = repository.refs.get(ref)
        repository.refs[ref] = commit.oid
        if before is None:
            kind, name = ("tag" if ref.startswith("refs/tags/") else "branch"), ref.split("/", 2)[2]
            self.emit(
                "create",
                repository,
                by,
                ref=name,
                ref_type=kind,
                master_branch=repository.default_branch,
                description=None,
                pusher_type="user",
            )
        self._note(repository, ref, before, commit, by)
        self.emit("push", repository, by, **push_payload(self, repository, ref, before, commit, by))
        self.head_moved(repository, ref, commit, by)

    def _note(self, repository: Repository, ref: str, before: str | None, commit: Commit, by: Account) -> None:
        grown = before is None or before in {one.oid for one in commit.ancestry()}
        kind = "branch_creation" if before is None else "push" if grown else "force_push"
        node, number = self.new_id("PSH")
        made = Activity(
            database_id=number,
            id=node,
            ref=ref,
            before=before or ZERO,
            after=commit.oid,
            kind=kind,
            actor=by,
            timestamp=self.clock.now(),
        )
        repository.activity.append(made)

    def head_moved(self, repository: Repository, ref: str, commit: Commit, by: Account) -> None:
        """What follows from a moved branch; pull requests add to it."""

    def tag(self, repository: Repository, name: str, *, at: str | None = None, by: str = "dev") -> Commit:
        """A lightweight tag at a revision."""
        commit = repository.resolve(at or repository.default_branch)
        if commit is None:
            raise Refused("Reference does not exist")
        repository.tagged[name] = self.clock.now()
        self.move_ref(repository, f"refs/tags/{name}", commit, by=self.account(by))
        return commit

    def release(self, repository: Repository, tag: str, *, prerelease: bool = False, draft: bool = False) -> Release:
        """A release of a tag, which is made if new."""
        commit = repository.resolve(f"refs/tags/{tag}") or self.tag(repository, tag)
        node, number = self.new_id("RE")
        made = Release(
            id=node,
            database_id=number,
            tag_name=tag,
            name=tag,
            tag_commit=commit,
            published_at=self.clock.now(),
            is_prerelease=prerelease,
            is_draft=draft,
        )
        repository.releases.append(made)
        return self.keep(made)

    def repository_label(self, repository: Repository, name: str, *, color: str = "ededed") -> Label:
        """A label of the repository, made if new."""
        if name not in repository.labels:
            node, number = self.new_id("LA")
            made = Label(id=node, database_id=number, name=name, repository=repository, color=color)
            repository.labels[name] = self.keep(made)
        return repository.labels[name]
