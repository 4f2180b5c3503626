"""What a change of rules adds, removes and weakens; whatever is not known to be as strict is weaker."""

from dataclasses import replace

import pytest

from bot.evidence.file import File as FileThere
from bot.evidence.sign_off import SignOff
from bot.gate.applies import ItemWhen
from bot.gate.blast_radius import Area, Radius
from bot.gate.checklist import Tier
from bot.gate.packages import Package
from bot.gate.release import When
from bot.gate.rule_changes import rule_changes, stricter
from bot.gate.rules import Exclude, Mode, Rules, Stale
from bot.gate.version import Bump, Semver, Zero
from tests.builders import NOW, a_role, an_item, minutes_ago, rules_of


def said(old: Rules, new: Rules | None) -> list[str]:
    """Each change in words."""
    return [f"{change.effect} {change.said}" for change in rule_changes(old, new)]


ITEM, ROLE = an_item(), a_role()
OTHER = FileThere(path="README.md")
RELEASES = When(base=("main", "next"), any=(When(head=("release/**",)), When(labels=("release",))))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(ITEM, ITEM, [], id="the same item"),
        pytest.param(ITEM, replace(ITEM, tier=Tier.HIGH), ["weakens `DOC-001` is high instead of critical"], id="tier"),
        pytest.param(replace(ITEM, tier=Tier.HIGH), ITEM, ["changes `tier` of `DOC-001`"], id="a higher tier"),
        pytest.param(ITEM, replace(ITEM, blocking=False), ["weakens `DOC-001` no longer blocks"], id="blocks no more"),
        pytest.param(replace(ITEM, blocking=False), ITEM, ["changes `blocking` of `DOC-001`"], id="begins to block"),
        pytest.param(ITEM, replace(ITEM, evidence=OTHER), ["weakens `DOC-001` is shown by other evidence"], id="proof"),
        pytest.param(
            ITEM,
            replace(ITEM, when=ItemWhen(paths=("docs/**",))),
            ["weakens `DOC-001` does not apply to the same changes any more"],
            id="applies to some changes only",
        ),
        pytest.param(
            replace(ITEM, when=ItemWhen(paths=("docs/**",))), ITEM, ["changes `when` of `DOC-001`"], id="applies always"
        ),
        pytest.param(ITEM, replace(ITEM, enforce_from=NOW), ["weakens `DOC-001` blocks only later"], id="blocks later"),
        pytest.param(
            replace(ITEM, enforce_from=NOW),
            replace(ITEM, enforce_from=minutes_ago(1)),
            ["changes `enforce_from` of `DOC-001`"],
            id="blocks earlier",
        ),
        pytest.param(
            replace(ITEM, enforce_from=NOW), ITEM, ["changes `enforce_from` of `DOC-001`"], id="blocks from now on"
        ),
        pytest.param(
            ITEM, replace(ITEM, title="x", how="y"), ["changes `title` and `how` of `DOC-001`"], id="other words"
        ),
        pytest.param(
            ROLE, replace(ROLE, required=False), ["weakens the role `security` need not sign any more"], id="r"
        ),
        pytest.param(
            replace(ROLE, required=False), ROLE, ["changes `required` of the role `security`"], id="has to sign now"
        ),
        pytest.param(
            replace(ROLE, count=2), ROLE, ["weakens the role `security` wants 1 instead of 2 people"], id="fewer people"
        ),
        pytest.param(ROLE, replace(ROLE, count=2), ["changes `count` of the role `security`"], id="more people"),
        pytest.param(
            ROLE,
            replace(ROLE, users=ROLE.users | {"eve"}, teams=frozenset({"acme/all"})),
            [
                "weakens the role `security` may be signed by `eve` too",
                "weakens the role `security` may be signed by `acme/all` too",
            ],
            id="members widened",
        ),
        pytest.param(
            ROLE,
            replace(ROLE, users=frozenset({"ann"})),
            ["changes `users` of the role `security`"],
            id="fewer members",
        ),
        pytest.param(
            ROLE,
            replace(ROLE, exclude=frozenset({Exclude.AUTHOR})),
            ["weakens the role `security` no longer excludes `last_pusher`"],
            id="exclude shortened",
        ),
        pytest.param(
            replace(ROLE, exclude=frozenset()), ROLE, ["changes `exclude` of the role `security`"], id="exclude longer"
        ),
        pytest.param(
            ROLE,
            replace(ROLE, stale=Stale.NEVER),
            ["weakens the role `security` keeps its sign-offs over more pushes: `stale: never`"],
            id="stale never",
        ),
        pytest.param(
            ROLE, replace(ROLE, stale=Stale.PUSH), ["changes `stale` of the role `security`"], id="stale push"
        ),
        pytest.param(
            ROLE,
            replace(ROLE, stale_paths=("src/**",)),
            ["weakens the role `security` keeps its sign-offs when other paths change"],
            id="only some paths make it stale",
        ),
        pytest.param(
            replace(ROLE, stale_paths=("a",)),
            replace(ROLE, stale_paths=("a", "b")),
            ["changes `stale_paths` of the role `security`"],
            id="more paths make it stale",
        ),
        pytest.param(
            replace(ROLE, stale_paths=("a",)), ROLE, ["changes `stale_paths` of the role `security`"], id="all paths do"
        ),
    ],
)
def test_an_entry_that_changes(old, new, words):
    assert said(rules_of(old), rules_of(new)) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(rules_of(ITEM, ROLE), rules_of(), ["removes the role `security`", "removes `DOC-001`"], id="gone"),
        pytest.param(rules_of(), rules_of(ITEM, ROLE), ["adds the role `security`", "adds `DOC-001`"], id="added"),
        pytest.param(
            rules_of(ITEM), None, ["removes the whole gate: no rules would be left"], id="the file is deleted"
        ),
        pytest.param(
            rules_of(ITEM),
            rules_of(ITEM, mode=Mode.SHADOW),
            ["weakens the gate would block nothing: `mode: shadow`"],
            id="mode shadow",
        ),
        pytest.param(
            rules_of(),
            rules_of(is_fixed=True),
            ["weakens the gate sets the rules of all other bases aside: `check: {fixed: true}`"],
            id="one name for all bases",
        ),
        pytest.param(
            rules_of(is_fixed=True),
            rules_of(),
            ["weakens the gate leaves all other bases to their own rules, without `check: {fixed: true}`"],
            id="a name for each base",
        ),
        pytest.param(rules_of(mode=Mode.SHADOW), rules_of(), ["changes `mode` of the gate"], id="enforced from now on"),
        pytest.param(
            rules_of(), replace(rules_of(), file=".github/release-gate.yml"), ["changes `file` of the gate"], id="moved"
        ),
        pytest.param(rules_of(), replace(rules_of(), source="other"), [], id="another blob alone"),
        pytest.param(
            rules_of(),
            rules_of(semver=Semver(tag="{version}")),
            ["weakens the version has another `tag`"],
            id="what is not known to be as strict",
        ),
        pytest.param(
            rules_of(semver=Semver(files=("a", "b"), zero=Zero.STRICT)),
            rules_of(semver=Semver(files=("a",))),
            ["weakens the version is looked for in fewer files", "weakens the version grows less before 1.0.0"],
            id="fewer version files",
        ),
        pytest.param(
            rules_of(semver=Semver(files=("a",))),
            rules_of(semver=Semver(files=("a", "b"), zero=Zero.STRICT)),
            ["changes `files` and `zero` of the version"],
            id="more version files",
        ),
        pytest.param(
            rules_of(an_item(when=ItemWhen(bump=frozenset({Bump.MINOR})))),
            rules_of(an_item(when=ItemWhen(bump=frozenset({Bump.MINOR}))), semver=Semver(zero=Zero.STRICT)),
            [
                "weakens `DOC-001` asks nothing of the greater bumps that `zero` of the version may make",
                "changes `zero` of the version",
            ],
            id="minor bumps become major ones",
        ),
        pytest.param(
            rules_of(an_item(when=ItemWhen(bump=frozenset({Bump.MINOR, Bump.MAJOR})))),
            rules_of(an_item(when=ItemWhen(bump=frozenset({Bump.MINOR, Bump.MAJOR}))), semver=Semver(zero=Zero.STRICT)),
            ["changes `zero` of the version"],
            id="minor bumps become major ones, which are asked for as well",
        ),
        pytest.param(
            rules_of(a_role(when=ItemWhen(radius=frozenset({Radius.LOW})))),
            rules_of(
                a_role(when=ItemWhen(radius=frozenset({Radius.LOW}))),
                areas=(Area(id="all", paths=("**",), radius=Radius.HIGH),),
            ),
            [
                "weakens `security` asks nothing of changes that the new area `all` makes `high`",
                "adds the area `all`",
            ],
            id="an area raises what is asked of low ones only",
        ),
        pytest.param(
            rules_of(an_item(when=ItemWhen(radius=frozenset({Radius.HIGH})))),
            rules_of(
                an_item(when=ItemWhen(radius=frozenset({Radius.HIGH}))),
                areas=(Area(id="all", paths=("**",), radius=Radius.LOW),),
            ),
            ["adds the area `all`"],
            id="an area that raises nothing",
        ),
        pytest.param(
            rules_of(semver=Semver()),
            rules_of(semver=Semver(labels={Bump.PATCH: ("x",)})),
            ["weakens the version has another `labels`"],
            id="labels",
        ),
        pytest.param(
            rules_of(workflow_changes=("a",)),
            rules_of(workflow_changes=("a", "b")),
            ["weakens the gate lets others sign changes of workflows"],
            id="one more role may sign workflows",
        ),
        pytest.param(
            rules_of(workflow_changes=("a", "b")),
            rules_of(workflow_changes=("a",)),
            ["changes `workflow_changes` of the gate"],
            id="one role fewer may sign workflows",
        ),
        pytest.param(
            rules_of(areas=(Area(id="auth", paths=("a",), radius=Radius.HIGH),)),
            rules_of(areas=(Area(id="auth", paths=("b",), radius=Radius.HIGH),)),
            ["weakens the area `auth` has another `paths`"],
            id="an area elsewhere",
        ),
        pytest.param(
            rules_of(packages=(Package(id="web", paths=("a",), files=("x",)),)),
            rules_of(packages=(Package(id="web", paths=("b",), files=("x", "y")),)),
            ["weakens the package `web` has another `paths`", "changes `files` of the package `web`"],
            id="a package elsewhere, with one more version file",
        ),
        pytest.param(
            rules_of(packages=(Package(id="web", paths=("a",), files=("x",)),)),
            rules_of(packages=(Package(id="web", paths=("a",)),)),
            ["weakens the package `web` is looked for in fewer files"],
            id="a package with fewer version files",
        ),
        pytest.param(
            rules_of(packages=(Package(id="web", paths=("a",)),)),
            rules_of(packages=(Package(id="web", paths=("a",)), Package(id="api", paths=("b",)))),
            [
                "weakens the bump: what commits say of the new package `api` counts for it alone",
                "adds the package `api`",
            ],
            id="a package more",
        ),
        pytest.param(
            rules_of(packages=(Package(id="web", paths=("a",)),)),
            rules_of(),
            ["removes the package `web`"],
            id="a package less",
        ),
    ],
)
def test_the_rules_as_a_whole(old, new, words):
    assert said(old, new) == words


