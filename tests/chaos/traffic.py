"""People who make links and customers who pay them, while everything else goes wrong."""

import asyncio
from contextlib import suppress
from random import Random

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.slack.errors import AppError, NeverHappened, SlackError
from bot.sandbox.slack.person import Person
from tests.chaos.ledger import Bought, Ledger
from tests.chaos.plan import Plan

MAKERS = ("ada", "grace", "linus")
TRIES, PAUSE = 60, 0.5
"""How often a person tries the same, and the seconds in between."""

ANSWER_SECONDS = 6.0
"""How long a person looks at a screen on which nothing happens."""

DEBITS, FAILING = 0.4, 0.25
"""Which part of the payments are bank debits, and which part of these fail."""

COPIES = (1, 1, 2, 3, 4)
UNSENT = 0.03
"""Which part of the events Stripe never delivers."""

SOON = (0.3, *(1.0,) * 60)
"""When Stripe tries again where nothing but kills is in its way: as long as the next process may need to start."""


class Traffic:
    """Works in steps, so that what people do depends on the seed alone."""

    def __init__(self, plan: Plan, sandbox: Sandbox, random: Random) -> None:
        self.ledger = Ledger()
        self._plan = plan
        self._sandbox = sandbox
        self._random = random
        self._unsettled: list[Bought] = []
        self.made = 0
        self._channels = [sandbox.slack.add_channel(f"chaos-{number}") for number in range(plan.channels)]
        self._unsent = Random(plan.seed)

    def spoil_webhooks(self) -> None:
        """From now on Stripe delivers late, in any order, more than once, or not at all."""
        webhooks = self._sandbox.stripe.webhooks
        webhooks.jitter = 3.0 if self._plan.weather else 0.2
        webhooks.retry_delays = (0.3, 1.0, 3.0, 8.0, 15.0) if self._plan.weather else SOON
        webhooks.drop = lambda event: event["type"].startswith("checkout.") and self._unsent.random() < UNSENT

    async def make_links(self, count: int) -> None:
        """So many links, by several people at once. Whoever gets no answer tries again."""
        numbers = list(range(self.made, self.made + count))
        self.made += count
        await asyncio.gather(*(self._make_all(name, numbers[at :: len(MAKERS)]) for at, name in enumerate(MAKERS)))
        for link in self._sandbox.stripe.payment_links.values():
            self.ledger.links.setdefault(link["id"], link)
            self.ledger.channels.setdefault(link["id"], link["metadata"]["paylink_channel"])

    async def pay(self, events: int) -> None:
        """Payments, and debits that settle or fail, until Stripe has that many more events to tell of."""
        count = events
        while count > 0:
            if self._unsettled and self._random.random() < DEBITS / (1 + DEBITS):
                await self._settle(self._unsettled.pop(self._random.randrange(len(self._unsettled))))
            else:
                await self._buy()
            count -= 1
            await asyncio.sleep(0.001)

    async def settle_all(self) -> None:
        """No debit stays open."""
        while self._unsettled:
            await self._settle(self._unsettled.pop())

    async def _buy(self) -> None:
        link = self._random.choice(list(self.ledger.links.values()))
        debit = self._random.random() < DEBITS
        self._sandbox.stripe.webhooks.copies = self._random.choice(COPIES)
        number = len(self.ledger.bought)
        session = await self._sandbox.stripe.pay(
            link["url"],
            email=self.ledger.next_email,
            name=f"Customer {number}",
            method="bank_debit" if debit else "card",
        )
        bought = self.ledger.add(link, session, "Payment processing" if debit else "Paid")
        if debit:
            self._unsettled.append(bought)

    async def _settle(self, bought: Bought) -> None:
        self._sandbox.stripe.webhooks.copies = self._random.choice(COPIES)
        if self._random.random() < FAILING:
            await self._sandbox.stripe.fail(bought.session)
            bought.state = "Payment failed"
        else:
            await self._sandbox.stripe.settle(bought.session)
            bought.state = "Paid"

    async def _make_all(self, name: str, numbers: list[int]) -> None:
        for number in numbers:
            await self._make(self._sandbox.slack.person(name), number)

    async def _make(self, person: Person, number: int) -> None:
        channel = self._channels[number % len(self._channels)].name
        for _ in range(TRIES):
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
