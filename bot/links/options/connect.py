"""Platforms: money that goes to a connected account, and what the platform keeps of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator

from bot.errors import Problem
from bot.links.options.accounts import account_problems
from bot.links.options.base import Answer, Ask, OptionGroup, Part, Update
from bot.money import Money

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_DESTINATION = "transfer_data.destination"


def _plain(number: Any) -> Any:
    """`12.50`, or Stripe's number, as `12.5`; what is no number stays as it is."""
    text = str(number)
    return f"{Decimal(text).normalize():f}" if text.replace(".", "", 1).isdecimal() else number


class Transfer(Part):
    destination: Annotated[
        str | None,
        Ask(
            "Connected account that gets the money",
            "text",
            hint="Its id, as Stripe's Dashboard shows it. Needed for a fee.",
            placeholder="acct_1032D82eZvKYlo2C",
        ),
    ] = None
    amount: Annotated[
        int | None,
        Ask(
            "Amount it gets",
            "amount",
            hint="For one-time payments. Left empty, it gets everything but your fee.",
            currency_at="currency",
        ),
    ] = None


class Connect(OptionGroup):
    key: ClassVar[str] = "connect"
    title: ClassVar[str] = "Connect"
    description: ClassVar[str] = "Send the money to a connected account, and keep a fee."
    cleared: ClassVar[dict[str, Any]] = {
        "transfer_data": Update.MERGED,
        "application_fee_amount": "",
        "application_fee_percent": "",
        "on_behalf_of": "",
    }
    ours: ClassVar[dict[str, Any]] = {"currency": True}
    connect: ClassVar[bool] = True

    transfer_data: Transfer = Transfer()
    currency: Annotated[str | None, Ask("Currency of the amounts", "currency", hint="The link's own.")] = None
    application_fee_amount: Annotated[
        int | None,
        Ask("Your fee, as an amount", "amount", hint="For one-time payments.", currency_at="currency"),
    ] = None
    application_fee_percent: Annotated[
        str | None,
        BeforeValidator(_plain),
        Ask("Your fee, in percent", "decimal", hint="For subscriptions.", minimum=0, maximum=100, places=2),
    ] = None
    on_behalf_of: Annotated[
        str | None,
        Ask(
            "Connected account in whose name you sell",
            "text",
            hint="Its name and country count on statements and for payment methods.",
            placeholder="acct_1032D82eZvKYlo2C",
        ),
    ] = None

    @classmethod
    def beginning(cls, draft: "LinkDraft") -> dict[str, Answer]:
        return {"currency": draft.currency}

    def summary(self) -> str:
        transfer, seller = self.transfer_data, self.on_behalf_of
        part = self._in_words(transfer.amount)
        fee = self._in_words(self.application_fee_amount)
        words = [
            f"{part or 'The money'} goes to {transfer.destination}" if transfer.destination else None,
            f"fee {fee}" if fee else None,
            f"fee {self.application_fee_percent}%" if self.application_fee_percent else None,
            f"in the name of {seller}" if seller else None,
        ]
        return ", ".join(filter(None, words)) or "Nothing yet"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not self.to_stripe():
            yield Problem(_DESTINATION, "Fill in one of these, or remove this option.")
        yield from account_problems(self.transfer_data.destination, _DESTINATION)
        yield from account_problems(self.on_behalf_of, "on_behalf_of")
        yield from self._fee_problems()
        if draft.line_items:
            yield from self._kind_problems(draft)

    def _fee_problems(self) -> Iterator[Problem]:
        fees = (self.application_fee_amount, self.application_fee_percent)
        amount, destination = self.transfer_data.amount, self.transfer_data.destination
        if not destination and any(one is not None for one in (*fees, amount)):
            yield Problem(_DESTINATION, "Write the connected account that gets the rest of the money.")
        if amount is not None and self.application_fee_amount is not None:
            yield Problem("application_fee_amount", "Write your fee or the amount it gets: one follows from the other.")
        if amount == 0:
            yield Problem("transfer_data.amount", "Write an amount above zero, or leave it empty.")

    def _kind_problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        amounts = {
            "application_fee_amount": self.application_fee_amount,
            "transfer_data.amount": self.transfer_data.amount,
        }
        given = [where for where, amount in amounts.items() if amount is not None]
        if draft.is_recurring:
            for where in given:
                yield Problem(where, "Amounts are for one-time payments: write a fee in percent instead.")
        elif self.application_fee_percent is not None:
            yield Problem("application_fee_percent", "A percentage needs a recurring item: write an amount instead.")
        if given and self.currency != draft.currency:
            yield Problem(
                "currency", f"The link is in {str(draft.currency).upper()}: pick that, and check the amounts."
            )

    def _in_words(self, amount: int | None) -> str:
        if amount is None:
            return ""
        return Money(amount, self.currency).format() if self.currency else f"{amount:,}"
