"""Products and prices, written to Stripe and read from the mirror."""

from typing import Any

import pytest

from bot.errors import Invalid, NotAllowed, NotFound, StripeUnavailable
from bot.links.new_price import NewPrice
from bot.links.options.fields import build
from bot.links.price_edit import PriceEdit
from bot.links.products import Product
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.catalog import Progress
from storage import cursors
from tests.services.desk import TEAM, Desk

MUG = Product(name="Mug", description="Blue", unit_label="mug")


def posts(sandbox: StripeSandbox) -> list[dict[str, Any]]:
    """The parameters of every write so far."""
    return [dict(request.params) for request in sandbox.requests if request.method == "POST"]


def flat(amount: str = "10", **answers: Any) -> NewPrice:
    return build(NewPrice, {"currency": "eur", "unit_amount": amount, **answers})


async def test_what_is_made_is_in_the_mirror_at_once(desk: Desk, ada: Actor) -> None:
    product_id = await desk.products.create(ada, "form", MUG)
    price_id = await desk.products.add_price(ada, "form", product_id, flat())
    card = await desk.products.product(ada, product_id)
    assert (card.product, card.active, card.on_sale, card.more) == (MUG, True, 1, False)
    assert [price.price.price for price in card.prices] == [price_id]
    assert [found.price for found in await desk.catalog.search(ada, "mug")] == [price_id]


