"""The approval document over HTTP: what it says, in which language, and to whom."""

import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import aiohttp
import pytest

from bot.github.targets import PullRequest, Repository
from bot.sandbox.model.pulls import PullRequest as PullRequestThere
from bot.web.links import Links, Opened
from bot.web.page import policy
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


async def get(rig: Rig, link: str, accept: str = "*/*") -> tuple[int, str, aiohttp.ClientResponse]:
    address = rig.sandbox.bot.webhook_url.removesuffix("/webhook")
    headers = {"Accept": accept}
    async with (
        aiohttp.ClientSession() as session,
        session.get(link.replace(rig.public_url, address), headers=headers) as answer,
    ):
        return answer.status, await answer.text(), answer


async def link_in(rig: Rig, rules: str = RULES) -> str:
    return await link_of(rig, rig.release(rig.shop(rules)))


async def page_of(rig: Rig, pull: PullRequestThere) -> str:
    return (await link_of(rig, pull)).replace("?", ".html?")


async def link_of(rig: Rig, pull: PullRequestThere) -> str:
    await rig.quiet()
    found = re.search(r'<a href="([^"]+)">(?:approval document|документ согласования)</a>', rig.comment(pull))
    assert found
    return found[1]


async def test_the_comment_links_to_the_document(rig):
    status, text, answer = await get(rig, await link_in(rig))
    assert (status, answer.content_type, answer.charset) == (200, "text/markdown", "utf-8")
    assert text.startswith("# Release approval 0.0.1\n")
    assert "**TEST-001**" in text
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_the_page_is_html_that_loads_and_runs_nothing(rig):
    page = await page_of(rig, rig.release(rig.shop()))
    status, text, answer = await get(rig, page)
    assert (status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
    assert answer.headers["Content-Security-Policy"] == policy()
    assert policy().startswith("default-src 'none'; style-src 'sha256-")
    assert '<h1 id="part-0">Release approval 0.0.1</h1>' in text
    assert "<strong>TEST-001</strong>" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("ending", "accept", "kind"),
    [
        pytest.param("", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html", id="a browser"),
        pytest.param("", "*/*", "text/markdown", id="a program"),
        pytest.param(".md", "text/html,*/*", "text/markdown", id="a browser that asks for the Markdown"),
        pytest.param(".html", "*/*", "text/html", id="a program that asks for the page"),
    ],
)
async def test_who_gets_what(rig, ending, accept, kind):
    link = (await link_in(rig)).replace("?", f"{ending}?")
    _, _, answer = await get(rig, link, accept)
    assert answer.content_type == kind


async def test_the_page_leads_to_the_markdown_the_notes_and_other_languages(rig):
    page = await page_of(rig, rig.release(rig.shop()))
    _, text, _ = await get(rig, page)
    ways = {name: unescape(address) for address, name in re.findall(r'<li><a href="(/[^"]+)">([^<]+)</a>', text)}
    assert list(ways) == ["Markdown", "English", "Русский", "Release notes"]
    answers = {name: await get(rig, f"{rig.public_url}{address}") for name, address in ways.items()}
    assert [status for status, _, _ in answers.values()] == [200] * 4
    assert answers["Markdown"][1].startswith("# Release approval 0.0.1\n")
    assert '<html lang="ru">' in answers["Русский"][1]
    assert '<h1 id="part-0">0.0.1</h1>' in answers["Release notes"][1]
    assert ">Release approval</a>" in answers["Release notes"][1]


async def test_a_page_opened_often_asks_github_once(rig):
    page = await page_of(rig, rig.release(rig.shop()))
    rig.sandbox.requests.clear()
    for link in (page, page.replace(".html", ""), page):
        assert (await get(rig, link))[0] == 200
    assert rig.counted() == (1, 0)


async def test_where_there_is_no_document_there_is_no_page(rig):
    page = await page_of(rig, rig.release(rig.shop()))
    status, text, answer = await get(rig, f"{page[:-64]}{'0' * 64}")
    assert (status, answer.content_type, "TEST-001" in text) == (404, "text/markdown", False)


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


async def test_what_has_changed_is_known_after_a_restart(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    assert "What was said before is not known." in (await get(rig, link))[1]
    await rig.make_green(pull)
    await rig.stop()
    await rig.start()
    _, text, _ = await get(rig, link)
    assert "- **Status**: waiting for machines → may ship" in text or "- **Status**: blocked → may ship" in text
    assert "### Decisions\n\n| number | date (UTC) | commit | decision | digest |" in text
    assert "| may ship |" in text


async def test_the_document_of_a_merged_release_is_that_of_its_last_decision(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    await rig.make_green(pull)
    rig.sandbox.clock.advance(61)
    before = (await get(rig, link))[1]
    merged = rig.sandbox.merge(pull, by="rita")
    await rig.quiet()
    await rig.stop()
    await rig.start()
    status, text, _ = await get(rig, link)
    assert status == 200
    assert f"Merged by `rita`, {rig.sandbox.clock.instant():%Y-%m-%d %H:%M} UTC, as `{merged.oid[:7]}`." in text
    assert "despite" not in text
    assert section(text, "Assessment and sign-off") == section(before, "Assessment and sign-off")
    assert "✅ signed" in text
    assert f"| `{merged.oid[:7]}` | merged |" in text


async def test_the_document_says_that_it_was_merged_despite_what_was_open(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    rig.sandbox.merge(pull, by="rita")
    await rig.quiet()
    text = (await get(rig, link))[1]
    assert "**Merged despite what stands below.**" in text
    assert "| **TEST-001** Tests pass |" in section(text, "Assessment and sign-off")


async def test_the_document_of_what_was_closed_is_that_of_its_last_decision(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    rig.sandbox.close(pull, by="dan")
    status, text, _ = await get(rig, f"{link}&language=ru")
    assert (status, "Закрыто без слияния." in text) == (200, True)


async def test_what_is_closed_and_was_never_decided_is_told_like_what_is_not_there(rig):
    pull = rig.release(rig.shop())
    link = await link_of(rig, pull)
    rig.sandbox.close(pull, by="dan")
    await rig.quiet()
    with contextlib.closing(sqlite3.connect(rig.database)) as connection, connection:
        connection.execute("UPDATE decisions SET body = NULL")
    assert (await get(rig, link))[0] == 404


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


async def test_trouble_with_github_is_no_document_and_is_not_asked_again_at_once(rig):
    link = await link_in(rig)
    rig.sandbox.arm("secondary_limit", times=None, matching="graphql", status=403, retry_after=60)
    assert (await get(rig, link))[0] == 502
