"""The risk register: severity, what a risk is for this change, when it blocks, and the overall risk."""

from datetime import timedelta

import pytest

from bot.gate.applies import ItemWhen
from bot.gate.blast_radius import Radius
from bot.gate.checklist import JudgedItem
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, State, Who, scheduled
from bot.gate.risk import MATRIX, Accepted, Level, Risk, RiskState, Status
from bot.gate.risk_register import JudgedRisk, judge_risks, overall_risk, risk_finding
from bot.gate.version import Bump
from tests.builders import NOW, a_candidate, a_version, an_item

LOW, MEDIUM, HIGH, CRITICAL = Level
LATER = NOW + timedelta(days=1)


def a_risk(id: str = "R2", **options) -> Risk:
    return Risk(
        id=id, **({"title": "Downtime", "probability": MEDIUM, "impact": HIGH, "owners": ("devops",)} | options)
    )


def an_acceptance(**facts) -> Accepted:
    ordinary = {"logins": ("ann",), "until": None, "because": "we watch it", "url": "https://github.test/comment"}
    return Accepted(**(ordinary | facts))


def a_judged(id: str, state: State, *, blocking: bool = True, who: Who = Who.AUTHOR) -> JudgedItem:
    return JudgedItem(item=an_item(id=id, blocking=blocking), finding=Finding(state=state, seen=f"{id} seen", who=who))


def judged(risk: Risk, *items: JudgedItem, accepted: Accepted | None = None, **facts) -> JudgedRisk:
    [one] = judge_risks({risk.id: risk}, a_candidate(**facts), (), items, {risk.id: accepted} if accepted else {})
    return one


@pytest.mark.parametrize(
    ("probability", "impact", "severity"),
    [
        pytest.param(HIGH, HIGH, CRITICAL, id="R1: old clients stop working"),
        pytest.param(MEDIUM, HIGH, CRITICAL, id="R2: downtime during the migration"),
        pytest.param(HIGH, CRITICAL, CRITICAL, id="R3: does not start without new variables"),
        pytest.param(LOW, HIGH, HIGH, id="R4: encryption breaks integrations"),
        pytest.param(LOW, MEDIUM, MEDIUM, id="R6: CORS blocks clients"),
        pytest.param(MEDIUM, LOW, MEDIUM, id="R7: false alarms"),
        pytest.param(LOW, LOW, LOW, id="the least"),
        pytest.param(CRITICAL, LOW, HIGH, id="certain, and little"),
    ],
)
def test_the_matrix_says_what_the_paper_says(probability, impact, severity):
    assert a_risk(probability=probability, impact=impact).severity is severity


def test_more_is_never_less():
    for row in MATRIX.values():
        assert list(row.values()) == sorted(row.values(), key=lambda level: level.rank)
    for impact in Level:
        column = [MATRIX[probability][impact] for probability in Level]
        assert column == sorted(column, key=lambda level: level.rank)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"stated": HIGH, "probability": LOW, "impact": MEDIUM}, id="over the matrix"),
        pytest.param({"stated": HIGH, "probability": None, "impact": None}, id="alone"),
    ],
)
def test_a_stated_severity_wins(options):
    assert a_risk(**options).severity is HIGH


DB = {state: a_judged("DB-001", state) for state in State}


