"""Evidence: labels are there, or are not."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.finding import Contrary, Finding, State, Who, met
from bot.gate.labels import found
from bot.gate.markup import code, listed
from bot.gate.mask import label
from bot.gate.needs import Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The pull request has one of `any`, all of `all` and none of `none`."""

    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def needs(self) -> Needs:
        """Labels are always read."""
        return Needs(heeds=frozenset(map(label, self.any | self.all | self.none)))

    def judge(self, candidate: Candidate) -> Finding:
        """Which labels are missing, and which are too many."""
        labels = candidate.labels
        if isinstance(labels, Unavailable):
            return Finding(
                state=State.UNKNOWN,
                seen=labels.because,
                wanted="its labels",
                do="see that the App may read pull requests",
                who=Who.ADMIN,
            )
        missing = self.all - found(self.all, labels)
        if self.any and not found(self.any, labels):
            return self._unmet("no label", f"add {_names(self.any, last='or')}")
        if missing:
            return self._unmet(f"not labelled {_names(missing)}", f"add {_names(missing)}")
        if unwanted := found(self.none, labels):
            return self._unmet(f"labelled {_names(unwanted)}", f"remove {_names(unwanted)}")
        matching = found(self.any | self.all, labels)
        if matching:
            against = Contrary(f"not {_names(matching, last='or')}", f"remove {_names(matching, last='or')}")
            return met(seen=f"labelled {_names(matching)}", contrary=against)
        against = Contrary(_names(self.none, last="or"), f"add {_names(self.none, last='or')}")
        return met(seen=f"not labelled {_names(self.none)}", contrary=against)

    def _unmet(self, seen: str, do: str) -> Finding:
        wanted = [
            *([f"one of {_names(self.any, last='or')}"] if self.any else []),
            *([_names(self.all)] if self.all else []),
            *([f"not {_names(self.none, last='or')}"] if self.none else []),
        ]
        return Finding(state=State.UNMET, seen=seen, wanted=listed(wanted), do=do)


def _names(labels: frozenset[str], *, last: str = "and") -> str:
    return listed([code(label) for label in sorted(labels)], last=last)
