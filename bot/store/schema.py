"""The tables, as SQLAlchemy Core values; times are epoch seconds, targets are keys of `bot.github.targets`."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    or_,
)

VERSION: Final = 6
"""The newest revision in `migrations/versions`; SQLite keeps it as `PRAGMA user_version` as well."""

metadata: Final = MetaData()

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("guid", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("received_at", Float, nullable=False),
)

Index("deliveries_by_age", deliveries.c.received_at)

looks: Final = Table(
    "looks",
    metadata,
    Column("target", Text, primary_key=True),
    Column("installation", BigInteger, nullable=False),
    Column("wanted", Integer, nullable=False),  # counts who asked
    Column("done", Integer, nullable=False),  # what `wanted` was when the last good pass began
    Column("due_at", Float),
    Column("lease_until", Float),
    Column("leased_by", Text),
    Column("attempts", Integer, nullable=False, default=0),  # failed passes in a row
    Column("watermark", Text),  # a JSON object, merged key by key
    Column("bulk", Integer, nullable=False, default=0, server_default="0"),  # of `wanted`, how many nobody waits for
    Column("looked_at", Float),  # when the last good pass began
)

is_open: Final = or_(looks.c.due_at.is_not(None), looks.c.wanted > looks.c.done)
"""Not idle. A query that repeats this very term is served by `looks_open`, which holds no idle row."""

Index("looks_open", looks.c.due_at, sqlite_where=is_open, postgresql_where=is_open)

heads: Final = Table(
    "heads",
    metadata,
    Column(
        "subject", Text, nullable=False
    ),  # GitHub's node id of the pull request: it outlives names and installations
    Column("target", Text, nullable=False),
    Column("sha", Text, nullable=False),
    Column("shown_at", Float, nullable=False),
    PrimaryKeyConstraint("subject", "sha", "shown_at"),
)

Index("heads_by_sha", heads.c.sha)

organisations: Final = Table(
    "organisations",
    metadata,
    Column("owner", Text, primary_key=True),  # INSTALLATION:OWNER
)

sources: Final = Table(
    "sources",
    metadata,
    Column("installation", BigInteger, nullable=False),
    Column("source", Text, nullable=False),  # owner/name, in lower case: GitHub takes any
    Column("repository", Text, nullable=False),  # owner/name
    PrimaryKeyConstraint("installation", "source", "repository"),
)

masks: Final = Table(
    "masks",
    metadata,
    Column("repository", Text, nullable=False),  # INSTALLATION:OWNER/NAME
    Column("base", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the mask: an index takes no long text
    Column("mask", Text, nullable=False),  # as `bot.store.masks` writes it
    Column("seen_at", Float, nullable=False),  # when a pass last read rules with this mask
    PrimaryKeyConstraint("repository", "base", "digest"),
)

closing_commands: Final = Table(
    "closing_commands",
    metadata,
    Column("subject", Text, nullable=False),  # as above
    Column("comment_id", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("argument", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("login_id", BigInteger),  # of the account, whatever it is called by now
    # With the instant: a comment that is edited says it anew, and the last time counts.
    PrimaryKeyConstraint("subject", "comment_id", "verb", "argument", "at"),
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("subject", Text, nullable=False),  # as above
    Column("number", Integer, nullable=False),  # the place in the subject's chain, from 1
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("target", Text, nullable=False),
    Column("repository", Text, nullable=False),
    Column("pull", BigInteger, nullable=False),
    Column("commit", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("gist", Text, nullable=False),
    Column("facts", Text, nullable=False),  # digests, as all that follow
    Column("rules", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary),  # what it was made from; null once it went
    PrimaryKeyConstraint("subject", "number"),
)

Index("decisions_by_digest", decisions.c.digest)
Index("decisions_by_pull", decisions.c.pull)

has_body: Final = decisions.c.body.is_not(None)

Index("decisions_by_age", decisions.c.at, sqlite_where=has_body, postgresql_where=has_body)
