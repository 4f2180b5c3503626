"""Pushes: which bases, tips and sources of rules each one names."""

from typing import Any

import pytest

from bot.github.deliveries import concerning
from bot.github.targets import Base, Repository, Source, Target, Tip

SHA = "ab" * 20
SHOP = Repository(installation=3, name="acme/shop")
EVERY = Base(repository=SHOP, branch="")
MAIN = Tip(repository=SHOP, branch="main")
SHARED = Source(repository=SHOP)

RULES = {"added": [], "removed": [], "modified": [".release-gate.yml"]}
YAML = {"added": ["src/.release-gate.yml"], "removed": ["a"], "modified": ["b"]}
CODE = {"added": ["src/a.py"], "removed": ["a"], "modified": ["yml"]}


def _named(*commits: Any, **more: Any) -> list[Target]:
    origin = {"installation": {"id": 3}, "repository": {"id": 9, "full_name": "acme/shop", "default_branch": "main"}}
    push = {"ref": "refs/heads/main", "before": "00", "after": SHA, "commits": list(commits)}
    concerns = concerning("push", origin | push | more, app_id=77)
    assert not any(concern.is_urgent for concern in concerns)
    return [concern.target for concern in concerns]


@pytest.mark.parametrize(
    ("commits", "more", "targets"),
    [
        pytest.param([CODE, RULES], {}, [EVERY, SHARED], id="a push that changes the rules"),
        pytest.param([{"removed": [".release-gate.yml"]}], {}, [EVERY, SHARED], id="a push that removes rules"),
        pytest.param([{"added": [".github/release-gate.yml"]}], {}, [EVERY, MAIN, SHARED], id="a push that adds rules"),
        pytest.param([{"added": ["docs/CODEOWNERS"]}], {}, [EVERY], id="a push that changes the code owners"),
        pytest.param([CODE], {"forced": True}, [EVERY, SHARED], id="a forced push"),
        pytest.param([], {}, [EVERY, SHARED], id="a push with no commits that changed the branch"),
        pytest.param([CODE] * 2048, {}, [EVERY, SHARED], id="a push whose commits are cut off"),
        pytest.param([], {"commits": None}, [EVERY, SHARED], id="a push without a list of commits"),
        pytest.param(
            [RULES],
            {"ref": "refs/heads/a/b"},
            [Base(repository=SHOP, branch="a/b"), SHARED],
            id="another branch, with a slash",
        ),
        pytest.param([YAML], {}, [SHARED], id="a push of a file that rules elsewhere may extend"),
        pytest.param([], {"ref": "refs/tags/v1"}, [SHARED], id="a tag that rules elsewhere may extend"),
        pytest.param([], {"ref": "refs/tags/v1", "created": True}, [SHARED], id="a new tag"),
        pytest.param([CODE], {}, [], id="a push that leaves the rules alone"),
        pytest.param([], {"before": SHA}, [], id="a push of nothing"),
        pytest.param([RULES], {"ref": None}, [], id="a push without a ref"),
        pytest.param([RULES], {"ref": "refs/notes/x"}, [], id="a push of neither a branch nor a tag"),
        pytest.param([RULES], {"created": True}, [], id="a new branch"),
        pytest.param([RULES], {"deleted": True}, [], id="a deleted branch"),
        pytest.param([], {"ref": "refs/tags/v1", "deleted": True}, [], id="a deleted tag"),
        pytest.param([None, {"added": None}, {"added": [{}]}], {}, [], id="commits of a wrong shape"),
    ],
)
def test_a_push_names_its_targets(commits, more, targets):
    assert _named(*commits, **more) == targets
