"""Accounts, Apps, installations, teams and what they may do in a repository."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.model.accounts import ROLES, Account, App, Installation, Team
from bot.sandbox.model.git import Repository
from bot.sandbox.render.people import installation, simple_user
from bot.sandbox.render.repositories import in_brief
from bot.sandbox.world import World


class PeopleActions(World):
    """Actions on accounts."""

    def user(self, login: str, *, name: str | None = None) -> Account:
        """The user of that login, made if new."""
        account = self.account(login)
        account.name = name or account.name
        return account

    def rename(self, account: Account, login: str) -> None:
        """Somebody goes by another login from now on; the old one is free for others.

        https://docs.github.com/account-and-profile/concepts/username-changes
        """
        old, new = account.login.lower(), login.lower()
        account.login = login
        by_login: list[dict[str, Any]] = [
            self.accounts,
            *(one.members for one in self.accounts.values()),
            *(one for team in self.teams.values() for one in (team.states, team.accounts)),
            *(repository.collaborators for repository in self.repositories.values()),
        ]
        for known in by_login:
            if old in known:
                known[new] = known.pop(old)

    def organization(self, login: str) -> Account:
        """The organisation of that login, made if new."""
        return self.accounts.get(login.lower()) or self.add_account(login, "Organization")

    def app(self, slug: str) -> App:
        """The App of that slug, made (without an address for deliveries) if new."""
        if slug not in self.apps:
            # The real id of GitHub Actions; gates compare it.
            number = 15368 if slug == "github-actions" else next(self.ids)
            self.register(App(database_id=number, slug=slug, events=()))
        return self.apps[slug]

    def register(self, app: App) -> App:
        """Make an App known, with its bot account."""
        app.id, app.hook_id = self.new_id("A")
        app.name = app.name or app.slug
        app.created_at = self.clock.now()
        app.owner = app.owner or self.organization("sandbox-apps")
        app.bot = self.account(f"{app.slug}[bot]")
        self.apps[app.slug] = self.keep(app)
        return app

    def install(self, app: App, owner: str) -> Installation:
        """Install an App on an account with all it asks for; answers the installation that is there."""
        account = self.accounts.get(owner.lower()) or self.organization(owner)
        known = self.installation_of(app, account)
        if known:
            return known
        made = Installation(
            database_id=next(self.ids),
            app=app,
            account=account,
            permissions=dict(app.permissions),
            created_at=self.clock.now(),
        )
        self.installations.append(made)
        self._tell(made, "created")
        return made

    def _tell(self, made: Installation, action: str) -> None:
        if not made.app.webhook_url:
            return
        own = [one for one in self.repositories.values() if one.owner is made.account]
        payload = {
            "action": action,
            "installation": installation(self, made),
            "repositories": [in_brief(one) for one in own],
            "requester": None,
            "sender": simple_user(self, made.account),
        }
        self.emitted(made.app, made, "installation", payload)

    def grant(self, granted: Installation, **permissions: str) -> None:
        """Change what an installation may do (`checks="write"`, `members=""` to take it away)."""
        granted.permissions.update(permissions)

    def suspend(self, granted: Installation, *, suspended: bool = True) -> None:
        """Suspend an installation, or lift it."""
        granted.suspended_at = self.clock.now() if suspended else None
        self._tell(granted, "suspend" if suspended else "unsuspend")

    def team(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        pending: Iterable[str] = (),
        parent: str | None = None,
    ) -> Team:
        """The team `org/slug`, made if new, with these members added (`pending` ones have not accepted)."""
        owner, slug = name.split("/")
        team = self.teams.get(name.lower()) or self._new_team(owner, slug)
        if parent:
            team.parent = self.team(parent if "/" in parent else f"{owner}/{parent}")
            team.parent.children.append(team)
        for login, state in [*((one, "active") for one in members), *((one, "pending") for one in pending)]:
            account = self.account(login)
            team.states[login.lower()] = state
            team.accounts[login.lower()] = account
            if state == "active":
                team.organization.members.setdefault(login.lower(), "member")
        return team

    def _new_team(self, owner: str, slug: str) -> Team:
        node, number = self.new_id("T")
        organization = self.organization(owner)
        team = Team(id=node, database_id=number, slug=slug, name=slug, organization=organization)
        self.teams[f"{owner}/{slug}".lower()] = team
        return self.keep(team)

    def leave_team(self, name: str, login: str) -> None:
        """Take somebody out of a team."""
        team = self.teams[name.lower()]
        team.states.pop(login.lower(), None)
        team.accounts.pop(login.lower(), None)

    def member(self, organization: str, login: str, *, role: str = "member") -> Account:
        """Make somebody a member (or `admin`) of an organisation."""
        account = self.account(login)
        self.organization(organization).members[login.lower()] = role
        return account

    def collaborator(self, repository: Repository, login: str, role: str) -> Account:
        """Give somebody a role: read, triage, write, maintain or admin; `none` takes it away."""
        if role not in ROLES:
            raise ValueError(f"unknown role {role}")
        repository.collaborators[login.lower()] = role
        return self.account(login)

    def team_access(self, repository: Repository, team: Team, role: str) -> None:
        """Give a team a role in a repository."""
        team.repositories[repository.name_with_owner.lower()] = role


def role_in(world: World, repository: Repository, account: Account) -> str:
    """The highest role somebody has: as owner, collaborator, member or through teams.

    https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    """
    login = account.login.lower()
    if account is repository.owner or repository.owner.members.get(login) == "admin":
        return "admin"
    found = {repository.collaborators.get(login, "none")}
    if login in repository.owner.members or not repository.is_private:
        found.add("read")
    for team in world.teams.values():
        role = team.repositories.get(repository.name_with_owner.lower())
        if role and team.state_of(login) == "active":
            found.add(role)
    return max(found, key=ROLES.index)


def association(world: World, repository: Repository, account: Account) -> str:
    """GraphQL's CommentAuthorAssociation."""
    login = account.login.lower()
    if account is repository.owner:
        return "OWNER"
    if login in repository.owner.members:
        return "MEMBER"
    if repository.collaborators.get(login, "none") != "none":
        return "COLLABORATOR"
    merged = any(pull.author is account and pull.state == "MERGED" for pull in world.pulls_of(repository))
    return "CONTRIBUTOR" if merged else "NONE"
