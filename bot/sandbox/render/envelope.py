"""What every delivery carries around its own body."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.model.accounts import Account, Installation
from bot.sandbox.model.git import Repository

from .people import organization, simple_user
from .repositories import repository

if TYPE_CHECKING:
    from bot.sandbox.world import World


def envelope(
    world: "World", body: dict[str, Any], source: Repository, sender: Account, installation: Installation
) -> dict[str, Any]:
    """A payload; https://docs.github.com/webhooks/webhook-events-and-payloads"""
    owner = source.owner
    group = {"organization": organization(world, owner)} if owner.typename == "Organization" else {}
    return {
        **body,
        "repository": repository(world, source),
        **group,
        "installation": {"id": installation.database_id, "node_id": f"MDIz{installation.database_id}"},
        "sender": simple_user(world, sender),
    }
