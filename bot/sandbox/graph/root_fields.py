"""Where a question starts: the root, and accounts."""

from typing import Any

from bot.sandbox.model.accounts import Account, Team
from bot.sandbox.model.git import Repository
from bot.sandbox.world import Refused, not_found

from .resolve import Context, Handler, world_of


def _repository(
    _: object,
    context: Context,
    *,
    owner: str,
    name: str,
    followRenames: bool = True,  # noqa: ARG001, N803
) -> Repository:
    full_name = f"{owner}/{name}"
    found = world_of(context).repositories.get(full_name.lower())
    if found is None or not context.caller.reaches(found):
        raise not_found(f"Could not resolve to a Repository with the name '{full_name}'.")
    return found


def _node(_: object, context: Context, *, id: str) -> object:
    found = world_of(context).nodes.get(id)
    if found is None:
        raise not_found(f"Could not resolve to a node with the global id of '{id}'")
    return found


def _nodes(root: object, context: Context, *, ids: list[str]) -> list[object]:
    def one(node: str) -> object:
        try:
            return _node(root, context, id=node)
        except Refused as refused:
            # A returned error stands for its own node only.
            return refused

    return [one(node) for node in ids]


def _account(typename: str) -> Handler:
    def find(_: object, context: Context, *, login: str) -> Account:
        found = world_of(context).accounts.get(login.lower())
        if found is None or found.typename != typename:
            raise not_found(f"Could not resolve to a {typename} with the login of '{login}'.")
        return found

    return find


def _rate_limit(_: object, context: Context, **asked: object) -> dict[str, Any]:
    if asked.get("dryRun"):
        raise Refused("the sandbox does not model rateLimit(dryRun:)")
    quota = context.quota
    return {
        "typename": "RateLimit",
        "cost": context.cost.points,
        "limit": quota.limit,
        "nodeCount": context.cost.nodes,
        "remaining": max(quota.limit - quota.used, 0),
        "resetAt": quota.resets_at,
        "used": quota.used,
    }


def _team(organization: Account, context: Context, *, slug: str) -> Team | None:
    return world_of(context).teams.get(f"{organization.login}/{slug}".lower())


def _members(team: Team, _: Context, **asked: object) -> list[Account]:
    if asked.get("query") or asked.get("orderBy"):
        raise Refused("the sandbox lists team members without query and order")
    everybody = dict.fromkeys(account for part in team.family() for account in part.accounts.values())
    return [one for one in everybody if team.state_of(one.login) == "active"]


FIELDS: dict[str, Handler] = {
    "Query.node": _node,
    "Query.nodes": _nodes,
    "Query.organization": _account("Organization"),
    "Query.rateLimit": _rate_limit,
    "Query.repository": _repository,
    "Query.repositoryOwner": lambda _, context, login: world_of(context).accounts.get(login.lower()),
    "Query.user": _account("User"),
    "Query.viewer": lambda _, context: context.caller.app.bot,
    # REST and webhooks say `release-gate[bot]`, GraphQL doesn't.
    "Bot.login": lambda one, _: one.login.removesuffix("[bot]"),
    "Organization.team": _team,
    "Team.members": _members,
}
