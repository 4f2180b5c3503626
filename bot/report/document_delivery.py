"""What a release delivers and by which machines, whom to ask and where to look, in the document."""

from collections.abc import Iterable, Iterator, Mapping

from bot.evidence.check import Check
from bot.evidence.combined import All, Any, Not
from bot.evidence.measure import Measure
from bot.gate.checklist import Evidence
from bot.gate.deliverable import Deliverable
from bot.gate.facts import NOT_READ, CheckRun, Fact, File, Snapshot, Unavailable
from bot.gate.markup import code
from bot.gate.rules import Role, Rules
from bot.gate.verdict import Verdict
from bot.gate.version_files import version_in
from bot.gate.versioned import filled
from bot.report.document_parts import STATES, section, spaced, table
from bot.report.markdown import addressed, exact, heading, joined, link
from bot.report.sentences import said
from bot.report.signs import SIGNS
from bot.report.words import Words, at

_ON_CALL = "on-call"
"""Whom to call is asked of every release."""
_WORKFLOWS = ".github/workflows/"


def deliverables(rules: Rules, snapshot: Snapshot, verdict: Verdict, words: Words) -> str:
    """What the rules list, and the version files with what they say at the base and at the head."""
    head = (words("deliverable"), words("where"), words("state"))
    rows = [_deliverable(one, snapshot, verdict, words) for one in rules.deliverables.values()]
    rows += [(words("This document"), "", spaced("✅", words("there")))] if rows else []
    versions = [
        (
            code(path),
            _written(snapshot.base_files.get(path, NOT_READ), words),
            _written(snapshot.files.get(path, NOT_READ), words),
        )
        for path in rules.semver.files
    ]
    carried = table((words("version file"), words("at the base"), words("at the head")), versions, words)
    return section(words("Deliverables"), table(head, rows, words), carried)


def _deliverable(one: Deliverable, snapshot: Snapshot, verdict: Verdict, words: Words) -> tuple[str, str, str]:
    if one.item:
        judged = next((judged for judged in verdict.items if judged.item.id == one.item), None)
        if judged is None:
            return exact(one.title), f"**{exact(one.item)}**", words("not known")
        finding = judged.finding
        seen = link(said(words, finding.seen), finding.link)
        return exact(one.title), f"**{one.item}**", f"{SIGNS[finding.state]} {words(STATES[finding.state])}: {seen}"
    path = _named(one.path or "", verdict)
    return exact(one.title), _file(path, snapshot), _there(snapshot.files.get(path, NOT_READ), words)


def _there(file: Fact[File | None], words: Words) -> str:
    if isinstance(file, Unavailable):
        return spaced("❓", words("not known: {because}", because=said(words, file.because)))
    if file is None:
        return spaced("❌", words("missing"))
    return spaced("✅", words("there")) if file.size else spaced("❌", words("empty"))


def _written(file: Fact[File | None], words: Words) -> str:
    if isinstance(file, Unavailable):
        return words("not known")
    found = version_in(file.path, file.text or "") if file else None
    return f"`{found}`" if found else words("none")


def pipeline(rules: Rules, snapshot: Snapshot, words: Words) -> str:
    """Every workflow and job of the head, and those that the rules name and that have not run; then statuses."""
    title = words("CI pipeline")
    if isinstance(snapshot.checks, Unavailable):
        return section(title, words("Not known: {because}.", because=said(words, snapshot.checks.because)))
    ours = {run.name for run in snapshot.published.runs}
    jobs = _jobs((run for run in snapshot.checks if run.name not in ours), rules)
    parts = [_workflow(place, found, words) for place, found in sorted(jobs.items())]
    if not parts:
        parts = [table((words("job"), words("state"), words("result"), words("ended (UTC)")), (), words)]
    return section(title, *parts, _statuses(snapshot, words))


_Jobs = dict[str, dict[str, CheckRun | None]]


def _jobs(checks: Iterable[CheckRun], rules: Rules) -> _Jobs:
    """By workflow, or else by App: each job with its newest run, None while there is none."""
    found: _Jobs = {}
    for evidence in _all(item.evidence for item in rules.checklist):
        match evidence:
            case Check(name=name, workflow=workflow, app=app) | Measure(check=str(name), workflow=workflow, app=app):
                found.setdefault(_place(workflow, app), {}).setdefault(name, None)
            case _:
                pass
    for run in sorted(checks, key=lambda run: run.id):
        workflow = None if isinstance(run.workflow, Unavailable) else run.workflow
        found.setdefault(_place(workflow, run.app), {})[run.name] = run
    return found


def _place(workflow: str | None, app: str) -> str:
    if workflow is None:
        return app
    return workflow if "/" in workflow else f"{_WORKFLOWS}{workflow}"


