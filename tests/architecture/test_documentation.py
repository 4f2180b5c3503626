"""The pages say what the program can do: no command or setting too few, none too many."""

import re

import pytest

from bot import metrics as numbers
from bot.builtin import sets
from bot.gate.commands import FORMS, Verb
from bot.gate.verdict import Outcome
from bot.rules import areas, attachments, checklist, freezes, metrics, packages, parsing, risks, roles, sections
from bot.settings import _WANTED, Settings
from tests.architecture.sources import modules, read


def first_column(page: str, pattern: str) -> set[str]:
    return set(re.findall(rf"^\| `({pattern})", read(page), re.MULTILINE))


def test_every_command_is_described():
    told = {verb: "/gate " if form.only_addressed else "/" for verb, form in FORMS.items()}
    assert first_column("docs/commands.md", r"/(?:gate )?[a-z-]+") == {f"{told[verb]}{verb}" for verb in Verb}


def test_every_setting_is_described():
    assert first_column("docs/configuration.md", "[A-Z_]+") == set(_WANTED)


OPTIONS = {
    "The rules file": parsing.TOP,
    "release": sections.WHEN,
    "semver": sections.SEMVER,
    "packages": packages.PACKAGE,
    "roles": roles.ROLE,
    "tiers": {**roles.TIERS, **roles.TIER},
    "areas": areas.AREA,
    "risks": {**risks.BLOCKING, **risks.RISK},
    "freezes": {**freezes.FREEZE, **freezes.EXCEPT},
    "metrics": metrics.METRICS,
    "deliverables, contacts, links, references": attachments.DELIVERABLE,
    "checklist": {**checklist.ITEM, **checklist.WHEN},
}


@pytest.mark.parametrize("heading", OPTIONS)
def test_every_option_of_the_rules_file_is_described(heading):
    section = re.split(rf"(?m)^###? {heading}$", read("docs/configuration.md"))[1]
    section = re.split(r"(?m)^###? ", section)[0]
    cells = re.findall(r"(?m)^\| (`[^|]*) \|", section)
    assert {option for cell in cells for option in re.findall(r"`(\w+)`", cell)} == set(OPTIONS[heading])


def test_every_default_is_the_true_one():
    page = read("docs/configuration.md")
    defaults = {
        field.validation_alias: field.default
        for field in Settings.model_fields.values()
        if field.default is not None and not field.is_required()
    }
    wrong = {name: default for name, default in defaults.items() if f"| `{name}` | `{default}` |" not in page}
    assert wrong == {}


def test_every_built_in_set_is_named():
    assert set(re.findall(r"\]\(\.\./config/(\w+)\.yml\)", read("docs/configuration.md"))) == set(sets())


def test_every_metric_is_described_with_the_values_of_its_label():
    described = {
        name: set(re.findall(r"`(\w+)`", text)) - {"NaN"}
        for name, text in re.findall(r"(?m)^\| `(release_gate_\w+)` \| \w+ \| (.*) \|$", read("docs/operations.md"))
    }
    for outcome in Outcome:
        numbers.count_verdict(outcome)
    families = [family for family in numbers.REGISTRY.collect() if family.name.startswith("release_gate_")]
    shown = {
        f"{family.name}_total" if family.type == "counter" else family.name: {
            text
            for sample in family.samples
            for label, value in sample.labels.items()
            if label != "le"
            for text in (label, value)
        }
        for family in families
    }
    assert described == shown


def test_the_events_that_operators_read_of_are_logged():
    code = "".join(read(path) for path in modules("bot"))
    described = {
        event
        for row in re.findall(r"(?m)^\| (`[a-z]+\.[a-z]+`.*?) \|", read("docs/operations.md"))
        for event in re.findall(r"`([a-z_.]+)`", row)
    }
    assert "delivery.accepted" in described
    assert {event for event in described if f'("{event}"' not in code} == set()
