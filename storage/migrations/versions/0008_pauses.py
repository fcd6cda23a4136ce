"""When a workspace's Slack stopped accepting our token, whose token that is, and since when a card has been behind."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the columns. Cards that wait have done so at least since they became due."""
    op.add_column("workspace", sa.Column("token_digest", sa.String(), nullable=False, server_default=""))
    op.add_column("workspace", sa.Column("paused_since", sa.Float(), nullable=True))
    op.add_column("workspace", sa.Column("pause_reason", sa.String(), nullable=False, server_default=""))
    op.add_column("card", sa.Column("wanted_at", sa.Float(), nullable=False, server_default="0"))
    op.execute("UPDATE card SET wanted_at = due_at")
