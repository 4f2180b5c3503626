"""The commands on a local repository, `check` and `init`: the command line into calls, their answers into text."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

USAGE = 2


class Shape(StrEnum):
    """How the answer of a check is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def check(
    base: Annotated[str, typer.Option(help="The branch, tag or commit that the change goes to.")],
    head: Annotated[str, typer.Option(help="The branch, tag or commit that is to be released.")] = "HEAD",
    repo: Annotated[Path, typer.Option(help="A git repository on this machine.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Rules; default: the rules file at the base.")] = None,
    upstream: Annotated[Path | None, typer.Option(help="A copy of the file elsewhere that the rules extend.")] = None,
    format: Annotated[Shape, typer.Option(help="How the answer is printed.")] = Shape.TEXT,  # noqa: A002 - its name
    strict: Annotated[bool, typer.Option("--strict", help="Let block what git can't tell.")] = False,  # noqa: FBT002
) -> None:
    """Judge a change in a local repository without GitHub.

    Ends with 0 when nothing that git can tell blocks, 1 when blocked, 3 when waiting, 4 when the rules have faults.
    """
    from datetime import UTC, datetime

    from bot.local.asking import check_repository
    from bot.local.git import NoAnswer
    from bot.local.shown import FORMATS

    try:
        checked = check_repository(
            repo, base=base, head=head, config=config, upstream=upstream, at=datetime.now(UTC), strict=strict
        )
    except NoAnswer as error:
        _refuse(str(error))
    typer.echo(FORMATS[format](checked))
    raise typer.Exit(checked.exit_code)


def _refuse(message: str) -> NoReturn:
    typer.echo(f"release-gate: {' '.join(message.split())}", err=True)
    raise typer.Exit(USAGE)
