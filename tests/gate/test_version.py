"""The version: current from tags, bump from commits and labels."""

import pytest

from bot.gate.conventional import breaking, kind_of
from bot.gate.facts import Tag, Unavailable
from bot.gate.version import Bump, NextVersion, Semver, Zero, highest_open_tag, next_version
from tests.builders import a_commit, a_snapshot

LABELS = {Bump.MAJOR: ("semver:major",), Bump.MINOR: ("semver:minor",)}


def _tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name, sha="d" * 40) for name in names)


@pytest.mark.parametrize(
    ("tags", "merged", "current"),
    [
        pytest.param([], {}, "0.0.0", id="none: initial"),
        pytest.param(["v1.2.0", "v1.10.0"], {"v1.10.0": True}, "1.10.0", id="the highest, by number"),
        pytest.param(["v1.2.0", "v2.0.0"], {"v2.0.0": False, "v1.2.0": True}, "1.2.0", id="the highest that is merged"),
        pytest.param(["v1.2.0"], {"v1.2.0": False}, "0.0.0", id="none is merged"),
        pytest.param(["v1.2.0", "v2.0.0-rc.1"], {"v1.2.0": True}, "1.2.0", id="pre-releases are ignored"),
        pytest.param(["1.2.0", "vx", "release", "v1.2"], {}, "0.0.0", id="other tags are ignored"),
    ],
)
def test_the_current_version(tags, merged, current):
    version = next_version(Semver(), a_snapshot(tags=_tags(*tags), merged_tags=merged))
    assert isinstance(version, NextVersion)
    assert version.current == current


def test_a_tag_pattern_has_a_start_and_an_end():
    semver = Semver(tag="web-{version}-final")
    snapshot = a_snapshot(tags=_tags("web-1.2.3-final", "web-9.9.9"), merged_tags={"web-1.2.3-final": True})
    assert str(next_version(semver, snapshot)) == "1.2.4 (patch)"


@pytest.mark.parametrize(
    ("messages", "labels", "expected"),
    [
        pytest.param([], [], "1.2.4 (patch)", id="nothing speaks"),
        pytest.param(["update docs"], [], "1.2.4 (patch)", id="no convention"),
        pytest.param(["fix: a"], [], "1.2.4 (patch)", id="fix"),
        pytest.param(["perf: a"], [], "1.2.4 (patch)", id="perf"),
        pytest.param(["feat: a", "fix: b"], [], "1.3.0 (minor)", id="the highest wins"),
        pytest.param(["feat(api)!: a"], [], "2.0.0 (major)", id="breaking, in the header"),
        pytest.param(["fix: a\n\nBREAKING CHANGE: b"], [], "2.0.0 (major)", id="breaking, in the footer"),
        pytest.param(["fix: a"], ["semver:minor"], "1.3.0 (minor)", id="a label"),
        pytest.param(["fix: a"], ["SemVer:Minor"], "1.3.0 (minor)", id="a label in other letters"),
        pytest.param(["fix: a"], ["other"], "1.2.4 (patch)", id="a label that means nothing"),
    ],
)
def test_the_next_version(messages, labels, expected):
    snapshot = a_snapshot(
        tags=_tags("v1.2.3"),
        merged_tags={"v1.2.3": True},
        commits=tuple(a_commit(message) for message in messages),
        labels=frozenset(labels),
    )
    assert str(next_version(Semver(labels=LABELS), snapshot)) == expected


@pytest.mark.parametrize(
    ("zero", "message", "expected"),
    [
        (Zero.MINOR, "feat!: a", "0.4.0 (minor)"),
        (Zero.MINOR, "feat: a", "0.3.1 (patch)"),
        (Zero.MINOR, "fix: a", "0.3.1 (patch)"),
        (Zero.STRICT, "feat!: a", "1.0.0 (major)"),
        (Zero.STRICT, "feat: a", "0.4.0 (minor)"),
    ],
)
def test_before_1_0_0(zero, message, expected):
    snapshot = a_snapshot(tags=_tags("v0.3.0"), merged_tags={"v0.3.0": True}, commits=(a_commit(message),))
    assert str(next_version(Semver(zero=zero), snapshot)) == expected


def test_every_signal_says_why():
    snapshot = a_snapshot(commits=(a_commit("feat: log in\n\nmore"),), labels=frozenset({"semver:major"}))
    version = next_version(Semver(labels=LABELS), snapshot)
    assert isinstance(version, NextVersion)
    assert [(signal.source, signal.bump, signal.because) for signal in version.signals] == [
        ("commit", Bump.MINOR, "aaaaaaa `feat: log in`"),
        ("label", Bump.MAJOR, "`semver:major`"),
    ]


@pytest.mark.parametrize(
    ("snapshot", "because"),
    [
        pytest.param(a_snapshot(tags=Unavailable("no tags")), "no tags", id="tags"),
        pytest.param(a_snapshot(commits=Unavailable("no commits")), "no commits", id="commits"),
        pytest.param(a_snapshot(labels=Unavailable("no labels")), "no labels", id="labels"),
        pytest.param(
            a_snapshot(tags=_tags("v1.0.0"), merged_tags={"v1.0.0": Unavailable("502")}), "502", id="merged or not"
        ),
        pytest.param(
            a_snapshot(tags=_tags("v1.0.0")),
            "whether `v1.0.0` is merged is not known",
            id="merged or not, not asked yet",
        ),
    ],
)
def test_what_is_not_known_makes_no_version(snapshot, because):
    assert next_version(Semver(labels=LABELS), snapshot) == Unavailable(because)


def test_labels_that_mean_nothing_need_not_be_known():
    assert str(next_version(Semver(), a_snapshot(labels=Unavailable("no labels")))) == "0.0.1 (patch)"


@pytest.mark.parametrize(
    ("tags", "merged", "asked"),
    [
        ([], {}, None),
        (["v1.0.0", "v2.0.0"], {}, "v2.0.0"),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": False}, "v1.0.0"),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": True}, None),
        (["v1.0.0", "v2.0.0"], {"v2.0.0": Unavailable("502")}, None),
        (["v1.0.0"], {"v1.0.0": False}, None),
    ],
)
def test_which_tag_to_ask_about(tags, merged, asked):
    tag = highest_open_tag(Semver(), a_snapshot(tags=_tags(*tags), merged_tags=merged))
    assert (tag.name if tag else None) == asked


def test_no_tag_is_asked_about_when_tags_are_unknown():
    assert highest_open_tag(Semver(), a_snapshot(tags=Unavailable("502"))) is None


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("feat: a", "feat"),
        ("FIX(api): a", "fix"),
        ("feat(a)!: b", "feat"),
        ("feat : a", None),
        ("feat:a", None),
        ("feat():a", None),
        ("Merge branch 'x'", None),
        ("", None),
    ],
)
def test_kinds_of_commits(headline, kind):
    assert kind_of(headline) == kind


@pytest.mark.parametrize(
    ("message", "breaks"),
    [
        ("feat!: a", True),
        ("feat: a!", False),
        ("feat: a\n\nBREAKING CHANGE: b", True),
        ("feat: a\n\nBREAKING-CHANGE: b", True),
        ("feat: a\n\nbreaking change: b", False),
        ("feat: a\n\nno BREAKING CHANGE: b", False),
        ("BREAKING CHANGE: a", False),
    ],
)
def test_breaking(message, breaks):
    assert breaking(message) is breaks
