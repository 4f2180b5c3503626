"""Sign-offs, refusals of roles and commands that did not count as Markdown."""

from bot.gate.commands import Command, Verb
from bot.gate.markup import code, listed
from bot.gate.standing import SignOff, Standing, Veto, to_sign
from bot.gate.verdict import Verdict
from bot.report.markdown import joined, link, plain, table

_REFUSALS_SHOWN = 10
_NOTE = 120
"""Letters of what somebody says with a sign-off."""


def sign_offs(verdict: Verdict) -> str:
    """Who signed for which role, whose sign-off was dropped, who refuses, and what to type."""
    if not verdict.standings:
        return ""
    rows = [row for standing in verdict.standings for row in _role_rows(standing, verdict)]
    return joined(["### Sign-offs", table(("role", "sign-off", "who", "when (UTC)"), rows)])


def _role_rows(standing: Standing, verdict: Verdict) -> list[tuple[str, str, str, str]]:
    name = f"**{standing.role.id}**" if standing.role.required else standing.role.id
    rows = [
        (name, f"✅ `{signed.sha[:7]}` {plain(signed.note, limit=_NOTE)}", *_signed(signed))
        for signed in standing.signed
    ]
    rows += [(name, f"❌ dropped: {dropped.dropped}", *_signed(dropped)) for dropped in standing.dropped]
    rows += [(name, f"🛑 refuses{_why(veto)}", *_vetoed(veto)) for veto in standing.vetoes]
    if standing.missing and standing.is_due:
        asked = standing.unknown or standing.unfilled or to_sign(standing, verdict.head_sha)
        rows.append((name, f"{'❓' if standing.unknown else '⬜'} {asked}", _asked(standing), ""))
    return rows


def _why(veto: Veto) -> str:
    return f": {code(veto.because, limit=_NOTE)}" if veto.because else ""


def _vetoed(veto: Veto) -> tuple[str, str]:
    return link(code(veto.login), veto.url), f"{veto.at:%Y-%m-%d %H:%M}"


def _signed(sign_off: SignOff) -> tuple[str, str]:
    return link(code(sign_off.login), sign_off.url), f"{sign_off.at:%Y-%m-%d %H:%M}"


def _asked(standing: Standing) -> str:
    """Teams are mentioned, which notifies them once: GitHub notifies for a new comment, never for an edit."""
    role = standing.role
    people = (*sorted(role.teams), *sorted(role.users))
    return listed([*(f"@{one}" for one in people), *(code(f"{app}[bot]") for app in sorted(role.apps))], last="or")


def refusals(verdict: Verdict) -> str:
    """The newest, for anybody can write a thousand."""
    refused = [refusal for refusal in verdict.refusals if not _made_good(refusal.command, verdict)]
    if not refused:
        return ""
    refused.sort(key=lambda refusal: refusal.command.comment.created_at, reverse=True)
    rows = [
        (
            link(code(refusal.command.comment.author or "ghost"), refusal.command.comment.url),
            code(refusal.command.text),
            refusal.because,
        )
        for refusal in refused[:_REFUSALS_SHOWN]
    ]
    more = f"{len(refused) - _REFUSALS_SHOWN} more, all older" if len(refused) > _REFUSALS_SHOWN else ""
    return joined(["### Commands that did not count", table(("who", "command", "why"), rows), more])


def _made_good(refused: Command, verdict: Verdict) -> bool:
    """Whether the same person has signed for the same role since."""
    return any(
        refused.verb is Verb.APPROVE
        and signed.role == refused.argument.lower()
        and signed.login == refused.comment.author
        and signed.at >= refused.comment.created_at
        for standing in verdict.standings
        for signed in standing.signed
    )
