"""What customers did, written down on their side."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.money import Money

State = Literal["Paid", "Payment processing", "Payment failed"]
Json = dict[str, Any]


@dataclass
class Bought:
    """One payment, and how it stands by now. `channel` is where its link speaks.

    `poison` is why nobody can be told of it yet: of its session nothing can be learnt, or Slack refuses its message.
    """

    number: int
    session: str
    link: str
    channel: str
    amount: Money
    state: State
    poison: Literal["unknown", "refused"] | None = None

    @property
    def email(self) -> str:
        """By this its message is known."""
        return email(self.number)


def email(number: int) -> str:
    """The address of a customer."""
    return f"c{number:06}@chaos.example"


@dataclass
class Ledger:
    """`links` are Stripe's links in use, in the order in which they were planned; `submitted` the names of those whose
    submit the app has acknowledged."""

    bought: list[Bought] = field(default_factory=list)
    links: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    """Per link: the id of its channel."""
    submitted: list[str] = field(default_factory=list)

    def add(self, link: Json, session: Json, state: State) -> Bought:
        """One more payment."""
        amount = Money(session["amount_total"], session["currency"])
        one = Bought(len(self.bought), session["id"], link["id"], self.channels[link["id"]], amount, state)
        self.bought.append(one)
        return one

    @property
    def next_email(self) -> str:
        """The next customer's address."""
        return email(len(self.bought))
