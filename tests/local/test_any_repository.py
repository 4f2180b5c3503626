"""Whatever a repository holds, its first rules have no fault."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import builtin
from bot.gate.rules import Rules
from bot.local.first_rules import first_rules
from bot.local.inventory import Listing, found_in
from bot.rules import parse

ANY_TEXT = st.text(max_size=60)
NAMES = st.one_of(
    st.sampled_from(["test", "lint", "build (x)", "a: b", "'", '"', "\\", "null", "# x", "${{ matrix.a }}"]), ANY_TEXT
)
SCALARS = st.one_of(NAMES, st.integers(), st.booleans(), st.floats(allow_nan=False), st.none())
MATRICES = st.dictionaries(
    st.sampled_from(["os", "py", "include", "exclude"]),
    st.lists(st.one_of(SCALARS, st.dictionaries(st.sampled_from(["os", "py", "a"]), SCALARS, max_size=3)), max_size=4),
)
JOBS = st.fixed_dictionaries(
    {}, optional={"name": NAMES, "if": NAMES, "uses": NAMES, "strategy": st.fixed_dictionaries({"matrix": MATRICES})}
)
EVENTS = st.one_of(
    st.sampled_from(["push", "pull_request", "release"]),
    st.dictionaries(
        st.sampled_from(["pull_request", "push"]),
        st.none() | st.dictionaries(st.sampled_from(["branches", "types", "paths"]), NAMES),
    ),
)
WORKFLOWS = st.fixed_dictionaries(
    {"on": EVENTS, "jobs": st.dictionaries(NAMES, JOBS, max_size=4)}, optional={"name": SCALARS}
)
OWNED = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["*", "/db/", "*.py", "/a b", "!x", "**/x/**"]), ANY_TEXT),
        st.lists(
            st.one_of(st.sampled_from(["@ann", "@acme/web", "@acme/null", "@bob", "a@b.c", "@acme/1.2"]), ANY_TEXT),
            max_size=3,
        ),
    ),
    max_size=6,
)
FOLDERS = ["", "src/", "db/migrate/", "app/migrations/", "docs/", "vendor/", "a b/", "ü/", "x\n/"]
FILES = st.tuples(
    st.sampled_from(FOLDERS), st.sampled_from(["VERSION", "package.json", "CHANGELOG.md", "Cargo.toml", "main.py"])
)
VERSIONS = st.sampled_from(
    ["1.2.3", '{"version": "1.2.3"}', '[package]\nversion = "0.1.0-rc.1"', "## [1.0.0]", "", "0.0.0"]
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_repository_makes_a_faulty_file(data):
    """Workflows, owners, versions, tags, branches and labels of any kind."""
    files = {"".join(pair): data.draw(VERSIONS) for pair in data.draw(st.lists(FILES, max_size=5))}
    for number, content in enumerate(data.draw(st.lists(WORKFLOWS, max_size=3))):
        files[f".github/workflows/w{number}{data.draw(st.sampled_from(['', ' x', 'ü', ':']))}.yml"] = json.dumps(
            content
        )
    files[".github/workflows/any.yml"] = data.draw(st.text())
    files["CODEOWNERS"] = "\n".join(" ".join((pattern, *names)) for pattern, names in data.draw(OWNED))
    listing = Listing(
        paths=tuple(files),
        branch=data.draw(st.one_of(st.sampled_from(["main", "null", "1.x"]), st.text(min_size=1, max_size=200))),
        branches=tuple(data.draw(st.lists(st.sampled_from(["release/1", "rc-2", "hotfix/x", "topic"])))),
        tags=tuple(data.draw(st.lists(st.one_of(st.sampled_from(["v1.2.3", "app@1.0.0", "a b1.0.0"]), ANY_TEXT)))),
        remote=data.draw(st.sampled_from(["", "https://github.com/acme/shop", "git@example.test:x"])),
    )
    named = st.one_of(
        st.sampled_from(["release", "type: release", "semver: minor", "major", "minor", "patch"]), ANY_TEXT
    )
    labels = data.draw(st.one_of(st.none(), st.lists(named).map(tuple)))
    text = first_rules(replace(found_in(listing, files.__getitem__), labels=labels))
    rules = parse(text, file=".release-gate.yml", source="", sets=builtin.sets())
    assert isinstance(rules, Rules), (rules.faults, text)
