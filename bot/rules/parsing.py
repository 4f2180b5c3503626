"""Turns the text of a rules file into rules, or into every fault that it has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.gate.patterns import regex
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Language, Mode, Rules
from bot.gate.version import Semver
from bot.rules import values
from bot.rules.areas import areas
from bot.rules.attachments import contacts, deliverables, links, references
from bot.rules.checklist import checklist
from bot.rules.coherence import look_at_the_whole
from bot.rules.document import Listing, Table
from bot.rules.faults import Faults
from bot.rules.freezes import freezes
from bot.rules.inheriting import extends, whole
from bot.rules.metrics import metrics
from bot.rules.packages import packages
from bot.rules.risks import risk, risks
from bot.rules.roles import roles, tiers
from bot.rules.sections import check, release, semver
from bot.rules.spot import Context, Reader, Spot, many, readable

VERSION = 1
"""The only version of the file's language so far."""


def parse(
    text: str | bytes,
    *,
    file: str,
    source: str,
    sets: Mapping[str, str | bytes],
    is_default: bool = True,
    is_gate: bool = True,
) -> Rules | BrokenRules:
    """The rules of one file, merged with what it extends; never raises.

    `source` names the file's blob. `sets` holds the texts of everything that may be extended by the name that
    `extends:` says: the built-in sets, and the file that `upstream` asks for. Every fault has the place in this file
    that it can be mended at: for an inherited entry the line that says `extends`. `is_default` is false for rules of
    another branch than the default one, which may not say everything. `is_gate` is false for rules that only tell
    versions: these need not ask anything of a release.
    """
    faults = Faults()
    rules = _rules(text, sets, faults, is_default=is_default, is_gate=is_gate)
    if rules is None or faults.found:
        return BrokenRules(
            source=source,
            file=file,
            faults=faults.in_order(),
            is_fixed=is_default and ((rules is not None and rules.is_fixed) or says_fixed(text)),
            warnings=faults.warnings(),
        )
    return replace(rules, source=source, file=file, warnings=faults.warnings())


def says_fixed(text: str | bytes) -> bool:
    """Whether a file that need not be readable says `check: {fixed: true}`, by its words."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return bool(_FIXED.search(raw.decode("utf-8", "replace")))


_FIXED = regex(r"(?m)^check[ \t]*:[\s{]*fixed[ \t]*:[ \t]*true\b")


def _rules(
    text: str | bytes, sets: Mapping[str, str | bytes], faults: Faults, *, is_default: bool, is_gate: bool
) -> Rules | None:
    table = whole(text, sets, faults)
    if table is None:
        return None
    context = Context(
        faults=faults,
        is_default=is_default,
        is_gate=is_gate,
        roles=_keys(table, "roles"),
        items=_keys(table, "checklist"),
        areas=_keys(table, "areas"),
        packages=_keys(table, "packages"),
        has_version_files=_has_version_files(table),
    )
    spot = Spot(node=table, context=context)
    read = readable(spot, TOP, required=("version",))
    rules = Rules(
        source="",
        when=read.get("release") or When(),
        semver=read.get("semver") or Semver(),
        mode=read.get("mode") or Mode.ENFORCE,
        language=read.get("language") or Language.EN,
        is_fixed=read.get("check") or False,
        packages=read.get("packages") or (),
        roles=read.get("roles") or {},
        areas=read.get("areas") or (),
        block_at=read.get("risk"),
        risks=read.get("risks") or {},
        freezes=read.get("freezes") or {},
        metrics=read.get("metrics") or {},
        deliverables=read.get("deliverables") or {},
        contacts=read.get("contacts") or {},
        links=read.get("links") or {},
        references=read.get("references") or {},
        workflow_changes=read.get("workflow_changes"),
        waivable_by=read.get("tiers") or {},
        checklist=read.get("checklist") or (),
    )
    look_at_the_whole(rules, spot)
    return rules


def _keys(table: Table, section: str) -> tuple[str, ...]:
    node = table.entries[section].node if section in table.entries else None
    return tuple(node.entries) if isinstance(node, Table) else ()


def version(spot: Spot) -> int | None:
    """The version of the language that the file is written in."""
    if spot.value == VERSION and not isinstance(spot.value, bool):
        return VERSION
    spot.fault(f"{spot.name} is {spot.seen}; write `version: {VERSION}`")
    return None


TOP: Mapping[str, Reader[Any]] = {
    "version": version,
    "extends": extends,
    "mode": values.OneOf(Mode),
    "language": values.OneOf(Language),
    "check": check,
    "release": release,
    "semver": semver,
    "packages": packages,
    "roles": roles,
    "areas": areas,
    "tiers": tiers,
    "risk": risk,
    "risks": risks,
    "freezes": freezes,
    "metrics": metrics,
    "deliverables": deliverables,
    "contacts": contacts,
    "links": links,
    "references": references,
    "workflow_changes": many(values.role_id),
    "checklist": checklist,
}
"""The file's options."""


def _has_version_files(table: Table) -> bool:
    semver = table.entries.get("semver")
    files = semver.node.entries.get("files") if semver and isinstance(semver.node, Table) else None
    return files is not None and not (isinstance(files.node, Listing) and not files.node.items)