@pytest.mark.parametrize(
    ("options", "items", "state", "because"),
    [
        pytest.param({}, [], RiskState.OPEN, "nobody has accepted it", id="nothing mitigates it"),
        pytest.param({"status": Status.CLOSED}, [], RiskState.CLOSED, "closed in the rules", id="closed"),
        pytest.param(
            {"status": Status.ACCEPTED}, [], RiskState.ACCEPTED, "accepted in the rules", id="stated accepted"
        ),
        pytest.param(
            {"status": Status.MITIGATED}, [], RiskState.MITIGATED, "mitigated in the rules", id="stated mitigated"
        ),
        pytest.param(
            {"mitigated_by": ("DB-001",)},
            [DB[State.MET]],
            RiskState.MITIGATED,
            "mitigated by `DB-001`",
            id="its item is met",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001",)}, [DB[State.UNMET]], RiskState.OPEN, "`DB-001` is open", id="its item is open"
        ),
        pytest.param(
            {"mitigated_by": ("DB-001",)}, [DB[State.UNKNOWN]], RiskState.OPEN, "`DB-001` is open", id="or not known"
        ),
        pytest.param(
            {"mitigated_by": ("DB-001", "A")},
            [DB[State.NOT_APPLICABLE], a_judged("A", State.MET)],
            RiskState.OPEN,
            "`DB-001` does not apply to this change",
            id="an item that doesn't apply mitigates nothing",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001",)},
            [DB[State.NOT_APPLICABLE]],
            RiskState.OPEN,
            "`DB-001` does not apply to this change",
            id="no item applies",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001", "A")},
            [DB[State.NOT_APPLICABLE], a_judged("A", State.NOT_APPLICABLE)],
            RiskState.OPEN,
            "`DB-001` and `A` do not apply to this change",
            id="none of several applies",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001", "A")},
            [DB[State.NOT_APPLICABLE], a_judged("A", State.PENDING)],
            RiskState.OPEN,
            "`A` is open; `DB-001` does not apply to this change",
            id="one is open and one doesn't apply",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001",)},
            [DB[State.WAIVED]],
            RiskState.MITIGATED,
            "mitigated by `DB-001`",
            id="its item is waived",
        ),
        pytest.param(
            {"mitigated_by": ("DB-001", "A")},
            [DB[State.UNMET], a_judged("A", State.PENDING)],
            RiskState.OPEN,
            "`DB-001` and `A` are open",
            id="several are open",
        ),
        pytest.param(
            {"when": ItemWhen(labels=frozenset({"db"}))},
            [],
            RiskState.NOT_APPLICABLE,
            "does not apply to this change",
            id="its own when does not hold",
        ),
        pytest.param(
            {"when": ItemWhen(base=("main",))}, [], RiskState.OPEN, "nobody has accepted it", id="when it does"
        ),
    ],
)
def test_what_a_risk_is(options, items, state, because):
    answer = judged(a_risk(**options), *items)
    assert (answer.state, answer.because) == (state, because)


@pytest.mark.parametrize(
    ("accepted", "state", "because"),
    [
        pytest.param(an_acceptance(), RiskState.ACCEPTED, "accepted by `ann`: `we watch it`", id="for good"),
        pytest.param(
            an_acceptance(until=LATER, logins=("ann", "bob")),
            RiskState.ACCEPTED,
            "accepted by `ann` and `bob` until 23 Nov 2026 12:00 UTC: `we watch it`",
            id="for a while",
        ),
        pytest.param(an_acceptance(until=NOW), RiskState.OPEN, "nobody has accepted it", id="until now"),
    ],
)
def test_an_acceptance_ends(accepted, state, because):
    answer = judged(a_risk(), accepted=accepted)
    assert (answer.state, answer.because) == (state, because)


def test_what_is_mitigated_needs_no_acceptance():
    assert (
        judged(a_risk(mitigated_by=("DB-001",)), DB[State.MET], accepted=an_acceptance()).state is RiskState.MITIGATED
    )


@pytest.mark.parametrize(
    ("risk", "block_at", "do"),
    [
        pytest.param(a_risk(), None, None, id="no risk blocks without a level"),
        pytest.param(a_risk(stated=MEDIUM), HIGH, None, id="below the level"),
        pytest.param(a_risk(stated=HIGH), HIGH, "`/accept-risk R2 because …`", id="at the level"),
        pytest.param(a_risk(status=Status.CLOSED), HIGH, None, id="closed"),
        pytest.param(
            a_risk(mitigated_by=("DB-001",)),
            HIGH,
            "get `DB-001` met or `/accept-risk R2 because …`",
            id="with a remedy",
        ),
        pytest.param(a_risk(mitigated_by=("DB-001",), owners=()), HIGH, "get `DB-001` met", id="nobody may accept it"),
    ],
)
def test_when_a_risk_blocks(risk, block_at, do):
    finding = risk_finding(judged(risk, DB[State.UNMET]), block_at)
    assert (finding.do if finding else None) == do


