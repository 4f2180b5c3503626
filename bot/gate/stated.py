"""Reads the version that a release commit states: `chore(release): 1.3.0`, `Bump version to 1.3.0`, `foo@1.3.0`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from semver import Version

from bot.gate.conventional import is_by_bot
from bot.gate.own_words import lines_of, own_words
from bot.gate.version_numbers import parse_version


class Weight(StrEnum):
    """How certain it is that a statement is of this very release."""

    ASKED = "asked"
    """Somebody asked for it by a footer, or by the package's own name."""
    STATED = "stated"
    """A release commit that names nothing else."""
    GUESSED = "guessed"
    """It names something, or what is only prepared: another package's release looks the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A version that a message states."""

    version: Version
    weight: Weight


_SUFFIX = (
    r"[-.]?(?:a|b|c|rc|alpha|beta|pre|preview|next|dev|canary|nightly|snapshot)?[.-]?[0-9]*(?:\+[0-9A-Za-z.-]{1,40})?"
)
_VERSION = rf"v?[0-9]{{1,9}}\.[0-9]{{1,9}}\.[0-9]{{1,9}}{_SUFFIX}"
_NUMBER = re.compile(rf"(?i){_VERSION}")
_LIKELY = re.compile(r"[0-9]\.[0-9]{1,9}\.[0-9]")
_NOTE = re.compile(r"\[[^\[\]]{1,40}\]|\(#[0-9]{1,9}\)|:[a-z0-9_+-]{1,40}:|[^\x00-\x7f]|\*{3}[A-Z_]{1,20}\*{3}")
_TOOL = re.compile(r"\((?:cargo-release|release|bot|auto)\) ")
_HEADER = re.compile(r"(?P<type>[A-Za-z]{1,20})(?:\((?P<scope>[^()]{1,60})\))?!?: +")
_TITLED = re.compile(rf"(?i)^(?P<release>release (?:version )?{_VERSION}) ?[:-] ")
_NAMED = re.compile(rf"(?i)(?P<name>@?[a-z0-9][\w./-]{{0,100}}?)[@_-](?P<version>{_VERSION})")
_MERGED = re.compile(
    r"(?i)^Merge (?:pull request #[0-9]{1,9} from [^\s/]{1,100}/"
    r"|(?:remote-tracking )?branch ['\"](?:origin/|upstream/)?)"
    rf"(?:(?:release|releases|rel|hotfix)[/_-])?(?P<branch>{_VERSION})['\"]?(?P<rest>.*)$"
    rf"|^Merge tag '(?P<tag>{_VERSION})'(?P<into>.*)$"
)
# What a release is merged into. Into another version's branch comes what that one doesn't release.
_TARGET = re.compile(
    r"(?i)(?: into ['\"]?(?:main|master|dev|develop|development|trunk|next|stable|prod|production)['\"]?)?"
)
_SEPARATORS = re.compile(r"[\s:,'\"`]+")
_OF_RELEASES = re.compile(r"(?i)releas(?:es?|ing)|versions?|versioning|bump|publish|semantic-release")
_OF_ALL = re.compile(
    r"(?i)main|master|dev|develop|trunk|next|stable|repo|root|package|pkg|project"
    r"|(?:release|hotfix|maintenance)[/-].*|v?[0-9]+(?:\.(?:[0-9]+|x))*"
)
_TYPES = frozenset({"chore", "release", "releases", "build", "ci", "bump", "version", "publish", "feat", "fix"})
_BARE_TYPES = _TYPES - {"ci", "feat", "fix"}
_RELEASING = re.compile(r"releas(?:es?|ed|ing)|publish(?:es|ed|ing)?")
_RELEASE = re.compile(rf"{_RELEASING.pattern}|cut|tag(?:ged|ging)?")
_BUMP = re.compile(r"bump(?:s|ed|ing)?")
_SET = re.compile(r"(?:update|increment|upgrade|change|set|sync|raise)[sd]?|(?:increment|sync)ed|updating")
_PREPARE = re.compile(r"prepar(?:es?|ed|ing|ation)|prep")
_VERSION_WORD = re.compile(
    r"versions?|[\w./-]*(?:package|lerna|manifest)\.json|pyproject\.toml|cargo\.toml|setup\.(?:py|cfg)|version\.\w+"
)
_NOUN = re.compile(r"packages?|app|project|library|lib|crates?|plugin|extension|module")
# A changelog for 1.3.0 is written long before that is released; with the release it is written, too.
_AND_LOG = re.compile(
    r"(?i)(?:,| and| &| \+)(?: the| updated?| generated?)*(?: changelog(?:\.md)?| release notes| notes)\b"
)
_FILLER = re.compile(
    r"the|for|from|to|of|a|in|new|number|up|and|as|at|all|stable|final|patch|minor|major|hotfix|official|production"
    r"|auto|automated|automatic|automatically|next|->|=>|-|&|\+"
)
_KNOWN = (_RELEASE, _BUMP, _SET, _PREPARE, _VERSION_WORD, _NOUN, _FILLER)
# `django v2.0.0` is a release of it, `support v2.0.0` is none.
_DOING = re.compile(
    r"(?:add|allow|use|fix|support|require|need|drop|remove|target|test|backport|merge|revert|docs?|changelog|notes|since"
    r"|until|after|before|with|on|by|node|python|go|java|ruby|php|rust)(?:s|ed|ing)?|to|for|from|in|at"
)
_RELEASE_AS = re.compile(rf"(?i)release-as: *(?P<version>{_VERSION})[ \t]*")
_FOOTER = re.compile(r"(?:[A-Za-z][A-Za-z-]{0,60}|BREAKING CHANGE)(?:: *| #)\S.*|[ \t]+\S.*")
_PUBLISHING = re.compile(
    r"(?i)(?:[a-z]+(?:\([a-z-]+\))?: *)?(?:publish|releas(?:e|ing)|version packages)\b[^0-9]*(?:[0-9]+ pack.*)?$"
)
_LISTED = re.compile(rf"(?m)^[ \t]*(?:[-*] )?(@?[A-Za-z0-9][\w./-]{{0,200}})@({_VERSION})[ \t]*$")
_LONGEST = 300
"""Letters of a headline; a longer one says more than a version."""
_COMING = re.compile(r"(?:dev|snapshot|nightly|canary|post|pre)|(?:(?:alpha|next)\.)?0$")
"""Pre-releases that are none: the name that a branch bears between two releases."""


