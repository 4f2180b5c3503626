"""`python -m tests.sweep [PULLS] [HOURS]`: the table of docs/scaling.md about sweeps, so many hours of each row."""

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.sandbox import Ceilings
from tests.sweep.counting import HEADING, Counted
from tests.sweep.world import installed

EVERY = 120.0
"""Seconds after which somebody does something."""


async def main(pulls: int, hours: float) -> int:
    """Refused requests: none is what we want."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    begun = time.monotonic()
    say = sys.stdout.write
    say(f"{HEADING}\n")
    refused = 0
    with TemporaryDirectory() as name:
        async with installed(Path(name), pulls, limits=Ceilings()) as made:
            for what in ("seen for the first time", "all of them known"):
                counted = Counted(name=f"{pulls:,} pull requests, {what}", began=made.now)
                await made.hours(counted, hours, every=EVERY)
                say(f"{counted.row()}\n")
                sys.stdout.flush()
                refused += counted.refused.total()
                known = made.published()
                made.know_all()
            say(f"\n{known:,} show a verdict; {time.monotonic() - begun:.0f} s of real time\n")
    return refused


if __name__ == "__main__":
    arguments = [float(one) for one in sys.argv[1:]]
    sys.exit(1 if asyncio.run(main(int((arguments or [10_000])[0]), (arguments[1:] or [4.0])[0])) else 0)
