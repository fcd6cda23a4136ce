"""Finding the newest of very many links that hold some words, on SQLite: the keys of its search table are in the order
in which the links were created (see `storage.search`), so that the table gives the newest first.

It reads every text once more: about a minute for a million.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

_KEYS = """
DROP TRIGGER link_search_insert;

DROP TRIGGER link_search_update;

DROP TRIGGER link_search_delete;

DROP TABLE link_search_grams;

DROP TABLE link_search;

DROP TABLE link_key;

CREATE TABLE link_key (key INTEGER PRIMARY KEY, team_id VARCHAR NOT NULL, id VARCHAR NOT NULL, UNIQUE (team_id, id));

CREATE VIRTUAL TABLE link_search USING fts5 (search, tokenize = 'trigram', detail = 'none', columnsize = 0);

CREATE VIRTUAL TABLE link_search_grams USING fts5vocab (link_search, instance);

INSERT INTO link_key (key, team_id, id)
  SELECT (CAST(created_at AS INTEGER) << 20)
    + row_number() OVER (PARTITION BY CAST(created_at AS INTEGER) ORDER BY created_at, id) - 1, team_id, id
  FROM link;

INSERT INTO link_search (rowid, search)
  SELECT key, search || '  ' FROM link_key CROSS JOIN link USING (team_id, id) ORDER BY key;

CREATE TRIGGER link_search_insert AFTER INSERT ON link BEGIN
  INSERT INTO link_key (key, team_id, id)
    SELECT coalesce(max(key) + 1, CAST(new.created_at AS INTEGER) << 20), new.team_id, new.id FROM link_key
    WHERE key >= CAST(new.created_at AS INTEGER) << 20 AND key < CAST(new.created_at AS INTEGER) + 1 << 20;
  INSERT INTO link_search (rowid, search)
    SELECT key, new.search || '  ' FROM link_key WHERE (team_id, id) = (new.team_id, new.id);
END;

CREATE TRIGGER link_search_update AFTER UPDATE OF search ON link WHEN new.search <> old.search BEGIN
  UPDATE link_search SET search = new.search || '  '
    WHERE rowid = (SELECT key FROM link_key WHERE (team_id, id) = (new.team_id, new.id));
END;

CREATE TRIGGER link_search_moved AFTER UPDATE OF created_at ON link
WHEN CAST(new.created_at AS INTEGER) <> CAST(old.created_at AS INTEGER) BEGIN
  DELETE FROM link_search
    WHERE rowid = (SELECT key FROM link_key WHERE (team_id, id) = (old.team_id, old.id));
  DELETE FROM link_key WHERE (team_id, id) = (old.team_id, old.id);
  INSERT INTO link_key (key, team_id, id)
    SELECT coalesce(max(key) + 1, CAST(new.created_at AS INTEGER) << 20), new.team_id, new.id FROM link_key
    WHERE key >= CAST(new.created_at AS INTEGER) << 20 AND key < CAST(new.created_at AS INTEGER) + 1 << 20;
  INSERT INTO link_search (rowid, search)
    SELECT key, new.search || '  ' FROM link_key WHERE (team_id, id) = (new.team_id, new.id);
END;

CREATE TRIGGER link_search_delete AFTER DELETE ON link BEGIN
  DELETE FROM link_search
    WHERE rowid = (SELECT key FROM link_key WHERE (team_id, id) = (old.team_id, old.id));
  DELETE FROM link_key WHERE (team_id, id) = (old.team_id, old.id);
END
"""


def upgrade() -> None:
    """Makes the search table of links anew, by keys of 20 bits behind the second of creation."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _KEYS.split("\n\n"):
            connection.exec_driver_sql(statement)
