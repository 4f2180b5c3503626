"""Asks `git`, with no shell, pager, prompt or `GIT_*` variable of the caller: commands into bytes or one error."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What the caller's shell, or a hook that runs us, may have set about another repository is left out.
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_SSH", "GIT_ASKPASS")
_SET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",  # GitHub knows no replacements
    "GIT_ATTR_NOSYSTEM": "1",
}
# Of the configuration that plumbing still reads, what would change an answer or start a program.
_CONFIG = ("core.fsmonitor=false", "log.showSignature=false", f"core.attributesFile={os.devnull}")


class NoAnswer(Exception):
    """The repository can't be asked that; `str()` is one line for a person, with what to type where that is known."""


@dataclass(frozen=True, slots=True)
class Git:
    """A repository on this machine."""

    folder: Path

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What the command prints. Raises `NoAnswer` when it fails, or when there is no git or no repository."""
        answer = self._run(arguments, given)
        if answer.returncode:
            raise NoAnswer(_said(answer.stderr) or f"`git {arguments[0]}` ended with {answer.returncode}")
        return answer.stdout

    def try_to_ask(self, *arguments: str) -> bytes | None:
        """What the command prints; None when it ends with 1, by which plumbing says no."""
        answer = self._run(arguments, b"")
        if answer.returncode > 1:
            raise NoAnswer(_said(answer.stderr) or f"`git {arguments[0]}` ended with {answer.returncode}")
        return None if answer.returncode else answer.stdout

    def line(self, *arguments: str) -> str:
        """The one line that the command prints; empty when it says no."""
        return text(self.try_to_ask(*arguments) or b"").strip()

    def _run(self, arguments: tuple[str, ...], given: bytes) -> subprocess.CompletedProcess[bytes]:
        options = [part for option in _CONFIG for part in ("-c", option)]
        command = ["git", "-C", str(self.folder), "--no-pager", *options, *arguments]
        try:
            return subprocess.run(command, input=given, capture_output=True, check=False, env=_environment())  # noqa: S603
        except FileNotFoundError:
            raise NoAnswer("there is no `git` on this machine, or none on the PATH; install it") from None
        except (OSError, ValueError) as error:  # a NUL in an argument is a ValueError
            raise NoAnswer(f"git can't be run: {error}") from None


def opened(folder: Path) -> Git:
    """The repository in, or around, a folder that holds at least one commit. Raises `NoAnswer`."""
    if not folder.is_dir():
        raise NoAnswer(f"there is no folder {folder}; name a git repository: --repo PATH")
    git = Git(folder)
    try:
        git.ask("rev-parse", "--git-dir")
    except NoAnswer as error:
        if "not a git repository" in str(error):
            raise NoAnswer(f"{folder} is no git repository; name one: --repo PATH") from None
        raise
    return git


def text(raw: bytes) -> str:
    """Git's bytes as text; what is no UTF-8 is shown as U+FFFD."""
    return raw.decode("utf-8", "replace")


def fields(raw: bytes) -> Iterator[str]:
    """The texts between NULs, where the last one ends with a NUL too."""
    *whole, _ = raw.split(b"\0")
    return (text(field) for field in whole)


def blobs(git: Git, ids: Iterable[str]) -> Iterator[bytes]:
    """The contents of these objects, in this order, by one process. Raises `NoAnswer` for one that is missing."""
    wanted = list(ids)
    raw = git.ask("cat-file", "--batch", given="".join(f"{id}\n" for id in wanted).encode()) if wanted else b""
    at = 0
    for id in wanted:
        end = raw.index(b"\n", at)
        header = raw[at:end].split()
        if len(header) != 3:  # noqa: PLR2004 - `ID TYPE SIZE`; else `ID missing`
            raise NoAnswer(f"the object {id[:12]} is not in this repository; type: git fetch --refetch")
        size = int(header[2])
        yield raw[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | _SET


def _said(stderr: bytes) -> str:
    """The first line that says why, without git's `fatal:`."""
    lines = [line for line in text(stderr).splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return next(iter([*fatal, *lines]), "").removeprefix("fatal:").removeprefix("error:").strip()
