"""A local repository into what first rules can be made of: branches, tags, workflows, version files, owners."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from semver import Version

from bot.gate import code_owners
from bot.gate.patterns import paths_match, regex
from bot.gate.prose import sections
from bot.gate.version_files import version_in
from bot.local.git import Git, NoAnswer, fields, text
from bot.local.owners import Owner, owners
from bot.local.workflows import Workflow, workflow

_WORKFLOWS = ".github/workflows/"
_VERSION_FILES = frozenset(
    {
        "pyproject.toml",
        "package.json",
        "Cargo.toml",
        "composer.json",
        "setup.cfg",
        "pubspec.yaml",
        "VERSION",
        "version.txt",
    }
)
_CHANGELOGS = ("changelog.md", "changes.md", "history.md", "news.md")
_MIGRATIONS = ("**/migrations/**", "**/alembic/versions/**", "**/db/migrate/**", "**/db/migration/**")
_ELSEWHERE = ("node_modules/", "vendor/", "third_party/", "test/", "tests/", "fixtures/", "examples/", "example/")
_LANGUAGES = {
    ".py": "Python", ".ts": "TypeScript", ".tsx": "TypeScript", ".js": "JavaScript", ".jsx": "JavaScript", ".go": "Go",
    ".rs": "Rust", ".java": "Java", ".kt": "Kotlin", ".rb": "Ruby", ".php": "PHP", ".cs": "C#", ".c": "C",
    ".cpp": "C++", ".swift": "Swift", ".dart": "Dart", ".ex": "Elixir", ".scala": "Scala",
}  # fmt: skip
_RELEASE_BRANCH = regex(r"^(release|releases|hotfix|rc)([/-])")
_VERSIONED = regex(r"^(.*?)([0-9]+\.[0-9]+\.[0-9]+)$")
_HEADING = regex(r"^\[?v?[0-9]+\.[0-9]+\.[0-9]+|(?i)^\[?unreleased")
_BRANCH = regex(r"^[^\s*?\[]{1,150}$")
_PATH = regex(r"^[A-Za-z0-9_@.+/ -]{1,150}$")
_SIZE_LIMIT = 1_000_000
_LONGEST = 150
_DEEPEST = 3
_UNSET = "0.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What was found; everything else is empty."""

    branch: str = "main"
    """The default branch."""
    release_branches: tuple[str, ...] = ()
    """Globs of branches that releases were made from."""
    tag: str | None = None
    """The pattern of version tags."""
    version: str | None = None
    """What the version files say."""
    version_files: tuple[str, ...] = ()
    changelog: str | None = None
    is_kept: bool = False
    """The changelog has a heading for each version."""
    owners: tuple[Owner, ...] = ()
    organisation: str | None = None
    workflows: tuple[Workflow, ...] = ()
    migrations: tuple[str, ...] = ()
    """Globs that match something."""
    has_docs: bool = False
    languages: tuple[str, ...] = ()
    """The most common first."""
    labels: tuple[str, ...] | None = None
    """Those on GitHub; None when they were not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The repository as git lists it."""

    paths: tuple[str, ...]
    branch: str = "main"
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    remote: str = ""
    """The address of `origin`."""


