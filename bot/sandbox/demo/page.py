"""The page of the demo: the pull request as a person sees it, live, with a button for the next step."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from aiohttp import web

from ..markdown import render
from .stage import Stage
from .story import STEPS

_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}


def routes(stage: list[Stage]) -> Sequence[web.RouteDef]:
    """The page and what it asks; the list holds the stage as soon as the sandbox stands."""

    async def file(request: web.Request) -> web.Response:
        name, content_type = _FILES[request.path]
        text = (files(__package__ or "") / "static" / name).read_text("utf-8")
        return web.Response(text=text, content_type=content_type, headers=_SECURITY)

    async def state(_: web.Request) -> web.Response:
        return web.json_response(_state(stage[0]))

    async def advance(_: web.Request) -> web.Response:
        if stage[0].next_step is None:
            return web.json_response({"wrong": ["the story is over"]}, status=409)
        return web.json_response({"wrong": await stage[0].play()})

    return [*(web.get(path, file) for path in _FILES), web.get("/state", state), web.post("/next", advance)]


def _state(stage: Stage) -> dict[str, Any]:
    following = stage.next_step
    return {
        "played": [step.says for step in stage.played],
        "steps": len(STEPS),
        "next": following.says if following else None,
        "pull": _pull(stage),
    }


def _pull(stage: Stage) -> dict[str, Any] | None:
    if stage.shop is None:
        return None
    sandbox, pull = stage.sandbox, stage.shop.pull
    newest = {(run.suite.app.slug, run.state.name): run for run in sandbox.check_runs(pull)}
    return {
        "title": pull.title,
        "number": pull.number,
        "author": pull.author.login,
        "head": pull.head_oid[:7],
        "head_ref": pull.head_ref_name,
        "base_ref": pull.base_ref_name,
        "checks": [
            {"app": app, "name": name, "title": run.state.title, "state": run.state.conclusion or run.state.status}
            for (app, name), run in newest.items()
        ],
        "comments": [
            {
                "id": comment.database_id,
                "author": comment.author.login,
                "is_bot": comment.author.typename == "Bot",
                "edited_by": comment.editor.login if comment.editor else None,
                "at": f"{comment.created_at:%d %b %H:%M}",
                "html": render(comment.body),
            }
            for comment in sandbox.comments(pull)
        ],
    }
