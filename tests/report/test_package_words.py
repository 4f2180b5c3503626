"""The comment's words on packages."""

import pytest

from bot.gate.evaluate import evaluate
from bot.gate.facts import Tag, Unavailable
from bot.gate.packages import Package
from bot.gate.verdict import Verdict
from bot.report.title import title
from bot.report.version import version
from bot.report.words import ENGLISH
from tests.builders import a_change, a_commit, a_snapshot, rules_of

IDS = ("web", "api", "cli", "docs", "core", "ui")
PACKAGES = tuple(Package(id=id, paths=(f"{id}/**",)) for id in IDS)


def _verdict(*messages: str, touching: tuple[str, ...], **facts: object) -> Verdict:
    known = {
        "commits": tuple(a_commit(message) for message in messages),
        "changes": tuple(a_change(f"{id}/a") for id in touching),
        "tags": tuple(Tag(name=f"{id}@1.2.3", sha="d" * 40) for id in IDS),
        "merged_tags": {f"{id}@1.2.3": True for id in IDS},
    }
    return evaluate(rules_of(packages=PACKAGES), a_snapshot(**known | facts))


SAID = ("feat(web): sell by the dozen", "fix(web): count", "chore(api): release 1.4.0", "docs(docs): say so")


def test_the_touched_packages_stand_in_a_table():
    assert version(_verdict(*SAID, touching=("web", "api", "docs")), ENGLISH).splitlines() == [
        "### Packages",
        "",
        "| package | current | next | why |",
        "| --- | --- | --- | --- |",
        "| **web** | `1.2.3` | **`1.3.0`** (minor) | commit aaaaaaa `feat(web): sell by the dozen` and 1 more |",
        (
            "| **api** | `1.2.3` | **`1.4.0`** (minor) | declared by commit aaaaaaa `chore(api): release 1.4.0`; "
            "the changes alone ask for a patch bump |"
        ),
        "| **docs** | `1.2.3` | **`1.2.4`** (patch) | no commit, title or label says more |",
    ]


def test_many_packages_are_folded():
    text = version(_verdict(touching=IDS), ENGLISH)
    assert "<details>\n<summary>6 packages</summary>" in text
    assert "</details>" not in version(_verdict(touching=IDS[:5]), ENGLISH)


@pytest.mark.parametrize(
    ("touching", "expected"),
    [
        pytest.param(("web",), "Ready · web 1.3.0 (minor)", id="one"),
        pytest.param(
            ("api", "web", "docs"), "Ready · web 1.3.0 (minor) and 2 more", id="the greatest, and how many more"
        ),
        pytest.param((), "Ready · 0.1.0 (minor)", id="none: the repository"),
    ],
)
def test_the_title_names_what_is_released(touching, expected):
    verdict = _verdict("feat(web)!: a" if not touching else "feat(web): a", touching=touching)
    assert title(verdict, ENGLISH) == expected


def test_the_repository_s_own_version_stands_above_them():
    tags = (Tag(name="v2.0.0", sha="d" * 40), Tag(name="web@1.2.3", sha="d" * 40))
    text = version(
        _verdict("fix: a", touching=("web",), tags=tags, merged_tags={"v2.0.0": True, "web@1.2.3": True}), ENGLISH
    )
    assert text.startswith("### Version\n\n`2.0.0` → **`2.0.1`** (patch)")
    assert "| **web** | `1.2.3` | **`1.2.4`** (patch) | commit aaaaaaa `fix: a` |" in text


def test_what_is_not_known_says_why():
    verdict = _verdict(touching=("web",), changes=Unavailable("it changes 4,000 files"))
    assert "### Packages\n\nNot known: it changes 4,000 files." in version(verdict, ENGLISH)
    assert "| **web** |   | not known | whether `web@1.2.3` is merged is not known |" in version(
        _verdict(touching=("web", "api"), merged_tags={"api@1.2.3": True}), ENGLISH
    )
