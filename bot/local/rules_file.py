"""A path into the bytes of a rules file: no more of them than a rules file may have, and one that tells of it."""

from pathlib import Path

from bot.rules.characters import SIZE_LIMIT


def read(file: Path) -> bytes:
    """The file's bytes, cut one after the limit, so that `/dev/zero` ends too. Raises `OSError`."""
    with file.open("rb") as opened:
        return opened.read(SIZE_LIMIT + 1)
