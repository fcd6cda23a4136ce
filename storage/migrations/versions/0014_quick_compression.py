"""Stripe's events are compressed by lz4 on PostgreSQL, which costs about half the server's time of its default."""

from alembic import op

revision = "0014"
down_revision = "0013"

_COMPRESS = """
DO $$ BEGIN
    EXECUTE 'ALTER TABLE stripe_event ALTER COLUMN body SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error THEN
    NULL;
END $$
"""


def upgrade() -> None:
    """Where the server knows it: PostgreSQL 14 or later, built with lz4. Elsewhere, and on SQLite, nothing changes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_COMPRESS)
