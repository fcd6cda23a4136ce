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


def upgrade() -> None:
    """Creates the index of each table that is searched."""
    if op.get_context().dialect.name == "sqlite":
        for table in _SEARCHED:
            for statement in _SQLITE.format(table=table).split("\n\n"):
                op.get_bind().exec_driver_sql(statement)
        return
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError:
        # Trusted since PostgreSQL 13: the database's owner may create it, where the server has it at all.
        logging.getLogger(__name__).warning("pg_trgm can't be created here; searching many rows will be slower.")
        return
    for table in _SEARCHED:
        op.execute(f"CREATE INDEX {table}_trigram ON {table} USING gin (search gin_trgm_ops)")
