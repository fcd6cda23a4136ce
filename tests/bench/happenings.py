"""Payments that are held, and the event that tells what becomes of each: what the inbox is filled with."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from bot.gateways.stripe import StripeGateway
from bot.payments.sessions import SessionFact, session_fact
from bot.sandbox.slack.workspace import Channel
from bot.services.payment_rows import held_payment
from storage import held_payments, inbox, links
from storage.database import Database
from storage.held_payments import Held
from storage.inbox import Arrival
from storage.models import Payment, StripeEvent
from tests.bench.load import LoadFailed
from tests.bench.place import Place
from tests.bench.stripe_events import Json
from tests.storage.rows import link as link_row

LINKS = 100
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of Stripe's and the payment it is about, to be had under as many ids as are wanted.

    `held` is the payment before the event, `after` what holds of its row afterwards; `ids` are the ids of both by what
    stands in their place before the number.
    """

    name: str
    held: Held
    event: Json
    ids: Mapping[str, str]
    after: ColumnElement[bool]

    def pairs(self, numbers: Iterable[int]) -> list[tuple[Held, Arrival]]:
        """The payments and the events with these numbers."""
        body = json.dumps(self.event, indent=2)
        return [(self._payment(number), self._event(number, body)) for number in numbers]

    def named(self, number: int, text: str) -> str:
        """The text with the ids of this number."""
        text = reduce(lambda all, id: all.replace(id, f"{self.ids[id]}{number:012d}"), self.ids, text)
        return text.replace(self.held.link_id, _link(number % LINKS))

    def _payment(self, number: int) -> Held:
        return Held._make(self.named(number, value) if isinstance(value, str) else value for value in self.held)

    def _event(self, number: int, body: str) -> Arrival:
        id, type, created = self.event["id"], self.event["type"], self.event["created"]
        return Arrival(self.named(number, id), type, created, self.named(number, body).encode())


async def refunds(here: Place) -> Happening:
    """Card payments, each read from Stripe when it was paid, are given back in full: nothing is left to ask."""
    session = await here.sandbox.stripe.pay((await here.link())["url"])
    held = await _held(here, session["id"])
    refund = await here.sandbox.stripe.refund(session["id"])
    ids = {**_ids("refund", session), refund["id"]: "re_refund"}
    given_back = and_(col(Payment.status) == "paid", col(Payment.refunded) == col(Payment.amount_total))
    return _happening(here, "refund", "refund.created", held, ids, given_back)


async def debits(here: Place) -> Happening:
    """Bank debits, each read from Stripe when it was on its way, arrive: Stripe has to be asked for each once more."""
    session = await here.sandbox.stripe.pay((await here.link())["url"], method="bank_debit")
    held = await _held(here, session["id"])
    await here.sandbox.stripe.settle(session["id"])
    read = and_(col(Payment.status) == "paid", col(Payment.data)["read"].as_string() == "paid")
    return _happening(here, "debit", "checkout.session.async_payment_succeeded", held, _ids("debit", session), read)


async def sell(here: Place, database: Database) -> None:
    """The links that all the payments are through, each with a channel of its own."""
    team = here.sandbox.slack.team
    async with database.begin() as session:
        for number in range(LINKS):
            channel = f"C9{number:08d}"
            team.channels[channel] = Channel(channel, team.id, f"bench-{number}", [team.bot_user_id])
            await links.add(
                session, link_row(team_id=team.id, id=_link(number), name=f"Link {number}", channel_id=channel)
            )


async def hold(here: Place, database: Database, happening: Happening, numbers: Sequence[int]) -> list[Arrival]:
    """Has the payments with these numbers held, by Stripe too where it will be asked; their events."""
    pairs = happening.pairs(numbers)
    for first in range(0, len(pairs), _BATCH):
        group = [held for held, _ in pairs[first : first + _BATCH]]
        async with (
            database.begin() as session,
            held_payments.gathered(session, here.team_id, {held.id for held in group}),
        ):
            for held in group:
                await held_payments.put(session, held)
    if happening.name == "debit":
        _known_to_stripe(here, happening, numbers)
    return [arrival for _, arrival in pairs]


async def fill(here: Place, database: Database, happening: Happening, count: int) -> None:
    """Has so many payments held and their events in the inbox."""
    arrivals = await hold(here, database, happening, range(count))
    for first in range(0, len(arrivals), _BATCH):
        await inbox.store(database, here.team_id, arrivals[first : first + _BATCH], time.time())


async def check(database: Database, happening: Happening, count: int) -> None:
    """Raises LoadFailed unless so many payments are what their events have made of them, and each event was news."""
    mine = col(Payment.id).startswith(happening.ids[happening.held.id])
    handled = (col(StripeEvent.state) == "done", col(StripeEvent.reason) == "")
    named = col(StripeEvent.id).startswith(happening.ids[happening.event["id"]])
    async with database.read() as session:
        right = await session.scalar(select(func.count()).select_from(Payment).where(mine, happening.after))
        done = await session.scalar(select(func.count()).select_from(StripeEvent).where(named, *handled))
    if (right, done) != (count, count):
        raise LoadFailed(f"{count} events ({happening.name}): {done} handled, {right} payments as they must be")


def _happening(
    here: Place, name: str, type: str, held: Held, ids: Mapping[str, str], after: ColumnElement[bool]
) -> Happening:
    event = next(event for event in reversed(list(here.sandbox.stripe.events.values())) if event["type"] == type)
    return Happening(name, held, event, {**ids, event["id"]: f"evt_{name}"}, after)


async def _held(here: Place, session_id: str) -> Held:
    """The payment as the app holds it once it has read the session."""
    stripe = here.sandbox.stripe
    gateway = StripeGateway(stripe.secret_key, api_base=stripe.url)
    try:
        fact = session_fact(await gateway.checkout_session(session_id))
    finally:
        await gateway.close()
    assert isinstance(fact, SessionFact)
    return held_payment(here.team_id, None, fact.payment, time.time())


def _ids(name: str, session: Json) -> dict[str, str]:
    return {session["id"]: f"cs_test_{name}", session["payment_intent"]: f"pi_{name}"}


def _known_to_stripe(here: Place, happening: Happening, numbers: Iterable[int]) -> None:
    account, id = here.sandbox.stripe.account, happening.held.id
    sessions, intents = account.tables["checkout.session"], account.tables["payment_intent"]
    session = sessions[id]
    intent = intents[session["payment_intent"]]
    for number in numbers:
        names = {key: happening.named(number, session[key]) for key in ("id", "payment_intent", "payment_link")}
        sessions.add({**session, **names})
        intents.add({**intent, "id": names["payment_intent"]})
        account.line_items[names["id"]] = account.line_items[id]


def _link(number: int) -> str:
    return f"plink_bench{number:06d}"
