"""Turns a rules file and what it extends into the entries that hold, each with the place it was written at."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import yaml

from bot.rules.document import Entry, Table
from bot.rules.faults import Faults
from bot.rules.inheriting import whole
from bot.rules.locking import data
from bot.rules.merging import SECTIONS
from bot.rules.scalars import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One entry that holds."""

    section: str
    id: str
    """Empty where the section itself is the entry."""
    source: str
    """The built-in set or upstream file that it comes from; empty for the file itself."""
    line: int
    """In that file."""
    value: Any


def effective(text: str | bytes, sets: Mapping[str, str | bytes]) -> tuple[Setting, ...]:
    """The entries in their order; `text` is one that `parse` takes, with the same sets."""
    table = whole(text, sets, Faults())
    return tuple(
        setting
        for section, entry in (table.entries.items() if table else ())
        if section not in {"version", "extends"}
        for setting in _settings(section, entry)
    )


def render(settings: tuple[Setting, ...], file: str) -> str:
    """The entries as a rules file that extends nothing, each with its origin in a comment above it."""
    blocks = ["version: 1\n"]
    for section, entries in groupby(settings, key=lambda setting: setting.section):
        listed = list(entries)
        if not listed[0].id:
            blocks.append(f"# {_origin(listed[0], file)}\n{_yaml({section: listed[0].value})}")
            continue
        inner = "".join(f"# {_origin(entry, file)}\n{_yaml({entry.id: entry.value})}" for entry in listed)
        blocks.append(f"{section}:\n{textwrap.indent(inner, '  ')}")
    return "\n".join(blocks)


def _settings(section: str, entry: Entry) -> list[Setting]:
    if section not in SECTIONS or not isinstance(entry.node, Table):
        return [_setting(section, "", entry)]
    return [_setting(section, id, below) for id, below in entry.node.entries.items()]


def _setting(section: str, id: str, entry: Entry) -> Setting:
    at = entry.key_at
    return Setting(section=section, id=id, source=at.inherited, line=at.there or at.line, value=data(entry.node))


def _origin(setting: Setting, file: str) -> str:
    return f"{setting.source or file}:{setting.line}"


class _Dumper(yaml.SafeDumper):
    """Writes what YAML 1.2 reads back as the same value."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None if plain(value) == value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110
    )
