"""Evidence: a file is there at the head, is not empty, and says what it should."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Fact, Unavailable
from bot.gate.facts import File as There
from bot.gate.finding import Contrary, Finding, State, Who, met, unknown
from bot.gate.markup import code
from bot.gate.needs import Needs
from bot.gate.options import FilePath, Regex
from bot.gate.patterns import regex
from bot.gate.versioned import PLACE, filled


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The file exists at the head and is not empty; `{version}` in its path is the next one; it holds `matches`."""

    path: FilePath
    matches: Regex | None = None
    """RE2 syntax; multi-line, `^` and `$` with `(?m)`."""

    def needs(self) -> Needs:
        """The file at the head."""
        paths = frozenset({self.path})
        return Needs(versioned=paths) if PLACE in self.path else Needs(files=paths)

    def judge(self, candidate: Candidate) -> Finding:
        """Whether the file is as wanted."""
        path = filled(self.path, candidate.next_version)
        if isinstance(path, Unavailable):
            return unknown(because=path.because, wanted=code(self.path))
        return self._judge(code(path), candidate.file(path))

    def _judge(self, path: str, file: Fact[There | None]) -> Finding:
        """`path` is the one that is meant, as code."""
        if isinstance(file, Unavailable):
            return self._unknown(path, file.because)
        if file is None:
            return self._unmet(path, f"no {path}", f"add {path}")
        if not file.size:
            return self._unmet(path, f"{path} is empty", f"fill {path}")
        if self.matches is None:
            return met(seen=f"{path} is there", contrary=Contrary(f"no {path}", f"remove {path}"))
        if file.text is None:
            return self._unknown(path, f"{path} is binary or too large to read")
        if regex(self.matches).search(file.text):
            rid = f"take what {code(self.matches)} finds out of {path}"
            return met(seen=f"{path} matches", contrary=Contrary(f"{path} without {code(self.matches)}", rid))
        return self._unmet(path, f"{path} does not match", f"make {path} match {code(self.matches)}")

    def _unmet(self, path: str, seen: str, do: str) -> Finding:
        matching = f" matching {code(self.matches)}" if self.matches else ""
        return Finding(state=State.UNMET, seen=seen, wanted=f"{path}{matching}", do=do)

    def _unknown(self, path: str, because: str) -> Finding:
        return Finding(
            state=State.UNKNOWN,
            seen=because,
            wanted=path,
            do="see that the App may read contents",
            who=Who.ADMIN,
        )
