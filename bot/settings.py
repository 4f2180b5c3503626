"""The environment and `.env` → Settings, or one clear line for each setting that is wrong."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = ("postgresql://", "postgres://")
_PRIVATE_KEY: Final = "GITHUB_APP_PRIVATE_KEY"
_PRIVATE_KEY_FILE: Final = "GITHUB_APP_PRIVATE_KEY_FILE"
_DOTENV: Final = Path(".env")
_PUBLIC_API: Final = "https://api.github.com"
_LONGEST_SHOWN: Final = 200
_MOST_DAYS: Final = 36_500
_LONGEST_PATH: Final = 1_000  # a key in Base64 is longer


class _Wanted(NamedTuple):
    what: str
    example: str
    secret: bool = False


_WANTED: Final[Mapping[str, _Wanted]] = {
    "HOST": _Wanted("the address to listen on", "HOST=127.0.0.1"),
    "PORT": _Wanted("a port from 0 (any free one) to 65535", "PORT=8080"),
    "PUBLIC_URL": _Wanted(
        "the http(s) address at which people reach this server, for links in comments",
        "PUBLIC_URL=https://gate.example.org",
    ),
    "GITHUB_API_URL": _Wanted("the http(s) address of GitHub's REST API", "GITHUB_API_URL=https://api.github.com"),
    "GITHUB_APP_ID": _Wanted("the App ID, a number on the App's settings page", "GITHUB_APP_ID=123456"),
    _PRIVATE_KEY: _Wanted(
        "the App's private key, an RSA key in PEM format, here or in a file",
        f"{_PRIVATE_KEY_FILE}=release-gate.private-key.pem",
        secret=True,
    ),
    _PRIVATE_KEY_FILE: _Wanted(
        "a readable file with the App's private key", f"{_PRIVATE_KEY_FILE}=release-gate.private-key.pem"
    ),
    "GITHUB_WEBHOOK_SECRET": _Wanted(
        "the App's webhook secret, or several with commas between them while it is rotated",
        "GITHUB_WEBHOOK_SECRET=… (`openssl rand -hex 32` makes one)",
        secret=True,
    ),
    "DATABASE_URL": _Wanted(
        "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
        "DATABASE_URL=sqlite:///data/release-gate.sqlite3",
        secret=True,  # it may carry a password
    ),
    "SETTLE_SECONDS": _Wanted("a number of seconds from 0 to 600", "SETTLE_SECONDS=1.0"),
    "KEEP_FACTS_DAYS": _Wanted("a number of days from 1 to 36500", "KEEP_FACTS_DAYS=400"),
}


def _shown(value: str) -> str:
    """A value as a fault may show it: short, on one line, and never a key that was put into the wrong setting."""
    if "-----BEGIN" in value or "\n" in value or "\r" in value or "\\n" in value:
        return "several lines, or a key"
    return repr(value) if len(value) <= _LONGEST_SHOWN else f"{len(value)} characters long"


def _fault(seen: str) -> PydanticCustomError:
    """A fault that says what was seen; braces of `seen` are not a template."""
    return PydanticCustomError("seen", "{seen}", {"seen": seen})


def _api_url(value: object) -> object:
    address = str(value).rstrip("/")
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise _fault("is not an address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _fault("is not an http(s) address" if "@" in address else f"is {_shown(address)}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _fault("carries a user name, a query or a fragment")
    return address


def _public_url(value: object) -> object:
    return None if value is None else _api_url(value)


def _private_key(value: object) -> object:
    pem = str(value).replace("\\n", "\n").strip() + "\n"
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise _fault("is not a private key in PEM format, or it needs a passphrase") from error
    if not isinstance(key, RSAPrivateKey):
        raise _fault("is a private key, but not an RSA one")
    return pem


def _comma_separated(value: object) -> Sequence[str]:
    secrets = tuple(part for part in (piece.strip() for piece in str(value).split(",")) if part)
    if not secrets:
        raise _fault("holds no secret")
    return secrets


def _database_url(value: object) -> object:
    url = str(value)
    scheme = url.partition(":")[0]
    if url.startswith(_POSTGRESQL):
        return _postgresql(url)
    if not url.startswith(_SQLITE):
        known = "://" in url and scheme.replace("+", "").isalnum() and len(scheme) < 20  # noqa: PLR2004 - no password in disguise
        raise _fault(f"starts with {scheme!r}" if known else "is not a database address")
    if url.removeprefix(_SQLITE) in {"", ":memory:"}:
        raise _fault("names no file; deliveries must survive a restart")
    return url


def _postgresql(url: str) -> str:
    """An address may leave out everything but the database, as `postgresql:///gate?host=/run/postgresql` does."""
    try:
        parts = urlsplit(url)
        names_one = bool(parts.path.strip("/")) and (parts.port or 1) > 0
    except ValueError as error:
        raise _fault("is no address; a password's signs like @ and / have to be written as %40 and %2F") from error
    if not names_one:
        raise _fault("names no database")
    return url


class Settings(BaseSettings):
    """What the server is told from outside; made by `load`, which alone reads the environment.

    The private key and the webhook secrets are `SecretStr`: neither `repr` nor a log shows them.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8080, validation_alias="PORT", ge=0, le=65535)
    public_url: Annotated[str | None, BeforeValidator(_public_url)] = Field(None, validation_alias="PUBLIC_URL")
    """None: comments link to no document, and nobody can read one over HTTP."""
    github_api_url: Annotated[str, BeforeValidator(_api_url)] = Field(_PUBLIC_API, validation_alias="GITHUB_API_URL")
    github_app_id: int = Field(validation_alias="GITHUB_APP_ID", ge=1)
    github_app_private_key: Annotated[SecretStr, BeforeValidator(_private_key)] = Field(validation_alias=_PRIVATE_KEY)
    github_webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_comma_separated)] = Field(
        validation_alias="GITHUB_WEBHOOK_SECRET"
    )
    database_url: Annotated[str, BeforeValidator(_database_url)] = Field(
        "sqlite:///data/release-gate.sqlite3", validation_alias="DATABASE_URL", repr=False
    )
    settle_seconds: float = Field(1.0, validation_alias="SETTLE_SECONDS", ge=0, le=600, allow_inf_nan=False)
    keep_facts_days: int = Field(400, validation_alias="KEEP_FACTS_DAYS", ge=1, le=_MOST_DAYS)
    """For so long the record keeps what decisions were made from; the decisions themselves stay."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values come from `load` alone, so that a test never depends on its machine's environment."""
        return (init_settings,)

    @property
    def graphql_url(self) -> str:
        """Where GraphQL answers: beside REST on github.com, under `/api` on GitHub Enterprise Server.

        Source: https://docs.github.com/en/enterprise-server@latest/graphql/guides/managing-enterprise-accounts
        """
        if self.github_api_url.endswith("/api/v3"):
            return self.github_api_url.removesuffix("/v3") + "/graphql"
        return self.github_api_url + "/graphql"

    @property
    def database(self) -> Path | str:
        """The SQLite file that `DATABASE_URL` names (`sqlite:////…` is absolute), or the address of PostgreSQL."""
        return _place(self.database_url)


