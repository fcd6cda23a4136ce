"""What is left in the app's database."""

from collections.abc import Set

from sqlalchemy import select
from sqlmodel import col

from storage.models import Card, StripeEvent
from tests.running.town import Town

_OPEN = ("due", "uncertain")


async def waiting(town: Town) -> dict[str, float]:
    """When what is still to be worked on is due, by the ids of the events and of what the cards are about."""
    events = select(col(StripeEvent.id), col(StripeEvent.due_at)).where(col(StripeEvent.state) == "new")
    cards = select(col(Card.subject_id), col(Card.due_at)).where(col(Card.state).in_(_OPEN))
    async with town.reading() as session:
        return {id: due_at for query in (events, cards) for id, due_at in await session.execute(query)}


async def digested(town: Town, payments: Set[str]) -> set[str]:
    """Those of these payments (ids) that a digest tells of."""
    if not payments:
        return set()
    query = select(col(Card.subject_id)).where(col(Card.subject_id).in_(payments), col(Card.digest_id).is_not(None))
    async with town.reading() as session:
        return set(await session.scalars(query))


async def stored(town: Town) -> set[str]:
    """The ids of all events in the inbox, done or not."""
    async with town.reading() as session:
        return set(await session.scalars(select(col(StripeEvent.id))))


async def lost(town: Town, acknowledged: Set[str]) -> list[str]:
    """Events that the app has answered 2xx for and doesn't have."""
    return [f"event {event} was acknowledged and is lost" for event in sorted(acknowledged - await stored(town))]


async def stuck(town: Town, closed: Set[str], poison: Set[str] = frozenset()) -> list[str]:
    """Rows that aren't done: none may wait, and dead may be `poison` (events' ids) and a card whose message stands in a
    closed channel, where it can't be changed any more."""
    async with town.reading() as session:
        events = await session.scalars(select(StripeEvent).where(col(StripeEvent.state).in_(("new", "dead"))))
        cards = await session.scalars(select(Card).where(col(Card.state).in_((*_OPEN, "dead"))))
        return [
            *(
                f"event {event.id} is {event.state}: {event.reason}"
                for event in events
                if not (event.state == "dead" and event.id in poison)
            ),
            *(
                f"the {card.subject_kind}'s card {card.id} is {card.state}: {card.reason}"
                for card in cards
                if not (card.state == "dead" and card.ts and card.posted_channel in closed)
            ),
        ]
