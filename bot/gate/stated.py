"""Reads the version that the headline of a release commit states: `chore(release): 1.3.0`, `Bump version to 1.3.0`."""

import re

from semver import Version

from bot.gate.version_numbers import Bump, grown, parse_version

_VERSION = r"v?[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.+-]{0,60})?"
_NUMBER = re.compile(rf"(?i){_VERSION}")
_NOTE = re.compile(r"\[[^\[\]]{1,40}\]|\(#[0-9]{1,9}\)|:[a-z0-9_+-]{1,40}:|[^\x00-\x7f]")
_TOOL = re.compile(r"\((?:cargo-release|release|bot|auto)\) ")
_HEADER = re.compile(r"(?P<type>[A-Za-z]{1,20})(?:\((?P<scope>[^()]{1,60})\))?!?: +")
_MERGED = re.compile(
    # What was merged, not what it was merged into: that is how a base is brought into its release.
    rf"(?i)^Merge (?:pull request \S+ from|branch|remote-tracking branch) ['\"]?[^'\"\s]{{0,200}}?"
    rf"\b(?:release|releases|rel|hotfix)[/_-](?P<branch>{_VERSION})(?:['\"]|\s|$)"
    rf"|^Merge tag '(?P<tag>{_VERSION})'"
)
_SEPARATORS = re.compile(r"[\s:,'\"`]+")
_SCOPES = re.compile(
    r"releas(?:es?|ing)|main|master|dev|develop|trunk|next|stable|repo|root|versions?|versioning|bump|publish|package"
    r"|pkg|npm|project|app|all|ci|changelog|lerna|semantic-release"
)
_BRANCH = re.compile(r"(?i)(?:release|hotfix|maintenance)[/-].*|v?[0-9]+(?:\.(?:[0-9]+|x))*")
_VERB = re.compile(r"releas(?:es?|ed|ing)|publish(?:es|ed|ing)?")
_WORD = re.compile(
    r"releas(?:es?|ed|ing)|publish(?:es|ed|ing)?|bump(?:s|ed|ing)?|version(?:s|ed)?|update[sd]?|upgrade|sets?"
    r"|prepar(?:es?|ed|ing|ation)|prep|cut|tag(?:ged)?|new|packages?|app|project|npm|library|lib|crates?|changelog|notes"
    r"|package\.json|pyproject\.toml|cargo\.toml|setup\.py|changelog\.md|the|for|from|to|of|a|number|up|and|as|at"
    r"|stable|final|patch|minor|major|hotfix|official|production|->|=>"
)
_RELEASE_AS = re.compile(rf"(?im)^Release-As: *({_VERSION})[ \t]*$")
_PUBLISHING = re.compile(
    r"(?i)(?:[a-z]+(?:\([a-z-]+\))?: *)?(?:publish|releas(?:e|ing)|version packages)\b[^0-9]*(?:[0-9]+ pack.*)?$"
)
_LISTED = re.compile(rf"(?m)^[ \t]*(?:[-*] )?(@?[A-Za-z0-9][\w./-]{{0,200}})@({_VERSION})[ \t]*$")
_LONGEST = 300
"""Letters of a headline; a longer one says more than a version."""
_COMING = ("dev", "snapshot", "nightly", "canary", "post")
"""Pre-releases that are none: the name that a branch bears between two releases."""


def stated_version(headline: str, current: Version, *, name: str = "") -> Version | None:
    """The version that the headline names as the one released, where it can follow `current`; else None.

    The whole headline has to say so: `Bump lodash to 1.3.0` and `Support HTTP 2.0.0` state none. `name` is the package
    that the release is of, when there are several.
    """
    if len(headline) > _LONGEST or not _NUMBER.search(headline):
        return None
    merged = _MERGED.match(headline)
    text = merged["branch"] or merged["tag"] if merged else _named(_NOTE.sub(" ", headline), name)
    version = parse_version(text) if text else None
    return version if version and _follows(version, current) else None


def _named(headline: str, name: str) -> str | None:
    headline = _TOOL.sub("", headline.strip())
    header = _HEADER.match(headline)
    if header and not _speaks_of_the_whole(header["scope"], name):
        return None
    words = [word.rstrip(".!") for word in _SEPARATORS.split(headline[header.end() if header else 0 :].lower()) if word]
    versions = [word for word in words if _NUMBER.fullmatch(word)]
    others = [word for word in words if word not in versions]
    if not versions or len(versions) > 2 or not _are_known(others, name):  # noqa: PLR2004 - from one to another
        return None
    return versions[-1]


def _are_known(words: list[str], name: str) -> bool:
    """Whether no word names anything else; after `release` stands the name of what is released."""
    unknown = [word for word in words if not _WORD.fullmatch(word) and word != name.lower()]
    if not unknown:
        return True
    return not name and len(unknown) == 1 and bool(_VERB.fullmatch(words[0])) and words.index(unknown[0]) == 1


def _speaks_of_the_whole(scope: str | None, name: str) -> bool:
    if scope is None or scope == name:
        return True
    return bool(_SCOPES.fullmatch(scope.lower())) or bool(_BRANCH.fullmatch(scope))


def _follows(version: Version, current: Version) -> bool:
    """What is lower was released before, and a leap is another project's version."""
    if version <= current or (version.prerelease or "").lower().startswith(_COMING):
        return False
    return version.major - current.major <= 1


def listed_version(message: str, current: Version, *, name: str = "") -> Version | None:
    """The version in the list below `Publish` or `Releasing 2 packages`, one `NAME@VERSION` a line.

    That of the package `name`; without a name the one that comes right after `current`, if there is just one.
    """
    headline, _, body = message.strip().partition("\n")
    if "@" not in body or not _PUBLISHING.match(headline):
        return None
    rows = [(package, parse_version(text)) for package, text in {found.groups() for found in _LISTED.finditer(body)}]
    nexts = {grown(current, bump) for bump in Bump}
    fitting = {
        version
        for package, version in rows
        if version and version > current and (package == name if name else version in nexts)
    }
    return fitting.pop() if len(fitting) == 1 else None


def release_as(message: str, current: Version) -> Version | None:
    """The version that a footer asks for, where it can follow: `Release-As: 1.3.0`."""
    found = _RELEASE_AS.search(message) if "elease-" in message else None
    version = parse_version(found[1]) if found else None
    return version if version and version > current else None
