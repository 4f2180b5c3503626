"""A real git repository in a temporary folder, for the tests beside this module."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WHO = {"name": "Ann", "email": "ann@example.test"}


@dataclass(frozen=True, slots=True)
class Repository:
    """Git with nobody's settings but its own."""

    folder: Path

    def git(self, *arguments: str, **who: str) -> str:
        """What the command prints; it must succeed."""
        wanted = WHO | who
        identity = {
            f"GIT_{part}_{key.upper()}": value for part in ("AUTHOR", "COMMITTER") for key, value in wanted.items()
        }
        # No settings of this machine, and none of a hook that runs the tests.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **identity}
        command = ["git", "-C", str(self.folder), "-c", "protocol.file.allow=always", *arguments]
        ran = subprocess.run(command, capture_output=True, check=True, env=environment)
        return ran.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None, **who: str) -> str:
        """Writes the files, commits everything and returns the hash."""
        for path, content in (files or {}).items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, **who)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Makes the branch and goes there."""
        self.git("checkout", "--quiet", "-b", name, at)


def a_repository(folder: Path, *, branch: str = "main") -> Repository:
    """An empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    repository = Repository(folder)
    repository.git("init", "--quiet", f"--initial-branch={branch}")
    return repository


def a_release(folder: Path, files: Mapping[str, str | bytes] | None = None, rules: str | None = None) -> Repository:
    """Version 1.2.0 on `main`, and a feature on `release/1.3.0` that is checked out."""
    repository = a_repository(folder)
    repository.commit("chore: begin", {"README.md": "# shop\n", **({".release-gate.yml": rules} if rules else {})})
    repository.git("tag", "v1.2.0")
    repository.branch("release/1.3.0")
    repository.commit("feat: sell by the dozen", files or {"src/shop.py": "dozen = 12\n"})
    return repository