def stated(headline: str, current: Version, *, name: str = "") -> Statement | None:
    """The version that the headline names as the one released; None where it says anything else, too.

    `Bump lodash to 1.3.0` and `Support HTTP 2.0.0` state none. `name` is the package that is asked about, when there
    are several: then only its own releases count, and those that name none.
    """
    if len(headline) > _LONGEST or not _LIKELY.search(headline):
        return None
    if headline.startswith("Merge "):
        return _merged(headline, current)
    text = _TOOL.sub("", _NOTE.sub(" ", headline).strip())
    header = _HEADER.match(text)
    kind, scope = (header["type"].lower(), header["scope"] or "") if header else ("", "")
    text = _AND_LOG.sub("", text[header.end() :] if header else text)
    if kind and kind not in _TYPES:
        return None
    if titled := _TITLED.match(text):
        text = titled["release"]
    words, versions, called = _taken_apart(text, current)
    unnamed = not scope or bool(_OF_RELEASES.fullmatch(scope) or _OF_ALL.fullmatch(scope))
    called = [*([] if unnamed else [scope.lower()]), *called]
    is_release = kind in {"release", "releases", "publish"} or bool(_OF_RELEASES.fullmatch(scope))
    weight = _weight(words, kind=kind, is_release=is_release)
    if not versions or weight is None:
        return None
    is_bare = not words and (bool(name) or (not kind and versions[-1].startswith("v")))
    # `Bump image tag to 1.3.0` and `Update base release to 1.3.0` are about what others released.
    releases = _has(words, _RELEASING) and not _has(words, _BUMP) and not _has(words, _SET)
    is_of = _for(name.lower(), called, weight, says_so=is_release or is_bare or releases)
    return _of(versions[-1], is_of, current)


def is_release(headline: str) -> bool:
    """Whether it is a release commit's, of whichever version: there is no change in it."""
    versions = [version for found in _NUMBER.findall(headline[:_LONGEST]) if (version := parse_version(found))]
    if not versions or headline.startswith("Merge "):
        return False
    before = versions[0] if len(versions) > 1 else Version(max(versions[0].major - 1, 0))
    return stated(headline, before) is not None


def _of(text: str, weight: Weight | None, current: Version) -> Statement | None:
    """A guess is kept whatever its version is: it tells that others are released here, too."""
    version = parse_version(text)
    if version is None or weight is None or not (weight is Weight.GUESSED or _follows(version, current)):
        return None
    return Statement(version=version, weight=weight)


