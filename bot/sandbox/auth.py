"""Who is asking: an App by its JWT, or an installation by its token, within its rate limits.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/about-authentication-with-a-github-app
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from .model.accounts import App, Installation
from .model.git import Repository
from .world import Refused, World, forbidden

TOKEN_LIFE = timedelta(hours=1)
SKEW = timedelta(seconds=60)
JWT_LIFE = timedelta(minutes=10)


@dataclass(eq=False, kw_only=True, slots=True)
class Token:
    """An installation token; narrowed to `permissions` and `repositories` when those were asked for."""

    value: str
    installation: Installation
    expires_at: datetime
    permissions: dict[str, str] | None = None
    repositories: list[Repository] | None = None


@dataclass(eq=False, kw_only=True, slots=True)
class Quota:
    """One hour's allowance of one resource of one installation."""

    resource: str
    resets_at: datetime
    used: int = 0
    limit: int

    def headers(self) -> dict[str, str]:
        """https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(int(self.resets_at.timestamp())),
            "X-RateLimit-Resource": self.resource,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The App that asks, as itself or on behalf of one installation."""

    app: App
    token: Token | None = None

    @property
    def installation(self) -> Installation:
        """The installation; only tokens have one."""
        if self.token is None:
            raise Refused("A JSON web token could not be decoded", status=401, kind="UNAUTHENTICATED")
        return self.token.installation

    @property
    def limited_as(self) -> int:
        """Whose limits it uses up: the installation's, or for a JWT the App's own, which is below 0."""
        return self.token.installation.database_id if self.token else -self.app.database_id

    def allows(self, permission: str, access: str = "read") -> bool:
        """Whether both the installation and the token grant it."""
        narrowed = self.token.permissions if self.token else None
        if narrowed is not None and permission not in narrowed and permission != "metadata":
            return False
        return self.installation.allows(permission, access)

    def require(self, permission: str, access: str = "read") -> None:
        """Raise GitHub's refusal when it is not granted; `a|b` asks for one of several."""
        if not any(self.allows(one, access) for one in permission.split("|")):
            raise forbidden()

    def reaches(self, repository: Repository) -> bool:
        """Whether the repository can be seen: its own account's, or public."""
        own = repository.owner is self.installation.account
        listed = self.token is None or self.token.repositories is None or repository in self.token.repositories
        return (own and listed) or not repository.is_private


@dataclass(eq=False, kw_only=True)
class Auth:
    """Issued tokens and spent quotas."""

    world: World
    tokens: dict[str, Token] = field(default_factory=dict)
    quotas: dict[tuple[int, str], Quota] = field(default_factory=dict)
    hour: int = 5_000
    """Points of one hour, of REST and of GraphQL each."""

    def issue(
        self,
        installation: Installation,
        *,
        permissions: dict[str, str] | None = None,
        repositories: list[Repository] | None = None,
    ) -> Token:
        """A token for an hour of the sandbox's clock."""
        for name, access in (permissions or {}).items():
            if not installation.allows(name, access):
                raise Refused("The permissions requested are not granted to this installation.")
        token = Token(
            # Longer than the forty characters of old: clients must assume no length.
            value=f"ghs_{secrets.token_urlsafe(60)}",
            installation=installation,
            expires_at=self.world.clock.now() + TOKEN_LIFE,
            permissions=permissions,
            repositories=repositories,
        )
        self.tokens[token.value] = token
        return token

    def revoke_all(self) -> None:
        """Kill every token issued so far."""
        self.tokens.clear()

    def caller(self, headers: Mapping[str, str], *, as_app: bool) -> Caller:
        """Whoever the `Authorization` header names, by JWT for `/app` and by token elsewhere."""
        scheme, _, value = headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "token") or not value:
            raise Refused("Requires authentication", status=401, kind="UNAUTHENTICATED")
        if as_app:
            return Caller(app=self._app(value))
        token = self.tokens.get(value)
        if token is None or token.expires_at <= self.world.clock.now():
            raise Refused("Bad credentials", status=401, kind="UNAUTHENTICATED")
        if token.installation.suspended_at:
            raise Refused("This installation has been suspended", status=403, kind="FORBIDDEN")
        return Caller(app=token.installation.app, token=token)

    def holder(self, headers: Mapping[str, str]) -> int:
        """Whose token it is, 0 for nobody's: enough to count requests under way."""
        token = self.tokens.get(headers.get("Authorization", "").partition(" ")[2])
        return token.installation.database_id if token else 0

    def _app(self, encoded: str) -> App:
        undecodable = Refused("A JSON web token could not be decoded", status=401, kind="UNAUTHENTICATED")
        try:
            claims = jwt.decode(encoded, options={"verify_signature": False})
        except jwt.InvalidTokenError as error:
            raise undecodable from error
        app = self._issuer(claims.get("iss"))
        try:
            jwt.decode(encoded, app.public_key(), algorithms=["RS256"], options=_UNTIMED)
        except jwt.InvalidTokenError as error:
            raise undecodable from error
        # The sandbox's clock moves, the bot's machine doesn't: a JWT fresh by either of them is fresh.
        faults = [_stale(claims, now) for now in (self.world.clock.now(), datetime.now(UTC))]
        if all(faults):
            raise Refused(faults[0] or "", status=401, kind="UNAUTHENTICATED")
        return app

    def _issuer(self, issuer: object) -> App:
        if not isinstance(issuer, str):
            raise Refused("'Issuer' claim ('iss') must be a String", status=401, kind="UNAUTHENTICATED")
        for app in self.world.apps.values():
            if str(app.database_id) == issuer and app.private_key_pem:
                return app
        raise Refused("Integration not found", status=404, kind="NOT_FOUND")

    def quota(self, who: int, resource: str) -> Quota:
        """This hour's allowance of an installation or App, a fresh one when the last has run out."""
        key = (who, resource)
        now = self.world.clock.now()
        known = self.quotas.get(key)
        if known is None or known.resets_at <= now:
            known = self.quotas[key] = Quota(resource=resource, resets_at=now + timedelta(hours=1), limit=self.hour)
        return known


_UNTIMED: Options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def _stale(claims: dict[str, Any], now: datetime) -> str | None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or datetime.fromtimestamp(issued, UTC) > now + SKEW:
        return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
    if not isinstance(expires, int) or datetime.fromtimestamp(expires, UTC) <= now:
        return (
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which "
            "the assertion expires"
        )
    if datetime.fromtimestamp(expires, UTC) > now + JWT_LIFE + SKEW:
        return "'Expiration time' claim ('exp') is too far in the future"
    return None


def etag(body: bytes) -> str:
    """A weak validator of an answer."""
    return f'W/"{hashlib.sha256(body).hexdigest()}"'
