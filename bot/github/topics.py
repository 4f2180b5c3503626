"""A delivery's payload → what it is about, so that one that no rules heed can be left alone.

Whatever is not as GitHub documents it is about nothing in particular, and then it matters.
Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.gate.command_lines import may_hold_command
from bot.gate.mask import Subject, Topic, about_check_run, about_workflow_run, label
from bot.github.payload import inside

Payload = Mapping[str, Any]
Topics = tuple[Topic, ...]

TAGGED: Final[Topics] = (Topic(Subject.TAG),)
_COMMAND: Final[Topics] = (Topic(Subject.COMMAND),)
_REMARK: Final[Topics] = (Topic(Subject.REMARK),)
_EDITED: Final = {"title": Topic(Subject.TITLE), "body": Topic(Subject.DESCRIPTION)}


def of_check_run(payload: Payload) -> Topics:
    """Its name, and its App's suite."""
    name, app = inside(payload, "check_run", "name"), inside(payload, "check_run", "app", "slug")
    return about_check_run(name, app) if isinstance(name, str) and isinstance(app, str) else ()


def of_check_suite(payload: Payload) -> Topics:
    """The App; of which workflow of GitHub Actions it is no payload tells."""
    return _named(Subject.SUITE, inside(payload, "check_suite", "app", "slug"))


def of_workflow_run(payload: Payload) -> Topics:
    """The path of the workflow's file."""
    path = inside(payload, "workflow_run", "path")
    return about_workflow_run(path) if isinstance(path, str) else ()


def of_status(payload: Payload) -> Topics:
    """The context."""
    return _named(Subject.STATUS, payload.get("context"))


def of_deployment(payload: Payload) -> Topics:
    """The environment that was deployed to, and the one that the status names."""
    made = _named(Subject.ENVIRONMENT, inside(payload, "deployment", "environment"))
    named = _named(Subject.ENVIRONMENT, inside(payload, "deployment_status", "environment"))
    return (*made, *named) if made and named else ()


def of_label(payload: Payload) -> Topics:
    """The label that was added or removed."""
    name = inside(payload, "label", "name")
    return (label(name),) if isinstance(name, str) else ()


def of_edit(payload: Payload) -> Topics:
    """What of a pull request was edited; another base is about everything."""
    changes = payload.get("changes")
    known = changes if isinstance(changes, Mapping) and changes.keys() <= _EDITED.keys() else {}
    return tuple(_EDITED[key] for key in known)


def of_review(payload: Payload) -> Topics:
    """What became of it, and the commands that its text may hold."""
    told = of_remark("review", payload)
    return told if told != _REMARK else (Topic(Subject.REVIEW),)


def of_remark(under: str, payload: Payload) -> Topics:
    """Whether the comment or review may hold a command, or may have held one, or was changed by somebody else.

    Who wrote what is shown when another person edits or deletes it. Of edits only those of bots are left alone, which
    keep a comment of their own up to date.
    """
    action, body = payload.get("action"), inside(payload, under, "body")
    if action in {"edited", "deleted"} and not _is_own_edit(under, payload):
        return _COMMAND
    before = inside(payload, "changes", "body", "from") if action == "edited" else ""
    texts = [before, "" if under == "review" and body is None else body]
    is_plain = all(isinstance(text, str) and not may_hold_command(text) for text in texts)
    return _REMARK if is_plain else _COMMAND


def _is_own_edit(under: str, payload: Payload) -> bool:
    """A bot edits what it wrote."""
    author, sender = inside(payload, under, "user", "id"), inside(payload, "sender", "id")
    is_bot = inside(payload, "sender", "type") == "Bot"
    return payload.get("action") == "edited" and is_bot and isinstance(sender, int) and author == sender


def _named(subject: Subject, name: object) -> Topics:
    return (Topic(subject, name),) if isinstance(name, str) else ()
