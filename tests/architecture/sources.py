"""The repository's files and their syntax trees, for the tests beside this module."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ("record", "rules", "report", "evidence", "gate")


def read(path: str | Path) -> str:
    """The text of a file, by its path from the root."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or is about to be, under version control; paths from the root."""
    # The folder may belong to somebody else, as checkouts in continuous integration do.
    listed = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    return tuple(sorted({Path(name) for name in names if name and (ROOT / name).is_file()}))


def modules(*folders: str) -> Iterator[Path]:
    """The Python modules below these folders; paths from the root."""
    for folder in folders:
        yield from sorted(path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py"))


def core_modules() -> tuple[Path, ...]:
    """The modules that decide."""
    return tuple(modules(*(f"bot/{package}" for package in CORE)))


def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(read(path), filename=str(path))
