"""`/v1/payment_links`."""

from bot.sandbox.stripe.amounts import one_of
from bot.sandbox.stripe.endpoints import Endpoint, item_list, list_page, list_schema
from bot.sandbox.stripe.errors import StripeError, no_such_reference
from bot.sandbox.stripe.links.draft import Draft, merge
from bot.sandbox.stripe.links.field_rules import check_custom_fields
from bot.sandbox.stripe.links.item_rules import check_adjustable, check_currency, check_items, check_sellable
from bot.sandbox.stripe.links.objects import line_item, link_fields
from bot.sandbox.stripe.links.option_rules import check_options
from bot.sandbox.stripe.links.params import CREATE, UPDATE
from bot.sandbox.stripe.resources.catalog import new_price
from bot.sandbox.stripe.schema import Boolean, Hash
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON


def _check(draft: Draft) -> None:
    check_custom_fields(draft.params.get("custom_fields") or [])
    check_options(draft)
    check_items(draft)


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    given = params.pop("line_items")
    params["metadata"] = merge_metadata({}, params.get("metadata", {}))
    prices = [_price(ctx, item, position) for position, item in enumerate(given)]
    currency = params.pop("currency", None) or prices[0]["currency"]
    check_currency(ctx, prices, currency, "line_items")
    items = [
        line_item(ctx, price, currency, item["quantity"], item.get("adjustable_quantity"))
        for price, item in zip(prices, given, strict=True)
    ]
    draft = Draft(ctx, params, items, currency)
    _check(draft)
    slug = f"{'' if ctx.account.livemode else 'test_'}{ctx.world.ids.letters(18)}"
    link = {
        "id": ctx.new_id("plink"),
        "object": "payment_link",
        "active": True,
        "livemode": ctx.account.livemode,
        **link_fields(draft),
        "url": f"{ctx.world.url}/pay/{slug}",
    }
    ctx.world.slugs[slug] = (ctx.account, link["id"])
    ctx.account.link_params[link["id"]] = params
    ctx.account.line_items[link["id"]] = items
    ctx.add("payment_link", link)
    ctx.emit("payment_link.created", link)
    return link


def _price(ctx: Context, item: JSON, position: int) -> JSON:
    """The item's price, made on the spot from `price_data` (archived, as Stripe does) or an active one."""
    where = f"line_items[{position}]"
    check_adjustable(item.get("adjustable_quantity"), item["quantity"], where)
    if one_of(item, ("price", "price_data"), where) == "price_data":
        return new_price(ctx, item["price_data"], path=f"{where}[price_data]", active=False)
    price = ctx.refer("price", item["price"], f"{where}[price]")
    check_sellable(ctx, price, f"{where}[price]")
    return price


def _update(ctx: Context, params: JSON, link_id: str) -> JSON:
    link = ctx.find("payment_link", link_id)
    old = ctx.account.link_params[link_id]
    active = params.pop("active", link["active"])
    items = _changed_items(ctx, link, params.pop("line_items", []))
    metadata = merge_metadata(link["metadata"], params.pop("metadata", {}))
    merged = {**merge(old, params), "metadata": metadata}
    draft = Draft(ctx, merged, items, link["currency"], ctx.account.completed[link_id])
    _check(draft)
    limit = merged.get("restrictions", {}).get("completed_sessions", {}).get("limit")
    if active and not link["active"] and limit is not None and draft.completed >= limit:
        message = "This payment link has reached its limit of completed sessions. Raise the limit to activate it."
        raise StripeError(message, param="active")
    changed_items = items != ctx.account.line_items[link_id]
    ctx.account.link_params[link_id] = merged
    ctx.account.line_items[link_id] = items
    before = dict(link)
    ctx.change("payment_link.updated", link, {"active": active, **link_fields(draft)})
    if changed_items and before == link:
        ctx.emit("payment_link.updated", link, {})
    return link


def _changed_items(ctx: Context, link: JSON, given: list[JSON]) -> list[JSON]:
    items = list(ctx.account.line_items[link["id"]])
    places = {item["id"]: place for place, item in enumerate(items)}
    for position, change in enumerate(given):
        where = f"line_items[{position}]"
        if change["id"] not in places:
            raise no_such_reference("line item", change["id"], f"{where}[id]")
        old = items[places[change["id"]]]
        adjustable = change.get("adjustable_quantity", old["adjustable_quantity"])
        quantity = int(change.get("quantity") or old["quantity"])
        check_adjustable(adjustable, quantity, where)
        items[places[old["id"]]] = line_item(ctx, old["price"], link["currency"], quantity, adjustable, old["id"])
    return items


def _retrieve(ctx: Context, params: JSON, link_id: str) -> JSON:
    return ctx.find("payment_link", link_id, "payment_link")


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    return list_page("/v1/payment_links", ctx.table("payment_link"), params, {"active": params.get("active")})


def _line_items(ctx: Context, params: JSON, link_id: str) -> JSON:
    ctx.find("payment_link", link_id, "payment_link")
    return item_list(f"/v1/payment_links/{link_id}/line_items", ctx.account.line_items[link_id], params)


ENDPOINTS = (
    Endpoint("POST", "/v1/payment_links", CREATE, _create),
    Endpoint("GET", "/v1/payment_links", list_schema(active=Boolean()), _list),
    Endpoint("GET", "/v1/payment_links/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/payment_links/{id}", UPDATE, _update),
    Endpoint("GET", "/v1/payment_links/{id}/line_items", list_schema(), _line_items),
)
