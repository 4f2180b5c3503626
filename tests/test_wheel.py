"""The built wheel, alone in an empty directory: it carries the built-in sets, and `lint` finds them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROLES = """\
version: 1
extends: release
roles:
  release-manager: {teams: [acme/release], required: true}
  security: {teams: [acme/security], required: true}
  devops: {teams: [acme/sre], required: true}
  product-owner: {users: [ann], required: true}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A directory with the wheel's content and nothing else of ours."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = wheels.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run(install, check=True, capture_output=True)
    return target


@pytest.mark.parametrize(
    ("rules", "ends_with", "says"),
    [
        pytest.param(ROLES, 0, "no faults: 23 items, 4 roles", id="the built-in set with its roles filled"),
        pytest.param(
            "version: 1\nextends: release\n", 1, ":2:10: the role `devops` must sign but has nobody", id="bare"
        ),
        pytest.param(ROLES.replace("extends", "extnds"), 1, ":2:1: there is no option `extnds`", id="a fault"),
    ],
)
def test_lint_runs_from_the_wheel(installed, tmp_path, rules, ends_with, says):
    (tmp_path / ".release-gate.yml").write_text(rules, "utf-8")
    # -P: the source tree isn't beside it, and the editable install comes after PYTHONPATH.
    ran = subprocess.run(
        [sys.executable, "-P", "-c", "import bot, sys; print(bot.__file__); from bot.cli import main; main()", "lint"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.startswith(str(installed)), ran.stderr
    assert says in ran.stdout
    assert ran.returncode == ends_with


@pytest.mark.parametrize("file", ["release-gate.schema.json", "examples/library.yml"])
def test_the_wheel_has_what_editors_and_copyists_need(installed, file):
    assert (installed / "bot" / "config" / file).read_bytes() == (ROOT / "config" / file).read_bytes()


def test_the_wheel_has_a_program(installed, tmp_path):
    program = installed / "bin" / "release-gate"
    ran = subprocess.run(
        [sys.executable, program, "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.startswith("release-gate "), ran.stderr


def test_the_wheel_has_the_translations(installed):
    catalogue = Path("bot/locale/ru/LC_MESSAGES/release-gate.mo")
    assert (installed / catalogue).read_bytes() == (ROOT / catalogue).read_bytes()
