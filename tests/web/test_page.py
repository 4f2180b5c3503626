"""The page of a document: what it shows, and that nothing in it runs."""

import os
import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.async_api import async_playwright

from bot import demo
from bot.report.markdown import addressed, exact
from bot.web.page import Page, render

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed; CI installs it"
)


def page(markdown: str) -> str:
    return render(Page(markdown=markdown, language="en"))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("# A & B", "<title>A &amp; B</title>", id="the first heading is the title"),
        pytest.param("# A\n\n## B", '<li><a href="#part-1">B</a></li>', id="parts are listed"),
        pytest.param("| a |\n| - |\n| b<br>c |", "<td>b<br>c</td>", id="a cell of several lines"),
        pytest.param("<ann@shop.example>", 'href="mailto:ann@shop.example"', id="a mailbox"),
        pytest.param("[a](https://b.example)", 'href="https://b.example"', id="a link"),
        pytest.param("~~a~~", "<s>a</s>", id="what was taken back"),
    ],
)
def test_what_is_shown(markdown: str, html: str):
    assert html in page(markdown)


HOSTILE = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "<style>*{}</style>"),
    *('<a href="data:text/html,x">', "<iframe src=//x>", "<svg onload=x>", "</main>", "<!--", "# <b>x</b>", "`", "\n"),
]


@settings(max_examples=200, deadline=None)
@given(text=st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=8).map("".join))
def test_nothing_in_it_runs_whatever_the_markdown_says(text: str):
    for markdown in (text, exact(text), addressed(text)):
        html = page(markdown)
        tags = set(re.findall(r"<([a-z][a-z0-9]*)", html.partition("</style>")[2]))
        assert tags.isdisjoint({"script", "img", "iframe", "svg", "style", "form", "object", "link", "meta"})
        assert not re.search(r"<[^>]*\son[a-z]+\s*=", html)
        assert not re.search(r"<[^>]*href=\"(?!https?:|mailto:|#)", html)
        assert html.count("</main>") == 1


@needs_chromium
async def test_a_browser_shows_it_by_day_by_night_and_on_paper():
    async with demo.staged(port=0) as stage, async_playwright() as playwright:
        assert await stage.play() == ()
        link = re.search(r'<a href="([^"]+)">approval document', stage.comments_of_bot()[0].body)
        assert link
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 900, "height": 1200})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(link[1])
        assert await page.title() == "Release approval 1.0.0"
        assert await page.locator("h2").count() == await page.locator("nav a[href^='#']").count()
        by_day = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.emulate_media(color_scheme="dark")
        assert by_day != await page.evaluate("getComputedStyle(document.body).backgroundColor")
        # No wider than the window: what is too wide is moved by itself.
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await page.emulate_media(media="print")
        assert not await page.locator("nav").is_visible()
        await page.emulate_media(media="screen")
        await page.get_by_role("link", name="Русский").click()
        await page.wait_for_url("**language=ru**")
        assert await page.title() == "Согласование релиза 1.0.0"
        assert complaints == []
        await browser.close()
