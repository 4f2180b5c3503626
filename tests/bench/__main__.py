"""`python -m tests.bench [NAME …]`: measures, and prints one table."""

import logging
import os
import sys
import time

import uvloop

from bot import logs
from tests.bench.acceptance import acceptance
from tests.bench.large import growth, paths, release, stack
from tests.bench.single import decision, lint
from tests.bench.storms import irrelevant, sixty, three_hundred, warm
from tests.bench.table import HEAD
from tests.bench.versions import bumps

ALL = (acceptance, sixty, three_hundred, irrelevant, stack, warm, release, decision, paths, lint, bumps, growth)
BENCHES = {one.__name__: one for one in ALL}


async def main(names: list[str]) -> None:
    """The rows of each bench, as they come."""
    print(HEAD)  # noqa: T201
    for name in names or BENCHES:
        async for row in BENCHES[name]():
            print(row, flush=True)  # noqa: T201


if __name__ == "__main__":
    logs.set_up(sys.stderr, level=logging.ERROR)
    began = time.monotonic()
    uvloop.run(main(sys.argv[1:]))
    sys.stderr.write(f"\nmeasured in {time.monotonic() - began:.0f} s on {os.cpu_count()} cores\n")
