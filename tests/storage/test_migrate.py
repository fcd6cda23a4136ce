"""The migrations make what the models say, on both databases."""

import asyncio
import json
import subprocess
import sys
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, select, text
from sqlmodel import SQLModel

from storage import links, migrate, models, payments, renewals, search
from storage.database import Database

SEARCH = tuple(
    f"{table}_{what}"
    for table in ("link", "price", "product", "stripe_object")
    for what in ("search", "key", "trigram")
)
"""Made by a migration alone: no model reads them."""


def is_modelled(_object: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith(SEARCH)


def differences(connection: Connection) -> list[object]:
    options = {"include_object": is_modelled, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


async def test_migrations_and_models_agree(database: Database) -> None:
    assert models.Link.__tablename__ in SQLModel.metadata.tables
    async with database.read() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []


async def test_a_migrated_database_is_current_and_stays_as_it_is(database: Database, database_url: str) -> None:
    async with database.begin() as session:
        session.add(models.Cursor(team_id="T1", name="events", value="1", updated_at=0.0))
    assert await migrate.is_current(database_url)
    await migrate.upgrade(database_url)
    assert await migrate.is_current(database_url)
    async with database.read() as session:
        assert await session.get(models.Cursor, ("T1", "events")) is not None


async def test_what_a_migrated_database_says_is_what_alembic_takes_for_the_newest(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    head = ScriptDirectory.from_config(config).get_current_head()
    assert await migrate.current(database_url) == migrate.newest() == head


def test_the_app_loads_alembic_only_to_migrate() -> None:
    program = "import sys, bot.app; print('alembic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


async def test_an_empty_database_is_not_current(empty_database_url: str) -> None:
    assert await migrate.current(empty_database_url) is None
    assert not await migrate.is_current(empty_database_url)


async def test_several_may_migrate_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_database_url) for _ in range(3)))
    assert await migrate.is_current(empty_database_url)


async def test_payments_that_are_there_are_named_by_what_their_data_says(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    columns = "team_id, id, link_id, status, amount_total, currency, data, version, created_at, updated_at"
    row = f"INSERT INTO payment ({columns}) VALUES ('T1', :id, 'plink_1', 'paid', 1, 'eur', :data, 1, 1, 1)"
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(upgraded, "0003")
        for id, data in (
            ("cs_1", {"payment_intent": "pi_1", "subscription": None}),
            ("cs_2", {"subscription": "sub_1"}),
        ):
            await session.execute(text(row), {"id": id, "data": json.dumps(data)})
        await connection.run_sync(upgraded, "head")
    async with database.read() as session:
        assert await payments.named(session, "T1", "payment_intent", ["pi_1"]) == {"pi_1": ("cs_1", "plink_1")}
        assert await payments.named(session, "T1", "subscription", ["sub_1"]) == {"sub_1": ("cs_2", "plink_1")}
        assert await payments.named(session, "T2", "payment_intent", ["pi_1"]) == {}
    await database.close()


async def test_what_the_first_tables_hold_is_still_there(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(upgraded, "0001")
        first = await connection.run_sync(filled)
        await connection.run_sync(upgraded, "head")
    async with database.read() as session:
        for table in (table for table in SQLModel.metadata.sorted_tables if table.name in first):
            (row,) = (await session.execute(select(table))).mappings()
            assert first[table.name].items() <= dict(row).items(), table.name
    await database.close()


def filled(connection: Connection) -> dict[str, dict[str, Any]]:
    """A row in each table that is there, by table."""
    there = MetaData()
    there.reflect(connection)
    rows = {table.name: {column.name: value(column) for column in table.columns} for table in there.sorted_tables}
    del rows["alembic_version"]
    for name, row in rows.items():
        connection.execute(there.tables[name].insert(), row)
    return rows


def value(column: Column[Any]) -> Any:
    """Something the column can hold."""
    kind = column.type.python_type
    if kind in (dict, object):
        return {"a": 1}
    return b"1" if kind is bytes else kind(1)


async def test_what_came_in_and_went_back_is_counted_from_payments_that_are_there(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    columns = "team_id, id, link_id, status, amount_total, currency, data, version, created_at, updated_at"
    row = f"INSERT INTO payment ({columns}) VALUES ('T1', :id, 'plink_1', 'paid', 5000, 'eur', :data, 1, 1, 1)"
    refunds = [{"amount": 300, "status": status} for status in ("succeeded", "failed", "succeeded")]
    paid = {"id": "in_1", "status": "paid", "amount": 4990, "currency": "eur"}
    later = [paid, paid | {"id": "in_2", "status": "failed"}, paid | {"id": "in_3", "amount": 0}, paid | {"id": "in_4"}]
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(upgraded, "0009")
        for id, data in (
            ("cs_1", {"after": {"refunds": refunds, "renewals": later}}),
            ("cs_2", {"after": {"refunds": [], "renewals": []}}),
            ("cs_3", {"reference": "from before there was anything after"}),
        ):
            await session.execute(text(row), {"id": id, "data": json.dumps(data)})
        await connection.run_sync(upgraded, "head")
    async with database.read() as session:
        brought = await payments.totals(session, "T1", ["plink_1"])
        assert brought == {"plink_1": [("paid", "eur", 3, 15000, 600)]}
        assert await renewals.totals(session, "T1", ["plink_1"]) == {"plink_1": [("eur", 2, 9980)]}
    await database.close()


async def test_what_is_there_is_found_by_short_words(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    row = (
        'INSERT INTO link (team_id, id, name, search, url, active, livemode, "foreign", data, version, stripe_event_at,'
        " created_at, updated_at) VALUES ('T1', :id, '', :search, '', true, false, false, '{}', 1, 0, 1, 1)"
    )
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(upgraded, "0010")
        texts = {f"plink_{number}": "yoga" for number in range(search.FEW + 1)} | {"plink_q": "yoga q"}
        await session.execute(text(row), [{"id": id, "search": words} for id, words in texts.items()])
        await connection.run_sync(upgraded, "head")
    async with database.begin() as session:
        assert [found.id for found in await links.page(session, "T1", text="q")] == ["plink_q"]
        (found,) = await links.page(session, "T1", text="yoga q")
        found.search = "yoga 8x"
    async with database.read() as session:
        assert await links.page(session, "T1", text="q") == []
        assert [found.id for found in await links.page(session, "T1", text="x")] == ["plink_q"]
    await database.close()


async def test_the_newest_that_are_there_are_found_in_whichever_order_they_came(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    row = (
        'INSERT INTO link (team_id, id, name, search, url, active, livemode, "foreign", data, version, stripe_event_at,'
        " created_at, updated_at) VALUES ('T1', :id, '', 'yoga', '', true, false, false, '{}', 1, 0, :created_at, 1)"
    )
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(upgraded, "0015")
        places = [(number * 7 % 1_201 // 2 / 2, f"plink_{number}") for number in range(search.FEW + 200)]
        await session.execute(text(row), [{"id": id, "created_at": created_at} for created_at, id in places])
        await connection.run_sync(upgraded, "head")
    async with database.read() as session:
        found = [(link.created_at, link.id) for link in await links.page(session, "T1", text="yoga", limit=10)]
        assert found == sorted(places, reverse=True)[:10]
        after = [(link.created_at, link.id) for link in await links.page(session, "T1", None, "yoga", found[6], 10)]
        assert after == sorted(places, reverse=True)[7:17]
    await database.close()


def upgraded(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
