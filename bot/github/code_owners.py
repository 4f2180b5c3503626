"""Where CODEOWNERS may stand in an answer → the file that counts: the first of three, at the base."""

from bot.gate.facts import Fact, File
from bot.github import decode
from bot.github.client import Answer

_BASE = ("repository", "pullRequest", "baseRef", "target")
_PLACES = ("ownersInFolder", "ownersInRoot", "ownersInDocs")
"""In the order of `bot.gate.code_owners.PATHS`."""


def code_owners(answer: Answer) -> Fact[File | None]:
    """The file, None where there is none; one that GitHub hides might have been the one that counts."""
    for place in _PLACES:
        file = decode.file(decode.fact(answer, *_BASE, place))
        if file is not None:
            return file
    return None
