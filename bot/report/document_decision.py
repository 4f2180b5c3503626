"""What is decided, in the document: the version and why, whether it may ship, who signed, and when it can."""

from bot.gate.facts import Fact, Unavailable
from bot.gate.markup import code
from bot.gate.packages import PackageVersion
from bot.gate.rules import Rules
from bot.gate.standing import SignOff, Standing, Veto, to_sign
from bot.gate.timeline import Grace
from bot.gate.verdict import Blocker, Outcome, Verdict
from bot.gate.version import Bump, NextVersion
from bot.report.document_parts import section, spaced, table
from bot.report.markdown import exact, heading, link
from bot.report.people import IN_REVIEW
from bot.report.sentences import said, spelled
from bot.report.signs import SIGNS
from bot.report.sources import source_of
from bot.report.title import own_title
from bot.report.words import Words, at, msg, of_kind

_REASONS = 5
"""Of a package, that are shown."""
OUTCOMES = {
    Outcome.ERROR: msg("could not be evaluated"),
    Outcome.BLOCKED: msg("blocked"),
    Outcome.WAITING: msg("waiting for machines"),
    Outcome.SCHEDULED: msg("waiting for its time"),
    Outcome.CONDITIONAL: msg("may ship, recommended items are open"),
    Outcome.READY: msg("may ship"),
    Outcome.NOT_A_RELEASE: msg("not a release"),
}
_ANSWERS = {
    Outcome.BLOCKED: msg("Not yet: what stands below has to be settled first."),
    Outcome.WAITING: msg("Not yet: machines are at work."),
    Outcome.SCHEDULED: msg("Not yet: only time is missing."),
    Outcome.CONDITIONAL: msg("Yes. Recommended items are open; none of them blocks."),
    Outcome.READY: msg("Yes."),
}
_BUMPS = {
    Bump.MAJOR: msg("a MAJOR release"),
    Bump.MINOR: msg("a MINOR release"),
    Bump.PATCH: msg("a PATCH release"),
}


def version(verdict: Verdict, words: Words) -> str:
    """The assigned version with everything that speaks for it: who declared it, and every signal."""
    return section(words("Version and why"), *_of_the_whole(verdict.version, words), *_packages(verdict, words))


def _packages(verdict: Verdict, words: Words) -> tuple[str, ...]:
    """The touched packages of a repository whose parts have versions of their own; nothing without any."""
    title = heading(words("Packages"))
    if isinstance(verdict.packages, Unavailable):
        return title, words("Not known: {because}.", because=said(words, verdict.packages.because))
    if not verdict.packages:
        return ()
    head = (words("package"), words("current"), words("next"), words("because"))
    return title, table(head, [_package(one, words) for one in verdict.packages], words)


def _package(one: PackageVersion, words: Words) -> tuple[str, ...]:
    name, told = f"**{exact(one.package.id)}**", one.version
    if isinstance(told, Unavailable):
        return name, "", words("not known"), said(words, told.because)
    because = (*(one.because for one in told.declared), *(one.because for one in told.signals))
    reasons = [said(words, why) for why in because]
    return name, f"`{told.current}`", f"`{told.next}` (`{told.bump}`)", "<br>".join(dict.fromkeys(reasons[:_REASONS]))


def _of_the_whole(told: Fact[NextVersion], words: Words) -> tuple[str, ...]:
    if isinstance(told, Unavailable):
        return (words("Not known: {because}.", because=said(words, told.because)),)
    kind = words(_BUMPS[told.bump])
    line = words(
        "Assigned version: **`{next}`**, {kind}, after `{current}`.", next=told.next, kind=kind, current=told.current
    )
    rows = [(source_of(one.source, words), f"`{one.version}`", said(words, one.because)) for one in told.declared]
    rows += [
        (source_of(one.source, words), f"`{one.bump}`", said(words, one.because))
        for one in sorted(told.signals, key=lambda one: -one.bump.rank)
    ]
    head = (words("signal"), words("says"), words("because"))
    if not rows:
        return line, words("No commit, title or label says more.")
    problems = "\n".join(f"- ❌ {said(words, problem.seen)}" for problem in told.problems)
    return line, _counted_less(told, words), _disagreement(told, words), table(head, rows, words), problems


def _disagreement(told: NextVersion, words: Words) -> str:
    names = ", ".join(f"{source_of(source, words)}: `{bump}`" for source, bump in told.disagreement)
    return words("Signals disagree ({names}); the highest counts.", names=names) if names else ""


def _counted_less(told: NextVersion, words: Words) -> str:
    """Why the bump is not the one that the highest signal asks for."""
    highest = max((one.bump for one in told.signals), key=lambda bump: bump.rank, default=told.bump)
    if told.declared and told.computed not in {None, told.bump}:
        return words("The version is declared; the changes alone ask for `{bump}`.", bump=told.computed)
    if told.declared or highest is told.bump:
        return ""
    return words("Before 1.0.0 `{highest}` counts as `{bump}`.", highest=highest, bump=told.bump)