class Database(NamedTuple):
    """Where a command on the server's machine finds what the server keeps."""

    place: Path | str
    """An SQLite file, or the address of PostgreSQL."""


def database(
    url: str | None = None, environ: Mapping[str, str] | None = None, env_file: Path | None = _DOTENV
) -> Database | str:
    """The database of the url, else that of the server's settings, of which nothing else need be right; or a fault."""
    try:
        given = {} if url else _dotenv(env_file) | dict(os.environ if environ is None else environ)
        wanted = url or given.get("DATABASE_URL", "").strip() or Settings.model_fields["database_url"].default
        return Database(_place(str(_database_url(wanted))))
    except (OSError, UnicodeDecodeError):
        return _unreadable(env_file)
    except PydanticCustomError as fault:
        return _line("DATABASE_URL", fault.message())


def keep_facts_days(environ: Mapping[str, str] | None = None, env_file: Path | None = _DOTENV) -> int | str:
    """For how long the server keeps what decisions were made from, in days; or a fault."""
    try:
        given = _dotenv(env_file) | dict(os.environ if environ is None else environ)
    except (OSError, UnicodeDecodeError):
        return _unreadable(env_file)
    days = given.get("KEEP_FACTS_DAYS", "").strip() or str(Settings.model_fields["keep_facts_days"].default)
    is_usable = days.isascii() and days.isdecimal() and 1 <= int(days[:9]) <= _MOST_DAYS
    return int(days) if is_usable else _line("KEEP_FACTS_DAYS", f"is {days[:_LONGEST_SHOWN]!r}")


def _place(url: str) -> Path | str:
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else url


def _unreadable(env_file: Path | None) -> str:
    return f"{env_file} cannot be read; wanted UTF-8 lines like PORT=8080; make it readable or remove it"


class GitHub(NamedTuple):
    """A GitHub as a command on somebody's machine asks it."""

    server_url: str
    """Where people and git go."""
    api_url: str
    token: str
    """Empty without one."""


