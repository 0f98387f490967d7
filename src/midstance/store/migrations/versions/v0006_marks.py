"""Angles, lines and notes that a person drew at a frame of a take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add marks."""
    take = sa.ForeignKey("takes.id", ondelete="CASCADE")
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("take_id", sa.Integer, take, nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.Column("content", sa.JSON, nullable=False),
    )
