"""Stories of versions: what is current, where there are more tags than one request shows."""

from tests.stories.rig import Rig


async def test_the_version_comes_from_a_tag_that_a_hundred_newer_ones_hide(rig: Rig):
    repository = rig.shop()
    rig.sandbox.tag(repository, "v1.4.2")
    rig.sandbox.push_branch(repository, "main", author="rita", files={"x": "y"}, message="chore: x")
    for number in range(105):
        rig.sandbox.tag(repository, f"nightly-{number}")
    pull = rig.release(repository, title="feat: search")
    await rig.later()
    assert rig.shown(pull)[0].endswith("next 1.5.0 (minor)")
    rig.sandbox.check(pull, "test")
    await rig.quiet()
    rig.sandbox.requests.clear()
    rig.sandbox.edit_comment(rig.sandbox.comment(pull, "rita", "a remark"), by="rita", body="another remark")
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_a_branch_behind_many_releases_asks_about_them_in_few_turns(rig: Rig):
    repository = rig.shop()
    rig.sandbox.tag(repository, "v1.0.0")
    rig.sandbox.branch(repository, "next")
    for minor in range(12):
        rig.sandbox.push_branch(repository, "next", author="rita", files={"x": f"{minor}"}, message="feat: x")
        rig.sandbox.tag(repository, f"v2.{minor}.0", at="next")
    pull = rig.release(repository)
    await rig.later()
    assert rig.shown(pull)[0].endswith("next 1.0.1 (patch)")
    compared = [request.path for request in rig.sandbox.requests if "/compare/" in request.path]
    assert len(compared) == len(set(compared)) == 12


PACKAGES = """\
version: 1
packages:
  web: {paths: [web/], files: [web/VERSION]}
  api: {paths: [api/], files: [api/VERSION], tag: "{package}-v{version}"}
  cli: {paths: [cli/]}
checklist:
  WEB-001: {title: The web says its version, tier: critical, when: {package: web}, evidence: {version: {package: web}}}
  CLI-001: {title: The cli says its version, tier: critical, when: {package: cli}, evidence: {file: cli/VERSION}}
"""


async def test_each_package_that_is_touched_gets_a_version_of_its_own(rig: Rig):
    repository = rig.shop(PACKAGES, files={"web/VERSION": "1.2.0", "api/VERSION": "0.3.0"})
    rig.sandbox.tag(repository, "web@1.2.0")
    rig.sandbox.tag(repository, "api-v0.3.0")
    commits = [("feat(web): search", {"web/a.ts": "1", "web/VERSION": "1.2.1"}), ("fix: b", {"api/b.py": "1"})]
    pull = rig.release(repository, files=None, commits=commits)
    await rig.later()
    title = "Blocked: 1 of 1 critical item open · next web 1.2.1 (patch) and 1 more"
    assert rig.shown(pull) == (title, "action_required")
    assert "| **version** web | ❌ `web/VERSION` declares `1.2.1`, the changes need `1.3.0`" in rig.comment(pull)
    assert "| **web** | `1.2.0` | **`1.2.1`** (patch) | declared by file `web/VERSION`" in rig.comment(pull)
    assert "| **api** | `0.3.0` | **`0.3.1`** (patch) | commit " in rig.comment(pull)
    assert "**cli**" not in rig.comment(pull)

    rig.sandbox.push(pull, author="dan", files={"web/VERSION": "1.3.0"}, message="chore(web): 1.3.0")
    await rig.quiet()
    assert rig.shown(pull) == ("Ready · web 1.3.0 (minor) and 1 more", "success")
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)
