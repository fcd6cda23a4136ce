"""What stands in Slack, read as people read it."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from bot.sandbox.slack.sandbox import SlackSandbox

Json = dict[str, Any]

_CUSTOMER = re.compile(r"c(\d{6})@chaos\.example")
_DIGEST = re.compile(r"^(?:TEST MODE: no real money moves\. )?[\d,]+ payments? in one message")
_PAID = re.compile(r"Paid: (\S+) in ([\d,]+) payment")
_OPEN = re.compile(r"([\d,]+) (processing|failed)")
_BACK = "Paylink can post again."


class Said(NamedTuple):
    """A message: the id of its conversation, and its text."""

    channel: str
    text: str


@dataclass(frozen=True)
class Sum:
    """What a digest stands for, or should."""

    paid: int = 0
    amount: int = 0
    processing: int = 0
    failed: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.paid + other.paid,
            self.amount + other.amount,
            self.processing + other.processing,
            self.failed + other.failed,
        )

    @property
    def number(self) -> int:
        """Of payments, however they stand."""
        return self.paid + self.processing + self.failed


@dataclass
class Seen:
    """Per customer the messages that tell of the payment, per address of a link its cards, per conversation its
    digests; and what was said of the times without access."""

    payments: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    cards: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[str, list[Sum]] = field(default_factory=lambda: defaultdict(list))
    back: list[Said] = field(default_factory=list)
    direct: set[str] = field(default_factory=set)
    """The ids of the conversations with one person."""
    admins: set[str] = field(default_factory=set)
    """Those of them with an admin."""


def look(slack: SlackSandbox) -> Seen:
    """Reads every channel and every direct message."""
    seen = Seen()
    for channel in slack.team.channels.values():
        if channel.is_im:
            seen.direct.add(channel.id)
            if channel.user and slack.team.user(channel.user).is_owner:
                seen.admins.add(channel.id)
        for message in slack.messages(channel.id):
            if "bot_id" in message and message.get("thread_ts", message["ts"]) == message["ts"]:
                _file(seen, Said(channel.id, str(message["text"])))
    return seen


def _file(seen: Seen, said: Said) -> None:
    if _DIGEST.match(said.text):
        seen.digests[said.channel].append(_sum_of(said.text))
    elif found := _CUSTOMER.search(said.text):
        seen.payments[int(found[1])].append(said)
    elif said.text.startswith(_BACK):
        seen.back.append(said)
    elif "Payment link: " in said.text:
        for url in re.findall(r"https?://\S+", said.text):
            seen.cards[url].append(said)


def _sum_of(text: str) -> Sum:
    paid = _PAID.search(text)
    waiting = Counter({word: _number(number) for number, word in _OPEN.findall(text.partition("By link:")[0])})
    amount = int(100 * Decimal(paid[1].lstrip("€").replace(",", ""))) if paid else 0
    return Sum(_number(paid[2]) if paid else 0, amount, waiting["processing"], waiting["failed"])


def _number(text: str) -> int:
    return int(text.replace(",", ""))
