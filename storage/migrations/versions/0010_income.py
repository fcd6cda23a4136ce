"""What came in after a payment, and what was given back, to be added up without reading every payment."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INDEX = ["team_id", "link_id", "status", "currency", "amount_total"]

_REFUNDED = {
    "sqlite": """
        UPDATE payment SET refunded = (
          SELECT COALESCE(SUM(json_extract(value, '$.amount')), 0) FROM json_each(data, '$.after.refunds')
          WHERE json_extract(value, '$.status') = 'succeeded'
        )
        WHERE json_array_length(data, '$.after.refunds') > 0
        """,
    "postgresql": """
        UPDATE payment SET refunded = (
          SELECT COALESCE(SUM((value ->> 'amount')::bigint), 0) FROM json_array_elements(data #> '{after,refunds}')
          WHERE value ->> 'status' = 'succeeded'
        )
        WHERE json_array_length(COALESCE(data #> '{after,refunds}', '[]')) > 0
        """,
}

_RENEWALS = {
    "sqlite": """
        INSERT INTO renewal (team_id, id, link_id, amount, currency)
        SELECT team_id, json_extract(value, '$.id'), link_id, json_extract(value, '$.amount'),
          json_extract(value, '$.currency')
        FROM payment, json_each(payment.data, '$.after.renewals')
        WHERE json_extract(value, '$.status') = 'paid' AND json_extract(value, '$.amount') > 0
        ON CONFLICT DO NOTHING
        """,
    "postgresql": """
        INSERT INTO renewal (team_id, id, link_id, amount, currency)
        SELECT team_id, value ->> 'id', link_id, (value ->> 'amount')::bigint, value ->> 'currency'
        FROM payment, json_array_elements(COALESCE(data #> '{after,renewals}', '[]'))
        WHERE value ->> 'status' = 'paid' AND (value ->> 'amount')::bigint > 0
        ON CONFLICT DO NOTHING
        """,
}


def upgrade() -> None:
    """Adds the column and the table, filled with what the payments that are there say."""
    dialect = op.get_context().dialect.name
    op.add_column("payment", sa.Column("refunded", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(_REFUNDED[dialect])
    op.drop_index("payment_link", "payment")
    op.create_index("payment_link", "payment", [*_INDEX, "refunded"])
    op.create_table(
        "renewal",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id"),
    )
    op.create_index("renewal_link", "renewal", ["team_id", "link_id", "currency", "amount"])
    op.execute(_RENEWALS[dialect])
