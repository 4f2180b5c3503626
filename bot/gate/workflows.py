"""Names of workflow files."""

ACTIONS = "github-actions"
"""The slug of GitHub Actions' App."""

_FOLDER = ".github/workflows/"


def path_of(file: str) -> str:
    """The path of a workflow that was named by its file name or its whole path."""
    return file if "/" in file else f"{_FOLDER}{file}"
