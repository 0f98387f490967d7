"""What the watch read at the time of a take, beside its film."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a column that old takes leave empty."""
    op.add_column("takes", sa.Column("watch", sa.JSON))
