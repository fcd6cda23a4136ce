"""The mirror of Stripe's smaller things, searched as links and prices are (see `storage.search`)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SEARCH = """
CREATE TABLE stripe_object_key (
  key INTEGER PRIMARY KEY, team_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, id VARCHAR NOT NULL,
  UNIQUE (team_id, kind, id)
);

CREATE VIRTUAL TABLE stripe_object_search USING fts5 (search, tokenize = 'trigram', detail = 'none', columnsize = 0);

CREATE TRIGGER stripe_object_search_insert AFTER INSERT ON stripe_object BEGIN
  INSERT INTO stripe_object_key (team_id, kind, id) VALUES (new.team_id, new.kind, new.id);
  INSERT INTO stripe_object_search (rowid, search)
    SELECT key, new.search FROM stripe_object_key
    WHERE team_id = new.team_id AND kind = new.kind AND id = new.id;
END;

CREATE TRIGGER stripe_object_search_update AFTER UPDATE OF search ON stripe_object WHEN new.search <> old.search BEGIN
  UPDATE stripe_object_search SET search = new.search
    WHERE rowid = (
      SELECT key FROM stripe_object_key WHERE team_id = new.team_id AND kind = new.kind AND id = new.id
    );
END;

CREATE TRIGGER stripe_object_search_delete AFTER DELETE ON stripe_object BEGIN
  DELETE FROM stripe_object_search
    WHERE rowid = (
      SELECT key FROM stripe_object_key WHERE team_id = old.team_id AND kind = old.kind AND id = old.id
    );
  DELETE FROM stripe_object_key WHERE team_id = old.team_id AND kind = old.kind AND id = old.id;
END
"""

# SQLite plans by these figures; see the migration before this one.
_STATISTICS = {
    "sqlite_autoindex_stripe_object_1": "100000 100000 50000 1",
    "stripe_object_created": "100000 100000 50000 2 1",
    "stripe_object_parent": "100000 100000 50000 5",
}


def upgrade() -> None:
    """Creates the table and what makes searching it fast."""
    op.create_table(
        "stripe_object",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("stripe_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "kind", "id"),
    )
    op.create_index("stripe_object_created", "stripe_object", ["team_id", "kind", "created_at", "id"])
    op.create_index("stripe_object_parent", "stripe_object", ["team_id", "kind", "parent_id"])
    if op.get_context().dialect.name == "sqlite":
        _index_sqlite()
    else:
        _index_postgresql()


def _index_sqlite() -> None:
    connection = op.get_bind()
    for statement in _SEARCH.split("\n\n"):
        connection.exec_driver_sql(statement)
    for index, figures in _STATISTICS.items():
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('stripe_object', ?, ?)", (index, figures)
        )


def _index_postgresql() -> None:
    installed = op.get_bind().scalar(sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    if installed:
        op.execute("CREATE INDEX stripe_object_trigram ON stripe_object USING gin (search gin_trgm_ops)")
