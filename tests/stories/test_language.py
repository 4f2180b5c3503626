"""The rules say in which language people are spoken to: everything is written in it, once, and anew when it changes."""

import asyncio

from tests.heard import english_in
from tests.stories.rig import RULES, Rig
from tests.stories.test_merge_queue import shown

FILE = ".release-gate.yml"
RUSSIAN = f"language: ru\n{RULES}"


async def test_what_is_published_is_written_once_and_a_warm_pass_writes_nothing(rig: Rig):
    pull = rig.release(rig.shop(RUSSIAN))
    await rig.make_green(pull)
    assert rig.shown(pull)[0].startswith("Готово")
    assert english_in(rig.comment(pull)) == []
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted() == (1, 0)


async def test_another_language_rewrites_the_one_comment(rig: Rig):
    repository = rig.shop()
    pull = rig.release(repository)
    await rig.make_green(pull)
    assert rig.shown(pull)[0].startswith("Ready")
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: RUSSIAN}, message="по-русски")
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Готово")
    assert "### Чек-лист" in rig.comment(pull)
    assert len(rig.comments(pull)) == 1
    rig.sandbox.requests.clear()
    rig.poke(pull)
    await rig.quiet()
    assert rig.counted()[1] == 0


async def test_rules_that_cant_be_read_are_told_of_in_english(rig: Rig):
    pull = rig.release(rig.shop("language: ru\nchecklists: {}\n"))
    await rig.quiet()
    assert rig.shown(pull)[0].startswith("Rules can't be read")


async def test_faults_of_a_proposal_are_told_in_the_language_of_the_base(rig: Rig):
    broken = f"{RUSSIAN}\nchecklists: {{}}\n"
    pull = rig.release(rig.shop(RUSSIAN), files={FILE: broken})
    await rig.later()
    assert "ошибка в предложенных правилах" in rig.shown(pull)[0]
    assert [note["message"] for note in rig.runs(pull)[-1].state.annotations] == [
        "параметра `checklists` нет; возможно, `checklist`?"
    ]


async def test_trouble_is_told_in_the_language_of_before(rig: Rig):
    pull = rig.release(rig.shop(RUSSIAN))
    await rig.make_green(pull)
    rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    rig.sandbox.check(pull, "test", conclusion="failure", rerun=True)
    async with asyncio.timeout(30):
        while rig.shown(pull)[1] == "success":
            await asyncio.sleep(0.1)
    title, conclusion = rig.shown(pull)
    assert title.startswith("Не удалось оценить: GitHub ответил 502, следующая попытка в ")
    assert conclusion == "failure"


async def test_first_rules_and_their_base_are_told_in_the_language_that_they_choose(rig: Rig):
    repository = rig.shop(None)
    pull = rig.release(repository, files={FILE: RUSSIAN})
    await rig.quiet()
    assert rig.shown(pull) == ("Предлагает первые правила: ошибок нет", "neutral")
    # What stood there is no sign of shadow mode, in this language either: trouble shuts the gate.
    rig.sandbox.push_branch(repository, "main", author="rita", files={FILE: RUSSIAN}, message="rules")
    rig.sandbox.arm("bad_gateway", times=None, matching="Gate")
    async with asyncio.timeout(30):
        while rig.shown(pull)[1] == "neutral":
            await asyncio.sleep(0.1)
    assert rig.shown(pull)[1] == "failure"


async def test_a_merge_group_that_is_nobodys_is_refused_in_russian(rig: Rig):
    pull = rig.release(rig.shop(RUSSIAN))
    await rig.make_green(pull)
    group = rig.sandbox.merge_group(pull, ref="refs/heads/gh-readonly-queue/main/odd")
    rig.sandbox.groups[:] = []
    await rig.quiet()
    assert shown(rig, group) == [("Заблокировано: неизвестно, чья это группа слияния", "failure")]
