"""`changelog`: a Keep-a-Changelog file has a dated section for the next version, with something in it."""

from dataclasses import replace

import pytest

from bot.evidence.changelog import Changelog
from bot.gate.facts import Fact, File, Unavailable
from bot.gate.finding import Finding, State
from bot.gate.needs import Needs
from bot.gate.version import NextVersion
from tests.builders import a_candidate, a_file, a_version

MET, UNMET, UNKNOWN = State.MET, State.UNMET, State.UNKNOWN
LOG, EARLY, FULL = Changelog(), Changelog(unreleased=True), Changelog(sections=("Removed", "Migration"))
NEW = "# Changelog\n\n## [1.0.0] - 2026-11-20\n\n### Removed\n\n- the old door\n"


def _judged(evidence: Changelog, file: Fact[File | None], version: Fact[NextVersion] | None = None) -> Finding:
    return evidence.judge(replace(a_candidate(files={"CHANGELOG.md": file}), next_version=version or a_version()))


@pytest.mark.parametrize(
    ("evidence", "text", "state", "seen"),
    [
        pytest.param(LOG, NEW, MET, "`CHANGELOG.md` has `[1.0.0] - 2026-11-20`", id="dated and not empty"),
        pytest.param(LOG, "## v1.0.0 (2026-11-20)\nx", MET, "`CHANGELOG.md` has `v1.0.0 (2026-11-20)`", id="as a tag"),
        pytest.param(
            LOG,
            "## [1.0.0](https://github.test/compare) (2026-11-20)\nx",
            MET,
            "`CHANGELOG.md` has `[1.0.0](https://github.test/compare) (2026-11-20)`",
            id="with a link",
        ),
        pytest.param(LOG, "## [1.0.0]\nx", UNMET, "the section `[1.0.0]` has no date", id="not dated"),
        pytest.param(
            LOG,
            "## [1.0.0] - 2026-11-20\n### Added\n## [0.9.0]\nx",
            UNMET,
            "the section `[1.0.0] - 2026-11-20` is empty",
            id="only headings in it",
        ),
        pytest.param(LOG, "## [0.9.0] - 2026-01-01\nx", UNMET, "`CHANGELOG.md` has no section 1.0.0", id="another one"),
        pytest.param(LOG, "## [1.0.0-rc.1] - 2026-01-01\nx", UNMET, "`CHANGELOG.md` has no section 1.0.0", id="an rc"),
        pytest.param(LOG, "```\n" + NEW + "```", UNMET, "`CHANGELOG.md` has no section 1.0.0", id="in a code block"),
        pytest.param(LOG, "## [Unreleased]\nx", UNMET, "`CHANGELOG.md` has no section 1.0.0", id="unreleased"),
        pytest.param(EARLY, "## [Unreleased]\nx", MET, "`CHANGELOG.md` has `[Unreleased]`", id="unreleased is as good"),
        pytest.param(
            EARLY,
            "## [Unreleased]\n" + NEW,
            MET,
            "`CHANGELOG.md` has `[1.0.0] - 2026-11-20`",
            id="its own section goes before an empty unreleased one",
        ),
        pytest.param(
            EARLY,
            "## Unreleased\n",
            UNMET,
            "the section `Unreleased` is empty",
            id="nothing unreleased",
        ),
        pytest.param(FULL, NEW, UNMET, "no `Migration` in `[1.0.0] - 2026-11-20`", id="a heading is missing"),
        pytest.param(
            FULL,
            NEW + "### migration\n\nturn left\n",
            MET,
            "`CHANGELOG.md` has `[1.0.0] - 2026-11-20`",
            id="all headings are there",
        ),
        pytest.param(
            LOG,
            "## [1.0.0] - 2026-13-45\nx",
            UNMET,
            "the section `[1.0.0] - 2026-13-45` has no date: there is no `2026-13-45`",
            id="no day of any year",
        ),
        pytest.param(
            LOG,
            "## [1.0.0] - 9999-12-31\nx",
            UNMET,
            "the section `[1.0.0] - 9999-12-31` is dated too far ahead",
            id="the last day of all",
        ),
        pytest.param(
            LOG, "## [1.0.0] - 2027-11-20\nx", MET, "`CHANGELOG.md` has `[1.0.0] - 2027-11-20`", id="within a year"
        ),
        pytest.param(
            LOG,
            "## [1.0.0] - 2026-11-20 [YANKED]\nx",
            UNMET,
            "the section `[1.0.0] - 2026-11-20 [YANKED]` is marked as yanked",
            id="taken back",
        ),
        pytest.param(
            LOG,
            "## [1.0.0] - 2026-11-20\n\n&nbsp;\n\nx<!-- -->".replace("x", ""),
            UNMET,
            "the section `[1.0.0] - 2026-11-20` is empty",
            id="nothing that shows",
        ),
        pytest.param(LOG, None, UNKNOWN, "`CHANGELOG.md` is binary or too large to read", id="binary"),
    ],
)
def test_changelog(evidence, text, state, seen):
    finding = _judged(evidence, a_file(text=text, size=9))
    assert (finding.state, finding.seen) == (state, seen)


def test_it_says_what_to_write():
    assert _judged(LOG, None).wanted == "`## [1.0.0] - YYYY-MM-DD` in `CHANGELOG.md`"
    assert _judged(EARLY, None).wanted == "`## [1.0.0] - YYYY-MM-DD` or `## [Unreleased]` in `CHANGELOG.md`"


@pytest.mark.parametrize(
    ("file", "version", "seen"),
    [
        pytest.param(Unavailable("502"), a_version(), "502", id="the file"),
        pytest.param(a_file(text=NEW), Unavailable("no tags"), "no tags", id="the version"),
    ],
)
def test_what_cannot_be_read_is_unknown(file, version, seen):
    finding = _judged(LOG, file, version)
    assert (finding.state, finding.seen) == (UNKNOWN, seen)


def test_it_needs_its_file():
    assert Changelog(file="docs/NEWS.md").needs() == Needs(files=frozenset({"docs/NEWS.md"}))
