"""The mirror of Stripe's products and prices."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, bindparam, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows, search
from storage.models import Json, Price, Product

_GONE = ""
"""The place of a price that Stripe has no more."""

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


async def upsert_products(session: AsyncSession, team_id: str, products: Sequence[Product]) -> None:
    """Mirrors products, and what they are searched by; one that is older (`stripe_at`) than what we hold changes
    nothing."""
    before = await _names(session, team_id, [product.id for product in products])
    values = [{**product.model_dump(), "search": _product_search(product)} for product in products]
    await rows.upsert(session, Product, values, newer="stripe_at")
    after = await _names(session, team_id, [product.id for product in products])
    renamed = [product_id for product_id, name in after.items() if before.get(product_id) != name]
    await _index(session, await _of_products(session, team_id, renamed), after)


async def upsert_prices(session: AsyncSession, team_id: str, prices: Sequence[Price]) -> None:
    """Mirrors prices, and what they are searched and sorted by; one that is older (`stripe_at`) than what we hold
    changes nothing.

    A price whose product isn't mirrored yet is searched by the name in `data["product"]` if that is expanded.
    """
    names = await _names(session, team_id, {price.product_id for price in prices})
    values = [{**price.model_dump(), "search": _search(price, names), "sort": _sort(price, names)} for price in prices]
    await rows.upsert(session, Price, values, newer="stripe_at")


async def delete_product(session: AsyncSession, team_id: str, product_id: str, stripe_at: float) -> None:
    """Stripe deleted a product. It stays as an inactive row, so that an older event arriving late can't revive it."""
    gone = {"id": product_id, "deleted": True}
    tombstone = Product(
        team_id=team_id, id=product_id, name="", active=False, deleted=True, data=gone, stripe_at=stripe_at
    )
    await upsert_products(session, team_id, [tombstone])


async def delete_price(session: AsyncSession, team_id: str, price_id: str, stripe_at: float) -> None:
    """Stripe deleted a price. It stays as an inactive row, so that an older event arriving late can't revive it."""
    gone = {"id": price_id, "deleted": True}
    held = await price(session, team_id, price_id)
    product_id, currency = (held.product_id, held.currency) if held else ("", "")
    tombstone = Price(
        team_id=team_id,
        id=price_id,
        product_id=product_id,
        active=False,
        currency=currency,
        data=gone,
        stripe_at=stripe_at,
    )
    await upsert_prices(session, team_id, [tombstone])


async def unseen(session: AsyncSession, team_id: str, kind: Literal["products", "prices"], since: float) -> list[str]:
    """Ids of what we hold as there although it was last known to be true before `since`."""
    if kind == "products":
        held = select(col(Product.id)).where(col(Product.deleted).is_(False), col(Product.stripe_at) < since)
        return list(await session.scalars(held.where(col(Product.team_id) == team_id)))
    prices = select(col(Price.id)).where(col(Price.sort) != _GONE, col(Price.stripe_at) < since)
    return list(await session.scalars(prices.where(col(Price.team_id) == team_id)))


async def product(session: AsyncSession, team_id: str, product_id: str) -> Product | None:
    """The product, or None."""
    return await rows.find(session, Product, team_id, product_id, for_update=False)


async def products(session: AsyncSession, team_id: str, product_ids: Collection[str]) -> dict[str, Product]:
    """Those of the products that are mirrored, by id."""
    query, given = _products(rows.dialect(session).name), {"team": team_id, "ids": product_ids}
    return {found.id: found for found in await session.scalars(query, given)}


async def price(session: AsyncSession, team_id: str, price_id: str) -> Price | None:
    """The price, or None."""
    return await rows.find(session, Price, team_id, price_id, for_update=False)


async def count(session: AsyncSession, team_id: str) -> int:
    """How many prices are mirrored, archived ones too."""
    return (await session.scalars(select(func.count()).where(col(Price.team_id) == team_id))).one()


async def search_prices(
    session: AsyncSession, team_id: str, text: str, limit: int, currency: str | None = None
) -> Sequence[Price]:
    """Prices one can sell (active, of a product not archived) that hold every word of `text`: by product name, and
    those of one product by currency, period and amount."""
    archived = exists().where(
        col(Product.team_id) == col(Price.team_id),
        col(Product.id) == col(Price.product_id),
        col(Product.active).is_(False),
    )
    query = select(Price).where(col(Price.team_id) == team_id, col(Price.active).is_(True), ~archived)
    if currency is not None:
        query = query.where(col(Price.currency) == currency)
    query = query.order_by(col(Price.sort)).limit(limit)
    words = search.words(text)
    if words and currency:
        words.append(currency)  # it is among the words, and there an index finds both at once
    return await search.first(session, Price, query, team_id, words)


