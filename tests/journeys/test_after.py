"""What becomes of a payment is told in its thread, once, and its message shows how it stands."""

from typing import Any

import pytest

from tests.harness import World
from tests.journeys.steps import (
    TEST_MODE,
    announced,
    buttons,
    card,
    deliver,
    events,
    make_link,
    notified,
    pay,
    replied,
    said,
    screen,
    title,
)

Json = dict[str, Any]

OF = "Jenny Rosen, jenny.rosen@example.com; Consulting."


def reply(words: str, more: str = "") -> str:
    return " ".join(part for part in (TEST_MODE, words, OF, more) if part)


async def test_refunds_in_part_and_in_full(town: World) -> None:
    link = await make_link(town)
    session = await pay(town, link)
    assert buttons(town)["Receipt"].startswith(town.stripe.url)
    await town.stripe.refund(session["id"], 2000)
    await town.settle()
    assert said(town)[-1] == announced(town, amount="").replace("Paid: .", "Refunded €20.00 of €300.00.")
    assert said(town)[0] == card(link, "€300.00 in 1 payment, €20.00 refunded")
    await town.stripe.refund(session["id"], reason="requested_by_customer")
    await town.settle()
    assert said(town) == [
        card(link, "€300.00 in 1 payment, €300.00 refunded"),
        announced(town, state="Refunded"),
    ]
    assert replied(town) == [
        reply("Refunded: €20.00 of €300.00."),
        reply("Refunded: €280.00 of €300.00. €300.00 in all."),
    ]
    assert notified(town) == [town.slack.person("ada").id]


async def test_a_refund_to_a_bank_that_fails_is_told_to_the_rep(town: World) -> None:
    link = await make_link(town)
    session = await pay(town, link, method="bank_debit")
    await town.stripe.settle(session["id"])
    await town.settle()
    refund = await town.stripe.refund(session["id"], 2000)
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town, more="Refund on its way: €20.00.")]
    await town.stripe.fail_refund(refund["id"])
    await town.settle()
    assert said(town)[-1] == announced(town, more="Refund failed: €20.00 (expired or canceled card).")
    ada = town.slack.person("ada").id
    assert replied(town) == [
        reply("Refund on its way: €20.00 of €300.00. It can take a few days to arrive."),
        reply(
            "Refund failed: €20.00 of €300.00. Reason: expired or canceled card. "
            "The money is back in your Stripe balance: give it back another way.",
            f"<@{ada}>",
        ),
    ]
    assert notified(town) == [ada, ada]


async def test_events_told_again_and_backwards_change_nothing(town: World) -> None:
    link = await make_link(town)
    session = await pay(town, link)
    await town.stripe.refund(session["id"], 2000)
    await town.settle()
    before = said(town), replied(town)
    for event in reversed([*events(town, "checkout.session"), *events(town, "refund.")]):
        await deliver(town, event)
        await town.settle()
    assert (said(town), replied(town)) == before
    assert len(replied(town)) == 1


async def test_a_refund_whose_payment_was_never_told_of_brings_it_along(town: World) -> None:
    link = await make_link(town)
    town.stripe.webhooks.hold = True
    session = await town.stripe.pay(link["url"])
    await town.stripe.refund(session["id"], 2000)
    for event in events(town, "refund.created"):
        await deliver(town, event)
        await town.settle()
    assert len(said(town)) == 2
    assert said(town)[-1].startswith(f"{TEST_MODE} Refunded €20.00 of €300.00.")
    assert replied(town) == [reply("Refunded: €20.00 of €300.00.")]


async def test_a_channel_chooses_what_it_hears(town: World) -> None:
    ada = town.slack.person("ada")
    link = await make_link(town)
    session = await pay(town, link)
    await ada.command("/paylink notify", "sales")
    await town.settle()
    assert title(ada) == "Notices"
    await ada.fill({"Where": ["Also send to the channel"]})
    assert await ada.submit() == {}
    await town.stripe.refund(session["id"], 2000)
    await town.settle()
    told = reply("Refunded: €20.00 of €300.00.")
    assert said(town)[-1] == told
    assert replied(town) == [told]

    await ada.press("Notices", channel="sales")
    await town.settle()
    assert "Refunds" in screen(ada)
    await ada.fill({"Tell of": ["Disputes", "Failed renewals"], "Where": []})
    assert await ada.submit() == {}
    await town.stripe.refund(session["id"], 1000)
    await town.settle()
    assert replied(town) == [told]
    assert said(town)[1].startswith(f"{TEST_MODE} Refunded €30.00 of €300.00.")


@pytest.mark.parametrize("channel", ["sales", "general"])
async def test_a_choice_is_one_channel_s_own(town: World, channel: str) -> None:
    ada = town.slack.person("ada")
    await ada.command("/paylink notify", channel)
    await town.settle()
    await ada.fill({"Tell of": []})
    assert await ada.submit() == {}
    session = await pay(town, await make_link(town))
    await town.stripe.refund(session["id"])
    await town.settle()
    assert len(replied(town)) == (0 if channel == "sales" else 1)


@pytest.mark.parametrize("won", [True, False])
async def test_a_dispute_to_its_end(town: World, won: bool) -> None:
    ada = town.slack.person("ada").id
    session = await pay(town, await make_link(town))
    dispute = await town.stripe.dispute(session["id"])
    await town.settle()
    assert said(town)[-1].startswith(f"{TEST_MODE} Disputed: €300.00.")
    assert "Dispute: €300.00, fraudulent; respond by " in said(town)[-1]
    await town.stripe.submit_evidence(dispute["id"])
    await town.settle()
    assert "Dispute: €300.00, fraudulent; answered, the bank decides." in said(town)[-1]
    await town.stripe.close_dispute(dispute["id"], won=won)
    await town.settle()
    told = [one.removeprefix(f"{TEST_MODE} ").partition(".00")[0] for one in replied(town)]
    lost = ["Dispute lost: €300"]
    gained = ["Dispute won: €300", "Stripe put €300"]
    opened = ["Disputed: €300", "Stripe took €300", "Evidence sent for the dispute of €300"]
    assert sorted(told) == sorted([*opened, *(gained if won else lost)])
    title = "Paid" if won else "Dispute lost"
    assert said(town)[-1].startswith(f"{TEST_MODE} {title}: €300.00.")
    assert notified(town) == [ada, ada]


async def test_an_inquiry_that_becomes_a_dispute(town: World) -> None:
    session = await pay(town, await make_link(town))
    inquiry = await town.stripe.dispute(session["id"], inquiry=True)
    await town.settle()
    assert said(town)[-1].startswith(f"{TEST_MODE} Inquiry about €300.00.")
    await town.stripe.escalate_inquiry(inquiry["id"])
    await town.settle()
    assert said(town)[-1].startswith(f"{TEST_MODE} Disputed: €300.00.")
    assert replied(town)[0].startswith(f"{TEST_MODE} The customer's bank asks about €300.00, fraudulent.")
    assert any(one.startswith(f"{TEST_MODE} Disputed: €300.00, fraudulent.") for one in replied(town)[1:])
