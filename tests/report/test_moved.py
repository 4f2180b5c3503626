"""What has changed from one verdict to the next, and the document's version that goes with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.gate.checklist import JudgedItem
from bot.gate.evaluate import cannot_evaluate, evaluate
from bot.gate.facts import Commit, Unavailable
from bot.gate.finding import met, unmet
from bot.gate.rules import BrokenRules, Fault
from bot.gate.standing import SignOff, Standing
from bot.gate.verdict import Outcome
from bot.report.document import Dossier, document, edition
from bot.report.moved import moved
from bot.report.notes import notes
from bot.report.words import ENGLISH
from tests.builders import HEAD, NOW, Says, a_role, a_snapshot, a_version, an_item, rules_of

ITEM = an_item(Says(unmet(seen="nothing", wanted="something", do="do it")))
OPEN = JudgedItem(item=ITEM, finding=unmet(seen="nothing", wanted="something", do="do it"))
BASE = replace(
    evaluate(rules_of(ITEM), a_snapshot()),
    outcome=Outcome.BLOCKED,
    items=(OPEN,),
    standings=(Standing(role=a_role()),),
    version=a_version("1.0.0"),
    readiness=0,
    head_sha="1" * 40,
)
SIGNED = SignOff(role="security", login="sam", sha=HEAD, at=NOW, url="")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param({"head_sha": "2" * 40}, "- **commit**: `1111111` → `2222222`", id="a push"),
        pytest.param({"outcome": Outcome.READY}, "- **Status**: blocked → may ship", id="another outcome"),
        pytest.param({"readiness": 50}, "- **Readiness**: 0 % → 50 %", id="readiness"),
        pytest.param({"version": a_version("2.0.0")}, "- **version**: `1.0.0` → `2.0.0`", id="another version"),
        pytest.param({"version": Unavailable("x")}, "- **version**: `1.0.0` → not known", id="no version any more"),
        pytest.param(
            {"items": (replace(OPEN, finding=met(seen="it")),)}, "- **DOC-001**: open → met", id="an item is met"
        ),
        pytest.param(
            {"items": (OPEN, replace(OPEN, item=an_item(id="NEW-1")))}, "- **NEW-1**: none → open", id="a new item"
        ),
        pytest.param(
            {"standings": (Standing(role=a_role(), signed=(SIGNED,)),)}, "- **security**: has signed", id="a sign-off"
        ),
    ],
)
def test_what_has_moved(change, line):
    now = replace(BASE, **change)
    assert list(moved(BASE, now, ENGLISH)) == [line]
    assert list(moved(now, now, ENGLISH)) == []


def test_a_sign_off_that_was_dropped_has_moved():
    signed = replace(BASE, standings=(Standing(role=a_role(), signed=(SIGNED,)),))
    assert list(moved(signed, BASE, ENGLISH)) == ["- **security**: has to sign"]


def dossier(**facts) -> Dossier:
    snapshot = a_snapshot(**facts)
    rules = rules_of(ITEM)
    return Dossier(rules=rules, snapshot=snapshot, verdict=evaluate(rules, snapshot))


def test_the_version_of_the_document_is_that_of_what_it_says():
    first = dossier()
    later = replace(first, snapshot=replace(first.snapshot, taken_at=NOW + timedelta(hours=1)))
    assert edition(first) == edition(later)
    assert edition(first) != edition(dossier(title="Another"))
    assert edition(first) != edition(replace(first, rules=replace(first.rules, source="other")))


def test_the_document_tells_what_has_changed_since_the_last():
    now = dossier()
    assert "What was said before is not known." in document(now, ENGLISH)
    assert "\n\nNothing.\n" in document(replace(now, previous=now.verdict), ENGLISH)
    before = replace(now.verdict, readiness=99)
    assert "- **Readiness**: 99 % → 0 %" in document(replace(now, previous=before), ENGLISH)


def test_a_document_of_rules_with_faults_tells_these():
    fault = Fault(line=3, column=1, path="checklist", message="it is empty")
    broken = BrokenRules(source="", file=".release-gate.yml", faults=(fault,))
    snapshot = a_snapshot()
    text = document(Dossier(rules=broken, snapshot=snapshot, verdict=evaluate(broken, snapshot)), ENGLISH)
    assert "## Faults in the rules" in text
    assert "| 3:1 | `checklist` | it is empty |" in text


def test_a_document_without_an_evaluation_says_why():
    snapshot = a_snapshot(is_draft=True)
    verdict = cannot_evaluate(snapshot, "GitHub answered 502")
    text = document(Dossier(rules=rules_of(ITEM), snapshot=snapshot, verdict=verdict), ENGLISH)
    assert "## Not evaluated\n\nGitHub answered 502" in text
    assert "This is a draft." in text


def test_a_document_of_what_is_no_release_says_so():
    snapshot = a_snapshot()
    verdict = replace(BASE, outcome=Outcome.NOT_A_RELEASE)
    text = document(Dossier(rules=rules_of(ITEM), snapshot=snapshot, verdict=verdict), ENGLISH)
    assert "ask nothing of this change" in text


HOSTILE = "feat: [x](javascript:1) @ann <img> #7 | `code`"


def test_notes_hold_no_markup_of_others():
    text = notes(a_snapshot(commits=(Commit(sha=HEAD, message=HOSTILE, people=frozenset()),)), a_version(), ENGLISH)
    assert "@ann" not in text
    assert "<img>" not in text
    assert "](javascript" not in text


@pytest.mark.parametrize(
    ("commits", "said"),
    [
        pytest.param((), "# 1.0.0\n\nNothing has changed.\n", id="no commits"),
        pytest.param(Unavailable("needs GitHub"), "# 1.0.0\n\nNot known: needs GitHub.\n", id="commits not known"),
    ],
)
def test_notes_of_nothing(commits, said):
    assert notes(a_snapshot(commits=commits), a_version(), ENGLISH) == said


def test_notes_name_people_and_link_to_commits():
    commit = Commit(sha="b" * 40, message="feat(api): a page (#12)", people=frozenset({"ann"}))
    url = "https://github.example/acme/shop/pull/1"
    text = notes(a_snapshot(commits=(commit,), url=url, repository="acme/shop"), Unavailable("x"), ENGLISH)
    home = "https://github.example/acme/shop"
    assert text == (
        "# Release notes\n\n## Features\n\n- **api**: a page "
        f"([#12]({home}/pull/12), [`bbbbbbb`]({home}/commit/{'b' * 40}))\n\n## Contributors\n\n`ann`\n"
    )