def github(environ: Mapping[str, str] | None = None) -> GitHub | str:
    """The GitHub that the environment names, as in GitHub Actions, else github.com; or what is wrong with it.

    `.env` is not read: it comes with a repository, which must not say where a token goes.
    <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>
    """
    given = os.environ if environ is None else environ
    server, api = (given.get(name, "").strip() for name in ("GITHUB_SERVER_URL", "GITHUB_API_URL"))
    try:
        server, api = (str(_api_url(url)) if url else "" for url in (server, api))
    except PydanticCustomError:
        return "GITHUB_SERVER_URL or GITHUB_API_URL is not an http(s) address"
    server = server or _server_of(api or _PUBLIC_API)
    api = api or _api_of(server)
    token = given.get("GITHUB_TOKEN", "").strip() or given.get("GH_TOKEN", "").strip()
    return GitHub(server_url=server, api_url=api, token=token if _is_private(api) else "")


def _server_of(api: str) -> str:
    """`https://api.github.com`, `https://api.NAME.ghe.com`, `https://HOST/api/v3`."""
    return api.removesuffix("/api/v3").replace("://api.", "://", 1)


def _api_of(server: str) -> str:
    host = urlsplit(server).hostname or ""
    is_cloud = host == "github.com" or host.endswith(".ghe.com")
    return server.replace("://", "://api.", 1) if is_cloud else f"{server}/api/v3"


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in {"127.0.0.1", "::1", "localhost"}


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = _DOTENV) -> Settings | tuple[str, ...]:
    """The settings, or one line per fault, all of them at once: what was seen, what is wanted, what to type.

    `environ` is `os.environ` unless given, and wins over `env_file`, which need not exist. An empty value
    counts as not set. No line shows the value of a secret.
    """
    try:
        given = _dotenv(env_file) | dict(os.environ if environ is None else environ)
    except (OSError, UnicodeDecodeError):
        return (_unreadable(env_file),)
    values = {name: value for name, value in given.items() if name in _WANTED and value.strip()}
    faults = _read_key_file(values)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        found = [detail for detail in error.errors() if detail["loc"][0] not in faults]
        return (*faults.values(), *(_describe(detail, values) for detail in found))
    return tuple(faults.values()) or settings


def _dotenv(env_file: Path | None) -> dict[str, str]:
    """What the file says; nothing when there is none. Raises `OSError` for what is there and no file."""
    if env_file is None:
        return {}
    if env_file.is_dir():
        raise IsADirectoryError
    source = DotEnvSettingsSource(Settings, env_file=env_file, case_sensitive=True)
    return {name: value for name, value in source.env_vars.items() if value is not None}


def _read_key_file(values: dict[str, str]) -> dict[str, str]:
    """Put the content of the key file where the key belongs; faults by the setting they make unusable."""
    name = values.pop(_PRIVATE_KEY_FILE, None)
    if name is None:
        return {}
    if _PRIVATE_KEY in values:
        both = f"{_PRIVATE_KEY} and {_PRIVATE_KEY_FILE} are both set"
        return {_PRIVATE_KEY: f"{both}; wanted one of them; unset the other"}
    if _is_no_path(name):
        fault = (
            f"{_PRIVATE_KEY_FILE} holds a key, not a path; wanted the path of a file; put the key into {_PRIVATE_KEY}"
        )
        return {_PRIVATE_KEY: fault}
    try:
        values[_PRIVATE_KEY] = Path(name).read_text(encoding="utf-8")
    except OSError as error:
        return {_PRIVATE_KEY: _line(_PRIVATE_KEY_FILE, f"names {_shown(name)}: {error.strerror}")}
    except ValueError:  # not UTF-8, or a zero byte in the path
        return {_PRIVATE_KEY: _line(_PRIVATE_KEY_FILE, f"names {_shown(name)}, which is not a text file")}
    return {}


def _is_no_path(text: str) -> bool:
    return "-----BEGIN" in text or "\n" in text or len(text) > _LONGEST_PATH


def _describe(detail: ErrorDetails, values: Mapping[str, str]) -> str:
    name = str(detail["loc"][0])
    if detail["type"] == "missing":
        return _line(name, "is not set")
    if detail["type"] == "seen":
        return _line(name, detail["msg"])
    return _line(name, "is not usable" if _WANTED[name].secret else f"is {_shown(values[name])}")


def _line(name: str, seen: str) -> str:
    wanted = _WANTED[name]
    return f"{name} {seen}; wanted {wanted.what}; type {wanted.example}"
