"""The shop whose release is played: its repository, its people, and the pull request with what it changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..actions.code import Files
from ..model.git import Repository
from ..model.pulls import IssueComment, PullRequest
from ..sandbox import Sandbox

RULES = """\
version: 1
extends: release

semver:
  tag: "v{version}"
  zero: strict
  files: [pyproject.toml, frontend/package.json]
  labels: {major: ["semver:major"], minor: ["semver:minor"], patch: ["semver:patch"]}

roles:
  release-manager: {teams: [acme/release], required: true}
  security: {teams: [acme/security], required: true, stale: {paths: ["**/auth/**", "**/security/**"]}}
  devops: {teams: [acme/sre], required: true, stale: {paths: ["**/migrations/**", "**/ops/**", "**/*ocker*"]}}
  product-owner: {users: [ann], required: true, stale: never}

contacts:
  release-manager: rita@shop.example
  security: sam@shop.example
  devops: olga@shop.example
  product-owner: ann@shop.example
  on-call: to be named

links:
  staging: https://staging.shop.example
  production: https://shop.example
  grafana: https://grafana.shop.example
  prometheus: https://prometheus.shop.example
"""

BASE = {
    ".release-gate.yml": RULES,
    ".env.example": "DATABASE_URL=\nSECRET_KEY=\n",
    ".github/workflows/ci.yml": "name: CI\non: [pull_request]\n",
    ".github/workflows/staging.yml": "name: Staging\non: [pull_request]\n",
    "README.md": "# shop\n",
    "backend/auth/session.py": "def login(user): ...\n",
    "frontend/package.json": '{"name": "shop", "version": "0.0.0"}\n',
    "openapi.yaml": "openapi: 3.1.0\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "0.1.0"\n',
}

COMMITS: tuple[tuple[str, Files], ...] = (
    (
        "feat(auth)!: keep the session in an httpOnly cookie\n\nBREAKING CHANGE: clients no longer see the token",
        {"backend/auth/session.py": "def login(user, response): ...\n", "frontend/src/login.ts": "export {}\n"},
    ),
    ("feat(monitoring): dashboards and alerts", {"monitoring/grafana/shop.json": "{}\n"}),
    ("fix(security): encrypt GitHub tokens at rest", {"backend/migrations/0042_tokens.py": "def upgrade(): ...\n"}),
    (
        "docs: release notes, reports and changelog for 1.0.0",
        {
            "API_SYNC_SUMMARY.md": "# In sync\n",
            "CHANGELOG.md": "# Changelog\n\n## [1.0.0] - 2025-10-06\n\n### Removed\n\n- Tokens in the browser.\n",
            "CORE_WEB_VITALS_OPTIMIZATION_REPORT.md": "# LCP, INP and CLS within targets\n",
            "PERFORMANCE_GUIDE.md": "# Performance guide\n",
            "RELEASE_v1.0.0.md": "# Release 1.0.0\n",
            "SECURITY_AUDIT_REPORT.md": "# ASVS audit: passed\n",
        },
    ),
    (
        "chore: version 1.0.0",
        {
            "frontend/package.json": '{"name": "shop", "version": "1.0.0"}\n',
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0.0"\n',
        },
    ),
)

BODY = "First production-ready release. Sessions move to httpOnly cookies; see the migration guide."

JOBS = ("lint-python", "lint-frontend", "test-backend", "test-frontend", "security-scan", "validate-config")
LAST_JOBS = ("docker-build", "all-checks-passed")
STAGING = {
    "integration-tests": "212 passed",
    "smoke-tests": "14 passed",
    "migrate-staging": "applied and rolled back in 21 s",
    "restore-backup": "restored in 9 min",
}
"""Jobs of the workflow `staging.yml`, and what each says when all is well."""

GRACE = timedelta(days=14)


@dataclass(slots=True)
class Shop:
    """The repository `acme/shop` in the sandbox, and what the story needs to find again."""

    sandbox: Sandbox
    repository: Repository
    pull: PullRequest
    remark: IssueComment | None = None
    """The harmless comment that is edited into an approval later on."""
    told_at: datetime | None = None
    """When the clients' notice was attested."""

    def ci(self, *jobs: str, conclusion: str = "success", coverage: int = 87) -> None:
        """Jobs of the workflow end; the tests of the backend state the coverage."""
        for job in jobs:
            title = f"412 passed, coverage {coverage} %" if job == "test-backend" else None
            self.sandbox.check(self.pull, job, conclusion=conclusion, title=title)

    def staging(self) -> None:
        """The head is deployed to staging, and everything that is tried there goes well."""
        self.sandbox.deploy(self.pull, "staging")
        for job, title in STAGING.items():
            self.sandbox.check(self.pull, job, workflow=".github/workflows/staging.yml", title=title)

    def ci_starts(self, *jobs: str) -> None:
        """Jobs of the workflow begin."""
        for job in jobs:
            self.sandbox.check(self.pull, job, status="in_progress")

    def says(self, login: str, text: str) -> IssueComment:
        """Somebody comments; `HEAD` stands for the commit as the bot's comment shows it."""
        return self.sandbox.comment(self.pull, login, self.filled(text))

    def filled(self, text: str) -> str:
        """`HEAD` and `OPENS` in a text of the story as the bot writes them now."""
        opens = (self.told_at or self.sandbox.clock.now()) + GRACE
        return text.replace("HEAD", self.pull.head_oid[:7]).replace("OPENS", f"{opens:%-d %b %H:%M} UTC")


def opened(sandbox: Sandbox) -> Shop:
    """The shop with its people, and the release just opened by dan."""
    repository = sandbox.repository("acme/shop", files=BASE)
    for team, member in (("release", "rita"), ("security", "sam"), ("sre", "olga")):
        sandbox.team(f"acme/{team}", [member])
        sandbox.collaborator(repository, member, "write")
    sandbox.collaborator(repository, "ann", "write")
    sandbox.collaborator(repository, "dan", "write")
    sandbox.tag(repository, "v0.1.0")
    pull = sandbox.open_pull_request(
        repository, author="dan", head="release/1.0.0", title="Release 1.0.0", body=BODY, commits=COMMITS
    )
    return Shop(sandbox, repository, pull)
