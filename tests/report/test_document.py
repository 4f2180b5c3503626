"""The approval document of the demo: everything that the paper had, in both languages."""

import re
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import structlog

from bot import demo
from bot.catalogues import words_of
from bot.report.sentences import said
from bot.report.words import ENGLISH
from tests.report.golden import assert_golden

STEP = 8
"""After which the release is much like the paper: some things done, some open, a sign-off dropped."""

HEADINGS = (
    "# Release approval 1.0.0",
    "## Version and why",
    "## Metrics",
    "## Readiness checklist",
    "### CRITICAL (must have): 7 of 10 (70 %)",
    "### HIGH (should have): 4 of 8 (50 %)",
    "### MEDIUM (nice to have): 3 of 5 (60 %)",
    "## Risks",
    "## Change isolation (blast radius)",
    "## Deliverables",
    "## CI pipeline",
    "### `.github/workflows/ci.yml`: 8 jobs",
    "## Before deployment",
    "### BLOCKING",
    "### RECOMMENDED",
    "## Assessment and sign-off",
    "### Blocking issues",
    "### Sign-offs",
    "## Timeline",
    "## Contacts",
    "## Reference documents",
    "## Links",
)
LINES = ("**Status**", "**Branch**", "Assigned version", "Overall: **", "**Readiness**", "**May it ship?**")
LAST = ("**Document version**", "**Last update**", "**Next review**")
COLUMNS = (
    ("metric", "value", "rating"),
    ("id", "level", "risk", "probability", "impact", "mitigation", "status"),
    ("area", "radius", "files", "depends on it", "rollback", "watch"),
    ("role", "approval", "name", "date (UTC)", "comment", "link"),
    ("role", "name", "e-mail, messenger"),
)
METRICS = (
    "files changed",
    "lines added / removed",
    "commits",
    "pull requests",
    "test coverage",
    "security fixes",
    "breaking changes",
)
ITEMS = (
    *(f"SEC-00{n}" for n in (1, 2)),
    *(f"DOC-00{n}" for n in (1, 2, 3, 4)),
    "VER-001",
    "ENV-001",
    *(f"TEST-00{n}" for n in (1, 2, 3)),
    *(f"PERF-00{n}" for n in (1, 2)),
    *(f"API-00{n}" for n in (1, 2)),
    *(f"MONITOR-00{n}" for n in (1, 2)),
    *("DB-001", "INFRA-001", "BACKUP-001", "ROLLBACK-001", "COMM-001", "TRAIN-001"),
)
RISKS = tuple(f"R{n}" for n in range(1, 8))
AREAS = ("authentication", "database", "performance", "monitoring", "api-documentation", "test-infrastructure")
ROLES = ("release-manager", "security", "devops", "product-owner")
DELIVERABLES = (
    "Release notes",
    "Client migration guide",
    "Changelog",
    "Versions in pyproject.toml",
    "`pyproject.toml`",
)
JOBS = (
    "lint-python",
    "lint-frontend",
    "test-backend",
    "test-frontend",
    "security-scan",
    "validate-config",
    "docker-build",
    "all-checks-passed",
)
COMMANDS = (
    "git push origin BRANCH",
    "./deploy.sh staging",
    "./ops/scripts/smoke-tests.sh",
    "pytest tests/integration/ --env=staging",
    "pg_dump production_db > backup.sql",
    "psql staging_db < backup.sql",
    "alembic upgrade head",
    "./ops/scripts/backup.sh",
    "./ops/scripts/restore.sh FILE",
    "docker-compose up -d prometheus grafana alertmanager",
)
PAPERS = (
    "RELEASE_v1.0.0.md",
    "CLIENT_MIGRATION_GUIDE_v1.0.0.md",
    "CHANGELOG.md",
    "SECURITY_AUDIT_REPORT.md",
    "CORE_WEB_VITALS_OPTIMIZATION_REPORT.md",
    "REGRESSION_TESTING_SUMMARY.md",
    "API_SYNC_SUMMARY.md",
    "AUDIT_SUMMARY.md",
    "ops/runbooks/disaster_recovery.md",
    "ops/runbooks/monitoring_operations.md",
    "ops/runbooks/rollback-procedure.md",
)
LINKS = ("staging", "production", "grafana", "prometheus", "repository", "CI", "on-call")


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """The demo sets up the logs of this process, which other tests read."""
    yield
    structlog.reset_defaults()


async def documents() -> AsyncIterator[str]:
    """English, then Russian, as the server writes them."""
    async with demo.staged(port=0) as stage, aiohttp.ClientSession() as session:
        for _ in range(STEP):
            assert await stage.play() == ()
        link = re.search(r'<a href="([^"]+)">', stage.comments_of_bot()[0].body)
        assert link
        for language in ("en", "ru"):
            async with session.get(f"{link[1]}&language={language}") as answer:
                yield await answer.text()


def row_of(text: str, id: str) -> bool:
    return bool(re.search(rf"(?m)^\| (?:[^|]+ \| )?(?:\[)?[`*]*{re.escape(id)}[`*]*", text))


