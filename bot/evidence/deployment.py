"""Evidence: the head was deployed to an environment, and has been there for long enough."""

from dataclasses import dataclass
from datetime import timedelta

from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, met, pending, scheduled, unknown, unmet
from bot.gate.markup import code, instant
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs

_DONE = frozenset({"success", "active", "inactive"})
"""`inactive`: a later deployment took its place, which GitHub does to successful ones only."""
_RUNNING = frozenset({"pending", "queued", "in_progress", "waiting"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The head was deployed to the environment with a success status, at least `soak` ago."""

    environment: str
    soak: timedelta = timedelta()

    def needs(self) -> Needs:
        """The head's deployments to the environment."""
        heeds = frozenset({Topic(Subject.ENVIRONMENT, self.environment)})
        return Needs(environments=frozenset({self.environment}), heeds=heeds)

    def judge(self, candidate: Candidate) -> Finding:
        """The newest deployment of the head to the environment decides."""
        known, where = candidate.snapshot.deployments, code(self.environment)
        if isinstance(known, Unavailable):
            return unknown(because=known.because, wanted=f"deployments to {where}")
        ours = sorted((one for one in known if one.environment == self.environment), key=lambda one: one.created_at)
        if not ours:
            return unmet(seen=f"not deployed to {where}", wanted=f"this head on {where}", do=f"deploy it to {where}")
        newest = ours[-1]
        if newest.state in _RUNNING:
            return pending(seen=f"the deployment to {where} is {newest.state.replace('_', ' ')}", link=newest.url)
        if newest.state not in _DONE:
            return unmet(
                seen=f"the deployment to {where}: {newest.state}",
                wanted="success",
                do=f"see why it ended so, then deploy to {where} again",
                link=newest.url,
                failed=True,
            )
        if newest.state == "inactive" and self.soak:
            return unmet(
                seen=f"another deployment to {where} took its place at {instant(newest.at)}",
                wanted=f"this head on {where} for as long as it has to soak",
                do=f"deploy it to {where} again",
                link=newest.url,
            )
        ready_at = newest.at + self.soak
        if candidate.now < ready_at:
            seen = f"on {where} since {instant(newest.at)}, to stay until {instant(ready_at)}"
            return scheduled(seen=seen, again_at=ready_at, link=newest.url)
        return met(seen=f"on {where} since {instant(newest.at)}", link=newest.url, at=ready_at)
