"""A verdict into what is kept of it as JSON: what was decided and why, for whoever asks, even without this program."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.gate.checklist import JudgedItem
from bot.gate.facts import Fact, Unavailable
from bot.gate.standing import Standing
from bot.gate.verdict import Blocker, Verdict
from bot.gate.version import NextVersion
from bot.record.codec import canonical, digest
from bot.report.title import title
from bot.report.words import ENGLISH

Json = Mapping[str, Any]

_SHOWN = 300
"""Characters of a value in a line."""

_MOVES: Mapping[str, tuple[str, ...] | None] = {
    "outcome": None,
    "commit": None,
    "base": None,
    "is_draft": None,
    "is_shadow": None,
    "version": ("current", "next", "bump"),
    "packages": ("package", "next", "bump"),
    "items": ("id", "state", "is_blocking"),
    "blockers": ("id", "state"),
    "sign_offs": ("role", "is_due", "missing", "signed", "refused_by"),
    "holds": ("login", "until"),
    "risk": None,
}
"""What makes it another decision: of lists and versions these, of the rest all. Not how long something has lasted."""


def account(verdict: Verdict) -> Json:
    """The outcome and every reason. What depends on no clock is the same whenever the same is decided."""
    ahead = verdict.outlook
    return {
        "outcome": verdict.outcome.value,
        "title": title(verdict, ENGLISH),
        "readiness": verdict.readiness,
        "commit": verdict.group_sha or verdict.head_sha,
        "base": verdict.base_ref,
        "is_draft": verdict.is_draft,
        "is_shadow": verdict.is_shadow,
        "version": _version(verdict.version),
        "packages": _packages(verdict),
        "blockers": [_blocker(one) for one in verdict.blockers],
        "items": [_item(one) for one in verdict.items],
        "sign_offs": [_sign_off(one) for one in verdict.standings],
        "holds": [{"login": one.login, "because": one.because, "until": _at(one.until)} for one in verdict.holds],
        "refused": [
            {"login": one.command.comment.author, "line": one.command.text, "because": one.because}
            for one in verdict.refusals
        ],
        "risk": ahead.overall.level.value if ahead and ahead.overall else None,
        "faults": [{"line": one.line, "column": one.column, "message": one.message} for one in verdict.faults],
        "again_at": _at(verdict.again_at),
    }


def gist(told: Json, rules: str) -> str:
    """A digest of the account that differs when a reader would call it another decision; `rules` is their digest."""
    return digest({"rules": rules, **{name: _part(told[name], parts) for name, parts in _MOVES.items()}})


def _part(told: Any, parts: tuple[str, ...] | None) -> Any:  # noqa: ANN401  JSON
    if isinstance(told, list):
        return [_part(one, parts) for one in told]
    if parts is None or not isinstance(told, Mapping):
        return told
    return {name: told.get(name) for name in parts}


def differences(before: Json, now: Json) -> tuple[str, ...]:
    """What two accounts don't have in common, a line for each: where, what it was and what it is."""
    return tuple(
        f"{name}: {_short(was)} → {_short(became)}"
        for name in dict.fromkeys((*before, *now))
        for was, became in _unlike(before.get(name), now.get(name))
    )


def _unlike(was: Any, now: Any) -> tuple[tuple[Any, Any], ...]:  # noqa: ANN401  JSON
    """The two values, or of two lists of the same length the entries that differ."""
    if was == now:
        return ()
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return tuple((one, other) for one, other in zip(was, now, strict=True) if one != other)
    return ((was, now),)


def _short(value: Any) -> str:  # noqa: ANN401  JSON
    text = canonical(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _version(version: Fact[NextVersion]) -> Json:
    if isinstance(version, Unavailable):
        return {"unknown": version.because}
    return {
        "current": version.current,
        "next": version.next,
        "bump": version.bump.value,
        "because": [*(one.because for one in version.declared), *(one.because for one in version.signals)],
    }


def _packages(verdict: Verdict) -> list[Json]:
    known = () if isinstance(verdict.packages, Unavailable) else verdict.packages
    return [{"package": one.package.id, **_version(one.version)} for one in known]


def _blocker(blocker: Blocker) -> Json:
    found = blocker.finding
    told = {"seen": found.seen, "wanted": found.wanted, "do": found.do}
    return {"id": blocker.id, "title": blocker.title, "state": found.state.value, **told}


def _item(judged: JudgedItem) -> Json:
    item, found = judged.item, judged.finding
    named = {"id": item.id, "title": item.title, "tier": item.tier.value, "is_blocking": judged.is_blocking}
    return {**named, "state": found.state.value, "seen": found.seen, "link": found.link, "since": _at(found.at)}


def _sign_off(standing: Standing) -> Json:
    return {
        "role": standing.role.id,
        "is_due": standing.is_due,
        "missing": standing.missing,
        "signed": [{"login": one.login, "commit": one.sha, "at": _at(one.at)} for one in standing.signed],
        "refused_by": [{"login": one.login, "because": one.because} for one in standing.vetoes],
    }


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
