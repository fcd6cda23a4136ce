"""People who make links and customers who pay them, while everything else goes wrong."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from random import Random

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.slack.errors import AppError, NeverHappened, SlackError
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.stripe.tables import JSON
from tests.chaos.ledger import Bought, Ledger
from tests.chaos.plan import Plan
from tests.chaos.until import until

MAKERS = ("ada", "grace", "linus")
TRIES, PAUSE = 300, 0.5
"""How often a person tries the same, and the seconds in between."""

ANSWER_SECONDS = 6.0
"""How long a person looks at a screen on which nothing happens."""

TRY_AGAIN = "Something went wrong. Please try again"
"""What the app answers a submit that it couldn't write down."""

DEBITS, FAILING = 0.4, 0.25
"""Which part of the payments are bank debits, and which part of these fail."""

COPIES = (1, 1, 2, 3, 4)

UNDELIVERED = 300
"""Customers wait while Stripe has more deliveries than this to make: the app isn't meant to lie under all events."""


class Traffic:
    """Works in steps, so that what customers do depends on the seed alone."""

    def __init__(self, plan: Plan, sandbox: Sandbox) -> None:
        self.ledger = Ledger()
        self._sandbox = sandbox
        self._random = plan.random("traffic")
        self._unsettled: list[Bought] = []
        self._sold: list[JSON] = []
        self.channels = [sandbox.slack.add_channel(f"chaos-{number}") for number in range(plan.channels)]
        self.people_work = asyncio.Event()
        """Cleared while nobody can make a link, because Slack doesn't let the app in."""
        self.people_work.set()

    async def make_links(self, numbers: range, channels: Sequence[Channel]) -> None:
        """Links of these numbers in these channels in turn, by several people at once. Whoever gets no answer tries
        again. Customers don't pay by them before `sell`."""
        await asyncio.gather(
            *(self._make_all(name, numbers[at :: len(MAKERS)], channels) for at, name in enumerate(MAKERS))
        )

    def sell(self) -> None:
        """From now on customers pay by all links that were made."""
        by_number: dict[int, JSON] = {}
        for link in self._sandbox.stripe.payment_links.values():
            by_number.setdefault(_number(link), link)
            self.ledger.links[link["id"]] = link
            self.ledger.channels[link["id"]] = link["metadata"]["paylink_channel"]
        self._sold = [by_number[number] for number in sorted(by_number)]

    async def pay(self, events: int, seconds: float = 0.0) -> None:
        """Payments, and debits that settle or fail, until Stripe has that many more events to tell of; spread over so
        many seconds."""
        for _ in range(events):
            if self._unsettled and self._random.random() < DEBITS / (1 + DEBITS):
                await self._settle(self._unsettled.pop(self._random.randrange(len(self._unsettled))))
            else:
                await self._buy()
            await asyncio.sleep(max(0.001, seconds / events))
            await until(lambda: self._sandbox.stripe.webhooks.pending <= UNDELIVERED)

    def any_link(self, random: Random) -> JSON:
        """One of those by which customers pay."""
        return random.choice(self._sold)

    async def buy(self, link: JSON, *, debit: bool = False) -> Bought:
        """A customer pays by this link, with a card unless by a bank debit, which is still to settle or to fail."""
        self._sandbox.stripe.webhooks.copies = self._random.choice(COPIES)
        number = len(self.ledger.bought)
        session = await self._sandbox.stripe.pay(
            link["url"],
            email=self.ledger.next_email,
            name=f"Customer {number}",
            method="bank_debit" if debit else "card",
        )
        return self.ledger.add(link, session, "Payment processing" if debit else "Paid")

    async def settle_all(self) -> None:
        """No debit stays open."""
        while self._unsettled:
            await self._settle(self._unsettled.pop())

    async def _buy(self) -> None:
        link = self.any_link(self._random)
        bought = await self.buy(link, debit=self._random.random() < DEBITS)
        if bought.state == "Payment processing":
            self._unsettled.append(bought)

    async def _settle(self, bought: Bought) -> None:
        self._sandbox.stripe.webhooks.copies = self._random.choice(COPIES)
        if self._random.random() < FAILING:
            await self._sandbox.stripe.fail(bought.session)
            bought.state = "Payment failed"
        else:
            await self._sandbox.stripe.settle(bought.session)
            bought.state = "Paid"

    async def _make_all(self, name: str, numbers: range, channels: Sequence[Channel]) -> None:
        for number in numbers:
            await self._make(self._sandbox.slack.person(name), number, channels[number % len(channels)].name)

    async def _make(self, person: Person, number: int, channel: str) -> None:
        for _ in range(TRIES):
            await self.people_work.wait()
            try:
                await self._write_and_submit(person, number, channel)
            except (AppError, NeverHappened, SlackError):
                await self._look_away(person)
                await asyncio.sleep(PAUSE)
            else:
                await self._look(person)
                return
        raise AssertionError(f"{person.user.name} gave up making a link: {person.modal}")

    async def _write_and_submit(self, person: Person, number: int, channel: str) -> None:
        await person.command(f"/paylink {1 + number % 3} x Thing {number} {100 + 7 * number} eur", channel)
        await self._sandbox.slack.until(lambda: person.modal, ANSWER_SECONDS)
        await person.fill({"Name": f"Link {number}"})
        assert await person.submit() == {}
        if TRY_AGAIN in str(person.modal):
            raise NeverHappened(f"{person.user.name} reads {TRY_AGAIN!r}")
        self.ledger.submitted.append(f"Link {number}")

    async def _look(self, person: Person) -> None:
        """Waits for the link. Whoever waits in vain closes the window: the app has said that the card will come."""
        with suppress(NeverHappened):
            await self._sandbox.slack.until(lambda: "Creating" not in str(person.modal), ANSWER_SECONDS)
        await self._look_away(person)

    async def _look_away(self, person: Person) -> None:
        with suppress(AppError, SlackError):
            while person.modal is not None:
                await person.close(clear=True)


def _number(link: JSON) -> int:
    return int(link["metadata"]["paylink_name"].removeprefix("Link "))
