"""Turns the bytes of a rules file into text that is safe to parse and to show."""

from bot.gate.patterns import regex
from bot.rules.faults import Faults, Mark

SIZE_LIMIT = 256 * 1024

# What can't be seen, or moves what can: controls, what only YAML 1.1 takes for a line break,
# bidirectional overrides (<https://trojansource.codes>), byte order marks and non-characters.
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}\x{fffe}\x{ffff}]"
_LINE_BREAK = r"\r\n|\r|\n"
_TAB = r"(?:^|[\r\n]) *\t[ \t]*[^ \t\r\n]"


def decode(text: str | bytes, faults: Faults) -> str | None:
    """The text, or None when it is too large, no UTF-8, or holds characters that it must not; all of them are told."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > SIZE_LIMIT:
        limit = f"{SIZE_LIMIT // 1024} KB"
        faults.add(Mark(line=1, column=1), "", f"the file has more than {limit}, which is the limit; shorten it")
        return None
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before, wrong = error.object[: error.start].decode(), error.object[error.start]  # without a byte order mark
        faults.add(_end_of(before), "", f"byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8")
        return None
    # One look at the whole answers for nearly every file; line by line would take a second on the largest.
    if not regex(_UNSEEN).search(decoded) and not regex(_TAB).search(decoded):
        return decoded
    for line, content in enumerate(regex(_LINE_BREAK).split(decoded), start=1):
        _look_at(content, line, faults)
    return None


def unseen(text: str) -> str | None:
    """The first character that nobody can see, as `U+202E`; None when all can be seen."""
    match = regex(_UNSEEN).search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def _look_at(content: str, line: int, faults: Faults) -> None:
    if tab := regex(_TAB).search(content):
        column = tab[0].index("\t") + 1
        faults.add(Mark(line=line, column=column), "", "a tab stands in the indentation; indent with spaces")
    if name := unseen(content):
        column = regex(_UNSEEN).search(content).start() + 1
        faults.add(Mark(line=line, column=column), "", f"the control character {name} can't be seen; remove it")


def _end_of(before: str) -> Mark:
    *lines, last = regex(_LINE_BREAK).split(before)
    return Mark(line=len(lines) + 1, column=len(last) + 1)
