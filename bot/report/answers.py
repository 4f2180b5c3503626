"""Answers to `/explain`, `/gate status` and `/gate help` as Markdown, below everything else."""

from bot.gate.answers import Answer, Explained
from bot.gate.commands import Command, Verb
from bot.gate.facts import Comment, Deletion
from bot.gate.markup import code, instant
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, joined, link, plain, table
from bot.report.signs import SIGNS
from bot.report.title import title

_CHANGED = 5
_EXPLAINED = 60
"""Rows of one answer."""


def answered(verdict: Verdict) -> str:
    """What people asked, the newest first."""
    parts = [_answer(answer, verdict) for answer in verdict.answers]
    return joined(["### Answers", *parts]) if parts else ""


def _answer(answer: Answer, verdict: Verdict) -> str:
    asked = _asked(answer.command)
    if answer.command.verb is Verb.HELP:
        return folded(f"{asked}: the commands and who may use them", _help(answer))
    if answer.command.verb is Verb.STATUS:
        return f"{asked}: {plain(title(verdict))}"
    if not answer.explained:
        return f"{asked}: nothing is open."
    return folded(f"{asked}: why", _explained(answer.explained))


def _asked(command: Command) -> str:
    """Who asked what: as HTML, for it stands in a summary where Markdown is not read."""
    return f"<code>{plain(command.text, limit=60)}</code> by <code>{plain(command.comment.author or 'ghost')}</code>"


def _help(answer: Answer) -> str:
    return table(("command", "who"), answer.usages)


def _explained(explained: tuple[Explained, ...]) -> str:
    rows = [
        (
            f"**{plain(one.id)}** {plain(one.title)}",
            link(f"{SIGNS[one.finding.state]} {one.finding.seen}", one.finding.link),
            one.finding.wanted,
            one.finding.do,
            one.note,
        )
        for one in explained[:_EXPLAINED]
    ]
    more = len(explained) - _EXPLAINED
    rest = f"{more} more: ask for each with `/explain ITEM`" if more > 0 else ""
    return joined([table(("item", "seen", "wanted", "do", "besides"), rows), rest])


def changed_by_others(verdict: Verdict) -> str:
    """Comments that somebody else deleted or edited: what they said is not known any more."""
    rows = [(one.at, _deleted(one)) for one in verdict.deletions if one.by and one.by != one.author]
    rows += [(one.edited_at, _edited(one)) for one in verdict.edits if one.edited_at]
    rows.sort(key=lambda row: row[0], reverse=True)
    lines = [line for _, line in rows[:_CHANGED]]
    more = [f"- {len(rows) - _CHANGED} more, all older"] if len(rows) > _CHANGED else []
    return joined(["### Comments that others changed", "\n".join([*lines, *more])]) if lines else ""


def _deleted(one: Deletion) -> str:
    whose = code(one.author) if one.author else "an account that is gone"
    return f"- {code(one.by or '')} deleted one of {whose} on {instant(one.at)}"


def _edited(one: Comment) -> str:
    on = f" on {instant(one.edited_at)}" if one.edited_at else ""
    return f"- {code(one.editor or '')} edited {link('one of ' + code(one.author or 'ghost'), one.url)}{on}"
