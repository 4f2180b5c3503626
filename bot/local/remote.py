"""The address of a remote → where it is and which repository it names."""

from typing import NamedTuple

from bot.gate.patterns import regex

_REMOTE = regex(
    r"^(?:(?:https?|ssh|git)://(?:[^@/]*@)?([^/:@]+)(?::[0-9]+)?/|(?:[^@/:]+@)?([^/:@]+):)"
    r"([A-Za-z0-9][A-Za-z0-9_-]{0,99})/([A-Za-z0-9._-]{1,100}?)(?:\.git)?/?$"
)


class Remote(NamedTuple):
    """A repository on a host."""

    host: str
    repository: str


def remote(address: str) -> Remote | None:
    """Git's spellings of an address: <https://git-scm.com/docs/git-clone#_git_urls>; None for what is on no host."""
    match = _REMOTE.search(address)
    if not match or match[4] in {".", ".."}:
        return None
    return Remote((match[1] or match[2]).lower().removeprefix("ssh."), f"{match[3]}/{match[4]}")
