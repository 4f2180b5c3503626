"""What can go wrong between us and GitHub, sorted by what the caller should do about it.

They are raised in `bot.github.client` only and handled once, in `bot.work`.
"""

from bot.metrics import Wait


class GitHubError(Exception):
    """GitHub did not do what we asked; `str()` is one plain sentence without secrets, fit for a log or a check run."""


class Unreachable(GitHubError):
    """No usable answer (a 5xx, a time-out, a broken connection), retries included. Try again later."""


class RateLimited(GitHubError):
    """A limit of this installation, used up or about to be. Try again after `retry_after` seconds, not before."""

    def __init__(self, message: str, *, retry_after: float, wait: Wait = Wait.TOLD) -> None:
        """`retry_after` is in seconds: until `wait` opens by our own count, or as GitHub said it."""
        super().__init__(message)
        self.retry_after = retry_after
        self.wait = wait


class Ambiguous(GitHubError):
    """A creation may or may not have happened: its answer was lost. Never send it again; look afresh instead."""


class Forbidden(GitHubError):
    """We may not do this: a permission is missing."""


class Gone(GitHubError):
    """The installation, repository or pull request is not there (any more) for us. Drop the work."""


class Suspended(Gone):
    """The installation is suspended: nothing of it is there for us until its owner lifts that. Keep the work."""


class Rejected(GitHubError):
    """GitHub says that the request itself is wrong: our bug, or a schema that moved on."""
