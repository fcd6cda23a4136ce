"""From the line typed to the money announced."""

import pytest

from bot.sandbox.stripe.checkout.errors import Declined
from tests.harness import World
from tests.journeys.steps import (
    announced,
    buttons,
    card,
    channel,
    dashboard,
    links,
    make_link,
    notified,
    pay,
    said,
    told,
)


async def test_from_the_line_to_the_money(town: World) -> None:
    link = await make_link(town, name="October")
    assert said(town) == [card(link, name="October")]
    assert notified(town) == []

    await pay(town, link, name="Margaret Hamilton", email="margaret@apollo.example")
    payment = announced(town, name="October", customer="Margaret Hamilton, margaret@apollo.example")
    assert said(town) == [card(link, "€300.00 in 1 payment", "October"), payment]
    assert notified(town) == [town.slack.person("ada").id]
    assert [told(town, person) for person in ("ada", "grace", "linus")] == [[], [], []]
    assert (said(town, "general"), said(town, "payments")) == ([], [])


async def test_every_payment_is_a_message_and_the_card_counts_them(town: World) -> None:
    link = await make_link(town)
    for _ in range(3):
        await pay(town, link)
    assert said(town) == [card(link, "€900.00 in 3 payments"), *[announced(town)] * 3]
    assert notified(town) == [town.slack.person("ada").id] * 3


async def test_what_the_customer_answered_and_chose_is_told(town: World) -> None:
    link = await make_link(town)
    fields = [
        {"key": "seat", "label": {"type": "custom", "custom": "Seat"}, "type": "text"},
        {
            "key": "meal",
            "label": {"type": "custom", "custom": "Meal & drink"},
            "type": "dropdown",
            "dropdown": {"options": [{"label": "Fish <raw>", "value": "fish"}, {"label": "None", "value": "none"}]},
        },
    ]
    await dashboard(town, f"payment_links/{link['id']}", {"custom_fields": fields})
    link = {**link, "url": f"{link['url']}?client_reference_id=order_42"}
    await pay(town, link, custom_fields={"seat": "<!channel> *A1*", "meal": "fish"})
    more = "Seat: &lt;!channel&gt; *A1*. Meal &amp; drink: Fish &lt;raw&gt;. Reference: order_42."
    assert said(town)[-1] == announced(town, more=more)
    assert notified(town) == [town.slack.person("ada").id]


async def test_a_subscription_and_a_one_off_together(town: World) -> None:
    link = await make_link(town, "2 x Consulting 150 eur; Support 49.90 eur/month")
    await pay(town, link)
    (invoice,) = town.stripe.account.tables["invoice"].values()
    items = "2 × Consulting, €150.00 each, €300.00 in all; 1 × Support, €49.90 every month"
    total = "€349.90 today, then €49.90 every month"
    name, sold = "Consulting, Support", "2 × Consulting: €300.00; 1 × Support: €49.90"
    more = f"Invoice: {invoice['number']}. Subscription: renews on 2027-02-15."
    assert said(town) == [
        card(link, "€349.90 in 1 payment", name, items, total),
        announced(town, amount="€349.90", name=name, items=sold, more=more),
    ]
    assert set(buttons(town)) == {"Open link", "View in Stripe", "Invoice", "Invoice PDF"}


async def test_payments_are_announced_in_the_channel_that_was_chosen(town: World) -> None:
    ada = town.slack.person("ada")
    await ada.command("/paylink 2 x Consulting 150 eur", "sales")
    await town.settle()
    await ada.fill({"Channel": "payments"})
    await ada.submit()
    await town.settle()
    (link,) = links(town)
    assert link["metadata"]["paylink_channel"] == channel(town, "payments")
    await pay(town, link)
    assert said(town, "payments") == [card(link, "€300.00 in 1 payment"), announced(town)]
    assert said(town) == []


async def test_a_declined_card_is_nobodys_business(town: World) -> None:
    link = await make_link(town)
    with pytest.raises(Declined):
        await town.stripe.pay(link["url"], card="4000000000000002")
    await town.settle()
    assert said(town) == [card(link)]
    assert notified(town) == []


async def test_a_shared_card_counts_too(town: World) -> None:
    link = await make_link(town)
    ada = town.slack.person("ada")
    await ada.press("Share", channel="sales")
    await town.settle()
    await ada.fill({"Share with": "general", "Note": "For Globex."})
    await ada.submit()
    await town.settle()
    await pay(town, link)
    assert said(town, "general") == [card(link, "€300.00 in 1 payment").replace(" Items:", " For Globex. Items:")]
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
