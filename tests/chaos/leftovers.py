"""What is left in the app's database."""

from collections.abc import Set

from sqlalchemy import select
from sqlmodel import col

from storage.models import Card, StripeEvent
from tests.running.town import Town

_OPEN = ("due", "uncertain")


async def waiting(town: Town) -> bool:
    """Whether an event or a card is still to be worked on."""
    async with town.reading() as session:
        event = await session.scalar(select(col(StripeEvent.id)).where(col(StripeEvent.state) == "new").limit(1))
        card = await session.scalar(select(col(Card.id)).where(col(Card.state).in_(_OPEN)).limit(1))
        return event is not None or card is not None


async def stored(town: Town) -> set[str]:
    """The ids of all events in the inbox, done or not."""
    async with town.reading() as session:
        return set(await session.scalars(select(col(StripeEvent.id))))


async def lost(town: Town, acknowledged: Set[str]) -> list[str]:
    """Events that the app has answered 2xx for and doesn't have."""
    return [f"event {event} was acknowledged and is lost" for event in sorted(acknowledged - await stored(town))]


async def stuck(town: Town, closed: Set[str]) -> list[str]:
    """Rows that aren't done: none may wait, and dead may be a card only whose message stands in a closed channel, where
    it can't be changed any more."""
    async with town.reading() as session:
        events = await session.scalars(select(StripeEvent).where(col(StripeEvent.state).in_(("new", "dead"))))
        cards = await session.scalars(select(Card).where(col(Card.state).in_((*_OPEN, "dead"))))
        return [
            *(f"event {event.id} is {event.state}: {event.reason}" for event in events),
            *(
                f"the {card.subject_kind}'s card {card.id} is {card.state}: {card.reason}"
                for card in cards
                if not (card.state == "dead" and card.ts and card.posted_channel in closed)
            ),
        ]
