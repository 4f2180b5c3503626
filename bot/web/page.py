"""A document's Markdown into a page that loads nothing and runs nothing."""

import base64
import functools
import hashlib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final

import nh3
from markdown_it import MarkdownIt

_CELLS: Final = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS: Final = {"h1", "h2", "h3", "p", "ul", "li", "a", "strong", "em", "code", "pre", "br", "s", "hr", *_CELLS}

_NOTHING_ELSE: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document with what stands around it."""

    markdown: str
    language: str
    """For hyphenation and screen readers, <https://html.spec.whatwg.org/multipage/dom.html#the-lang-attribute>."""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """Names and addresses: the same as Markdown, or in another language."""


def render(page: Page) -> str:
    """The page as HTML. What is not known to be harmless is left out, whatever the Markdown says."""
    tokens = _parser().parse(page.markdown)
    found = [(token, tokens[at + 1]) for at, token in enumerate(tokens) if token.type == "heading_open"]
    parts = [(f"part-{number}", text.content) for number, (_, text) in enumerate(found)]
    for (token, _), (name, _) in zip(found, parts, strict=True):
        token.attrSet("id", name)
    html = nh3.clean(
        _parser().renderer.render(tokens, _parser().options, {}),
        tags=set(_TAGS),
        attributes={"a": {"href"}, **{f"h{level}": {"id"} for level in (1, 2, 3)}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    contents = [(text, f"#{name}") for (token, _), (name, text) in zip(found, parts, strict=True) if token.tag == "h2"]
    title = next((text for _, text in parts), "")
    return (
        f'<!doctype html>\n<html lang="{escape(page.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style()}</style>\n</head>\n<body>\n"
        f"<nav>\n{_links(page.elsewhere)}{_links(contents)}</nav>\n<main>\n{html}</main>\n</body>\n</html>\n"
    )


def _links(links: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> str:
    listed = "".join(f'<li><a href="{escape(address)}">{escape(name)}</a></li>' for name, address in links)
    return f"<ul>{listed}</ul>\n" if listed else ""


@functools.cache
def style() -> str:
    """The one style sheet, which stands in the page so that it can be kept and printed."""
    return (files(__package__ or "") / "static" / "document.css").read_text("utf-8")


@functools.cache
def policy() -> str:
    """What a browser may load: nothing but that style, <https://www.w3.org/TR/CSP3/#grammardef-hash-source>."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
