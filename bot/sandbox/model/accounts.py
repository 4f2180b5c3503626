"""Who there is: accounts, Apps with their installations, teams."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROLES = ("none", "read", "triage", "write", "maintain", "admin")

# What the manifest asks for; https://docs.github.com/rest/authentication/permissions-required-for-github-apps
PERMISSIONS = {
    "actions": "read",
    "administration": "read",
    "checks": "write",
    "contents": "read",
    "deployments": "write",
    "issues": "read",
    "members": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}

EVENTS = (
    *("check_run", "check_suite", "create", "delete", "deployment_status", "issue_comment", "merge_group"),
    *("pull_request", "pull_request_review", "push", "status", "workflow_run"),
)


@dataclass(eq=False, kw_only=True, slots=True)
class Account:
    """A user, an organisation or a bot; a bot's login ends in `[bot]`, as REST has it."""

    id: str
    database_id: int
    login: str
    typename: str = "User"
    name: str | None = None
    email: str = ""
    members: dict[str, str] = field(default_factory=dict)
    """Of an organisation: login → `admin` or `member`."""


@functools.cache
def _generated_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()


@functools.cache
def _public_half(pem: str) -> str:
    # Parsing a private key costs 30 ms.
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    encoding, shape = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, shape).decode()


@dataclass(eq=False, kw_only=True, slots=True)
class App:
    """A GitHub App: who it is, what it may do, where its deliveries go."""

    typename: ClassVar[str] = "App"
    database_id: int
    slug: str
    name: str = ""
    webhook_url: str = ""
    secret: str = "sandbox-webhook-secret"  # noqa: S105 - a sandbox has nothing to guard
    private_key_pem: str = ""
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: tuple[str, ...] = EVENTS
    id: str = ""
    hook_id: int = 0
    owner: Account | None = None
    bot: Account | None = None
    created_at: datetime | None = None

    def key(self) -> str:
        """The private key as PEM; one is made (once per process) for an App that brings none."""
        if not self.private_key_pem:
            self.private_key_pem = _generated_key()
        return self.private_key_pem

    def public_key(self) -> str:
        """What GitHub keeps of the key: the half that verifies."""
        return _public_half(self.key())


@dataclass(eq=False, kw_only=True, slots=True)
class Installation:
    """An App on an account, with what its owner granted."""

    database_id: int
    app: App
    account: Account
    permissions: dict[str, str]
    created_at: datetime
    suspended_at: datetime | None = None

    def allows(self, permission: str, access: str = "read") -> bool:
        """Whether `permission` is granted at `access` or above."""
        levels = ("", "read", "write", "admin")
        return levels.index(self.permissions.get(permission, "")) >= levels.index(access)


@dataclass(eq=False, kw_only=True, slots=True)
class Team:
    """A team of an organisation; members of its children count as its own."""

    typename: ClassVar[str] = "Team"
    id: str
    database_id: int
    slug: str
    name: str
    organization: Account
    parent: "Team | None" = None
    children: list["Team"] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    """login → `active` or `pending`."""
    accounts: dict[str, Account] = field(default_factory=dict)
    repositories: dict[str, str] = field(default_factory=dict)
    """full name → role granted."""

    def family(self) -> "Iterator[Team]":
        """The team and all below it."""
        yield self
        for child in self.children:
            yield from child.family()

    def state_of(self, login: str) -> str | None:
        """The membership's state, child teams included, None for an outsider."""
        own = self.states.get(login.lower())
        return own or next(filter(None, (child.state_of(login) for child in self.children)), None)
