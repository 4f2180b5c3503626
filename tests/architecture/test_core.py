"""The core decides and does nothing else: it never awaits and never asks for the time."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import core_modules, tree

CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
DOORS = {"open", "print", "input", "__import__", "eval", "exec"}


def impurities(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith() | ast.Await():
                yield f"line {node.lineno} is asynchronous"
            case ast.comprehension(is_async=1):
                yield f"line {node.target.lineno} is asynchronous"
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner,
                name,
            ) in CLOCKS:
                yield f"line {node.lineno} asks {owner}.{name} for the time"
            case ast.Call(func=ast.Name(id=name)) if name in DOORS:
                yield f"line {node.lineno} calls {name}()"


@pytest.mark.parametrize("module", core_modules(), ids=str)
def test_the_core_is_pure(module):
    assert list(impurities(tree(module))) == []


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("async def f(): ...", id="an asynchronous function"),
        pytest.param("async def f():\n    return [x async for x in y]", id="an asynchronous comprehension"),
        pytest.param("from datetime import datetime, UTC\ndatetime.now(UTC)", id="the clock"),
        pytest.param("import datetime\ndatetime.datetime.utcnow()", id="the clock by its module"),
        pytest.param("import time\ntime.time()", id="the other clock"),
        pytest.param("open('x')", id="a file"),
    ],
)
def test_an_impurity_is_found(source):
    assert list(impurities(ast.parse(source)))


def test_a_time_that_is_a_fact_is_no_clock():
    assert list(impurities(ast.parse("candidate.now < deadline"))) == []
