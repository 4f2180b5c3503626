"""The record of one pull request → the files of an evidence bundle, the same bytes whenever the record is the same."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot.audit.asking import NoAnswer, name_of, named, subjects
from bot.catalogues import words_of
from bot.dossiers import of_decision
from bot.gate.facts import Merge
from bot.gate.rules import BrokenRules, Language
from bot.record.body import line_of
from bot.record.chain import Body, Decision, Json, Kept, Kind, altered, first_break
from bot.record.codec import Unreadable, canonical, decoded
from bot.report.document import Dossier, document
from bot.report.notes import notes
from bot.report.past import Closed
from bot.store import Store, decisions

SUMS: Final = "SHA256SUMS"

Files = Mapping[str, bytes]
"""By path in the bundle."""


async def bundle(store: Store, pull_request: str) -> Files:
    """All files of the bundle but the sums. Raises `NoAnswer`."""
    chain = await _newest_chain(store, pull_request)
    try:
        kept = [await decisions.with_body(store, one) for one in chain]
        if problem := first_break(chain) or next(filter(None, map(altered, kept)), ""):
            raise NoAnswer(f"{name_of(chain[-1])}: {problem}; see `release-gate audit verify`")
        on, body = _decided_on(kept)
        dossier = await of_decision(store, chain, on, _closed(kept[-1]))
    except Unreadable as error:
        raise NoAnswer(f"{name_of(chain[-1])}: {error}; see `release-gate audit verify`") from error
    if dossier is None:
        raise NoAnswer(f"decision {on.number} of {name_of(on)} can't be read by this program; take {on.program}")
    return {**_texts(dossier), **_parts(on, body), "decisions.jsonl": b"".join(line_of(one) + b"\n" for one in kept)}


def sums(files: Files) -> bytes:
    """What `sha256sum -c` reads, <https://www.gnu.org/software/coreutils/manual/html_node/sha2-utilities.html>."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def write(files: Files, folder: Path) -> None:
    """The files and their sums, into a folder that is new or empty. Raises `NoAnswer` for another, and `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NoAnswer(f"{folder} is not empty; name a new folder: --out DIR")
    for name, content in {**files, SUMS: sums(files)}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


async def _newest_chain(store: Store, pull_request: str) -> Sequence[Decision]:
    """A name may have been that of several pull requests, where a repository was made anew."""
    if named(pull_request).number is not None:
        raise NoAnswer("a bundle is of a whole pull request; leave the number of the decision out")
    found = [await decisions.chain(store, subject=one) for one in await subjects(store, pull_request)]
    return max(found, key=lambda chain: chain[-1].at)


def _decided_on(kept: Sequence[Kept]) -> tuple[Decision, Body]:
    """The decision that was merged, which the merge's account is that of; without a merge the last one."""
    last = kept[-1].decision
    verdicts = [one for one in kept if one.decision.kind is Kind.VERDICT]
    merged = [one for one in verdicts if last.kind is Kind.MERGED and one.decision.verdict == last.verdict]
    newest = (merged or verdicts)[-1]
    if newest.body is None:
        raise NoAnswer(f"what decision {newest.decision.number} of {name_of(last)} was made from went with age")
    return newest.decision, newest.body


def _closed(last: Kept) -> Closed | None:
    if last.decision.kind is not Kind.MERGED or last.body is None:
        return None
    merge = decoded(Merge, last.body.facts["merge"])
    return Closed(merge=merge, is_despite=last.body.facts["is_despite"] is True)


def _texts(dossier: Dossier) -> Files:
    rules = dossier.rules
    words = words_of(Language.EN if isinstance(rules, BrokenRules) else rules.language)
    told = {
        "document.md": document(dossier, words),
        "release-notes.md": notes(dossier.snapshot, dossier.verdict.version, words),
    }
    return {name: text.encode() for name, text in told.items()}


def _parts(on: Decision, body: Body) -> Files:
    """In the form that the decision's digests are of, so that `sha256sum` gives these."""
    parts = {"facts.json": body.facts, "rules.json": body.rules, "verdict.json": body.verdict}
    named = {name: canonical(part) for name, part in parts.items()}
    return {"decision.json": canonical(asdict(on)) + b"\n", **named, **dict(_rules(body.rules))}


def _rules(rules: Json) -> Iterator[tuple[str, bytes]]:
    """The texts as people wrote them; none of rules that could not be read."""
    found = rules["rules"]
    if "text" not in found:
        return
    taken: set[str] = set()
    for name, text in ((found["file"], found["text"]), *sorted(found["sets"].items())):
        stem = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".").removesuffix(".yml")
        named = (stem, *(f"{stem}-{number}" for number in range(2, len(found["sets"]) + 2)))
        # Some file systems take no notice of case.
        free = next(one for one in named if one.lower() not in taken)
        taken.add(free.lower())
        yield f"rules/{free}.yml", text.encode()
