"""Subscriptions as time goes by: trials, renewals, failed payments, cancellations."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.billing.periods import period_end
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.conftest import NOW

DAY = 86_400


class Watch:
    """A subscription to something monthly, and what is told of it from now on."""

    def __init__(self, sandbox: StripeSandbox, session: JSON) -> None:
        self.sandbox, self.session, self.id = sandbox, session, session["subscription"]
        self._seen = len(sandbox.events)

    @property
    def live(self) -> JSON:
        return self.sandbox.account.tables["subscription"][self.id]

    @property
    def invoice(self) -> JSON:
        return self.sandbox.account.tables["invoice"][self.live["latest_invoice"]]

    @property
    def period(self) -> tuple[int, int]:
        (item,) = self.live["items"]["data"]
        return item["current_period_start"], item["current_period_end"]

    def told(self) -> list[str]:
        """The types of the events since the last look."""
        types = [event["type"] for event in self.sandbox.events.values()][self._seen :]
        self._seen = len(self.sandbox.events)
        return types


async def subscribed(sandbox: StripeSandbox, *items: JSON, answers: JSON | None = None, **options: Any) -> Watch:
    link = await Raw(sandbox).link(*(items or (MONTHLY,)), **options)
    return Watch(sandbox, await sandbox.pay(link["url"], **(answers or {})))


async def test_the_first_payment(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link(MONTHLY, ONE_OFF, subscription_data={"metadata": {"a": "b"}})
    before = len(sandbox.events)
    session = await sandbox.pay(link["url"])
    assert [event["type"] for event in sandbox.events.values()][before:] == [
        "payment_intent.created",
        "customer.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.created",
        "customer.subscription.created",
        "invoice.finalized",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
        "checkout.session.completed",
    ]
    invoice = await sdk.v1.invoices.retrieve_async(session["invoice"], {"expand": ["payments"]})
    assert (invoice.billing_reason, invoice.status, invoice.amount_paid) == ("subscription_create", "paid", 6990)
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.metadata is not None
    assert invoice.parent.subscription_details.metadata.to_dict() == {"a": "b"}
    kinds = [line.parent and line.parent.type for line in invoice.lines.data]
    assert kinds == ["subscription_item_details", "invoice_item_details"]
    assert invoice.payments is not None
    paid_by: Any = {"type": "payment_intent", "payment_intent": str(invoice.payments.data[0].payment.payment_intent)}
    found = await sdk.v1.invoice_payments.list_async({"payment": paid_by})
    assert [payment.invoice for payment in found.data] == [invoice.id]
    sessions = await sdk.v1.checkout.sessions.list_async({"subscription": session["subscription"]})
    assert [item.id for item in sessions.data] == [session["id"]]


async def test_a_renewal(sandbox: StripeSandbox) -> None:
    watch = await subscribed(sandbox)
    first, period = watch.invoice, watch.period
    await sandbox.renew(watch.id)
    assert watch.told() == [
        "invoice.created",
        "customer.subscription.updated",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
    ]
    assert watch.period == (period[1], period_end(period[1], {"interval": "month", "interval_count": 1}))
    assert watch.invoice["id"] != first["id"]
    assert (watch.invoice["billing_reason"], watch.invoice["amount_paid"]) == ("subscription_cycle", 4990)
    assert (watch.invoice["period_start"], watch.invoice["period_end"]) == period
    (line,) = watch.invoice["lines"]["data"]
    assert (line["period"]["start"], line["period"]["end"]) == watch.period
    assert [one["number"][-5:] for one in (first, watch.invoice)] == ["-0001", "-0002"]
    assert watch.live["status"] == "active"


async def test_a_renewal_fails_and_recovers(sandbox: StripeSandbox) -> None:
    watch = await subscribed(sandbox)
    await sandbox.renew(watch.id, fails=True)
    assert watch.told()[3:] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.updated",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    assert (watch.live["status"], watch.invoice["status"], watch.invoice["attempt_count"]) == ("past_due", "open", 1)
    assert watch.invoice["next_payment_attempt"] == NOW + 3 * DAY
    await sandbox.retry(watch.id)
    assert watch.told()[-2:] == ["invoice_payment.paid", "customer.subscription.updated"]
    assert (watch.live["status"], watch.invoice["status"], watch.invoice["attempt_count"]) == ("active", "paid", 2)
    assert watch.invoice["next_payment_attempt"] is None
    with pytest.raises(StripeError):
        await sandbox.retry(watch.id)


async def test_stripe_gives_up_after_four_attempts(sandbox: StripeSandbox) -> None:
    watch = await subscribed(sandbox)
    await sandbox.renew(watch.id, fails=True)
    for _ in range(3):
        await sandbox.retry(watch.id, fails=True)
    assert watch.told()[-1] == "customer.subscription.deleted"
    assert (watch.live["status"], watch.live["cancellation_details"]["reason"]) == ("canceled", "payment_failed")
    assert watch.invoice["next_payment_attempt"] is None
    for deed in (sandbox.renew, sandbox.retry, sandbox.cancel):
        with pytest.raises(StripeError) as refusal:
            await deed(watch.id)
        assert refusal.value.status == 404


async def test_a_trial(sandbox: StripeSandbox) -> None:
    watch = await subscribed(sandbox, subscription_data={"trial_period_days": 14})
    assert (watch.live["status"], watch.period) == ("trialing", (NOW, NOW + 14 * DAY))
    assert (watch.invoice["amount_due"], watch.invoice["status"]) == (0, "paid")
    assert watch.invoice["lines"]["data"][0]["description"] == "Trial period for Support"
    await sandbox.trial_will_end(watch.id)
    assert watch.told() == ["customer.subscription.trial_will_end"]
    await sandbox.trial_ends(watch.id)
    assert (watch.live["status"], watch.invoice["amount_paid"]) == ("active", 4990)
    assert watch.period[0] == NOW + 14 * DAY
    for deed in (sandbox.trial_will_end, sandbox.trial_ends):
        with pytest.raises(StripeError):
            await deed(watch.id)


async def test_the_end_of_a_short_trial_is_told_at_once(sandbox: StripeSandbox) -> None:
    await subscribed(sandbox, subscription_data={"trial_period_days": 3})
    assert "customer.subscription.trial_will_end" in [event["type"] for event in sandbox.events.values()]


async def test_a_card_that_can_only_be_saved(sandbox: StripeSandbox) -> None:
    card = {"card": "4000000000000341"}
    watch = await subscribed(sandbox, answers=card, subscription_data={"trial_period_days": 14})
    await sandbox.trial_ends(watch.id)
    assert (watch.live["status"], watch.invoice["status"]) == ("past_due", "open")


@pytest.mark.parametrize(
    ("behavior", "status", "told"),
    [
        ("cancel", "canceled", "customer.subscription.deleted"),
        ("pause", "paused", "customer.subscription.paused"),
        ("create_invoice", "past_due", "customer.subscription.updated"),
    ],
)
async def test_a_trial_ends_with_nothing_to_charge(
    sandbox: StripeSandbox, behavior: str, status: str, told: str
) -> None:
    data = {"trial_period_days": 14, "trial_settings": {"end_behavior": {"missing_payment_method": behavior}}}
    watch = await subscribed(sandbox, subscription_data=data, payment_method_collection="if_required")
    assert watch.live["default_payment_method"] is None
    await sandbox.trial_ends(watch.id)
    assert (watch.live["status"], watch.told()[-1]) == (status, told)


async def test_cancelling_at_the_end_of_the_period(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    watch = await subscribed(sandbox)
    with pytest.raises(StripeError):
        await sandbox.resume(watch.id)
    subscription = await sdk.v1.subscriptions.update_async(watch.id, {"cancel_at_period_end": True})
    assert (subscription.cancel_at, subscription.canceled_at) == (watch.period[1], NOW)
    (event,) = list(sandbox.events.values())[-1:]
    assert event["data"]["previous_attributes"]["cancel_at_period_end"] is False
    await sandbox.resume(watch.id)
    assert (watch.live["cancel_at"], watch.live["canceled_at"]) == (None, None)
    await sandbox.cancel(watch.id, at_period_end=True)
    watch.told()
    await sandbox.renew(watch.id)
    assert (watch.told(), watch.live["status"]) == (["customer.subscription.deleted"], "canceled")
    error = await Raw(sandbox).refused(f"/v1/subscriptions/{watch.id}", {"cancel_at_period_end": False})
    assert error["param"] == "cancel_at_period_end"


async def test_cancelling_at_once(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    watch, other = await subscribed(sandbox), await subscribed(sandbox)
    details: Any = {"cancellation_details": {"feedback": "too_expensive"}}
    subscription = await sdk.v1.subscriptions.cancel_async(watch.id, details)
    assert (subscription.status, subscription.ended_at) == ("canceled", NOW)
    assert subscription.cancellation_details is not None
    assert subscription.cancellation_details.feedback == "too_expensive"
    with pytest.raises(stripe.InvalidRequestError):
        await sdk.v1.subscriptions.cancel_async(watch.id)
    listed = await sdk.v1.subscriptions.list_async()
    assert [item.id for item in listed.data] == [other.id]
    for status, ids in (("all", [other.id, watch.id]), ("ended", [watch.id]), ("past_due", [])):
        found = await sdk.v1.subscriptions.list_async({"status": status})
        assert [item.id for item in found.data] == ids


async def test_a_bank_debit_for_a_subscription_bounces(sandbox: StripeSandbox) -> None:
    watch = await subscribed(sandbox, answers={"method": "bank_debit"})
    assert (watch.live["status"], watch.invoice["status"]) == ("active", "open")
    with pytest.raises(StripeError):
        await sandbox.retry(watch.id)
    watch.told()
    await sandbox.fail(watch.session["id"])
    assert watch.told()[-3:] == [
        "invoice.payment_failed",
        "customer.subscription.updated",
        "checkout.session.async_payment_failed",
    ]
    await sandbox.retry(watch.id)
    assert (watch.live["status"], watch.invoice["status"]) == ("active", "paid")


async def test_a_discount_lasts_as_long_as_its_coupon(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    expected = {"once": [2495, 4990, 4990], "repeating": [2495, 2495, 4990], "forever": [2495, 2495, 2495]}
    for duration, amounts in expected.items():
        months = {"duration_in_months": 2} if duration == "repeating" else {}
        coupon = await raw.made("/v1/coupons", {"percent_off": 50, "duration": duration, **months})
        code = {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": duration}
        await raw.made("/v1/promotion_codes", code)
        watch = await subscribed(sandbox, answers={"promotion_code": duration}, allow_promotion_codes=True)
        await raw.request("DELETE", f"/v1/coupons/{coupon['id']}")
        paid = [watch.invoice["amount_paid"]]
        for _ in range(2):
            await sandbox.renew(watch.id)
            paid.append(watch.invoice["amount_paid"])
        assert paid == amounts


async def test_invoices_of_one_subscription_or_customer(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    watch, other = await subscribed(sandbox), await subscribed(sandbox)
    await sandbox.renew(watch.id)
    listed = await sdk.v1.invoices.list_async({"subscription": watch.id})
    assert [item.billing_reason for item in listed.data] == ["subscription_cycle", "subscription_create"]
    mine = await sdk.v1.invoices.list_async({"customer": other.live["customer"], "status": "paid"})
    assert [item.id for item in mine.data] == [other.live["latest_invoice"]]
    assert not (await sdk.v1.invoices.list_async({"subscription": "sub_x"})).data


@pytest.mark.parametrize(
    ("start", "interval", "count", "end"),
    [
        ("2026-01-31", "month", 1, "2026-02-28"),
        ("2026-11-30", "month", 3, "2027-02-28"),
        ("2028-02-29", "year", 1, "2029-02-28"),
        ("2026-03-01", "week", 2, "2026-03-15"),
        ("2026-03-01", "day", 5, "2026-03-06"),
    ],
)
def test_periods(start: str, interval: str, count: int, end: str) -> None:
    first, last = (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) for day in (start, end))
    assert period_end(first, {"interval": interval, "interval_count": count}) == last
