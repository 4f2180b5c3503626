"""`release-gate bump --stdin`: from its start to its last answer."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator

from tests.bench.table import Row, row

RUNS = 5
MESSAGES = (
    "fix(api): count twice\n\nA body of two lines that says\nwhat was wrong.\n\nReviewed-by: ann",
    "chore(deps): bump lodash from 1.2.3 to 1.2.4\n\nBumps [lodash](https://example.test) from 1.2.3 to 1.2.4.",
    "feat: sell by the dozen (#12)",
    "Merge pull request #13 from acme/feature",
    "docs: say how\n\nBREAKING CHANGE: none of it",
)


async def bumps() -> AsyncIterator[Row]:
    """10,000 messages in one release, and 1,500 releases of ten."""
    yield row("`release-gate bump`, 10,000 messages, s", "≤ 1.0", await _timed(1, 10_000), digits=2)
    yield row("`release-gate bump`, 1,500 releases of 10, s", "≤ 5.0", await _timed(1_500, 10), digits=2)


async def _timed(releases: int, messages: int) -> list[float]:
    lines = "".join(_line(number, messages) for number in range(releases)).encode()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "bump", "--stdin", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        answers, _ = await process.communicate(lines)
        assert answers.count(b'"next"') == releases, answers[:200]
        took.append(time.perf_counter() - began)
    return took


def _line(release: int, messages: int) -> str:
    """A release whose messages are no other one's."""
    commits = [
        {"sha": f"{number:040x}", "message": f"{MESSAGES[number % len(MESSAGES)]}\n\nRefs: #{release}-{number}"}
        for number in range(messages)
    ]
    return f"{json.dumps({'current': f'1.{release}.0', 'commits': commits})}\n"
