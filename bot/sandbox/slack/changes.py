"""Word of every change: to the browser tabs that are open, and to tests that wait for something to happen."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.sandbox.slack.errors import NeverHappened
from bot.sandbox.slack.kinds import Json

T = TypeVar("T")


class Changes:
    """Carries events to the tabs of the users they are for, and wakes whoever waits in `until`."""

    def __init__(self) -> None:
        self._tabs: dict[asyncio.Queue[Json | None], str] = {}
        self._waiting: set[asyncio.Future[None]] = set()

    def open_tab(self, user_id: str) -> asyncio.Queue[Json | None]:
        """A queue of this user's events; `None` in it means that the sandbox closes."""
        tab: asyncio.Queue[Json | None] = asyncio.Queue()
        self._tabs[tab] = user_id
        return tab

    def close_tab(self, tab: asyncio.Queue[Json | None]) -> None:
        """Forget a queue."""
        self._tabs.pop(tab, None)

    def tell(self, users: Iterable[str], event: Json) -> None:
        """Send an event of the page's protocol to these users, and wake the waiting."""
        audience = frozenset(users)
        for tab, user_id in self._tabs.items():
            if user_id in audience:
                tab.put_nowait(event)
        self.wake()

    def wake(self) -> None:
        """Something changed: let `until` look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """End all tabs."""
        for tab in self._tabs:
            tab.put_nowait(None)

    async def until(self, condition: Callable[[], T], seconds: float, describe: Callable[[], str]) -> T:
        """Return the condition's first true value, looking again after each change.

        Raises `NeverHappened` after `seconds`, with `describe()` in its message.
        """
        try:
            async with asyncio.timeout(seconds):
                while not (value := condition()):
                    await self._next()
                return value
        except TimeoutError:
            raise NeverHappened(f"not within {seconds:g} s. What stands in Slack:\n{describe()}") from None

    async def _next(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
