"""Evidence: people with write access, members of teams or code owners approved the current head in a review."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Review as Opinion
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, State, Who, every, met, unknown
from bot.gate.markup import code, listed
from bot.gate.mask import Subject, Topic
from bot.gate.needs import Needs
from bot.gate.options import TeamName
from bot.gate.owner_finding import finding as by_owners
from bot.gate.owner_reviews import approvals, of_head


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """At least `count` approving reviews of the current head, one by a member of each of `teams`, and code owners'."""

    count: int | None = None
    """None: 1, or none beyond those of the code owners."""
    teams: tuple[TeamName, ...] = ()
    codeowners: bool = False
    """Each changed file that has code owners needs one of theirs."""

    def needs(self) -> Needs:
        """The reviews, who of the reviewers is in the teams, and who owns what is changed."""
        return Needs(
            reviews=True,
            heeds=frozenset({Topic(Subject.REVIEW)}),
            review_teams=frozenset(self.teams),
            code_owners=self.codeowners,
            changes=self.codeowners,
        )

    def judge(self, candidate: Candidate) -> Finding:
        """Who approved what is there now; neither the author nor an App counts."""
        numbered = [self._by_number(candidate)] if self._least or self.teams else []
        owned = [by_owners(candidate.snapshot)] if self.codeowners else []
        return every([*numbered, *owned])

    @property
    def _least(self) -> int:
        return self.count if self.count is not None else int(not self.codeowners)

    def _by_number(self, candidate: Candidate) -> Finding:
        found = approvals(candidate.snapshot)
        if isinstance(found, Unavailable):
            return unknown(because=found.because, wanted="the reviews")
        current = of_head(found, candidate.snapshot)
        answers = [
            (team, [candidate.is_member(team, review.author or "") for review in current]) for team in self.teams
        ]
        missing = [team for team, answered in answers if True not in answered]
        hidden = [
            answer.because
            for team, answered in answers
            for answer in answered
            if team in missing and isinstance(answer, Unavailable)
        ]
        if hidden:
            return unknown(because=hidden[0], wanted="the reviewers' teams")
        if len(current) >= self._least and not missing:
            # Since the last that was needed: one approval more changes nothing.
            needed = sorted(review.at for review in current)[: self._least][-1:]
            needed += [
                min(one.at for one, is_in in zip(current, told, strict=True) if is_in is True) for _, told in answers
            ]
            return met(seen=f"approved by {_names(current)}", at=max(needed))
        return Finding(
            state=State.UNMET,
            seen=_seen(found, current),
            wanted=self._wanted(missing),
            do="review the pull request and approve it",
            who=Who.REVIEWER,
        )

    def _wanted(self, missing: list[str]) -> str:
        least = max(self._least, 1)
        number = f"{least} approving review" + ("s" if least > 1 else "")
        return f"{number}, one by {listed([code(team) for team in missing])}" if missing else number


def _seen(approvals: tuple[Opinion, ...], current: tuple[Opinion, ...]) -> str:
    if current:
        return f"{len(current)} approving review{'s' if len(current) > 1 else ''} of this head, by {_names(current)}"
    older = f"; an older head was approved by {_names(approvals)}" if approvals else ""
    return f"no approving review of this head{older}"


def _names(reviews: tuple[Opinion, ...]) -> str:
    return listed([code(review.author or "") for review in reviews])
