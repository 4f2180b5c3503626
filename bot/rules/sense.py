"""Tells what is wrong with evidence whose options can all be read: a table of looks by kind."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.gate.checklist import Tier
from bot.gate.markup import code
from bot.gate.workflows import ACTIONS
from bot.rules.spot import Spot, Wait, suggestion

Options: TypeAlias = Mapping[str, Any]
"""Those that the file gives, by name."""
Look: TypeAlias = Callable[[Options, Spot], None]

# https://docs.github.com/en/rest/checks/runs#create-a-check-run and what GitHub concludes by itself
_CONCLUSIONS = frozenset(
    {
        "action_required",
        "cancelled",
        "failure",
        "neutral",
        "skipped",
        "stale",
        "startup_failure",
        "success",
        "timed_out",
    }
)
_JOINTS = frozenset({"all", "any", "not"})
_TIMELESS = frozenset({"label", "paths", "file", "changelog", "version", "task_list"})
"""Kinds for which GitHub does not say since when they are met."""


HOLLOW = frozenset({"label", "measure", "paths"})
"""Kinds that ask nothing without options, although none of these is required."""


def look_at(kind: str, options: Options, spot: Spot) -> None:
    """Tells every fault and warning of one piece of evidence."""
    for look in LOOKS.get(kind, ()):
        look(options, spot)


def _names_its_workflow(options: Options, spot: Spot) -> None:
    name = options.get("name", options.get("check"))
    by_actions = options.get("app", ACTIONS) == ACTIONS
    if name and by_actions and "workflow" not in options and spot.context.tier == Tier.CRITICAL:
        said = f"any job can take the name {code(name, limit=40)}; name the file that runs it: `workflow: ci.yml`"
        spot.fault(said, at_key=True)


def _names_its_creator(options: Options, spot: Spot) -> None:
    context = options.get("context", options.get("status"))
    if context and "creator" not in options:
        said = (
            f"anyone with write access can set the status {code(context, limit=40)}; say who has to: `creator: LOGIN`"
        )
        spot.warn(said, at_key=True)


def _measures_one_thing(options: Options, spot: Spot) -> None:
    if ("check" in options) == ("status" in options):
        spot.fault(f"{spot.name} needs one of `check` and `status`; say where the number stands", at_key=True)
        return
    source, foreign = ("check", ("creator",)) if "check" in options else ("status", ("app", "workflow", "events"))
    for key in foreign:
        if key in options:
            spot.fault(f"`{key}` says nothing about a {source}; remove it", at_key=True)


def _has_bounds(options: Options, spot: Spot) -> None:
    low, high = options.get("min"), options.get("max")
    if low is None and high is None:
        spot.fault(f"{spot.name} has no bound; add `min: …` or `max: …`", at_key=True)
    elif low is not None and high is not None and low > high:
        spot.fault(f"no number is at least {low:g} and at most {high:g}; swap `min` and `max`", at_key=True)


def _knows_its_conclusions(options: Options, spot: Spot) -> None:
    for word in sorted(options.get("conclusions", frozenset()) - _CONCLUSIONS):
        spot.fault(
            f"GitHub has no conclusion {code(word, limit=40)}; {suggestion(word, sorted(_CONCLUSIONS))}", at_key=True
        )


def _knows_its_files(options: Options, spot: Spot) -> None:
    if "files" not in options and not spot.context.has_version_files:
        spot.fault("no file carries the version; name it under `semver: {files: [pyproject.toml]}`", at_key=True)


def _is_not_alone(_options: Options, spot: Spot) -> None:
    if spot.context.tier == Tier.CRITICAL and spot.context.is_alone:
        said = "whoever may edit the description can tick a box; a critical item needs other evidence beside it: `all:`"
        spot.fault(said, at_key=True)


def _counts_from_something(options: Options, spot: Spot) -> None:
    since, context = options["since"], spot.context
    if since == "elapsed":
        spot.fault("`elapsed` can't count from `elapsed`; count from other evidence", at_key=True)
    elif since in context.beside and since not in _JOINTS:
        if since in _TIMELESS:
            said = f"GitHub does not say since when `{since}` is met; count from a check, a deployment or a sign-off"
            spot.fault(said, at_key=True)
    elif since in context.items:
        context.waits.append(Wait(item=context.item, since=since, spot=spot))
    else:
        known = [*(kind for kind in context.beside if kind not in {"elapsed", *_JOINTS}), *context.items]
        hint = suggestion(since, known, "here are")
        spot.fault(f"{code(since, limit=40)} is neither evidence beside it nor an item; {hint}", at_key=True)


def _is_affirmed(what: str) -> Look:
    def look(_options: Options, spot: Spot) -> None:
        if spot.context.is_negated:
            said = f"{what} can't stand under `not`: taking it back would then open the gate; take it out"
            spot.fault(said, at_key=True)

    return look


LOOKS: Mapping[str, tuple[Look, ...]] = {
    "attestation": (_is_affirmed("an attestation"),),
    "check": (_names_its_workflow, _knows_its_conclusions),
    "elapsed": (_counts_from_something, _is_affirmed("time since something")),
    "measure": (_names_its_workflow, _names_its_creator, _measures_one_thing, _has_bounds),
    "review": (_is_affirmed("a review"),),
    "sign_off": (_is_affirmed("a sign-off"),),
    "status": (_names_its_creator,),
    "task_list": (_is_not_alone, _is_affirmed("a task list")),
    "version": (_knows_its_files,),
    "workflow": (_knows_its_conclusions,),
}
