"""A payment being made, and everything that follows from it."""

from dataclasses import dataclass

from bot.sandbox.stripe.billing.collection import mark_paid
from bot.sandbox.stripe.checkout.answers import Answers
from bot.sandbox.stripe.checkout.bills import invoice_payment, subscribe
from bot.sandbox.stripe.checkout.discounts import redeem
from bot.sandbox.stripe.payments import records
from bot.sandbox.stripe.payments.disputes import dispute_by_card
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


@dataclass(frozen=True)
class Sale:
    """One payment being made: who pays what through which link."""

    ctx: Context
    session: JSON
    link: JSON
    answers: Answers

    @property
    def details(self) -> JSON:
        """Who pays, as `customer_details` has it."""
        return self.answers.customer_details


def complete(sale: Sale, intent: JSON | None, payment_status: str, method: JSON | None = None) -> JSON:
    """Everything that follows from a payment made or promised, ending with `checkout.session.completed`."""
    ctx, session, link = sale.ctx, sale.session, sale.link
    _make_customer(sale)
    if method:
        method["customer"] = session["customer"]
    if intent:
        intent["customer"] = ctx.table("charge")[intent["latest_charge"]]["customer"] = session["customer"]
        if payment_status == "unpaid" and intent["capture_method"] != "manual":
            intent["status"] = "processing"
            ctx.emit("payment_intent.processing", intent)
        else:
            records.succeed(ctx, intent)
    session.update(
        customer_details=sale.details,
        collected_information=sale.answers.collected_information,
        custom_fields=sale.answers.custom_fields,
        consent=sale.answers.consent,
    )
    _bill(sale, intent, method, waiting=payment_status == "unpaid")
    session.update(status="complete", url=None, payment_status=payment_status)
    redeem(ctx, session)
    ctx.emit("checkout.session.completed", session)
    _count(ctx, link)
    if intent and payment_status == "paid":
        dispute_by_card(ctx, ctx.table("charge")[intent["latest_charge"]])
    return session


def _make_customer(sale: Sale) -> None:
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


def _bill(sale: Sale, intent: JSON | None, method: JSON | None, *, waiting: bool) -> None:
    """The subscription and the invoice, where there are any. A one-time payment is invoiced once it is paid."""
    ctx, session, link = sale.ctx, sale.session, sale.link
    if session["mode"] == "subscription":
        subscribe(ctx, session, link, method, intent)
        if not waiting:
            mark_paid(ctx, ctx.table("invoice")[session["invoice"]])
    elif link["invoice_creation"]["enabled"] and not waiting and not ctx.account.late_invoices:
        invoice_payment(ctx, session, link, intent)


def _count(ctx: Context, link: JSON) -> None:
    """One more completed session; a link that has reached its limit turns itself off."""
    ctx.account.completed[link["id"]] += 1
    if not link["restrictions"]:
        return
    completed = link["restrictions"]["completed_sessions"]
    completed["count"] = ctx.account.completed[link["id"]]
    if completed["count"] >= completed["limit"]:
        ctx.change("payment_link.updated", link, {"active": False})
