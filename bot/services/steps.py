"""What is left to do with an event once Stripe was asked what it doesn't say: steps in the worker's transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from storage import cards, payments


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
    """A step that names its payment."""

    payment_id: str
    step: Step

    async def __call__(self, session: AsyncSession) -> Outcome:
        return await self.step(session)


async def hold(session: AsyncSession, team_id: str, steps: Sequence[Step]) -> None:
    """Reads at once, in the transaction that these steps will write in, what each would read by itself."""
    ids = [step.payment_id for step in steps if isinstance(step, OfPayment)]
    if len(ids) > 1:
        await payments.hold(session, team_id, ids)
        await cards.hold(session, team_id, "payment", ids)


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
