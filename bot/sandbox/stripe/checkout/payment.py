"""Paying a session: checks, the charge, and what follows from it."""

from dataclasses import dataclass

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.checkout import billing, records
from bot.sandbox.stripe.checkout.answers import Answers, read_answers
from bot.sandbox.stripe.checkout.cards import authorize, read_card
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.checkout.discounts import check_first_time, redeem
from bot.sandbox.stripe.checkout.errors import Declined, PaymentRefused
from bot.sandbox.stripe.checkout.sessions import check_open_for_business, expire_session
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

SETTLES_LATER = frozenset(
    ("us_bank_account", "sepa_debit", "bacs_debit", "au_becs_debit", "acss_debit", "konbini", "boleto", "oxxo")
)


@dataclass(frozen=True)
class _Sale:
    """One payment being made."""

    ctx: Context
    session: JSON
    link: JSON
    answers: Answers

    @property
    def details(self) -> JSON:
        return self.answers.customer_details


def pay(ctx: Context, session: JSON, form: JSON) -> JSON:
    """Complete the session as the form says; PaymentRefused (Declined for cards) when that can't be.

    The form holds `email`, `name`, `method` ('card' or 'bank_debit'), `card` (`number`, `expiry`, `cvc`) and the
    answers to whatever else the page asks.
    """
    link = ctx.table("payment_link")[session["payment_link"]]
    _check_payable(ctx, session, link)
    due = session["amount_total"]
    takes_method = due > 0 or (session["mode"] == "subscription" and link["payment_method_collection"] == "always")
    answers = read_answers(session, form, paying=takes_method)
    check_first_time(ctx, session, answers.customer_details["email"])
    sale = _Sale(ctx, session, link, answers)
    if not takes_method:
        return _complete(sale, None, "no_payment_required")
    if form.get("method", "card") == "card":
        return _pay_by_card(sale, form)
    return _pay_by_bank(sale)


def settle(ctx: Context, session: JSON) -> JSON:
    """The bank debit arrived; PaymentRefused unless the session is waiting for one."""
    intent = _processing(ctx, session)
    records.succeed(ctx, intent)
    session["payment_status"] = "paid"
    if session["subscription"]:
        subscription = ctx.table("subscription")[session["subscription"]]
        ctx.change("customer.subscription.updated", subscription, {"status": "active"})
    if session["invoice"]:
        billing.pay_invoice(ctx, ctx.table("invoice")[session["invoice"]])
    ctx.emit("checkout.session.async_payment_succeeded", session)
    return session


def fail(ctx: Context, session: JSON) -> JSON:
    """The bank debit bounced; PaymentRefused unless the session is waiting for one."""
    intent = _processing(ctx, session)
    message = "The payment failed because the bank account has insufficient funds."
    records.fail(ctx, intent, "payment_method_provider_decline", message, "insufficient_funds")
    if session["subscription"]:
        subscription = ctx.table("subscription")[session["subscription"]]
        ctx.change("customer.subscription.updated", subscription, {"status": "past_due"})
    ctx.emit("checkout.session.async_payment_failed", session)
    return session


def _check_payable(ctx: Context, session: JSON, link: JSON) -> None:
    if session["status"] == "open" and ctx.now() >= session["expires_at"]:
        expire_session(ctx, session)
    if session["status"] == "expired":
        raise PaymentRefused("This page has expired. Open the link again.")
    if session["status"] == "complete":
        raise PaymentRefused("You've already completed this payment.")
    check_open_for_business(ctx, link)
    cart: Cart = ctx.account.carts[session["id"]]
    if cart.amount is None and cart.items[0]["price"]["custom_unit_amount"]:
        raise PaymentRefused("Enter an amount.", "amount")
    try:
        currencies.check_total(session["amount_total"], session["currency"])
    except StripeError as error:
        raise PaymentRefused(error.message, "amount") from error


def _processing(ctx: Context, session: JSON) -> JSON:
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(session["id"], ""))
    if intent is None or intent["status"] != "processing":
        raise PaymentRefused("This session isn't waiting for a payment to settle.")
    return intent


def _pay_by_card(sale: _Sale, form: JSON) -> JSON:
    if "card" not in sale.session["payment_method_types"]:
        raise PaymentRefused("Cards aren't accepted here.", "method")
    card = form.get("card")
    blocked = ((sale.link["payment_method_options"] or {}).get("card") or {}).get("restrictions") or {}
    read = read_card(
        card if isinstance(card, dict) else {}, sale.ctx.world.clock(), blocked.get("brands_blocked") or []
    )
    if sale.session["amount_total"] == 0:
        authorize(read)
        return _complete(sale, None, "no_payment_required")
    intent = _intent(sale, "card")
    records.new_charge(sale.ctx, intent, sale.details, read.details())
    try:
        authorize(read)
    except Declined as error:
        records.fail(sale.ctx, intent, error.code, error.message, error.decline_code)
        raise
    manual = intent["capture_method"] == "manual"
    return _complete(sale, intent, "unpaid" if manual else "paid")


