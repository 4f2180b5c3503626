"""Tags beyond the newest hundred."""

from dataclasses import replace

import pytest

from bot.gate.facts import Fact, Tag, Unavailable
from bot.gate.needs import Questions
from bot.github import tags
from tests.github.conftest import Desk


async def _with_many_tags(desk: Desk, *, count: int) -> None:
    """One old release, and after it so many newer tags of other kinds; all on the base."""
    desk.sandbox.tag(desk.pull.repository, "v1.2.0")
    desk.sandbox.push_branch(desk.pull.repository, "main", author="rita", files={"x": "1"}, message="later")
    for number in range(count):
        desk.sandbox.tag(desk.pull.repository, f"nightly-{number}")


def _names(tags: Fact[tuple[Tag, ...]]) -> list[str]:
    assert isinstance(tags, tuple)
    return [tag.name for tag in tags]


async def test_old_tags_are_read_by_what_they_begin_with(desk: Desk):
    await _with_many_tags(desk, count=120)
    snapshot = await desk.snapshot()
    assert (snapshot.tag_count, len(_names(snapshot.tags))) == (121, 100)
    found = await desk.answers.to(Questions(tags_of=frozenset({"v", "nightly-", "none-", ""})), snapshot)
    counts = {start: len(_names(tags)) for start, tags in found.tags_of.items()}
    assert counts == {"v": 1, "nightly-": 120, "none-": 0, "": 121}
    assert _names(found.tags_of["v"]) == ["v1.2.0"]


async def test_old_tags_are_read_once_until_tags_change_or_somebody_asks(desk: Desk):
    asked, sandbox = Questions(tags_of=frozenset({"v"})), desk.sandbox

    async def requests() -> int:
        snapshot = await desk.snapshot()
        sandbox.requests.clear()
        await desk.answers.to(asked, snapshot)
        return len(sandbox.requests)

    await _with_many_tags(desk, count=100)
    assert [await requests(), await requests()] == [1, 0]
    sandbox.tag(desk.pull.repository, "nightly-100")
    assert [await requests(), await requests()] == [1, 0]
    desk.caches.forget(desk.ref.repository.installation)
    assert await requests() == 1


async def test_tags_that_may_not_be_read_are_unavailable_and_asked_for_again(desk: Desk):
    await _with_many_tags(desk, count=100)
    snapshot, asked = await desk.snapshot(), Questions(tags_of=frozenset({"v"}))
    desk.sandbox.grant(desk.sandbox.installation("acme"), contents="")
    found = (await desk.answers.to(asked, snapshot)).tags_of["v"]
    assert isinstance(found, Unavailable)
    desk.sandbox.grant(desk.sandbox.installation("acme"), contents="read")
    assert _names((await desk.answers.to(asked, snapshot)).tags_of["v"]) == ["v1.2.0"]


async def test_a_list_that_lacks_a_known_tag_is_not_believed(desk: Desk):
    await _with_many_tags(desk, count=100)
    snapshot = await desk.snapshot()
    known = snapshot.tags if isinstance(snapshot.tags, tuple) else ()
    told = replace(snapshot, tags=(*known, Tag(name="v9.0.0", sha="d" * 40)))
    found = (await desk.answers.to(Questions(tags_of=frozenset({"v"})), told)).tags_of["v"]
    assert found == Unavailable("GitHub does not list `v9.0.0` among the tags like `v`")


async def test_more_tags_than_anybody_reads_are_unavailable(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tags, "MAX_PAGES", 1)
    await _with_many_tags(desk, count=100)
    found = (await desk.answered(tags_of=frozenset({""}))).tags_of[""]
    assert found == Unavailable("there are more than 100 tags, too many to read")
