"""Whether all is right in the end, judged by what stands in Slack and in Stripe."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.money import Money, parse_amount
from bot.sandbox.slack.engine import Call
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.stripe.server import StripeSandbox
from tests.chaos.ledger import Bought, Ledger

Json = dict[str, Any]

_CUSTOMER = re.compile(r"c(\d{6})@chaos\.example")
_DIGEST = re.compile(r"^(?:TEST MODE: no real money moves\. )?[\d,]+ payments? in one message")
_PAID = re.compile(r"Paid: (\S+) in ([\d,]+) payment")
_OPEN = re.compile(r"([\d,]+) (processing|failed)")


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


@dataclass
class Seen:
    """What stands in Slack: per customer the messages that tell of the payment, per link its cards, and digests."""

    payments: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    cards: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[str, list[Sum]] = field(default_factory=lambda: defaultdict(list))


def look(slack: SlackSandbox) -> Seen:
    """Reads every channel and every direct message."""
    seen = Seen()
    for channel in slack.team.channels.values():
        for message in slack.messages(channel.id):
            if "bot_id" in message and message.get("thread_ts", message["ts"]) == message["ts"]:
                _file(seen, channel.id, str(message["text"]))
    return seen


def problems(slack: SlackSandbox, stripe: StripeSandbox, ledger: Ledger, closed: Iterable[str] = ()) -> list[str]:
    """Everything that isn't as it should be; `closed` are channels where nothing can be said or changed any more."""
    seen = look(slack)
    shut = set(closed)
    return [
        *_of_payments(seen, ledger, shut),
        *_of_digests(seen, ledger),
        *_of_links(stripe, ledger),
        *_of_cards(seen, ledger, shut),
    ]


def fastest(calls: Iterable[Call]) -> float:
    """The least time between two posts in one channel, in seconds."""
    last: dict[str, float] = {}
    least = float("inf")
    for call in calls:
        if call.method == "chat.postMessage" and call.error is None:
            channel = str(call.args["channel"])
            least = min(least, call.at - last.get(channel, float("-inf")))
            last[channel] = call.at
    return least


def _file(seen: Seen, channel: str, text: str) -> None:
    if _DIGEST.match(text):
        seen.digests[channel].append(_sum_of(text))
    elif found := _CUSTOMER.search(text):
        seen.payments[int(found[1])].append(text)
    elif "Payment link: " in text:
        for url in re.findall(r"https?://\S+", text):
            seen.cards[url].append(text)


def _sum_of(text: str) -> Sum:
    paid = _PAID.search(text)
    waiting = Counter({word: _number(number) for number, word in _OPEN.findall(text.partition("By link:")[0])})
    amount = parse_amount(paid[1].lstrip("€"), "eur").amount if paid else 0
    return Sum(_number(paid[2]) if paid else 0, amount, waiting["processing"], waiting["failed"])


def _of_payments(seen: Seen, ledger: Ledger, shut: set[str]) -> Iterator[str]:
    digested = {channel for channel, sums in seen.digests.items() if sums}
    for one in ledger.bought:
        texts = seen.payments[one.number]
        if len(texts) > 1:
            yield f"payment {one.number} has {len(texts)} messages"
        if not texts and one.channel not in digested:
            yield f"payment {one.number} has no message"
        wanted = f"{one.state}: {one.amount.format('en_US')}."
        if texts and wanted not in texts[0] and one.channel not in shut:
            yield f"payment {one.number} says {texts[0]!r} instead of {wanted!r}"


def _of_digests(seen: Seen, ledger: Ledger) -> Iterator[str]:
    expected: dict[str, Sum] = defaultdict(Sum)
    for one in ledger.bought:
        if not seen.payments[one.number]:
            expected[one.channel] += _single(one)
    for channel in expected.keys() | seen.digests.keys():
        shown = sum(seen.digests[channel], Sum())
        if shown != expected[channel]:
            yield f"the digests in {channel} say {shown}, not {expected[channel]}"


def _single(one: Bought) -> Sum:
    if one.state == "Paid":
        return Sum(1, one.amount.amount)
    return Sum(processing=1) if one.state == "Payment processing" else Sum(failed=1)


def _of_links(stripe: StripeSandbox, ledger: Ledger) -> Iterator[str]:
    links = stripe.payment_links.values()
    for draft, count in Counter(link["metadata"]["paylink_draft"] for link in links).items():
        if count > 1:
            yield f"draft {draft} became {count} links"
    names = {link["metadata"]["paylink_name"] for link in links}
    for name in ledger.submitted:
        if name not in names:
            yield f"{name!r} was submitted and is no link"


def _of_cards(seen: Seen, ledger: Ledger, shut: set[str]) -> Iterator[str]:
    paid: dict[str, Sum] = defaultdict(Sum)
    for one in ledger.bought:
        paid[one.link] += _single(one)
    for id, link in ledger.links.items():
        cards = seen.cards[link["url"]]
        if len(cards) != 1:
            yield f"link {id} has {len(cards)} cards"
        elif ledger.channels[id] not in shut and _income(paid[id]) not in cards[0]:
            yield f"link {id} says {cards[0]!r} instead of {_income(paid[id])!r}"


def _income(paid: Sum) -> str:
    amount = Money(paid.amount, "eur").format("en_US")
    count = f"{paid.paid:,} payment" + ("" if paid.paid == 1 else "s")
    words = f"{amount} in {count}" if paid.paid else "nothing yet"
    return f"Paid: {words}; {paid.processing:,} processing." if paid.processing else f"Paid: {words}."


def _number(text: str) -> int:
    return int(text.replace(",", ""))
