"""`python -m tests.chaos.shifted FILE serve`: release-gate with a clock that is off by what FILE says just now."""

import mmap
import struct
import sys
import time
from pathlib import Path
from typing import Final

SECONDS: Final = struct.Struct("d")


def set_clock(file: Path, ahead: float) -> None:
    """From now on the process that reads `file` has a clock that is so many seconds ahead."""
    if not file.exists():
        file.write_bytes(SECONDS.pack(ahead))
    with file.open("r+b") as opened:
        opened.write(SECONDS.pack(ahead))


def main() -> None:
    """Until it is told to stop."""
    with Path(sys.argv[1]).open("rb") as opened:
        ahead = mmap.mmap(opened.fileno(), SECONDS.size, access=mmap.ACCESS_READ)
    true = time.time
    time.time = lambda: true() + SECONDS.unpack(ahead[: SECONDS.size])[0]
    sys.argv[:] = ["release-gate", *sys.argv[2:]]

    from bot.cli import main as release_gate

    release_gate()


if __name__ == "__main__":
    main()
