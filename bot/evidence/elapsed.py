"""Evidence: so much time has passed since other evidence became true."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.finding import Finding, State, Wait, Who, met, scheduled
from bot.gate.markup import code, instant, span
from bot.gate.needs import Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """`for` has passed since `since` became true: a kind that stands beside it in the list, or the id of an item."""

    since: str
    for_: timedelta

    def needs(self) -> Needs:
        """Whatever the other evidence needs."""
        return Needs()

    def judge(self, candidate: Candidate) -> Finding:
        """Counts from the instant that the other finding carries."""
        if candidate.is_moot(self.since):
            seen = f"{code(self.since)} does not apply to this change, so nothing has to be waited for"
            return met(seen=seen, at=candidate.missing_since)
        other = candidate.finding_of(self.since)
        if other.state is not State.MET:
            return Finding(
                state=other.state,
                seen=f"{code(self.since)} is {other.state}",
                wanted=f"{span(self.for_)} after {code(self.since)}",
                do=f"see to {code(self.since)} first",
                who=other.who,
                roles=other.roles,
                again_at=other.again_at,
                until=other.until + self.for_ if other.until else None,
                least=None if other.until else self._least(other.least),
            )
        if other.at is None:
            return Finding(
                state=State.UNKNOWN,
                seen=f"{code(self.since)} is met, but GitHub does not say since when",
                wanted="an instant to count from",
                do=f"count from evidence that has one: a check, a deployment, a sign-off; not from {code(self.since)}",
                who=Who.ADMIN,
            )
        ends = other.at + self.for_
        if candidate.now < ends:
            seen = f"{span(self.for_)} since {instant(other.at)}: until {instant(ends)}"
            return scheduled(seen=seen, again_at=ends)
        return met(seen=f"{span(self.for_)} or more since {instant(other.at)}", at=ends)

    def _least(self, before: Wait | None) -> Wait:
        """Longer where what it counts from has to wait itself."""
        return Wait(before.lasts + self.for_, before.since) if before else Wait(self.for_, self.since)
