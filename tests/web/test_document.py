"""The approval document over HTTP: what it says, in which language, and to whom."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.github.targets import PullRequest, Repository
from bot.sandbox.model.pulls import PullRequest as PullRequestThere
from bot.web.links import Links, Opened
from tests.stories.rig import RULES, Rig, rigged

REF = PullRequest(repository=Repository(installation=7, name="acme/shop"), number=41)
LINKS = Links([b"new", b"old"], "https://gate.example")
KEY = re.compile(r"key=(.+)$")


def key_of(links: Links = LINKS, ref: PullRequest = REF, repository: str = "R_1") -> str:
    found = KEY.search(links.to(ref, repository))
    assert found
    return found[1]


def test_a_link_says_where_and_nothing_that_can_be_guessed():
    link = LINKS.to(REF, "R_1")
    assert re.fullmatch(r"https://gate\.example/document/acme/shop/41\?key=7\.R_1\.[0-9a-f]{64}", link)


def test_without_a_public_address_there_is_no_link():
    assert Links([b"new"], None).to(REF, "R_1") == ""


@pytest.mark.parametrize(
    ("name", "number", "key", "is_taken"),
    [
        pytest.param("acme/shop", 41, key_of(), True, id="the link itself"),
        pytest.param("Acme/Shop", 41, key_of(), True, id="names are the same in any case"),
        pytest.param("acme/shop", 41, key_of(Links([b"old"], "x")), True, id="made with a secret that is rotated out"),
        pytest.param("acme/shop", 41, key_of(Links([b"else"], "x")), False, id="made with another secret"),
        pytest.param("acme/shop", 42, key_of(), False, id="for another pull request"),
        pytest.param("acme/vault", 41, key_of(), False, id="for another repository"),
        pytest.param("acme/shop", 41, key_of().replace("R_1", "R_2"), False, id="another repository of that name"),
        pytest.param("acme/shop", 41, key_of().replace("7.", "8.", 1), False, id="another installation"),
        pytest.param("acme/shop", 41, key_of()[:-1], False, id="cut off"),
        pytest.param("acme/shop", 41, "", False, id="no key"),
        pytest.param("acme/shop", 41, f"{'7' * 400}.R_1.{'0' * 64}", False, id="an endless number"),
    ],
)
def test_which_links_are_taken(name, number, key, is_taken):
    wanted = Opened(ref=replace(REF, repository=Repository(installation=7, name=name)), repository_id="R_1")
    assert LINKS.opened(name, number, key) == (wanted if is_taken else None)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path) as made:
        await made.stop()
        made.public_url = "http://gate.example"
        await made.start()
        yield made
        await made.stop()


async def get(rig: Rig, link: str) -> tuple[int, str, aiohttp.ClientResponse]:
    address = rig.sandbox.bot.webhook_url.removesuffix("/webhook")
    async with aiohttp.ClientSession() as session, session.get(link.replace(rig.public_url, address)) as answer:
        return answer.status, await answer.text(), answer


async def link_in(rig: Rig, rules: str = RULES) -> str:
    return await link_of(rig, rig.release(rig.shop(rules)))


async def link_of(rig: Rig, pull: PullRequestThere) -> str:
    await rig.quiet()
    found = re.search(r'<a href="([^"]+)">approval document</a>', rig.comment(pull))
    assert found
    return found[1]


async def test_the_comment_links_to_the_document(rig):
    status, text, answer = await get(rig, await link_in(rig))
    assert (status, answer.content_type, answer.charset) == (200, "text/markdown", "utf-8")
    assert text.startswith("# Release approval 0.0.1\n")
    assert "**TEST-001**" in text
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_the_document_speaks_the_language_of_the_rules(rig):
    _, text, _ = await get(rig, await link_in(rig, f"{RULES}language: ru\n"))
    assert text.startswith("# Согласование релиза 0.0.1\n")


async def test_a_reader_may_choose_the_language(rig):
    link = await link_in(rig)
    assert (await get(rig, f"{link}&language=ru"))[1].startswith("# Согласование релиза")
    assert (await get(rig, f"{link}&language=xx"))[:2] == (
        400,
        "There is no such language; write language=en or language=ru.\n",
    )


async def test_the_notes_are_a_link_away(rig):
    assert (await get(rig, f"{await link_in(rig)}&notes"))[1].startswith("# 0.0.1\n")


async def test_a_link_opened_often_asks_github_once(rig):
    link = await link_in(rig)
    rig.sandbox.requests.clear()
    for _ in range(20):
        assert (await get(rig, link))[0] == 200
    assert rig.counted() == (1, 0)


async def test_strangers_get_nothing_and_cost_nothing(rig):
    link = await link_in(rig)
    rig.sandbox.requests.clear()
    status, text, _ = await get(rig, link[:-64] + "0" * 64)
    assert (status, "TEST-001" in text) == (404, False)
    assert (await get(rig, link.partition("?")[0]))[:2] == (status, text)
    assert rig.counted() == (0, 0)


async def test_what_is_closed_is_told_like_what_is_not_there(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    rig.sandbox.close(pull, by="dan")
    assert (await get(rig, link))[0] == 404


async def test_trouble_with_github_is_no_document_and_is_not_asked_again_at_once(rig):
    link = await link_in(rig)
    rig.sandbox.arm("secondary_limit", times=None, matching="graphql", status=403, retry_after=60)
    assert (await get(rig, link))[0] == 502
