"""The catalog, from Slack: looked through, added to, changed, archived, sold."""

import pytest

from bot.errors import StripeUnavailable
from bot.links.new_price import NewPrice
from bot.links.options.fields import build
from storage import cursors
from tests.slack.limits import Json, texts
from tests.slack.office import Office, shown, title

pytestmark = pytest.mark.one_database


def made(office: Office, kind: str) -> Json:
    """What was made last in Stripe."""
    found: Json = list(office.stripe.account.tables[kind].values())[-1]
    return found


def extras(office: Office, price: Json) -> Json:
    return dict(office.stripe.account.price_extras[price["id"]])


async def product(office: Office, name: str = "Team seat", **answers: object) -> Json:
    """Ada makes a product; its view is open."""
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    await office.fill(office.ada, {"Name": name, **answers})
    assert await office.submit(office.ada) == {}
    return made(office, "product")


async def add_price(office: Office, kind: str | None = None, **answers: object) -> dict[str, str]:
    """Ada fills the form of a new price; the errors at its fields."""
    await office.press(office.ada, "Add price")
    if kind:
        await office.fill(office.ada, {"Kind of price": kind})
    for label, answer in answers.items():
        await office.fill(office.ada, {label: answer})
    return await office.submit(office.ada)


async def test_an_empty_catalog_says_what_to_do(office: Office) -> None:
    await office.line(office.ada, "/paylink products")
    assert title(office.ada) == "Products"
    assert "TEST MODE" in shown(office.ada)
    assert "No products yet. Make the first one." in shown(office.ada)


async def test_more_prices_and_the_first_ones_again(office: Office) -> None:
    ada, found = office.ada, await product(office)
    actor = await office.paylink.services.members.actor(ada.id)
    for amount in range(1, 23):
        price = build(NewPrice, {"currency": "eur", "unit_amount": str(amount)})
        await office.paylink.services.products.add_price(actor, f"form {amount}", found["id"], price)
    await office.press(ada, "Back to all products")
    await office.press(ada, "Open")
    assert "First prices" not in shown(ada)
    newest = shown(ada).count(" · EUR")
    await office.press(ada, "More prices")
    assert "More prices" not in shown(ada)
    assert newest + shown(ada).count(" · EUR") == 22
    await office.press(ada, "First prices")
    assert shown(ada).count(" · EUR") == newest


async def test_a_product_is_made_and_shown(office: Office) -> None:
    answers = {
        "Description": "A seat\nfor one",
        "What one of it is called": "seat",
        "Pictures": "https://example.com/a.png\nhttps://example.com/b.png",
        "Tax code": "txcd_10000000",
        "On bank statements": "ACME SEAT",
        "Is it shipped?": "No",
        "Web page": "https://example.com/seat",
        "Metadata": "sku = A-100",
    }
    found = await product(office, **answers)
    assert {name: found[name] for name in ("name", "description", "unit_label", "tax_code", "shippable", "url")} == {
        "name": "Team seat",
        "description": "A seat\nfor one",
        "unit_label": "seat",
        "tax_code": "txcd_10000000",
        "shippable": False,
        "url": "https://example.com/seat",
    }
    assert (found["images"], found["metadata"]) == (
        ["https://example.com/a.png", "https://example.com/b.png"],
        {"sku": "A-100"},
    )
    assert title(office.ada) == "Product"
    for words in ("Team seat", "A seat\nfor one", "Unit", "txcd_10000000", "No price yet. Add one to sell it."):
        assert words in shown(office.ada)


async def test_mistakes_stand_at_their_fields(office: Office) -> None:
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    wrong = {"Name": "Mug", "Tax code": "books", "Pictures": "mug.png", "Web page": "mug"}
    await office.fill(office.ada, wrong)
    errors = await office.submit(office.ada)
    assert "web address" in errors["field:images"]
    await office.fill(office.ada, {"Pictures": None})
    errors = await office.submit(office.ada)
    assert set(errors) == {"field:tax_code", "field:url"}
    assert list(office.stripe.account.tables["product"]) == []


