"""What is changed in Stripe's Dashboard, or by Stripe itself, shows in Slack."""

import pytest

from tests.harness import World
from tests.journeys.steps import (
    announced,
    card,
    dashboard,
    deliver,
    events,
    make_link,
    pay,
    said,
    screen,
    submit,
    write_link,
)


async def test_a_link_that_had_all_its_payments_is_off(town: World) -> None:
    ada = await write_link(town)
    await ada.pick("Add an option…", "Limit on payments")
    await town.settle()
    await ada.fill({"Number of payments": "2"})
    await submit(town, ada)
    await submit(town, ada)
    (link,) = town.stripe.payment_links.values()
    await pay(town, link)
    assert said(town)[0] == card(link, "€300.00 in 1 payment")
    await pay(town, link)
    assert said(town) == [card(link, "€600.00 in 2 payments", active=False), *[announced(town)] * 2]


async def test_off_and_on_again(town: World) -> None:
    link = await make_link(town)
    await dashboard(town, f"payment_links/{link['id']}", {"active": False})
    assert said(town) == [card(link, active=False)]
    await dashboard(town, f"payment_links/{link['id']}", {"active": True})
    assert said(town) == [card(link)]


@pytest.mark.parametrize("backwards", [False, True])
async def test_off_and_on_within_a_second(town: World, backwards: bool) -> None:
    link = await make_link(town)
    town.stripe.webhooks.hold = True
    for active in (False, True, False):
        await dashboard(town, f"payment_links/{link['id']}", {"active": active})
    changes = events(town, "payment_link.updated")
    assert len({change["created"] for change in changes}) == 1
    for change in reversed(changes) if backwards else changes:
        await deliver(town, change)
    await town.settle()
    assert said(town) == [card(link, active=False)]


async def test_a_new_name_and_a_new_quantity(town: World) -> None:
    link = await make_link(town)
    (item,) = town.stripe.account.line_items[link["id"]]
    changes = {"metadata": {"paylink_name": "Spring <!here>"}, "line_items": [{"id": item["id"], "quantity": 3}]}
    await dashboard(town, f"payment_links/{link['id']}", changes)
    items = "3 × Consulting, €150.00 each, €450.00 in all"
    assert said(town) == [card(link, name="Spring &lt;!here&gt;", items=items, total="€450.00 today")]
    assert town.slack.notified == []


async def test_turned_off_in_slack_while_somebody_changes_it_in_the_dashboard(town: World) -> None:
    link = await make_link(town)
    ada = town.slack.person("ada")
    town.stripe.webhooks.hold = True
    await dashboard(town, f"payment_links/{link['id']}", {"metadata": {"paylink_name": "Renamed"}})
    await ada.press("Turn off", channel="sales")
    await town.settle()
    assert said(town) == [card(link, name="Renamed", active=False)]
    town.stripe.webhooks.release(shuffle=True)
    await town.settle()
    assert said(town) == [card(link, name="Renamed", active=False)]


async def test_the_picker_follows_products_and_prices(town: World) -> None:
    product = await dashboard(town, "products", {"name": "Teapot"})
    price = await dashboard(town, "prices", {"product": product["id"], "currency": "eur", "unit_amount": 2500})
    assert await offered(town) == ["Teapot · €25.00 · EUR"]
    second = {"product": product["id"], "currency": "gbp", "unit_amount": 4000, "recurring": {"interval": "month"}}
    await dashboard(town, "prices", second)
    assert await offered(town) == ["Teapot · £40.00 every month · GBP", "Teapot · €25.00 · EUR"]
    await dashboard(town, f"products/{product['id']}", {"name": "Kettle"})
    assert await offered(town) == ["Kettle · £40.00 every month · GBP", "Kettle · €25.00 · EUR"]
    await dashboard(town, f"prices/{price['id']}", {"active": False})
    assert await offered(town) == ["Kettle · £40.00 every month · GBP"]
    await dashboard(town, f"products/{product['id']}", {"active": False})
    assert await offered(town) == []


async def test_the_picker_follows_whatever_order_the_events_come_in(town: World) -> None:
    town.stripe.webhooks.hold, town.stripe.webhooks.copies = True, 2
    product = await dashboard(town, "products", {"name": "Teapot"})
    for amount in (100, 200, 300):
        await dashboard(town, "prices", {"product": product["id"], "currency": "eur", "unit_amount": amount})
    await dashboard(town, f"products/{product['id']}", {"name": "Kettle"})
    town.stripe.webhooks.release(shuffle=True)
    await town.settle()
    assert await offered(town) == ["Kettle · €1.00 · EUR", "Kettle · €2.00 · EUR", "Kettle · €3.00 · EUR"]


async def offered(town: World) -> list[str]:
    """What Ada is offered from the catalog, in alphabetical order."""
    ada = town.slack.person("ada")
    await ada.command("/paylink", "sales")
    await town.settle()
    await ada.press("Add item")
    await town.settle()
    await ada.pick("What is it?", "From the catalog")
    await town.settle()
    options = await ada.search("Price", "")
    assert "Price" in screen(ada)
    await ada.close(clear=True)
    await town.settle()
    return sorted(option["text"]["text"] for option in options)