@pytest.mark.parametrize(
    ("owners", "who", "do"),
    [
        pytest.param(
            ("devops",),
            Who.ROLE,
            "give `R1` a `when` or other items in the rules or `/accept-risk R1 because …`",
            id="its owners may accept it",
        ),
        pytest.param((), Who.ADMIN, "give `R1` a `when` or other items in the rules", id="else the rules are mended"),
    ],
)
def test_a_risk_whose_item_does_not_apply_blocks_at_once(owners, who, do):
    risk = a_risk("R1", probability=HIGH, impact=CRITICAL, mitigated_by=("DB-001", "A"), owners=owners)
    finding = risk_finding(judged(risk, DB[State.NOT_APPLICABLE], a_judged("A", State.PENDING)), HIGH)
    assert finding
    assert (finding.state, finding.who, finding.do) == (State.UNMET, who, do)


@pytest.mark.parametrize(
    ("owners", "who"),
    [pytest.param(("devops",), Who.ROLE, id="its owners"), pytest.param((), Who.AUTHOR, id="the author without any")],
)
def test_who_acts(owners, who):
    finding = risk_finding(judged(a_risk(owners=owners, mitigated_by=("DB-001",)), DB[State.UNMET]), HIGH)
    assert finding
    assert (finding.who, finding.roles, finding.state) == (who, owners, State.UNMET)
    assert finding.seen == "`R2` is open, critical: `DB-001` is open"


def test_what_only_time_mitigates_waits_for_the_clock():
    item = JudgedItem(item=an_item(id="DB-001", blocking=False), finding=scheduled(seen="soaking", again_at=LATER))
    finding = risk_finding(judged(a_risk(mitigated_by=("DB-001",)), item), HIGH)
    assert finding
    assert finding.by_clock
    assert finding.until == LATER


def test_what_waits_for_an_item_that_blocks_by_itself_blocks_no_second_time():
    item = JudgedItem(item=an_item(id="DB-001"), finding=scheduled(seen="soaking", again_at=LATER))
    assert risk_finding(judged(a_risk(mitigated_by=("DB-001",)), item), HIGH) is None


@pytest.mark.parametrize(
    ("risks", "radius", "version", "level", "because"),
    [
        pytest.param([], None, a_version(bump=Bump.PATCH), LOW, "the version grows by a patch", id="a patch"),
        pytest.param([], None, a_version(bump=Bump.MINOR), MEDIUM, "the version grows by a minor", id="a minor"),
        pytest.param(
            [],
            Radius.HIGH,
            a_version(),
            HIGH,
            "the blast radius is high and the version grows by a major",
            id="all that are as bad are named",
        ),
        pytest.param(
            [judged(a_risk())], Radius.LOW, a_version(), CRITICAL, "`R2` is open", id="an open risk at its severity"
        ),
        pytest.param(
            [judged(a_risk(), accepted=an_acceptance())],
            None,
            a_version(),
            CRITICAL,
            "`R2` is accepted",
            id="an accepted one too",
        ),
        pytest.param(
            [judged(a_risk(status=Status.MITIGATED))],
            None,
            a_version(bump=Bump.PATCH),
            HIGH,
            "`R2` is mitigated",
            id="a mitigated one a step lower",
        ),
        pytest.param(
            [judged(a_risk(status=Status.MITIGATED, stated=LOW))],
            None,
            a_version(bump=Bump.PATCH),
            LOW,
            "`R2` is mitigated and the version grows by a patch",
            id="nothing is lower than low",
        ),
        pytest.param(
            [judged(a_risk(status=Status.CLOSED))],
            None,
            a_version(bump=Bump.PATCH),
            LOW,
            "the version grows by a patch",
            id="a closed one not at all",
        ),
        pytest.param(
            [],
            Unavailable("cut off"),
            Unavailable("tags can't be read"),
            HIGH,
            "what is touched is not known: cut off and the next version is not known: tags can't be read",
            id="what is not known counts as high",
        ),
    ],
)
def test_the_overall_risk(risks, radius, version, level, because):
    overall = overall_risk(tuple(risks), radius, version)
    assert (overall.level, overall.because) == (level, because)
