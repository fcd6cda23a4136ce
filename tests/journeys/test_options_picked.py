"""Options that name things of Stripe's: prices, shipping rates and connected accounts, picked by people."""

from tests.harness import World
from tests.journeys.steps import Json, dashboard, links, screen, submit, title, write_link
from tests.slack.limits import texts
from tests.slack.office import row

POSTER = "Poster 25 eur"


async def price(town: World, name: str, **params: object) -> str:
    """Somebody puts a price into the catalog."""
    given = {"currency": "eur", "unit_amount": 900, "product_data": {"name": name}, **params}
    return str((await dashboard(town, "prices", given))["id"])


async def rate(town: World, name: str, amount: int = 500, currency: str = "eur") -> str:
    """Somebody makes a shipping rate."""
    given = {"display_name": name, "type": "fixed_amount", "fixed_amount": {"amount": amount, "currency": currency}}
    return str((await dashboard(town, "shipping_rates", given))["id"])


async def add(town: World, option: str, line: str = POSTER) -> None:
    """Ada writes the line, unless she did, and opens an option's form."""
    ada = town.slack.person("ada")
    if ada.modal is None:
        await write_link(town, line)
    await ada.pick("Add an option…", option)
    await town.settle()


async def fill(town: World, *steps: Json) -> None:
    for answers in steps:
        await town.slack.person("ada").fill(answers)
        await town.settle()


async def change(town: World, option: str, entry: str = "Change") -> None:
    ada = town.slack.person("ada")
    await ada.pick("option_menu", entry, block=row(ada, option, "option_menu"))
    await town.settle()


async def make(town: World) -> Json:
    """Ada creates the link."""
    ada = town.slack.person("ada")
    assert await submit(town, ada) == "Link ready", screen(ada)
    await ada.close(clear=True)
    return links(town)[-1]


async def test_optional_items_are_picked_from_the_catalog(town: World) -> None:
    frame, dollars = await price(town, "Frame"), await price(town, "Crate", currency="usd")
    ada = town.slack.person("ada")
    await add(town, "Optional items")
    offered = [option["value"] for option in await ada.search("Item 1: price", "")]
    assert (frame in offered, dollars in offered) == (True, False)
    await fill(town, {"Item 1: price": "Frame"}, {"Item 1: the customer can change how many": ["Yes"]})
    await fill(town, {"Item 1: how many": "2", "Item 1: at most": "1"})
    assert list((await ada.submit()).values()) == ["The quantity is 2: write a maximum of 2 or more."]
    await fill(town, {"Item 1: at most": "5"})
    assert await submit(town, ada) == "New payment link"
    assert "Customers can add Frame" in texts(ada.modal)
    link = await make(town)
    adjustable = {"enabled": True, "maximum": 5, "minimum": 0}
    assert link["optional_items"] == [{"adjustable_quantity": adjustable, "price": frame, "quantity": 2}]
    await ada.press("Edit", channel="sales")
    await town.settle()
    assert "Customers can add Frame" in texts(ada.modal)
    await change(town, "Optional items")
    assert "Frame · €9.00" in texts(ada.modal)
    await fill(town, {"Item 1: price": "No item"})
    assert list((await ada.submit()).values()) == ["Pick an item, or remove this option."]


async def test_a_recurring_optional_item_needs_a_subscription(town: World) -> None:
    await price(town, "Insurance", recurring={"interval": "month"})
    await add(town, "Optional items")
    await fill(town, {"Item 1: price": "Insurance"})
    said = (await town.slack.person("ada").submit()).values()
    assert list(said) == ["Insurance recurs: add a recurring item to the link, or pick a one-time price."]


async def test_shipping_rates_need_countries_and_are_picked(town: World) -> None:
    standard, dollars = await rate(town, "Standard"), await rate(town, "By air", currency="usd")
    ada = town.slack.person("ada")
    await add(town, "Shipping rates")
    assert "Needs the countries you ship to: add Shipping address first." in texts(ada.modal)
    await ada.close()
    await add(town, "Shipping address")
    await fill(town, {"Countries you ship to": ["Germany"]})
    await submit(town, ada)
    await add(town, "Shipping rates")
    assert [option["value"] for option in await ada.search("Rates", "")] == [standard]
    await fill(town, {"Rates": ["Standard"]})
    assert await submit(town, ada) == "New payment link"
    assert "Standard · €5.00" in texts(ada.modal)
    assert "€25.00 today, plus shipping" in texts(ada.modal)
    link = await make(town)
    assert link["shipping_options"] == [{"shipping_amount": 500, "shipping_rate": standard}]
    assert dollars not in str(link)


