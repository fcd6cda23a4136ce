"""What Stripe refuses comes back to the person, where it belongs, with nothing lost."""

from tests.harness import World
from tests.journeys.steps import (
    Json,
    card,
    dashboard,
    links,
    make_link,
    said,
    screen,
    submit,
    title,
    told,
    write_link,
)
from tests.slack.limits import texts
from tests.slack.office import row

CREATE = "POST /v1/payment_links"


async def test_an_archived_price_is_replaced(town: World) -> None:
    product = await dashboard(town, "products", {"name": "Teapot"})
    price = await dashboard(town, "prices", {"product": product["id"], "currency": "eur", "unit_amount": 2500})
    ada = await write_link(town, name="Offer")
    await ada.press("Add item")
    await town.settle()
    await ada.pick("What is it?", "From the catalog")
    await town.settle()
    await ada.fill({"Price": "Teapot"})
    assert await submit(town, ada) == "New payment link"
    await dashboard(town, f"prices/{price['id']}", {"active": False})

    assert await submit(town, ada) == "New payment link"
    assert "To do: The price specified is inactive. This field only accepts active prices." in texts(ada.modal)
    assert links(town) == []
    await ada.pick("item_menu", "Remove", block=row(ada, "Teapot"))
    await town.settle()
    assert await submit(town, ada) == "Link ready"
    (link,) = links(town)
    assert said(town) == [card(link, name="Offer")]


async def test_too_little_is_said_at_the_item_and_mended_there(town: World) -> None:
    ada = await write_link(town, "Sticker 0.10 eur", name="Stickers")
    assert await submit(town, ada) == "New payment link"
    assert "To do: The Checkout Session's total amount due must add up to at least 0.50 eur." in texts(ada.modal)
    assert links(town) == []
    await ada.pick("item_menu", "Edit", block=row(ada, "Sticker"))
    await town.settle()
    await ada.fill({"Amount for one": "1.50"})
    await submit(town, ada)
    assert await submit(town, ada) == "Link ready"
    (link,) = links(town)
    assert said(town) == [card(link, name="Stickers", items="1 × Sticker, €1.50", total="€1.50 today")]


async def test_a_refusal_after_an_outage_is_told_in_a_message(town: World) -> None:
    product = await dashboard(town, "products", {"name": "Teapot"})
    price = await dashboard(town, "prices", {"product": product["id"], "currency": "eur", "unit_amount": 2500})
    ada = await write_link(town, name="Tea & <cake>")
    await ada.press("Add item")
    await town.settle()
    await ada.pick("What is it?", "From the catalog")
    await town.settle()
    await ada.fill({"Price": "Teapot"})
    await submit(town, ada)
    town.stripe.faults.add(CREATE, "drop_before", times=3)
    assert await submit(town, ada) == "Payment link"
    await ada.close(clear=True)
    await dashboard(town, f"prices/{price['id']}", {"active": False})

    town.clock.advance(15)
    assert await town.paylink.services.links.resume() == 0
    (message,) = told(town)
    assert message.startswith("Your payment link “Tea &amp; &lt;cake&gt;” couldn't be made: ")
    assert message.endswith(" Type /paylink to go on with it.")
    assert said(town) == []
    assert await town.paylink.services.links.resume() == 0
    assert len(told(town)) == 1

    await ada.command("/paylink", "sales")
    await town.settle()
    await ada.press("Continue")
    await town.settle()
    await ada.pick("item_menu", "Remove", block=row(ada, "Teapot"))
    await town.settle()
    assert await submit(town, ada) == "Link ready"
    assert len(links(town)) == 1


async def test_a_refused_edit_after_an_outage_is_told_too(town: World) -> None:
    link = await make_link(town)
    ada = town.slack.person("ada")
    await ada.press("Edit", channel="sales")
    await town.settle()
    await ada.fill({"Name": "Better"})
    town.stripe.faults.add(f"{CREATE}/*", "drop_before", times=3)
    assert await submit(town, ada) == "Payment link"
    await ada.close(clear=True)
    town.stripe.faults.add(f"{CREATE}/*", "status", status=400, body=refusal("No such thing."))
    town.clock.advance(15)
    assert await town.paylink.services.links.resume() == 0
    assert told(town) == [
        "Your changes to the payment link “Better” couldn't be made: No such thing. The link is as it was."
    ]
    assert said(town) == [card(link)]


async def test_slack_down_when_a_refusal_is_to_be_told_keeps_the_draft(town: World) -> None:
    ada = await write_link(town)
    town.stripe.faults.add(CREATE, "drop_before", times=3)
    await submit(town, ada)
    await ada.close(clear=True)
    town.stripe.faults.add(CREATE, "status", status=400, body=refusal("No."))
    town.slack.faults.add("POST /api/*", "status", status=503)
    town.clock.advance(15)
    assert await town.paylink.services.links.resume() == 0
    assert told(town) == []
    await ada.command("/paylink", "sales")
    await town.settle()
    assert title(ada) != "Payment link"
    assert "You have an unfinished link" in screen(ada)


def refusal(message: str) -> Json:
    """An error as Stripe answers it."""
    return {"error": {"type": "invalid_request_error", "message": message}}
