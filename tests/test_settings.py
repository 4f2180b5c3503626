"""Settings: what the environment may say, and the line that answers each fault."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from bot.settings import Database, GitHub, Settings, database, github, load


def _pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, encryption: KeySerializationEncryption | None = None
) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()).decode()


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = _pem(RSA_KEY)
LOCKED_PEM = _pem(RSA_KEY, BestAvailableEncryption(b"passphrase"))
EC_PEM = _pem(ec.generate_private_key(ec.SECP256R1()))
ENOUGH = {"GITHUB_APP_ID": "7", "GITHUB_APP_PRIVATE_KEY": PEM, "GITHUB_WEBHOOK_SECRET": "hush"}


def _settings(**more: str) -> Settings:
    settings = load(ENOUGH | more, None)
    assert isinstance(settings, Settings), settings
    return settings


def test_three_settings_are_enough_and_the_rest_has_defaults():
    settings = _settings()
    assert (settings.host, settings.port, settings.settle_seconds) == ("127.0.0.1", 8080, 1.0)
    assert settings.github_api_url == "https://api.github.com"
    assert settings.github_app_id == 7
    assert settings.database == Path("data/release-gate.sqlite3")
    assert settings.github_app_private_key.get_secret_value() == PEM


@pytest.mark.parametrize(
    ("api", "graphql"),
    [
        pytest.param("https://api.github.com", "https://api.github.com/graphql", id="beside it on github.com"),
        pytest.param("http://127.0.0.1:9/", "http://127.0.0.1:9/graphql", id="a slash at the end does no harm"),
        pytest.param("https://ghe.test/api/v3", "https://ghe.test/api/graphql", id="under /api on GHES"),
        pytest.param("https://ghe.test/api/v3/", "https://ghe.test/api/graphql", id="GHES with a slash"),
    ],
)
def test_the_graphql_address_follows_from_the_rest_address(api, graphql):
    assert _settings(GITHUB_API_URL=api).graphql_url == graphql


def test_several_webhook_secrets_stand_between_commas():
    secrets = _settings(GITHUB_WEBHOOK_SECRET=" new, old ,").github_webhook_secrets
    assert [secret.get_secret_value() for secret in secrets] == ["new", "old"]


def test_a_private_key_may_be_written_with_backslash_n():
    assert _settings(GITHUB_APP_PRIVATE_KEY=PEM.replace("\n", "\\n")).github_app_private_key.get_secret_value() == PEM


def test_a_private_key_may_be_in_a_file(tmp_path):
    (tmp_path / "app.pem").write_text(PEM)
    environ = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": str(tmp_path / "app.pem")}
    settings = load(environ, None)
    assert isinstance(settings, Settings)
    assert settings.github_app_private_key.get_secret_value() == PEM


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("postgresql://u:hush@h:5433/d", id="with everything"),
        pytest.param("postgres://h/d?sslmode=require", id="as hosting companies write it"),
        pytest.param("postgresql:///d?host=/run/postgresql", id="through a socket"),
    ],
)
def test_an_address_of_postgresql_is_kept_and_not_shown(address):
    settings = _settings(DATABASE_URL=address)
    assert settings.database == address
    assert address not in repr(settings)


def test_an_absolute_database_has_four_slashes():
    assert _settings(DATABASE_URL="sqlite:////var/lib/gate.sqlite3").database == Path("/var/lib/gate.sqlite3")


def test_no_secret_shows_in_repr():
    shown = repr(_settings(GITHUB_WEBHOOK_SECRET="hush-hush"))
    assert "hush-hush" not in shown
    assert "PRIVATE KEY" not in shown


def test_the_environment_wins_over_the_env_file(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text(
        f'PORT=1\nHOST=0.0.0.0\nEMPTY\nGITHUB_APP_ID=7\nGITHUB_APP_PRIVATE_KEY="{PEM}"\nGITHUB_WEBHOOK_SECRET=hush\n'
    )
    settings = load({"PORT": "2"}, env_file)
    assert isinstance(settings, Settings)
    assert (settings.host, settings.port) == ("0.0.0.0", 2)  # noqa: S104


def test_the_processs_environment_is_the_default(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in (*ENOUGH, "PORT"):
        monkeypatch.delenv(name, raising=False)
    assert len(_faults(load())) == 3
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "8181")
    settings = load()
    assert isinstance(settings, Settings)
    assert settings.port == int(os.environ["PORT"])


def _faults(loaded: Settings | tuple[str, ...]) -> tuple[str, ...]:
    assert isinstance(loaded, tuple)
    return loaded


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        pytest.param(
            "PORT", "x", "PORT is 'x'; wanted a port from 0 (any free one) to 65535; type PORT=8080", id="no number"
        ),
        pytest.param("PORT", "65536", "PORT is '65536'; wanted a port", id="a port too high"),
        pytest.param(
            "SETTLE_SECONDS", "-1", "SETTLE_SECONDS is '-1'; wanted a number of seconds from 0 to 600", id="negative"
        ),
        pytest.param("KEEP_FACTS_DAYS", "0", "KEEP_FACTS_DAYS is '0'; wanted a number of days from 1", id="no day"),
        pytest.param("SETTLE_SECONDS", "601", "SETTLE_SECONDS is '601'", id="too long to wait"),
        pytest.param("PORT", f"-----BEGIN {'hush' * 9}", "PORT is several lines, or a key", id="a key for a port"),
        pytest.param("GITHUB_APP_ID", "hush\nhush", "GITHUB_APP_ID is several lines", id="lines for a number"),
        pytest.param("GITHUB_API_URL", "hush" * 99, "GITHUB_API_URL is 396 characters long", id="a long address"),
        pytest.param("DATABASE_URL", "my hush://x", "DATABASE_URL is not a database address", id="no scheme at all"),
        pytest.param("SETTLE_SECONDS", "nan", "SETTLE_SECONDS is 'nan'", id="not a number of seconds"),
        pytest.param("GITHUB_APP_ID", "", "GITHUB_APP_ID is not set; wanted the App ID", id="empty is not set"),
        pytest.param("GITHUB_APP_ID", "Iv1.x", "GITHUB_APP_ID is 'Iv1.x'; wanted the App ID", id="a client id"),
        pytest.param(
            "GITHUB_API_URL", "github.com", "GITHUB_API_URL is 'github.com'; wanted the http(s)", id="no scheme"
        ),
        pytest.param("GITHUB_API_URL", "http://[::1", "GITHUB_API_URL is not an address", id="a broken address"),
        pytest.param("GITHUB_API_URL", "ftp://a:hush@h", "GITHUB_API_URL is not an http(s) address", id="ftp"),
        pytest.param("GITHUB_API_URL", "https://a:hush@h", "GITHUB_API_URL carries a user name", id="a user name"),
        pytest.param("GITHUB_WEBHOOK_SECRET", " , ", "GITHUB_WEBHOOK_SECRET holds no secret", id="only commas"),
        pytest.param(
            "GITHUB_APP_PRIVATE_KEY", "hush", "GITHUB_APP_PRIVATE_KEY is not a private key in PEM", id="not PEM"
        ),
        pytest.param("GITHUB_APP_PRIVATE_KEY", LOCKED_PEM, "or it needs a passphrase", id="an encrypted key"),
        pytest.param("GITHUB_APP_PRIVATE_KEY", EC_PEM, "is a private key, but not an RSA one", id="an elliptic key"),
        pytest.param("DATABASE_URL", "postgresql://u:hush@h", "DATABASE_URL names no database", id="no database"),
        pytest.param(
            "DATABASE_URL", "postgresql://u:hush/x@h/d", "signs like @ and / have to be written as %40", id="a password"
        ),
        pytest.param("DATABASE_URL", "mysql://u:hush@h/d", "DATABASE_URL starts with 'mysql'", id="MySQL"),
        pytest.param("DATABASE_URL", "gate.sqlite3", "DATABASE_URL is not a database address", id="a bare path"),
        pytest.param("DATABASE_URL", "sqlite:///:memory:", "names no file", id="a database in memory"),
        pytest.param("DATABASE_URL", "sqlite:///", "names no file", id="no file"),
    ],
)
def test_a_fault_says_what_was_seen_what_is_wanted_and_what_to_type(name, value, line):
    (fault,) = _faults(load(ENOUGH | {name: value}, None))
    assert line in fault
    assert fault.startswith(f"{name} ")
    assert "; wanted " in fault
    assert "; type " in fault
    assert "hush" not in fault
    assert "\n" not in fault


def test_all_faults_come_at_once():
    assert [fault.split()[0] for fault in _faults(load({"PORT": "x", "SETTLE_SECONDS": "y"}, None))] == [
        "PORT",
        "GITHUB_APP_ID",
        "GITHUB_APP_PRIVATE_KEY",
        "GITHUB_WEBHOOK_SECRET",
        "SETTLE_SECONDS",
    ]


def test_a_key_file_that_is_not_there_is_one_fault(tmp_path):
    environ = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": str(tmp_path / "none.pem")}
    (fault,) = _faults(load(environ, None))
    assert "none.pem': No such file or directory; wanted a readable file" in fault


def test_a_key_file_that_is_no_text_is_one_fault(tmp_path):
    (tmp_path / "app.der").write_bytes(b"\xff\xfe\x00")
    environ = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": str(tmp_path / "app.der")}
    (fault,) = _faults(load(environ, None))
    assert "which is not a text file" in fault


def test_key_and_key_file_together_are_one_fault(tmp_path):
    (fault,) = _faults(load({**ENOUGH, "GITHUB_APP_PRIVATE_KEY_FILE": str(tmp_path)}, None))
    assert "are both set; wanted one of them" in fault


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(PEM, id="the key"),
        pytest.param(PEM.replace("\n", "\\n"), id="the key in one line"),
        pytest.param("".join(PEM.splitlines()[1:-1]), id="its Base64"),
    ],
)
def test_a_key_in_place_of_its_path_is_not_shown(value):
    environ = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": value}
    (fault,) = _faults(load(environ, None))
    assert fault == (
        "GITHUB_APP_PRIVATE_KEY_FILE holds a key, not a path; wanted the path of a file; "
        "put the key into GITHUB_APP_PRIVATE_KEY"
    )


def test_an_env_file_that_is_a_directory_is_one_fault(tmp_path):
    (tmp_path / ".env").mkdir()
    (fault,) = _faults(load(ENOUGH, tmp_path / ".env"))
    assert ".env cannot be read" in fault


def test_an_env_file_that_is_no_text_is_one_fault(tmp_path):
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe")
    (fault,) = _faults(load(ENOUGH, tmp_path / ".env"))
    assert ".env cannot be read" in fault


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, ("https://github.com", "https://api.github.com", ""), id="github.com, without a token"),
        pytest.param({"GITHUB_TOKEN": "t", "GH_TOKEN": "g"}, (..., ..., "t"), id="a token"),
        pytest.param({"GITHUB_TOKEN": " ", "GH_TOKEN": "g"}, (..., ..., "g"), id="a token by its other name"),
        pytest.param(
            {"GITHUB_API_URL": "https://ghe.test/api/v3/", "GITHUB_TOKEN": "t"},
            ("https://ghe.test", "https://ghe.test/api/v3", "t"),
            id="Enterprise Server by its API",
        ),
        pytest.param(
            {"GITHUB_SERVER_URL": "https://ghe.test"},
            ("https://ghe.test", "https://ghe.test/api/v3", ""),
            id="Enterprise Server by its page",
        ),
        pytest.param(
            {"GITHUB_SERVER_URL": "https://acme.ghe.com"},
            ("https://acme.ghe.com", "https://api.acme.ghe.com", ""),
            id="Enterprise Cloud with data residency",
        ),
        pytest.param(
            {"GITHUB_API_URL": "https://api.acme.ghe.com"},
            ("https://acme.ghe.com", "https://api.acme.ghe.com", ""),
            id="the same by its API",
        ),
        pytest.param(
            {"GITHUB_SERVER_URL": "https://a.test", "GITHUB_API_URL": "https://b.test"},
            ("https://a.test", "https://b.test", ""),
            id="both are taken as they are",
        ),
        pytest.param(
            {"GITHUB_API_URL": "http://ghe.test/api/v3", "GITHUB_TOKEN": "t"},
            ("http://ghe.test", "http://ghe.test/api/v3", ""),
            id="no token where everybody on the way could read it",
        ),
        pytest.param(
            {"GITHUB_API_URL": "http://127.0.0.1:9", "GITHUB_TOKEN": "t"},
            ("http://127.0.0.1:9", "http://127.0.0.1:9", "t"),
            id="a token for this very machine",
        ),
    ],
)
def test_a_command_asks_the_github_that_the_environment_names(environ, expected):
    found = github(environ)
    assert isinstance(found, GitHub)
    assert [seen for seen, wanted in zip(found, expected, strict=True) if wanted is not ...] == [
        wanted for wanted in expected if wanted is not ...
    ]


@pytest.mark.parametrize("address", ["ftp://x", "https://ann:secret@ghe.test", "http://[", "github.com"])
def test_a_github_that_has_no_usable_address_is_named_without_it(address):
    assert github({"GITHUB_SERVER_URL": address}) == "GITHUB_SERVER_URL or GITHUB_API_URL is not an http(s) address"


@pytest.mark.parametrize(
    ("url", "environ", "found"),
    [
        pytest.param(None, {}, Path("data/release-gate.sqlite3"), id="nothing said"),
        pytest.param(None, {"DATABASE_URL": "sqlite:////a/b"}, Path("/a/b"), id="the environment"),
        pytest.param("postgresql://h/gate", {"DATABASE_URL": "x"}, "postgresql://h/gate", id="an option wins"),
    ],
)
def test_where_the_database_is_needs_no_other_setting(url, environ, found):
    assert database(url, environ, None) == Database(found)


def test_a_database_that_is_none_is_told():
    assert str(database("mysql://x", {}, None)).startswith("DATABASE_URL starts with 'mysql'; wanted sqlite:///PATH")


def test_a_database_in_a_file_that_can_not_be_read_is_told(tmp_path):
    assert "cannot be read; wanted UTF-8 lines" in str(database(None, {}, tmp_path))
