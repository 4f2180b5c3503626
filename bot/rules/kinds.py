"""Reads evidence: the kinds by their dataclass fields, and `all`, `any`, `not` around them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from enum import StrEnum
from functools import cache
from keyword import iskeyword
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from bot.evidence import KINDS
from bot.evidence.combined import All, Not
from bot.evidence.combined import Any as AnyOf
from bot.gate.checklist import Evidence
from bot.gate.markup import code, listed
from bot.gate.options import (
    AppSlug,
    Conclusion,
    Event,
    FilePath,
    Login,
    PackageId,
    PathGlob,
    Regex,
    RoleId,
    TeamName,
    WorkflowFile,
)
from bot.gate.spelling import nearest
from bot.rules import github_words, values
from bot.rules.document import Scalar, Table
from bot.rules.packages import package_id
from bot.rules.sense import HOLLOW, look_at
from bot.rules.spot import Reader, Spot, many, readable, suggestion

_READERS: Mapping[object, Reader[Any]] = {
    str: values.line,
    timedelta: values.duration,
    Regex: values.pattern,
    FilePath: values.file_path,
    PackageId: package_id,
    RoleId: values.role_id,
    PathGlob: values.path_glob,
    TeamName: values.team,
    WorkflowFile: values.workflow_file,
    AppSlug: github_words.app_slug,
    Login: github_words.creator,
    Event: github_words.event,
    Conclusion: github_words.conclusion,
    bool: values.flag,
    int: values.count,
    float: values.number,
}


def evidence(spot: Spot) -> Evidence | None:
    """One piece of evidence: a mapping of one key, a kind or a combination."""
    if isinstance(spot.node, Scalar) and spot.node.text in PLAIN:
        look_at(spot.node.text, {}, spot)
        return _build(KINDS[spot.node.text], {})
    entries = dict(spot.entries())
    if len(entries) != 1:
        _tell_shape(spot, entries)
        return None
    [(key, entry)] = entries.items()
    if key in COMBINATIONS:
        return COMBINATIONS[key](entry)
    if key in KINDS:
        return _of_kind(key, entry)
    known = (*KINDS, *COMBINATIONS)
    entry.fault(f"there is no evidence kind {code(key, limit=40)}; {suggestion(key, known)}", at_key=True)
    return None


def all_of(spot: Spot) -> Evidence | None:
    """Everything in a list must hold."""
    beside = _kinds_in(spot)
    parts = many(evidence)(spot.within(beside=beside, is_alone=spot.context.is_alone and len(set(beside)) == 1))
    return All(of=tuple(parts)) if parts else None


def any_of(spot: Spot) -> Evidence | None:
    """One of a list is enough."""
    parts = many(evidence)(spot.within(beside=_kinds_in(spot)))
    return AnyOf(of=tuple(parts)) if parts else None


def not_(spot: Spot) -> Evidence | None:
    """It must not hold."""
    part = evidence(spot.within(is_negated=True))
    return Not(of=part) if part else None


def _kinds_in(spot: Spot) -> tuple[str, ...]:
    """What stands in a list of evidence."""
    nodes = [element.node for element in spot.elements()]
    words = [node.text for node in nodes if isinstance(node, Scalar)]
    return (*words, *(key for node in nodes if isinstance(node, Table) for key in node.entries))


COMBINATIONS: Mapping[str, Reader[Evidence]] = {"all": all_of, "any": any_of, "not": not_}


def _tell_shape(spot: Spot, entries: Mapping[str, Spot]) -> None:
    if entries:
        spot.fault(f"{spot.name} holds {listed([code(key, limit=40) for key in entries])}; put each under `all:`")
    elif isinstance(spot.node, Scalar) and spot.node.text in KINDS:
        first = next(iter(readers_of(KINDS[spot.node.text])))
        spot.fault(f"{spot.seen} needs options; write `{spot.node.text}: {{{first}: …}}`")
    else:
        spot.fault(f"{spot.name} is {spot.seen}; write one kind of evidence such as `file: CHANGELOG.md`", at_key=True)


def _of_kind(name: str, spot: Spot) -> Evidence | None:
    """The kind with its options; a single value or a list stands for its first option."""
    kind = KINDS[name]
    told = len(spot.context.faults.found)
    known = readers_of(kind)
    is_whole = isinstance(spot.node, Table)
    read = readable(spot, known, required=required(kind)) if is_whole else _first_option(kind, spot)
    is_built = len(spot.context.faults.found) == told
    if read:
        look_at(name, _misspelt(spot, known) | read, spot)
    return _build(kind, read) if read and is_built else None


def _misspelt(spot: Spot, known: Collection[str]) -> dict[str, Any]:
    """The options that were meant and can't be read: what has to be there is not missed as well."""
    meant = (nearest(key, known) for key, _ in spot.entries() if key not in known)
    return dict.fromkeys((key for key in meant if key), None)


def _first_option(kind: type[Evidence], spot: Spot) -> dict[str, Any]:
    """What a single value says, where it can stand for all the options that have to be there; else nothing."""
    first, reader = next(iter(readers_of(kind).items()))
    if missing := [option for option in required(kind) if option != first]:
        example = ", ".join(f"{option}: …" for option in (first, *missing))
        spot.fault(f"{spot.name} needs {listed([code(option) for option in (first, *missing)])}; write `{{{example}}}`")
        return {}
    value = reader(spot)
    return {} if value is None else {first: value}


def _build(kind: Callable[..., Evidence], options: Mapping[str, object]) -> Evidence:
    # `for` is a word of Python's, so its field has an underscore more.
    return kind(**{name + "_" * iskeyword(name): value for name, value in options.items()})


@cache
def readers_of(kind: type[Evidence]) -> Mapping[str, Reader[Any]]:
    """How each option of a kind is read, by the type of its field; raises `TypeError` for a type nobody reads."""
    return {name.rstrip("_"): _reader_of(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def required(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - any dataclass
    """The options that have no default."""
    return tuple(
        field.name.rstrip("_")
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    )


def _reader_of(hint: Any) -> Reader[Any]:  # noqa: ANN401 - types of fields
    if hint in _READERS:
        return _READERS[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return values.OneOf(hint)
    origin, arguments = get_origin(hint), [part for part in get_args(hint) if part not in {NoneType, ...}]
    if len(arguments) != 1:
        raise TypeError(f"no reader for {hint}")
    reader = _reader_of(arguments[0])
    return many(reader, origin) if origin in {tuple, frozenset} else reader


PLAIN = frozenset(name for name, kind in KINDS.items() if not required(kind)) - HOLLOW
"""Kinds that can be named without options: `evidence: version`."""
