"""Which pull requests are releases."""

from dataclasses import dataclass

from bot.gate.facts import Snapshot, Unavailable
from bot.gate.labels import found
from bot.gate.patterns import branch_matches, matching, regex


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Conditions on a pull request: all that are given must hold, and one of `any` if there are any."""

    base: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """One of them is enough."""
    title: str | None = None
    """A regex that is searched for."""
    paths: tuple[str, ...] = ()
    """A path that one of them fits is changed."""
    any: tuple["When", ...] = ()

    def holds(self, snapshot: Snapshot) -> bool:
        """Whether the pull request is one of these; what can't be told counts as there (it fails closed)."""
        return (
            self.takes(snapshot.base_ref)
            and (not self.head or branch_matches(self.head, snapshot.head_ref))
            and (not self.labels or self._labelled(snapshot))
            and (self.title is None or bool(regex(self.title).search(snapshot.title)))
            and (not self.paths or self._touches(snapshot))
            and (not self.any or any(when.holds(snapshot) for when in self.any))
        )

    def takes(self, base_ref: str) -> bool:
        """Whether pull requests into this base can be any of these."""
        return not self.base or branch_matches(self.base, base_ref)

    @property
    def needs_changes(self) -> bool:
        """Whether the changed files decide."""
        return bool(self.paths) or any(when.needs_changes for when in self.any)

    def _touches(self, snapshot: Snapshot) -> bool:
        paths = snapshot.changed_paths
        return isinstance(paths, Unavailable) or bool(matching(self.paths, paths))

    def _labelled(self, snapshot: Snapshot) -> bool:
        labels = snapshot.labels
        return isinstance(labels, Unavailable) or bool(found(self.labels, labels))
