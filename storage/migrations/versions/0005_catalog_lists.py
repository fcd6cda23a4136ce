"""What lists of the catalog are read by: products by their words, the prices of a product in a sensible order.

What is mirrored so far has neither, so it is read from Stripe once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SEARCH = """
CREATE TABLE product_key (key INTEGER PRIMARY KEY, team_id VARCHAR NOT NULL, id VARCHAR NOT NULL, UNIQUE (team_id, id));

CREATE VIRTUAL TABLE product_search USING fts5 (search, tokenize = 'trigram', detail = 'none', columnsize = 0);

INSERT INTO product_key (team_id, id) SELECT team_id, id FROM product;

INSERT INTO product_search (rowid, search) SELECT key, '' FROM product_key;

CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN
  INSERT INTO product_key (team_id, id) VALUES (new.team_id, new.id);
  INSERT INTO product_search (rowid, search)
    SELECT key, new.search FROM product_key WHERE team_id = new.team_id AND id = new.id;
END;

CREATE TRIGGER product_search_update AFTER UPDATE OF search ON product WHEN new.search <> old.search BEGIN
  UPDATE product_search SET search = new.search
    WHERE rowid = (SELECT key FROM product_key WHERE team_id = new.team_id AND id = new.id);
END;

CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN
  DELETE FROM product_search
    WHERE rowid = (SELECT key FROM product_key WHERE team_id = old.team_id AND id = old.id);
  DELETE FROM product_key WHERE team_id = old.team_id AND id = old.id;
END
"""

# SQLite plans by these figures; see 0002_search.
_STATISTICS = {
    ("product", "sqlite_autoindex_product_1"): "100000 100000 1",
    ("product", "product_listed"): "100000 100000 90000 2 1",
    ("product", "product_active"): "100000 100000 50000 2 1",
    ("price", "price_product"): "100000 100000 5 3 1",
    ("price", "price_active"): "100000 100000 50000 1",
}


def upgrade() -> None:
    """Adds the columns and what makes searching them fast."""
    op.add_column("product", sa.Column("deleted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("product", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    op.add_column("price", sa.Column("sort", sa.Text(), nullable=False, server_default=""))
    op.create_index("product_listed", "product", ["team_id", "deleted", "search", "id"])
    op.create_index("product_active", "product", ["team_id", "active", "search", "id"])
    for index in ("price_active", "price_product"):
        op.drop_index(index, "price")
    op.create_index("price_active", "price", ["team_id", "active", "sort"])
    op.create_index("price_product", "price", ["team_id", "product_id", "active", "sort"])
    op.execute("DELETE FROM cursor WHERE name = 'catalog.filled'")
    if op.get_context().dialect.name == "sqlite":
        _index_sqlite()
    else:
        _index_postgresql()


def _index_sqlite() -> None:
    connection = op.get_bind()
    for statement in _SEARCH.split("\n\n"):
        connection.exec_driver_sql(statement)
    for (table, index), figures in _STATISTICS.items():
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = ? AND idx = ?", (table, index))
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, figures)
        )


def _index_postgresql() -> None:
    installed = op.get_bind().scalar(sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    if installed:
        op.execute("CREATE INDEX product_trigram ON product USING gin (search gin_trgm_ops)")
