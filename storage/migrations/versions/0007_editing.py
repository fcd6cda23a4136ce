"""What editing needs: conflicts, replaced links, templates."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the columns of drafts and links, and the table of templates."""
    op.add_column("draft", sa.Column("theirs", sa.JSON(), nullable=True))
    op.add_column("draft", sa.Column("replaces", sa.String(), nullable=True))
    op.add_column("draft", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("link", sa.Column("replaces", sa.String(), nullable=True))
    op.add_column("link", sa.Column("replaced_by", sa.String(), nullable=True))
    op.create_table(
        "template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("template_name", "template", ["team_id", "folded"], unique=True)
