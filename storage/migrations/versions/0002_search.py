"""What makes search fast: trigram indexes (see `storage.search`)."""

import logging

from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0002"
down_revision = "0001"

_SEARCHED = ("link", "price")

_SQLITE = """
CREATE TABLE {table}_key (key INTEGER PRIMARY KEY, team_id VARCHAR NOT NULL, id VARCHAR NOT NULL, UNIQUE (team_id, id));

CREATE VIRTUAL TABLE {table}_search USING fts5 (search, tokenize = 'trigram', detail = 'none', columnsize = 0);

CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN
  INSERT INTO {table}_key (team_id, id) VALUES (new.team_id, new.id);
  INSERT INTO {table}_search (rowid, search)
    SELECT key, new.search FROM {table}_key WHERE team_id = new.team_id AND id = new.id;
END;

CREATE TRIGGER {table}_search_update AFTER UPDATE OF search ON {table} WHEN new.search <> old.search BEGIN
  UPDATE {table}_search SET search = new.search
    WHERE rowid = (SELECT key FROM {table}_key WHERE team_id = new.team_id AND id = new.id);
END;

CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN
  DELETE FROM {table}_search
    WHERE rowid = (SELECT key FROM {table}_key WHERE team_id = old.team_id AND id = old.id);
  DELETE FROM {table}_key WHERE team_id = old.team_id AND id = old.id;
END
"""

# SQLite plans by these figures (SQLite, "Manual Control Of Query Plans Using SQLITE_STAT Tables"). Without any it takes
# an index that gives the right order for better than one that finds the few rows.
_SQLITE_STATISTICS = {
    ("link", "sqlite_autoindex_link_1"): "1000000 1000000 1",
    ("link", "link_created"): "1000000 1000000 2 1",
    ("link", "link_active"): "1000000 1000000 500000 2 1",
    ("link", "link_draft"): "1000000 1000000 1",
    ("link", "link_url"): "1000000 1",
    ("link", "link_name"): "1000000 5",
    ("price", "sqlite_autoindex_price_1"): "100000 100000 1",
    ("price", "price_product"): "100000 100000 5",
    ("price", "price_active"): "100000 100000 50000 1",
}


def upgrade() -> None:
    """Creates the index of each table that is searched."""
    if op.get_context().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    connection = op.get_bind()
    for table in _SEARCHED:
        for statement in _SQLITE.format(table=table).split("\n\n"):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql("ANALYZE link")
    for (table, index), figures in _SQLITE_STATISTICS.items():
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, figures)
        )


def _upgrade_postgresql() -> None:
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError:
        # Trusted since PostgreSQL 13: the database's owner may create it, where the server has it at all.
        logging.getLogger(__name__).warning("pg_trgm can't be created here; searching many rows will be slower.")
        return
    for table in _SEARCHED:
        op.execute(f"CREATE INDEX {table}_trigram ON {table} USING gin (search gin_trgm_ops)")
