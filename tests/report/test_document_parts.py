"""What the approval document says where something is missing, unknown or out of the ordinary."""

from dataclasses import replace
from typing import Any

import pytest

from bot.evidence.check import Check
from bot.evidence.combined import Not
from bot.gate.blast_radius import Area, Radius
from bot.gate.deliverable import Deliverable
from bot.gate.evaluate import evaluate
from bot.gate.facts import NOT_READ, Unavailable
from bot.gate.finding import unmet
from bot.gate.holds import Hold
from bot.gate.metrics import Metric, Ratings
from bot.gate.packages import Package, PackageVersion
from bot.gate.rules import Rules
from bot.gate.signals import Signal
from bot.gate.standing import SignOff, Standing, Veto
from bot.gate.timeline import Moment, Timeline
from bot.gate.version import Bump, NextVersion, Semver
from bot.report.document import Dossier, document
from bot.report.words import ENGLISH
from tests.builders import HEAD, NOW, Says, a_check, a_file, a_role, a_snapshot, a_status, an_item, rules_of

OPEN = an_item(Says(unmet(seen="nothing", wanted="something", do="do it")))
UNKNOWN = Unavailable("GitHub refused")
SAM = SignOff(role="security", login="sam", sha=HEAD, at=NOW, url="https://github.test/c/1", note="read | it")


def written(rules: Rules | None = None, verdict: dict[str, Any] | None = None, **facts: Any) -> str:
    """The document of these rules and facts, some of the verdict replaced."""
    rules, snapshot = rules or rules_of(OPEN), a_snapshot(**facts)
    decided = replace(evaluate(rules, snapshot), **(verdict or {}))
    return document(Dossier(rules=rules, snapshot=snapshot, verdict=decided), ENGLISH)


VERSION = NextVersion(current="0.1.0", next="0.2.0", bump=Bump.MINOR, computed=Bump.MINOR)
BREAKING = Signal(source="commit", bump=Bump.MAJOR, because="`feat!: a`")


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        pytest.param({"version": UNKNOWN}, "Not known: GitHub refused.", id="the version is not known"),
        pytest.param({"version": VERSION}, "No commit, title or label says more.", id="no signal speaks"),
        pytest.param(
            {"version": replace(VERSION, signals=(BREAKING,))},
            "Before 1.0.0 `major` counts as `minor`.",
            id="zero counts less",
        ),
        pytest.param(
            {"version": replace(VERSION, signals=(replace(BREAKING, source="moon"),))},
            "| moon | `major` | `feat!: a` |",
            id="a source of tomorrow",
        ),
        pytest.param(
            {"version": replace(VERSION, signals=(BREAKING,), problems=(unmet(seen="too low", wanted="x", do="y"),))},
            "- ❌ too low",
            id="a version that is inconsistent",
        ),
        pytest.param({"blockers": ()}, "Nothing blocks.", id="nothing blocks"),
        pytest.param(
            {"holds": (Hold(login="ann", at=NOW, until=None, because="not today", url="https://github.test/c/1"),)},
            "- [held by `ann`](https://github.test/c/1): `not today`",
            id="a hold",
        ),
        pytest.param(
            {"holds": (Hold(login="ann", at=NOW, until=None, because=""),)},
            "- held by `ann`",
            id="a hold without a word",
        ),
        pytest.param({"timeline": Timeline()}, "The clock holds nothing up.", id="nothing waits"),
        pytest.param(
            {"timeline": Timeline(earliest=NOW)},
            "Earliest release: **2025-10-06 12:00 UTC**.",
            id="only time is missing",
        ),
        pytest.param(
            {"timeline": Timeline(earliest=NOW, waits_for=("CI", "roles"))},
            "Not before **2025-10-06 12:00 UTC**; it also waits for CI and roles.",
            id="time and others",
        ),
        pytest.param(
            {"timeline": Timeline(waits_for=("time",), moments=(Moment(at=NOW, what="a hold ends"),))},
            "| 2025-10-06 12:00 | a hold ends |",
            id="what the clock changes",
        ),
        pytest.param({"is_shadow": True}, "Shadow mode: nothing is blocked.", id="shadow mode"),
        pytest.param({"rules_file": ""}, "- **Rules**: not known on `main`", id="no file is known"),
    ],
)
def test_what_was_decided(verdict, line):
    assert line.replace("2025-10-06 12:00", f"{NOW:%Y-%m-%d %H:%M}") in written(verdict=verdict).splitlines()


