from collections.abc import AsyncGenerator

import pytest

from bot.services.batches import batches


class Numbers:
    """Counts, and remembers how far it was read and whether it was closed."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.read = 0
        self.closed = False

    async def __call__(self) -> AsyncGenerator[int]:
        try:
            for number in range(self.end):
                self.read += 1
                yield number
        finally:
            self.closed = True


@pytest.mark.parametrize(
    ("end", "expected"), [(0, []), (1, [[0]]), (2, [[0, 1]]), (3, [[0, 1], [2]]), (4, [[0, 1], [2, 3]])]
)
async def test_everything_comes_in_order(end: int, expected: list[list[int]]) -> None:
    numbers = Numbers(end)
    assert [batch async for batch in batches(numbers(), 2)] == expected
    assert numbers.closed


async def test_nothing_is_read_ahead_and_breaking_off_closes_the_source() -> None:
    numbers = Numbers(5)
    groups = batches(numbers(), 2)
    assert await anext(groups) == [0, 1]
    assert numbers.read == 2
    await groups.aclose()
    assert numbers.closed
