"""Turns the tables that read a rules file into a JSON schema (draft-07) for editors."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from bot.evidence import KINDS
from bot.gate.instants import DURATION
from bot.gate.patterns import regex
from bot.rules import (
    areas,
    attachments,
    checklist,
    freezes,
    github_words,
    inheriting,
    kinds,
    metrics,
    packages,
    parsing,
    risks,
    roles,
    sections,
    values,
)
from bot.rules.merging import OFF
from bot.rules.sense import AFFIRMED
from bot.rules.spot import Many, Reader

Schema: TypeAlias = dict[str, Any]

_LINE = r"^\s*\S(?:[^\n\t]{0,198}\S)?\s*$"


def schema() -> Schema:
    """The schema of the whole file. It refuses nothing that `parse` takes; what no schema can tell is left to it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The rules file of release-gate",
        "description": "Check it before it is pushed: `release-gate lint`.",
        **_options(parsing.TOP, required=("version",)),
        "definitions": {
            **{value.__name__: {"description": _described(value), **shape} for value, shape in _VALUES.items()},
            "evidence": _evidence(),
        },
    }


def _of(reader: Reader[Any]) -> Schema:
    """What a reader takes."""
    match reader:
        case Many():
            one = _of(reader.reader)
            listed = {"type": "array", "items": one, **({} if reader.may_be_empty else {"minItems": 1})}
            return {"anyOf": [one, listed]}
        case values.OneOf():
            return {"enum": [str(choice) for choice in reader.choices]}
        case _ if reader in _VALUES:
            return _ref(reader.__name__)
        case _:
            return {"description": _described(reader), **_FRAGMENTS[reader]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _described(thing: object) -> str:
    return " ".join((thing.__doc__ or "").partition("\n\n")[0].split())


def _options(known: Mapping[str, Reader[Any]], required: Collection[str] = ()) -> Schema:
    """A mapping of options."""
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {key: _of(reader) for key, reader in known.items()},
        **({"required": list(required)} if required else {}),
    }


def _entries(known: Mapping[str, Reader[Any]]) -> Schema:
    """The entries of a section, each of which may be switched off."""
    section = _options(known)
    return section | {"properties": {key: _or_off(entry) for key, entry in section["properties"].items()}}


def _by_id(id: str, entry: Schema) -> Schema:
    """A section of entries by id."""
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": id},
        "additionalProperties": _or_off(entry),
    }


def _or_off(entry: Schema) -> Schema:
    return {"anyOf": [entry, {"const": OFF, "description": "Takes away what is inherited."}]}


def _unnamed(pattern: str) -> str:
    """The pattern in the dialect of ECMA 262, which names groups otherwise."""
    return str(regex(r"\(\?P<\w+>").sub("(?:", pattern))


def _evidence() -> Schema:
    known = {kind: _kind(kind) for kind in KINDS} | {key: _of(reader) for key, reader in kinds.COMBINATIONS.items()}
    one = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False, "properties": known}
    return {"description": "What shows that an item is met.", "anyOf": [one, {"enum": sorted(kinds.PLAIN)}]}


def _kind(name: str) -> Schema:
    """The options, or what stands for the first of them."""
    kind = KINDS[name]
    known = kinds.readers_of(kind)
    needed = kinds.required(kind)
    whole = _options(known, needed) | _MORE.get(name, {})
    first, reader = next(iter(known.items()))
    short = [_of(reader)] if set(needed) <= {first} and name not in _NEVER_SHORT else []
    return {"description": _described(kind), "anyOf": [whole, *short]}


_MORE: Mapping[str, Schema] = {
    "measure": {
        "oneOf": [
            {"required": ["check"], "properties": {"status": False, "creator": False}},
            {
                "required": ["status"],
                "properties": {"check": False, "app": False, "workflow": False, "events": False, "conclusions": False},
            },
        ],
        "anyOf": [{"required": ["min"]}, {"required": ["max"]}],
    },
    "elapsed": {"not": {"required": ["since"], "properties": {"since": {"const": "elapsed"}}}},
}
_NEVER_SHORT = frozenset({"measure"})
"""Kinds of which one option alone is never enough, although none is required."""

_PATH: Schema = {"type": "string", "pattern": _LINE, "not": {"pattern": r"^\s*/|\\|//|/\s*$|(?:^|/)\s*\.\.?\s*(?:/|$)"}}

