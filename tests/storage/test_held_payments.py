"""Payments that events are merged into: nothing learned of them is lost, alone or together with others."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest

from storage import held_payments, payments
from storage.database import Database
from storage.held_payments import Held
from tests.storage.rows import OTHER_TEAM, TEAM

NEW = Held(TEAM, "cs_1", "plink_1", "processing", 1000, "eur", 0, None, None, "{}", 1, 1.0, 2.0)


def data(held: Held | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(held.data) if held else {}
    return found


async def test_a_payment_is_saved_and_saved_again(database: Database) -> None:
    async with database.begin() as session:
        assert await held_payments.get(session, TEAM, "cs_1") is None
        await held_payments.put(session, NEW._replace(data=json.dumps({"reference": "A-1"})))
    async with database.begin() as session:
        held = await held_payments.get(session, TEAM, "cs_1")
        assert held is not None
        assert (held.status, data(held), held.version) == ("processing", {"reference": "A-1"}, 1)
        changed = {"reference": "Zoë \u2028", "email": "a@b.c"}
        await held_payments.put(session, held._replace(status="paid", data=json.dumps(changed), version=2))
    async with database.read() as session:
        row = await payments.get(session, TEAM, "cs_1")
        assert row is not None
        assert (row.status, row.data, row.version) == ("paid", changed, 2)
        assert {name: getattr(row, name) for name in Held._fields} == NEW._asdict() | {
            "status": "paid",
            "data": changed,
            "version": 2,
        }
        assert await payments.get(session, OTHER_TEAM, "cs_1") is None
        assert await held_payments.several(session, OTHER_TEAM, ["cs_1"]) == {}
        assert list(await held_payments.several(session, TEAM, ["cs_2", "cs_1"])) == ["cs_1"]


@pytest.mark.parametrize("together", [False, True])
async def test_facts_of_new_payments_arriving_together_are_all_kept(database: Database, together: bool) -> None:
    ids = ["cs_1", "cs_2", "cs_3"]

    async def learn(fact: str) -> None:
        async with database.begin() as session:
            if together:
                async with held_payments.gathered(session, TEAM, ids if fact in "ac" else ids[::-1]):
                    await add(session, fact)
            else:
                await add(session, fact)

    async def add(session: Any, fact: str) -> None:
        for id in ids:
            held = await held_payments.get(session, TEAM, id) or NEW._replace(id=id)
            await held_payments.put(session, held._replace(data=json.dumps({**data(held), fact: True})))

    await asyncio.gather(*(learn(fact) for fact in ("a", "b", "c", "d")))
    async with database.read() as session:
        found = await held_payments.several(session, TEAM, ids)
    assert {id: data(held) for id, held in found.items()} == dict.fromkeys(ids, dict.fromkeys("abcd", True))


async def test_what_was_put_is_found_again_before_it_is_written(database: Database) -> None:
    async with database.begin() as session, held_payments.gathered(session, TEAM, ["cs_1"]):
        await held_payments.put(session, NEW)
        assert await held_payments.get(session, TEAM, "cs_1") == NEW
        await held_payments.put(session, NEW._replace(version=2))
    async with database.begin() as session:
        assert await held_payments.get(session, TEAM, "cs_1") == NEW._replace(version=2)


async def test_nothing_is_written_when_the_block_raises(database: Database) -> None:
    async with database.begin() as session:
        with suppress(LookupError):
            async with held_payments.gathered(session, TEAM, ["cs_1"]):
                await held_payments.put(session, NEW)
                raise LookupError
        assert await held_payments.get(session, TEAM, "cs_1") is None
