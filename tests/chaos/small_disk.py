"""A directory → a disk of a few megabytes there, which can be full for a while."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SIZE = "16m"  # SQLite writes back its log when that has four


@contextlib.contextmanager
def small_disk(directory: Path) -> Iterator[Path]:
    """A tmpfs, which only root may mount. Raises `AssertionError` where that is not allowed."""
    directory.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", directory], check=False)
    assert done.returncode == 0, "a small disk can't be mounted here; run this as root"
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left while the block runs."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        ballast.unlink()
