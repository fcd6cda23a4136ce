"""Listing the prices of one currency, however few of the catalog they are."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the index."""
    op.create_index("price_currency", "price", ["team_id", "active", "currency", "sort"])
    if op.get_context().dialect.name == "sqlite":
        # SQLite plans by these figures; see `0002_search`.
        op.get_bind().exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
            " VALUES ('price', 'price_currency', '100000 100000 50000 25000 1')"
        )
