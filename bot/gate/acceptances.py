"""Which risks are accepted: by members of the roles that own them, until a date."""

from collections.abc import Mapping
from datetime import datetime

from bot.gate.claims import Claim, Claimed, Topic
from bot.gate.commands import Verb
from bot.gate.markup import code
from bot.gate.risk import Accepted
from bot.gate.rules import Rules


def accepting(rules: Rules) -> Topic:
    """`/accept-risk`. Nothing takes it back but its comment: edited or deleted it is gone."""
    named = {
        id: tuple(rules.roles[role] for role in risk.owners if role in rules.roles) for id, risk in rules.risks.items()
    }
    return Topic(
        opens=Verb.ACCEPT_RISK,
        doing="accept",
        what="risk to accept",
        they_are="the risks to accept are",
        may={id: roles for id, roles in named.items() if roles},
        why_not={
            id: f"nobody can accept {code(id)}: its `owners` name no role" for id, roles in named.items() if not roles
        },
    )


def accepted(claimed: Mapping[str, Claimed], now: datetime) -> Mapping[str, Accepted]:
    """By risk: who accepts it, for as long as the one says who does for the longest."""
    standing = {
        id: [claim for claim in of.claims if claim.until is None or claim.until > now] for id, of in claimed.items()
    }
    return {id: _accepted(claims) for id, claims in standing.items() if claims}


def _accepted(claims: list[Claim]) -> Accepted:
    last = max(claims, key=lambda claim: (claim.until is None, claim.until or claim.at))
    logins = tuple(dict.fromkeys(claim.login for claim in claims))
    return Accepted(logins=logins, until=last.until, because=last.because, url=last.url)
