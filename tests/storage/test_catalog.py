"""The mirror of the catalog: the newest state wins in any order, and what can be sold is found by its words."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import catalog
from storage.database import Database
from storage.models import Price, Product
from tests.storage.rows import OTHER_TEAM, TEAM, price, product


async def mirror(database: Database, *rows: Product | Price) -> None:
    async with database.begin() as session:
        await catalog.upsert_products(session, TEAM, [row for row in rows if isinstance(row, Product)])
        await catalog.upsert_prices(session, TEAM, [row for row in rows if isinstance(row, Price)])


async def found(database: Database, text: str, limit: int = 100, currency: str | None = None) -> list[str]:
    async with database.read() as session:
        return [row.id for row in await catalog.search_prices(session, TEAM, text, limit, currency)]


@pytest.mark.parametrize("order", list(permutations([1.0, 2.0, 3.0])))
async def test_the_newest_state_wins_in_any_order(database: Database, order: tuple[float, ...]) -> None:
    for moment in order:
        await mirror(
            database,
            product(name=f"Name {moment}", stripe_at=moment),
            price(data={"nickname": f"Nick {moment}"}, stripe_at=moment),
        )
    async with database.read() as session:
        held = await catalog.product(session, TEAM, "prod_1")
        assert held is not None
        assert (held.name, held.stripe_at) == ("Name 3.0", 3.0)
        cheap = await catalog.price(session, TEAM, "price_1")
        assert cheap is not None
        assert (cheap.data, cheap.search) == ({"nickname": "Nick 3.0"}, "name 3.0 nick 3.0 eur price_1")


async def test_of_one_second_the_later_arrival_wins(database: Database) -> None:
    await mirror(database, product(name="first"))
    await mirror(database, product(name="second"), product(name="third"))
    async with database.read() as session:
        held = await catalog.product(session, TEAM, "prod_1")
    assert held is not None
    assert held.name == "third"


async def test_a_price_is_found_by_each_thing_people_know_of_it(database: Database) -> None:
    await mirror(
        database,
        product(name="Yoga Class"),
        price(currency="usd", data={"nickname": "Early Bird", "lookup_key": "yoga_early"}),
    )
    for text in ("yoga", "ASS", "early bird", "bird class", "yoga_e", "usd", "price_1", ""):
        assert await found(database, text) == ["price_1"], text
    for text in ("pilates", "yoga pilates", "eur"):
        assert await found(database, text) == [], text


async def test_prices_come_by_product_name(database: Database) -> None:
    await mirror(
        database,
        product(id="prod_b", name="Beta"),
        product(id="prod_a", name="alpha"),
        price(id="price_1", product_id="prod_b"),
        price(id="price_2", product_id="prod_a"),
    )
    assert await found(database, "price") == ["price_2", "price_1"]
    assert await found(database, "price", limit=1) == ["price_2"]


async def test_a_currency_can_be_asked_for(database: Database) -> None:
    await mirror(database, product(), price(), price(id="price_2", currency="usd"))
    assert await found(database, "workshop", currency="usd") == ["price_2"]


async def test_what_is_archived_or_elsewhere_is_not_for_sale(database: Database) -> None:
    await mirror(
        database,
        product(),
        product(id="prod_2", active=False),
        price(id="price_2", product_id="prod_2"),
        price(id="price_3", active=False),
        price(id="price_4", team_id=OTHER_TEAM),
    )
    assert await found(database, "price") == []
    async with database.read() as session:
        assert list(await catalog.products(session, TEAM, ["prod_1", "prod_9"])) == ["prod_1"]
        assert await catalog.count(session, TEAM) == 2


async def test_a_price_is_found_by_its_product_whichever_comes_first(database: Database) -> None:
    await mirror(database, price(data={"product": {"name": "Yoga"}}), price(id="price_2", data={"product": "prod_1"}))
    assert await found(database, "yoga") == ["price_1"]
    await mirror(database, product(name="Yoga Class"))
    assert await found(database, "class") == ["price_1", "price_2"]
    await mirror(database, product(name="Pilates", stripe_at=2.0))
    assert await found(database, "pilates") == ["price_1", "price_2"]
    assert await found(database, "yoga") == []


async def test_what_stripe_deleted_is_not_revived_by_a_late_event(database: Database) -> None:
    await mirror(database, product(), price())
    async with database.begin() as session:
        await catalog.delete_price(session, TEAM, "price_1", 5.0)
        await catalog.delete_price(session, TEAM, "price_unknown", 5.0)
        await catalog.delete_product(session, TEAM, "prod_1", 5.0)
    await mirror(database, product(stripe_at=4.0), price(stripe_at=4.0))
    assert await found(database, "") == []
    async with database.read() as session:
        gone = await catalog.product(session, TEAM, "prod_1")
        assert gone is not None
        assert (gone.active, gone.data) == (False, {"id": "prod_1", "deleted": True})


async def test_the_longest_texts_are_kept_and_found(database: Database) -> None:
    longest = "🧘" * 5_000
    await mirror(database, product(name=longest), price(data={"nickname": longest, "lookup_key": longest}))
    assert await found(database, "price_1") == ["price_1"]


async def test_many_prices_that_match(database: Database) -> None:
    rows = [price(id=f"price_{number:04}", data={"nickname": f"Seat {number}"}) for number in range(1_100)]
    await mirror(database, product(), *rows)
    assert await found(database, "workshop", limit=3) == ["price_0000", "price_0001", "price_0002"]
    assert await found(database, "seat 1099") == ["price_1099"]


async def test_prices_of_a_product_come_by_currency_period_and_amount(database: Database) -> None:
    month, year = {"interval": "month"}, {"interval": "year", "interval_count": 1}
    shown = {
        "a": ("usd", {"unit_amount": 100}),
        "b": ("eur", {"unit_amount": 900, "recurring": year}),
        "c": ("eur", {"unit_amount": 20000}),
        "d": ("eur", {"unit_amount": 3000}),
        "e": ("eur", {"unit_amount_decimal": "0.5", "recurring": month}),
        "f": ("eur", {"recurring": month, "tiers": [{"unit_amount": 70}, {"unit_amount_decimal": "40"}]}),
        "g": ("eur", {"custom_unit_amount": {"minimum": 500}}),
        "h": ("eur", {"recurring": {"interval": "day", "interval_count": 45}, "unit_amount": 1}),
    }
    rows = [price(id=id, currency=currency, data=data) for id, (currency, data) in shown.items()]
    await mirror(database, product(), *rows)
    assert "".join(await found(database, "")) == "gdcefhba"


async def listed(database: Database, text: str = "", **where: Any) -> list[str]:
    async with database.read() as session:
        return [row.id for row in await catalog.product_page(session, TEAM, text, 2, **where)]


async def test_products_come_by_name_a_page_at_a_time(database: Database) -> None:
    names = {"prod_1": "beta", "prod_2": "Alpha", "prod_3": "Gamma", "prod_4": "alpha"}
    await mirror(database, *(product(id=id, name=name) for id, name in names.items()), product(id="x", team_id="T9"))
    assert await listed(database) == ["prod_2", "prod_4"]
    assert await listed(database, after="prod_4") == ["prod_1", "prod_3"]
    assert await listed(database, after="prod_3") == []
    assert await listed(database, after="nowhere") == ["prod_2", "prod_4"]


async def test_products_are_found_by_their_words_and_by_whether_they_are_archived(database: Database) -> None:
    described = product(id="prod_2", name="Course", active=False, data={"description": "Yoga for\nbeginners"})
    await mirror(database, product(name="Yoga Class"), described)
    assert await listed(database, "yoga") == ["prod_2", "prod_1"]
    assert await listed(database, "yoga BEGIN") == ["prod_2"]
    assert await listed(database, "prod_1") == ["prod_1"]
    assert await listed(database, "yoga", active=True) == ["prod_1"]
    assert await listed(database, "yoga", active=False) == ["prod_2"]
    await mirror(database, product(name="Pilates", stripe_at=2.0))
    assert await listed(database, "yoga") == ["prod_2"]


async def test_a_deleted_product_is_in_no_list(database: Database) -> None:
    await mirror(database, product())
    async with database.begin() as session:
        await catalog.delete_product(session, TEAM, "prod_1", 5.0)
    assert await listed(database) == await listed(database, active=False) == []


async def test_the_prices_of_a_product(database: Database) -> None:
    rows = [price(id=f"price_{number}", data={"unit_amount": number}) for number in range(4)]
    await mirror(database, product(), *rows, price(id="off", active=False), price(id="x", product_id="prod_2"))
    async with database.begin() as session:
        await catalog.delete_price(session, TEAM, "price_1", 5.0)
    async with database.read() as session:
        prices = [row.id for row in await catalog.prices_of(session, TEAM, "prod_1", 10)]
        assert prices == ["price_0", "price_2", "price_3", "off"]
        assert [row.id for row in await catalog.prices_of(session, TEAM, "prod_1", 2, 1)] == ["price_2", "price_3"]
        assert await catalog.count_prices(session, TEAM, ["prod_1", "prod_2", "prod_3"]) == {"prod_1": 3, "prod_2": 1}


WORDS = st.text(alphabet="aAbBßİ%_'\"\\ -", max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nicknames=st.lists(WORDS, min_size=1, max_size=6), text=WORDS)
async def test_search_finds_exactly_what_holds_every_word(database: Database, nicknames: list[str], text: str) -> None:
    """The same on both databases, and the same as looking through every row."""
    async with database.begin() as session:
        for row in await catalog.search_prices(session, TEAM, "", 100):
            await session.delete(row)
    await mirror(database, *(price(id=f"{number}", data={"nickname": name}) for number, name in enumerate(nicknames)))
    async with database.read() as session:
        rows = await catalog.search_prices(session, TEAM, "", 100)
    asked = text.lower().split()
    expected = {row.id for row in rows if all(word in row.search for word in asked)}
    assert set(await found(database, text)) == expected
