"""Promotion codes at checkout."""

from decimal import ROUND_HALF_UP, Decimal

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.billing.periods import period_end
from bot.sandbox.stripe.checkout.errors import PaymentRefused
from bot.sandbox.stripe.resources.promotion_codes import find_code
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def usable_code(ctx: Context, session: JSON, code: str) -> JSON:
    """The promotion code, if it can be used on this session as it is priced now; PaymentRefused otherwise."""
    promotion = find_code(ctx, code)
    if promotion is None or not session["allow_promotion_codes"]:
        raise _refused("This code is invalid.")
    coupon = ctx.table("coupon")[promotion["promotion"]["coupon"]]
    expiries = [at for at in (promotion["expires_at"], coupon["redeem_by"]) if at]
    if any(at <= ctx.now() for at in expiries) or not coupon["valid"]:
        raise _refused("This code has expired.")
    if _used_up(promotion) or _used_up(coupon):
        raise _refused("This code has been redeemed too many times.")
    if coupon["percent_off"] is None and _amount_off(ctx, coupon, session["currency"]) is None:
        raise _refused("This code can't be used with this currency.")
    _check_minimum(ctx, session, promotion)
    if not any(applies(ctx, coupon, line) for line in ctx.account.line_items[session["id"]]):
        raise _refused("This code doesn't apply to these items.")
    return promotion


def check_first_time(ctx: Context, session: JSON, email: str) -> None:
    """PaymentRefused when the code is for new customers and this address has paid before."""
    for discount in session["discounts"]:
        promotion = ctx.table("promotion_code")[discount["promotion_code"]]
        if not promotion["restrictions"]["first_time_transaction"]:
            continue
        for other in ctx.table("checkout.session").values():
            if other["status"] == "complete" and other["customer_details"]["email"].lower() == email.lower():
                raise _refused("This code is for first-time customers.")


def redeem(ctx: Context, session: JSON) -> None:
    """Count the use of the session's code; one that is used up turns inactive."""
    for discount in session["discounts"]:
        promotion = ctx.table("promotion_code")[discount["promotion_code"]]
        coupon = ctx.table("coupon")[promotion["promotion"]["coupon"]]
        coupon["times_redeemed"] += 1
        coupon["valid"] = not _used_up(coupon)
        promotion["times_redeemed"] += 1
        if _used_up(promotion):
            promotion["active"] = False


def applies(ctx: Context, coupon: JSON, line: JSON) -> bool:
    """Whether the coupon is for this line's product."""
    applies_to = ctx.account.extras[coupon["id"]]["applies_to"]
    return not applies_to or line["price"]["product"] in applies_to["products"]


def new_discount(ctx: Context, session: JSON, promotion: JSON) -> JSON:
    """The promotion code as it is applied to a session."""
    coupon = ctx.table("coupon")[promotion["promotion"]["coupon"]]
    discount: JSON = {
        "id": ctx.new_id("di"),
        "object": "discount",
        "checkout_session": session["id"],
        "customer": None,
        "customer_account": None,
        "end": _end(ctx.now(), coupon),
        "invoice": None,
        "invoice_item": None,
        "promotion_code": promotion["id"],
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": ctx.now(),
        "subscription": None,
        "subscription_item": None,
    }
    ctx.account.extras[discount["id"]] = {"coupon": coupon}
    return ctx.add("discount", discount)


def lasts(ctx: Context, discount: JSON, at: int | None = None) -> bool:
    """Whether the discount is for more than one payment, and for one at a moment (seconds)."""
    if ctx.account.extras[discount["id"]]["coupon"]["duration"] == "once":
        return False
    return at is None or discount["end"] is None or at < discount["end"]


def discounted(ctx: Context, lines: list[JSON], discount: JSON, currency: str) -> None:
    """Take the discount off the lines it applies to: a percentage of each, or an amount spread over them."""
    coupon = ctx.account.extras[discount["id"]]["coupon"]
    eligible = [line for line in lines if applies(ctx, coupon, line)]
    total = sum(line["amount_subtotal"] for line in eligible)
    if coupon["percent_off"] is not None:
        off = _round(Decimal(str(coupon["percent_off"])) * total / 100)
    else:
        off = min(_amount_off(ctx, coupon, currency) or 0, total)
    for line in eligible:
        share = _round(Decimal(off) * line["amount_subtotal"] / total) if total else 0
        off, total = off - share, total - line["amount_subtotal"]
        line["amount_discount"] = share
        line["amount_total"] = line["amount_subtotal"] - share
        ctx.account.extras.setdefault(line["id"], {})["discounts"] = [{"amount": share, "discount": discount}]


def _end(start: int, coupon: JSON) -> int | None:
    months = coupon["duration_in_months"]
    return period_end(start, {"interval": "month", "interval_count": months}) if months else None


def _amount_off(ctx: Context, coupon: JSON, currency: str) -> int | None:
    options: JSON = ctx.account.extras[coupon["id"]]["currency_options"] or {}
    found: int | None = options.get(currency, {}).get("amount_off")
    return found


def _check_minimum(ctx: Context, session: JSON, promotion: JSON) -> None:
    least, currency = (promotion["restrictions"][name] for name in ("minimum_amount", "minimum_amount_currency"))
    if not least:
        return
    options = ctx.account.extras[promotion["id"]]["restrictions.currency_options"] or {}
    here = options.get(session["currency"], {}).get("minimum_amount")
    if here is None or session["amount_subtotal"] < here:
        known = (here, session["currency"]) if here is not None else (least, currency)
        raise _refused(f"This code needs an order of at least {currencies.words(*known)}.")


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _used_up(item: JSON) -> bool:
    return item["max_redemptions"] is not None and item["times_redeemed"] >= item["max_redemptions"]


def _refused(message: str) -> PaymentRefused:
    return PaymentRefused(message, "promotion_code")
