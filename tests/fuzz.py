"""`python -m tests.fuzz SECONDS [SEED]`: mutated rules files, none of which may crash, take long or fault nowhere."""

import json
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from bot import builtin
from bot.gate.evaluate import evaluate, questions
from bot.gate.facts import ChangedFile
from bot.gate.rules import BrokenRules, Rules
from bot.rules import effective, parse, render, upstream
from bot.rules.document import read
from bot.rules.faults import Faults
from bot.rules.locking import data
from tests.builders import a_snapshot

CONFIG = Path(__file__).parent.parent / "config"
LIMIT = 1.0
"""Seconds of the processor that one file may take."""
STUCK = 20
"""Seconds after which it is given up."""
PEOPLE = "".join(
    f"  {role}: {{teams: [acme/{role}], required: true}}\n"
    for role in ("release-manager", "security", "devops", "product-owner")
)
GOOD = (
    *(path.read_text("utf-8") for path in sorted(CONFIG.rglob("*.yml"))),
    f"version: 1\nextends: release\nmode: shadow\nroles:\n{PEOPLE}checklist:\n  API-001: off\n",
    f"version: 1\nextends: acme/rules@v1:gate.yml\nworkflow_changes: [devops]\nroles:\n{PEOPLE}",
)
SNIPPETS = (
    *("[", "{", "]", "}", ":", " ", "\n", "- ", "&a ", "*a", "!!python/object:os.system ", "<<: ", "'", '"', "|", ">"),
    *(
        "#",
        "\t",
        "---\n",
        "...\n",
        "? ",
        "%YAML 1.1\n",
        "@",
        "`",
        "\0",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\\",
        "é",
        "\U0001f600",
    ),
)
TRAPS = (
    *(
        "yes",
        "no",
        "on",
        "off",
        "y",
        "~",
        "null",
        "true",
        "0o17",
        "017",
        "1_000",
        "1:30",
        "0x1F",
        "1e999",
        ".nan",
        "-.inf",
    ),
    *(
        "9" * 400,
        "2026-02-30",
        "2026-12-06",
        "2999-99-99T99:99Z",
        "1.0",
        "[]",
        "{}",
        "[[]]",
        "{a: }",
        "''",
        '" "',
        "|\n",
        ">-",
    ),
    *("acme/rules", "acme/rules@x:y", "release", "elapsed", "all", "not", "locked: true", "critical", "-1", "0", "101"),
    *(
        '"(a+)+$"',
        '"(?=x)"',
        '"a{1000}{1000}"',
        '"((((((((((a{9}){9}){9}){9}){9}){9}){9})))"',
        r'"\\pN+[\\d-\\w]"',
        '"["',
    ),
    *(
        '"' + "*" * 16 + '"',
        '"' + "**/" * 16 + '"',
        '"' + "*a" * 40 + '"',
        '"[!a-]"',
        '"[[:alpha:]]"',
        '"!(a)"',
        '"[z-a]"',
    ),
    *(
        '"{a,b}{c,d}"',
        '"a\\\\"',
        '"/"',
        '"//"',
        '"../x"',
        '"' + "x" * 5_000 + '"',
        '"\\ud800"',
        '"\\U00110000"',
        '"\\0"',
    ),
)
BOMBS = (
    "[" * 60_000,
    "{a: " * 60_000,
    "- " * 60_000,
    "? " * 60_000,
    "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(60)),
    "<<: [*a, *a]\n" * 5_000,
    "".join(f"k{n}: 1\n" for n in range(20_000)),
    "x: " + "9" * 200_000 + "\n",
    "'" * 100_000,
    "!" * 50_000,
    "#" * 250_000 + "\n",
    "a" * 100_000 + ": 1\n",
    '"' + "\\x41" * 50_000 + '": 1\n',
)


def accidents(text: str, chance: random.Random) -> str:
    """A keyboard that slips."""
    for _ in range(chance.randint(1, 6)):
        at, cut = chance.randrange(len(text) + 1), chance.choice([0, 0, 1, 5, 40])
        text = text[:at] + chance.choice(("", *SNIPPETS)) + text[at + cut :]
    return text


def trapped(text: str, chance: random.Random) -> str:
    """Values that YAML 1.1, a regex engine or a calendar stumbles on."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        key, colon, _rest = lines[at].partition(":")
        lines[at] = f"{key}: {chance.choice(TRAPS)}" if colon else lines[at] + chance.choice(TRAPS)
    return "\n".join(lines)


def shuffled(text: str, chance: random.Random) -> str:
    """Lines that are moved, doubled, lost or indented otherwise."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 8)):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        change = chance.randrange(4)
        if change == 0:
            lines.insert(to, lines[at])
        elif change == 1 and len(lines) > 1:
            del lines[at]
        elif change == 2:
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines[at] = " " * chance.randrange(8) + lines[at].lstrip()
    return "\n".join(lines)


def spliced(text: str, chance: random.Random) -> str:
    """The beginning of one file and the end of another."""
    other = chance.choice(GOOD)
    return text[: chance.randrange(len(text))] + other[chance.randrange(len(other)) :]


def bombed(text: str, chance: random.Random) -> str:
    """Nesting, aliases and lengths that a parser dies of."""
    at = chance.choice([0, len(text), text.find("\n", chance.randrange(len(text))) + 1])
    return text[:at] + chance.choice(BOMBS) + text[at:]


