"""What people do, and what then stands in a channel."""

from typing import Any

from bot.sandbox.slack.person import Person
from tests.harness import World

Json = dict[str, Any]

OFFER = "2 x Consulting 150 eur"


async def write_link(town: World, line: str = OFFER, name: str = "", channel: str = "sales", by: str = "ada") -> Person:
    """Types the line and fills in the name; the editor is open afterwards."""
    person = town.slack.person(by)
    await person.command(f"/paylink {line}", channel)
    await town.settle()
    if name:
        await person.fill({"Name": name})
    return person


async def submit(town: World, person: Person) -> str:
    """Submits the modal on top and answers the title of what it then shows, when everything is done."""
    assert await person.submit() == {}
    await town.settle()
    return title(person)


async def make_link(
    town: World, line: str = OFFER, name: str = "", channel: str = "sales", by: str = "ada", shown: str = "Link ready"
) -> Json:
    """A link from the line; answers it as it stands in Stripe."""
    person = await write_link(town, line, name, channel, by)
    assert await submit(town, person) == shown
    await person.close(clear=True)
    return list(town.stripe.payment_links.values())[-1]


async def pay(town: World, link: Json, **purchase: Any) -> Json:
    """A customer pays through the link, and everything that follows has happened."""
    session = await town.stripe.pay(link["url"], **purchase)
    await town.settle()
    return session


def title(person: Person) -> str:
    """What stands above the modal on top."""
    assert person.modal is not None
    return str(person.modal["title"]["text"])


def said(town: World, channel: str = "sales") -> list[str]:
    """Every message that stands in the channel, oldest first."""
    return [str(message["text"]) for message in town.slack.messages(channel)]


def told(town: World, person: str = "ada") -> list[str]:
    """Every message that the app has written to this person alone, oldest first."""
    return [str(message["text"]) for message in town.slack.direct_messages(person)]


def card_of(link: Json, offer: str, total: str, paid: str = "nothing yet", *, active: bool = True) -> str:
    """The text of a link's card. `offer` is its name, then its items."""
    name, _, items = offer.partition(": ")
    status = "On" if active else "Turned off: customers can't pay with it"
    return (
        f"TEST MODE: no real money. Payment link: {name}. Items: {items}. Total: {total}. Status: {status}. "
        f"Paid: {paid}. {link['url']}"
    )
