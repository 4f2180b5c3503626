"""Reads the built-in sets of rules that ship with the program: their names and texts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
# In the wheel they lie inside the package, in the source tree beside it.
_PLACES = (_HERE / "config", _HERE.parent / "config")


@cache
def sets() -> Mapping[str, str]:
    """Name to YAML text, for `extends:`; read once."""
    place = next(place for place in _PLACES if (place / "release.yml").is_file())
    return {path.stem: path.read_text("utf-8") for path in sorted(place.glob("*.yml"))}
