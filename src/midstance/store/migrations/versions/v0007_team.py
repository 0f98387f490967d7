"""Accounts of a club, what they sign in with, links that were given away, and who is called when work ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add accounts, sessions, invitations, shares, hooks and deliveries; say of work and keys whose they are."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("heard", sa.Text, nullable=False, unique=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        _may_belong_to("athlete"),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        _may_belong_to("account", nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        _may_belong_to("athlete"),
        _may_belong_to("account"),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String(32), nullable=False, unique=True),
        _may_belong_to("take", nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "hooks",
        sa.Column("id", sa.Integer, primary_key=True),
        _may_belong_to("account"),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String(32), nullable=False, unique=True),
        _may_belong_to("hook", nullable=False),
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
    )
    _say_whose()
    if op.get_bind().dialect.name == "postgresql":  # SQLite's integers hold any film
        op.alter_column("files", "size", type_=sa.BigInteger)


def _say_whose() -> None:
    """Add to work, uploads and keys the account they belong to; none on a machine of one person."""
    for table in ("jobs", "uploads", "tokens"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE")
    op.add_column("jobs", sa.Column("started_at", MOMENT))


def _may_belong_to(table: str, *, nullable: bool = True) -> sa.Column[int]:
    owner = sa.ForeignKey(f"{table}s.id", ondelete="CASCADE")
    return sa.Column(f"{table}_id", sa.Integer, owner, nullable=nullable, index=True)
