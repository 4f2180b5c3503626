"""The pages say what the program can do: no command or setting too few, none too many."""

import re

from bot.gate.commands import Verb
from bot.settings import _WANTED
from tests.architecture.sources import read


def first_column(page: str, pattern: str) -> set[str]:
    return set(re.findall(rf"^\| `({pattern})", read(page), re.MULTILINE))


def test_every_command_is_described():
    assert first_column("docs/commands.md", r"/[a-z-]+") == {f"/{verb}" for verb in Verb}


def test_every_setting_is_described():
    assert first_column("docs/configuration.md", "[A-Z_]+") == set(_WANTED)
