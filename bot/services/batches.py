"""Reading long lists a piece at a time."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def batches(items: AsyncGenerator[T], size: int) -> AsyncGenerator[list[T]]:
    """The items in lists of `size`, the last one shorter. Nothing is read ahead; closing this closes `items`."""
    async with aclosing(items):
        batch: list[T] = []
        async for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch
