"""Routes of the App itself (by JWT), accounts and teams."""

from typing import Any

from bot.sandbox.clock import iso
from bot.sandbox.deliveries import Delivery, headers
from bot.sandbox.model.accounts import Installation
from bot.sandbox.render.people import app, installation, membership, org_membership, simple_user
from bot.sandbox.render.repositories import repository
from bot.sandbox.world import Refused, not_found

from .call import Answer, Call, listed

MOST_REPOSITORIES = 500


def get_app(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/apps#get-the-authenticated-app"""
    mine = [one for one in call.world.installations if one.app is call.caller.app]
    return Answer(body={**app(call.world, call.caller.app), "installations_count": len(mine)})


def _own(call: Call) -> Installation:
    for one in call.world.installations:
        if one.app is call.caller.app and str(one.database_id) == call.parts["id"]:
            return one
    raise not_found()


def get_installations(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/apps#list-installations-for-the-authenticated-app"""
    mine = [one for one in call.world.installations if one.app is call.caller.app]
    return listed(call, [installation(call.world, one) for one in mine])


def get_installation(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/apps#get-an-installation-for-the-authenticated-app"""
    return Answer(body=installation(call.world, _own(call)))


def repository_installation(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app"""
    found = call.world.find_repository(f"{call.parts['owner']}/{call.parts['repo']}")
    made = call.world.installation_of(call.caller.app, found.owner)
    if made is None:
        raise not_found()
    return Answer(body=installation(call.world, made))


def create_token(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app"""
    made = _own(call)
    if made.suspended_at:
        raise Refused("This installation has been suspended", status=403, kind="FORBIDDEN")
    names, ids = call.body.get("repositories"), call.body.get("repository_ids")
    own = [one for one in call.world.repositories.values() if one.owner is made.account]
    chosen = None
    if names is not None or ids is not None:
        chosen = [one for one in own if one.name in (names or ()) or one.database_id in (ids or ())]
        if len(chosen) != len(names or ids or ()):
            raise Refused("There is at least one repository that does not exist or is not accessible.")
    token = call.auth.issue(made, permissions=call.body.get("permissions"), repositories=chosen)
    body: dict[str, Any] = {
        "token": token.value,
        "expires_at": iso(token.expires_at),
        "permissions": token.permissions or {key: one for key, one in made.permissions.items() if one},
        "repository_selection": "all" if chosen is None else "selected",
    }
    if chosen is not None:
        body["repositories"] = [repository(call.world, one) for one in chosen[:MOST_REPOSITORIES]]
    return Answer(status=201, body=body)


def get_repositories(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation"""
    token = call.caller.token
    narrowed = token.repositories if token else None
    own = [one for one in call.world.repositories.values() if one.owner is call.caller.installation.account]
    seen = [repository(call.world, one) for one in own if narrowed is None or one in narrowed]
    return listed(call, seen, under="repositories")


def _log_entry(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": iso(delivery.delivered_at or delivery.created_at),
        "redelivery": delivery.redelivery,
        "duration": round(delivery.duration, 2),
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation.database_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def get_deliveries(call: Call) -> Answer:
    """Newest first, by cursor; https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook"""
    mine = [one for one in reversed(call.deliveries.log) if one.app is call.caller.app and one.status != "pending"]
    wanted = call.query.get("status")
    if wanted in ("success", "failure"):
        mine = [one for one in mine if one.succeeded == (wanted == "success")]
    size = min(int(call.query.get("per_page", "30")), 100)
    cursor = call.query.get("cursor", "")
    start = next((at for at, one in enumerate(mine) if f"v1_{one.id}" == cursor), 0)
    some, rest = mine[start : start + size], mine[start + size :]
    link = f'<{call.url}?per_page={size}&cursor=v1_{rest[0].id}>; rel="next"' if rest else ""
    return Answer(body=[_log_entry(one) for one in some], headers={"Link": link} if link else {})


def _delivery(call: Call) -> Delivery:
    for one in call.deliveries.log:
        if one.app is call.caller.app and str(one.id) == call.parts["id"]:
            return one
    raise not_found()


def get_delivery(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/webhooks#get-a-delivery-for-an-app-webhook"""
    found = _delivery(call)
    sent = {key: one for key, one in headers(found).items() if not key.startswith("X-Hub-Signature")}
    body = {
        **_log_entry(found),
        "url": found.app.webhook_url,
        "request": {"headers": sent, "payload": found.payload},
        "response": {"headers": {}, "payload": ""},
    }
    return Answer(body=body)


def redeliver(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook"""
    call.deliveries.again(_delivery(call))
    return Answer(status=202, body={})


def team_membership(call: Call) -> Answer:
    """https://docs.github.com/rest/teams/members#get-team-membership-for-a-user"""
    team = call.world.teams.get(f"{call.parts['org']}/{call.parts['slug']}".lower())
    state = team.state_of(call.parts["login"]) if team else None
    if team is None or state is None:
        raise not_found()
    return Answer(body=membership(call.world, team, call.parts["login"], state))


def team_members(call: Call) -> Answer:
    """Those of child teams as well; https://docs.github.com/rest/teams/members#list-team-members"""
    team = call.world.teams.get(f"{call.parts['org']}/{call.parts['slug']}".lower())
    if team is None:
        raise not_found()
    everybody = {login: one for part in team.family() for login, one in part.accounts.items()}
    active = [one for login, one in everybody.items() if team.state_of(login) == "active"]
    return listed(call, [simple_user(call.world, one) for one in active])


def member(call: Call) -> Answer:
    """https://docs.github.com/rest/orgs/members#get-organization-membership-for-a-user"""
    owner = call.world.accounts.get(call.parts["org"].lower())
    login = call.parts["login"].lower()
    if owner is None or login not in owner.members:
        raise not_found()
    return Answer(body=org_membership(call.world, owner, call.world.accounts[login]))