def regrown(text: str, chance: random.Random) -> str:
    """The same tree with some values replaced by others of any shape."""
    node = read(text, Faults())
    tree = data(node) if node else {}
    for _ in range(chance.randint(1, 4)):
        _replace(tree, chance)
    return json.dumps(tree)


def corrupted(text: str, chance: random.Random) -> bytes:
    """Bytes that are no text, other line ends, a mark at the beginning."""
    raw = bytearray(text.encode())
    for _ in range(chance.randint(0, 3)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return chance.choice([b"", b"", b"\xef\xbb\xbf"]) + bytes(raw).replace(
        b"\n", chance.choice([b"\n", b"\r\n", b"\r"])
    )


MUTATIONS: tuple[Callable[[str, random.Random], str | bytes], ...] = (
    *(accidents, accidents, trapped, trapped, shuffled, spliced, regrown, regrown, corrupted),
    bombed,
)


def _replace(tree: Any, chance: random.Random) -> None:
    keys: list[Any] = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    if not keys:
        return
    key = chance.choice(keys)
    if isinstance(tree[key], dict | list) and chance.random() < 0.8:
        _replace(tree[key], chance)
    else:
        tree[key] = _anything(chance, depth=0)


def _anything(chance: random.Random, depth: int) -> Any:
    if depth < 3 and chance.random() < 0.4:
        inner = [_anything(chance, depth + 1) for _ in range(chance.randrange(4))]
        return inner if chance.random() < 0.5 else {str(chance.choice(TRAPS)): value for value in inner}
    return chance.choice(
        [None, True, False, -1, 3, 1e308, "", "a", "off", "main", *(trap.strip('"') for trap in TRAPS)]
    )


PATHS = tuple(
    ChangedFile(path=f"{part}/{'x' * 40}/{number}.py", previous=None, additions=1, deletions=1)
    for part in ("src/auth", "backend/migrations", "docs")
    for number in range(30)
)


def look_at(raw: str | bytes, *, as_upstream: bool) -> Rules | BrokenRules:
    """Everything that is done with a rules file; raises when anything about the answer is wrong."""
    text, elsewhere = (f"version: 1\nextends: acme/rules\nroles:\n{PEOPLE}", raw) if as_upstream else (raw, GOOD[0])
    other = elsewhere.decode("utf-8", "replace") if isinstance(elsewhere, bytes) else elsewhere
    sets = {**builtin.sets(), "acme/rules": other, "acme/rules@v1:gate.yml": other}
    upstream(text)
    rules = parse(text, file="f", source="s", sets=sets)
    size = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    last = size.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 2
    faults = rules.faults if isinstance(rules, BrokenRules) else ()
    for fault in (*faults, *rules.warnings):
        assert 1 <= fault.line <= last, fault
        assert fault.column >= 1, fault
        assert fault.message, fault
    if isinstance(rules, BrokenRules):
        assert faults, "broken without a fault"
    else:
        snapshot = a_snapshot(changes=PATHS)
        questions(rules, snapshot)
        evaluate(rules, snapshot)
        shown = parse(render(effective(text, sets), "f"), file="f", source="s", sets={})
        assert isinstance(shown, Rules), shown
        assert replace(shown, warnings=()) == replace(rules, warnings=()), "what is shown means something else"
    return rules


def main(seconds: float, seed: int) -> int:
    """How many files failed; prints the counts."""
    failed, slowest, counts = 0, 0.0, Counter[str]()
    faults = Counter[str]()
    signal.signal(signal.SIGALRM, _give_up)
    end, number = time.monotonic() + seconds, seed
    while time.monotonic() < end:
        number += 1
        chance = random.Random(number)  # noqa: S311 - chance that can be had again
        mutation = chance.choice(MUTATIONS)
        raw = mutation(chance.choice(GOOD), chance)
        signal.alarm(STUCK)
        began = time.process_time()  # others may work on this machine
        try:
            answer = look_at(raw, as_upstream=chance.random() < 0.2)
            took = time.process_time() - began
            assert took <= LIMIT, f"took {took:.2f} s"
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            failed += 1
            took = time.process_time() - began
            sys.stderr.write(f"\n{mutation.__name__}, seed {number}:\n{traceback.format_exc()}\n")
            Path(f"fuzz-{number}.yml").write_bytes(raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace"))
        else:
            told = answer.faults if isinstance(answer, BrokenRules) else ()
            counts["with faults" if told else "good"] += 1
            faults.update(fault.message.partition(";")[0].split("`")[0][:30] for fault in told)
        slowest = max(slowest, took)
        counts[mutation.__name__] += 1
    signal.alarm(0)
    total = counts["good"] + counts["with faults"] + failed
    ends = f"{counts['good']} good, {counts['with faults']} with faults, {failed} failed"
    print(f"{total} files in {seconds:.0f} s: {ends}")  # noqa: T201
    print(f"{faults.total()} faults that begin in {len(faults)} ways; the slowest file took {slowest:.2f} s")  # noqa: T201
    print(", ".join(f"{name} {counts[name]}" for name in dict.fromkeys(m.__name__ for m in MUTATIONS)))  # noqa: T201
    return failed


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"not done after {STUCK} s")


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(1 if main(*(arguments + [60, 0][len(arguments) :])) else 0)
