"""Reading together what many ask for at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class Together(Generic[Key, Found]):
    """Whoever asks while others are about to, shares one reading with them."""

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]]) -> None:
        """`read` answers those of the keys (each once) that it finds."""
        self._read = read
        self._reading: asyncio.Task[Mapping[Key, Found]] | None = None
        self._asked: dict[Key, None] = {}

    async def get(self, key: Key) -> Found | None:
        """What is found for the key by a reading that begins after this call. Raises what the reading raises."""
        self._asked[key] = None
        if self._reading is None:
            self._reading = asyncio.create_task(self._soon())
        # One of those who wait may be cancelled without taking the answer from the others.
        return (await asyncio.shield(self._reading)).get(key)

    async def _soon(self) -> Mapping[Key, Found]:
        await asyncio.sleep(0)
        asked, self._asked, self._reading = tuple(self._asked), {}, None
        return await self._read(asked)
