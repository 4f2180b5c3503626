"""Rules to try histories on: two roles with every option, and items that need people, machines and the clock."""

from datetime import timedelta

from hypothesis import strategies as st

from bot.evidence.attestation import Attestation
from bot.evidence.check import Check
from bot.evidence.combined import All
from bot.evidence.elapsed import Elapsed
from bot.evidence.label import Label
from bot.evidence.review import Review
from bot.evidence.sign_off import SignOff
from bot.gate.applies import ItemWhen
from bot.gate.checklist import Item, Tier
from bot.gate.rules import Exclude, Quote, Role, Rules, Stale, Via
from bot.gate.version import Bump, Semver
from tests.builders import a_role, an_item, rules_of
from tests.histories.world import DEVOPS, SECURITY

ROLES = ("security", "devops")
ITEMS = ("SAY-1", "QA-1", "DEV-1")
HOUR = timedelta(hours=1)
SEMVER = Semver(labels={Bump.MAJOR: ("breaking",), Bump.MINOR: ("feature",)}, override_by=("devops",), tag="v{version}")
OPTIONS = {
    "count": st.integers(1, 2),
    "via": st.sampled_from([frozenset({Via.COMMENT}), frozenset(Via), frozenset({Via.REVIEW})]),
    "exclude": st.sampled_from([frozenset({Exclude.AUTHOR, Exclude.LAST_PUSHER}), frozenset(), frozenset(Exclude)]),
    "distinct": st.sampled_from([False, False, True]),
    "quote_version": st.sampled_from([Quote.NEVER, Quote.NEVER, Quote.MAJOR, Quote.ALWAYS]),
    "stale": st.sampled_from([Stale.CHANGED, Stale.CHANGED, Stale.PUSH, Stale.NEVER]),
    "stale_paths": st.sampled_from([(), ("src/",)]),
    "required": st.sampled_from([True, True, False]),
    "when": st.sampled_from([None, None, ItemWhen(bump=frozenset({Bump.MAJOR})), ItemWhen(paths=("docs/",))]),
}


@st.composite
def a_drawn_role(draw: st.DrawFn, id: str, users: frozenset[str], team: str) -> Role:
    """With up to three options that are not the usual ones."""
    names = draw(st.lists(st.sampled_from(sorted(OPTIONS)), max_size=3, unique=True))
    return a_role(id, users=users, teams=frozenset({team}), **{name: draw(OPTIONS[name]) for name in names})


def items() -> dict[str, st.SearchStrategy[Item]]:
    """By id, the first choice the simplest."""
    attest = st.builds(Attestation, by=st.just(("security",)), stale=st.sampled_from([Stale.NEVER, Stale.CHANGED]))
    waited = attest.map(lambda one: All(of=(one, Elapsed(since="attestation", for_=HOUR))))
    machines = st.sampled_from([Label(any=frozenset({"qa"})), Check(name="tests", workflow="ci.yml"), Review()])
    signed = st.sampled_from([SignOff(roles=("devops",)), SignOff(roles=("security", "devops"))])
    rest = {
        "tier": st.sampled_from([Tier.HIGH, Tier.MEDIUM, Tier.CRITICAL]),
        "blocking": st.sampled_from([True, True, False]),
        "waivable_by": st.sampled_from([("devops",), ("security", "devops"), None]),
    }
    when = st.sampled_from([None, ItemWhen(paths=("src/",)), ItemWhen(bump=frozenset({Bump.MAJOR, Bump.MINOR}))])
    return {
        "SAY-1": st.builds(an_item, attest | waited, id=st.just("SAY-1"), when=when, **rest),
        "QA-1": st.builds(an_item, machines, id=st.just("QA-1"), when=when, **rest),
        "DEV-1": st.builds(an_item, signed, id=st.just("DEV-1"), when=when, **rest),
    }


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    """Both roles, and some of the items."""
    offered = items()
    ids = draw(st.lists(st.sampled_from(ITEMS), max_size=3, unique=True))
    made = [draw(offered[id]) for id in ids]
    return rules_of(
        draw(a_drawn_role("security", frozenset({"ann"}), SECURITY)),
        draw(a_drawn_role("devops", frozenset({"cat"}), DEVOPS)),
        *made,
        semver=SEMVER,
    )
