"""What is asked for at the same moment is read once."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.services.together import Together


class Shelf:
    """Squares of numbers, and what was asked of it at once."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []
        self.first_asked = asyncio.Event()

    async def read(self, numbers: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(numbers)
        self.first_asked.set()
        await asyncio.sleep(0)
        if 13 in numbers:
            raise LookupError
        return {number: number * number for number in numbers if number > 0}


async def test_those_who_ask_together_share_one_reading() -> None:
    shelf = Shelf()
    together = Together(shelf.read)
    assert await asyncio.gather(*(together.get(number) for number in (3, 0, 3, 2))) == [9, None, 9, 4]
    assert await together.get(3) == 9
    assert shelf.asked == [(3, 0, 2), (3,)]


async def test_who_asks_while_it_is_read_gets_a_reading_that_begins_later() -> None:
    shelf = Shelf()
    together = Together(shelf.read)
    first = asyncio.create_task(together.get(1))
    await shelf.first_asked.wait()
    assert (await together.get(1), await first) == (1, 1)
    assert shelf.asked == [(1,), (1,)]


async def test_a_failed_reading_fails_all_who_shared_it_and_nobody_after() -> None:
    together = Together(Shelf().read)
    answers = await asyncio.gather(together.get(13), together.get(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError, LookupError]
    assert await together.get(2) == 4


async def test_one_who_is_cancelled_leaves_the_others_their_answer() -> None:
    together = Together(Shelf().read)
    gone, waiting = asyncio.create_task(together.get(2)), asyncio.create_task(together.get(3))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await waiting == 9
