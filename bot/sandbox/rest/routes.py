"""The table of routes: method, path, permission, handler."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from . import app_routes as app
from . import git_routes as git
from . import repository_routes as repo
from .call import Answer, Call

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A path template (`{name+}` may hold slashes) and who may call it; no permission: the App's JWT."""

    method: str
    template: str
    permission: str
    handler: Handler

    @property
    def pattern(self) -> str:
        """The template as a regular expression over the encoded path."""
        return re.sub(r"\\{(\w+)(\\\+)?\\}", _part, re.escape(self.template)) + "/?"


def _part(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>.+)" if found[2] else f"(?P<{found[1]}>[^/]+)"


_R = "/repos/{owner}/{repo}"

ROUTES = (
    Route("GET", "/app", "", app.get_app),
    Route("GET", "/app/installations", "", app.get_installations),
    Route("GET", "/app/installations/{id}", "", app.get_installation),
    Route("POST", "/app/installations/{id}/access_tokens", "", app.create_token),
    Route("GET", "/app/hook/deliveries", "", app.get_deliveries),
    Route("GET", "/app/hook/deliveries/{id}", "", app.get_delivery),
    Route("POST", "/app/hook/deliveries/{id}/attempts", "", app.redeliver),
    Route("GET", f"{_R}/installation", "", app.repository_installation),
    Route("GET", "/installation/repositories", "metadata", app.get_repositories),
    Route("GET", "/orgs/{org}/memberships/{login}", "members", app.member),
    Route("GET", "/orgs/{org}/teams/{slug}/members", "members", app.team_members),
    Route("GET", "/orgs/{org}/teams/{slug}/memberships/{login}", "members", app.team_membership),
    Route("GET", _R, "metadata", repo.get_repository),
    Route("GET", f"{_R}/actions/runs", "actions", repo.workflow_runs),
    Route("GET", f"{_R}/activity", "contents", repo.activity),
    Route("GET", f"{_R}/branches/{{branch+}}", "contents", repo.branch),
    Route("GET", f"{_R}/check-runs/{{id}}", "checks", repo.get_check_run),
    Route("GET", f"{_R}/collaborators/{{login}}/permission", "metadata", repo.permission),
    Route("GET", f"{_R}/commits/{{ref+}}/check-runs", "checks", repo.check_runs),
    Route("GET", f"{_R}/commits/{{ref+}}/check-suites", "checks", repo.check_suites),
    Route("GET", f"{_R}/commits/{{ref+}}/pulls", "pull_requests", repo.commit_pulls),
    Route("GET", f"{_R}/commits/{{ref+}}/status", "statuses", repo.combined_status),
    Route("GET", f"{_R}/commits/{{ref+}}/statuses", "statuses", repo.statuses),
    Route("GET", f"{_R}/commits/{{ref+}}", "contents", repo.get_commit),
    Route("GET", f"{_R}/compare/{{basehead+}}", "contents", repo.compare),
    Route("GET", f"{_R}/contents/{{path+}}", "contents", repo.contents),
    Route("GET", f"{_R}/git/trees/{{ref+}}", "contents", git.tree),
    Route("GET", f"{_R}/issues/{{number}}/comments", "issues|pull_requests", repo.comments),
    Route("GET", f"{_R}/labels", "issues|pull_requests", repo.labels),
    Route("GET", f"{_R}/pulls", "pull_requests", repo.pulls),
    Route("GET", f"{_R}/pulls/{{number}}", "pull_requests", repo.pull),
    Route("GET", f"{_R}/pulls/{{number}}/commits", "pull_requests", repo.pull_commits),
    Route("GET", f"{_R}/pulls/{{number}}/files", "pull_requests", repo.pull_files),
    Route("GET", f"{_R}/pulls/{{number}}/reviews", "pull_requests", repo.pull_reviews),
)

_PATTERNS = tuple((route, re.compile(route.pattern)) for route in ROUTES)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of an encoded path, and the path's parts, decoded."""
    for route, pattern in _PATTERNS:
        match = pattern.fullmatch(path) if route.method == method else None
        if match:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    return None
