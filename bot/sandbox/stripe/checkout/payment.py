"""Paying a session: checks, the charge, and what follows from it."""

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.billing.collection import mark_failed, mark_paid
from bot.sandbox.stripe.checkout.answers import read_answers
from bot.sandbox.stripe.checkout.bills import invoice_payment
from bot.sandbox.stripe.checkout.cards import authorize, read_card
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.checkout.choices import tax_in
from bot.sandbox.stripe.checkout.discounts import check_first_time
from bot.sandbox.stripe.checkout.errors import Declined, PaymentRefused
from bot.sandbox.stripe.checkout.sale import Sale, complete
from bot.sandbox.stripe.checkout.sessions import check_open_for_business, expire_session
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.payments import records
from bot.sandbox.stripe.payments.methods import new_method
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

SETTLES_LATER = frozenset(
    ("us_bank_account", "sepa_debit", "bacs_debit", "au_becs_debit", "acss_debit", "konbini", "boleto", "oxxo")
)


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
    tax_in(ctx, session, link, answers.country)
    check_total(session)
    sale = Sale(ctx, session, link, answers)
    if not takes_method:
        return complete(sale, None, "no_payment_required")
    if form.get("method", "card") == "card":
        return _pay_by_card(sale, form)
    return _pay_by_bank(sale)


def settle(ctx: Context, session: JSON) -> JSON:
    """The bank debit arrived; PaymentRefused unless the session is waiting for one."""
    intent = _processing(ctx, session)
    records.succeed(ctx, intent)
    session["payment_status"] = "paid"
    link = ctx.table("payment_link")[session["payment_link"]]
    if session["invoice"]:
        mark_paid(ctx, ctx.table("invoice")[session["invoice"]])
    elif link["invoice_creation"] and link["invoice_creation"]["enabled"]:
        invoice_payment(ctx, session, link, intent)
    ctx.emit("checkout.session.async_payment_succeeded", session)
    return session


def fail(ctx: Context, session: JSON) -> JSON:
    """The bank debit bounced; PaymentRefused unless the session is waiting for one."""
    intent = _processing(ctx, session)
    message = "The payment failed because the bank account has insufficient funds."
    records.fail(ctx, intent, "payment_method_provider_decline", message, "insufficient_funds")
    if session["subscription"]:
        mark_failed(ctx, ctx.table("invoice")[session["invoice"]])
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
    check_total(session)


def check_total(session: JSON) -> None:
    """PaymentRefused when the session's total can't be charged."""
    try:
        currencies.check_total(session["amount_total"], session["currency"])
    except StripeError as error:
        raise PaymentRefused(error.message, "amount") from error


def _processing(ctx: Context, session: JSON) -> JSON:
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(session["id"], ""))
    if intent is None or intent["status"] != "processing":
        raise PaymentRefused("This session isn't waiting for a payment to settle.")
    return intent


def _pay_by_card(sale: Sale, form: JSON) -> JSON:
    if "card" not in sale.session["payment_method_types"]:
        raise PaymentRefused("Cards aren't accepted here.", "method")
    card = form.get("card")
    blocked = ((sale.link["payment_method_options"] or {}).get("card") or {}).get("restrictions") or {}
    read = read_card(
        card if isinstance(card, dict) else {}, sale.ctx.world.clock(), blocked.get("brands_blocked") or []
    )
    method = new_method(sale.ctx, sale.details, read.details(), read.number)
    if sale.session["amount_total"] == 0:
        authorize(read.number, saving=True)
        return complete(sale, None, "no_payment_required", method)
    intent = _intent(sale, method)
    records.new_charge(sale.ctx, intent)
    try:
        authorize(read.number)
    except Declined as error:
        records.fail(sale.ctx, intent, error.code, error.message, error.decline_code)
        raise
    manual = intent["capture_method"] == "manual"
    return complete(sale, intent, "unpaid" if manual else "paid", method)


def _pay_by_bank(sale: Sale) -> JSON:
    offered = [method for method in sale.session["payment_method_types"] if method in SETTLES_LATER]
    if not offered:
        raise PaymentRefused("Bank debits aren't accepted here.", "method")
    last4 = {"last4": "6789", "bank_name": "STRIPE TEST BANK"}
    method = new_method(sale.ctx, sale.details, {offered[0]: last4, "type": offered[0]})
    if sale.session["amount_total"] == 0:
        return complete(sale, None, "no_payment_required", method)
    intent = _intent(sale, method)
    records.new_charge(sale.ctx, intent)
    return complete(sale, intent, "unpaid", method)


def _intent(sale: Sale, method: JSON) -> JSON:
    """The session's payment intent, made at the first attempt and used again at the next."""
    ctx, session = sale.ctx, sale.session
    known = ctx.account.intents.get(session["id"])
    if known:
        intent = ctx.table("payment_intent")[known]
        used = {"payment_method": method["id"], "payment_method_types": [method["type"]]}
        intent.update(amount=session["amount_total"], **used)
        return intent
    intent = records.new_intent(
        ctx, amount=session["amount_total"], currency=session["currency"], method=method, **_intent_data(sale)
    )
    ctx.account.intents[session["id"]] = intent["id"]
    if session["mode"] == "payment":
        session["payment_intent"] = intent["id"]
    return intent


def _intent_data(sale: Sale) -> JSON:
    """What the link says of its payment intents."""
    link = sale.link
    always: JSON = {"on_behalf_of": link["on_behalf_of"], "transfer_data": link["transfer_data"]}
    if sale.session["mode"] == "subscription":
        return {**always, "description": "Subscription creation"}
    data = {key: value for key, value in (link["payment_intent_data"] or {}).items() if value is not None}
    return {
        **always,
        **data,
        "application_fee_amount": link["application_fee_amount"],
        "managed_payments": link["managed_payments"],
        "metadata": dict(data.get("metadata", {})),
        "shipping": sale.answers.collected_information["shipping_details"],
    }
