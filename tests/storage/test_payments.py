"""Payments: kept once each and added up by currency."""

from storage import payments
from storage.database import Database
from storage.models import Payment
from tests.storage.rows import OTHER_TEAM, TEAM, payment


async def add(database: Database, *rows: Payment) -> None:
    async with database.begin() as session:
        session.add_all(rows)


async def test_what_was_paid_by_currency(database: Database) -> None:
    huge = 99_999_999_99
    await add(
        database,
        payment(id="cs_1", amount_total=huge, refunded=huge),
        payment(id="cs_2", amount_total=huge, refunded=1),
        payment(id="cs_3", amount_total=500, currency="usd"),
        payment(id="cs_4", status="processing"),
        payment(id="cs_5", status="failed"),
        payment(id="cs_6", link_id="plink_2"),
        payment(id="cs_7", team_id=OTHER_TEAM),
    )
    async with database.read() as session:
        assert await payments.totals(session, TEAM, ["plink_1"]) == {
            "plink_1": [
                ("paid", "eur", 2, 2 * huge, huge + 1),
                ("paid", "usd", 1, 500, 0),
                ("processing", "eur", 1, 1000, 0),
            ]
        }
        both = await payments.totals(session, TEAM, ["plink_1", "plink_2", "plink_9"])
        assert {link_id: len(found) for link_id, found in both.items()} == {"plink_1": 3, "plink_2": 1}
        assert [total.status for total in both["plink_2"]] == ["paid"]


async def test_payments_by_what_events_name_them_by(database: Database) -> None:
    await add(
        database,
        payment(id="cs_1", payment_intent="pi_1", created_at=2.0),
        payment(id="cs_2", payment_intent="pi_2", subscription="sub_1", link_id="plink_2"),
        payment(id="cs_3", subscription="sub_1", created_at=0.5),
        payment(id="cs_4", payment_intent="pi_1", created_at=1.0),
        payment(id="cs_5", payment_intent="pi_1", created_at=1.0),
        payment(id="cs_6", payment_intent="pi_3", team_id=OTHER_TEAM),
    )
    asked = ["pi_1", "pi_2", "pi_3", "sub_1"]
    async with database.read() as session:
        by_intent = await payments.named(session, TEAM, "payment_intent", asked)
        assert by_intent == {"pi_1": ("cs_4", "plink_1"), "pi_2": ("cs_2", "plink_2")}, "the oldest of several"
        assert await payments.named(session, TEAM, "subscription", asked) == {"sub_1": ("cs_3", "plink_1")}
        assert await payments.named(session, TEAM, "subscription", []) == {}


async def test_sums_of_chosen_payments(database: Database) -> None:
    await add(
        database,
        payment(id="cs_1"),
        payment(id="cs_2", amount_total=1),
        payment(id="cs_3", link_id="plink_2", currency="usd"),
        payment(id="cs_4", status="failed"),
        payment(id="cs_5"),
        payment(id="cs_6", team_id=OTHER_TEAM),
    )
    chosen = ["cs_4", "cs_3", "cs_2", "cs_1", "cs_1", "cs_6", "cs_7"]
    async with database.read() as session:
        assert await payments.sums(session, TEAM, chosen) == [
            ("plink_1", "failed", "eur", 1, 1000),
            ("plink_1", "paid", "eur", 2, 1001),
            ("plink_2", "paid", "usd", 1, 1000),
        ]
        assert await payments.sums(session, TEAM, []) == []


async def test_sums_of_very_many_payments(database: Database) -> None:
    ids = [f"cs_{number}" for number in range(12_000)]
    await add(database, payment(id=ids[0]), payment(id=ids[6_000]), payment(id=ids[-1]))
    async with database.read() as session:
        assert await payments.sums(session, TEAM, ids) == [("plink_1", "paid", "eur", 3, 3000)]
