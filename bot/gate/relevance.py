"""Rules → all that a delivery may be about so that it can change what they decide."""

from collections.abc import Iterator

from bot.gate.mask import ALL, Mask, Subject, Topic, label
from bot.gate.release import When
from bot.gate.rules import BrokenRules, Rules, Via

_ALWAYS = frozenset({Topic(Subject.COMMAND), Topic(Subject.TITLE), Topic(Subject.TAG)})
"""Whatever rules there are: people give commands, and the next version is told from titles and tags."""


def mask_of(rules: Rules | BrokenRules | None) -> Mask:
    """What these rules heed; nothing without rules, and everything while it is not known what they say.

    Deliveries that change what the pull request is, or the rules, are about nothing in particular and always matter.
    """
    if rules is None:
        return frozenset()
    if isinstance(rules, BrokenRules):
        return ALL
    heeded = {label(name) for name in _labels(rules)}
    if any(Via.REVIEW in role.via for role in rules.roles.values()):
        heeded.add(Topic(Subject.REVIEW))
    if rules.semver.squash:
        heeded.add(Topic(Subject.DESCRIPTION))
    return _ALWAYS | heeded | rules.needs().heeds


def _labels(rules: Rules) -> Iterator[str]:
    """Every label that rules name outside their evidence."""
    yield from _labels_of(rules.when)
    for conditions in (*(item.when for item in rules.checklist), *(role.when for role in rules.roles.values())):
        yield from conditions.labels if conditions else ()
    for risk in rules.risks.values():
        yield from risk.when.labels if risk.when else ()
    for freeze in rules.freezes.values():
        yield from freeze.labels
    for names in rules.semver.labels.values():
        yield from names


def _labels_of(when: When) -> Iterator[str]:
    yield from when.labels
    for alternative in when.any:
        yield from _labels_of(alternative)
