"""A workflow file into the check runs that its jobs make on a pull request, or into why they can't be told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, assert_never

import re2

from bot.gate.patterns import BadPatternError, regex
from bot.rules.document import Broken, Listing, Node, Scalar, Table, read
from bot.rules.faults import Faults

MOST_CHECKS = 12
"""Of one job; more are better asked for by their workflow."""

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#on
_EVENTS = ("pull_request", "pull_request_target")
_ACTIVITIES = frozenset({"opened", "synchronize"})
_MATRIX = regex(r"\$\{\{\s*matrix\.([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}")
_UNREAD = "${{ an alias, which only GitHub follows }}"
_FILTER = regex(r"\*\*|[*?+]|\[[^\]]+\]|\\[*?+\[\]!]|.")
_WILDCARDS = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
_LIMIT = 100  # characters of a name, as GitHub shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job and the names that its check runs have."""

    id: str
    checks: tuple[str, ...]
    """Empty when they can't be told."""
    is_conditional: bool
    """It may be skipped, and a skipped check shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow file."""

    file: str
    """Its name below `.github/workflows`."""
    name: str
    jobs: tuple[Job, ...] = ()
    unusable: str = ""
    """Why it proves nothing about a pull request; empty when it does."""


def workflow(file: str, text: str, *, base: str) -> Workflow:
    """What the file does for pull requests into a branch; never raises."""
    content = _plain(read(text, Faults()))
    if not isinstance(content, Mapping) or not isinstance(content.get("jobs"), Mapping):
        return Workflow(file=file, name=file, unusable="it can't be read")
    name = content.get("name")
    return Workflow(
        file=file,
        name=name if isinstance(name, str) else file,
        jobs=_jobs({id: job for id, job in content["jobs"].items() if isinstance(job, Mapping)}),
        unusable=_why_unusable(content.get("on"), base),
    )


def _why_unusable(events: Any, base: str) -> str:  # noqa: ANN401 - what YAML can hold
    if isinstance(events, str):
        events = [events]
    if not isinstance(events, Mapping | list):
        return "it says nothing about when it runs"
    event = next((event for event in _EVENTS if event in events), None)
    if event is None:
        return "it does not run for pull requests"
    filters = events[event] if isinstance(events, Mapping) else None
    return _why_filtered(filters, base) if isinstance(filters, Mapping) else ""


def _why_filtered(filters: Mapping[str, Any], base: str) -> str:
    # With `paths-ignore` it stays away only when nothing else changes, which no release does.
    if "paths" in filters:
        return "it runs only when certain paths change"
    if "types" in filters and not set(_texts(filters["types"])) >= _ACTIVITIES:
        return "it does not run whenever a pull request is opened or pushed to"
    wanted, unwanted = filters.get("branches"), filters.get("branches-ignore")
    try:
        is_for_base = wanted is None or _fits(_texts(wanted), base)
        is_ignored = unwanted is not None and _fits(_texts(unwanted), base)
    except BadPatternError:
        return "its branches can't be read"
    return f"it does not run for pull requests into {base}" if is_ignored or not is_for_base else ""


def _fits(patterns: Iterable[str], branch: str) -> bool:
    """Whether the last pattern that matches takes the branch in. Raises `BadPatternError`.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    """
    is_in = False
    for pattern in patterns:
        if _filter(pattern.removeprefix("!")).fullmatch(branch):
            is_in = not pattern.startswith("!")
    return is_in


def _filter(pattern: str) -> Any:  # noqa: ANN401 - google-re2 has no types
    """`?` and `+` count what stands before them, and brackets hold characters, as in a regex."""
    parts = _FILTER.findall(pattern)
    return regex("".join(_WILDCARDS.get(part) or (part if part[0] in "[\\" else re2.escape(part)) for part in parts))


def _jobs(jobs: Mapping[str, Mapping[str, Any]]) -> tuple[Job, ...]:
    """A job that needs one that may be skipped is skipped with it."""
    may_be_skipped = {id for id, job in jobs.items() if "if" in job}
    for _ in jobs:  # no chain is longer
        may_be_skipped |= {id for id, job in jobs.items() if may_be_skipped & set(_texts(job.get("needs", [])))}
    return tuple(_job(id, job, is_conditional=id in may_be_skipped) for id, job in jobs.items())


def _job(id: str, job: Mapping[str, Any], *, is_conditional: bool) -> Job:
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else strategy
    name = job.get("name")
    checks = () if "uses" in job else _names(_text(name) if name is not None else id, matrix)
    return Job(id=id, checks=checks, is_conditional=is_conditional)


def _names(name: str, matrix: Any) -> tuple[str, ...]:  # noqa: ANN401
    """As GitHub shows them: the values stand behind a name without an expression, in brackets."""
    if matrix is None:
        return () if "${{" in name else (name[:_LIMIT],)
    cells = _cells(matrix)
    if cells is None:
        return ()
    names = [_named(name, cell) for cell in cells]
    is_known = names and len(names) <= MOST_CHECKS and all("${{" not in name and len(name) <= _LIMIT for name in names)
    return tuple(dict.fromkeys(names)) if is_known else ()


def _named(name: str, cell: Mapping[str, str]) -> str:
    if "${{" not in name:
        return f"{name} ({', '.join(cell.values())})"
    for key in _MATRIX.findall(name):
        if key in cell:
            name = regex(rf"\$\{{\{{\s*matrix\.{key}\s*\}}\}}").sub(lambda _, value=cell[key]: value, name)
    return name


def _cells(matrix: Any) -> list[dict[str, str]] | None:  # noqa: ANN401
    """The matrix' combinations; None when an expression or something nested makes them."""
    if not isinstance(matrix, Mapping):
        return None
    axes = {key: values for key, values in matrix.items() if key not in {"include", "exclude"}}
    lists = [matrix.get("include", []), matrix.get("exclude", [])]
    if not all(isinstance(values, list) and _flat(values) for values in axes.values()):
        return None
    if not all(
        isinstance(rows, list) and all(isinstance(row, Mapping) and _flat(row.values()) for row in rows)
        for rows in lists
    ):
        return None
    included, excluded = ([{key: _text(value) for key, value in row.items()} for row in rows] for rows in lists)
    whole = [dict(zip(axes, map(_text, values), strict=True)) for values in product(*axes.values())] if axes else []
    kept = [cell for cell in whole if not any(row.items() <= cell.items() for row in excluded)]
    return _with(included, kept, frozenset(axes))


def _with(
    included: Sequence[Mapping[str, str]], cells: list[dict[str, str]], axes: frozenset[str]
) -> list[dict[str, str]]:
    """An included row adds to every combination that it does not contradict, else it is one of its own."""
    alone = []
    for row in included:
        shared = {key: value for key, value in row.items() if key in axes}
        fitting = [cell for cell in cells if shared.items() <= cell.items()]
        for cell in fitting:
            cell.update(row)
        if not fitting:
            alone.append(dict(row))
    return [*cells, *alone]


def _flat(values: Any) -> bool:  # noqa: ANN401
    return all(isinstance(value, str | int | float | bool) and "${{" not in _text(value) for value in values)


def _text(value: object) -> str:
    """As GitHub's expressions write it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401
    yield from (map(str, value) if isinstance(value, list) else [str(value)])


def _plain(node: Node | None) -> Any:  # noqa: ANN401
    match node:
        case Table(entries=entries):
            return {key: _plain(entry.node) for key, entry in entries.items()}
        case Listing(items=items):
            return [_plain(item) for item in items]
        case Scalar(value=value):
            return value
        case Broken():
            return _UNREAD
        case None:
            return None
        case never:
            assert_never(never)
