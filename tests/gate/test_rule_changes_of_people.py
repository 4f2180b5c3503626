"""What a change of rules lets people do that they could not do before."""

from dataclasses import replace

import pytest

from bot.gate.applies import ItemWhen
from bot.gate.checklist import Tier
from bot.gate.rules import Quote, Via
from bot.gate.version import Semver
from tests.builders import a_role, an_item, rules_of
from tests.gate.test_rule_changes import said

ITEM, ROLE = an_item(), a_role()
QA, EVE = a_role("qa", required=False), a_role("eve", users=frozenset({"eve"}))
HIGH = an_item(tier=Tier.HIGH)
BY_QA, BY_BOTH = {Tier.HIGH: ("qa",)}, {Tier.HIGH: ("qa", "security")}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(
            rules_of(ROLE, QA, HIGH, waivable_by=BY_QA),
            rules_of(ROLE, QA, HIGH, waivable_by=BY_BOTH),
            ["weakens `DOC-001` may be waived by `security`", "changes `waivable_by` of the gate"],
            id="one more role may waive what is high",
        ),
        pytest.param(
            rules_of(ROLE, QA, HIGH, waivable_by=BY_BOTH),
            rules_of(ROLE, QA, HIGH, waivable_by=BY_QA),
            ["changes `waivable_by` of the gate"],
            id="one role fewer may",
        ),
        pytest.param(
            rules_of(ROLE, QA, HIGH, waivable_by=BY_QA),
            rules_of(ROLE, QA, HIGH),
            ["weakens `DOC-001` may be waived by `security`", "changes `waivable_by` of the gate"],
            id="without a word the required roles may",
        ),
        pytest.param(
            rules_of(QA, ITEM),
            rules_of(QA, ITEM, waivable_by={Tier.CRITICAL: ("qa",)}),
            ["weakens `DOC-001` may be waived by `qa`", "changes `waivable_by` of the gate"],
            id="what is critical may be waived",
        ),
        pytest.param(
            rules_of(QA, ITEM),
            rules_of(QA, replace(ITEM, waivable_by=("qa",))),
            ["weakens `DOC-001` may be waived by `qa`", "changes `waivable_by` of `DOC-001`"],
            id="an item may be waived",
        ),
        pytest.param(
            rules_of(ROLE, QA, replace(ITEM, waivable_by=("qa", "security"))),
            rules_of(ROLE, QA, replace(ITEM, waivable_by=("qa",))),
            ["changes `waivable_by` of `DOC-001`"],
            id="an item may be waived by one role fewer",
        ),
        pytest.param(
            rules_of(ROLE, HIGH),
            rules_of(ROLE, EVE, HIGH),
            [
                "weakens `DOC-001` may be waived by `eve`",
                "adds the role `eve`",
            ],
            id="a new role that has to sign may waive, too",
        ),
        pytest.param(
            rules_of(ROLE, QA, HIGH),
            rules_of(ROLE, replace(QA, required=True), HIGH),
            [
                "weakens `DOC-001` may be waived by `qa`",
                "changes `required` of the role `qa`",
            ],
            id="and so may one that has to sign from now on",
        ),
        pytest.param(
            rules_of(ROLE, *(an_item(id=f"A-{n}", tier=Tier.HIGH) for n in range(5))),
            rules_of(ROLE, *(an_item(id=f"A-{n}", tier=Tier.HIGH, waivable_by=("qa",)) for n in range(5)), QA),
            [
                "weakens `A-0`, `A-1`, `A-2` and 2 more may be waived by `qa`",
                "adds the role `qa`",
                *(f"changes `waivable_by` of `A-{n}`" for n in range(5)),
            ],
            id="many items in one sentence",
        ),
        pytest.param(
            rules_of(QA, replace(ITEM, is_locked=True, waivable_by=("qa",))),
            rules_of(QA, replace(ITEM, waivable_by=("qa",))),
            ["weakens `DOC-001` is no longer locked", "weakens `DOC-001` may be waived by `qa`"],
            id="a lock is taken off",
        ),
        pytest.param(
            rules_of(ITEM),
            rules_of(replace(ITEM, is_locked=True)),
            ["changes `is_locked` of `DOC-001`"],
            id="a lock is put on",
        ),
        pytest.param(
            rules_of(QA),
            rules_of(QA, semver=Semver(override_by=("qa",))),
            ["weakens the version lets others declare the bump"],
            id="somebody may declare the bump",
        ),
        pytest.param(
            rules_of(QA, semver=Semver(override_by=("qa",))),
            rules_of(QA),
            ["changes `override_by` of the version"],
            id="nobody may any more",
        ),
    ],
)
def test_who_may_do_more(old, new, words):
    assert said(old, new) == words


REVIEWS, BOTH_WAYS = frozenset({Via.REVIEW}), frozenset(Via)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param({}, {"apps": {"renovate"}}, "weakens {} may be signed by `renovate` too", id="an App may sign"),
        pytest.param({"apps": {"renovate"}}, {}, "changes `apps` of {}", id="no App may any more"),
        pytest.param({}, {"via": BOTH_WAYS}, "weakens {} signs by `review` too", id="a review signs, too"),
        pytest.param({}, {"via": REVIEWS}, "weakens {} signs by `review` too", id="a review signs instead"),
        pytest.param({"via": BOTH_WAYS}, {}, "changes `via` of {}", id="a review signs no more"),
        pytest.param(
            {"distinct": True}, {}, "weakens {} may be filled by who fills another one", id="one person may fill two"
        ),
        pytest.param({}, {"distinct": True}, "changes `distinct` of {}", id="nobody may fill two"),
        pytest.param(
            {"quote_version": Quote.ALWAYS},
            {"quote_version": Quote.MAJOR},
            "weakens {} names the version less often: `quote_version: major`",
            id="only a major is named",
        ),
        pytest.param({}, {"quote_version": Quote.MAJOR}, "changes `quote_version` of {}", id="a major has to be named"),
        pytest.param(
            {},
            {"when": ItemWhen(paths=("a",))},
            "weakens {} need not sign the same changes any more",
            id="it signs some changes only",
        ),
        pytest.param({"when": ItemWhen(paths=("a",))}, {}, "changes `when` of {}", id="it signs all changes"),
    ],
)
def test_options_of_a_role(old, new, words):
    assert said(rules_of(a_role(**old)), rules_of(a_role(**new))) == [words.format("the role `security`")]
