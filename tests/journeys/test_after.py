"""What becomes of a payment is told in its thread, once, and its message shows how it stands."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.harness import World
from tests.journeys.steps import (
    TEST_MODE,
    announced,
    buttons,
    card,
    dashboard,
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
    await town.stripe.refund(session["id"], reason="requested_by_customer")
    await town.settle()
    assert said(town) == [
        card(link, "€300.00 in 1 payment"),
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
    assert said(town)[-1] == announced(town, more="Refund on its way: €20.00.")
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


async def test_a_subscription_s_life(town: World) -> None:
    ada = town.slack.person("ada").id
    link = await make_link(town, "Support 49.90 eur/month", "Support plan")
    session = await pay(town, link)
    subscription = session["subscription"]
    about = "Jenny Rosen, jenny.rosen@example.com; Support plan."
    assert set(buttons(town)) == {"Open link", "View in Stripe", "Invoice", "Invoice PDF"}
    assert replied(town) == []

    await town.stripe.renew(subscription)
    await town.settle()
    second = latest_invoice(town)
    paid = f"{TEST_MODE} Renewed: €49.90 for 2027-02-15 to 2027-03-15. Invoice {second['number']}. {about}"
    assert replied(town) == [paid]
    assert "Subscription: renews on 2027-03-15. Last renewal: €49.90 paid" in said(town)[-1]

    await town.stripe.renew(subscription, fails=True)
    await town.settle()
    assert len(replied(town)) == 2
    assert replied(town)[-1].startswith(f"{TEST_MODE} Renewal failed: €49.90. Stripe tries again on ")
    assert replied(town)[-1].endswith(f"{about} <@{ada}>")
    assert "Subscription: a payment is overdue. Last renewal: €49.90 failed" in said(town)[-1]

    await town.stripe.retry(subscription)
    await town.settle()
    third = latest_invoice(town)
    assert replied(town)[2:] == [
        f"{TEST_MODE} Renewed: €49.90 for 2027-03-15 to 2027-04-15. Invoice {third['number']}. {about}"
    ]
    assert "Subscription: renews on 2027-04-15. Last renewal: €49.90 paid" in said(town)[-1]

    await town.stripe.cancel(subscription, at_period_end=True)
    await town.settle()
    await town.stripe.resume(subscription)
    await town.settle()
    await town.stripe.cancel(subscription)
    await town.settle()
    assert replied(town)[3:] == [
        f"{TEST_MODE} The subscription cancels on 2027-04-15. Reason: cancellation requested. {about}",
        f"{TEST_MODE} The subscription is not canceled after all. Renews on 2027-04-15. {about}",
        f"{TEST_MODE} The subscription is canceled. Reason: cancellation requested. {about}",
    ]
    assert "Subscription: canceled on " in said(town)[-1]
    assert len(said(town)) == 2
    assert notified(town) == [ada, ada]


async def test_a_trial_that_ends(town: World) -> None:
    link = await make_link(town, "Support 49.90 eur/month", "Support plan")
    await dashboard(town, f"payment_links/{link['id']}", {"subscription_data": {"trial_period_days": 14}})
    session = await pay(town, link)
    assert "Subscription: free trial until 2027-01-29." in said(town)[-1]
    await town.stripe.trial_will_end(session["subscription"])
    await town.settle()
    await town.stripe.trial_ends(session["subscription"])
    await town.settle()
    assert [one.removeprefix(f"{TEST_MODE} ").partition(".")[0] for one in replied(town)] == [
        "The free trial ends on 2027-01-29",
        "Renewed: €49",
    ]
    assert "Subscription: renews on 2027-" in said(town)[-1]


async def test_a_refund_of_a_renewal_finds_its_subscription(town: World) -> None:
    link = await make_link(town, "Support 49.90 eur/month", "Support plan")
    session = await pay(town, link)
    await town.stripe.renew(session["subscription"])
    await town.settle()
    await town.stripe.refund(latest_invoice(town)["id"], 990)
    await town.settle()
    assert replied(town)[-1].startswith(f"{TEST_MODE} Refunded: €9.90 of a later invoice.")
    assert said(town)[-1].startswith(f"{TEST_MODE} Paid: €49.90.")
    assert "Refunded of later invoices: €9.90." in said(town)[-1]
    await town.stripe.refund(session["id"], 1000)
    await town.settle()
    assert said(town)[-1].startswith(f"{TEST_MODE} Refunded €10.00 of €49.90.")


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


async def test_what_the_account_sells_elsewhere_is_nobody_s_news(town: World) -> None:
    link = await make_link(town, "Support 49.90 eur/month", "Support plan")
    session = await pay(town, link)
    elsewhere = town.stripe.account.tables["checkout.session"][session["id"]]
    elsewhere["payment_link"] = None
    async with town.paylink.db.begin() as database:
        for table in ("payment", "card"):
            await database.execute(text(f"DELETE FROM {table}"))
    await town.stripe.renew(session["subscription"])
    await town.stripe.refund(session["id"], 100)
    await town.settle()
    async with town.paylink.db.read() as database:
        query = text("SELECT type, state, reason FROM stripe_event WHERE type IN ('invoice.paid', 'refund.created')")
        ended = {(*row,) for row in await database.execute(query)}
    assert ("refund.created", "ignored", "a checkout without a payment link") in ended
    assert ("invoice.paid", "ignored", "a checkout without a payment link") in ended
    assert replied(town) == []


def latest_invoice(town: World) -> Json:
    """The account's last invoice."""
    return list(town.stripe.account.tables["invoice"].values())[-1]
