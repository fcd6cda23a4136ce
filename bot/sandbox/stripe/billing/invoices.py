"""Invoices as Stripe shows them (docs.stripe.com/api/invoices), drafts at first."""

from bot.sandbox.stripe import tax
from bot.sandbox.stripe.billing.lines import Bill, invoice_line, shown_tax
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_UNSET = (
    "amount_paid_off_stripe application automatically_finalizes_at confirmation_secret customer_account "
    "default_payment_method default_source description due_date effective_at ending_balance footer from_invoice "
    "hosted_invoice_url invoice_pdf last_finalization_error latest_revision next_payment_attempt number on_behalf_of "
    "parent receipt_number statement_descriptor test_clock threshold_reason total_pretax_credit_amounts "
    "webhooks_delivered_at"
)
"""Fields of an invoice that are empty at first."""


def new_invoice(ctx: Context, bill: Bill) -> JSON:
    """Keep and announce a draft of the bill's invoice."""
    invoice_id = ctx.new_id("in")
    start, end = bill.period or (ctx.now(), ctx.now())
    lines = [invoice_line(ctx, bill, line, invoice_id) for line in bill.lines]
    url = f"/v1/invoices/{invoice_id}/lines"
    invoice: JSON = {
        "id": invoice_id,
        "object": "invoice",
        **dict.fromkeys(_UNSET.split()),
        "account_country": ctx.account.country,
        "account_name": ctx.account.name,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": _automatic_tax(bill.taxes),
        "billing_reason": bill.reason,
        "collection_method": "charge_automatically",
        "created": ctx.now(),
        "currency": bill.currency,
        "default_tax_rates": [],
        "discounts": [bill.discount["id"]] if bill.discount else [],
        "lines": {"object": "list", "data": lines, "has_more": False, "url": url},
        "livemode": ctx.account.livemode,
        "parent": _parent(bill.subscription),
        "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        "period_end": end,
        "period_start": start,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        **_customer(bill),
        **_settings(bill.settings),
        **_totals(ctx, bill),
    }
    ctx.add("invoice", invoice)
    if bill.subscription:
        ctx.account.invoices[bill.subscription["id"]].append(invoice)
    ctx.emit("invoice.created", invoice)
    return invoice


def _automatic_tax(enabled: bool) -> JSON:
    return {
        "disabled_reason": None,
        "enabled": enabled,
        "liability": {"type": "self"} if enabled else None,
        "provider": "stripe" if enabled else None,
        "status": "complete" if enabled else None,
    }


def _customer(bill: Bill) -> JSON:
    customer = bill.customer
    return {
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "shipping_details": bill.shipping_details,
    }


def _settings(settings: JSON) -> JSON:
    options = settings.get("rendering_options")
    shown = ("account_tax_ids", "custom_fields", "description", "footer")
    return {
        **{name: settings.get(name) for name in shown},
        "issuer": settings.get("issuer") or {"type": "self"},
        "metadata": dict(settings.get("metadata") or {}),
        "rendering": options and {"pdf": {"page_size": "auto"}, "template_version": None, **options},
    }


def _parent(subscription: JSON | None) -> JSON | None:
    if subscription is None:
        return None
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def _totals(ctx: Context, bill: Bill) -> JSON:
    taxes = [one for line in bill.lines for one in tax.taxes_of(ctx, line)]
    shipping = dict(bill.shipping) if bill.shipping else None
    on_shipping: list[JSON] = shipping.pop("taxes", []) if shipping else []
    subtotal = sum(line["amount_subtotal"] for line in bill.lines)
    discount = sum(line["amount_discount"] for line in bill.lines)
    shipped = shipping["amount_subtotal"] if shipping else 0
    total = subtotal - discount + shipped + tax.added([*taxes, *on_shipping])
    all_taxes = sum(one["amount"] for one in [*taxes, *on_shipping])
    included = sum(one["amount"] for one in taxes if one["rate"]["inclusive"])
    return {
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": shipped,
        "ending_balance": None,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "shipping_cost": shipping,
        "starting_balance": 0,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - included,
        "total": total,
        "total_discount_amounts": [{"amount": discount, "discount": bill.discount["id"]}] if bill.discount else [],
        "total_excluding_tax": total - all_taxes,
        "total_taxes": [shown_tax(one) for one in [*taxes, *on_shipping]],
    }