def _all(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    for one in evidence:
        match one:
            case All(of=several) | Any(of=several):
                yield from _all(several)
            case Not(of=single):
                yield from _all((single,))
            case _:
                yield one


def _workflow(place: str, jobs: Mapping[str, CheckRun | None], words: Words) -> str:
    head = (words("job"), words("state"), words("result"), words("ended (UTC)"))
    rows = [_job(name, run, words) for name, run in jobs.items()]
    counted = words.many("{number} job", "{number} jobs", len(jobs))
    return joined([f"### {code(place)}: {counted}", table(head, rows, words)], limit=1_000_000)


def _job(name: str, run: CheckRun | None, words: Words) -> tuple[str, ...]:
    if run is None:
        return code(name), spaced("⬜", words("needs a run")), "", ""
    state = run.conclusion or run.status
    sign = {"success": "✅", None: "⏳"}.get(run.conclusion, "❌")
    return link(code(name), run.url), f"{sign} `{state}`", exact(run.title), at(run.completed_at)


def _statuses(snapshot: Snapshot, words: Words) -> str:
    if isinstance(snapshot.statuses, Unavailable) or not snapshot.statuses:
        return ""
    head = (words("status"), words("state"), words("result"), words("since (UTC)"))
    rows = [
        (link(code(one.context), one.url), f"`{one.state}`", exact(one.description or ""), at(one.at))
        for one in snapshot.statuses
    ]
    return joined([heading(words("Commit statuses")), table(head, rows, words)], limit=1_000_000)


def attachments(rules: Rules, snapshot: Snapshot, verdict: Verdict, words: Words) -> str:
    """Three parts: whom to ask, which documents to read, where to look."""
    contacts = {**dict.fromkeys((*rules.roles, _ON_CALL), words("not configured")), **rules.contacts}
    who = [
        (f"**{id}**", _people(rules.roles[id]) if id in rules.roles else "", addressed(text))
        for id, text in contacts.items()
    ]
    read = [
        (id, ", ".join(_file(_named(path, verdict), snapshot) for path in paths))
        for id, paths in rules.references.items()
    ]
    look = [*_own_links(snapshot, words)]
    look += [(id, _file(_named(place, verdict), snapshot)) for id, place in rules.links.items()]
    parts = [
        section(
            words("Contacts"),
            table((words("role"), words("name"), words("e-mail, messenger")), who, words),
            "\n".join(_many_hats(rules, verdict, words)),
        ),
        section(words("Reference documents"), table((words("group"), words("documents")), read, words)),
        section(words("Links"), table((words("what"), words("where")), look, words)),
    ]
    return joined(parts, limit=1_000_000)


def _own_links(snapshot: Snapshot, words: Words) -> Iterator[tuple[str, str]]:
    """Where the repository and its workflows are."""
    home = home_of(snapshot)
    if home:
        yield words("repository"), link(code(snapshot.repository), home)
        yield words("CI"), link(code(f"{snapshot.repository}/actions"), f"{home}/actions")


def home_of(snapshot: Snapshot) -> str:
    """The repository's page; empty for what is not on GitHub."""
    site, found, _ = snapshot.url.partition(f"/{snapshot.repository}/")
    return f"{site}/{snapshot.repository}" if found else ""


def _people(role: Role) -> str:
    names = (*sorted(role.teams), *sorted(role.users), *(f"{app}[bot]" for app in sorted(role.apps)))
    return ", ".join(code(name) for name in names)


def _many_hats(rules: Rules, verdict: Verdict, words: Words) -> Iterator[str]:
    """Who holds more than one role by the rules, or signed for several: the gate may allow it, readers want to know."""
    signed = [(one.login, standing.role.id) for standing in verdict.standings for one in standing.signed]
    held = [(login, role.id) for role in rules.roles.values() for login in sorted(role.users)]
    for login, roles in _several(held).items():
        several = words(
            "{who} holds {number} of {total} roles", who=code(login), number=len(roles), total=len(rules.roles)
        )
        yield spaced("-", f"**{several}**: {', '.join(roles)}.")
    for login, roles in _several(signed).items():
        yield spaced("-", words("{who} signed for several roles: {roles}.", who=code(login), roles=", ".join(roles)))


def _several(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """By login the roles, each once, of those with more than one; a login's letters may be large or small."""
    found: dict[str, dict[str, str]] = {}
    for login, role in pairs:
        found.setdefault(login.casefold(), {})[role] = login
    return {next(iter(roles.values())): tuple(roles) for roles in found.values() if len(roles) > 1}


def _named(place: str, verdict: Verdict) -> str:
    """With the next version where it is named; as it stands while that is not known."""
    path = filled(place, verdict.version)
    return place if isinstance(path, Unavailable) else path


def _file(place: str, snapshot: Snapshot) -> str:
    """An address, or a file at the head."""
    if place.startswith("https://"):
        return addressed(place)
    home = home_of(snapshot)
    return link(code(place), f"{home}/blob/{snapshot.tested_sha}/{place}" if home else None)
