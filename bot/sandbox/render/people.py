"""Accounts, Apps, installations and teams as REST shows them."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import iso
from bot.sandbox.model.accounts import Account, App, Installation, Team

if TYPE_CHECKING:
    from bot.sandbox.world import World

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def simple_user(world: "World", account: Account) -> dict[str, Any]:
    """A `simple-user`."""
    url = f"{world.api_url}/users/{account.login}"
    bot = account.typename == "Bot"
    page = f"apps/{account.login.removesuffix('[bot]')}" if bot else account.login
    return {
        "login": account.login,
        "id": account.database_id,
        "node_id": account.id,
        "avatar_url": f"{world.html_url}/avatars/{account.database_id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.html_url}/{page}",
        **{key: url + path for key, path in _USER_LINKS.items()},
        "type": account.typename,
        "user_view_type": "public",
        "site_admin": False,
    }


def organization(world: "World", account: Account) -> dict[str, Any]:
    """An `organization-simple`."""
    url = f"{world.api_url}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.database_id,
        "node_id": account.id,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.html_url}/avatars/{account.database_id}",
        "description": None,
    }


def app(world: "World", made: App) -> dict[str, Any]:
    """An `integration`."""
    created = iso(made.created_at)
    return {
        "id": made.database_id,
        "slug": made.slug,
        "node_id": made.id,
        "client_id": f"Iv1.{made.database_id:016x}",
        "owner": simple_user(world, made.owner) if made.owner else None,
        "name": made.name,
        "description": "",
        "external_url": f"{world.html_url}/apps/{made.slug}",
        "html_url": f"{world.html_url}/apps/{made.slug}",
        "created_at": created,
        "updated_at": created,
        "permissions": dict(made.permissions),
        "events": list(made.events),
    }


def installation(world: "World", made: Installation) -> dict[str, Any]:
    """An `installation`."""
    url = f"{world.api_url}/app/installations/{made.database_id}"
    return {
        "id": made.database_id,
        "client_id": f"Iv1.{made.app.database_id:016x}",
        "account": simple_user(world, made.account),
        "repository_selection": "all",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.api_url}/installation/repositories",
        "html_url": f"{world.html_url}/organizations/{made.account.login}/settings/installations/{made.database_id}",
        "app_id": made.app.database_id,
        "app_slug": made.app.slug,
        "target_id": made.account.database_id,
        "target_type": made.account.typename,
        "permissions": {key: value for key, value in made.permissions.items() if value},
        "events": list(made.app.events),
        "created_at": iso(made.created_at),
        "updated_at": iso(made.suspended_at or made.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": simple_user(world, made.account) if made.suspended_at else None,
        "suspended_at": iso(made.suspended_at),
    }


def membership(world: "World", team: Team, login: str, state: str) -> dict[str, Any]:
    """A `team-membership`."""
    owner = team.organization.login
    url = f"{world.api_url}/orgs/{owner}/teams/{team.slug}/memberships/{login}"
    return {"url": url, "role": "member", "state": state}


def org_membership(world: "World", owner: Account, account: Account) -> dict[str, Any]:
    """An `org-membership`."""
    url = f"{world.api_url}/orgs/{owner.login}"
    return {
        "url": f"{url}/memberships/{account.login}",
        "state": "active",
        "role": owner.members[account.login.lower()],
        "organization_url": url,
        "organization": organization(world, owner),
        "user": simple_user(world, account),
    }
