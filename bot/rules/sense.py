"""Tells what is wrong with evidence beyond its single options: a table of looks by kind."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.gate.checklist import Tier
from bot.gate.markup import code, listed
from bot.gate.workflows import ACTIONS
from bot.rules.spot import Spot, Wait, suggestion

Options: TypeAlias = Mapping[str, Any]
"""Those that the file gives, by name; None for one that can't be read."""
Look: TypeAlias = Callable[[Options, Spot], None]

_JOINTS = frozenset({"all", "any", "not"})
TIMELESS = frozenset({"label", "paths", "file", "changelog", "version", "task_list"})
"""Kinds for which GitHub does not say since when they are met."""


AFFIRMED: Mapping[str, str] = {
    "attestation": "an attestation",
    "elapsed": "time since something",
    "review": "a review",
    "sign_off": "a sign-off",
    "task_list": "a task list",
}
"""Kinds that may not stand under `not`, as a fault calls them."""
HOLLOW = frozenset({"label", "measure", "paths"})
"""Kinds that ask nothing without options, although none of these is required."""


def look_at(kind: str, options: Options, spot: Spot) -> None:
    """Tells every fault and warning of one piece of evidence."""
    for look in LOOKS.get(kind, ()):
        look(options, spot)
    if spot.context.is_negated and kind in AFFIRMED:
        said = f"{AFFIRMED[kind]} can't stand under `not`: taking it back would then open the gate; take it out"
        spot.fault(said, at_key=True)


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
    source, foreign = (
        ("check", ("creator",)) if "check" in options else ("status", ("app", "workflow", "events", "conclusions"))
    )
    for key in foreign:
        if key in options:
            spot.fault(f"`{key}` says nothing about a {source}; remove it", at_key=True)


def _has_bounds(options: Options, spot: Spot) -> None:
    low, high = options.get("min"), options.get("max")
    if "min" not in options and "max" not in options:
        spot.fault(f"{spot.name} has no bound; add `min: …` or `max: …`", at_key=True)
    elif low is not None and high is not None and low > high:
        spot.fault(f"no number is at least {low:g} and at most {high:g}; swap `min` and `max`", at_key=True)


def _is_of_actions(options: Options, spot: Spot) -> None:
    """GitHub tells the workflow and the event of its own runs only."""
    app = options.get("app") or ACTIONS
    for key in ("workflow", "events"):
        if key in options and app != ACTIONS and "status" not in options:
            spot.fault(
                f"`{key}` says nothing about a check by {code(app, limit=40)}; remove one of the two", at_key=True
            )


def _can_be_labelled(options: Options, spot: Spot) -> None:
    named = {key: {label.lower() for label in options.get(key) or ()} for key in ("any", "all", "none")}
    for key in ("any", "all"):
        both = named[key] & named["none"]
        if both and (key == "all" or both == named[key]):
            said = f"{listed([code(label, limit=40) for label in sorted(both)])} can't be there and not be there"
            spot.fault(f"{said}; take it out of `{key}` or `none`", at_key=True)


def _can_be_changed(options: Options, spot: Spot) -> None:
    changed, unchanged = set(options.get("changed") or ()), set(options.get("unchanged") or ())
    if changed and changed <= unchanged:
        said = f"{listed([code(glob, limit=40) for glob in sorted(changed)])} can't be changed and unchanged"
        spot.fault(f"{said}; take it out of one of the two", at_key=True)


def _knows_its_files(options: Options, spot: Spot) -> None:
    if "files" not in options and "package" not in options and not spot.context.has_version_files:
        do = "name it under `semver: {files: [pyproject.toml]}`, or switch the item `off`"
        spot.fault(f"no file carries the version; {do}", at_key=True)


def _is_not_alone(_options: Options, spot: Spot) -> None:
    if spot.context.tier == Tier.CRITICAL and spot.context.is_alone:
        said = "whoever may edit the description can tick a box; a critical item needs other evidence beside it: `all:`"
        spot.fault(said, at_key=True)


def _counts_from_something(options: Options, spot: Spot) -> None:
    since, context = options.get("since"), spot.context
    if since is None:
        return
    if since == "elapsed":
        spot.fault("`elapsed` can't count from `elapsed`; count from other evidence", at_key=True)
    elif since in context.beside and since not in _JOINTS:
        if since in TIMELESS:
            said = f"GitHub does not say since when `{since}` is met; count from a check, a deployment or a sign-off"
            spot.fault(said, at_key=True)
    elif since in context.items:
        context.waits.append(Wait(item=context.item, since=since, spot=spot))
    else:
        known = [*(kind for kind in context.beside if kind not in {"elapsed", *_JOINTS}), *context.items]
        hint = suggestion(since, known, "here are")
        spot.fault(f"{code(since, limit=40)} is neither evidence beside it nor an item; {hint}", at_key=True)


LOOKS: Mapping[str, tuple[Look, ...]] = {
    "check": (_names_its_workflow, _is_of_actions),
    "elapsed": (_counts_from_something,),
    "label": (_can_be_labelled,),
    "measure": (_names_its_workflow, _names_its_creator, _measures_one_thing, _has_bounds, _is_of_actions),
    "paths": (_can_be_changed,),
    "status": (_names_its_creator,),
    "task_list": (_is_not_alone,),
    "version": (_knows_its_files,),
}
