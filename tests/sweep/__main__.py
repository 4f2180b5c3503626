"""`python -m tests.sweep [PULLS] [HOURS]`: the table of docs/scaling.md, sweeps under GitHub's limits."""

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.sandbox import Ceilings
from tests.sweep.counting import HEADING, Counted
from tests.sweep.world import installed

EVERY = 600.0


async def main(pulls: int, hours: float) -> int:
    """Refused requests: none is what we want."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    begun = time.monotonic()
    say = sys.stdout.write
    say(f"{HEADING}\n")
    refused = 0
    with TemporaryDirectory() as name:
        async with installed(Path(name), pulls, limits=Ceilings()) as made:
            for what, most, until_published in (("until all are known", 200.0, True), ("a day", hours, False)):
                counted = Counted(name=f"{pulls:,} pull requests, {what}", began=made.now)
                await made.hours(counted, most, every=EVERY, until_published=until_published)
                say(f"{counted.row()}\n")
                sys.stdout.flush()
                refused += counted.refused.total()
            say(f"\n{made.published():,} show a verdict; {time.monotonic() - begun:.0f} s of real time\n")
    return refused


if __name__ == "__main__":
    arguments = [float(one) for one in sys.argv[1:]]
    sys.exit(1 if asyncio.run(main(int((arguments or [10_000])[0]), ([*arguments, 24.0][1:] or [24.0])[0])) else 0)