def assessment(rules: Rules, verdict: Verdict, words: Words) -> str:
    """Readiness, the answer, what blocks, who holds it, and the sign-off table."""
    answer = words(_ANSWERS[verdict.outcome])
    lines = [
        words("**Readiness**: {percent} %", percent=verdict.readiness) + "  ",
        spaced(words("**May it ship?**"), answer),
    ]
    holds = "\n".join(f"- {_hold(hold.login, hold.because, hold.url, words)}" for hold in verdict.holds)
    return section(
        words("Assessment and sign-off"),
        "\n".join(lines),
        heading(words("Blocking issues")),
        _blockers(verdict.blockers, words),
        heading(words("Holds")) if holds else "",
        holds,
        heading(words("Sign-offs")),
        _sign_offs(rules, verdict, words),
    )


def _hold(login: str, because: str, url: str | None, words: Words) -> str:
    why = f": {code(because, limit=200)}" if because else ""
    return link(words("held by {who}", who=code(login)), url) + why


def _blockers(blockers: tuple[Blocker, ...], words: Words) -> str:
    if not blockers:
        return words("Nothing blocks.")
    head = (words("what"), words("seen"), words("wanted"), words("next step"))
    rows = [
        (
            spaced(f"**{exact(blocker.id)}**", exact(own_title(blocker, words))),
            link(f"{SIGNS[blocker.finding.state]} {said(words, blocker.finding.seen)}", blocker.finding.link),
            said(words, blocker.finding.wanted),
            said(words, blocker.finding.do),
        )
        for blocker in blockers
    ]
    return table(head, rows, words)


def _sign_offs(rules: Rules, verdict: Verdict, words: Words) -> str:
    """Every role of the rules, with one row for everybody who signed or refused."""
    standings = {standing.role.id: standing for standing in verdict.standings}
    head = (words("role"), words("approval"), words("name"), words("date (UTC)"), words("comment"), words("link"))
    rows = [
        row
        for id in rules.roles
        for row in (
            _role(standings[id], verdict, words)
            if id in standings
            else [(f"**{id}**", words("not asked for"), "", "", "", "")]
        )
    ]
    return table(head, rows, words)


def _role(standing: Standing, verdict: Verdict, words: Words) -> list[tuple[str, ...]]:
    name = f"**{standing.role.id}**"
    rows = [(name, *_signed(signed, words)) for signed in standing.signed]
    rows += [(name, *_dropped(dropped, words)) for dropped in standing.dropped]
    rows += [(name, *_vetoed(veto, words)) for veto in standing.vetoes]
    if standing.missing and standing.is_due:
        asked = standing.unknown or standing.unfilled or to_sign(standing, verdict.head_sha)
        rows.append((name, spaced("⬜", words("missing")), "", "", said(words, asked), ""))
    return rows or [(name, words("not asked for"), "", "", "", "")]


def _signed(signed: SignOff, words: Words) -> tuple[str, ...]:
    approval = words("signed {commit}", commit=f"`{signed.sha[:7]}`")
    note = words(IN_REVIEW) if signed.note == IN_REVIEW else exact(signed.note)
    return f"✅ {approval}", code(signed.login), at(signed.at), note, _where(signed.url, words)


def _dropped(dropped: SignOff, words: Words) -> tuple[str, ...]:
    why = said(words, dropped.dropped)
    return spaced("❌", words("dropped")), code(dropped.login), at(dropped.at), why, _where(dropped.url, words)


def _vetoed(veto: Veto, words: Words) -> tuple[str, ...]:
    why = exact(veto.because)
    return spaced("🛑", words("refused")), code(veto.login), at(veto.at), why, _where(veto.url, words)


def _where(url: str | None, words: Words) -> str:
    text = words("comment")
    shown = link(text, url)
    return "" if shown == text else shown


def timeline(verdict: Verdict, words: Words) -> str:
    """When it could pass at the earliest, and what the clock changes by itself until then."""
    line = verdict.timeline
    waits = words.listed([words.one_of_kind("waits for", who) for who in line.waits_for])
    parts = []
    if line.grace:
        parts.append(_grace(line.grace, waits, words))
    elif line.earliest and waits:
        when = f"{at(line.earliest)} UTC"
        parts.append(words("Not before **{when}**; it also waits for {who}.", when=when, who=waits))
    elif line.earliest:
        parts.append(words("Earliest release: **{when}**.", when=f"{at(line.earliest)} UTC"))
    elif waits:
        parts.append(words("When it can be released can't be told: it waits for {who}.", who=waits))
    else:
        parts.append(words("The clock holds nothing up."))
    head = (words("when (UTC)"), words("what"))
    rows = [(at(moment.at), said(words, moment.what)) for moment in line.moments]
    return section(words("Timeline"), *parts, table(head, rows, words) if rows else "")


def _grace(grace: Grace, waits: str, words: Words) -> str:
    """The day, not the minute: it moves on while nobody acts."""
    return words(
        "Not before **{day}** (now + {span}), counted from {since} ({item}); it waits for {who}.",
        day=f"{grace.ends:%Y-%m-%d}",
        span=spelled(words, grace.wait.lasts),
        since=code(grace.wait.since),
        item=code(grace.item),
        who=waits,
    )


WAITED_FOR = (
    of_kind("waits for", "whoever holds it"),
    of_kind("waits for", "the author"),
    of_kind("waits for", "CI"),
    of_kind("waits for", "roles"),
    of_kind("waits for", "reviewers"),
    of_kind("waits for", "an admin"),
    of_kind("waits for", "time"),
    of_kind("waits for", "GitHub"),
)