SHOP = Package(id="shop", paths=("shop/**",))


@pytest.mark.parametrize(
    ("packages", "line"),
    [
        pytest.param(
            (PackageVersion(package=SHOP, version=replace(VERSION, signals=(BREAKING,))),),
            "| **shop** | `0.1.0` | `0.2.0` (`minor`) | `feat!: a` |",
            id="a package that is touched",
        ),
        pytest.param(
            (PackageVersion(package=SHOP, version=UNKNOWN),),
            "| **shop** | – | not known | GitHub refused |",
            id="one whose version is not known",
        ),
        pytest.param(UNKNOWN, "### Packages", id="nobody knows which are touched"),
    ],
)
def test_packages(packages, line):
    assert line in written(verdict={"packages": packages}).splitlines()


SECURITY = a_role()
LINK = "[comment](https://github.test/c/1)"
WHEN = f"{NOW:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("standing", "row"),
    [
        pytest.param(
            Standing(role=SECURITY, signed=(SAM,)),
            f"| **security** | ✅ signed `{HEAD[:7]}` | `sam` | {WHEN} | read &#124; it | {LINK} |",
            id="signed",
        ),
        pytest.param(
            Standing(role=SECURITY, vetoes=(Veto(role="security", login="sam", at=NOW, because="a leak"),)),
            f"| **security** | 🛑 refused | `sam` | {WHEN} | a leak | – |",
            id="refused, and the comment is gone",
        ),
        pytest.param(
            Standing(role=SECURITY, dropped=(replace(SAM, dropped="a push"),)),
            f"| **security** | ❌ dropped | `sam` | {WHEN} | a push | [comment](https://github.test/c/1) |",
            id="dropped",
        ),
        pytest.param(
            Standing(role=SECURITY, is_due=False), "| **security** | not asked for | – | – | – | – |", id="not due"
        ),
        pytest.param(
            Standing(role=SECURITY, unknown="GitHub refused"),
            "| **security** | ⬜ missing | – | – | GitHub refused | – |",
            id="nobody knows",
        ),
        pytest.param(None, "| **security** | not asked for | – | – | – | – |", id="not there"),
    ],
)
def test_the_rows_of_a_role(standing, row):
    text = written(rules_of(SECURITY, OPEN), {"standings": (standing,) if standing else ()})
    assert row in text.splitlines()


def test_who_signs_for_two_roles_is_named():
    roles = (a_role("security"), a_role("devops"))
    standings = tuple(Standing(role=role, signed=(SAM,)) for role in roles)
    text = written(rules_of(*roles, OPEN), {"standings": standings})
    assert "- `sam` signed for several roles: security, devops." in text.splitlines()


def test_who_holds_several_roles_is_named_before_anybody_signs():
    roles = (
        a_role("security", users=frozenset({"ann", "bob"})),
        a_role("devops", users=frozenset({"Ann"})),
        a_role("owner", users=frozenset({"cy"})),
    )
    assert "- **`ann` holds 2 of 3 roles**: security, devops." in written(rules_of(*roles, OPEN), {}).splitlines()


GUIDE = Deliverable(id="guide", title="A guide", path="GUIDE.md")


@pytest.mark.parametrize(
    ("file", "state"),
    [
        pytest.param(a_file("GUIDE.md"), "✅ there", id="there"),
        pytest.param(a_file("GUIDE.md", "", 0), "❌ empty", id="empty"),
        pytest.param(None, "❌ missing", id="missing"),
        pytest.param(UNKNOWN, "❓ not known: GitHub refused", id="not known"),
        pytest.param(NOT_READ, "❓ not known: it was not read", id="not read"),
    ],
)
def test_a_deliverable_that_is_a_file(file, state):
    text = written(rules_of(OPEN, deliverables={"guide": GUIDE}), files={"GUIDE.md": file})
    link = f"[`GUIDE.md`](https://github.test/acme/web/blob/{HEAD}/GUIDE.md)"
    assert f"| A guide | {link} | {state} |" in text.splitlines()