async def test_prices_of_every_kind(office: Office) -> None:
    await product(office, **{"What one of it is called": "seat"})
    flat = {"Currency": "EUR", "Amount for one": "12,50", "Billing": "Every month", "Tax": "Is in the amount"}
    flat |= {"Further currencies": "usd = 13.00\njpy = 1500", "Note for your team": "Standard", "Lookup key": "seat"}
    assert await add_price(office, **flat) == {}
    price = made(office, "price")
    assert (price["unit_amount"], price["currency"], price["tax_behavior"]) == (1250, "eur", "inclusive")
    assert (price["nickname"], price["lookup_key"], price["recurring"]["interval"]) == ("Standard", "seat", "month")
    options = extras(office, price)["currency_options"]
    assert {key: (one["unit_amount"], one["tax_behavior"]) for key, one in options.items()} == {
        "eur": (1250, "inclusive"),
        "usd": (1300, "inclusive"),
        "jpy": (1500, "inclusive"),
    }
    assert "€12.50 every month · EUR\nStandard · lookup key seat · tax is in it" in shown(office.ada)

    package = {"Currency": "EUR", "Amount for a package": "10", "How many in a package": "5"}
    assert await add_price(office, "An amount for a package of several", **package) == {}
    price = made(office, "price")
    assert price["transform_quantity"] == {"divide_by": 5, "round": "up"}
    assert "€10.00 per 5 seats · EUR" in shown(office.ada)

    tiers = {"Tiers": "10 = 9.00\n50 = 8.00 + 20.00 flat\nrest = 0.125", "Billing": "Another period…", "Every": "2"}
    assert await add_price(office, "Tiers: the amount depends on the quantity", Currency="USD", **tiers) == {}
    price = made(office, "price")
    assert (price["tiers_mode"], price["recurring"]["interval_count"]) == ("graduated", 2)
    assert [(tier["up_to"], tier["unit_amount_decimal"]) for tier in extras(office, price)["tiers"]] == [
        (10, "900"),
        (50, "800"),
        (None, "12.5"),
    ]
    assert "from 0.125 USD, graduated every 2 months · USD" in shown(office.ada)
    assert "1–10: US$9.00 each; 11–50: US$8.00 each + US$20.00; from 51: 0.125 USD each" in shown(office.ada)

    chosen = {"Currency": "USD", "At least": "5", "At most": "500", "Suggested": "20"}
    assert await add_price(office, "The customer chooses what to pay", **chosen) == {}
    assert made(office, "price")["custom_unit_amount"] == {"minimum": 500, "maximum": 50000, "preset": 2000}
    assert "customer chooses, US$5–US$500 · USD" in shown(office.ada)


async def test_a_price_that_cannot_be_is_refused_at_its_field(office: Office) -> None:
    await product(office)
    wrong = await add_price(office, "Tiers: the amount depends on the quantity", Tiers="10 = 9.00\n20 = 8.00")
    assert wrong == {
        "field:tiers": "Line 2: the last line, and only that, is for all above: begin it with rest =.",
        "field:billing": "Tiers are for recurring prices: pick how often it is billed.",
    }
    assert list(office.stripe.account.tables["price"]) == []


async def test_what_only_stripe_knows_stands_at_its_field(office: Office) -> None:
    await product(office)
    assert await add_price(office, **{"Amount for one": "10", "Lookup key": "seat"}) == {}
    assert await add_price(office, **{"Amount for one": "11", "Lookup key": "seat"}) == {}
    assert title(office.ada) == "New price"
    modal = office.ada.modal
    assert modal is not None
    blocks = modal["blocks"]
    at = next(place for place, block in enumerate(blocks) if block.get("block_id") == "field:lookup_key")
    assert "already uses that lookup key" in texts(blocks[at + 1])
    await office.fill(office.ada, {"Take the lookup key from the price that has it now": "Yes"})
    assert await office.submit(office.ada) == {}
    assert title(office.ada) == "Product"
    assert [price["lookup_key"] for price in office.stripe.account.tables["price"].values()] == [None, "seat"]


async def test_a_lost_answer_makes_nothing_twice(office: Office) -> None:
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    await office.fill(office.ada, {"Name": "Mug"})
    office.stripe.faults.add("POST /v1/products", "drop_after", times=3)
    assert await office.submit(office.ada) == {}
    assert "Submit this again as it is" in shown(office.ada)
    assert await office.submit(office.ada) == {}
    assert title(office.ada) == "Product"
    assert len(office.stripe.account.tables["product"]) == 1


async def test_another_wish_after_a_lost_answer_makes_no_second_one_unasked(office: Office) -> None:
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    await office.fill(office.ada, {"Name": "Mug"})
    office.stripe.faults.add("POST /v1/products", "drop_after", times=3)
    assert await office.submit(office.ada) == {}
    await office.fill(office.ada, {"Name": "Cup"})
    assert await office.submit(office.ada) == {}
    assert "Look whether it is in the catalog" in shown(office.ada)
    assert [one["name"] for one in office.stripe.account.tables["product"].values()] == ["Mug"]
    await office.press(office.ada, "Back to all products")
    await office.press(office.ada, "Open")
    assert await add_price(office, **{"Amount for one": "10"}) == {}
    await office.press(office.ada, "Add price")
    await office.fill(office.ada, {"Amount for one": "11"})
    office.stripe.faults.add("POST /v1/prices", "drop_after", times=3)
    assert await office.submit(office.ada) == {}
    await office.fill(office.ada, {"Amount for one": "12"})
    assert await office.submit(office.ada) == {}
    assert "Look whether it is in the catalog" in shown(office.ada)
    assert [one["unit_amount"] for one in office.stripe.account.tables["price"].values()] == [1000, 1100]


