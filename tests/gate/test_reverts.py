"""What a range of commits comes to when some of them take others back."""

import pytest

from bot.gate.conventional import parse
from bot.gate.reverts import Change, standing

A, B, C, D = "a" * 40, "b" * 40, "c" * 40, "d" * 40


def _left(*commits: tuple[str, str]) -> list[str]:
    forwards, backwards = (
        [one.message.headline for one in standing([Change(sha=s, message=parse(t), text=t) for s, t in given])]
        for given in (commits, commits[::-1])
    )
    assert sorted(forwards) == sorted(backwards)
    return forwards


def _revert(headline: str, sha: str) -> str:
    return f'Revert "{headline}"\n\nThis reverts commit {sha}.'


@pytest.mark.parametrize(
    ("commits", "left"),
    [
        pytest.param([(A, "feat: a"), (B, _revert("feat: a", A))], [], id="by its hash"),
        pytest.param([(A, "feat: a"), (B, _revert("renamed", A[:7]))], [], id="by a short hash"),
        pytest.param([(A, "feat: a"), (B, f"revert: all\n\nRefs: {A[:8]}, {C}"), (C, "fix: c")], [], id="by footers"),
        pytest.param([(A, "feat: a"), (B, _revert("feat: a", D))], [], id="by its subject: it was rebased"),
        pytest.param([(A, "feat: a (#1)"), (B, 'Revert "feat: a" (#2)')], [], id="numbers don't matter"),
        pytest.param([(A, "feat: a"), (B, "revert: feat: a")], [], id="in the words of the convention"),
        pytest.param([(A, "feat: a"), (B, "chore: revert feat: a")], [], id="as a chore"),
        pytest.param(
            [(A, "feat: a"), (B, _revert("feat: b", D))], ["feat: a", 'Revert "feat: b"'], id="something else"
        ),
        pytest.param(
            [(A, "feat: a"), (B, _revert("feat: a", A)), (C, _revert('Revert "feat: a"', B))],
            ["feat: a"],
            id="the revert is reverted, by hashes",
        ),
        pytest.param(
            [(A, "feat: a"), (B, 'Revert "feat: a"'), (C, 'Revert "Revert "feat: a""')],
            ["feat: a"],
            id="the revert is reverted, by subjects",
        ),
        pytest.param(
            [(A, "feat: a"), (B, 'Revert "feat: a"'), (C, 'Reapply "feat: a"')], ["feat: a"], id="it is applied again"
        ),
        pytest.param(
            [(A, "fix: a"), (B, "fix: a"), (C, 'Revert "fix: a"')], ["fix: a", "fix: a"], id="one of two of a name"
        ),
        pytest.param(
            [(A, "feat!: a"), (B, f'revert!: "feat!: a"\n\nThis reverts commit {A}.')],
            ["feat!: a", 'revert!: "feat!: a"'],
            id="a breaking revert is a change of its own",
        ),
        pytest.param(
            [(A, "feat: a"), (B, f"feat: b\n\nThis reverts commit {A}.")],
            ["feat: b"],
            id="git's words count below any headline, which stays what it is",
        ),
        pytest.param(
            [(A, "feat: a"), (B, f"fix: back to polling\n\nRefs: {A}")],
            ["feat: a", "fix: back to polling"],
            id="what is only referred to stays",
        ),
        pytest.param(
            [(A, "feat: a"), (B, f"fix: revert back to polling\n\nRefs: {A}")],
            ["feat: a", "fix: revert back to polling"],
            id="references take back below the type revert only",
        ),
        pytest.param(
            [(A, "feat: a"), (B, "feat: revert to a")],
            ["feat: a", "feat: revert to a"],
            id="a feature takes nothing back",
        ),
        pytest.param(
            [(A, "feat(ui): dark mode (#12)"), (B, "revert(ui): dark mode (#13)")], [], id="its type is replaced"
        ),
        pytest.param(
            [(A, "feat(ui): a"), (B, "fix: a"), (C, "revert: a")],
            ["feat(ui): a", "fix: a", "revert: a"],
            id="its type is replaced, and two could be meant",
        ),
        pytest.param([(A, "feat: a"), (B, f"revert: {A[:8]}")], [], id="a hash in the headline"),
        pytest.param([(A, "feat: a"), (B, f"Revert commit {A}")], [], id="a commit in the headline"),
        pytest.param([(A, "feat: a (#12)"), (B, "Revert #12 (#13)")], [], id="a pull request in the headline"),
        pytest.param([(A, "feat: a (#12)"), (B, "revert: PR #12")], [], id="a pull request in the headline, named so"),
        pytest.param(
            [(A, "feat: a (#12)"), (B, "Go back (#13)\n\nReverts acme/shop#12")],
            ["Go back (#13)"],
            id="a pull request, as GitHub writes it",
        ),
        pytest.param(
            [(A, "feat: a (#1)"), (B, "Revert #12")], ["feat: a (#1)", "Revert #12"], id="another pull request"
        ),
        pytest.param([(A, "feat: a"), (B, "⏪ Reverted feat: a")], [], id="with an emoji in front"),
        pytest.param([(A, "feat: a"), (B, f"revert: a\r\n\r\nRefs: {A}\r\n")], [], id="lines of Windows"),
        pytest.param(
            [(A, "feat: a"), (B, f'Reapply "feat: b"\n\nThis reverts commit {A}.')],
            ["feat: a", 'Reapply "feat: b"'],
            id="what brings back takes back nothing but reverts",
        ),
        pytest.param(
            [(A, "feat: a"), (B, f"Merge branch 'x'\n\nThis reverts commit {A}.")],
            ["feat: a", "Merge branch 'x'"],
            id="merges take nothing back",
        ),
        pytest.param(
            [(A, "feat: a"), (B, 'Revert "feat: a"'), (C, "feat: c\n\nBREAKING CHANGE: d")],
            ["feat: c"],
            id="a breaking change beside it",
        ),
        pytest.param(
            [(A, "feat: a"), (B, _revert("feat: a", C)), (C, "feat!: c")],
            [],
            id="a breaking change that a revert names brings nothing back that it takes by its subject",
        ),
        pytest.param(
            [(A, _revert("b", B)), (B, _revert("a", A))], [], id="two that revert each other take nothing else along"
        ),
        pytest.param([(A, _revert("a", A)), (B, "feat: b")], ['Revert "a"', "feat: b"], id="one that reverts itself"),
        pytest.param([(A, "feat: a"), (B, "revert " * 50)], ["feat: a", ("revert " * 50).strip()], id="no end of it"),
    ],
)
def test_what_is_left(commits, left):
    assert _left(*commits) == left


def test_many_of_one_hash_take_no_time():
    commits = [(A, _revert("a", A)) for _ in range(300)]
    assert len(_left(*commits)) <= 300
