import pytest

from bot.delivery.periodic import RETRY_SECONDS, Periodic
from bot.errors import StripeUnavailable
from tests.conftest import Clock


class Work:
    """Counts how often it was done; fails when told to."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = False

    async def __call__(self) -> None:
        if self.fails:
            raise StripeUnavailable("Stripe is not answering.")
        self.done += 1


async def test_it_is_done_at_once_and_then_at_its_interval(clock: Clock) -> None:
    work = Work()
    periodic = Periodic(work, 60, clock)
    for _ in range(3):
        assert await periodic.advance() == 0
    assert work.done == 1
    assert await periodic.next_due() == clock() + 60
    clock.advance(60)
    await periodic.advance()
    assert work.done == 2
    await periodic.stop()


async def test_after_a_failure_it_is_done_again_sooner(clock: Clock) -> None:
    work = Work()
    periodic = Periodic(work, 3600, clock)
    work.fails = True
    with pytest.raises(StripeUnavailable):
        await periodic.advance()
    assert await periodic.next_due() == clock() + RETRY_SECONDS
    work.fails = False
    clock.advance(RETRY_SECONDS)
    await periodic.advance()
    assert work.done == 1
    assert await periodic.next_due() == clock() + 3600
