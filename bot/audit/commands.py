"""The commands on the record: the command line into calls, their answers into text."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.audit.verifying import Known
    from bot.store import Store

T = TypeVar("T")
USAGE = 2

_Database = Annotated[str | None, typer.Option(help="Where the decisions are; default: DATABASE_URL.")]
_PullRequest = Annotated[str | None, typer.Option(help="Of one alone: owner/repo#7.")]

audit = typer.Typer(no_args_is_help=True, help="Look at the record of decisions.")


def replay(
    decision: Annotated[
        str | None, typer.Argument(help="Six digits of its digest or more, owner/repo#7 or owner/repo#7:3.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="Make all decisions of an export again; - for the standard input.")
    ] = None,
    database: _Database = None,
) -> None:
    """Make a decision again from what it was made from.

    Ends with 0 when it is the same, 1 when it differs, 2 when it can't be told.
    """
    from bot.audit.asking import exported, the_one
    from bot.audit.replaying import can_be_made_again
    from bot.audit.replaying import replay as made_again
    from bot.ledger import program

    if (decision is None) is (file is None):
        _refuse(
            "name one decision, or an export: `release-gate replay owner/repo#7`, `release-gate replay --from FILE`"
        )
    with _refusals():
        if decision is not None:
            is_same, lines = made_again(_asked(database, lambda store: the_one(store, decision)), program=program())
            typer.echo("\n".join(lines))
        else:
            is_same = True
            with _opened(file) as exports:
                for kept in filter(can_be_made_again, exported(exports)):
                    same, lines = made_again(kept, program=program())
                    is_same = is_same and same
                    typer.echo("\n".join(lines))
    raise typer.Exit(0 if is_same else 1)


@audit.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An export to verify by itself; - for the standard input.")
    ] = None,
    pull_request: _PullRequest = None,
    against: Annotated[Path | None, typer.Option(help="An export of which every decision has to be there.")] = None,
    database: _Database = None,
) -> None:
    """Verify every chain of decisions. Ends with 0 when all are whole, 1 when one is broken, 2 on wrong usage."""
    from bot.audit import verifying
    from bot.audit.asking import exported

    with _refusals():
        if file is not None:
            if pull_request or against or database:
                _refuse("an export is verified by itself; leave the options out, or the file")
            with _opened(file) as lines:
                verified = verifying.verify_lines(exported(lines))
        else:
            known = _known_from(against) if against else {}
            days = _keep_facts_days()
            verified = _asked(
                database, lambda store: verifying.verify(store, pull_request, known, keep_facts_days=days)
            )
    typer.echo("\n".join(verified.lines))
    raise typer.Exit(1 if verified.broken else 0)


@audit.command()
def export(
    pull_request: _PullRequest = None,
    since: Annotated[
        str | None, typer.Option(help="Leave older decisions out: a date, or an ISO 8601 instant.")
    ] = None,
    database: _Database = None,
) -> None:
    """Print decisions as JSON, one a line, chain by chain. Ends with 2 on wrong usage."""
    import sys

    from bot.audit.asking import instant
    from bot.audit.exporting import lines

    async def write(store: "Store") -> None:
        async for line in lines(store, pull_request, start):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()

    with _refusals():
        start = instant(since) if since else None
        _asked(database, write)


@audit.command()
def bundle(
    pull_request: Annotated[str, typer.Argument(help="owner/repo#7")],
    out: Annotated[Path, typer.Option(help="A folder that is new or empty.")],
    database: _Database = None,
) -> None:
    """Write the evidence of a release into a folder: document, decisions, rules, facts. Ends with 2 on wrong usage."""
    from bot.audit import bundling

    with _refusals():
        files = _asked(database, lambda store: bundling.bundle(store, pull_request))
        bundling.write(files, out)
    typer.echo(f"wrote {len(files) + 1} files into {out}; verify them there: sha256sum -c {bundling.SUMS}")


def _known_from(file: Path) -> "Mapping[str, Known]":
    from bot.audit.asking import exported
    from bot.audit.verifying import known_from

    with _opened(file) as lines:
        return known_from(exported(lines))


def _keep_facts_days() -> int:
    from bot import settings

    found = settings.keep_facts_days()
    return found if isinstance(found, int) else _refuse(found)


def _asked(url: str | None, ask: "Callable[[Store], Coroutine[Any, Any, T]]") -> T:
    """What the store answers. Raises `StoreError`."""
    import asyncio

    from bot import settings
    from bot.store.reading import read_store

    found = settings.database(url)
    if isinstance(found, str):
        _refuse(found)

    async def answer() -> T:
        async with read_store(found.place) as store:
            return await ask(store)

    return asyncio.run(answer())


@contextmanager
def _refusals() -> Iterator[None]:
    """What can't be told becomes one line."""
    from bot.audit.asking import NoAnswer
    from bot.record.codec import Unreadable
    from bot.store.errors import StoreError

    try:
        yield
    except (NoAnswer, Unreadable, StoreError, OSError) as error:
        _refuse(str(error))


@contextmanager
def _opened(file: Path | None) -> Iterator[IO[bytes]]:
    import sys

    if str(file) == "-" or file is None:
        yield sys.stdin.buffer
    else:
        with file.open("rb") as opened:
            yield opened


def _refuse(message: str) -> NoReturn:
    typer.echo(f"release-gate: {' '.join(message.split())}", err=True)
    raise typer.Exit(USAGE)
