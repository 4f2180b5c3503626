"""The cut contracts as validators."""

import functools
import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema_rs

CONTRACT = Path(__file__).parents[1] / "contract"


@functools.cache
def contract(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(gzip.decompress((CONTRACT / f"{name}.json.gz").read_bytes()))
    return loaded


@functools.cache
def _validator(name: str, key: str) -> Any:
    whole = contract(name)
    return jsonschema_rs.Draft202012Validator({**whole["schemas"][key], "$defs": whole["$defs"]})


def faults(name: str, key: str, value: object) -> list[str]:
    """What the contract says against a value, each with its place."""
    found = _validator(name, key).iter_errors(value)
    return [f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in found]
