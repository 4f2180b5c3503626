"""Finds the rules that apply: rules files of an instant, and what they extend, into `Rules` or their faults."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field

from cachetools import LRUCache, TTLCache

from bot.gate.facts import Unavailable
from bot.gate.proposal import Proposal
from bot.gate.rules import BrokenRules, Fault, Rules
from bot.github.client import Client
from bot.github.rules_files import RulesFile, RulesFiles, fetch
from bot.github.targets import Repository
from bot.rules import parse, upstream
from bot.store import Store, organisations

UPSTREAM_SECONDS = 300
"""How long the text of a file in another repository is taken as it was."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules by the blobs that they come from."""

    client: Client
    store: Store
    builtin: Mapping[str, str]
    """The built-in sets of rules by name."""
    parsed: MutableMapping[Hashable, Rules | BrokenRules] = field(default_factory=lambda: LRUCache(maxsize=1_000))
    upstreams: MutableMapping[Hashable, str | None] = field(
        default_factory=lambda: TTLCache(maxsize=1_000, ttl=UPSTREAM_SECONDS)
    )
    organisations: MutableMapping[Hashable, bool] = field(default_factory=lambda: LRUCache(maxsize=10_000))
    """Of whom we know that the store knows whether their file was read."""

    async def rules(self, repository: Repository, files: RulesFiles) -> Rules | BrokenRules | None:
        """The rules of the base; without a file there those of the organisation; None when nobody has any."""
        if files.base:
            return await self._of(repository, files.base)
        return await self._of_organisation(repository, files)

    async def proposal(self, repository: Repository, files: RulesFiles, changed: frozenset[str]) -> Proposal | None:
        """The rules as they would be after the merge; None when the pull request leaves them alone."""
        before, after = ({file.path: file for file in side} for side in (files.base, files.head))
        touched = {path for path in differing(files) if path in changed}
        if not touched:
            return None
        merged = {path: file for path, file in before.items() if path not in touched}
        merged |= {path: file for path, file in after.items() if path in touched}
        new = RulesFiles(base=tuple(merged.values()), organisation=files.organisation)
        return Proposal(file=min(touched & after.keys() or touched), rules=await self.rules(repository, new))

    async def _of(self, repository: Repository, files: tuple[RulesFile, ...]) -> Rules | BrokenRules:
        """A fault when there are two files."""
        file, *others = files
        if others:
            return _fault(others[0], f"{file.path} is there as well; keep one of the two")
        if file.text is None:
            return _fault(file, "GitHub does not show it as text; write UTF-8 text below 256 KB")
        sets = await self._sets(repository, file.text)
        key = (file.path, file.oid, *(text for name, text in sets.items() if name not in self.builtin))
        if key not in self.parsed:
            self.parsed[key] = parse(file.text, file=file.path, source=file.oid, sets=sets)
        return self.parsed[key]

    async def _sets(self, repository: Repository, text: str) -> Mapping[str, str]:
        """Everything that the text may extend."""
        wanted = upstream(text)
        if wanted is None:
            return self.builtin
        key = (repository.installation, wanted.name)
        if key not in self.upstreams:
            self.upstreams[key] = await fetch(self.client, repository, wanted)
        found = self.upstreams[key]
        return self.builtin if found is None else {**self.builtin, wanted.name: found}

    async def _of_organisation(self, repository: Repository, files: RulesFiles) -> Rules | BrokenRules | None:
        file, owner = files.organisation, f"{repository.installation}:{repository.owner}"
        if isinstance(file, Unavailable):
            known = await organisations.is_known(self.store, owner=owner)
            return _lost(repository, file.because) if known else None
        if self.organisations.get(owner) is not (file is not None):
            await (organisations.record if file else organisations.forget)(self.store, owner=owner)
            self.organisations[owner] = file is not None
        return await self._of(repository, (file,)) if file else None


def differing(files: RulesFiles) -> frozenset[str]:
    """The rules files that are not the same at the head and at the base, which may have moved on since."""
    before, after = ({file.path: file.oid for file in side} for side in (files.base, files.head))
    return frozenset(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _lost(repository: Repository, because: str) -> BrokenRules:
    """Rules that applied can't be had: that is no freedom from rules."""
    message = f"the organisation's rules were read before and can't be now: {because}; let the App read that repository"
    path = f"{repository.owner}/.github:release-gate.yml"
    return _fault(RulesFile(path=path, oid="", text=None), message)


def _fault(file: RulesFile, message: str) -> BrokenRules:
    fault = Fault(line=1, column=1, path="", message=message)
    return BrokenRules(source=file.oid, file=file.path, faults=(fault,))
