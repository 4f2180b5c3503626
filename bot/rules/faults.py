"""Collects what is wrong with a rules file: places and sentences in, sorted faults out."""

from dataclasses import dataclass, field

from bot.gate.rules import Fault

LIMIT = 100
"""More faults than anybody reads; the last row says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in the file, 1-based."""

    line: int
    column: int
    inherited: str = ""
    """The built-in set that the entry comes from; the mark is then the one of `extends:`."""


@dataclass(slots=True)
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, at: Mark, path: str, message: str) -> None:
        """Tells a fault; one that an inherited entry has says so."""
        origin = f" (inherited from `{at.inherited}`)" if at.inherited else ""
        self.found.append(Fault(line=at.line, column=at.column, path=path, message=message + origin))

    def in_order(self) -> tuple[Fault, ...]:
        """By place in the file, each once, at most `LIMIT` and one that counts the rest."""
        ordered = sorted(set(self.found), key=lambda fault: (fault.line, fault.column, fault.path, fault.message))
        if len(ordered) <= LIMIT:
            return tuple(ordered)
        first_left_out = ordered[LIMIT]
        more = Fault(
            line=first_left_out.line,
            column=first_left_out.column,
            path="",
            message=f"{len(ordered) - LIMIT} more faults from here on; mend those above first",
        )
        return (*ordered[:LIMIT], more)
