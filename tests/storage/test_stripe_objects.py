"""The mirror of Stripe's smaller things: the newest state wins in any order, and things are found by their words."""

from itertools import permutations

import pytest

from storage import stripe_objects
from storage.database import Database
from storage.models import StripeObject
from storage.search import FEW, fold
from tests.storage.rows import OTHER_TEAM, TEAM, stripe_object


async def mirror(database: Database, *objects: StripeObject) -> None:
    async with database.begin() as session:
        await stripe_objects.put(session, objects)


async def held(database: Database, id: str = "co_1", kind: str = "coupon") -> StripeObject:
    async with database.read() as session:
        found = await stripe_objects.get(session, TEAM, kind, id)
    assert found is not None
    return found


async def found(database: Database, text: str = "", kind: str = "coupon", active: bool | None = None) -> list[str]:
    async with database.read() as session:
        return [one.id for one in await stripe_objects.page(session, TEAM, kind, text, active=active)]


@pytest.mark.parametrize("order", list(permutations([1.0, 2.0, 3.0])))
async def test_the_newest_state_wins_in_any_order(database: Database, order: tuple[float, ...]) -> None:
    for moment in order:
        await mirror(database, stripe_object(data={"name": moment}, search=f"at {moment}", stripe_at=moment))
    newest = await held(database)
    assert (newest.data, newest.search, newest.stripe_at) == ({"name": 3.0}, "at 3.0", 3.0)
    assert await found(database, "at 3.0") == ["co_1"]
    assert await found(database, "at 1.0") == []


async def test_what_stripe_deleted_is_not_revived_by_a_late_event(database: Database) -> None:
    await mirror(database, stripe_object())
    async with database.begin() as session:
        await stripe_objects.delete(session, TEAM, "coupon", "co_1", 5.0)
        await stripe_objects.delete(session, TEAM, "coupon", "co_unknown", 5.0)
    await mirror(database, stripe_object(stripe_at=4.0), stripe_object(id="co_unknown", stripe_at=4.0))
    assert await found(database) == []
    gone = await held(database)
    assert (gone.active, gone.deleted, gone.created_at, gone.data) == (
        False,
        True,
        1.0,
        {"id": "co_1", "deleted": True},
    )


async def test_kinds_and_workspaces_are_kept_apart(database: Database) -> None:
    await mirror(
        database,
        stripe_object(id="same", search="spring"),
        stripe_object(id="same", search="spring", kind="promotion_code"),
        stripe_object(id="other", search="spring", team_id=OTHER_TEAM),
        stripe_object(id="mine", search="spring", created_at=2.0),
    )
    assert await found(database, "spring") == ["mine", "same"]
    assert await found(database, "spring", "promotion_code") == ["same"]
    async with database.read() as session:
        assert await stripe_objects.get(session, TEAM, "coupon", "other") is None
        assert list(await stripe_objects.some(session, TEAM, "coupon", ["same", "other"])) == ["same"]


async def test_they_come_newest_first_page_by_page(database: Database) -> None:
    rows = [stripe_object(id=f"co_{number}", created_at=float(number // 2), active=number != 3) for number in range(5)]
    await mirror(database, *rows)
    seen: list[str] = []
    place = None
    async with database.read() as session:
        while page := await stripe_objects.page(session, TEAM, "coupon", before=place, limit=2):
            seen += [one.id for one in page]
            place = (page[-1].created_at, page[-1].id)
    assert seen == ["co_4", "co_3", "co_2", "co_1", "co_0"]
    assert await found(database, active=True) == ["co_4", "co_2", "co_1", "co_0"]
    assert await found(database, active=False) == ["co_3"]


async def test_any_part_of_a_word_finds_it_also_among_many(database: Database) -> None:
    many = [stripe_object(id=f"c{number}", search=fold("Summer", f"WAVE{number}")) for number in range(FEW + 50)]
    await mirror(database, *many, stripe_object(search=fold("Winter Wave")))
    for text in ("winter", "INT", "wave wint", "r w"):
        assert "co_1" in await found(database, text), text
    seventeen = [f"c17{digit}" for digit in reversed(range(10))]
    assert await found(database, "wave17 summer") == [*seventeen, "c17"]
    assert await found(database, "autumn") == []


async def test_what_belongs_to_a_parent(database: Database) -> None:
    code = {"kind": "promotion_code", "parent_id": "co_1"}
    await mirror(
        database,
        stripe_object(),
        stripe_object(**code, id="old", created_at=1.0),
        stripe_object(**code, id="off", created_at=2.0, active=False),
        stripe_object(**code, id="new", created_at=3.0, stripe_at=9.0),
        stripe_object(**{**code, "parent_id": "co_2"}, id="elsewhere"),
    )

    async def codes() -> list[tuple[str, bool]]:
        async with database.read() as session:
            rows = await stripe_objects.children(session, TEAM, "promotion_code", "co_1", 10)
            active = sum(row.active for row in rows)
            assert await stripe_objects.count(session, TEAM, "promotion_code", ["co_1", "co_9"]) == {"co_1": active}
            return [(row.id, row.active) for row in rows]

    assert await codes() == [("new", True), ("old", True), ("off", False)]
    async with database.begin() as session:
        await stripe_objects.retire(session, TEAM, "promotion_code", "co_1", 5.0)
    assert await codes() == [("new", True), ("off", False), ("old", False)]
