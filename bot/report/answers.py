"""Answers to `/explain`, `/gate status` and `/gate help` as Markdown, below everything else."""

from bot.gate.answers import Answer, Explained
from bot.gate.commands import Command, Verb
from bot.gate.facts import Comment, Deletion
from bot.gate.markup import code, instant
from bot.gate.verdict import Verdict
from bot.report.markdown import folded, heading, joined, link, plain, table
from bot.report.sentences import said
from bot.report.signs import SIGNS
from bot.report.title import title
from bot.report.words import Words, msg

ROLE = msg("role")
_CHANGED = 5
_EXPLAINED = 60
"""Rows of one answer."""


def answered(verdict: Verdict, words: Words) -> str:
    """What people asked, the newest first."""
    parts = [_answer(answer, verdict, words) for answer in verdict.answers]
    return joined([heading(words("Answers")), *parts]) if parts else ""


def _answer(answer: Answer, verdict: Verdict, words: Words) -> str:
    asked = _asked(answer.command, words)
    if answer.command.verb is Verb.HELP:
        return folded(words("{asked}: the commands and who may use them", asked=asked), _help(answer, words))
    if answer.command.verb is Verb.STATUS:
        return f"{asked}: {plain(title(verdict, words))}"
    if not answer.explained:
        return words("{asked}: nothing is open.", asked=asked)
    return folded(words("{asked}: why", asked=asked), _explained(answer.explained, words))


def _asked(command: Command, words: Words) -> str:
    """Who asked what: as HTML, for it stands in a summary where Markdown is not read."""
    command_text = f"<code>{plain(command.text, limit=60)}</code>"
    return words(
        "{command} by {who}", command=command_text, who=f"<code>{plain(command.comment.author or 'ghost')}</code>"
    )


def _help(answer: Answer, words: Words) -> str:
    rows = [(usage, said(words, who)) for usage, who in answer.usages]
    return table((words("command"), words("who")), rows)


def _explained(explained: tuple[Explained, ...], words: Words) -> str:
    rows = [
        (
            f"**{plain(one.id)}** {plain(words(ROLE) if one.is_role else one.title)}",
            link(f"{SIGNS[one.finding.state]} {said(words, one.finding.seen)}", one.finding.link),
            said(words, one.finding.wanted),
            said(words, one.finding.do),
            said(words, one.note),
        )
        for one in explained[:_EXPLAINED]
    ]
    more = len(explained) - _EXPLAINED
    rest = words("{number} more: ask for each with `/explain ITEM`", number=more) if more > 0 else ""
    head = (words("item"), words("seen"), words("wanted"), words("do"), words("besides"))
    return joined([table(head, rows), rest])


def changed_by_others(verdict: Verdict, words: Words) -> str:
    """Comments that somebody else deleted or edited: what they said is not known any more."""
    rows = [(one.at, _deleted(one, words)) for one in verdict.deletions if one.by and one.by != one.author]
    rows += [(one.edited_at, _edited(one, words)) for one in verdict.edits if one.edited_at]
    rows.sort(key=lambda row: row[0], reverse=True)
    lines = [f"- {line}" for _, line in rows[:_CHANGED]]
    older = len(rows) - _CHANGED
    more = ["- " + words("{number} more, all older", number=older)] if older > 0 else []
    title = heading(words("Comments that others changed"))
    return joined([title, "\n".join([*lines, *more])]) if lines else ""


def _deleted(one: Deletion, words: Words) -> str:
    by, at = code(one.by or ""), said(words, instant(one.at))
    if not one.author:
        return words("{who} deleted one of an account that is gone on {date}", who=by, date=at)
    return words("{who} deleted one of {author} on {date}", who=by, author=code(one.author), date=at)


def _edited(one: Comment, words: Words) -> str:
    by, author = code(one.editor or ""), code(one.author or "ghost")
    theirs = link(words("one of {author}", author=author), one.url)
    return words(
        "{who} edited {what} on {date}", who=by, what=theirs, date=said(words, instant(one.edited_at or one.created_at))
    )
