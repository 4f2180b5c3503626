"""What goes wrong on demand: a table of armed faults that requests and deliveries are matched against."""

import re
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal[
    "bad_gateway",  # 502 before any work
    "broken_inside",  # GraphQL: HTTP 200, the root field null, "Something went wrong"
    "dropped_connection",  # closed before any work
    "answer_lost",  # the work is done, the connection closed
    "secondary_limit",  # status=403|429, retry_after=seconds|None; GraphQL: HTTP 200, shape=… as in `server`
    "primary_limit",  # the hour's quota is spent
    "forbidden",  # 403 that is no limit, as for a permission that is missing
    "rejected",  # 422; GraphQL: HTTP 200, no data, an error with a type
    "expired_tokens",  # 401 once, all tokens issued so far die
    "latency",  # seconds=…: answer that much later
    "lost_delivery",  # never attempted, though the log has it
    "duplicate_delivery",  # sent twice under one GUID
    "reordered_delivery",  # held back until as many as armed are there, then sent backwards
]


Setting = int | float | str | None


@dataclass(eq=False, kw_only=True, slots=True)
class Fault:
    """An armed fault: how many times more (None: until disarmed), for subjects matching a pattern."""

    kind: FaultKind
    times: int | None = 1
    matching: str = ""
    settings: dict[str, Setting] = field(default_factory=dict)
    used: int = 0


@dataclass(eq=False, slots=True)
class Faults:
    """The armed faults; a subject is `METHOD /path operation` or `event.action`."""

    armed: list[Fault] = field(default_factory=list)

    def arm(self, kind: FaultKind, *, times: int | None = 1, matching: str = "", **settings: Setting) -> Fault:
        """Arm a fault for the next `times` subjects that the regular expression `matching` finds."""
        fault = Fault(kind=kind, times=times, matching=matching, settings=settings)
        self.armed.append(fault)
        return fault

    def disarm(self, kind: FaultKind | None = None) -> None:
        """Take away all faults, or all of one kind."""
        self.armed = [fault for fault in self.armed if kind and fault.kind != kind]

    def take(self, kind: FaultKind, subject: str) -> Fault | None:
        """The fault that strikes here, counted down."""
        for fault in self.armed:
            if fault.kind == kind and fault.times != 0 and re.search(fault.matching, subject):
                fault.used += 1
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
