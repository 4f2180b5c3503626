"""Sign-offs, refusals of roles and commands that did not count as Markdown."""

from bot.gate.commands import Command, Verb
from bot.gate.markup import code
from bot.gate.standing import SignOff, Standing, Veto, to_sign
from bot.gate.verdict import Verdict
from bot.report.markdown import heading, joined, link, plain, table
from bot.report.sentences import said
from bot.report.words import OR, Words, msg

IN_REVIEW = msg("in a review")
"""The note of a sign-off by review, as the gate writes it."""
_REFUSALS_SHOWN = 10
_NOTE = 120
"""Letters of what somebody says with a sign-off."""


def sign_offs(verdict: Verdict, words: Words) -> str:
    """Who signed for which role, whose sign-off was dropped, who refuses, and what to type."""
    if not verdict.standings:
        return ""
    rows = [row for standing in verdict.standings for row in _role_rows(standing, verdict, words)]
    head = (words("role"), words("sign-off"), words("who"), words("when (UTC)"))
    return joined([heading(words("Sign-offs")), table(head, rows)])


def _role_rows(standing: Standing, verdict: Verdict, words: Words) -> list[tuple[str, str, str, str]]:
    name = f"**{standing.role.id}**" if standing.role.required else standing.role.id
    rows = [(name, f"✅ `{signed.sha[:7]}` {_noted(signed, words)}", *_signed(signed)) for signed in standing.signed]
    rows += [(name, _dropped(dropped, words), *_signed(dropped)) for dropped in standing.dropped]
    rows += [(name, _refuses(veto, words), *_vetoed(veto)) for veto in standing.vetoes]
    if standing.missing and standing.is_due:
        asked = said(words, standing.unknown or standing.unfilled or to_sign(standing, verdict.head_sha))
        rows.append((name, f"{'❓' if standing.unknown else '⬜'} {asked}", _asked(standing, words), ""))
    return rows


def _noted(signed: SignOff, words: Words) -> str:
    """What somebody said with a sign-off, or that it is a review, which we say."""
    return words(IN_REVIEW) if signed.note == IN_REVIEW else plain(signed.note, limit=_NOTE)


def _dropped(dropped: SignOff, words: Words) -> str:
    return "❌ " + words("dropped: {why}", why=said(words, dropped.dropped))


def _refuses(veto: Veto, words: Words) -> str:
    return "🛑 " + words("refuses") + (f": {code(veto.because, limit=_NOTE)}" if veto.because else "")


def _vetoed(veto: Veto) -> tuple[str, str]:
    return link(code(veto.login), veto.url), f"{veto.at:%Y-%m-%d %H:%M}"


def _signed(sign_off: SignOff) -> tuple[str, str]:
    return link(code(sign_off.login), sign_off.url), f"{sign_off.at:%Y-%m-%d %H:%M}"


def _asked(standing: Standing, words: Words) -> str:
    """Teams are mentioned, which notifies them once: GitHub notifies for a new comment, never for an edit."""
    role = standing.role
    people = (*sorted(role.teams), *sorted(role.users))
    apps = (code(f"{app}[bot]") for app in sorted(role.apps))
    return words.listed([*(f"@{one}" for one in people), *apps], last=OR) or words("nobody")


def refusals(verdict: Verdict, words: Words) -> str:
    """The newest, for anybody can write a thousand."""
    refused = [refusal for refusal in verdict.refusals if not _made_good(refusal.command, verdict)]
    if not refused:
        return ""
    refused.sort(key=lambda refusal: refusal.command.comment.created_at, reverse=True)
    rows = [
        (
            link(code(refusal.command.comment.author or "ghost"), refusal.command.comment.url),
            code(refusal.command.text),
            said(words, refusal.because),
        )
        for refusal in refused[:_REFUSALS_SHOWN]
    ]
    older = len(refused) - _REFUSALS_SHOWN
    more = words("{number} more, all older", number=older) if older > 0 else ""
    head = (words("who"), words("command"), words("why"))
    return joined([heading(words("Commands that did not count")), table(head, rows), more])


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
