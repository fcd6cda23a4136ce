"""What people do, and what then stands in a channel."""

import re
from typing import Any

from bot.sandbox.slack.person import Person
from tests.harness import World
from tests.sandbox.stripe.api import Raw

Json = dict[str, Any]

OFFER = "2 x Consulting 150 eur"
TEST_MODE = "TEST MODE: no real money moves."
HINT = (
    "Meant for <#{channel}>. Paylink isn't in that channel, so this came to you. "
    "Type /invite @Paylink there to see payments in the channel."
)
PROCESSING = "The customer's bank is still settling this. The message changes when the money arrives, or doesn't."
FAILED = "No money was received. The customer can pay again with the same link."


async def write_link(
    town: World, line: str = OFFER, name: str = "", channel: str = "sales", by: Person | None = None
) -> Person:
    """Ada, or somebody else, types the line and fills in the name; the editor is open afterwards."""
    person = by or town.slack.person("ada")
    await person.command(f"/paylink {line}", channel)
    await town.settle()
    if name:
        await person.fill({"Name": name})
    return person


async def submit(town: World, person: Person) -> str:
    """Submits the modal on top; its title when everything that comes of it is done."""
    assert await person.submit() == {}
    await town.settle()
    return title(person)


async def make_link(
    town: World, line: str = OFFER, name: str = "", channel: str = "sales", by: Person | None = None
) -> Json:
    """A link from the line, as it stands in Stripe."""
    person = await write_link(town, line, name, channel, by)
    assert await submit(town, person) == "Link ready", screen(person)
    await person.close(clear=True)
    return links(town)[-1]


async def pay(town: World, link: Json, **purchase: Any) -> Json:
    """A customer pays through the link; the session when everything that comes of it is done."""
    session = await town.stripe.pay(link["url"], **purchase)
    await town.settle()
    return session


async def dashboard(town: World, path: str, params: Json) -> Json:
    """Somebody makes or changes something in Stripe's Dashboard; what Stripe answers when everything is done."""
    status, answer = await Raw(town.stripe).request("POST", f"/v1/{path}", params)
    assert status == 200, answer
    await town.settle()
    return answer


async def deliver(town: World, event: Json) -> None:
    """Stripe delivers this event (once more)."""
    assert all(attempt.ok for attempt in await town.stripe.redeliver(event["id"]))


def links(town: World) -> list[Json]:
    """The payment links that stand in Stripe, oldest first."""
    return list(town.stripe.payment_links.values())


def events(town: World, kind: str) -> list[Json]:
    """Stripe's events of a type that begins so, oldest first."""
    return [event for event in town.stripe.events.values() if event["type"].startswith(kind)]


def channel(town: World, name: str) -> str:
    """The channel's id."""
    return town.slack.channel(name).id


def title(person: Person) -> str:
    """What stands above the modal on top."""
    assert person.modal is not None
    return str(person.modal["title"]["text"])


def screen(person: Person) -> str:
    """Everything in the modal on top."""
    return str(person.modal)


def said(town: World, channel: str = "sales") -> list[str]:
    """The text of every message that stands in the channel, oldest first; days as ISO writes them."""
    messages = town.slack.messages(channel)
    return [_dated(message["text"]) for message in messages if not _is_reply(message) or message.get("reply_broadcast")]


def replied(town: World, channel: str = "sales") -> list[str]:
    """The text of every reply in the channel's threads, oldest first; days as ISO writes them."""
    return [_dated(message["text"]) for message in town.slack.messages(channel) if _is_reply(message)]


def buttons(town: World, channel: str = "sales") -> dict[str, str]:
    """The buttons of the last message in the channel itself that open an address, by what they say."""
    message = [one for one in town.slack.messages(channel) if not _is_reply(one)][-1]
    elements = [element for block in message["blocks"] for element in block.get("elements", ())]
    return {element["text"]["text"]: element["url"] for element in elements if "url" in element}


def _is_reply(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) != message["ts"])


def _dated(text: str) -> str:
    return re.sub(r"<!date\^\d+\^\{date_short_pretty\}\|([0-9-]+)>", r"\1", text)


def told(town: World, person: str = "ada") -> list[str]:
    """The text of every message that the app has written to this person alone, oldest first."""
    return [str(message["text"]) for message in town.slack.direct_messages(person)]


def notified(town: World) -> list[str]:
    """Whom messages of the app have notified, oldest first."""
    return [one.whom for one in town.slack.notified]


def card(
    link: Json,
    paid: str = "nothing yet",
    name: str = "Consulting",
    items: str = "2 × Consulting, €150.00 each, €300.00 in all",
    total: str = "€300.00 today",
    *,
    active: bool = True,
) -> str:
    """The text of a link's card."""
    status = "On" if active else "Turned off: customers can't pay with it"
    shown = f"Payment link: {name}. Items: {items}. Total: {total}. Status: {status}. Paid: {paid}. {link['url']}"
    return f"{TEST_MODE} {shown}"


def announced(
    town: World,
    state: str = "Paid",
    amount: str = "€300.00",
    name: str = "Consulting",
    items: str = "2 × Consulting: €300.00",
    customer: str = "Jenny Rosen, jenny.rosen@example.com",
    more: str = "",
    by: str = "ada",
) -> str:
    """The text of a payment's message; `more` stands before the name of who made the link, `by` empty for nobody."""
    meaning = {"Payment processing": PROCESSING, "Payment failed": FAILED}.get(state)
    maker = f"Link by <@{town.slack.person(by).id}>." if by else None
    shown = f"{state}: {amount}. From {customer}. Link: {name}. Items: {items}."
    return " ".join(part for part in (TEST_MODE, shown, more, maker, meaning) if part)
