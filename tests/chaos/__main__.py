"""`python -m tests.chaos --kills N`: so many `kill -9`, or the scenarios that are named; ends with 1 when one loses."""

import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import uvloop

from tests import postgres
from tests.chaos.books import Books, File, Table
from tests.chaos.killing import Plan, round_
from tests.chaos.scenarios import SCENARIOS
from tests.chaos.stage import staged
from tests.chaos.tally import Tally
from tests.postgres import Server

ROUNDS = 3
"""After which everything begins anew, so that first starts are among what is killed."""
KILLS = 16
"""In each round."""


def asked() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--replicas", type=int, help="on PostgreSQL; 2 unless given")
    parser.add_argument("--scenario", nargs="+", choices=["all", *SCENARIOS], help="instead of kills")
    parser.add_argument("--keep", type=Path, help="where logs and databases are left")
    return parser.parse_args()


async def live(directory: Path, server: Server | None, wanted: argparse.Namespace, tally: Tally) -> None:
    """Campaign after campaign until there were so many kills."""
    replicas = (wanted.replicas or 2) if server else 1
    number = 0
    while tally.total < wanted.kills:
        number += 1
        seed = wanted.seed * 1_000 + number
        here = directory / str(number)
        here.mkdir()
        books: Books = Table(server, await server.create()) if server else File(here / "gate.sqlite3")
        async with staged(here, books, seed=seed, replicas=replicas) as stage:
            for turn in range(ROUNDS):
                left = wanted.kills - tally.total
                if left > 0:
                    await round_(stage, tally, Plan(kills=min(KILLS, left), waits_for_takeover=turn % 3 == 2))
                    say(f"{tally.total} kills, seed {seed}, round {turn + 1}")
        shutil.rmtree(here)


def say(text: str) -> None:
    """Progress."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


@contextlib.contextmanager
def a_server(*, is_wanted: bool) -> Iterator[Server | None]:
    """PostgreSQL, for those who want it."""
    if is_wanted:
        with postgres.serving() as server:
            yield server
    else:
        yield None


async def play(directory: Path, names: Collection[str], seed: int) -> None:
    """Each by itself; a line for each."""
    for name in SCENARIOS if "all" in names else names:
        here = directory / name
        here.mkdir()
        began = time.monotonic()
        print(f"{name}: {await SCENARIOS[name](here, seed)} ({time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201


def kill(directory: Path, wanted: argparse.Namespace) -> None:
    """As often as wanted; the table is told also of those before it went wrong."""
    tally, began = Tally(), time.monotonic()
    try:
        with a_server(is_wanted=wanted.database == "postgresql") as server:
            uvloop.run(live(directory, server, wanted, tally))
    finally:
        print(tally.table())  # noqa: T201
        counts = ", ".join(f"{name} {count}" for name, count in sorted(tally.counts.items()))
        print(f"\n{counts}; longest takeover {tally.longest_takeover:.1f} s")  # noqa: T201
        print(f"{tally.total} kills in {time.monotonic() - began:.0f} s, {wanted.database}, seed {wanted.seed}")  # noqa: T201


def main() -> int:
    """Says how it went."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no server is left behind
    wanted = asked()
    directory = wanted.keep or Path(tempfile.mkdtemp(prefix="chaos-"))
    directory.mkdir(exist_ok=True)
    try:
        if wanted.scenario:
            uvloop.run(play(directory, wanted.scenario, wanted.seed))
        else:
            kill(directory, wanted)
    except AssertionError as broken:
        say(f"BROKEN: {broken}\nlogs and databases are in {directory}")
        return 1
    if wanted.keep is None:
        shutil.rmtree(directory)
    return 0


if __name__ == "__main__":
    sys.exit(main())
