"""One thing at a time: a decision, and the start of a command."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.evidence.check import Check
from bot.gate.evaluate import evaluate
from bot.gate.verdict import Outcome
from tests.bench.table import Row, row
from tests.builders import a_check, a_comment, a_commit, a_role, a_snapshot, an_item, rules_of

DECISIONS, STARTS = 100, 15
RULES = """\
version: 1
extends: release
roles:
  devops: {teams: [acme/devops]}
  product-owner: {teams: [acme/product]}
  release-manager: {teams: [acme/release]}
  security: {teams: [acme/security]}
"""


async def decision() -> AsyncIterator[Row]:
    """`evaluate` of a large pull request; every comment is a command."""
    names = [f"check-{n}" for n in range(500)]
    rules = rules_of(a_role(), *(an_item(Check(name=name), id=name) for name in names[:50]))
    snapshot = a_snapshot(
        checks=tuple(a_check(name, id=n) for n, name in enumerate(names)),
        comments=tuple(a_comment("/approve security", ago=n / 10) for n in range(200)),
        commits=tuple(a_commit(f"feat: {n}") for n in range(100)),
        pushers=frozenset({"zed"}),
    )
    assert evaluate(rules, snapshot).outcome is Outcome.READY
    took = []
    for _ in range(DECISIONS):
        began = time.perf_counter()
        evaluate(rules, snapshot)
        took.append((time.perf_counter() - began) * 1000)
    yield row("`evaluate`, 50 items, 500 checks, 200 comments, ms", "≤ 20", took, digits=1)


async def lint() -> AsyncIterator[Row]:
    """`release-gate lint` from its start to its answer."""
    took = []
    with TemporaryDirectory() as name:
        (Path(name) / ".release-gate.yml").write_text(RULES, "utf-8")
        for _ in range(STARTS):
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "lint", cwd=name, stdout=PIPE, stderr=DEVNULL
            )
            answer, _ = await process.communicate()
            assert answer.startswith(b"no faults"), answer
            took.append(time.perf_counter() - began)
    yield row("`release-gate lint` from start to answer, s", "≤ 0.40", took, digits=2)
