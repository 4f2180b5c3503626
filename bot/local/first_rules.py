"""What a repository has into the text of its first rules file, with comments that say why and what to change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.gate.markup import listed
from bot.gate.patterns import regex
from bot.local.inventory import Inventory
from bot.local.label_names import RELEASES, bump_labels, matching_labels
from bot.local.owners import Owner
from bot.local.workflows import Job, Workflow

MODELINE = "# yaml-language-server: $schema=release-gate.schema.json"

_MOST_PROOFS = 40
_MOST_COMMENTS = 40
_PLAIN = regex(r"^[A-Za-z](?:[A-Za-z0-9 _./-]*[A-Za-z0-9_./-])?$")
_WORDS = regex(r"^(?i)(?:true|false|null|yes|no|on|off|y|n)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Theme:
    """What a job is about, by its name."""

    id: str
    title: str
    tier: str
    how: str
    names: str


_CHORES = r"(?i)label|stale|greet|welcome|assign|auto-?merge|dependabot|lock-threads|triage|semantic|changeset"
_THEMES = (
    _Theme(
        id="SEC",
        title="Security checks pass",
        tier="critical",
        how="see the findings in the job's log, and fix them",
        names=r"(?i)secur|codeql|bandit|trivy|semgrep|snyk|audit|scan|sast|gitleaks|zizmor|vuln",
    ),
    _Theme(
        id="TEST",
        title="Tests pass",
        tier="critical",
        how="push the branch; a red job's log says what fails",
        # Not the end of `latest`, which many a job's name has.
        names=r"(?i)(?:^|[^a-z])(?:test|spec|e2e|unit|integration)|[pv][iy]?test|unittest|coverage|jest|cypress|tox",
    ),
    _Theme(
        id="BUILD",
        title="It builds",
        tier="critical",
        how="see where the build stops in the job's log",
        names=r"(?i)build|docker|image|compile|package|wheel|dist|bundle",
    ),
    _Theme(
        id="LINT",
        title="Linters and type checkers are content",
        tier="high",
        how="run the linters before you push",
        names=r"(?i)lint|format|style|ruff|eslint|prettier|mypy|types?\b|clippy|fmt|pre-commit|check-style",
    ),
    _Theme(id="CI", title="The other jobs pass", tier="high", how="see why the job failed, then push a fix", names=r""),
)


def first_rules(found: Inventory) -> str:
    """The whole file. `lint` finds no fault in it, whatever was found."""
    return (
        "\n".join([*_head(found), *_release(found), *_semver(found), *_roles(found), *_areas(found), *_items(found)])
        + "\n"
    )


def quoted(text: str) -> str:
    """As a YAML text; with quotes wherever it could be anything else."""
    if _PLAIN.search(text) and not _WORDS.search(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _flow(texts: Sequence[str]) -> str:
    return f"[{', '.join(quoted(text) for text in texts)}]"


def _head(found: Inventory) -> Iterator[str]:
    yield MODELINE
    yield "# What a release of this repository must show, written by `release-gate init` from what is here:"
    yield f"# {_seen(found)}."
    yield "# `release-gate lint` checks this file, `release-gate check --base BRANCH` tries it without GitHub, and"
    yield "# `release-gate config schema > release-gate.schema.json` lets editors complete it."
    yield ""
    yield "version: 1"
    yield "# mode: shadow  # judges and shows everything, blocks nothing: good for the first weeks"


def _seen(found: Inventory) -> str:
    parts = [
        listed(list(found.languages)) if found.languages else "",
        f"{len(found.workflows)} workflow{'' if len(found.workflows) == 1 else 's'}"
        if found.workflows
        else "no workflows",
        f"version {found.version}" if found.version else "no version file",
        found.changelog or "no changelog",
        "code owners" if found.owners else "no code owners",
        "" if found.labels is None else f"{len(found.labels) or 'no'} label{'' if len(found.labels) == 1 else 's'}",
    ]
    return ", ".join(part for part in parts if part)


def _release(found: Inventory) -> Iterator[str]:
    branches = found.release_branches or ("release/**",)
    yield ""
    yield "# Pull requests into the base from one of these branches, or with the label, are releases; others pass."
    yield "release:"
    yield "  when:"
    yield f"    base: {_flow([found.branch])}"
    yield "    any:"
    yield f"      - head: {_flow(branches)}"
    if named := matching_labels(RELEASES, found.labels or ()):
        yield f"      - labels: {_flow(named)}"
    else:
        yield "      - labels: [release]" + ("" if found.labels is None else "  # there is no such label yet")


def _semver(found: Inventory) -> Iterator[str]:
    yield ""
    yield "semver:"
    if found.tag is None:
        yield "  # There is no version tag yet."
    yield f"  tag: {quoted(found.tag or 'v{version}')}"
    if found.tag is None and found.version:
        yield f'  initial: "{found.version}"  # the current version until there is a tag'
    if found.version_files:
        yield f"  files: {_flow(found.version_files)}"
    yield "  # Labels that raise the bump; the commits count without them:"
    if bumps := bump_labels(found.labels or ()):
        yield f"  labels: {{{', '.join(f'{bump}: {_flow(names)}' for bump, names in bumps.items())}}}"
    else:
        yield '  # labels: {major: ["semver:major"], minor: ["semver:minor"], patch: ["semver:patch"]}'


def _roles(found: Inventory) -> Iterator[str]:
    """A role that nobody can fill would shut the gate for ever, so without known people it stays a comment."""
    organisation = found.organisation or "ORGANISATION"
    able = [owner for owner in found.owners if owner.may_sign_anothers_work]
    if not able:
        yield ""
        yield "# Who signs off. Name a team, or two people at least: the author can't sign the own work."
        yield "# roles:"
        yield f"#   release-manager: {{teams: [{organisation}/release], required: true}}"
        return
    yield ""
    yield "# From CODEOWNERS. A required role signs every release, the others what an item below asks them for."
    yield "roles:"
    for owner in able:
        yield f"  {quoted(owner.role)}:"
        yield from ([f"    teams: {_flow(owner.teams)}"] if owner.teams else [])
        yield from ([f"    users: {_flow(owner.users)}"] if owner.users else [])
        if not owner.paths:
            yield "    required: true"


def _areas(found: Inventory) -> Iterator[str]:
    rows = [
        ("database", found.migrations, "high"),
        ("automation", (".github/**",) if found.workflows else (), "medium"),
        ("documentation", ("docs/**", "*.md") if found.has_docs else (), "low"),
    ]
    filled = [row for row in rows if row[1]]
    if filled:
        yield ""
        yield "# Paths by how much a change of them can break; add the parts of your product."
        yield "areas:"
    for id, paths, radius in filled:
        yield f"  {id}: {{paths: {_flow(paths)}, radius: {radius}}}"


def _items(found: Inventory) -> Iterator[str]:
    yield ""
    yield "# `critical` and `high` items block the release, `medium` ones are shown."
    yield "checklist:"
    yield from _machines(found)
    yield from _paper(found)
    yield from _people(found)
    yield from _item(
        "STOP-001", "Nobody labelled it `do-not-merge`", "critical", "take the label away once its reason is gone"
    )
    yield "    evidence: {label: {none: [do-not-merge]}}"


def _item(id: str, title: str, tier: str, how: str) -> Iterator[str]:
    yield f"  {id}:"
    yield f"    title: {quoted(title)}"
    yield f"    tier: {tier}"
    yield f"    how: {quoted(how)}"


def _machines(found: Inventory) -> Iterator[str]:
    proofs: dict[str, list[str]] = {theme.id: [] for theme in _THEMES}
    left_out: list[str] = []
    for workflow in found.workflows:
        if why := _why_left_out(workflow):
            left_out.append(f"`{workflow.file}`: {why}")
            continue
        for name, evidence in _proofs(workflow):
            proofs[_theme_of(name).id].append(evidence)
        skipped = [f"`{job.id}`" for job in workflow.jobs if job.is_conditional and _is_name(job.id)]
        left_out += [f"{listed(skipped)} of `{workflow.file}` by name: may be skipped"] if skipped else []
    yield from (f"  # Not asked for: {' '.join(row.split())}." for row in left_out[:_MOST_COMMENTS])
    for theme in _THEMES:
        if rows := list(dict.fromkeys(proofs[theme.id])):
            yield from _item(f"{theme.id}-001", theme.title, theme.tier, theme.how)
            yield "    all:"
            yield from (f"      - {row}" for row in rows[:_MOST_PROOFS])


def _why_left_out(workflow: Workflow) -> str:
    if not _is_name(workflow.file):
        return "its name is odd"
    is_chore = regex(_CHORES).search(workflow.file) or regex(_CHORES).search(workflow.name)
    return workflow.unusable or ("it looks after pull requests and proves nothing" if is_chore else "")


def _proofs(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """What a job is called, and the evidence.

    It is the workflow as a whole where GitHub's names can't be told from here, or where what matters may be skipped.
    """
    whole = f"workflow: {quoted(workflow.file)}"
    steady = [job for job in workflow.jobs if not job.is_conditional]
    if not all(job.checks and all(_is_name(name) for name in job.checks) for job in steady):
        yield _about(workflow, [f"{workflow.file} {workflow.name}", *(_called(job) for job in workflow.jobs)]), whole
        return
    for job in steady:
        for name in job.checks:
            # The job's own name first: a workflow `tests` may hold a job `lint`.
            about = name if _theme_of(name) is not _THEMES[-1] else f"{name} {job.id} {workflow.name}"
            yield about, f"check: {{name: {quoted(name)}, workflow: {quoted(workflow.file)}}}"
    skipped = [_called(job) for job in workflow.jobs if job.is_conditional]
    if any(_theme_of(name).tier == "critical" for name in skipped):
        yield _about(workflow, skipped), whole


def _called(job: Job) -> str:
    return " ".join((job.id, *job.checks))


def _about(workflow: Workflow, names: list[str]) -> str:
    """The name of those that matters most."""
    return min(names, key=lambda name: _THEMES.index(_theme_of(name)), default=workflow.name)


def _is_name(text: str) -> bool:
    return text.isprintable() and text == " ".join(text.split()) and 0 < len(text) <= 150  # noqa: PLR2004


def _theme_of(name: str) -> _Theme:
    return next(theme for theme in _THEMES if regex(theme.names).search(name))


def _paper(found: Inventory) -> Iterator[str]:
    if found.version_files:
        files = listed([f"`{path}`" for path in found.version_files])
        yield from _item(
            "VER-001", "The version files carry the next version", "critical", f"set the version in {files}"
        )
        yield "    evidence: version"
    if found.changelog and found.is_kept:
        how = "write `## [1.2.0] - 2026-01-31` and what users notice"
        yield from _item("DOC-001", "The changelog has a section for the release", "high", how)
        yield f"    evidence: {{changelog: {quoted(found.changelog)}}}"
    elif found.changelog:
        yield from _item("DOC-001", "The changelog is brought up to date", "high", "write what users notice")
        yield f"    evidence: {{paths: {{changed: {_flow(['/' + found.changelog])}}}}}"
    else:
        yield "  # There is no changelog yet; `changelog: CHANGELOG.md` is evidence once there is one."
    if found.migrations:
        how = "run the migration on a copy of production, then add the label `migration-tested`"
        yield from _item("DB-001", "Migrations were tried before the release", "critical", how)
        yield f"    when: {{paths: {_flow(found.migrations)}}}"
        yield "    evidence: {label: migration-tested}"


def _people(found: Inventory) -> Iterator[str]:
    owned = [owner for owner in found.owners if owner.may_sign_anothers_work and owner.paths]
    for number, owner in enumerate(owned, start=1):
        title = f"{owner.role} has looked at what it owns"
        yield from _item(f"OWN-{number:03}", title, "high", _ask(owner))
        yield f"    when: {{paths: {_flow(owner.paths)}}}"
        yield f"    evidence: {{sign_off: {quoted(owner.role)}}}"


def _ask(owner: Owner) -> str:
    names = (*owner.teams, *owner.users)
    return f"ask {listed(list(names[:5]), last='or')} to comment `/approve {owner.role}`"
