"""Rules where there were none → one check run: on the base that has them, or on the pull request that brings them."""

from collections.abc import Iterator
from typing import Final

from bot.gate.check_name import FIXED, name_of
from bot.gate.checklist import Tier
from bot.gate.markup import code, listed, some
from bot.gate.rules import BrokenRules, Mode, Rules
from bot.report.annotations import annotated, mark
from bot.report.markdown import joined
from bot.report.proposed import fault_table
from bot.report.text import Report
from bot.report.title import counted


def introduction(rules: Rules | BrokenRules, base: str) -> Report:
    """Neutral, for nothing was judged: <https://docs.github.com/en/rest/checks/runs#create-a-check-run>."""
    name = name_of(base, is_fixed=rules.is_fixed)
    if isinstance(rules, BrokenRules):
        return _faulty(name, rules, "These rules can't be applied: every pull request into the branch is blocked")
    how = (
        f"Pull requests into {code(base)} are judged by {code(rules.file)} from now on. To make that count, require "
        f"the check {code(name)}, with this App as its source, in the branch's rules. GitHub offers it there because "
        "of this run."
    )
    return Report(
        name=name,
        status="completed",
        conclusion="neutral",
        title="Rules found: this check can be required now",
        summary=how,
        comment="",
        starts_comment=False,
    )


def first_rules(rules: Rules | BrokenRules, base: str) -> Report:
    """About rules that a pull request brings to a base without any: never green, for nothing judges it yet.

    The name is the base's, also where these rules would give one name to all bases: that name may be another's.
    """
    name = name_of(base)
    if isinstance(rules, BrokenRules):
        return _faulty(name, rules, f"Merged like this, {code(rules.file)} blocks every pull request into {code(base)}")
    notes = annotated(rules.file, rules.warnings)
    lead = (
        f"{code(base)} has no rules yet, so nothing is asked of this pull request. Once it is merged, "
        f"{code(rules.file)} decides about the others into {code(base)}:"
    )
    warned = ["Worth a look:", fault_table(rules.warnings)] if rules.warnings else []
    return Report(
        name=name,
        status="completed",
        conclusion="neutral",
        title=FIRST_RULES,
        summary=joined([lead, "\n".join(f"- {line}" for line in _asks(rules)), *warned]) + mark(notes),
        annotations=notes,
        comment="",
        starts_comment=False,
    )


FIRST_RULES: Final = "Proposes the first rules: valid"
"""The title that tells a neutral run of this kind from one in shadow mode."""


def _asks(rules: Rules) -> Iterator[str]:
    by_tier = [(tier, [item.id for item in rules.checklist if item.tier is tier]) for tier in Tier]
    yield from (f"{counted(len(ids), f'{tier} item')}: {some(ids, shown=_MOST_IDS)}" for tier, ids in by_tier if ids)
    if not rules.checklist:
        yield "no items"
    signing = [role.id for role in rules.signing_roles()]
    yield f"signed off by {some(signing, shown=_MOST_IDS)}" if signing else "no sign-offs"
    if narrowed := [code(name) for name in _CONDITIONS if getattr(rules.when, name)]:
        yield f"releases only, as `release: when` tells them by {listed(narrowed)}; other pull requests pass"
    else:
        yield "every pull request is a release, for there is no `release: when`"
    if rules.mode is Mode.SHADOW:
        yield "`mode: shadow`: everything is judged and shown, nothing is blocked"
    if rules.is_fixed:
        yield f"`check: {{fixed: true}}`: the check is called {code(FIXED)} for all bases"


_CONDITIONS = ("base", "head", "labels", "title", "paths", "any")
_MOST_IDS = 30


def _faulty(name: str, rules: BrokenRules, lead: str) -> Report:
    notes = annotated(rules.file, rules.faults)
    return Report(
        name=name,
        status="completed",
        conclusion="failure",
        title=f"Rules can't be read: {counted(len(rules.faults), 'fault')}",
        summary=joined([f"{lead} until they are mended.", fault_table(rules.faults)]) + mark(notes),
        annotations=notes,
        comment="",
        starts_comment=False,
    )
