"""Many payments in one channel at once, on a clock of their own: a digest instead of a flood, and all are counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.delivery.card_worker import DIGEST_AFTER
from tests.chaos import verdict
from tests.chaos.ledger import Ledger
from tests.conftest import Clock
from tests.harness import world
from tests.journeys.steps import make_link

WAVES = 10
WAVE_SECONDS = 5.0
"""The payments come in waves, so that some come while others are being posted."""

MOST = int(WAVES * WAVE_SECONDS) + DIGEST_AFTER + 2
"""More messages than these are a flood: one a second while the payments come, as many as may wait afterwards without
becoming a digest, that digest, and the link's card."""


@dataclass(frozen=True)
class BurstFigures:
    """`messages` stand in the channel; `closest` are seconds between two posts."""

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
        messages, closest = len(town.slack.messages("sales")), verdict.fastest(town.slack.calls)
        return BurstFigures(
            payments=len(ledger.bought),
            messages=messages,
            seconds=clock() - began,
            closest=closest,
            problems=[*verdict.problems(town.slack, town.stripe, ledger), *_of_a_flood(messages, closest)],
        )


def _of_a_flood(messages: int, closest: float) -> Iterator[str]:
    if messages > MOST:
        yield f"{messages:,} messages stand in the channel, more than {MOST}"
    if closest < 1.0:
        yield f"two posts in the channel were {closest:.3f} s apart"
