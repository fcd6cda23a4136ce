"""Digests found without looking at everything else in their channel."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Makes the index of what digests show anew, by workspace and of those cards alone; and one of digests."""
    shown, digest = sa.text("digest_id IS NOT NULL"), sa.text("subject_kind = 'digest'")
    op.drop_index("card_digest", "card")
    op.create_index("card_digest", "card", ["team_id", "digest_id"], sqlite_where=shown, postgresql_where=shown)
    op.create_index(
        "card_latest_digest",
        "card",
        ["team_id", "channel_id", "created_at"],
        sqlite_where=digest,
        postgresql_where=digest,
    )
