"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Add athletes, takes, files, analyses, plans and comparisons."""
    op.create_table(
        "athletes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String(32), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("height_m", sa.Float),
        sa.Column("mass_kg", sa.Float),
        sa.Column("notes", sa.Text, nullable=False),
    )
    op.create_table(
        "takes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String(32), nullable=False, unique=True),
        _belongs_to("athlete"),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
        sa.Column("trying", sa.Text, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("shoes", sa.Text, nullable=False),
        sa.Column("speed_mps", sa.Float),
        sa.Column("slow_motion", sa.Float, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("take"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(96), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "analyses",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("take"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("take"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("focus", sa.String(64), nullable=False),
        sa.Column("cue", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("athlete"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("takes", sa.JSON, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )


def _belongs_to(table: str) -> sa.Column[int]:
    owner = sa.ForeignKey(f"{table}s.id", ondelete="CASCADE")
    return sa.Column(f"{table}_id", sa.Integer, owner, nullable=False, index=True)
