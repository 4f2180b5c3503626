"""A few rounds over HTTP, with the same chance every time; `python -m tests.histories.over_http` lives more."""

from tests.histories.over_http import lived

ROUNDS = 3


async def test_a_fresh_server_has_nothing_to_add(tmp_path):
    counts = await lived(tmp_path, 3, lambda rounds: rounds < ROUNDS)
    assert counts["green"], counts
    assert counts["restarts"], counts
    assert counts["redelivered"], counts
