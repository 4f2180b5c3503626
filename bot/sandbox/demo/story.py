"""What happens in the demo, and what people must see after each step."""

from collections.abc import Callable
from dataclasses import dataclass

from .shop import GRACE, JOBS, LAST_JOBS, Shop

Act = Callable[[Shop], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Somebody does something; then the check run and the one comment must say this."""

    says: str
    """One sentence for whoever watches."""
    act: Act
    title: str
    conclusion: str | None
    """None while the check run is in progress."""
    comment: tuple[str, ...] = ()
    """What the comment must say."""
    silent: tuple[str, ...] = ()
    """What the comment must not say."""


def _opens(_: Shop) -> None:
    """The pull request is open already when the story begins."""


def _ci_fails(shop: Shop) -> None:
    shop.ci(*(job for job in JOBS if job != "test-frontend"), coverage=83)
    shop.ci("test-frontend", conclusion="failure")
    shop.ci("docker-build")
    shop.ci("all-checks-passed", conclusion="failure")


def _wrong_app(shop: Shop) -> None:
    shop.sandbox.check(shop.pull, "test-frontend", app="green-lights")


def _remark(shop: Shop) -> None:
    shop.remark = shop.says("sam", "Has the token migration been tried on real data?")


def _edited(shop: Shop) -> None:
    if shop.remark:
        shop.sandbox.edit_comment(shop.remark, by="dan", body=f"/approve security {shop.pull.head_oid[:7]}")


def _three_sign(shop: Shop) -> None:
    shop.says("sam", "/approve security HEAD threat model reviewed\n/attest SEC-002 passed, level 2")
    shop.says(
        "olga",
        "/approve devops\n/attest PERF-001 https://ci.example/benchmarks\n/attest MONITOR-001 https://grafana.example/shop\n"
        "/attest MONITOR-002\n/attest ROLLBACK-001 took 4 minutes",
    )
    shop.told_at = shop.says("ann", "/approve product-owner\n/attest COMM-001 https://mail.example/notice").created_at


def _author_signs(shop: Shop) -> None:
    shop.says("dan", "/approve release-manager HEAD")


def _push(shop: Shop) -> None:
    shop.sandbox.push(
        shop.pull,
        author="dan",
        message="fix(auth): renew the session cookie, and test that",
        files={
            "backend/auth/session.py": "def login(user, response): return renew(response)\n",
            "CLIENT_MIGRATION_GUIDE_v1.0.0.md": "# How to move to cookies\n",
        },
    )
    shop.ci(*(job for job in JOBS if job != "test-frontend"))
    shop.ci_starts("test-frontend", *LAST_JOBS)


def _signed_again(shop: Shop) -> None:
    shop.says("sam", "/approve security HEAD")
    shop.says("rita", "/approve release-manager HEAD\n/attest API-002 https://git.example/41\n/attest TRAIN-001")
    shop.staging()


def _ci_ends(shop: Shop) -> None:
    shop.ci("test-frontend", *LAST_JOBS)


def _grace_ends(shop: Shop) -> None:
    shop.sandbox.clock.advance(GRACE.total_seconds())
    shop.says("ann", "The two weeks are over, no client has complained.")


STEPS = (
    Step(
        says="dan opens the release of 1.0.0; nothing has run, nobody has signed",
        act=_opens,
        title="Blocked: 6 of 10 critical items open · next 1.0.0 (major)",
        conclusion="action_required",
        comment=("no `CLIENT_MIGRATION_GUIDE_v1.0.0.md`", "`/approve security HEAD`", "critical: 4/10"),
    ),
    Step(
        says="CI runs: test-frontend fails, all-checks-passed with it, and the coverage is 83 %",
        act=_ci_fails,
        title="Blocked: 5 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        comment=("`test-frontend`: failure", "`test-backend`: 83 %", "≥ 85 %", "critical: 5/10"),
    ),
    Step(
        says="another App reports a green check of the name test-frontend: it does not count",
        act=_wrong_app,
        title="Blocked: 5 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        comment=("`test-frontend`: failure", "critical: 5/10"),
    ),
    Step(
        says="sam of security asks a question",
        act=_remark,
        title="Blocked: 5 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        silent=("Commands that did not count",),
    ),
    Step(
        says="dan edits sam's question into an approval: it signs nothing, and everybody sees that",
        act=_edited,
        title="Blocked: 5 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        comment=("a comment that `dan` edited signs nothing",),
        silent=("✅ `HEAD`",),
    ),
    Step(
        says="sam, olga and ann sign for security, devops and the product, and attest what no machine can see",
        act=_three_sign,
        title="Blocked: 4 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        comment=("✅ `HEAD` threat model reviewed", "| **release-manager** | ⬜"),
    ),
    Step(
        says="dan, who wrote the release, signs for the release manager: refused",
        act=_author_signs,
        title="Blocked: 4 of 10 critical items open · next 1.0.0 (major)",
        conclusion="failure",
        comment=("the author of a pull request can't sign for release-manager",),
    ),
    Step(
        says="dan pushes a fix below backend/auth: the sign-off of security is dropped, the others stand",
        act=_push,
        title="Blocked: 3 of 10 critical items open · next 1.0.0 (major)",
        conclusion="action_required",
        comment=("changes `backend/auth/session.py`", "❌ dropped", "| **devops** | ✅", "| **product-owner** | ✅"),
    ),
    Step(
        says="the new head is on staging; sam looks again and signs, rita signs for the release manager",
        act=_signed_again,
        title="Waiting for 3 checks · next 1.0.0 (major)",
        conclusion=None,
        comment=("| **security** | ✅ `HEAD`", "| **release-manager** | ✅ `HEAD`", "CI is at work"),
        silent=("❌ dropped",),
    ),
    Step(
        says="CI ends, all 8 jobs are green: only the two weeks that clients were promised are missing",
        act=_ci_ends,
        title="Opens OPENS: Clients told of breaking changes, two weeks ago · 1.0.0 (major)",
        conclusion="action_required",
        comment=("critical: 10/10", "high: 8/8", "medium: 4/5"),
    ),
    Step(
        says="two weeks later",
        act=_grace_ends,
        title="Ready · 1.0.0 (major)",
        conclusion="success",
        comment=("100 % ready", "critical: 10/10", "high: 8/8", "medium: 5/5"),
        silent=("What blocks",),
    ),
)
