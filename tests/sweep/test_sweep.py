"""A few pull requests, as `python -m tests.sweep` does it with thousands."""

from bot.sandbox import Ceilings
from tests.sweep.counting import Counted
from tests.sweep.world import installed


async def test_pull_requests_are_swept_without_breaking_a_limit_and_people_are_answered(tmp_path):
    async with installed(tmp_path, 12, limits=Ceilings()) as made:
        first = Counted(name="first", began=made.now)
        await made.hours(first, 0.1, every=180.0)
        assert made.published() == 12
        made.know_all()
        later = Counted(name="later", began=made.now)
        await made.hours(later, 0.1, every=180.0)
    assert not first.refused
    assert not later.refused
    assert len(later.waits) >= 2
