"""What is left to do with an event once Stripe was asked what it doesn't say: steps in the worker's transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from storage import cards, channels, held_payments


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an event ended; `reason` says why it was ignored, or that it told nothing new."""

    state: Literal["done", "ignored"]
    reason: str = ""


Step = Callable[[AsyncSession], Awaitable[Outcome]]
"""Writes, and says how the event ended. May be run again in a new transaction."""


@dataclass(frozen=True, slots=True)
class Question:
    """What only Stripe can say, without which there is no step. `ask` raises GatewayError: to be tried again later."""

    ask: Callable[[], Awaitable[Step]]


@dataclass(frozen=True, slots=True)
class OfPayment:
    """A step that names its payment, the link that it writes, if any, and the channel where the payment would get its
    first card, if that is known."""

    payment_id: str
    step: Step
    link_id: str = ""
    channel_id: str = ""

    async def __call__(self, session: AsyncSession) -> Outcome:
        return await self.step(session)


@dataclass(frozen=True, slots=True)
class OfLink:
    """A step that names the link that it writes."""

    link_id: str
    step: Step

    async def __call__(self, session: AsyncSession) -> Outcome:
        return await self.step(session)


def written_link(step: Step) -> str:
    """The id of the link that a step writes, and locks; empty: none.

    Steps of one transaction are to be run in the order of these: whoever locks several links does it in the order of
    their ids.
    """
    return step.link_id if isinstance(step, (OfPayment, OfLink)) else ""


@asynccontextmanager
async def together(session: AsyncSession, team_id: str, steps: Sequence[Step]) -> AsyncIterator[None]:
    """Within this block these steps are to be run: what each would read and write by itself is read at its beginning
    and written at its end, at once."""
    of_payments = [step for step in steps if isinstance(step, OfPayment)]
    ids = {step.payment_id for step in of_payments}
    async with held_payments.gathered(session, team_id, ids), cards.gathered(session):
        places = await cards.hold(session, team_id, "payment", ids)
        await channels.hold(session, team_id, places | {step.channel_id for step in of_payments if step.channel_id})
        yield


def writing(write: Callable[[AsyncSession], Awaitable[None]]) -> Step:
    """The step that only writes."""

    async def step(session: AsyncSession) -> Outcome:
        await write(session)
        return Outcome("done")

    return step


def ignore(reason: str) -> Step:
    """The step of an event that is none of ours, or too old."""

    async def step(session: AsyncSession) -> Outcome:
        return Outcome("ignored", reason)

    return step
