"""What was shared with a link's card: by whom, and the parameters behind the address."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the columns; cards there are weren't shared with parameters."""
    for name in ("query", "shared_by"):
        op.add_column("card", sa.Column(name, sa.String(), nullable=False, server_default=""))
