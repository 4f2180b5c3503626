"""Nothing of a machine, a registry or a secret is in the repository, and its pages lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest
from semver import Version

from tests.architecture.sources import ROOT, modules, read, tracked

# Written so that no pattern finds itself.
UNWANTED = {
    "an absolute path of a machine": re.compile(r"(?<![\w.~:/-])/(?:home|Users|root|work|mnt)/\w|\b[C-Z]:\\\\?Users\b"),
    "a package registry's address": re.compile(
        r"py[p]i\.org|python[h]osted\.|registry\.npm[j]s|https?://\S+/simpl[e]\b"
    ),
    "a registry option": re.compile(
        r"(?<!no-emit-)(?:extra-)?index[-_]ur[l]\b|(?<!no-emit-)find-link[s]\b|trusted-hos[t]\b"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)+[A-Za-z0-9+/=]{60}"),
    "a GitHub token": re.compile(r"\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})"),
}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?:#[^)]*)?\)")


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix not in {".gz", ".mo", ".png", ".ico", ".woff2"}]


@pytest.mark.parametrize(("what", "pattern"), UNWANTED.items(), ids=str)
def test_no_file_holds(what, pattern):
    found = [
        f"{path}:{number}: {what}: {line.strip()[:80]}"
        for path in texts()
        for number, line in enumerate(read(path).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an absolute path of a machine", "see " + "/ho" + "me/ann/project"),
        ("an absolute path of a machine", 'open("' + "/wo" + 'rk/file")'),
        ("a package registry's address", "https://" + "py" + "pi.org/project"),
        ("a registry option", "--index" + "-url=x"),
        ("a private key", r"-----BEGIN RSA PRIVATE " + r"KEY-----\n" + 60 * "A"),
        ("a GitHub token", "ghs" + "_" + 36 * "a"),
    ],
)
def test_what_must_not_be_there_is_found(what, line):
    assert UNWANTED[what].search(line)


@pytest.mark.parametrize("line", ["uv pip compile --no-emit-index-url", "https://api.github.com/users/ann", "a/root/b"])
def test_what_may_be_there_is_left_alone(line):
    assert [what for what, pattern in UNWANTED.items() if pattern.search(line)] == []


@pytest.mark.parametrize("page", [path for path in tracked() if path.suffix == ".md"], ids=str)
def test_links_lead_somewhere(page):
    targets = [match["path"] for match in LINK.finditer(read(page)) if match["path"]]
    assert [target for target in targets if not (ROOT / page.parent / target).exists()] == []


def test_one_version_everywhere():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    stated = {
        f"{path}: {match[1]}"
        for path in modules("bot")
        for match in re.finditer(r"""(?m)^(?:__version__|VERSION)\b[^=]*= *["']([^"']+)""", read(path))
        if match[1] != version
    }
    assert stated == set()
    released = re.findall(r"(?m)^## \[(\d[^\]]*)\]", read("CHANGELOG.md"))
    assert all(Version.parse(section) <= Version.parse(version) for section in released)
    assert "## [Unreleased]" in read("CHANGELOG.md")
