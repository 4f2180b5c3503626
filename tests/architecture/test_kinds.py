"""A kind of evidence has four places; whichever was forgotten is named."""

import dataclasses
import re
from collections.abc import Mapping

import pytest

from bot.evidence import KINDS
from tests.architecture.sources import ROOT, read

NOT_A_KIND = {"__init__", "combined"}
ROW = re.compile(r"^\| `(?P<kind>\w+)` \|(?P<rest>.*)$", re.MULTILINE)


def the_table_of_kinds() -> dict[str, str]:
    """The rows of docs/evidence.md below its heading `## Kinds`."""
    section = read("docs/evidence.md").partition("\n## Kinds\n")[2].partition("\n## ")[0]
    return {row["kind"]: row["rest"] for row in ROW.finditer(section)}


def places() -> dict[str, set[str]]:
    """Each of the four places, with the kinds that are there."""
    files = (path.stem for path in (ROOT / "bot/evidence").glob("*.py"))
    tests = (path.stem.removeprefix("test_") for path in (ROOT / "tests/evidence").glob("test_*.py"))
    return {
        "bot/evidence/{kind}.py": set(files) - NOT_A_KIND,
        "a line in KINDS of bot/evidence/__init__.py": set(KINDS),
        "tests/evidence/test_{kind}.py": set(tests) - NOT_A_KIND,
        "a row of the table in docs/evidence.md": set(the_table_of_kinds()),
    }


def forgotten(places: Mapping[str, set[str]]) -> list[str]:
    """Which place is missing for which kind, for kinds that are in at least one place."""
    known = set[str]().union(*places.values())
    return [
        f"the kind `{kind}` lacks {place.format(kind=kind)}"
        for kind in sorted(known)
        for place, kinds in places.items()
        if kind not in kinds
    ]


def test_every_kind_has_its_four_places():
    assert forgotten(places()) == []


@pytest.mark.parametrize("place", places())
def test_the_forgotten_place_is_named(place):
    incomplete = {known: {"soak"} if known != place else set[str]() for known in places()}
    assert forgotten(incomplete) == [f"the kind `soak` lacks {place.format(kind='soak')}"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_row_names_every_option(kind):
    row = the_table_of_kinds()[kind]
    options = [field.name.rstrip("_") for field in dataclasses.fields(KINDS[kind])]  # type: ignore[arg-type]
    assert [option for option in options if f"`{option}`" not in row] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_is_a_frozen_value(kind):
    parameters = KINDS[kind].__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert hasattr(KINDS[kind], "__slots__")