def inventory(git: Git) -> Inventory:
    """What the working tree and its history show. Raises `NoAnswer` without a working tree."""
    top = top_of(git)
    tree = Git(top)
    refs = text(git.ask("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")).split("\n")
    listing = Listing(
        paths=tuple(fields(tree.ask("ls-files", "-z", "--cached", "--others", "--exclude-standard"))),
        branch=_default_branch(git),
        branches=tuple(ref.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/") for ref in refs),
        tags=tuple(text(git.ask("for-each-ref", "--format=%(refname:strip=2)", "refs/tags")).split("\n")),
        remote=git.line("config", "--get", "remote.origin.url"),
    )
    return found_in(listing, lambda path: _content(top / path))


def found_in(listing: Listing, content: Callable[[str], str]) -> Inventory:
    """What a listing means; `content` gives a file's text, empty for what can't be read. Never raises."""
    usable = sorted(path for path in set(listing.paths) if _PATH.search(path) and path == path.strip())
    branch = listing.branch if _BRANCH.search(listing.branch) and listing.branch.isprintable() else "main"
    versions = _versions(usable, content)
    changelog = next((path for name in _CHANGELOGS for path in usable if path.lower() == name), None)
    owned = next((path for path in code_owners.PATHS if path in usable), None)
    files = [path.removeprefix(_WORKFLOWS) for path in usable if path.startswith(_WORKFLOWS)]
    return Inventory(
        branch=branch,
        release_branches=_release_branches(listing.branches),
        tag=_tag_pattern(listing.tags),
        version=next(iter(versions.values()), None),
        version_files=tuple(versions),
        changelog=changelog,
        is_kept=bool(changelog) and any(_HEADING.search(part.title) for part in sections(content(changelog or ""))),
        owners=owners(content(owned)) if owned else (),
        organisation=_organisation(listing.remote),
        workflows=tuple(
            workflow(file, content(f"{_WORKFLOWS}{file}"), base=branch)
            for file in files
            if "/" not in file and file.endswith((".yml", ".yaml"))
        ),
        migrations=tuple(glob for glob in _MIGRATIONS if paths_match((glob,), usable)),
        has_docs=any(path.startswith("docs/") for path in usable),
        languages=_languages(usable),
    )


def top_of(git: Git) -> Path:
    """The working tree's folder. Raises `NoAnswer` for a bare repository."""
    if git.line("rev-parse", "--is-inside-work-tree") != "true":
        raise NoAnswer(f"{git.folder} has no working tree; name one: --repo PATH")
    return Path(text(git.ask("rev-parse", "--show-toplevel")).removesuffix("\n"))


def _content(file: Path) -> str:
    """The file's text; empty for what is none, is large, or leads elsewhere."""
    try:
        is_ordinary = not file.is_symlink() and file.is_file() and file.stat().st_size <= _SIZE_LIMIT
        return text(file.read_bytes()) if is_ordinary else ""
    except OSError:
        return ""


def _default_branch(git: Git) -> str:
    """The remote's, else `main` or `master` where there is one, else the one that is checked out."""
    remote = git.line("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").removeprefix("refs/remotes/origin/")
    if remote:
        return remote
    local = [name for name in ("main", "master") if git.line("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")]
    return next(iter(local), "") or git.line("symbolic-ref", "--quiet", "--short", "HEAD") or "main"


def _release_branches(names: Iterable[str]) -> tuple[str, ...]:
    found = (match for name in names if (match := _RELEASE_BRANCH.search(name)))
    return tuple(sorted({f"{match[1]}/**" if match[2] == "/" else f"{match[1]}-*" for match in found}))


def _tag_pattern(tags: Iterable[str]) -> str | None:
    """The most common one; most tags of a repository look alike."""
    prefixes = Counter(match[1] for tag in tags if (match := _VERSIONED.search(tag)))
    usable = [(count, prefix) for prefix, count in prefixes.items() if not prefix or _PATH.search(prefix)]
    return f"{max(usable)[1]}{{version}}" if usable else None


def _versions(paths: list[str], content: Callable[[str], str]) -> Mapping[str, str]:
    """Version files by path, those nearest to the root first, as far as they agree with the first one."""
    near = [path for path in paths if PurePosixPath(path).name in _VERSION_FILES and path.count("/") < _DEEPEST]
    own = [path for path in near if not any(f"/{folder}" in f"/{path}" for folder in _ELSEWHERE)]
    stated = {path: version_in(path, content(path)) for path in sorted(own, key=lambda path: (path.count("/"), path))}
    # What says 0.0.0 is not published, and its version is kept by nobody.
    known = {path: version for path, version in stated.items() if version and Version.is_valid(version)}
    known = {path: version for path, version in known.items() if version != _UNSET}
    first = next(iter(known.values()), None)
    return {path: version for path, version in known.items() if version == first and len(version) <= _LONGEST}


def _organisation(url: str) -> str | None:
    found = regex(r"github\.com[:/]([A-Za-z0-9][A-Za-z0-9-]{0,38})/").search(url)
    return found[1] if found else None


def _languages(paths: list[str]) -> tuple[str, ...]:
    counted = Counter(_LANGUAGES[suffix] for path in paths if (suffix := PurePosixPath(path).suffix) in _LANGUAGES)
    return tuple(name for name, _ in counted.most_common(3))
