"""Asks what a pull request itself changes at its commits, in such a way that the answers can be compared."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

from cachetools import LRUCache

from bot.gate.differences import OwnChange
from bot.gate.facts import Fact, Unavailable
from bot.github import decode_rest
from bot.github.asking import all_of
from bot.github.decode_rest import Compared, Tree

MOST_FILES = 25_000
"""Of all changes of one kind that are kept; some 10 MB."""

Get = Callable[[str, Mapping[str, str] | None], Awaitable[Any]]


def _size(change: OwnChange | None) -> int:
    return 1 + (len(change.files) if change else 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """Commits never change, so neither does what lies between two."""

    compared: MutableMapping[Hashable, Compared] = field(
        default_factory=lambda: LRUCache(maxsize=MOST_FILES, getsizeof=lambda one: _size(one.change))
    )
    trees: MutableMapping[Hashable, OwnChange] = field(
        default_factory=lambda: LRUCache(maxsize=MOST_FILES, getsizeof=_size)
    )


def _alone(change: OwnChange, moved: Fact[frozenset[str]]) -> OwnChange:
    """The change with what the base left alone; where that can't be told, no file may differ at all."""
    known = frozenset[str]() if isinstance(moved, Unavailable) else moved
    files = {
        path: replace(file, is_alone=path not in known and file.previous not in known)
        for path, file in change.files.items()
    }
    return replace(change, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChanges:
    """Asks about one repository."""

    get: Get
    """A REST path and its parameters → JSON, None for a 404."""
    kept: Kept
    repository: str
    installation: int

    async def at(self, shas: Iterable[str], base_sha: str) -> dict[str, Fact[OwnChange]]:
        """By commit: all since it left the base.

        A comparison tells hunk by hunk, up to 300 files; trees tell only which files. When one of the commits changes
        more, all are told by trees: else what was left out would look like a difference.
        """
        compared = await all_of(shas, lambda sha: self._compared(base_sha, sha))
        gone = {sha: one for sha, one in compared.items() if isinstance(one, Unavailable)}
        found = {sha: one for sha, one in compared.items() if not isinstance(one, Unavailable)}
        whole = {sha: one.change for sha, one in found.items() if one.change}
        if len(whole) == len(found):
            moved = await all_of({one.merge_base for one in found.values()}, lambda start: self._moved(start, base_sha))
            return gone | {sha: _alone(change, moved[change.merge_base]) for sha, change in whole.items()}
        starts = {sha: one.merge_base for sha, one in found.items()}
        known = {sha: self.kept.trees.get(self._key(start, sha)) for sha, start in starts.items()}
        asked = {name for sha, start in starts.items() if known[sha] is None for name in (start, sha)}
        trees = await all_of(asked, self._tree)
        return gone | {sha: known[sha] or self._between(start, sha, trees) for sha, start in starts.items()}

    async def _compared(self, base_sha: str, sha: str) -> Fact[Compared]:
        """<https://docs.github.com/en/rest/commits/commits#compare-two-commits>."""
        key = self._key(base_sha, sha)
        if known := self.kept.compared.get(key):
            return known
        found = await self.get(f"/repos/{self.repository}/compare/{base_sha}...{sha}", None)
        if found is None:  # gone, or not there yet: asked again with the next pass
            return Unavailable("GitHub no longer has the commit")
        self.kept.compared[key] = decode_rest.compared(found)
        return self.kept.compared[key]

    async def _moved(self, start: str, base_sha: str) -> Fact[frozenset[str]]:
        """What the base has changed since; unavailable where GitHub does not list all of it."""
        if start == base_sha:
            return frozenset()
        compared = await self._compared(start, base_sha)
        if isinstance(compared, Unavailable):
            return compared
        if compared.change is None:
            return Unavailable("the base has changed more files than GitHub lists")
        files = compared.change.files
        return frozenset(name for path, file in files.items() for name in (path, file.previous) if name)

    async def _tree(self, sha: str) -> Fact[Tree]:
        """<https://docs.github.com/en/rest/git/trees#get-a-tree>; a commit's name stands for its tree."""
        return decode_rest.tree(await self.get(f"/repos/{self.repository}/git/trees/{sha}", {"recursive": "1"}))

    def _between(self, start: str, sha: str, trees: Mapping[str, Fact[Tree]]) -> Fact[OwnChange]:
        before, after = trees[start], trees[sha]
        if isinstance(before, Unavailable):
            return before
        if isinstance(after, Unavailable):
            return after
        change = OwnChange(merge_base=start, files=decode_rest.between(before, after))
        if _size(change) <= MOST_FILES:
            self.kept.trees[self._key(start, sha)] = change
        return change

    def _key(self, *parts: str) -> Hashable:
        return (self.installation, self.repository, *parts)
