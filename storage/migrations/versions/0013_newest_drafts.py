"""A person's newest open drafts, found without sorting all they ever left."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Makes the index anew, with when the draft was last touched."""
    op.drop_index("draft_open", "draft")
    op.create_index("draft_open", "draft", ["team_id", "user_id", "state", "updated_at"])
