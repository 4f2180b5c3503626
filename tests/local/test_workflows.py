"""Which check runs a workflow file makes on a pull request: GitHub's names, or that they can't be told."""

import pytest

from bot.local.workflows import Job, workflow


def _jobs(job: str) -> tuple[Job, ...]:
    text = f"on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n{job}"
    return workflow("ci.yml", text, base="main").jobs


@pytest.mark.parametrize(
    ("job", "checks"),
    [
        pytest.param("", ("test",), id="the job's id"),
        pytest.param("    name: Unit tests\n", ("Unit tests",), id="its name"),
        pytest.param(
            "    strategy: {matrix: {py: ['3.11', 3.12], os: [linux]}}\n",
            ("test (3.11, linux)", "test (3.12, linux)"),
            id="a matrix stands in brackets",
        ),
        pytest.param(
            "    name: Tests\n    strategy: {matrix: {py: [3, 4]}}\n",
            ("Tests (3)", "Tests (4)"),
            id="behind a name without an expression too",
        ),
        pytest.param(
            "    name: Tests on ${{ matrix.py }}\n    strategy: {matrix: {py: [3.10, true]}}\n",
            ("Tests on 3.1", "Tests on true"),
            id="an expression names its value, as YAML reads it",
        ),
        pytest.param(
            "    name: py${{matrix.py}}\n    strategy: {matrix: {py: [3], os: [a, b]}}\n",
            ("py3",),
            id="jobs of one name are one check",
        ),
        pytest.param(
            "    strategy: {matrix: {py: [3, 4], os: [a, b], exclude: [{py: 3, os: b}]}}\n",
            ("test (3, a)", "test (4, a)", "test (4, b)"),
            id="an excluded combination",
        ),
        pytest.param(
            "    strategy: {matrix: {py: [3, 4], include: [{py: 4, slow: yes}, {py: 5}]}}\n",
            ("test (3)", "test (4, yes)", "test (5)"),
            id="an included row adds to what it fits, else it is one of its own",
        ),
        pytest.param(
            "    strategy: {matrix: {include: [{py: 3, os: a}, {py: 4, os: b}]}}\n",
            ("test (3, a)", "test (4, b)"),
            id="included rows alone",
        ),
        pytest.param("    name: ${{ github.ref }}\n", (), id="an expression that only GitHub knows"),
        pytest.param(
            "    name: ${{ matrix.os }}\n    strategy: {matrix: {py: [3]}}\n", (), id="a value that is not there"
        ),
        pytest.param(
            "    strategy: {matrix: '${{ fromJSON(needs.a.outputs.b) }}'}\n", (), id="a matrix made elsewhere"
        ),
        pytest.param("    strategy: {matrix: {py: ['${{ inputs.py }}']}}\n", (), id="a value made elsewhere"),
        pytest.param("    strategy: {matrix: {py: [{a: 1}]}}\n", (), id="a value with parts"),
        pytest.param("    strategy: {matrix: {py: [1,2,3,4,5,6,7,8,9,10,11,12,13]}}\n", (), id="more than a dozen"),
        pytest.param("    strategy: *shared\n", (), id="a strategy that stands elsewhere"),
        pytest.param("    name: *shared\n", (), id="a name that stands elsewhere"),
        pytest.param("    uses: ./.github/workflows/other.yml\n", (), id="a workflow that is called"),
    ],
)
def test_the_names_of_a_jobs_checks(job, checks):
    assert _jobs(job) == (Job(id="test", checks=checks, is_conditional=False),)


def test_a_job_with_a_condition_may_be_skipped():
    assert _jobs("    if: github.ref == 'main'\n")[0].is_conditional


def test_a_job_that_needs_one_with_a_condition_may_be_skipped_with_it():
    rest = "  last: {needs: [mid, free]}\n  mid: {needs: test}\n  free: {}\n"
    assert [job.id for job in _jobs(f"    if: github.ref == 'main'\n{rest}") if job.is_conditional] == [
        *("test", "last", "mid")
    ]
    assert not any(job.is_conditional for job in _jobs(rest))


@pytest.mark.parametrize(
    ("branches", "runs"),
    [
        ("[main]", True),
        ("['ma[in]*']", True),
        ("['m[a-z]+']", True),
        ("['mai?n']", True),
        ("['main!']", False),
        ("['*', '!main']", False),
        ("['!main', '*']", True),
        ("['releases/**']", False),
        ("['[']", False),
        ("['+']", False),
    ],
)
def test_which_branches_a_filter_takes_in(branches, runs):
    text = f"on: {{pull_request: {{branches: {branches}}}}}\njobs: {{a: {{}}}}\n"
    assert (not workflow("ci.yml", text, base="main").unusable) is runs


@pytest.mark.parametrize("types", ["[opened]", "synchronize", "[opened, reopened]"])
def test_a_workflow_that_runs_on_some_pushes_only_proves_nothing(types):
    text = f"on: {{pull_request: {{types: {types}}}}}\njobs: {{a: {{}}}}\n"
    assert workflow("ci.yml", text, base="main").unusable == (
        "it does not run whenever a pull request is opened or pushed to"
    )


@pytest.mark.parametrize(
    ("events", "unusable"),
    [
        pytest.param("pull_request", "", id="one event"),
        pytest.param("[push, pull_request]", "", id="a list"),
        pytest.param("{pull_request: }", "", id="an event without filters"),
        pytest.param("{pull_request_target: {}}", "", id="the base's own code"),
        pytest.param("{pull_request: {branches: [main, 'release/**']}}", "", id="the base among the branches"),
        pytest.param("{pull_request: {types: [opened, synchronize]}}", "", id="the activities of every push"),
        pytest.param("push", "it does not run for pull requests", id="pushes only"),
        pytest.param("{pull_request: {paths: [src/**]}}", "it runs only when certain paths change", id="paths"),
        pytest.param("{pull_request: {paths-ignore: [docs/**]}}", "", id="all but some paths"),
        pytest.param(
            "{pull_request: {branches: [stable]}}", "it does not run for pull requests into main", id="another base"
        ),
        pytest.param(
            "{pull_request: {branches-ignore: ma*}}",
            "it does not run for pull requests into main",
            id="all but this base",
        ),
        pytest.param(
            "{pull_request: {types: closed}}",
            "it does not run whenever a pull request is opened or pushed to",
            id="the end of one",
        ),
        pytest.param("", "it says nothing about when it runs", id="nothing"),
    ],
)
def test_when_it_runs(events, unusable):
    assert workflow("ci.yml", f"on: {events}\njobs: {{test: {{}}}}\n", base="main").unusable == unusable


@pytest.mark.parametrize("text", ["", "- a", "jobs: [", "on: push", "jobs: []", "\x00", "a: &b c\nd: *b", "[" * 60_000])
def test_what_is_no_workflow_can_not_be_read(text):
    assert workflow("ci.yml", text, base="main").unusable == "it can't be read"
