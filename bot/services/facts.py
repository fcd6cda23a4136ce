"""What is known of the prices and shipping rates that a link's options name, by our mirror of them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.links.draft import LinkDraft
from bot.links.options.base import OptionGroup
from bot.links.options.facts import Facts
from bot.links.prices import catalog_price
from bot.links.shipping import rate_fact
from storage import catalog, stripe_objects
from storage.database import Database

Json = Mapping[str, Any]


class FactService:
    """The facts of one workspace's Stripe account."""

    def __init__(self, db: Database, team_id: str) -> None:
        self._db = db
        self._team_id = team_id

    async def informed(self, group: OptionGroup) -> OptionGroup:
        """The group with what is known of the objects it names."""
        if not (ids := group.picked()):
            return group
        async with self._db.read() as session:
            return group.informed(await _facts(session, self._team_id, ids))


async def informed(session: AsyncSession, team_id: str, draft: LinkDraft) -> LinkDraft:
    """The draft, each of its options with what is known of the objects it names."""
    ids = {id for group in draft.options.values() for id in group.picked()}
    if not ids:
        return draft
    facts = await _facts(session, team_id, ids)
    for group in draft.options.values():
        draft = draft.with_option(group.informed(facts))
    return draft


async def _facts(session: AsyncSession, team_id: str, ids: Collection[str]) -> Facts:
    prices = [found for id in ids if (found := await catalog.price(session, team_id, id))]
    products = await catalog.products(session, team_id, {price.product_id for price in prices})
    rates = await stripe_objects.some(session, team_id, "shipping_rate", ids)
    return Facts(
        prices={
            price.id: catalog_price(price.data, products[price.product_id].data)
            for price in prices
            if price.product_id in products and not price.data.get("deleted")
        },
        rates={id: rate_fact(rate.data) for id, rate in rates.items() if not rate.deleted},
    )
