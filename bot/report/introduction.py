"""What no verdict can be told of → one check run: rules where there were none, a merge group that is nobody's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from bot.gate.check_name import FIXED, name_of
from bot.gate.checklist import Tier
from bot.gate.markup import code
from bot.gate.rules import BrokenRules, Mode, Rules
from bot.report.annotations import annotated, mark
from bot.report.markdown import joined
from bot.report.proposed import fault_table, worth_a_look
from bot.report.sentences import said
from bot.report.text import Report
from bot.report.title import unreadable
from bot.report.words import Words, msg


def introduction(rules: Rules | BrokenRules, base: str, words: Words) -> Report:
    """Neutral, for nothing was judged: <https://docs.github.com/en/rest/checks/runs#create-a-check-run>."""
    name = name_of(base, is_fixed=rules.is_fixed)
    if isinstance(rules, BrokenRules):
        lead = words(
            "These rules can't be applied: every pull request into the branch is blocked until they are mended."
        )
        return _faulty(name, rules, lead, words)
    how = words(
        "Pull requests into {base} are judged by {file} from now on. To make that count, require the check {check}, "
        "with this App as its source, in the branch's rules. GitHub offers it there because of this run.",
        base=code(base),
        file=code(rules.file),
        check=code(name),
    )
    return Report(
        name=name,
        status="completed",
        conclusion="neutral",
        title=words("Rules found: this check can be required now"),
        summary=how,
        comment="",
        starts_comment=False,
    )


def untold(name: str, because: str, words: Words) -> Report:
    """About a merge group of which it can't be told whose it is: shut."""
    nobody = words("So nobody's sign-offs count for it, and it does not pass. Queue the pull request again.")
    return Report(
        name=name,
        status="completed",
        conclusion="failure",
        title=words("Blocked: whose merge group this is can't be told"),
        summary=joined([said(words, because), nobody]),
        comment="",
        starts_comment=False,
    )


def first_rules(rules: Rules | BrokenRules, base: str, words: Words) -> Report:
    """About rules that a pull request brings to a base without any: never green, for nothing judges it yet.

    The name is the base's, also where these rules would give one name to all bases: that name may be another's.
    """
    name = name_of(base)
    if isinstance(rules, BrokenRules):
        lead = words(
            "Merged like this, {file} blocks every pull request into {base} until they are mended.",
            file=code(rules.file),
            base=code(base),
        )
        return _faulty(name, rules, lead, words)
    notes = annotated(rules.file, rules.warnings, words)
    lead = words(
        "{base} has no rules yet, so nothing is asked of this pull request. Once it is merged, {file} decides about "
        "the others into {base}:",
        base=code(base),
        file=code(rules.file),
    )
    asks = "\n".join(f"- {line}" for line in _asks(rules, words))
    return Report(
        name=name,
        status="completed",
        conclusion="neutral",
        title=words(FIRST_RULES),
        summary=joined([lead, asks, worth_a_look(rules.warnings, words)], words=words) + mark(notes),
        annotations=notes,
        comment="",
        starts_comment=False,
    )


FIRST_RULES: Final = msg("Proposes the first rules: valid")
"""The title that tells a neutral run of this kind from one in shadow mode, in each language."""


def _asks(rules: Rules, words: Words) -> Iterator[str]:
    by_tier = [(tier, [item.id for item in rules.checklist if item.tier is tier]) for tier in Tier]
    yield from (_ITEMS[tier](words, len(ids), _some(ids, words)) for tier, ids in by_tier if ids)
    if not rules.checklist:
        yield words("no items")
    signing = [role.id for role in rules.signing_roles()]
    yield words("signed off by {names}", names=_some(signing, words)) if signing else words("no sign-offs")
    if narrowed := [code(name) for name in _CONDITIONS if getattr(rules.when, name)]:
        names = words.listed(narrowed)
        yield words("releases only, as `release: when` tells them by {names}; other pull requests pass", names=names)
    else:
        yield words("every pull request is a release, for there is no `release: when`")
    if rules.mode is Mode.SHADOW:
        yield words("`mode: shadow`: everything is judged and shown, nothing is blocked")
    if rules.is_fixed:
        yield words("`check: {{fixed: true}}`: the check is called {name} for all bases", name=code(FIXED))


_CONDITIONS = ("base", "head", "labels", "title", "paths", "any")
_MOST_IDS = 30
_ITEMS: Mapping[Tier, Callable[[Words, int, str], str]] = {
    Tier.CRITICAL: lambda words, number, names: words.many(
        "{number} critical item: {names}", "{number} critical items: {names}", number, names=names
    ),
    Tier.HIGH: lambda words, number, names: words.many(
        "{number} high item: {names}", "{number} high items: {names}", number, names=names
    ),
    Tier.MEDIUM: lambda words, number, names: words.many(
        "{number} medium item: {names}", "{number} medium items: {names}", number, names=names
    ),
}


def _some(ids: Iterable[str], words: Words) -> str:
    """The first of them, and how many more there are."""
    names = [code(id) for id in ids]
    more = len(names) - _MOST_IDS
    return words.listed([*names[:_MOST_IDS], *([words("{number} more", number=more)] if more > 0 else [])])


def _faulty(name: str, rules: BrokenRules, lead: str, words: Words) -> Report:
    notes = annotated(rules.file, rules.faults, words)
    return Report(
        name=name,
        status="completed",
        conclusion="failure",
        title=unreadable(len(rules.faults), words),
        summary=joined([lead, fault_table(rules.faults, words)], words=words) + mark(notes),
        annotations=notes,
        comment="",
        starts_comment=False,
    )
