"""One card's way to Slack: look for it if need be, render it, post or update it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.errors import PaylinkError, SlackRateLimited, SlackRefused, SlackUnavailable
from bot.gateways.slack import Message
from storage.models import Card
from storage.outbox import Claim
from storage.replies import Thread

CLOCK_SKEW = 300.0
"""How far Slack's clock and ours may be apart, in seconds, when a message is looked for."""

OUT_OF_REACH = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
    }
)
"""Slack's errors (`chat.postMessage`) for a channel where the app may not speak."""

GONE = frozenset({"message_not_found", "cant_update_message"})
"""Slack's errors (`chat.update`) for a message that is no longer there or not ours to change."""

REFUSED_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_NOT_DONE = (SlackRefused, SlackRateLimited, SlackUnavailable)

Render = Callable[[Card], Awaitable[Message | None]]
"""What the card shows now, None for nothing; `posted_channel` other than `channel_id` says that it goes to a DM."""

Fallback = Callable[[Card], Awaitable[str | None]]
"""The user to write to when the app can't speak in the card's channel; None: nobody."""

FindThread = Callable[[Card], Awaitable[Thread | None]]
"""Where a reply's thread is now; None while its payment's message doesn't stand."""

Redirect = Callable[[str], Awaitable[bool]]
"""Takes another channel's turn, and writes down that the post goes there; False: the card is no longer ours. Raises
Waits."""


class SlackPort(Protocol):
    """The part of the Slack gateway that cards need."""

    async def post(self, channel: str, message: Message, *, key: str, thread_ts: str | None = None) -> str: ...
    async def update(self, channel: str, ts: str, message: Message, key: str) -> None: ...
    async def find(self, channel: str, key: str, since: float, thread_ts: str | None = None) -> str | None: ...
    async def dm(self, user_id: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in Slack: which version, where; `ts` None when there is nothing to show."""

    channel_id: str
    ts: str | None
    version: int


class Unreachable(PaylinkError):
    """There is nowhere to put the message, and nobody to send it to."""


class Homeless(PaylinkError):
    """A reply whose thread isn't there."""


class Lost(PaylinkError):
    """Another worker holds the card by now."""


class LookLimited(SlackRateLimited):
    """Slack has us wait until we may look for an earlier post; it may still be posted in the channel meanwhile."""


class Waits(SlackRateLimited):
    """It has to go to another channel, where something else is being posted or was just now."""


class Sending:
    """One attempt. `unsure` says at any moment whether a post of this card may stand in Slack unknown to us."""

    def __init__(
        self,
        slack: SlackPort,
        render: Render,
        fallback: Fallback,
        find_thread: FindThread,
        redirect: Redirect,
        claim: Claim,
    ) -> None:
        self._slack = slack
        self._render = render
        self._fallback = fallback
        self._find_thread = find_thread
        self._redirect = redirect
        self._thread: Thread | None = None
        self._redirected: str | None = None
        self._card = claim.card
        self._version = claim.version
        self.unsure = claim.unsure

    async def run(self) -> Standing:
        """Brings the card up to date. Raises the Slack gateway's errors, LookLimited, Homeless, Unreachable, Waits
        or Lost."""
        if self._card.ts is not None:
            return await self._update(self._card.ts)
        if self._card.parent_id is not None:
            await self._enter_thread()
        if self.unsure:
            since = self._card.updated_at - CLOCK_SKEW
            found = await self._find(since)
            if found is not None:
                return Standing(self._place, found, self._card.standing)
            self.unsure = False
        if self._place not in (self._card.channel_id, self._redirected):
            await self._go_to(self._place)
        while True:
            try:
                return await self._post()
            except SlackRefused as refused:
                if refused.code not in OUT_OF_REACH:
                    raise
                await self._turn_to_dm(refused)

    @property
    def _place(self) -> str:
        return self._card.posted_channel or self._card.channel_id

    @property
    def _thread_ts(self) -> str | None:
        """None where there is no thread: for what stands in a channel itself, and for a reply that had to go to a
        person whose messages its payment's message isn't in."""
        return self._thread.ts if self._thread and self._thread.channel_id == self._place else None

    async def _enter_thread(self) -> None:
        """Goes where the payment's message is, unless an earlier attempt had to go to a person."""
        self._thread = await self._find_thread(self._card)
        if self._thread is None:
            raise Homeless("The payment's own message isn't there yet.")
        if self._place == self._card.channel_id != self._thread.channel_id:
            await self._go_to(self._thread.channel_id)

    async def _find(self, since: float) -> str | None:
        try:
            return await self._slack.find(self._place, self._card.key, since, self._thread_ts)
        except SlackRateLimited as limited:
            raise LookLimited(limited.retry_after) from None

    async def _update(self, ts: str) -> Standing:
        message = await self._render(self._card)
        if message is not None:
            try:
                await self._slack.update(self._place, ts, message, self._card.key)
            except SlackRefused as refused:
                if refused.code in OUT_OF_REACH:
                    raise Unreachable(str(refused)) from None
                if refused.code not in REFUSED_BLOCKS:
                    raise
                await self._slack.update(self._place, ts, replace(message, blocks=()), self._card.key)
        return Standing(self._place, ts, self._version)

    async def _post(self) -> Standing:
        message = await self._render(self._card)
        if message is None:
            return Standing(self._place, None, self._version)
        try:
            ts = await self._post_once(message)
        except SlackRefused as refused:
            if refused.code not in REFUSED_BLOCKS:
                raise
            ts = await self._post_once(replace(message, blocks=()))
        return Standing(self._place, ts, self._version)

    async def _post_once(self, message: Message) -> str:
        self.unsure = True
        try:
            ts = await self._slack.post(self._place, message, key=self._card.key, thread_ts=self._thread_ts)
        except _NOT_DONE:
            self.unsure = False
            raise
        self.unsure = False
        return ts

    async def _turn_to_dm(self, refused: SlackRefused) -> None:
        tried_already = self._place != self._card.channel_id
        user = None if tried_already else await self._fallback(self._card)
        if user is None:
            raise Unreachable(str(refused)) from None
        await self._go_to(await self._slack.dm(user))

    async def _go_to(self, channel_id: str) -> None:
        if not await self._redirect(channel_id):
            raise Lost("Another worker has taken the card.")
        self._card.posted_channel = self._redirected = channel_id