def _pay_by_bank(sale: _Sale) -> JSON:
    offered = [method for method in sale.session["payment_method_types"] if method in SETTLES_LATER]
    if not offered:
        raise PaymentRefused("Bank debits aren't accepted here.", "method")
    if sale.session["amount_total"] == 0:
        return _complete(sale, None, "no_payment_required")
    intent = _intent(sale, offered[0])
    last4 = {"last4": "6789", "bank_name": "STRIPE TEST BANK"}
    records.new_charge(sale.ctx, intent, sale.details, {offered[0]: last4, "type": offered[0]})
    return _complete(sale, intent, "unpaid")


def _intent(sale: _Sale, method: str) -> JSON:
    """The session's payment intent, made at the first attempt and used again at the next."""
    ctx, session = sale.ctx, sale.session
    known = ctx.account.intents.get(session["id"])
    if known:
        intent = ctx.table("payment_intent")[known]
        intent.update(amount=session["amount_total"], payment_method_types=[method])
        return intent
    intent = records.new_intent(ctx, session, sale.link, method, sale.details["email"])
    ctx.account.intents[session["id"]] = intent["id"]
    if session["mode"] == "payment":
        session["payment_intent"] = intent["id"]
    return intent


def _complete(sale: _Sale, intent: JSON | None, payment_status: str) -> JSON:
    """Everything that follows from a payment made or promised, ending with `checkout.session.completed`."""
    ctx, session, link = sale.ctx, sale.session, sale.link
    _make_customer(sale)
    if intent:
        intent["customer"] = session["customer"]
        if payment_status == "unpaid" and intent["capture_method"] != "manual":
            intent["status"] = "processing"
            ctx.emit("payment_intent.processing", intent)
        else:
            ctx.table("charge")[intent["latest_charge"]]["customer"] = session["customer"]
            records.succeed(ctx, intent)
    _bill(sale, waiting=payment_status == "unpaid")
    session.update(
        status="complete",
        url=None,
        payment_status=payment_status,
        customer_details=sale.details,
        collected_information=sale.answers.collected_information,
        custom_fields=sale.answers.custom_fields,
        consent=sale.answers.consent,
        automatic_tax={
            **session["automatic_tax"],
            "status": "complete" if session["automatic_tax"]["enabled"] else None,
        },
    )
    redeem(ctx, session)
    ctx.emit("checkout.session.completed", session)
    _count(ctx, link)
    return session


def _make_customer(sale: _Sale) -> None:
    session, link = sale.session, sale.link
    data = link["payment_intent_data"] or {}
    wanted = (
        session["mode"] == "subscription"
        or link["customer_creation"] == "always"
        or bool(data.get("setup_future_usage"))
        or link["invoice_creation"]["enabled"]
        or link["tax_id_collection"]["enabled"]
    )
    if wanted:
        shipping = sale.answers.collected_information["shipping_details"]
        session["customer"] = records.new_customer(sale.ctx, sale.details, shipping)["id"]


def _bill(sale: _Sale, *, waiting: bool) -> None:
    """The subscription and the invoice, where there are any."""
    ctx, session, link = sale.ctx, sale.session, sale.link
    subscription = None
    if session["mode"] == "subscription":
        trial = link["subscription_data"]["trial_period_days"]
        status = "trialing" if trial else "active"
        subscription = billing.new_subscription(ctx, session, link, status=status)
        session["subscription"] = subscription["id"]
    elif not link["invoice_creation"]["enabled"]:
        return
    data = link["invoice_creation"]["invoice_data"] if not subscription else {}
    reason = "subscription_create" if subscription else "manual"
    invoice = billing.new_invoice(ctx, session, subscription, sale.details, reason=reason, data=data)
    session["invoice"] = invoice["id"]
    if subscription:
        subscription["latest_invoice"] = invoice["id"]
        ctx.emit("customer.subscription.created", subscription)
    ctx.emit("invoice.finalized", invoice)
    if not waiting:
        billing.pay_invoice(ctx, invoice)


def _count(ctx: Context, link: JSON) -> None:
    """One more completed session; a link that has reached its limit turns itself off."""
    ctx.account.completed[link["id"]] += 1
    if not link["restrictions"]:
        return
    completed = link["restrictions"]["completed_sessions"]
    completed["count"] = ctx.account.completed[link["id"]]
    if completed["count"] >= completed["limit"]:
        ctx.change("payment_link.updated", link, {"active": False})