def _merged(headline: str, current: Version) -> Statement | None:
    """What was merged, not what it was merged into: that is how a base is brought into its release."""
    found = _MERGED.match(headline)
    if found is None or not _TARGET.fullmatch(found["rest"] or found["into"] or ""):
        return None
    said = _of(found["branch"] or found["tag"], Weight.GUESSED, current)
    return said if said and _follows(said.version, current) else None


def _taken_apart(text: str, current: Version) -> tuple[list[str], list[str], list[str]]:
    """The words that say what is done, the versions, and what is named beside them; no version where it can't be."""
    words: list[str] = []
    versions: list[str] = []
    called: list[str] = []
    for word in filter(None, (word.rstrip(".!") for word in _SEPARATORS.split(text.lower()))):
        if _NUMBER.fullmatch(word):
            versions.append(word)
        elif found := _NAMED.fullmatch(word):
            versions.append(found["version"])
            called += [] if found["name"] in {"release", "v", "version", "hotfix"} else [found["name"]]
            words += ["release"]
        elif any(pattern.fullmatch(word) for pattern in _KNOWN):
            words.append(word)
        else:
            called.append(word)
    # From one to another: the first of them has to be what is current.
    fits = len(versions) == 1 or (len(versions) == 2 and parse_version(versions[0]) == current)  # noqa: PLR2004
    return words, versions if fits else [], called


def _has(words: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(word) for word in words)


def _weight(words: Sequence[str], *, kind: str, is_release: bool) -> Weight | None:
    """How much the words say, whatever is named beside them."""
    says_version = _has(words, _VERSION_WORD) or kind in {"version", "bump"}
    if is_release or _has(words, _RELEASE):
        return Weight.STATED
    if _has(words, _NOUN) and not says_version:
        return None
    if _has(words, _SET) and not _has(words, _BUMP):
        return Weight.STATED if says_version else None
    if _has(words, _BUMP) or says_version:
        return Weight.STATED
    if _has(words, _PREPARE):
        return Weight.GUESSED
    return Weight.STATED if not words and (not kind or kind in _BARE_TYPES) else None


def _for(name: str, called: Sequence[str], weight: Weight, *, says_so: bool) -> Weight | None:
    """The same where it is of the package; what names one is of that one, and without a package asked about a guess."""
    if not called:
        return weight
    if name:
        return Weight.ASKED if says_so and tuple(dict.fromkeys(called)) == (name,) else None
    is_name = len(called) == 1 and not _DOING.fullmatch(called[0])
    return Weight.GUESSED if is_name and says_so else None


def _follows(version: Version, current: Version) -> bool:
    """What is lower was released before, and a leap is another project's version."""
    if version <= current or _COMING.match((version.prerelease or "").lower()):
        return False
    return version.major - current.major <= 1


def listed(message: str, current: Version, *, name: str = "") -> Iterator[Statement]:
    """The versions below `Publish` or `Releasing 2 packages`, one `NAME@VERSION` a line; of `name` only, if given."""
    headline, *lines = lines_of(message.strip())
    body = "\n".join(lines)
    if "@" not in body or not _PUBLISHING.match(headline):
        return
    for package, text in dict.fromkeys(found.groups() for found in _LISTED.finditer(body)):
        said = _of(text, Weight.ASKED if name else Weight.GUESSED, current)
        if said and name in {"", package.lower()}:
            yield said


def release_as(message: str, current: Version) -> Statement | None:
    """The version that a footer asks for: `Release-As: 1.3.0`. Of several the first counts, as for release-please.

    <https://github.com/googleapis/release-please#how-do-i-change-the-version-number>. A footer stands in a paragraph
    of footers; what is quoted there, or written by a bot, asks for nothing.
    """
    if "elease-" not in message and "ELEASE-" not in message:
        return None
    headline, *lines = lines_of(message.strip())
    body = "\n".join(lines)
    if is_by_bot(headline, body):
        return None
    for paragraph in re.split(r"\n\s*\n", own_words(body)):
        footers = [line for line in paragraph.split("\n") if line.strip()]
        if all(_FOOTER.fullmatch(line) for line in footers):
            found = next(filter(None, map(_RELEASE_AS.fullmatch, footers)), None)
            if found:
                return _of(found["version"], Weight.ASKED, current)
    return None
