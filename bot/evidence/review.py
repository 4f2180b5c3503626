"""Evidence: people with write access approved the current head in a review."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Review as Opinion
from bot.gate.facts import Unavailable
from bot.gate.finding import Finding, State, Who, met, unknown
from bot.gate.markup import code, listed
from bot.gate.needs import Needs
from bot.gate.options import TeamName


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """At least `count` approving reviews of the current head, and one by a member of each of `teams`."""

    count: int = 1
    teams: tuple[TeamName, ...] = ()

    def needs(self) -> Needs:
        """The reviews, and who of the reviewers is in the teams."""
        return Needs(reviews=True, review_teams=frozenset(self.teams))

    def judge(self, candidate: Candidate) -> Finding:
        """Who approved what is there now; neither the author nor an App counts."""
        reviews = candidate.snapshot.reviews
        if isinstance(reviews, Unavailable):
            return unknown(because=reviews.because, wanted="the reviews")
        approvals = [review for review in reviews if review.is_approval and self._counts(review, candidate)]
        current = [review for review in approvals if review.sha == candidate.snapshot.head_sha]
        answers = [
            (team, [candidate.is_member(team, review.author or "") for review in current]) for team in self.teams
        ]
        missing = [team for team, found in answers if True not in found]
        hidden = [
            answer.because
            for team, found in answers
            for answer in found
            if team in missing and isinstance(answer, Unavailable)
        ]
        if hidden:
            return unknown(because=hidden[0], wanted="the reviewers' teams")
        if len(current) >= self.count and not missing:
            return met(seen=f"approved by {_names(current)}", at=max(review.at for review in current))
        return Finding(
            state=State.UNMET,
            seen=_seen(approvals, current),
            wanted=self._wanted(missing),
            do="review the pull request and approve it",
            who=Who.REVIEWER,
        )

    def _counts(self, review: Opinion, candidate: Candidate) -> bool:
        author = (candidate.snapshot.author or "").lower()
        return review.author is not None and not review.is_bot and review.author.lower() != author

    def _wanted(self, missing: list[str]) -> str:
        number = f"{self.count} approving review" + ("s" if self.count > 1 else "")
        return f"{number}, one by {listed([code(team) for team in missing])}" if missing else number


def _seen(approvals: list[Opinion], current: list[Opinion]) -> str:
    if current:
        return f"{len(current)} approving review{'s' if len(current) > 1 else ''} of this head, by {_names(current)}"
    older = f"; an older head was approved by {_names(approvals)}" if approvals else ""
    return f"no approving review of this head{older}"


def _names(reviews: list[Opinion]) -> str:
    return listed([code(review.author or "") for review in reviews])
