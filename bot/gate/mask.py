"""What a delivery is about, and what rules heed: together they tell whether the delivery can matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from bot.gate.workflows import ACTIONS, path_of


class Subject(StrEnum):
    """Of what sort a thing is that a delivery tells of. The names are kept in the database."""

    CHECK_RUN = "check_run"
    """A check run, by its name."""
    SUITE = "suite"
    """The check suites of an App, by its slug."""
    WORKFLOW = "workflow"
    """The runs of a workflow, by its file's path."""
    STATUS = "status"
    """A commit status, by its context."""
    ENVIRONMENT = "environment"
    """Deployments to an environment, by its name."""
    LABEL = "label"
    """A label on a pull request, by its name in lower case."""
    TITLE = "title"
    DESCRIPTION = "description"
    TAG = "tag"
    REVIEW = "review"
    """What became of a review, whatever its text says."""
    COMMAND = "command"
    """A text that may hold a command, or one that somebody else than its author may have changed."""
    REMARK = "remark"
    """A text that holds none."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a delivery tells of, or that rules heed."""

    subject: Subject
    name: str = ""
    """Empty where the subject says it all, and for all of a subject."""


Mask: TypeAlias = frozenset[Topic]
"""All that rules heed. The mask of several rules is the union of theirs; that of no rules is empty."""

ALL: Final[Mask] = frozenset(map(Topic, Subject))
"""What rules heed of which nothing is known."""


def matters(topics: Iterable[Topic], mask: Mask) -> bool:
    """Whether what a delivery is about can change what these rules decide; one about nothing in particular can."""
    told = tuple(topics)
    return not told or not mask.isdisjoint((*told, *(Topic(topic.subject) for topic in told)))


def label(name: str) -> Topic:
    """GitHub compares labels without the case of their letters."""
    return Topic(Subject.LABEL, name.casefold())


def of_check(name: str, *, app: str, workflow: str | None = None) -> Mask:
    """What decides about a check: runs of that name by any App, and whether one may yet come.

    Of the right App a run that comes is announced by a suite at work; of GitHub Actions by a run of the workflow, of
    any where the rules name none.
    """
    heeded = {Topic(Subject.CHECK_RUN, name), Topic(Subject.SUITE, app)}
    if app == ACTIONS:
        heeded.add(Topic(Subject.WORKFLOW, path_of(workflow) if workflow else ""))
    return frozenset(heeded)


def of_workflow(file: str) -> Mask:
    """What decides about the runs of a workflow's file."""
    return frozenset({Topic(Subject.WORKFLOW, path_of(file)), Topic(Subject.SUITE, ACTIONS)})


def about_check_run(name: str, app: str) -> tuple[Topic, ...]:
    """A check run may be what rules ask for, or show that its suite is at work.

    GitHub Actions tells of the latter by `workflow_run`, with the path; a check run's delivery has none.
    """
    run = Topic(Subject.CHECK_RUN, name)
    return (run,) if app == ACTIONS else (run, Topic(Subject.SUITE, app))


def about_workflow_run(path: str) -> tuple[Topic, ...]:
    """The path may have the branch behind it: `.github/workflows/ci.yml@main`."""
    return Topic(Subject.WORKFLOW, path), Topic(Subject.WORKFLOW, path.rpartition("@")[0] or path)
