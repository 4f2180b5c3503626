"""Evidence: files are changed, are not, or are the only ones."""

from dataclasses import dataclass

from bot.gate.candidate import Candidate
from bot.gate.facts import Unavailable
from bot.gate.finding import Contrary, Finding, met, unknown, unmet
from bot.gate.markup import code, listed, some
from bot.gate.needs import Needs
from bot.gate.options import PathGlob
from bot.gate.patterns import matching


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Something under `changed` is changed, nothing under `unchanged`, nothing outside `only`; renames count twice."""

    changed: tuple[PathGlob, ...] = ()
    unchanged: tuple[PathGlob, ...] = ()
    only: tuple[PathGlob, ...] = ()

    def needs(self) -> Needs:
        """The changed files."""
        return Needs(changes=True)

    def judge(self, candidate: Candidate) -> Finding:
        """Which paths are as they should not be."""
        paths = candidate.changed_paths
        if isinstance(paths, Unavailable):
            return unknown(because=paths.because, wanted="the changed files")
        if self.changed and not matching(self.changed, paths):
            wanted = f"a change of {_globs(self.changed)}"
            return unmet(seen=f"nothing of {_globs(self.changed)} is changed", wanted=wanted, do="change it")
        if self.unchanged and (touched := matching(self.unchanged, paths)):
            wanted = f"no change of {_globs(self.unchanged)}"
            return unmet(seen=f"changes {some(touched)}", wanted=wanted, do="take that out of the pull request")
        if self.only and (outside := sorted(paths - set(matching(self.only, paths)))):
            wanted = f"changes of {_globs(self.only)} alone"
            return unmet(seen=f"changes {some(outside)}", wanted=wanted, do="take that out of the pull request")
        return self._met(paths)

    def _met(self, paths: frozenset[str]) -> Finding:
        """With what would be wanted instead; several options at once have no contrary in one sentence."""
        seen = f"{len(paths)} changed path{' is' if len(paths) == 1 else 's are'} as wanted"
        match (self.changed, self.unchanged, self.only):
            case (globs, (), ()):
                against = Contrary(f"no change of {_globs(globs)}", "take that out of the pull request")
                return met(seen=f"changes {some(matching(globs, paths))}", contrary=against)
            case ((), globs, ()):
                return met(seen=seen, contrary=Contrary(f"a change of {_globs(globs)}", "change it"))
            case ((), (), globs):
                against = Contrary(f"a change of something beside {_globs(globs)}", "change something else too")
                return met(seen=seen, contrary=against)
            case _:
                return met(seen=seen)


def _globs(globs: tuple[str, ...]) -> str:
    return listed([code(glob) for glob in globs], last="or")
