"""Turns the command line into calls: one function a command, which imports what it needs when it runs."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import typer

from bot.audit import commands as recorded
from bot.local import commands

if TYPE_CHECKING:
    from bot.gate.rules import BrokenRules, Fault, Rules

T = TypeVar("T")

RULES_FILES = (Path(".release-gate.yml"), Path(".github/release-gate.yml"))

app = typer.Typer(
    name="release-gate",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich alone would cost a third of the start-up time
)


def main() -> None:
    """The program `release-gate`."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"release-gate {version('release-gate')}")
        raise typer.Exit


@app.callback()
def release_gate(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Gate release pull requests by rules that the repository keeps."""


@app.command()
def serve() -> None:
    """Run the server, configured by the environment and `.env`. Ends with 1 when a setting is wrong."""
    import sys

    from bot import app as program
    from bot import logs, settings
    from bot.store import StoreUnusable

    wanted = settings.load()
    if isinstance(wanted, tuple):
        print("\n".join(wanted), file=sys.stderr)
        raise typer.Exit(1)
    logs.set_up()
    try:
        _run(program.serve(wanted))
    except (OSError, StoreUnusable) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def demo(
    script: Annotated[bool, typer.Option("--script", help="Play it through without a browser and compare.")] = False,
    port: Annotated[int, typer.Option(help="Where the page is served; 0 for any free port.")] = 8080,
) -> None:
    """Try the gate on a GitHub in a box: a release pull request from blocked to ready."""
    import sys

    try:
        from bot import demo as play
    except ModuleNotFoundError as error:
        print(
            f"{error}: the demo needs more than the server; try: pip install 'release-gate[sandbox]'", file=sys.stderr
        )
        raise typer.Exit(1) from None
    try:
        is_right = _run(play.script(print) if script else play.page(port, print))
    except OSError as error:
        print(f"{error}; is the port taken? Try another: release-gate demo --port 0", file=sys.stderr)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if is_right else 1)


def _run(program: "Coroutine[Any, Any, T]") -> "T":
    """On uvloop where there is one."""
    import asyncio
    import sys

    if sys.platform == "win32":
        return asyncio.run(program)
    import uvloop

    return uvloop.run(program)


class Format(StrEnum):
    """How faults are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


_File = Annotated[Path | None, typer.Argument(help="Default: .release-gate.yml or .github/release-gate.yml")]
_Upstream = Annotated[
    Path | None, typer.Option("--upstream", help="A copy of the file in another repository that the rules extend.")
]


@app.command()
def lint(
    file: _File = None,
    upstream: _Upstream = None,
    format: Annotated[Format, typer.Option(help="How faults are printed.")] = Format.TEXT,  # noqa: A002 - its name
) -> None:
    """Check a rules file: every fault and warning with its line and column. Ends with 1 when there is any fault."""
    from bot.gate.rules import BrokenRules

    answer = _read_rules(file, upstream).rules
    faults = answer.faults if isinstance(answer, BrokenRules) else ()
    told = sorted((*faults, *answer.warnings), key=lambda fault: (fault.line, fault.column))
    _show(_FORMATS[format](answer.file, told))
    if isinstance(answer, BrokenRules):
        raise typer.Exit(1)
    if format is Format.TEXT:
        counts = {"item": len(answer.checklist), "role": len(answer.roles), "warning": len(answer.warnings)}
        said = [
            f"{number} {noun}{'s' * (number != 1)}" for noun, number in counts.items() if number or noun != "warning"
        ]
        print(f"no faults: {', '.join(said)}")


app.command()(commands.check)
app.command()(commands.bump)
app.command()(commands.document)
app.command()(commands.init)
app.command()(recorded.replay)
app.add_typer(recorded.audit, name="audit")

config = typer.Typer(no_args_is_help=True, help="Look at the rules that hold.")
app.add_typer(config, name="config")


class ShowFormat(StrEnum):
    """How the rules are printed."""

    TEXT = "text"
    JSON = "json"


@config.command()
def show(
    file: _File = None,
    upstream: _Upstream = None,
    format: Annotated[ShowFormat, typer.Option(help="How they are printed.")] = ShowFormat.TEXT,  # noqa: A002
) -> None:
    """Print the rules that hold, with what they extend, and where each entry comes from. Ends with 1 on faults."""
    from dataclasses import asdict

    from bot import rules
    from bot.gate.rules import BrokenRules

    read = _read_rules(file, upstream)
    if isinstance(read.rules, BrokenRules):
        import sys

        print(_as_text(read.rules.file, read.rules.faults), file=sys.stderr)
        raise typer.Exit(1)
    settings = rules.effective(read.raw, read.sets)
    if format is ShowFormat.JSON:
        _show(json.dumps([asdict(setting) for setting in settings], ensure_ascii=False, indent=2))
    else:
        _show(rules.render(settings, read.rules.file).rstrip("\n"))


@config.command()
def schema() -> None:
    """Print the JSON schema of the rules file, for editors."""
    from bot.rules.schema import schema as whole

    print(json.dumps(whole(), ensure_ascii=False, indent=2))


def _show(text: str) -> None:
    if text:
        print(text)


class _Read(NamedTuple):
    """A rules file, what it may extend, and what came of it."""

    rules: "Rules | BrokenRules"
    raw: bytes = b""
    sets: Mapping[str, str | bytes] = {}


def _read_rules(file: Path | None, upstream: Path | None) -> _Read:
    """The rules in the file, by default the one of the current directory; no file, or two, is a fault."""
    from bot import builtin, rules
    from bot.local import rules_file

    found = [file] if file else [path for path in RULES_FILES if path.exists()]
    if not found:
        return _no_rules(RULES_FILES[0], "there is no such file; create it or say which one: `release-gate lint FILE`")
    if len(found) > 1:
        return _no_rules(found[1], f"`{found[0]}` is there too; keep one of them")
    sets: dict[str, str | bytes] = dict(builtin.sets())
    try:
        raw, copy = rules_file.read(found[0]), rules_file.read(upstream) if upstream else b""
    except OSError as error:
        return _no_rules(Path(str(error.filename)), f"the file can't be read: {error.strerror}; name one that can")
    if upstream and (named := rules.upstream(raw)):
        sets[named.name] = copy
    return _Read(rules.parse(raw, file=str(found[0]), source="", sets=sets), raw, sets)


def _no_rules(file: Path, message: str) -> _Read:
    from bot.gate.rules import BrokenRules, Fault

    return _Read(BrokenRules(source="", file=str(file), faults=(Fault(line=1, column=1, path="", message=message),)))


def _as_text(file: str, faults: "Sequence[Fault]") -> str:
    return "\n".join(
        f"{file}:{fault.line}:{fault.column}: {'warning: ' * (fault.severity == 'warning')}{fault.message}"
        for fault in faults
    )


def _as_json(file: str, faults: "Sequence[Fault]") -> str:
    return json.dumps([{"file": file, **_row(fault)} for fault in faults], ensure_ascii=False, indent=2)


def _row(fault: "Fault") -> dict[str, object]:
    return {name: getattr(fault, name) for name in ("line", "column", "path", "message", "severity")}


def _as_github(file: str, faults: "Sequence[Fault]") -> str:
    """Workflow commands, <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>."""
    name = _escaped(file).replace(":", "%3A").replace(",", "%2C")
    return "\n".join(
        f"::{fault.severity} file={name},line={fault.line},col={fault.column}::{_escaped(fault.message)}"
        for fault in faults
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_FORMATS: Mapping[Format, "Callable[[str, Sequence[Fault]], str]"] = {
    Format.TEXT: _as_text,
    Format.JSON: _as_json,
    Format.GITHUB: _as_github,
}
