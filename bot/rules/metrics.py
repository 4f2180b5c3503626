"""Reads the section `metrics` of the rules file: words for figures, by the number from which each holds."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bot.gate.markup import code
from bot.gate.metrics import Metric, Ratings
from bot.rules import values
from bot.rules.spot import Reader, Spot, is_table, options

WORD_LIMIT = 50
ITEM = "item"


def metrics(spot: Spot) -> Mapping[Metric, Ratings] | None:
    """Ratings by what is rated."""
    read = options(spot, METRICS)
    return {Metric(name): ratings for name, ratings in read.items()} if read is not None else None


def ratings(spot: Spot) -> Ratings | None:
    """Words by the number from which each of them holds."""
    return _ratings(dict(spot.entries())) if is_table(spot, _WANTED) else None


def coverage(spot: Spot) -> Ratings | None:
    """The same, and the item whose `measure` in percent states it."""
    if not is_table(spot, _WANTED):
        return None
    entries = dict(spot.entries())
    if ITEM not in entries:
        spot.fault(f"`item` is missing in {spot.name}; name the item whose `measure` states it: `item: …`", at_key=True)
        return None
    item = values.item_id(entries.pop(ITEM))
    if not entries:
        spot.fault(f"{spot.name} has no words; write {_WANTED}", at_key=True)
        return None
    read = _ratings(entries)
    return Ratings(steps=read.steps, item=item) if item and read else None


def _ratings(entries: Mapping[str, Spot]) -> Ratings | None:
    """The steps, if all of them can be read."""
    steps = {word: values.number(entry) for word, entry in entries.items()}
    for word, entry in entries.items():
        if len(word) > WORD_LIMIT:
            entry.fault(f"{entry.name} has {len(word)} characters; {WORD_LIMIT} is the limit for a word", at_key=True)
    known = sorted((number, word) for word, number in steps.items() if number is not None)
    twice = [(one, other) for (number, one), (same, other) in pairwise(known) if number == same]
    for one, other in twice:
        said = f"{code(one, limit=60)} and {code(other, limit=60)} begin at the same number; keep one"
        entries[other].fault(said, at_key=True)
    return Ratings(steps=tuple(known)) if len(known) == len(steps) and not twice else None


_WANTED = "words with the number from which each holds, such as `{small: 0, large: 200}`"
METRICS: Mapping[str, Reader[Any]] = {
    str(metric): coverage if metric is Metric.COVERAGE else ratings for metric in Metric
}
