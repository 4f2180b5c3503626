"""The text of a rules file into a file that was not there, or that may be overwritten."""

from pathlib import Path

from bot.gate.rules import RULES_FILES
from bot.local.git import NoAnswer


def target_in(top: Path, *, force: bool) -> Path:
    """Where the rules go: to the file that is there, else to the usual place. Raises `NoAnswer` for one that stays."""
    found = [top / place for place in RULES_FILES if (top / place).exists() or (top / place).is_symlink()]
    if len(found) > 1:
        raise NoAnswer(f"there are both {RULES_FILES[0]} and {RULES_FILES[1]} in {top}; keep one of them")
    if found and not force:
        raise NoAnswer(f"{found[0]} is there already; type --force to overwrite it, or --stdout to see the other one")
    if found and (found[0].is_symlink() or not found[0].is_file()):
        raise NoAnswer(f"{found[0]} is no ordinary file; remove it first")
    return found[0] if found else top / RULES_FILES[0]


def write(file: Path, text: str) -> None:
    """Raises `NoAnswer` when the file can't be written."""
    try:
        file.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise NoAnswer(f"{file} can't be written: {error.strerror}; try --stdout") from None
