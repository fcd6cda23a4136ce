"""The mirror of Stripe's products and prices."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows, search
from storage.models import Price, Product


async def upsert_products(session: AsyncSession, team_id: str, products: Sequence[Product]) -> None:
    """Mirrors products; one that is older (`stripe_at`) than what we hold changes nothing."""
    before = await _names(session, team_id, [product.id for product in products])
    await rows.upsert(session, Product, [product.model_dump() for product in products], newer="stripe_at")
    after = await _names(session, team_id, [product.id for product in products])
    renamed = [product_id for product_id, name in after.items() if before.get(product_id) != name]
    await _index(session, await _of_products(session, team_id, renamed), after)


async def upsert_prices(session: AsyncSession, team_id: str, prices: Sequence[Price]) -> None:
    """Mirrors prices, and what they are searched by; one that is older (`stripe_at`) than what we hold changes nothing.

    A price whose product isn't mirrored yet is searched by the name in `data["product"]` if that is expanded.
    """
    names = await _names(session, team_id, {price.product_id for price in prices})
    values = [{**price.model_dump(), "search": _search(price, names)} for price in prices]
    await rows.upsert(session, Price, values, newer="stripe_at")


async def delete_product(session: AsyncSession, team_id: str, product_id: str, stripe_at: float) -> None:
    """Stripe deleted a product. It stays as an inactive row, so that an older event arriving late can't revive it."""
    gone = {"id": product_id, "deleted": True}
    product = Product(team_id=team_id, id=product_id, name="", active=False, data=gone, stripe_at=stripe_at)
    await upsert_products(session, team_id, [product])


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


async def product(session: AsyncSession, team_id: str, product_id: str) -> Product | None:
    """The product, or None."""
    return await rows.find(session, Product, team_id, product_id, for_update=False)


async def products(session: AsyncSession, team_id: str, product_ids: Collection[str]) -> dict[str, Product]:
    """Those of the products that are mirrored, by id."""
    query = select(Product).where(col(Product.team_id) == team_id, col(Product.id).in_(product_ids))
    return {found.id: found for found in await session.scalars(query)}


async def named_products(session: AsyncSession, team_id: str, text: str, limit: int) -> Sequence[Product]:
    """Products not archived whose names hold every word of `text`, by name."""
    name = func.lower(col(Product.name))
    query = select(Product).where(col(Product.team_id) == team_id, col(Product.active).is_(True))
    query = query.where(*(name.contains(word, autoescape=True) for word in search.words(text)))
    return (await session.scalars(query.order_by(name, col(Product.id)).limit(limit))).all()


async def price(session: AsyncSession, team_id: str, price_id: str) -> Price | None:
    """The price, or None."""
    return await rows.find(session, Price, team_id, price_id, for_update=False)


async def count(session: AsyncSession, team_id: str) -> int:
    """How many prices are mirrored, archived ones too."""
    return (await session.scalars(select(func.count()).where(col(Price.team_id) == team_id))).one()


async def search_prices(
    session: AsyncSession, team_id: str, text: str, limit: int, currency: str | None = None
) -> Sequence[Price]:
    """Prices one can sell (active, of a product not archived) that hold every word of `text`, by product name."""
    archived = exists().where(
        col(Product.team_id) == col(Price.team_id),
        col(Product.id) == col(Price.product_id),
        col(Product.active).is_(False),
    )
    query = select(Price).where(col(Price.team_id) == team_id, col(Price.active).is_(True), ~archived)
    if currency is not None:
        query = query.where(col(Price.currency) == currency)
    query = query.order_by(col(Price.search)).limit(limit)
    return await search.first(session, Price, query, team_id, search.words(text))


async def _of_products(session: AsyncSession, team_id: str, product_ids: Sequence[str]) -> Sequence[Price]:
    if not product_ids:
        return []
    query = select(Price).where(col(Price.team_id) == team_id, col(Price.product_id).in_(product_ids))
    return (await session.scalars(query.order_by(col(Price.search)))).all()


async def _names(session: AsyncSession, team_id: str, product_ids: Collection[str]) -> dict[str, str]:
    query = select(col(Product.id), col(Product.name)).where(
        col(Product.team_id) == team_id, col(Product.id).in_(product_ids)
    )
    return {row.id: row.name for row in await session.execute(query)}


async def _index(session: AsyncSession, prices: Sequence[Price], names: dict[str, str]) -> None:
    for found in prices:
        found.search = _search(found, names)
    await session.flush()


def _search(price: Price, names: dict[str, str]) -> str:
    expanded: Any = price.data.get("product")
    name = names.get(price.product_id) or (expanded.get("name") if isinstance(expanded, dict) else None)
    return search.fold(name, price.data.get("nickname"), price.data.get("lookup_key"), price.currency, price.id)
