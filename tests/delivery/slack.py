"""Slack's channels in memory: what a worker sees of Slack, with troubles on demand."""

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import SlackRefused, SlackUncertain
from bot.gateways.slack import Message


@dataclass
class Posted:
    """A message that stands."""

    channel: str
    ts: str
    key: str
    text: str
    blocks: tuple[object, ...] = ()
    thread_ts: str | None = None
    broadcast: bool = False


@dataclass
class MemorySlack:
    """Answers like `SlackGateway`. `closed` maps a channel to the error that posts and updates there meet."""

    messages: list[Posted] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, deque[Exception]] = field(default_factory=dict)
    answers_lost: int = 0
    held_back: list[Posted] | None = None
    """Where posts wait until they `arrive`, nobody being told; None: they stand at once."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What happens, once, after a post or an update was done and before its answer arrives."""

    def trouble(self, method: str, *errors: Exception) -> None:
        """The next calls of a method end in these errors, with nothing done."""
        self.troubles.setdefault(method, deque()).extend(errors)

    def texts(self, channel: str) -> list[str]:
        """What one reads in a channel, from top to bottom."""
        return [one.text for one in self.messages if one.channel == channel and one.thread_ts is None]

    def thread(self, channel: str, ts: str) -> list[str]:
        """What one reads in a thread below its first message, from top to bottom."""
        return [one.text for one in self.messages if (one.channel, one.thread_ts) == (channel, ts)]

    async def post(self, channel: str, message: Message, *, key: str, thread_ts: str | None = None) -> str:
        self._meet("post", channel)
        if thread_ts and not any((one.channel, one.ts) == (channel, thread_ts) for one in self.messages):
            raise SlackRefused("thread_not_found")
        ts = f"{len(self.messages) + 1}.000000"
        posted = Posted(channel, ts, key, message.text, message.blocks, thread_ts, message.broadcast)
        if self.held_back is not None:
            self.held_back.append(posted)
            raise SlackUncertain("Slack didn't answer.")
        self.messages.append(posted)
        await self._answer()
        return ts

    def arrive(self) -> None:
        """What was held back stands now, and nothing is held back any more."""
        self.messages += self.held_back or []
        self.held_back = None

    async def update(self, channel: str, ts: str, message: Message, key: str) -> None:
        self._meet("update", channel)
        for posted in self.messages:
            if (posted.channel, posted.ts) == (channel, ts):
                posted.text, posted.blocks = message.text, message.blocks
                await self._answer()
                return
        raise SlackRefused("message_not_found")

    async def find(self, channel: str, key: str, since: float, thread_ts: str | None = None) -> str | None:
        self._meet("find", "")
        place = (channel, key, thread_ts)
        found = [message.ts for message in self.messages if (message.channel, message.key, message.thread_ts) == place]
        return found[-1] if found else None

    async def dm(self, user_id: str) -> str:
        self._meet("dm", "")
        return f"D{user_id}"

    def _meet(self, method: str, channel: str) -> None:
        self.calls[method] += 1
        if waiting := self.troubles.get(method):
            raise waiting.popleft()
        if channel in self.closed:
            raise SlackRefused(self.closed[channel])

    async def _answer(self) -> None:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        if self.answers_lost:
            self.answers_lost -= 1
            raise SlackUncertain("Slack didn't answer.")
