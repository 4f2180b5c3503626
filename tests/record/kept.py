"""Whether what a database holds of decisions is whole, and each is the same when it is made again."""

from pathlib import Path

from bot.record.body import kept_in, line_of
from bot.record.chain import Decision, Kind, altered, first_break
from bot.record.grounds import facts_of, rules_of
from bot.record.replay import replayed
from bot.store import Store, decisions, open_store


async def all_decisions(database: Path | str) -> tuple[Decision, ...]:
    """Of every chain in turn."""
    async with open_store(database, now=lambda: 0.0) as store:
        return tuple([one for subject in await decisions.subjects(store) for one in await _chain(store, subject)])


async def the_record_holds(database: Path | str) -> None:
    """Every chain is whole, and every decision decides the same from what is kept of it, byte for byte."""
    async with open_store(database, now=lambda: 0.0) as store:
        for subject in await decisions.subjects(store):
            chain = await _chain(store, subject)
            assert first_break(chain) == ""
            for decision in chain:
                await _same_again(store, decision)


async def _chain(store: Store, subject: str) -> tuple[Decision, ...]:
    return await decisions.chain(store, subject=subject)


async def _same_again(store: Store, decision: Decision) -> None:
    kept = await decisions.with_body(store, decision)
    assert altered(kept) == ""
    assert kept_in(line_of(kept)) == kept
    if kept.body and decision.kind is Kind.VERDICT:
        again = replayed(kept.body)
        assert again.differences == ()
        assert (facts_of(again.grounds), rules_of(again.grounds)) == (kept.body.facts, kept.body.rules)
