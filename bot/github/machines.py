"""What an answer shows of one commit → the facts that it holds: checks, statuses, suites, files, deployments."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from bot.gate.facts import Fact, Unavailable
from bot.gate.needs import Needs
from bot.github import decode
from bot.github.client import Answer

T = TypeVar("T")
Node = Mapping[str, Any]


def asked(needs: Needs) -> dict[str, object]:
    """The variables of the fragment `Machines` and of the files: what the rules don't look at isn't asked for."""
    paths = {f"path{number}": path for number, path in enumerate(sorted(needs.files))}
    return {
        "outputs": needs.outputs,
        "deployments": bool(needs.environments),
        "environments": sorted(needs.environments),
        **paths,
    }


def facts(
    answer: Answer, commit: tuple[str | int, ...], needs: Needs, contexts: Fact[Iterable[Node]]
) -> dict[str, Any]:
    """The fields of a snapshot about the commit at this path; `contexts` are its checks and statuses, whole."""
    return {
        "checks": _each(contexts, "CheckRun", decode.check_run),
        "statuses": _each(contexts, "StatusContext", decode.status),
        "suites": decode.suites(decode.fact(answer, *commit, "suites")),
        "deployments": decode.deployments(decode.fact(answer, *commit, "deployments")),
        "files": {
            path: decode.file(decode.fact(answer, *commit, f"file{number}"))
            for number, path in enumerate(sorted(needs.files))
        },
    }


def hidden_contexts(answer: Answer, commit: tuple[str | int, ...]) -> Unavailable | None:
    """Why checks and statuses can't be seen; nothing reported yet is an empty list, what GitHub hides is not."""
    hidden = decode.fact(answer, *commit, "statusCheckRollup", "contexts")
    return hidden if isinstance(hidden, Unavailable) else None


def _each(contexts: Fact[Iterable[Node]], typename: str, decoded: Callable[[Node], T]) -> Fact[tuple[T, ...]]:
    if isinstance(contexts, Unavailable):
        return contexts
    return tuple(decoded(node) for node in contexts if node["__typename"] == typename)