async def test_a_shipping_rate_is_made_on_the_spot(town: World) -> None:
    await rate(town, "Standard")
    ada = town.slack.person("ada")
    await add(town, "Shipping address")
    await fill(town, {"Countries you ship to": ["Germany"]})
    await submit(town, ada)
    await add(town, "Shipping rates")
    await ada.press("New shipping rate…")
    await town.settle()
    await ada.press("Back to the rates")
    await town.settle()
    assert title(ada) == "Shipping rates"
    await fill(town, {"Rates": ["Standard"]})
    await ada.press("New shipping rate…")
    await town.settle()
    assert title(ada) == "New shipping rate"
    await ada.press("Back to the rates")
    await town.settle()
    assert "Standard · €5.00" in texts(ada.modal)
    await ada.press("New shipping rate…")
    await town.settle()
    await fill(town, {"Name": "Express", "Price of shipping": "12,50", "Tax": "Is in the price"})
    await fill(town, {"Arrives after, at the soonest": "3", "Arrives after, at the latest": "1"})
    assert list((await ada.submit()).values()) == ["It can't be there at the latest before the soonest."]
    await fill(town, {"Arrives after, at the soonest": "1", "Arrives after, at the latest": "2"})
    town.stripe.faults.add("POST /v1/shipping_rates", "status", status=400)
    assert await submit(town, ada) == "New shipping rate"
    assert "No rate was made: change it and submit again." in texts(ada.modal)
    town.stripe.faults.add("POST /v1/shipping_rates", "drop_after", times=3)
    assert await submit(town, ada) == "New shipping rate"
    assert "nothing is made twice" in texts(ada.modal)
    assert await submit(town, ada) == "Shipping rates"
    assert "Express · €12.50 · 1 to 2 working days" in texts(ada.modal)
    assert await submit(town, ada) == "New payment link"
    link = await make(town)
    assert [option["shipping_amount"] for option in link["shipping_options"]] == [500, 1250]
    made = [one for one in town.stripe.account.tables["shipping_rate"].values() if one["display_name"] == "Express"]
    assert [(one["tax_behavior"], one["fixed_amount"]) for one in made] == [
        ("inclusive", {"amount": 1250, "currency": "eur"})
    ]


async def test_managed_payments_are_for_new_links_only(town: World) -> None:
    ada = town.slack.person("ada")
    await add(town, "Managed payments")
    await add(town, "Tax")
    assert await submit(town, ada) == "New payment link"
    assert "Stripe sees to this itself here: remove Tax." in texts(ada.modal)
    await ada.press("Remove", block=row(ada, "Tax", "remove_option"))
    await town.settle()
    assert (await make(town))["managed_payments"] == {"enabled": True}


async def test_connect_is_offered_where_the_deployment_says_so(town: World) -> None:
    ada = await write_link(town, POSTER)
    offered = texts([block for block in ada.modal["blocks"] if "add_option" in str(block)]) if ada.modal else ""
    assert "Optional items" in offered
    assert "Connect" not in offered.split("\n")


async def test_a_fee_and_a_connected_account(platform: World) -> None:
    ada = platform.slack.person("ada")
    await add(platform, "Connect")
    await fill(platform, {"Your fee, as an amount": "2.50"})
    assert list((await ada.submit()).values()) == ["Write the connected account that gets the rest of the money."]
    await fill(platform, {"Connected account that gets the money": "acct_gallery", "Your fee, in percent": "3"})
    said = list((await ada.submit()).values())
    assert said == ["A percentage needs a recurring item: write an amount instead."]
    await fill(platform, {"Your fee, in percent": None})
    assert await submit(platform, ada) == "New payment link"
    assert "The money goes to acct_gallery, fee €2.50" in texts(ada.modal)
    await add(platform, "Tax")
    await fill(platform, {"Who is liable for the tax": "A connected account"}, {"Connected account": "acct_nobody"})
    await submit(platform, ada)
    assert await submit(platform, ada) == "New payment link"
    assert "To do: No such account: 'acct_nobody'" in texts(ada.modal)
    await change(platform, "Tax")
    await fill(platform, {"Connected account": "acct_gallery"})
    await submit(platform, ada)
    link = await make(platform)
    assert (link["application_fee_amount"], link["transfer_data"]["destination"]) == (250, "acct_gallery")
    assert link["automatic_tax"]["liability"] == {"type": "account", "account": "acct_gallery"}
    await ada.press("Edit", channel="sales")
    await platform.settle()
    await change(platform, "Tax", "Remove")
    await change(platform, "Connect", "Remove")
    await submit(platform, ada)
    changed = links(platform)[-1]
    assert (changed["application_fee_amount"], changed["transfer_data"]) == (None, None)
    assert changed["automatic_tax"]["enabled"] is False
