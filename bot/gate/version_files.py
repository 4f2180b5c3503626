"""Finds the version that a file declares, by the file's name."""

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

from bot.gate.facts import Fact, File, Unavailable
from bot.gate.markup import code
from bot.gate.patterns import regex
from bot.gate.version_numbers import parse_version

_ASSIGNED = regex(
    r"(?mi)^[ \t]*(?:[a-z]+\.|@)?(?:__version__|version)(?:[ \t]*:[ \t]*str)?[ \t]*[:= ][ \t]*[\"']?"
    r"v?([0-9][0-9A-Za-z.+!_-]*)"
    r"|\bsetup\(.*\bversion[ \t]*=[ \t]*[\"']v?([0-9][0-9A-Za-z.+!_-]*)"
)
_OF_YAML = regex(r"(?m)^version[ \t]*:[ \t]*[\"']?v?([0-9][0-9A-Za-z.+!_-]*)")
_TAG = regex(r"<(/?)([A-Za-z][\w:.-]*)[^<>]*?(/?)>([^<]*)")
_COMMENT = regex(r"(?s)<!--.*?-->")
_XML = {("project", "version"), ("project", "propertygroup", "version"), ("project", "propertygroup", "versionprefix")}
"""Where Maven and MSBuild keep a project's own version; that of its parent and of what it uses stand elsewhere."""
_PLAIN = regex(r"^\s*v?([0-9][0-9A-Za-z.+!_-]*)\s*$")


def version_in(path: str, text: str) -> str | None:
    """The version as written, without a leading `v`; None when there is none or the file can't be read."""
    name = path.rpartition("/")[2].lower()
    reader = next((reader for suffix, reader in _READERS.items() if name.endswith(suffix)), _first)
    found = reader(text.removeprefix("\ufeff"))
    return found.strip().removeprefix("v") if isinstance(found, str) and found.strip() else None


def declared_in(files: Mapping[str, Fact[File | None]]) -> Fact[Mapping[str, Version]]:
    """The versions that the files carry, by path; a file without one that can be read is left out."""
    found: dict[str, Version] = {}
    for path, file in files.items():
        if isinstance(file, Unavailable):
            return file
        if version := _carried(path, file):
            found[path] = version
    return found


def unread_in(files: Mapping[str, Fact[File | None]], before: Mapping[str, Fact[File | None]]) -> Mapping[str, str]:
    """Why no version can be read in those where none can, by path; one that was not there before either is left out."""
    return {
        path: _why_not(path, file)
        for path, file in files.items()
        if not isinstance(file, Unavailable) and _carried(path, file) is None and (file or before.get(path))
    }


def _carried(path: str, file: File | None) -> Version | None:
    written = version_in(path, file.text) if file and file.text is not None else None
    return parse_version(written) if written else None


def _why_not(path: str, file: File | None) -> str:
    if file is None:
        return f"{code(path)} is gone at the head"
    if file.text is None:
        return f"{code(path)} is binary or too large to read"
    written = version_in(path, file.text)
    return f"{code(path)} says {code(written)}, which is no version" if written else f"no version found in {code(path)}"


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
    """A file that is a version, or assigns one: `VERSION`, `setup.cfg`, `__init__.py`, `mix.exs`, a gemspec."""
    found = _PLAIN.search(text) or _ASSIGNED.search(text)
    return next((str(one) for one in found.groups() if one), None) if found else None


def _yaml(text: str) -> str | None:
    """`pubspec.yaml`, `Chart.yaml`: what stands at the top, not that of something below."""
    found = _PLAIN.search(text) or _OF_YAML.search(text)
    return str(found[1]) if found else None


def _xml(text: str) -> str | None:
    """`pom.xml`, `*.csproj`: the project's own, by the names of the elements around it."""
    path: list[str] = []
    for found in _TAG.finditer(_COMMENT.sub("", text)):
        closing, name, empty, inside = found.groups()
        if closing:
            del path[-1:]
        elif not empty:
            path.append(name.lower())
            if tuple(path) in _XML:
                return str(inside)
    return None


def _none(_: str) -> None:
    """A version of the file's own format is none of the project."""


_READERS: Mapping[str, Callable[[str], Any]] = {
    ".toml": _toml,
    ".json": _json,
    "compose.yml": _none,
    "compose.yaml": _none,
    ".yml": _yaml,
    ".yaml": _yaml,
    "pom.xml": _xml,
    "proj": _xml,
    ".props": _xml,
}
"""By how the file's name ends, the first that fits."""