_VALUES: Mapping[Any, Schema] = {
    values.text: {"type": "string", "pattern": r"\S", "maxLength": values.TEXT_LIMIT},
    values.line: {"type": "string", "pattern": _LINE},
    values.flag: {"type": "boolean"},
    values.count: {"type": "integer", "minimum": 1, "maximum": 100},
    values.number: {"type": "number"},
    values.duration: {"type": "string", "pattern": _unnamed(DURATION)},
    values.instant: {"type": "string", "pattern": _unnamed(values.INSTANT)},
    values.login: {"type": "string", "pattern": _unnamed(values.LOGIN)},
    values.team: {"type": "string", "pattern": _unnamed(values.TEAM)},
    values.role_id: {"type": "string", "pattern": _LINE},
    values.app: {"type": "string", "pattern": values.SLUG.removesuffix("$") + r"(?:\[bot\])?$"},
    values.item_id: {"type": "string", "pattern": _LINE},
    areas.area_id: {"type": "string", "pattern": _LINE},
    packages.package_id: {"type": "string", "pattern": _LINE},
    values.pattern: {"type": "string", "pattern": r"\S", "maxLength": values.PATTERN_LIMIT},
    values.branch_glob: {"type": "string", "pattern": _LINE},
    values.path_glob: {"type": "string", "pattern": _LINE, "not": {"pattern": r"^\s*[!#]"}},
    values.file_path: _PATH,
    values.workflow_file: {"allOf": [_PATH, {"pattern": r"\.ya?ml\s*$"}]},
    github_words.app_slug: {"type": "string", "pattern": github_words.SLUG},
    github_words.creator: {"type": "string", "pattern": _unnamed(github_words.CREATOR)},
    github_words.event: {"enum": list(github_words.EVENTS)},
    github_words.conclusion: {"enum": list(github_words.CONCLUSIONS)},
    values.tag: {"type": "string", "pattern": r"\{version\}"},
    values.version: {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$"},
}
_PLACE: Schema = {"anyOf": [{"type": "string", "pattern": _unnamed(attachments.ADDRESS)}, _PATH]}
_RATINGS: Schema = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"maxLength": metrics.WORD_LIMIT},
    "additionalProperties": {"type": "number"},
}
_EVIDENCE = _ref("evidence")
_FRAGMENTS: dict[Reader[Any], Schema] = {
    parsing.version: {"const": parsing.VERSION},
    inheriting.extends: {"type": "string"},
    kinds.evidence: _EVIDENCE,
    kinds.any_of: {"anyOf": [_EVIDENCE, {"type": "array", "items": _EVIDENCE, "minItems": 1}]},
}
# From the inside out: a section is made of what stands above it.
_FRAGMENTS[kinds.all_of] = _FRAGMENTS[kinds.any_of]
_FRAGMENTS[kinds.not_] = {
    "allOf": [_EVIDENCE],
    "not": {"anyOf": [{"enum": sorted(AFFIRMED)}, *({"required": [kind]} for kind in sorted(AFFIRMED))]},
}
_FRAGMENTS[sections.alternative] = _options(sections.CONDITIONS)
_FRAGMENTS[sections.when] = _options(sections.WHEN)
_FRAGMENTS[sections.release] = _entries(sections.RELEASE)
_FRAGMENTS[sections.fixed] = {"type": "boolean"}
_FRAGMENTS[sections.check] = _options(sections.CHECK, ("fixed",))
_FRAGMENTS[sections.bump_labels] = _options(sections.BUMP_LABELS)
_FRAGMENTS[sections.semver] = _entries(sections.SEMVER)
_FRAGMENTS[roles.stale] = {
    "anyOf": [_of(roles.STALE_WORD), _options(roles.STALE, ("paths",))],
}
_FRAGMENTS[roles.when] = _options(roles.WHEN)
_FRAGMENTS[roles.roles] = _by_id(sections.ID, _options(roles.ROLE))
_FRAGMENTS[roles.tier] = _options(roles.TIER, ("waivable_by",))
_FRAGMENTS[roles.tiers] = _entries(roles.TIERS)
_FRAGMENTS[areas.areas] = _by_id(sections.ID, _options(areas.AREA, ("paths", "radius")))
_FRAGMENTS[packages.tag] = _of(values.tag)
_FRAGMENTS[packages.packages] = _by_id(sections.ID, _options(packages.PACKAGE, ("paths",)))
_FRAGMENTS[checklist.when] = _options(checklist.WHEN)
_FRAGMENTS[checklist.checklist] = _by_id(
    checklist.ID,
    _options(checklist.ITEM, ("title", "tier")) | {"oneOf": [{"required": [key]} for key in checklist.PROOF]},
)
_FRAGMENTS[risks.risk] = _entries(risks.BLOCKING)
_FRAGMENTS[risks.risks] = _by_id(checklist.ID, _options(risks.RISK, ("title",)))
_FRAGMENTS[freezes.wall] = {"type": "string", "pattern": freezes.WALL}
_FRAGMENTS[freezes.weekly] = {"type": "string", "pattern": _unnamed(freezes.WEEKLY)}
_FRAGMENTS[freezes.cron] = {"type": "string", "pattern": r"^\s*(?:\S+\s+){4}\S+\s*$"}
_FRAGMENTS[freezes.lasts] = _of(values.duration)
_FRAGMENTS[freezes.zone] = {"type": "string", "pattern": _LINE}
_FRAGMENTS[freezes.excepted] = _options(freezes.EXCEPT)
_FRAGMENTS[freezes.freezes] = _by_id(
    sections.ID,
    _options(freezes.FREEZE, ("zone", "reason"))
    | {"oneOf": [{"required": ["until"]}, {"required": ["weekly"]}, {"required": ["cron", "for"]}]},
)
_FRAGMENTS[metrics.ratings] = _RATINGS
_FRAGMENTS[metrics.coverage] = _RATINGS | {
    "properties": {metrics.ITEM: _of(values.item_id)},
    "required": [metrics.ITEM],
    "minProperties": 2,
}
_FRAGMENTS[metrics.metrics] = _entries(metrics.METRICS)
_FRAGMENTS[attachments.place] = _PLACE
_FRAGMENTS[attachments.places] = {"anyOf": [_PLACE, {"type": "array", "items": _PLACE, "minItems": 1}]}
_FRAGMENTS[attachments.contacts] = _by_id(sections.ID, _of(values.line))
_FRAGMENTS[attachments.links] = _by_id(sections.ID, _PLACE)
_FRAGMENTS[attachments.references] = _by_id(sections.ID, _FRAGMENTS[attachments.places])
_FRAGMENTS[attachments.deliverables] = _by_id(
    sections.ID,
    _options(attachments.DELIVERABLE, ("title",)) | {"oneOf": [{"required": ["path"]}, {"required": ["item"]}]},
)
