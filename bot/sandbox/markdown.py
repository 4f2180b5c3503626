"""GitHub-flavoured Markdown as safe HTML, close to what a person sees on GitHub.

https://github.github.com/gfm/ and https://github.com/gjtorikian/html-pipeline for what GitHub's sanitiser lets pass.
"""

import functools
import re

import nh3
from markdown_it import MarkdownIt

TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "details", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "samp", "span", "strong", "sub", "summary"),
    *("sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul", "var", "input"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"align", "style"},
    "th": {"align", "style"},
    "code": {"class"},
}
_TASK = re.compile(r"<li>(<p>)?\[([ xX])\] ")


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("gfm-like", {"linkify": False, "html": True})


def render(text: str) -> str:
    """HTML that may stand in a page; scripts, handlers, styles and HTML comments are gone."""
    html = _TASK.sub(_box, _parser().render(text))
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"text-align"},
        strip_comments=True,
    )


def _box(found: re.Match[str]) -> str:
    checked = " checked" if found[2] in "xX" else ""
    return f'<li>{found[1] or ""}<input type="checkbox" disabled{checked}> '
