"""The commands on a local repository: the command line into calls, their answers into text."""

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


class BumpShape(StrEnum):
    """How the answer of a bump is printed."""

    TEXT = "text"
    JSON = "json"


def bump(
    first: Annotated[str | None, typer.Option("--from", help="The branch, tag or commit that was released.")] = None,
    last: Annotated[str, typer.Option("--to", help="The branch, tag or commit that is to be released.")] = "HEAD",
    repo: Annotated[Path, typer.Option(help="A git repository on this machine.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Rules; default: the rules file at --from, if any.")] = None,
    package: Annotated[str, typer.Option(help="One of the packages of the rules.")] = "",
    format: Annotated[BumpShape | None, typer.Option(help="How the answer is printed.")] = None,  # noqa: A002
    stdin: Annotated[bool, typer.Option("--stdin", help="Read releases as JSON, one a line; answer so.")] = False,  # noqa: FBT002
) -> None:
    """Tell the next version, and why.

    Ends with 2 on wrong usage; with --stdin ends with 1 when a line is no release.
    """
    from bot.local.git import NoAnswer

    try:
        if stdin:
            if first is not None or package or format is BumpShape.TEXT:
                _refuse("--stdin reads releases and answers in JSON; leave --from, --package and --format out")
            raise typer.Exit(_bump_lines(config))
        if first is None:
            _refuse("nothing says since when; name what was released, or read releases: --from REF, or --stdin")
        _bump_refs(repo, first, last, config, format or BumpShape.TEXT, package)
    except NoAnswer as error:
        _refuse(str(error))


def _bump_lines(config: Path | None) -> int:
    import json
    import sys

    from bot.local.releases import ORDINARY, answers

    semver = ORDINARY
    if config:
        from bot.local.bump import semver_of

        semver = semver_of(config)
    is_whole = True
    for answer in answers(sys.stdin.buffer, semver):
        is_whole = is_whole and "error" not in answer
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()  # whoever asks line by line waits for it
    return 0 if is_whole else 1


def _bump_refs(repo: Path, first: str, last: str, config: Path | None, shape: BumpShape, package: str) -> None:
    import json
    from datetime import UTC, datetime

    from bot.local.bump import lines, version_between
    from bot.local.releases import shown

    version = version_between(repo, first=first, last=last, config=config, at=datetime.now(UTC), package=package)
    if shape is BumpShape.JSON:
        typer.echo(json.dumps(shown(version), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(lines(version)))


class Tongue(StrEnum):
    """The language of a document."""

    EN = "en"
    RU = "ru"


class DocumentShape(StrEnum):
    """How a document is printed."""

    MARKDOWN = "markdown"
    HTML = "html"


def document(
    base: Annotated[str, typer.Option(help="The branch, tag or commit that the change goes to.")],
    head: Annotated[str, typer.Option(help="The branch, tag or commit that is to be released.")] = "HEAD",
    repo: Annotated[Path, typer.Option(help="A git repository on this machine.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Rules; default: the rules file at the base.")] = None,
    upstream: Annotated[Path | None, typer.Option(help="A copy of the file elsewhere that the rules extend.")] = None,
    language: Annotated[Tongue | None, typer.Option(help="Default: that of the rules.")] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Draft the release notes instead.")] = False,  # noqa: FBT002
    format: Annotated[DocumentShape, typer.Option(help="How it is printed.")] = DocumentShape.MARKDOWN,  # noqa: A002
) -> None:
    """Print the approval document of a change in a local repository. Ends with 2 on wrong usage."""
    from datetime import UTC, datetime

    from bot.local.asking import ask_repository
    from bot.local.document import document_of
    from bot.local.git import NoAnswer

    try:
        asked = ask_repository(repo, base=base, head=head, config=config, upstream=upstream)
    except NoAnswer as error:
        _refuse(str(error))
    is_page = format is DocumentShape.HTML
    told = document_of(asked, at=datetime.now(UTC), language=language, is_notes=notes, is_page=is_page)
    typer.echo(told, nl=False)


def init(
    repo: Annotated[Path, typer.Option(help="A folder in a git repository.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite the rules file that is there.")] = False,  # noqa: FBT002
    stdout: Annotated[bool, typer.Option("--stdout", help="Print it and write nothing.")] = False,  # noqa: FBT002
    offline: Annotated[bool, typer.Option("--offline", help="Don't ask GitHub which labels there are.")] = False,  # noqa: FBT002
) -> None:
    """Write a first rules file from what a repository has. Ends with 2 when there is one already."""
    from dataclasses import replace

    from bot.local.first_rules import first_rules
    from bot.local.git import NoAnswer, opened
    from bot.local.inventory import inventory, top_of
    from bot.local.writing import target_in, write

    try:
        git = opened(repo)
        file = None if stdout else target_in(top_of(git), force=force)
        found = inventory(git)
        labels = None if offline else _labels_at(git.line("config", "--get", "remote.origin.url"))
        rules = first_rules(replace(found, labels=labels))
        if file:
            write(file, rules)
    except NoAnswer as error:
        _refuse(str(error))
    typer.echo(f"wrote {file}; read it, then commit it to the default branch" if file else rules, nl=bool(file))


def _labels_at(remote: str) -> tuple[str, ...] | None:
    """The labels on GitHub; None, and a note why, when they can't be read."""
    from bot.gate.facts import Unavailable
    from bot.local.labels import read_labels
    from bot.settings import github

    access = github()
    labels = Unavailable(access) if isinstance(access, str) else read_labels(remote, access)
    if isinstance(labels, Unavailable):
        typer.echo(f"labels not read: {labels.because}", err=True)
        return None
    return labels


def _refuse(message: str) -> NoReturn:
    typer.echo(f"release-gate: {' '.join(message.split())}", err=True)
    raise typer.Exit(USAGE)
