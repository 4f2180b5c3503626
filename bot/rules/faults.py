"""Collects what is wrong with a rules file: places and sentences in, sorted faults out."""

from dataclasses import dataclass, field, replace

from bot.gate.rules import Fault, Severity

LIMIT = 100
"""More faults than anybody reads; the last row says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in the file, 1-based."""

    line: int
    column: int
    inherited: str = ""
    """The set or upstream file that the entry comes from; the mark is then the one of `extends:`."""
    there: int = 0
    """The line in that file."""


@dataclass(slots=True)
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)
    warned: list[Fault] = field(default_factory=list)
    """What does not keep the rules from being applied."""

    def add(self, at: Mark, path: str, message: str) -> None:
        """Tells a fault; one that an inherited entry has says so."""
        self.found.append(_fault(at, path, message, Severity.ERROR))

    def warn(self, at: Mark, path: str, message: str) -> None:
        """Tells what is not wrong and yet not wise."""
        self.warned.append(_fault(at, path, message, Severity.WARNING))

    def in_order(self) -> tuple[Fault, ...]:
        """By place in the file, each once, at most `LIMIT` and one that counts the rest."""
        return _in_order(self.found)

    def warnings(self) -> tuple[Fault, ...]:
        """The same of the warnings."""
        return _in_order(self.warned)


def _fault(at: Mark, path: str, message: str, severity: Severity) -> Fault:
    there = f", line {at.there}" if at.there else ""
    origin = f" (inherited from `{at.inherited}`{there})" if at.inherited else ""
    return Fault(line=at.line, column=at.column, path=path, message=message + origin, severity=severity)


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    ordered = sorted(set(faults), key=lambda fault: (fault.line, fault.column, fault.path, fault.message))
    if len(ordered) <= LIMIT:
        return tuple(ordered)
    rest = f"{len(ordered) - LIMIT} more {'faults' if ordered[0].severity is Severity.ERROR else 'warnings'}"
    more = replace(ordered[LIMIT], path="", message=f"{rest} from here on; mend those above first")
    return (*ordered[:LIMIT], more)
