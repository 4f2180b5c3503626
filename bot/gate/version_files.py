"""Finds the version that a file declares, by the file's name."""

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

from bot.gate.facts import Fact, File, Unavailable
from bot.gate.patterns import regex
from bot.gate.version_numbers import parse_version

_ASSIGNED = regex(r"(?mi)^[ \t]*(?:__version__|version)[ \t]*[:=][ \t]*[\"']?v?([0-9][0-9A-Za-z.+!_-]*)")
_PLAIN = regex(r"^\s*v?([0-9][0-9A-Za-z.+!_-]*)\s*$")


def version_in(path: str, text: str) -> str | None:
    """The version as written, without a leading `v`; None when there is none or the file can't be read."""
    name = path.rpartition("/")[2].lower()
    reader = next((reader for suffix, reader in _READERS.items() if name.endswith(suffix)), _first)
    found = reader(text)
    return found.strip().removeprefix("v") if isinstance(found, str) and found.strip() else None


def declared_in(files: Mapping[str, Fact[File | None]]) -> Fact[Mapping[str, Version]]:
    """The versions that the files carry, by path; a file without one that can be read is left out."""
    found: dict[str, Version] = {}
    for path, file in files.items():
        if isinstance(file, Unavailable):
            return file
        written = version_in(path, file.text) if file and file.text is not None else None
        if written and (version := parse_version(written)):
            found[path] = version
    return found


def same_version(left: str, right: str) -> bool:
    """Whether two spellings mean one version: Python writes `1.0.0rc2` for SemVer's `1.0.0-rc.2` (PEP 440).

    Build metadata makes no other version (SemVer, item 10): Flutter counts its builds there, `1.0.0+7`.
    """
    left, right = (version.partition("+")[0] for version in (left, right))
    try:
        return left == right or PythonVersion(left) == PythonVersion(right)
    except InvalidVersion:
        return False


def _toml(text: str) -> Any:  # noqa: ANN401 - what others wrote
    """`pyproject.toml` (PEP 621, Poetry) and `Cargo.toml`."""
    try:
        data: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    for path in (("project",), ("tool", "poetry"), ("package",), ("workspace", "package")):
        table: Any = data
        for key in path:
            table = table.get(key) if isinstance(table, dict) else None
        if isinstance(table, dict) and isinstance(table.get("version"), str):
            return table["version"]
    return None


def _json(text: str) -> Any:  # noqa: ANN401
    """`package.json`, `composer.json` and the like."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data.get("version") if isinstance(data, dict) else None


def _first(text: str) -> str | None:
    """A file that is a version, or assigns one: `VERSION`, `setup.cfg`, `__init__.py`, `pubspec.yaml`."""
    found = _PLAIN.search(text) or _ASSIGNED.search(text)
    return str(found[1]) if found else None


_READERS: Mapping[str, Callable[[str], Any]] = {".toml": _toml, ".json": _json}