async def test_the_same_wish_in_the_same_form_is_one_product(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    first = await desk.products.create(ada, "form", MUG)
    assert await desk.products.create(ada, "form", MUG) == first
    assert await desk.products.create(ada, "other", MUG) != first
    assert len(sandbox.account.tables["product"]) == 2


async def test_only_what_is_different_is_sent(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    old = MUG.model_copy(update={"metadata": {"a": "1", "b": "2"}})
    product_id = await desk.products.create(ada, "form", old)
    wanted = MUG.model_copy(update={"description": None, "metadata": {"b": "3"}})
    await desk.products.change(ada, "edit", product_id, old, wanted)
    assert posts(sandbox)[-1] == {"description": "", "metadata": {"a": "", "b": "3"}}
    assert (await desk.products.product(ada, product_id)).product == wanted
    before = len(posts(sandbox))
    await desk.products.change(ada, "again", product_id, wanted, wanted)
    assert len(posts(sandbox)) == before


async def test_a_price_is_changed_as_far_as_it_can_be(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    product_id = await desk.products.create(ada, "form", MUG)
    price_id = await desk.products.add_price(ada, "form", product_id, flat(currency_options="usd = 11"))
    data = (await desk.products.price(ada, price_id)).data
    before = PriceEdit.from_stripe(data)
    assert before.currency_options == "usd = 11.00"
    options = "gbp = 9\nusd = 12.00"
    wanted = before.model_copy(update={"nickname": "Old", "tax_behavior": "inclusive", "currency_options": options})
    await desk.products.change_price(ada, "edit", data, wanted)
    sent = posts(sandbox)[-1]
    assert sent.keys() == {"nickname", "tax_behavior", "currency_options", "expand"}
    card = await desk.products.price(ada, price_id)
    assert PriceEdit.from_stripe(card.data) == wanted.model_copy(update={"currency_options": "gbp = 9.00\nusd = 12.00"})
    with pytest.raises(Invalid) as refused:
        await desk.products.change_price(
            ada, "edit", card.data, wanted.model_copy(update={"tax_behavior": "exclusive"})
        )
    assert [problem.where for problem in refused.value.problems] == ["tax_behavior"]


async def test_a_refusal_names_its_field(desk: Desk, ada: Actor) -> None:
    product_id = await desk.products.create(ada, "form", MUG)
    await desk.products.add_price(ada, "form", product_id, flat(lookup_key="mug"))
    with pytest.raises(Invalid) as refused:
        await desk.products.add_price(ada, "other", product_id, flat("11", lookup_key="mug"))
    assert [problem.where for problem in refused.value.problems] == ["lookup_key"]


async def test_nothing_wrong_is_sent(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    period: dict[str, Any] = {"recurring.interval": "year", "recurring.interval_count": 4}
    wrong = flat(billing="custom", **period)
    with pytest.raises(Invalid):
        await desk.products.add_price(ada, "form", "prod_1", wrong)
    with pytest.raises(Invalid):
        await desk.products.create(ada, "form", MUG.model_copy(update={"tax_code": "books"}))
    assert posts(sandbox) == []


async def test_archived_products_and_prices_are_not_offered(desk: Desk, ada: Actor) -> None:
    product_id = await desk.products.create(ada, "form", MUG)
    price_id = await desk.products.add_price(ada, "form", product_id, flat())
    await desk.products.set_price_active(ada, price_id, False)
    assert await desk.catalog.search(ada, "mug") == []
    assert (await desk.products.product(ada, product_id)).on_sale == 0
    await desk.products.set_price_active(ada, price_id, True)
    await desk.products.set_active(ada, product_id, False)
    assert await desk.catalog.search(ada, "mug") == []
    assert [card.id for card in (await desk.products.page(ada, active=False)).products] == [product_id]
    await desk.products.set_active(ada, product_id, True)
    assert [found.price for found in await desk.catalog.search(ada, "mug")] == [price_id]


async def test_products_come_a_page_at_a_time(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    sandbox.seed_catalog(23)
    async for _ in desk.catalog.fill():
        pass
    seen: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = await desk.products.page(ada, after=after)
        seen += [str(card.product.name) for card in page.products]
        after, pages = page.next, pages + 1
    assert (pages, len(seen)) == (3, 23)
    assert seen == sorted(seen, key=str.lower)


async def test_more_prices_than_fit(desk: Desk, ada: Actor) -> None:
    product_id = await desk.products.create(ada, "form", MUG)
    for amount in range(1, 23):
        await desk.products.add_price(ada, f"form {amount}", product_id, flat(str(amount)))
    first, rest = [await desk.products.product(ada, product_id, skip) for skip in (0, 20)]
    assert (len(first.prices), first.more, len(rest.prices), rest.more) == (20, True, 2, False)
    assert first.on_sale == 22
    (glance,) = (await desk.products.page(ada)).products
    assert (len(glance.prices), glance.on_sale) == (3, 22)


async def test_only_editors_write_and_nothing_unknown_is_found(desk: Desk, ada: Actor, guest: Actor) -> None:
    with pytest.raises(NotAllowed):
        await desk.products.create(guest, "form", MUG)
    for asking in (desk.products.product(ada, "prod_none"), desk.products.price(ada, "price_none")):
        with pytest.raises(NotFound, match="/paylink products"):
            await asking


async def test_reading_the_catalog_goes_on_where_it_was_broken_off(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    sandbox.seed_catalog(620)
    assert await desk.catalog.reading() == Progress(0, 0)
    sandbox.faults.add("GET /v1/prices", "status", status=500, times=None)
    with pytest.raises(StripeUnavailable):
        await desk.catalog.fill_once()
    assert await desk.catalog.reading() == Progress(620, 0)
    sandbox.faults.clear()
    before = len(sandbox.requests)
    await desk.catalog.fill_once()
    products = [one for one in list(sandbox.requests)[before:] if one.path == "/v1/products"]
    assert len(products) == 1
    assert await desk.catalog.reading() is None
    await desk.catalog.fill_once()


async def test_reading_anew_takes_what_is_gone_out_of_the_mirror(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    sandbox.seed_catalog(3)
    await desk.catalog.fill_once()
    desk.clock.advance(60)
    for kind in ("price", "product"):
        sandbox.account.tables[kind].remove(next(iter(sandbox.account.tables[kind])))
    async for _ in desk.catalog.fill():
        pass
    assert len(await desk.catalog.search(ada, "")) == 2
    assert len((await desk.products.page(ada)).products) == 2


async def test_a_place_that_stripe_does_not_know_any_more_is_given_up(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    sandbox.seed_catalog(3)
    async with desk.db.begin() as session:
        await cursors.put(session, TEAM, "catalog.products", "500 1.0 prod_gone", 1.0)
    with pytest.raises(Exception, match="No such product"):
        await desk.catalog.fill_once()
    await desk.catalog.fill_once()
    assert len((await desk.products.page(ada)).products) == 3
