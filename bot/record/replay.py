"""A kept decision → the same decision made again, and what differs."""

from dataclasses import dataclass

from bot.gate.verdict import Verdict
from bot.record.account import Json, account, differences
from bot.record.chain import Body
from bot.record.grounds import Grounds, grounds_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A decision made again from its grounds."""

    grounds: Grounds
    verdict: Verdict
    told: Json
    """The account of it."""
    differences: tuple[str, ...]
    """What is not as it was decided then; empty when it is the same."""


def replayed(body: Body) -> Replayed:
    """Decides again, with this program. Raises `Unreadable` when it can't read the grounds."""
    grounds = grounds_from(body.facts, body.rules)
    verdict = grounds.verdict
    told = account(verdict)
    return Replayed(grounds=grounds, verdict=verdict, told=told, differences=differences(body.verdict, told))
