"""Replies in threads, what channels want to hear, and payments found by what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds columns, their indexes and a table; payments that are there are named by what their data says."""
    op.add_column("card", sa.Column("parent_id", sa.String(), nullable=True))
    op.add_column("card", sa.Column("data", sa.JSON(), nullable=True))
    op.create_index("card_parent", "card", ["parent_id", "state"])
    op.add_column("payment", sa.Column("payment_intent", sa.String(), nullable=True))
    op.add_column("payment", sa.Column("subscription", sa.String(), nullable=True))
    sqlite = op.get_context().dialect.name == "sqlite"
    for name in ("payment_intent", "subscription"):
        value = f"json_extract(data, '$.{name}')" if sqlite else f"data ->> '{name}'"
        op.execute(f"UPDATE payment SET {name} = {value}")  # noqa: S608
    op.create_index("payment_intent", "payment", ["team_id", "payment_intent"])
    op.create_index("payment_subscription", "payment", ["team_id", "subscription"])
    op.create_table(
        "channel_notices",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("broadcast", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id"),
    )
