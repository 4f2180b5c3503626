"""Decisions in the database: each behind the last one of its chain, whoever writes; bodies go with age, links never."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.record.body import packed
from bot.record.chain import first_break
from bot.record.codec import Unreadable
from bot.store import StoreRefused, StoreUnusable, ageing, decisions, open_store
from bot.store.reading import read_store
from tests.record.test_chain import BODY, an_entry

NOW = 1_000 * 86_400.0
DAY = 86_400
ENTRY = an_entry(body=BODY)


@pytest.fixture
async def store(database):
    async with open_store(database, now=lambda: NOW) as opened:
        yield opened


async def _chain(store, subject: str = "PR_7"):
    return await decisions.chain(store, subject=subject)


async def test_decisions_form_a_chain(store):
    for title in ("Blocked", "Waiting", "Ready"):
        await decisions.append(store, replace(ENTRY, title=title), packed(BODY))
    await decisions.append(store, replace(ENTRY, subject="PR_8"), None)
    chain = await _chain(store)
    assert [(one.number, one.title) for one in chain] == [(1, "Blocked"), (2, "Waiting"), (3, "Ready")]
    assert first_break(chain) == ""
    assert await decisions.last(store, subject="PR_7") == chain[-1]
    assert (await decisions.with_body(store, chain[1])).body == BODY
    assert [one.number for one in await _chain(store, "PR_8")] == [1]


async def test_without_a_decision_there_is_none(store):
    assert await decisions.last(store, subject="PR_7") is None
    assert await _chain(store) == ()
    assert await decisions.subjects(store) == ()


async def test_a_merge_group_has_its_own_last_decision_in_the_same_chain(store):
    group = replace(ENTRY, target="group:3:acme/shop:main:aaa")
    of_pull = await decisions.append(store, ENTRY, None)
    of_group = await decisions.append(store, group, None)
    assert of_group.number == 2
    assert await decisions.last(store, subject="PR_7", target=ENTRY.target) == of_pull
    assert await decisions.last(store, subject="PR_7", target=group.target) == of_group


async def test_many_at_once_still_form_one_chain(store):
    titles = ["a", "b", "c", "d"]
    await asyncio.gather(*[decisions.append(store, replace(ENTRY, title=title), None) for title in titles])
    chain = await _chain(store)
    assert first_break(chain) == ""
    assert sorted(one.title for one in chain) == titles


async def test_who_never_gets_a_place_is_refused(store, monkeypatch):
    async def always_behind(*_args, **_named):
        return None

    await decisions.append(store, ENTRY, None)
    monkeypatch.setattr(decisions, "last", always_behind)
    with pytest.raises(StoreRefused, match="others write decisions about the same pull request"):
        await decisions.append(store, ENTRY, None)


async def test_chains_are_found_by_what_their_pull_request_was_called(store):
    await decisions.append(store, ENTRY, None)
    await decisions.append(store, replace(ENTRY, repository="acme/store"), None)
    await decisions.append(store, replace(ENTRY, subject="PR_8", pull=8), None)
    assert await decisions.subjects(store) == ("PR_7", "PR_8")
    for name in ("acme/shop", "ACME/Store"):
        assert await decisions.subjects(store, repository=name, pull=7) == ("PR_7",)
    assert await decisions.subjects(store, repository="acme/shop", pull=9) == ()


async def test_decisions_are_found_by_how_their_digest_begins(store):
    made = [await decisions.append(store, replace(ENTRY, title=str(number)), None) for number in range(20)]
    for one in made:
        assert await decisions.beginning_with(store, one.digest[:12]) == (one,)
        assert await decisions.beginning_with(store, one.digest) == (one,)
    assert len(await decisions.beginning_with(store, "")) == 3


async def test_bodies_go_after_400_days_and_the_chain_stays(store, monkeypatch):
    monkeypatch.setattr(decisions, "_AT_ONCE", 2)
    for days_ago in (500, 450, 410, 401, 399):
        entry = replace(ENTRY, at=int(NOW) - days_ago * DAY)
        await decisions.append(store, entry, packed(BODY))
    assert await ageing.forget_old(store) == 4
    chain = await _chain(store)
    assert [(await decisions.with_body(store, one)).body for one in chain] == [None, None, None, None, BODY]
    assert first_break(chain) == ""
    assert await ageing.forget_old(store) == 0


async def test_how_long_bodies_stay_may_be_set(store):
    for days_ago in (31, 29):
        await decisions.append(store, replace(ENTRY, at=int(NOW) - days_ago * DAY), packed(BODY))
    assert await ageing.forget_old(store, keep_facts_days=30) == 1


async def test_others_may_read_beside_the_server(store, database):
    decision = await decisions.append(store, ENTRY, packed(BODY))
    async with read_store(database) as reader:
        assert (await decisions.with_body(reader, decision)).body == BODY
        with pytest.raises(StoreRefused, match=r"readonly|read-only"):
            await decisions.append(reader, ENTRY, None)
        with pytest.raises(StoreRefused, match="for reading alone"):
            await reader.accept(guid="1", event="push", wishes=[])
        await reader.acceptor.close()
    assert await _chain(store) == (decision,)


async def test_a_database_that_is_not_there_can_not_be_read(tmp_path):
    for nowhere in (tmp_path / "nowhere.sqlite3", "postgresql://127.0.0.1:1/gate"):
        with pytest.raises(StoreUnusable, match=r"cannot be read|there is no"):
            async with read_store(nowhere):
                pass


async def test_a_damaged_body_is_told(store):
    decision = await decisions.append(store, ENTRY, b"damaged")
    with pytest.raises(Unreadable, match="damaged"):
        await decisions.with_body(store, decision)


async def test_what_is_not_there_has_no_body(store):
    decision = await decisions.append(store, ENTRY, packed(BODY))
    async with store._begin() as connection:
        await connection.execute(text("DELETE FROM decisions"))
    assert (await decisions.with_body(store, decision)).body is None