def test_a_deliverable_that_is_an_item():
    by_item = {id: Deliverable(id=id, title=id, item=id) for id in ("DOC-001", "GONE-1")}
    lines = written(rules_of(OPEN, deliverables=by_item)).splitlines()
    assert "| DOC-001 | **DOC-001** | ❌ open: nothing |" in lines
    assert "| GONE-1 | **GONE-1** | not known |" in lines


@pytest.mark.parametrize(
    ("base", "head", "row"),
    [
        pytest.param(a_file("VERSION", "1.0.0"), a_file("VERSION", "2.0.0"), "`1.0.0` | `2.0.0`", id="both"),
        pytest.param(None, a_file("VERSION", "2.0.0"), "none | `2.0.0`", id="a new file"),
        pytest.param(UNKNOWN, a_file("VERSION", "words"), "not known | none", id="no version in it"),
    ],
)
def test_a_version_file(base, head, row):
    rules = rules_of(OPEN, semver=Semver(files=("VERSION",)))
    text = written(rules, base_files={"VERSION": base}, files={"VERSION": head})
    assert f"| `VERSION` | {row} |" in text.splitlines()


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param({"checks": UNKNOWN}, "Not known: GitHub refused.", id="checks are not known"),
        pytest.param({}, "| not configured | – | – | – |", id="no checks"),
        pytest.param(
            {"checks": (a_check("scan", app="scanner", workflow=None),)}, "### `scanner`: 1 job", id="by another App"
        ),
        pytest.param(
            {"checks": (a_check("scan", app="scanner", workflow=UNKNOWN),)},
            "### `scanner`: 1 job",
            id="of a workflow that is not known",
        ),
        pytest.param(
            {"statuses": (a_status(says="87 %"),)},
            "| [`coverage`](https://ci.test) | `success` | 87 % | ",
            id="a commit status",
        ),
        pytest.param({"statuses": UNKNOWN, "checks": ()}, "## CI pipeline", id="statuses are not known"),
    ],
)
def test_the_pipeline(facts, line):
    assert any(found.startswith(line) for found in written(**facts).splitlines())


def test_a_check_that_must_not_pass_is_a_job_too():
    rules = rules_of(an_item(Not(of=Check(name="freeze", workflow="ci.yml"))))
    assert "| `freeze` | ⬜ needs a run | – | – |" in written(rules).splitlines()


AREA = Area(id="auth", paths=("auth/**",), radius=Radius.HIGH)


def test_what_is_touched_may_not_be_known():
    text = written(rules_of(OPEN, areas=(AREA,)), changes=UNKNOWN)
    assert "| **auth** | HIGH | not known: GitHub refused | nothing | – | – |" in text.splitlines()


def test_a_figure_may_not_be_known_and_others_not_be_asked_for():
    lines = written(rules_of(OPEN, metrics={Metric.COMMITS: Ratings(steps=())}), commits=UNKNOWN).splitlines()
    assert "| commits | not known: GitHub refused | – |" in lines
    assert "| files changed | not configured | – |" in lines


def test_contacts_documents_and_links():
    rules = rules_of(
        a_role(),
        OPEN,
        contacts={"security": "sec@acme.test", "legal": "ask @ann"},
        links={"staging": "https://staging.test"},
        references={"books": ("RUN.md",)},
    )
    lines = written(rules).splitlines()
    assert "| **on-call** | – | not configured |" in lines
    assert "| **legal** | – | ask @ann |" in lines
    assert any(line.startswith("| **security** | ") and line.endswith("| <sec@acme.test> |") for line in lines)
    assert "| staging | <https://staging.test> |" in lines
    assert f"| books | [`RUN.md`](https://github.test/acme/web/blob/{HEAD}/RUN.md) |" in lines
    assert "| repository | [`acme/web`](https://github.test/acme/web) |" in lines


@pytest.mark.parametrize(
    ("version", "file"),
    [
        pytest.param(VERSION, "NOTES_0.2.0.md", id="known"),
        pytest.param(UNKNOWN, "NOTES_{version}.md", id="unknown"),
    ],
)
def test_documents_may_name_the_next_version(version, file):
    rules = rules_of(OPEN, references={"books": ("NOTES_{version}.md",)})
    row = f"| books | [`{file}`](https://github.test/acme/web/blob/{HEAD}/{file}) |"
    assert row in written(rules, {"version": version}).splitlines()


def test_what_is_not_on_github_has_no_links_of_its_own():
    assert "| repository |" not in written(url="", number=0)