async def product_page(
    session: AsyncSession, team_id: str, text: str, limit: int, *, active: bool | None = None, after: str | None = None
) -> Sequence[Product]:
    """Products that hold every word of `text`, by name: all, or those archived or not; those after the product `after`
    where one is named."""
    query = select(Product).where(col(Product.team_id) == team_id, col(Product.deleted).is_(False))
    if active is not None:
        query = query.where(col(Product.active).is_(active))
    if after is not None and (last := await product(session, team_id, after)):
        query = query.where(tuple_(col(Product.search), col(Product.id)) > (last.search, last.id))
    query = query.order_by(col(Product.search), col(Product.id)).limit(limit)
    return await search.first(session, Product, query, team_id, search.words(text))


async def prices_of(session: AsyncSession, team_id: str, product_id: str, limit: int, skip: int = 0) -> Sequence[Price]:
    """The prices of a product that aren't deleted, active ones first, each by currency, period and amount."""
    query = (
        select(Price)
        .where(col(Price.team_id) == team_id, col(Price.product_id) == product_id)
        .where(col(Price.sort) != _GONE)
        .order_by(col(Price.active).desc(), col(Price.sort))
    )
    return (await session.scalars(query.offset(skip).limit(limit))).all()


async def count_prices(session: AsyncSession, team_id: str, product_ids: Collection[str]) -> dict[str, int]:
    """How many active prices each of the products has; those without any aren't there."""
    query = (
        select(col(Price.product_id), func.count().label("number"))
        .where(col(Price.team_id) == team_id, col(Price.product_id).in_(product_ids), col(Price.active).is_(True))
        .group_by(col(Price.product_id))
    )
    return {row.product_id: row.number for row in await session.execute(query)}


async def _of_products(session: AsyncSession, team_id: str, product_ids: Sequence[str]) -> Sequence[Price]:
    if not product_ids:
        return []
    query = select(Price).where(col(Price.team_id) == team_id, col(Price.product_id).in_(product_ids))
    return (await session.scalars(query)).all()


async def _names(session: AsyncSession, team_id: str, product_ids: Collection[str]) -> dict[str, str]:
    query, given = _product_names(rows.dialect(session).name), {"team": team_id, "ids": product_ids}
    return {row.id: row.name for row in await session.execute(query, given)}


@cache
def _products(dialect: str) -> Select[Product]:
    return select(Product).where(
        col(Product.team_id) == bindparam("team"), rows.among(dialect, rows.table(Product).c.id, "ids")
    )


@cache
def _product_names(dialect: str) -> Select[str, str]:
    return _products(dialect).with_only_columns(col(Product.id), col(Product.name))


async def _index(session: AsyncSession, prices: Sequence[Price], names: dict[str, str]) -> None:
    for found in prices:
        found.search, found.sort = _search(found, names), _sort(found, names)
    await session.flush()


def _product_search(product: Product) -> str:
    return "" if product.deleted else search.fold(product.name, product.id, product.data.get("description"))


def _name(price: Price, names: dict[str, str]) -> str | None:
    expanded: Any = price.data.get("product")
    return names.get(price.product_id) or (expanded.get("name") if isinstance(expanded, dict) else None)


def _sort(price: Price, names: dict[str, str]) -> str:
    """A price's place in lists, as a text that compares: by product, currency, period, amount, in this order."""
    if price.data.get("deleted"):
        return _GONE
    recurring = price.data.get("recurring") or {}
    days = _DAYS.get(str(recurring.get("interval")), 0) * (recurring.get("interval_count") or 1)
    of_product = search.fold(_name(price, names), price.product_id)
    return f"{of_product} {price.currency} {days:05} {_least_amount(price.data):018.3f} {price.id}"


def _least_amount(price: Json) -> Decimal:
    """The least that one of it may cost, in minor units."""
    custom, tiers = price.get("custom_unit_amount") or {}, price.get("tiers") or ()
    holders = tiers or [{"unit_amount": custom.get("minimum")} if custom else price]
    amounts = (one.get("unit_amount_decimal") or one.get("unit_amount") or 0 for one in holders)
    return min((Decimal(str(amount)) for amount in amounts), default=Decimal(0))


def _search(price: Price, names: dict[str, str]) -> str:
    return search.fold(
        _name(price, names), price.data.get("nickname"), price.data.get("lookup_key"), price.currency, price.id
    )
