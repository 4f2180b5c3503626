"""Finds the rules that apply: rules files of an instant, and what they extend, into `Rules` or their faults."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from cachetools import LRUCache, TTLCache

from bot.gate.facts import Unavailable
from bot.gate.proposal import Proposal
from bot.gate.rules import BrokenRules, Fault, Origin, Rules
from bot.github.client import Client
from bot.github.rules_files import RulesFile, RulesFiles, fetch
from bot.github.targets import Base, Repository, Source
from bot.rules import extended, parse, says_fixed, upstream
from bot.store import Store, masks, organisations, sources

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
    remembered: MutableMapping[Hashable, bool] = field(default_factory=lambda: LRUCache(maxsize=10_000))
    """Files of which the store knows whose pushes concern them."""
    pushes: MutableMapping[Hashable, int] = field(default_factory=lambda: LRUCache(maxsize=10_000))
    """How often a source was pushed to: what was read before the last time is not taken any more."""

    async def rules(self, repository: Repository, files: RulesFiles) -> Rules | BrokenRules | None:
        """The default branch's if they are fixed, else the base's; None when none are there or the base is left out.

        A branch without a file has the organisation's.
        """
        await self._remember(repository, files)
        return await self._applying(repository, files)

    async def extending(self, source: Source) -> tuple[Base, ...]:
        """All bases whose rules a push to the source may have changed, as far as they were ever read."""
        installation, name = source.repository.installation, source.repository.name
        names = await sources.taking_from(self.store, installation=installation, source=name)
        if name.lower().endswith("/.github"):
            # Those without rules may have some now, and nobody looks at them for what no rules heed.
            bare = await masks.without_rules(self.store, owner=f"{installation}:{source.repository.owner}")
            names = tuple(sorted({*names, *(key.partition(":")[2] for key in bare)}))
        if names:
            key = (installation, name.lower())
            self.pushes[key] = self.pushes.get(key, 0) + 1
        return tuple(Base(repository=Repository(installation=installation, name=one), branch="") for one in names)

    async def _remember(self, repository: Repository, files: RulesFiles) -> None:
        """Keeps from which repositories the rules come, once for each text."""
        shared = files.organisation if isinstance(files.organisation, RulesFile) and not files.base else None
        for file in (*files.base, *files.default, *([shared] if shared else [])):
            key = (repository, file.path, file.oid)
            if key in self.remembered:
                continue
            named = upstream(file.text or "")
            found = [f"{named.owner}/{named.repository}"] if named else []
            for source in [*found, *([f"{repository.owner}/.github"] if file is shared else [])]:
                name, installation = repository.name, repository.installation
                await sources.record(self.store, installation=installation, source=source, repository=name)
            self.remembered[key] = True

    async def _applying(self, repository: Repository, files: RulesFiles) -> Rules | BrokenRules | None:
        is_default = files.base_ref == files.default_ref
        default = files.base if is_default else files.default
        found = await self._of_branch(repository, files, default, is_default=True)
        if found is not None and found.is_fixed:
            return None if isinstance(found, Rules) and not found.when.takes(files.base_ref) else found
        return found if is_default else await self._of_branch(repository, files, files.base, is_default=False)

    async def proposal(self, repository: Repository, files: RulesFiles, changed: frozenset[str]) -> Proposal | None:
        """The rules as they would be after the merge; None when the pull request leaves them alone."""
        before, after = ({file.path: file for file in side} for side in (files.base, files.head))
        touched = {path for path in differing(files) if path in changed}
        if not touched:
            return None
        merged = {path: file for path, file in before.items() if path not in touched}
        merged |= {path: file for path, file in after.items() if path in touched}
        new = replace(files, base=tuple(merged.values()))
        return Proposal(file=min(touched & after.keys() or touched), rules=await self._applying(repository, new))

    async def _of_branch(
        self, repository: Repository, files: RulesFiles, own: tuple[RulesFile, ...], *, is_default: bool
    ) -> Rules | BrokenRules | None:
        if own:
            return await self._of(repository, own, is_default=is_default)
        return await self._of_organisation(repository, files, is_default=is_default)

    async def _of(
        self, repository: Repository, files: tuple[RulesFile, ...], *, is_default: bool
    ) -> Rules | BrokenRules:
        """A fault when there are two files."""
        file, *others = files
        if others:
            is_fixed = is_default and any(says_fixed(one.text or "") for one in files)
            return _fault(others[0], f"{file.path} is there as well; keep one of the two", is_fixed=is_fixed)
        if file.text is None:
            return _fault(file, "GitHub does not show it as text; write UTF-8 text below 256 KB")
        sets = await self._sets(repository, file.text)
        key = (file.path, file.oid, is_default, *(text for name, text in sets.items() if name not in self.builtin))
        if key not in self.parsed:
            parsed = parse(file.text, file=file.path, source=file.oid, sets=sets, is_default=is_default)
            self.parsed[key] = _with_origin(parsed, file.text, sets, is_default=is_default)
        return self.parsed[key]

    async def _sets(self, repository: Repository, text: str) -> Mapping[str, str]:
        """Everything that the text may extend."""
        wanted = upstream(text)
        if wanted is None:
            return self.builtin
        source = (repository.installation, f"{wanted.owner}/{wanted.repository}".lower())
        key = (repository.installation, wanted.name, self.pushes.get(source, 0))
        if key not in self.upstreams:
            self.upstreams[key] = await fetch(self.client, repository, wanted)
        found = self.upstreams[key]
        return self.builtin if found is None else {**self.builtin, wanted.name: found}

    async def _of_organisation(
        self, repository: Repository, files: RulesFiles, *, is_default: bool
    ) -> Rules | BrokenRules | None:
        file, owner = files.organisation, f"{repository.installation}:{repository.owner}"
        if isinstance(file, Unavailable):
            known = await organisations.is_known(self.store, owner=owner)
            return _lost(repository, file.because) if known else None
        if self.organisations.get(owner) is not (file is not None):
            await (organisations.record if file else organisations.forget)(self.store, owner=owner)
            self.organisations[owner] = file is not None
        return await self._of(repository, (file,), is_default=is_default) if file else None


def differing(files: RulesFiles) -> frozenset[str]:
    """The rules files that are not the same at the head and at the base, which may have moved on since."""
    before, after = ({file.path: file.oid for file in side} for side in (files.base, files.head))
    return frozenset(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _lost(repository: Repository, because: str) -> BrokenRules:
    """Rules that applied can't be had: that is no freedom from rules."""
    message = f"the organisation's rules were read before and can't be now: {because}; let the App read that repository"
    path = f"{repository.owner}/.github:release-gate.yml"
    return _fault(RulesFile(path=path, oid="", text=None), message)


def _with_origin(
    rules: Rules | BrokenRules, text: str, sets: Mapping[str, str], *, is_default: bool
) -> Rules | BrokenRules:
    """What can be read again keeps what it was read from; of what can't, the faults say it all."""
    if isinstance(rules, BrokenRules):
        return rules
    stood_on = {name: sets[name] for name in extended(text, sets)}
    return replace(rules, origin=Origin(text=text, sets=stood_on, is_default=is_default))


def _fault(file: RulesFile, message: str, *, is_fixed: bool = False) -> BrokenRules:
    fault = Fault(line=1, column=1, path="", message=message)
    return BrokenRules(source=file.oid, file=file.path, faults=(fault,), is_fixed=is_fixed)
