"""A subscription's life is told in the thread of its first payment, whose message shows how it stands."""

from typing import Any

from sqlalchemy import text

from tests.harness import World
from tests.journeys.steps import TEST_MODE, buttons, dashboard, make_link, notified, pay, replied, said

Json = dict[str, Any]


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
