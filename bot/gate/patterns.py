"""Globs and regexes of the rules file, compiled by RE2: linear time whatever the pattern."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2
from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False

_WILDCARDS = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


class BadPatternError(ValueError):
    """RE2 refuses the pattern; `str()` says why."""


@lru_cache(maxsize=1024)
def regex(pattern: str) -> Any:  # noqa: ANN401 - google-re2 has no types
    """The compiled pattern; raises `BadPatternError`. Syntax: <https://github.com/google/re2/wiki/Syntax>."""
    try:
        return re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        raise BadPatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def branch_matches(globs: Iterable[str], branch: str) -> bool:
    """Whether a branch name fits one of the globs: `*` and `?` stop at a slash, `**` doesn't."""
    return any(_branch_glob(glob).fullmatch(branch) for glob in globs)


def paths_match(globs: tuple[str, ...], paths: Iterable[str]) -> bool:
    """Whether one of the paths fits one of the globs, read as in `.gitignore`; raises `BadPatternError`."""
    spec = _path_spec(globs)
    return any(spec.match_file(path) for path in paths)


@lru_cache(maxsize=512)
def matching(globs: tuple[str, ...], paths: frozenset[str]) -> tuple[str, ...]:
    """The paths that fit one of the globs, sorted; kept, for the same question comes with every pass."""
    return tuple(sorted(_path_spec(globs).match_files(paths)))


@lru_cache(maxsize=1024)
def _branch_glob(glob: str) -> Any:  # noqa: ANN401
    parts = regex(r"\*\*|\*|\?|[^*?]+").findall(glob)
    return regex("".join(_WILDCARDS.get(part) or re2.escape(part) for part in parts))


@lru_cache(maxsize=256)
def _path_spec(globs: tuple[str, ...]) -> PathSpec[Any]:
    # pathspec also compiles for Python's `re`, which warns about these and will read them differently one day.
    if any(regex(r"\[[^\]]*(?:\[|--|&&|~~|\|\|)").search(glob) for glob in globs):
        raise BadPatternError("brackets hold single characters and ranges only")
    try:
        return PathSpec.from_lines("gitignore", globs, backend="re2")
    except (GitIgnorePatternError, re.error, re2.error) as error:
        raise BadPatternError(str(error)) from None
