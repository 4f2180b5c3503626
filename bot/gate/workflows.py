"""Names of workflow files, and of what they are made of."""

from collections.abc import Iterable

ACTIONS = "github-actions"
"""The slug of GitHub Actions' App."""

_FOLDER = ".github/workflows/"
_ACTIONS_FOLDER = ".github/actions/"


DEFINING = (f"/{_FOLDER}**", f"/{_ACTIONS_FOLDER}**")
"""Where what workflows do is said, as globs."""


def path_of(file: str) -> str:
    """The path of a workflow that was named by its file name or its whole path."""
    return file if "/" in file else f"{_FOLDER}{file}"


def that_define(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths that say what workflows do, sorted: workflows, which may call each other, and local actions.

    https://docs.github.com/en/actions/sharing-automations/reusing-workflows
    """
    return tuple(sorted(path for path in paths if path.startswith((_FOLDER, _ACTIONS_FOLDER))))
