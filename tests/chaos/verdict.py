"""Whether all is right in the end, judged by what stands in Slack and in Stripe."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set

from bot.money import Money
from bot.sandbox.slack.engine import Call
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.stripe.server import StripeSandbox
from tests.chaos.ledger import Bought, Ledger
from tests.chaos.seen import Said, Seen, Sum, look


def problems(
    slack: SlackSandbox,
    stripe: StripeSandbox,
    ledger: Ledger,
    *,
    closed: Set[str] = frozenset(),
    away: Set[str] = frozenset(),
    revoked: int = 0,
) -> list[str]:
    """Everything that isn't as it should be.

    Of a payment that is poison nothing may be said, and its link counts it only when Stripe knows it.
    `closed` are channels where nothing can be said or changed any more, `away` those where the app wasn't for a while:
    what belongs there may stand in a conversation with one person. `revoked` is how often Slack didn't let us in.
    """
    seen = look(slack)
    return [*of_messages(seen, ledger, closed, away, revoked), *_of_links(stripe, ledger)]


def of_messages(
    seen: Seen,
    ledger: Ledger,
    closed: Set[str] = frozenset(),
    away: Set[str] = frozenset(),
    revoked: int = 0,
) -> list[str]:
    """The part of it that is about what stands in Slack."""
    left = closed | away
    places = _places(seen, left)
    return [
        *_of_payments(seen, ledger, closed, places),
        *_of_digests(seen, ledger, closed, places),
        *_of_cards(seen, ledger, closed),
        *_of_places(seen, ledger, left),
        *_of_access(seen, revoked),
    ]


def fastest(calls: Iterable[Call]) -> float:
    """The least time between two posts in one channel, in seconds."""
    return min((seconds for _, _, seconds in _pauses(calls)), default=float("inf"))


def too_fast(calls: Iterable[Call]) -> list[str]:
    """Posts that came less than a second after the one before in the same channel, each with the moment it came."""
    return [
        f"two posts in {channel} were {seconds:.3f} s apart, the second at {at:.3f}"
        for channel, at, seconds in _pauses(calls)
        if seconds < 1.0
    ]


def _pauses(calls: Iterable[Call]) -> Iterator[tuple[str, float, float]]:
    """Per post its channel, the moment it came (Slack may have been at work on it for long), and the seconds since the
    post before."""
    last: dict[str, float] = {}
    posts = [call for call in calls if call.method == "chat.postMessage" and call.error is None]
    for came, channel in sorted((call.at - call.held, str(call.args["channel"])) for call in posts):
        yield channel, came, came - last.get(channel, float("-inf"))
        last[channel] = came


def _places(seen: Seen, left: Set[str]) -> dict[str, str]:
    """Where digests are counted together: what belongs to a channel the app couldn't speak in may stand in any
    conversation with one person."""
    return dict.fromkeys(left | seen.direct, "conversations with people")


def _of_payments(seen: Seen, ledger: Ledger, closed: Set[str], places: dict[str, str]) -> Iterator[str]:
    digested = {places.get(channel, channel) for channel, sums in seen.digests.items() if sums}
    for one in ledger.bought:
        said = seen.payments[one.number]
        if one.poison:
            if said:
                yield f"payment {one.number} has a message, though it is {one.poison}"
            continue
        if len(said) > 1:
            yield f"payment {one.number} has {len(said)} messages"
        if not said and places.get(one.channel, one.channel) not in digested:
            yield f"payment {one.number} has no message"
        wanted = f"{one.state}: {one.amount.format('en_US')}."
        if said and wanted not in said[0].text and said[0].channel not in closed:
            yield f"payment {one.number} says {said[0].text!r} instead of {wanted!r}"


def _of_digests(seen: Seen, ledger: Ledger, closed: Set[str], places: dict[str, str]) -> Iterator[str]:
    expected: dict[str, Sum] = defaultdict(Sum)
    shown: dict[str, Sum] = defaultdict(Sum)
    fixed = {places[channel] for channel in closed if seen.digests[channel]}
    for one in ledger.bought:
        if not seen.payments[one.number] and not one.poison:
            expected[places.get(one.channel, one.channel)] += _single(one)
    for channel, sums in seen.digests.items():
        shown[places.get(channel, channel)] += sum(sums, Sum())
    for place in expected.keys() | shown.keys():
        right = shown[place].number == expected[place].number if place in fixed else shown[place] == expected[place]
        if not right:
            yield f"the digests in {place} say {shown[place]}, not {expected[place]}"


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


def _of_cards(seen: Seen, ledger: Ledger, closed: Set[str]) -> Iterator[str]:
    paid: dict[str, Sum] = defaultdict(Sum)
    for one in ledger.bought:
        if one.poison != "unknown":
            paid[one.link] += _single(one)
    for id, link in ledger.links.items():
        cards = seen.cards[link["url"]]
        if len(cards) != 1:
            yield f"link {id} has {len(cards)} cards"
        elif cards[0].channel not in closed and _income(paid[id]) not in cards[0].text:
            yield f"link {id} says {cards[0].text!r} instead of {_income(paid[id])!r}"


def _of_places(seen: Seen, ledger: Ledger, left: Set[str]) -> Iterator[str]:
    for one in ledger.bought:
        for said in seen.payments[one.number]:
            if _misplaced(seen, said, one.channel, left):
                yield f"payment {one.number} stands in {said.channel} instead of {one.channel}"
    for id, link in ledger.links.items():
        for card in seen.cards[link["url"]]:
            if _misplaced(seen, card, ledger.channels[id], left):
                yield f"link {id} has a card in {card.channel} instead of {ledger.channels[id]}"


def _misplaced(seen: Seen, said: Said, channel: str, left: Set[str]) -> bool:
    """Whether a message stands elsewhere than in its channel or, where the app couldn't speak there, with a person."""
    return said.channel != channel and not (channel in left and said.channel in seen.direct)


def _of_access(seen: Seen, revoked: int) -> Iterator[str]:
    if len(seen.back) != revoked:
        yield f"people were told {len(seen.back)} times that Slack lets the app in again, not {revoked} times"
    for said in seen.back:
        if said.channel not in seen.admins:
            yield f"in {said.channel}, which isn't a conversation with an admin, it says {said.text!r}"


def _income(paid: Sum) -> str:
    amount = Money(paid.amount, "eur").format("en_US")
    count = f"{paid.paid:,} payment" + ("" if paid.paid == 1 else "s")
    words = f"{amount} in {count}" if paid.paid else "nothing yet"
    return f"Paid: {words}; {paid.processing:,} processing." if paid.processing else f"Paid: {words}."