NARROWER = "weakens the gate looks at fewer pull requests, or at others"
WIDER = "changes `when` of the gate"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(RELEASES, When(), WIDER, id="everything is a release"),
        pytest.param(When(), RELEASES, NARROWER, id="not everything is any more"),
        pytest.param(RELEASES, replace(RELEASES, base=("main",)), NARROWER, id="one base fewer"),
        pytest.param(RELEASES, replace(RELEASES, base=("main", "next", "1.x")), WIDER, id="one base more"),
        pytest.param(RELEASES, replace(RELEASES, any=RELEASES.any[:1]), NARROWER, id="one alternative fewer"),
        pytest.param(RELEASES, replace(RELEASES, any=()), WIDER, id="no alternatives any more"),
        pytest.param(RELEASES, replace(RELEASES, title="^Release"), NARROWER, id="a title is wanted"),
        pytest.param(When(title="^Release"), When(), WIDER, id="no title is wanted"),
        pytest.param(When(title="a"), When(title="b"), NARROWER, id="another title"),
        pytest.param(When(labels=("a",)), When(labels=("b",)), NARROWER, id="another label"),
    ],
)
def test_which_pull_requests_are_releases(old, new, words):
    assert said(rules_of(when=old), rules_of(when=new)) == [words]


def test_the_weaker_come_first():
    effects = [change.effect for change in rule_changes(rules_of(an_item(id="A"), ROLE), rules_of(an_item(id="B")))]
    assert effects == ["removes", "removes", "adds"]


def test_stricter_asks_for_every_sign_off_of_both():
    old = rules_of(a_role(count=2), a_role("legal", required=False))
    new = rules_of(
        a_role(users=frozenset({"ann", "bob", "eve"}), exclude=frozenset()),
        a_role("devops"),
        a_role("optional", required=False),
        a_role("legal"),
    )
    both = stricter(old, new)
    assert [role.id for role in both.signing_roles()] == ["security", "legal", "devops"]
    assert both.roles["security"] == old.roles["security"]
    assert both.roles["legal"].required


def test_stricter_takes_the_larger_quorum_and_every_exclusion():
    both = stricter(rules_of(a_role(exclude=frozenset())), rules_of(a_role(count=2)))
    assert (both.roles["security"].count, both.roles["security"].exclude) == (2, a_role().exclude)


def test_an_item_of_a_role_makes_it_sign():
    new = rules_of(a_role(required=False), an_item(SignOff(roles=("security",))))
    assert stricter(rules_of(a_role(required=False)), new).roles["security"].required