async def test_products_and_prices_are_changed(office: Office) -> None:
    found = await product(office, Description="Old", Metadata="a = 1\nb = 2")
    await office.press(office.ada, "Edit product")
    await office.fill(office.ada, {"Name": "Seat", "Description": None, "Metadata": "b = 3"})
    assert await office.submit(office.ada) == {}
    found = office.stripe.account.tables["product"][found["id"]]
    assert (found["name"], found["description"], found["metadata"]) == ("Seat", None, {"b": "3"})
    assert "Seat" in shown(office.ada)
    assert await add_price(office, **{"Amount for one": "10", "Note for your team": "Old"}) == {}
    await office.pick(office.ada, "price_menu", "Edit")
    await office.fill(office.ada, {"Note for your team": "New", "Further currencies": "gbp = 9.50"})
    assert await office.submit(office.ada) == {}
    price = made(office, "price")
    assert price["nickname"] == "New"
    assert extras(office, price)["currency_options"]["gbp"]["unit_amount"] == 950
    assert "New · also £9.50" in shown(office.ada)
    await office.pick(office.ada, "price_menu", "Edit")
    await office.fill(office.ada, {"Note for your team": None, "Further currencies": None})
    refused = await office.submit(office.ada)
    assert set(refused) == {"field:nickname", "field:currency_options"}


async def test_what_a_colleague_changed_meanwhile_is_not_put_back(office: Office) -> None:
    ada, grace, found = office.ada, office.grace, await product(office, Description="Old", Metadata="a = 1\nb = 2")
    assert await add_price(office, **{"Amount for one": "10", "Note for your team": "Old"}) == {}
    await office.press(ada, "Edit product")
    await office.line(grace, "/paylink products")
    await office.press(grace, "Open")
    await office.press(grace, "Edit product")
    await office.fill(grace, {"Description": "Hers", "Metadata": "a = 5\nb = 2\nc = 3"})
    assert await office.submit(grace) == {}
    await office.fill(ada, {"Web page": "seat"})
    assert set(await office.submit(ada)) == {"field:url"}
    await office.fill(ada, {"Web page": None, "Name": "Seat", "Metadata": "a = 1\nd = 4"})
    assert await office.submit(ada) == {}
    found = office.stripe.account.tables["product"][found["id"]]
    assert (found["name"], found["description"]) == ("Seat", "Hers")
    assert found["metadata"] == {"a": "5", "c": "3", "d": "4"}

    await office.pick(ada, "price_menu", "Edit")
    await office.pick(grace, "price_menu", "Edit")
    await office.fill(grace, {"Note for your team": "Hers"})
    assert await office.submit(grace) == {}
    await office.fill(ada, {"Lookup key": "seat"})
    assert await office.submit(ada) == {}
    assert (made(office, "price")["nickname"], made(office, "price")["lookup_key"]) == ("Hers", "seat")


async def test_a_form_in_which_nothing_was_changed_sends_nothing(office: Office) -> None:
    await product(office, Description="Old", Metadata="a = 1")
    assert await add_price(office, **{"Amount for one": "10"}) == {}
    written = [request for request in office.stripe.requests if request.method == "POST"]
    await office.press(office.ada, "Edit product")
    assert await office.submit(office.ada) == {}
    await office.pick(office.ada, "price_menu", "Edit")
    assert await office.submit(office.ada) == {}
    assert [request for request in office.stripe.requests if request.method == "POST"] == written


async def test_archived_and_restored(office: Office) -> None:
    found = await product(office)
    assert await add_price(office, **{"Amount for one": "10"}) == {}
    await office.pick(office.ada, "price_menu", "Archive")
    assert "$10.00 · USD · Archived" in shown(office.ada)
    assert made(office, "price")["active"] is False
    await office.pick(office.ada, "price_menu", "Restore")
    assert made(office, "price")["active"] is True
    await office.press(office.ada, "Archive")
    assert office.ada.confirmed[-1]["title"]["text"] == "Archive this product?"
    assert office.stripe.account.tables["product"][found["id"]]["active"] is False
    await office.press(office.ada, "Back to all products")
    assert "No products yet" in shown(office.ada)
    await office.pick(office.ada, "products_filter", "Archived")
    assert "Team seat · Archived\nUS$10.00" in shown(office.ada)
    await office.press(office.ada, "Open")
    await office.press(office.ada, "Restore")
    assert office.stripe.account.tables["product"][found["id"]]["active"] is True


