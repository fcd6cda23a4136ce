"""A session as the hosted page draws it: amounts, what is asked, what may be changed."""

from bot.sandbox.stripe import currencies, pricing, tax
from bot.sandbox.stripe.checkout.breakdown import session_taxes
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.checkout.payment import SETTLES_LATER
from bot.sandbox.stripe.links.words import SHIPPING_COUNTRIES
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_METHOD_NAMES = {
    "us_bank_account": "US bank account",
    "sepa_debit": "SEPA Direct Debit",
    "bacs_debit": "Bacs Direct Debit",
    "au_becs_debit": "BECS Direct Debit",
    "acss_debit": "Pre-authorized debit",
    "konbini": "Konbini",
    "boleto": "Boleto",
    "oxxo": "OXXO",
}


def page_view(ctx: Context, session: JSON, link: JSON) -> JSON:
    """Everything the page needs, amounts in minor units with the currency's decimals."""
    later = [method for method in session["payment_method_types"] if method in SETTLES_LATER]
    methods = [{"id": "card", "name": "Card"}] if "card" in session["payment_method_types"] else []
    if later:
        methods.append({"id": "bank_debit", "name": _METHOD_NAMES[later[0]]})
    return {
        "session": session["id"],
        "merchant": ctx.account.name,
        "livemode": ctx.account.livemode,
        "mode": session["mode"],
        "submit_type": session["submit_type"],
        "currency": session["currency"],
        "decimals": currencies.decimals(session["currency"]),
        "locale": session["locale"],
        **_order(ctx, session, link),
        "methods": methods,
        "takes_method": session["amount_total"] > 0
        or (session["mode"] == "subscription" and link["payment_method_collection"] == "always"),
        "asks": {
            "email": session["customer_email"],
            "billing_address": session["billing_address_collection"],
            "name_collection": session["name_collection"],
            "phone": session["phone_number_collection"]["enabled"],
            "shipping": session["shipping_address_collection"],
            "custom_fields": session["custom_fields"],
            "tax_id": session["tax_id_collection"],
            "consent": session["consent_collection"],
            "terms_url": ctx.account.terms_of_service_url,
            "countries": [code for code in SHIPPING_COUNTRIES if code != "ZZ"],
        },
        "tax": _tax(session),
        "custom_text": {key: text and text["message"] for key, text in session["custom_text"].items()},
    }


def _tax(session: JSON) -> JSON | None:
    """Which field says where tax is due, and whether it is known; None where no tax is worked out."""
    if not session["automatic_tax"]["enabled"]:
        return None
    place = "shipping.address.country" if session["shipping_address_collection"] else "address.country"
    return {"place": place, "known": session["automatic_tax"]["status"] == "complete"}


def _order(ctx: Context, session: JSON, link: JSON) -> JSON:
    cart: Cart = ctx.account.carts[session["id"]]
    lines = {line["id"]: line for line in ctx.account.line_items[session["id"]]}
    trial = link["subscription_data"]["trial_period_days"]
    taxes = session_taxes(ctx, session)
    return {
        "items": [_item(ctx, cart, item, lines.get(item["id"]), session) for item in cart.items],
        "optional_items": [_optional(ctx, cart, item, session) for item in link["optional_items"] or []],
        "amount": _custom_amount(ctx, cart, session),
        "shipping_options": [_shipping_option(ctx, cart, option) for option in link["shipping_options"]],
        "promotion": _promotion(ctx, cart, session),
        "trial_days": trial if session["mode"] == "subscription" else None,
        "recurring": _recurring(ctx, cart, session),
        "totals": {
            "subtotal": session["amount_subtotal"],
            "discount": session["total_details"]["amount_discount"],
            "shipping": session["total_details"]["amount_shipping"],
            "tax": tax.added(taxes),
            "tax_included": session["total_details"]["amount_tax"] - tax.added(taxes),
            "total": session["amount_total"],
        },
    }


def _item(ctx: Context, cart: Cart, item: JSON, line: JSON | None, session: JSON) -> JSON:
    price = item["price"]
    product = ctx.table("product")[price["product"]]
    quantity = cart.quantities[item["id"]]
    adjustable = item["adjustable_quantity"]
    amount = line["amount_subtotal"] if line else 0
    if not price["custom_unit_amount"]:
        amount = pricing.subtotal(ctx.account, price, session["currency"], quantity)
    return {
        "id": item["id"],
        "name": item["description"],
        "description": product["description"],
        "image": product["images"][0] if product["images"] else None,
        "quantity": quantity,
        "unit_amount": price["unit_amount"] if price["currency"] == session["currency"] else None,
        "amount": amount,
        "adjustable": adjustable if adjustable and adjustable["enabled"] else None,
        "recurring": price["recurring"],
    }


def _optional(ctx: Context, cart: Cart, item: JSON, session: JSON) -> JSON:
    price = ctx.table("price")[item["price"]]
    product = ctx.table("product")[price["product"]]
    adjustable = item["adjustable_quantity"]
    chosen = cart.optional.get(price["id"], 0)
    return {
        "price": price["id"],
        "name": product["name"],
        "description": product["description"],
        "quantity": chosen,
        "default_quantity": item["quantity"],
        "amount": pricing.subtotal(ctx.account, price, session["currency"], chosen or item["quantity"]),
        "adjustable": adjustable if adjustable and adjustable["enabled"] else None,
        "recurring": price["recurring"],
    }


def _custom_amount(ctx: Context, cart: Cart, session: JSON) -> JSON | None:
    option = pricing.in_currency(ctx.account, cart.items[0]["price"], session["currency"]) or {}
    custom = option.get("custom_unit_amount")
    if not custom:
        return None
    return {
        "value": cart.amount,
        "minimum": custom["minimum"] or currencies.MINIMUM_CHARGE.get(session["currency"], 1),
        "maximum": custom["maximum"],
    }


def _shipping_option(ctx: Context, cart: Cart, option: JSON) -> JSON:
    rate = ctx.table("shipping_rate")[option["shipping_rate"]]
    return {
        "id": rate["id"],
        "name": rate["display_name"],
        "amount": rate["fixed_amount"]["amount"],
        "estimate": rate["delivery_estimate"],
        "chosen": cart.shipping_rate == rate["id"],
    }


def _promotion(ctx: Context, cart: Cart, session: JSON) -> JSON:
    code = ctx.table("promotion_code").get(cart.promotion_code or "")
    if code is None:
        return {"allowed": session["allow_promotion_codes"], "code": None, "percent_off": None}
    coupon = ctx.table("coupon")[code["promotion"]["coupon"]]
    return {"allowed": True, "code": code["code"], "percent_off": coupon["percent_off"]}


def _recurring(ctx: Context, cart: Cart, session: JSON) -> JSON | None:
    """What will be charged each period from the first full one on, before discounts."""
    chosen = [(item["price"], cart.quantities[item["id"]]) for item in cart.items]
    chosen += [(ctx.table("price")[price_id], quantity) for price_id, quantity in cart.optional.items()]
    recurring = [(price, quantity) for price, quantity in chosen if price["recurring"] and quantity]
    if not recurring:
        return None
    amounts = [pricing.subtotal(ctx.account, price, session["currency"], quantity) for price, quantity in recurring]
    first = recurring[0][0]["recurring"]
    return {"amount": sum(amounts), "interval": first["interval"], "interval_count": first["interval_count"]}