async def test_the_document_has_everything_that_the_paper_had():
    english, russian = [text async for text in documents()]
    lines = english.splitlines()
    assert [heading for heading in HEADINGS if heading not in lines] == []
    assert [line for line in (*LINES, *LAST, *COMMANDS, *PAPERS) if line not in english] == []
    assert [columns for columns in COLUMNS if f"| {' | '.join(columns)} |" not in lines] == []
    ids = (*METRICS, *ITEMS, *RISKS, *AREAS, *ROLES, *DELIVERABLES, *JOBS, *LINKS)
    assert [id for id in ids if not row_of(english, id)] == []
    # The same with every number in the other language: what differs are words.
    assert [id for id in (*ITEMS, *RISKS, *AREAS, *ROLES, *JOBS) if not row_of(russian, id)] == []
    assert len(russian.splitlines()) == len(lines)
    assert_golden("document/en", timeless(english))
    assert_golden("document/ru", timeless(russian))


def timeless(text: str) -> str:
    """Commits, digests, dates and ports differ from run to run, and so does what one pass answers at once."""
    for pattern, instead in (
        (r"\b[0-9a-f]{40}\b", "COMMIT"),
        (r"(`|\| )[0-9a-f]{7}(`| )", r"\1COMMIT\2"),
        (r"(\*\*: |\| )`[0-9a-f]{12}`", r"\1`DIGEST`"),
        (r"(?m)^\| \d+ \| 20.*\n(?=\| \d+ \| 20)", ""),  # how many decisions there were
        (r"20(?!25-10)\d\d-\d\d-\d\d \d\d:\d\d", "YYYY-MM-DD HH:MM"),
        (r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d", "D MMM YYYY HH:MM"),
        (r"(approve [a-z-]+) [0-9a-f]{7}", r"\1 COMMIT"),
        (r"127\.0\.0\.1:\d+", "HOST"),
        (r"(/runs/|#issuecomment-|#pullrequestreview-)\d+", r"\1ID"),
    ):
        text = re.sub(pattern, instead, text)
    return text


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        pytest.param("no `a.md`", "`a.md` нет", id="a value is kept"),
        pytest.param("`a` is there; attested by `sam`", "файл `a` есть; подтверждено: `sam`", id="two sentences"),
        pytest.param("attested by `a; b`", "подтверждено: `a; b`", id="a code span is never cut"),
        pytest.param("add `a`, `b` and `c`", "добавьте `a`, `b` и `c`", id="a list"),
        pytest.param("changes `a`, `b`, `c` and 4 more", "изменено: `a`, `b`, `c` и ещё 4", id="a list that goes on"),
        pytest.param("a sign-off by `a` or `b`", "подпись от `a` или `b`", id="one of several"),
        pytest.param(
            "14 days since 1 Dec 2026 09:00 UTC: until 15 Dec 2026 09:00 UTC",
            "14 дней с 2026-12-01 09:00 UTC: до 2026-12-15 09:00 UTC",
            id="a span in the form that its number asks for",
        ),
        pytest.param("2 hours after `a`", "2 часа после выполнения `a`", id="hours"),
        pytest.param("1 minute after `a`", "1 минута после выполнения `a`", id="a minute"),
        pytest.param("30 seconds after `a`", "30 секунд после выполнения `a`", id="seconds"),
        pytest.param(
            "`R2` is open, high: `DB-001` is open",
            "`R2` открыт, уровень «высокий»: `DB-001` ещё открыт",
            id="one in another",
        ),
        pytest.param(
            "the blast radius is high and the version grows by a major",
            "уровень влияния: высокий; версия повышается: major",
            id="a list of sentences",
        ),
        pytest.param(
            "the pattern in line 1,002 of CODEOWNERS has more than 65,536 characters",
            "шаблон в строке 1\u00a0002 CODEOWNERS длиннее 65\u00a0536 символов",
            id="large numbers",
        ),
        pytest.param(
            "CODEOWNERS has errors that GitHub passes over, in lines 7, 1,001 and 1,002",
            "в CODEOWNERS есть ошибки, GitHub пропускает строки 7, 1\u00a0001 и 1\u00a0002",
            id="a list of large numbers",
        ),
        pytest.param(
            "`coverage`: 92.5 %; `size`: 1234.5 KB",
            "`coverage`: 92,5 %; `size`: 1234,5 KB",
            id="decimals",
        ),
        pytest.param("≥ 0.5 s", "≥ 0,5 s", id="a bound"),
        pytest.param("≥ 0.5 and ≤ 92.5 %", "≥ 0,5 и ≤ 92,5 %", id="two bounds"),
        pytest.param("`1.5` has `1,002`", "в `1.5` есть `1,002`", id="no number in a code span is touched"),
        pytest.param(
            "nobody has attested it; `attestation` is unmet",
            "нет подтверждения; срок ещё не отсчитывается",
            id="what the clock counts from",
        ),
        pytest.param("nobody knows and `a` is there", "nobody knows and `a` is there", id="half known stays whole"),
        pytest.param("a kind of evidence of tomorrow", "a kind of evidence of tomorrow", id="what is not known stays"),
        pytest.param("`/attest SEC-002`", "`/attest SEC-002`", id="a command stays"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_sentences_of_the_gate_in_russian(english, russian):
    assert said(words_of("ru"), english) == russian
    assert said(ENGLISH, english) == english
