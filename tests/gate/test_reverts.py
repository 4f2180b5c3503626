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
            ["feat: a", "feat: b"],
            id="no revert by name",
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
