"""Finding rows by words of one or two letters, on SQLite: each text is indexed with two spaces behind it, so that
whatever it holds begins one of its trigrams, and the trigrams themselves can be read (see `storage.search`).

It reads every text once more: about a minute for a million.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_KEYS = {
    "link": ("team_id", "id"),
    "price": ("team_id", "id"),
    "product": ("team_id", "id"),
    "stripe_object": ("team_id", "kind", "id"),
}

_SEARCH = """
DROP TRIGGER {table}_search_insert;

DROP TRIGGER {table}_search_update;

DROP TABLE {table}_search;

CREATE VIRTUAL TABLE {table}_search USING fts5 (search, tokenize = 'trigram', detail = 'none', columnsize = 0);

CREATE VIRTUAL TABLE {table}_search_grams USING fts5vocab ({table}_search, instance);

INSERT INTO {table}_search (rowid, search)
  SELECT key, search || '  ' FROM {table}_key JOIN {table} USING ({columns}) ORDER BY key;

CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN
  INSERT INTO {table}_key ({columns}) VALUES ({values});
  INSERT INTO {table}_search (rowid, search) VALUES (last_insert_rowid(), new.search || '  ');
END;

CREATE TRIGGER {table}_search_update AFTER UPDATE OF search ON {table} WHEN new.search <> old.search BEGIN
  UPDATE {table}_search SET search = new.search || '  '
    WHERE rowid = (SELECT key FROM {table}_key WHERE ({columns}) = ({values}));
END
"""


def upgrade() -> None:
    """Makes the search tables anew."""
    if op.get_context().dialect.name != "sqlite":
        return
    connection = op.get_bind()
    for table, key in _KEYS.items():
        columns, values = ", ".join(key), ", ".join(f"new.{column}" for column in key)
        for statement in _SEARCH.format(table=table, columns=columns, values=values).split("\n\n"):
            connection.exec_driver_sql(statement)
