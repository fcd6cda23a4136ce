"""Many payments in one channel at once, on a clock of their own: a digest instead of a flood, and all are counted."""

from dataclasses import dataclass

from tests.chaos import verdict
from tests.chaos.ledger import Ledger
from tests.conftest import Clock
from tests.harness import world
from tests.journeys.steps import make_link

WAVES = 10
WAVE_SECONDS = 5.0
"""The payments come in waves, so that some come while others are being posted."""


@dataclass(frozen=True)
class BurstFigures:
    """`messages` stand in the channel, `posts` were tried at all; `closest` are seconds between two of them."""

    payments: int
    messages: int
    seconds: float
    closest: float
    problems: list[str]


async def burst(database_url: str, payments: int) -> BurstFigures:
    """Runs it on a fresh, migrated database."""
    clock, ledger = Clock(), Ledger()
    async with world(database_url, clock) as town:
        town.slack.limits.per_method.clear()
        link = await make_link(town)
        ledger.links[link["id"]] = link
        ledger.channels[link["id"]] = town.slack.channel("sales").id
        began = clock()
        for wave in range(WAVES):
            for _ in range(payments * (wave + 1) // WAVES - len(ledger.bought)):
                session = await town.stripe.pay(link["url"], email=ledger.next_email, name="A customer")
                ledger.add(link, session, "Paid")
            await town.stripe.delivered()
            await town.paylink.inbox_worker.drain()
            await town.paylink.card_worker.step()
            clock.advance(WAVE_SECONDS)
        await town.settle()
        return BurstFigures(
            payments=len(ledger.bought),
            messages=len(town.slack.messages("sales")),
            seconds=clock() - began,
            closest=verdict.fastest(town.slack.calls),
            problems=verdict.problems(town.slack, town.stripe, ledger),
        )
