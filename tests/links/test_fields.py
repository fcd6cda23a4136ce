"""A part that is no group of a link's options, with the kinds of fields that have to do with money and time."""

from typing import Annotated

import pytest

from bot.errors import Invalid
from bot.links.options.answers import Answer
from bot.links.options.base import Ask, Entries, Part
from bot.links.options.fields import build, check, leaves, values


class InCurrency(Part):
    currency: Annotated[str | None, Ask("currency", "currency")] = None
    amount: Annotated[int | None, Ask("amount", "amount", required=True, currency_at="further.#.currency")] = None


class Fee(Part):
    percent: Annotated[str | None, Ask("Percent", "decimal", minimum=1, maximum=100, places=2)] = None
    currency: Annotated[str | None, Ask("Currency", "currency")] = None
    amount: Annotated[int | None, Ask("Amount", "amount", currency_at="currency")] = None
    until: Annotated[int | None, Ask("Until", "moment")] = None
    products: Annotated[tuple[str, ...], Ask("Products", "objects", kind="product")] = ()
    further: Annotated[tuple[InCurrency, ...], Entries("Further", 2, "currency")] = ()


WHOLE: dict[str, Answer] = {
    "percent": " 12,5 % ",
    "currency": "jpy",
    "amount": "1,500",
    "until": 1_800_000_000,
    "products": ("prod_1", "prod_2"),
    "further.0.currency": "eur",
    "further.0.amount": "9.99",
}


def test_amounts_are_typed_in_their_currency_and_kept_in_minor_units() -> None:
    fee = build(Fee, WHOLE)
    assert fee == Fee(
        percent="12.5",
        currency="jpy",
        amount=1500,
        until=1_800_000_000,
        products=("prod_1", "prod_2"),
        further=(InCurrency(currency="eur", amount=999),),
    )
    answers = values(fee)
    assert (answers["percent"], answers["amount"], answers["further.0.amount"]) == ("12.5", "1500", "9.99")
    assert build(Fee, answers) == fee
    assert list(check(fee)) == []


def test_an_entry_s_amount_knows_its_own_currency() -> None:
    asked = {leaf.path: leaf.ask.currency_at for leaf in leaves(Fee) if leaf.ask.widget == "amount"}
    assert asked == {
        "amount": "currency",
        "further.0.amount": "further.0.currency",
        "further.1.amount": "further.1.currency",
    }


@pytest.mark.parametrize(
    ("answers", "where", "message"),
    [
        ({"percent": "half"}, "percent", "Write a number, like 12.5."),
        ({"percent": "0.5"}, "percent", "Write 1 or more."),
        ({"percent": "100.01"}, "percent", "Write 100 or less."),
        ({"percent": "1.005"}, "percent", "Use at most 2 decimals."),
        ({"percent": "-5"}, "percent", "Write a number, like 12.5."),
        ({"amount": "5"}, "amount", "Pick the currency of this amount first."),
        ({"amount": "5.5", "currency": "jpy"}, "amount", "JPY has no decimals. Write a whole number."),
        ({"currency": "xxx"}, "currency", "Pick a currency."),
        ({"until": "soon"}, "until", "Pick a day and a time."),
        ({"further.0.currency": "eur"}, "further.0.amount", "Further 1: amount is needed."),
    ],
)
def test_a_refused_answer_says_why(answers: dict[str, Answer], where: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        build(Fee, answers)
    assert [(one.where, one.message) for one in refused.value.problems] == [(where, message)]
