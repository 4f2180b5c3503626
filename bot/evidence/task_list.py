"""Evidence: the boxes of a task list in the pull request's description are ticked."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, met, unknown, unmet
from bot.gate.markup import code, some
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from bot.gate.options import Regex
from bot.gate.patterns import regex
from bot.gate.prose import tasks_under


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskList:
    """Every box under the heading is ticked, or those whose text matches; whoever may edit the description may tick."""

    heading: str
    matches: Regex | None = None

    def needs(self) -> Needs:
        """The description is always read."""
        return Needs(heeds=frozenset({Topic(Subject.DESCRIPTION)}))

    def judge(self, candidate: Candidate) -> Finding:
        """Which boxes are open; a list without a box is not done."""
        body = candidate.snapshot.body
        if isinstance(body, Unavailable):
            return unknown(because=body.because, wanted="the description")
        tasks = [
            task
            for task in tasks_under(self.heading, body)
            if self.matches is None or regex(self.matches).search(task.text)
        ]
        open_tasks = [task.text for task in tasks if not task.is_done]
        if not tasks:
            what = f" matching {code(self.matches)}" if self.matches else ""
            wanted = f"a task list{what} under {code(self.heading)}"
            return unmet(seen="no such task list", wanted=wanted, do="add it to the description")
        if open_tasks:
            return unmet(
                seen=f"open: {some(open_tasks)}",
                wanted=f"every box under {code(self.heading)} ticked",
                do="tick them in the description",
            )
        boxes, are = ("box", "is") if len(tasks) == 1 else ("boxes", "are")
        return met(seen=f"{len(tasks)} {boxes} under {code(self.heading)} {are} ticked")
