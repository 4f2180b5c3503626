"""What the image and the wheel are made of is there, and is what the locks say."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.architecture.sources import ROOT, modules, read, tree

PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
LOCKS = ("requirements-server.lock", "requirements-build.lock")
COPY = re.compile(r"^COPY (?!--from)(?P<sources>.+) \S+$", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Name → version and hashes."""
    return {pin["name"]: (pin["version"], frozenset(HASH.findall(pin["rest"]))) for pin in PIN.finditer(read(lock))}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-") for requirement in requirements}


def copied() -> list[str]:
    return [source for copy in COPY.finditer(read("Dockerfile")) for source in copy["sources"].split()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_smaller_lock_pins_what_the_large_one_pins(lock):
    everything = pins("requirements.lock")
    assert {name: pin for name, pin in pins(lock).items() if everything.get(name) != pin} == {}


@pytest.mark.parametrize("lock", [*LOCKS, "requirements.lock"])
def test_every_pin_has_a_hash_and_no_lock_an_address(lock):
    assert [name for name, (_version, hashes) in pins(lock).items() if not hashes] == []
    assert re.findall(r"^-(?!-hash).*|\w+://\S+|^[^#\s-]+ @ .*", read(lock), re.MULTILINE) == []


def test_the_image_has_what_the_server_imports_and_nothing_for_tests():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    server = pins("requirements-server.lock").keys()
    assert names(project["dependencies"]) - server == set()
    assert (names(project["optional-dependencies"]["dev"]) - names(project["dependencies"])) & server == set()


def test_the_build_lock_has_the_build_backend():
    build = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    assert names(build) - pins("requirements-build.lock").keys() == set()


def test_what_the_image_copies_is_there():
    assert copied()
    assert [source for source in copied() if not (ROOT / source).exists()] == []


def test_the_docker_context_is_what_is_copied_and_no_more():
    allowed = {line.removeprefix("!") for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert allowed == {source.removeprefix("./") for source in copied()}


def test_the_image_runs_as_a_number_that_is_not_root():
    users = re.findall(r"^USER (\d+):(\d+)$", read("Dockerfile"), re.MULTILINE)
    assert users
    assert ("0", "0") not in users


def test_the_image_sets_only_what_the_server_reads():
    known = {field.validation_alias for field in Settings.model_fields.values()}
    environment = re.findall(r"^ENV ((?:.*\\\n)*.*)$", read("Dockerfile"), re.MULTILINE)[-1]
    variables = set(re.findall(r"\b([A-Z_]+)=", environment)) - {"PATH"}
    assert {name for name in variables if not name.startswith("PYTHON")} - known == set()
    assert {"HOST", "PORT", "DATABASE_URL"} <= variables


def test_the_wheel_ships_the_built_in_sets():
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"config": "bot/config"}
    assert (ROOT / "config" / "release.yml").is_file()


def test_continuous_integration_is_one_script_that_runs():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    assert "\nset -euo pipefail\n" in read(".ci/run")
    assert "\nmake test\n" in read(".ci/run")


def test_the_server_imports_nothing_that_its_lock_does_not_install():
    """Development installs more than the image: what is there by chance is missing where it counts."""
    known = packages_distributions()
    server = [path for path in modules("bot") if not path.as_posix().startswith(("bot/sandbox", "bot/demo"))]
    imported = (
        {name.partition(".")[0] for path in server for name in _imports(path)} - sys.stdlib_module_names - {"bot"}
    )
    missing = {name for name in imported if not {canonical(one) for one in known[name]} & pins(LOCKS[0]).keys()}
    assert len(imported) > 10
    assert missing == set()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
