"""`release-gate init` and the labels on GitHub: one request to the sandbox, and the names that mean something."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import builtin
from bot.cli import app
from bot.gate.facts import Unavailable
from bot.gate.rules import Rules
from bot.local.first_rules import first_rules
from bot.local.inventory import Inventory
from bot.local.label_names import bump_labels
from bot.local.labels import read_labels
from bot.rules import parse
from bot.sandbox import App, Clock, Sandbox
from bot.settings import GitHub
from tests.local.repository import a_repository

TOKEN = "ghs_nobody_sees_this"
TAKEN = ("type: release", "semver:major", "semver:minor", "bug", "minor")


@pytest.fixture
async def sandbox():
    async with Sandbox.start(app=App(database_id=77, slug="release-gate"), clock=Clock()) as made:
        repository = made.repository("acme/shop", files={"README.md": "# shop\n"})
        for name in TAKEN:
            made.repository_label(repository, name)
        yield made


async def init(folder: Path, sandbox: Sandbox, *arguments: str, remote: str = "", **environ: str) -> Result:
    """The command in a clone of `acme/shop`."""
    repository = a_repository(folder)
    repository.git("remote", "add", "origin", remote or f"{sandbox.url}/acme/shop.git")
    environment = {"GITHUB_API_URL": sandbox.api_url, "GITHUB_SERVER_URL": "", "GITHUB_TOKEN": "", "GH_TOKEN": ""}
    command = ["init", "--repo", str(repository.folder), "--stdout", *arguments]
    return await asyncio.to_thread(CliRunner().invoke, app, command, env=environment | environ)


def a_token(sandbox: Sandbox) -> str:
    """One that the sandbox knows."""
    return sandbox.auth.issue(sandbox.installation("acme")).value


async def test_labels_on_github_are_written_into_the_rules(tmp_path: Path, sandbox: Sandbox):
    token = a_token(sandbox)
    result = await init(tmp_path, sandbox, GITHUB_TOKEN=token)
    assert (result.exit_code, result.stderr) == (0, "")
    assert '      - labels: ["type: release"]\n' in result.stdout
    assert '\n  labels: {major: ["semver:major"], minor: ["semver:minor"]}\n' in result.stdout
    assert ", 5 labels.\n" in result.stdout
    assert token not in result.output
    assert [(one.path, one.status) for one in sandbox.requests] == [("/repos/acme/shop/labels", 200)]
    assert isinstance(parse(result.stdout, file="x", source="", sets=builtin.sets()), Rules)


async def test_offline_asks_nobody(tmp_path: Path, sandbox: Sandbox):
    result = await init(tmp_path, sandbox, "--offline", GITHUB_TOKEN=a_token(sandbox))
    assert (result.exit_code, result.stderr, sandbox.requests) == (0, "", [])
    assert "      - labels: [release]\n" in result.stdout


REFUSED = "set GITHUB_TOKEN to a token that may read the repository"


@pytest.mark.parametrize(
    ("more", "note"),
    [
        pytest.param({}, f"GitHub answered 401; {REFUSED}", id="no token"),
        pytest.param({"GH_TOKEN": TOKEN}, f"GitHub answered 401; {REFUSED}", id="a token that GitHub does not know"),
        pytest.param(
            {"remote": "https://github.com/acme/shop"},
            "the remote `origin` is no repository on 127.0.0.1",
            id="a remote elsewhere",
        ),
        pytest.param(
            {"GITHUB_API_URL": "file:///etc"},
            "GITHUB_SERVER_URL or GITHUB_API_URL is not an http(s) address",
            id="no address of a GitHub",
        ),
        pytest.param(
            {"GITHUB_TOKEN": f"{TOKEN}\nX: y"},
            "GitHub can't be reached, or its answer not be read",
            id="a token that is no header",
        ),
    ],
)
async def test_what_can_not_be_read_is_one_line_and_stops_nothing(tmp_path: Path, sandbox: Sandbox, more, note):
    result = await init(tmp_path, sandbox, **more)
    assert (result.exit_code, result.stderr) == (0, f"labels not read: {note}\n")
    assert "      - labels: [release]\n" in result.stdout
    assert TOKEN not in result.output


async def test_a_remotes_own_token_is_neither_shown_nor_sent(tmp_path: Path, sandbox: Sandbox):
    remote = f"http://x-access-token:{TOKEN}@{sandbox.url.removeprefix('http://')}/acme/shop.git"
    result = await init(tmp_path, sandbox, remote=remote)
    assert result.stderr.startswith("labels not read: GitHub answered 401")
    assert TOKEN not in result.output
    assert "Authorization" not in sandbox.requests[0].headers


async def test_without_a_remote_there_is_nothing_to_ask(tmp_path: Path):
    result = CliRunner().invoke(app, ["init", "--repo", str(a_repository(tmp_path).folder), "--stdout"])
    assert (result.exit_code, result.stderr) == (0, "labels not read: there is no `origin`\n")


@contextmanager
def answering(reply: bytes) -> Iterator[tuple[GitHub, list[bytes]]]:
    """A host that answers every request with these bytes, or never when there are none; what it was asked."""
    asked: list[bytes] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                asked.append(connection.recv(65_536))
                connection.sendall(reply)
                if not reply:
                    done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield GitHub(server_url=address, api_url=address, token=TOKEN), asked
        done.set()
        thread.join(10)


def test_a_token_does_not_follow_a_redirect():
    with answering(b"") as (elsewhere, asked), _redirecting(elsewhere.api_url) as (github, _):
        found = read_labels("http://127.0.0.1/acme/shop", github)
        assert found == Unavailable("GitHub answered 302")
        assert asked == []
        socket.create_connection(("127.0.0.1", int(elsewhere.api_url.rpartition(":")[2]))).close()


def _redirecting(to: str):
    return answering(f"HTTP/1.1 302 Found\r\nLocation: {to}/x\r\nContent-Length: 0\r\n\r\n".encode())


def test_nobody_waits_long():
    began = time.monotonic()
    with answering(b"") as (github, asked):
        assert read_labels("http://127.0.0.1/acme/shop", github, limit=0.2) == Unavailable("no answer within 0.2 s")
        assert time.monotonic() - began < 2
        assert f"Authorization: Bearer {TOKEN}".encode() in asked[0]


@pytest.mark.parametrize("body", [b"{}", b"[", b"[1, {}]", b'{"message": "x"}', b"\xff"])
def test_an_answer_of_another_shape_is_no_label(body):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with answering(head + body) as (github, _):
        found = read_labels("http://127.0.0.1/acme/shop", github)
    assert found == () or isinstance(found, Unavailable)


@pytest.mark.parametrize(
    ("remote", "path"),
    [
        pytest.param("https://github.com/acme/shop", "/repos/acme/shop/", id="https"),
        pytest.param("https://github.com/acme/shop.git/", "/repos/acme/shop/", id="with .git and a slash"),
        pytest.param("https://ann:pw@github.com/acme/shop.js.git", "/repos/acme/shop.js/", id="with a password"),
        pytest.param("git@github.com:acme/shop.git", "/repos/acme/shop/", id="ssh as scp writes it"),
        pytest.param("ssh://git@ssh.github.com:443/acme/shop", "/repos/acme/shop/", id="ssh over the https port"),
        pytest.param("ssh://git@GitHub.com/acme/shop", "/repos/acme/shop/", id="a host in capitals"),
        pytest.param("https://github.com.evil.test/acme/shop", None, id="another host"),
        pytest.param("https://evil.test/github.com/acme/shop", None, id="a path that looks like one"),
        pytest.param("https://github.com/acme/..", None, id="a way up"),
        pytest.param("https://github.com/acme/shop/../../user", None, id="a longer path"),
        pytest.param("/srv/git/shop.git", None, id="a folder"),
    ],
)
def test_a_remote_is_a_repository_on_the_github_that_is_asked(remote, path):
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]") as (github, asked):
        found = read_labels(remote, github._replace(server_url="https://github.com"))
        if path is None:
            read_labels("https://github.com/a/b", github._replace(server_url="https://github.com"))
            assert found == Unavailable("the remote `origin` is no repository on github.com")
        else:
            assert (found, asked[0].split()[1]) == ((), f"{path}labels?per_page=100".encode())


@pytest.mark.parametrize(
    ("labels", "bumps"),
    [
        pytest.param(
            ["Semver-Major", "bump: patch"], {"major": ("Semver-Major",), "patch": ("bump: patch",)}, id="two"
        ),
        pytest.param(
            ["breaking change", "kind/breaking"], {"major": ("breaking change", "kind/breaking")}, id="breaking"
        ),
        pytest.param(["minor", "bug"], {}, id="a minor something"),
        pytest.param(
            ["Major", "minor", "patch"], {"major": ("Major",), "minor": ("minor",), "patch": ("patch",)}, id="all three"
        ),
        pytest.param(["semver:major\u202e", "x" * 51], {}, id="what can't be shown"),
    ],
)
def test_labels_that_ask_for_a_bump(labels, bumps):
    assert bump_labels(labels) == bumps


def test_a_repository_without_such_labels_is_told_so():
    text = first_rules(Inventory(labels=("bug",)))
    assert "      - labels: [release]  # there is no such label yet\n" in text
    assert '  # labels: {major: ["semver:major"]' in text
    assert ", 1 label.\n" in text
