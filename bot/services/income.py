"""What links brought in: read for many at once, with the links they took the place of."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.lineage import predecessors, successor
from storage import payments, renewals
from storage.models import Link
from storage.payments import Total
from storage.renewals import RenewedTotal


@dataclass(frozen=True, slots=True)
class Income:
    """A link with what was paid through it and through those it took the place of, `before` (the last one first);
    `after` took its own place."""

    link: Link
    before: tuple[Link, ...]
    after: Link | None
    payments: tuple[Total, ...]
    renewals: tuple[RenewedTotal, ...]


async def read_incomes(session: AsyncSession, team_id: str, links: Sequence[Link]) -> list[Income]:
    """One for each of the links, in their order."""
    if not links:
        return []
    before = [await predecessors(session, link) for link in links]
    counted = [[one.id for one in (link, *earlier)] for link, earlier in zip(links, before, strict=True)]
    every = list({link_id for ids in counted for link_id in ids})
    paid = await payments.totals(session, team_id, every)
    renewed = await renewals.totals(session, team_id, every)
    return [
        Income(
            link,
            tuple(earlier),
            await successor(session, link),
            tuple(total for one in ids for total in paid.get(one, ())),
            tuple(total for one in ids for total in renewed.get(one, ())),
        )
        for link, earlier, ids in zip(links, before, counted, strict=True)
    ]