async def test_a_price_is_used_in_a_new_link(office: Office) -> None:
    await product(office)
    assert await add_price(office, **{"Amount for one": "10"}) == {}
    await office.pick(office.ada, "price_menu", "Use in a new link")
    assert title(office.ada) == "New payment link"
    assert "1 × Team seat\nUS$10.00" in shown(office.ada)
    assert await office.submit(office.ada) == {}
    assert title(office.ada) == "Link ready"
    assert "Team seat" in office.card("sales")["text"]


PACKAGE = {"Amount for a package": "10", "How many in a package": "5"}
TIERS = {"Tiers": "10 = 9.00\n50 = 8.00 + 20.00 flat\nrest = 5.00", "Billing": "Every month"}


@pytest.mark.parametrize(
    ("kind", "answers", "quantity", "total", "charged"),
    [
        ("Tiers: the amount depends on the quantity", TIERS, "12", "€126.00 every month", 12_600),
        (
            "An amount for a package of several",
            {"Amount for a package": "10", "How many in a package": "5"},
            "6",
            "€20.00 today",
            2_000,
        ),
        ("The same amount for each", {"Amount for one": "0.125"}, "9", "€1.13 today", 113),
    ],
)
async def test_the_total_in_the_editor_is_what_the_customer_pays(
    office: Office, kind: str, answers: dict[str, str], quantity: str, total: str, charged: int
) -> None:
    await product(office)
    assert await add_price(office, kind, **{"Currency": "EUR", **answers}) == {}
    await office.pick(office.ada, "price_menu", "Use in a new link")
    await office.pick(office.ada, "item_menu", "Edit")
    await office.fill(office.ada, {"Quantity": quantity})
    assert await office.submit(office.ada) == {}
    assert total in shown(office.ada)
    assert await office.submit(office.ada) == {}
    assert total in shown(office.ada)
    session = await office.stripe.pay(office.links[-1]["url"])
    await office.settle()
    assert session["amount_total"] == charged


async def test_where_the_customer_chooses_the_editor_says_so(office: Office) -> None:
    await product(office, "Donation")
    chosen = {"Currency": "EUR", "At least": "5", "At most": "500"}
    assert await add_price(office, "The customer chooses what to pay", **chosen) == {}
    await office.pick(office.ada, "price_menu", "Use in a new link")
    assert "Donation (customer chooses, €5–€500)" in shown(office.ada)


async def test_a_window_closed_meanwhile_is_answered_in_a_message(office: Office) -> None:
    await office.line(office.ada, "/paylink products")
    await office.press(office.ada, "New product")
    await office.fill(office.ada, {"Name": "Mug"})
    office.stripe.faults.add("POST /v1/products", "latency", seconds=0.2)
    assert await office.ada.submit() == {}
    await office.ada.close()
    await office.settle()
    assert "“Mug” is saved" in office.slack.direct_messages("ada")[-1]["text"]


async def test_products_are_searched_a_page_at_a_time(office: Office) -> None:
    office.stripe.seed_catalog(25)
    async for _ in office.paylink.services.catalog.fill():
        pass
    await office.line(office.ada, "/paylink products")
    assert shown(office.ada).count("Open") == 10
    await office.press(office.ada, "Next page")
    await office.press(office.ada, "Next page")
    assert shown(office.ada).count("Open") == 5
    await office.press(office.ada, "First page")
    assert shown(office.ada).count("Open") == 10
    await office.ada.enter("Search", "CONSULTING 20")
    await office.settle()
    assert shown(office.ada).count("Consulting") == 1
    await office.fill(office.ada, {"Search": "no such thing"})
    assert await office.submit(office.ada) == {}
    assert "No product matches." in shown(office.ada)


async def test_the_home_leads_to_the_products(office: Office) -> None:
    await office.ada.open_home()
    await office.settle()
    await office.press(office.ada, "Products", home=True)
    assert title(office.ada) == "Products"


async def test_a_catalog_that_is_still_being_read_says_how_far_it_is(office: Office) -> None:
    office.stripe.seed_catalog(1100)
    office.stripe.faults.add("GET /v1/prices", "status", status=500, times=None)
    async with office.paylink.db.begin() as session:
        await cursors.put(session, office.slack.team.id, "catalog.filled", "", 0)
    with pytest.raises(StripeUnavailable):
        await office.paylink.services.catalog.fill_once()
    await office.line(office.ada, "/paylink products")
    assert "Reading your catalog from Stripe: 1,100 products so far." in shown(office.ada)
    await office.ada.open_home()
    await office.settle()
    assert "1,100 products so far" in str(office.ada.home)
    office.stripe.faults.clear()
    await office.paylink.services.catalog.fill_once()
    await office.ada.open_home()
    await office.settle()
    assert "so far" not in str(office.ada.home)
