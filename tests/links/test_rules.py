"""The rules: each broken one is said at its place, with what to do."""

from typing import Any

import pytest
from hypothesis import given

from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.after_completion import AfterCompletion
from bot.links.options.fields import build
from bot.links.pricing import Chosen
from tests.links.strategies import drafts, thorough

MONTH, YEAR = Recurring(interval="month"), Recurring(interval="year")
DONATION = CatalogPrice(price="p", product_name="Donation", currency="eur", pricing=Chosen())


def one_off(**changes: Any) -> OneOffPrice:
    return OneOffPrice(**{"name": "Coffee", "unit_amount": 300, "currency": "eur", **changes})


def row(name: str = "a", quantity: int = 1, adjustable: AdjustableQuantity | None = None, **price: Any) -> LineItem:
    return LineItem(row=name, price=one_off(**price), quantity=quantity, adjustable_quantity=adjustable)


def limits(minimum: int | None = None, maximum: int | None = None, quantity: int = 5) -> LinkDraft:
    return of(row(quantity=quantity, adjustable=AdjustableQuantity(minimum=minimum, maximum=maximum)))


def of(*items: LineItem, **more: Any) -> LinkDraft:
    return LinkDraft(line_items=items, **more)


@thorough
@given(drafts())
def test_a_good_draft_has_no_problem(draft: LinkDraft) -> None:
    assert draft.problems() == []


CURRENCY_ADVICE = "A link has one currency: change it, or make a second link."
PERIOD_ADVICE = "A link has one billing period: change it, or make a second link."


@pytest.mark.parametrize(
    ("draft", "where", "message"),
    [
        (of(), "line_items", "Add at least one item."),
        (of(row(), name="n" * 101), "name", "Use at most 100 characters; these are 101."),
        (of(*(row(f"r{at}") for at in range(21))), "line_items", "Stripe takes 20 items on a link. Remove some."),
        (of(row(name="a", unit_amount=0)), "line_items.a.unit_amount", "Write an amount above zero."),
        (
            of(row(unit_amount=-1)),
            "line_items.a.unit_amount",
            "An amount can't be negative. Write it without the minus sign.",
        ),
        (
            of(row(unit_amount=150, currency="isk")),
            "line_items.a.unit_amount",
            "ISK is charged in whole units. Leave out the decimals.",
        ),
        (
            of(row(unit_amount=1234, currency="kwd")),
            "line_items.a.unit_amount",
            "Stripe charges KWD in steps of 0.010. End the amount in 0.",
        ),
        (of(row(currency="xyz")), "line_items.a.currency", "Pick a currency that Stripe supports, like usd or eur."),
        (of(row(quantity=0)), "line_items.a.quantity", "Write a quantity from 1 to 999,999."),
        (of(row(quantity=1_000_000, unit_amount=1)), "line_items.a.quantity", "Write a quantity from 1 to 999,999."),
        (limits(minimum=-1), "line_items.a.adjustable_quantity.minimum", "Write a minimum from 0 to 999,999."),
        (
            limits(minimum=6),
            "line_items.a.adjustable_quantity.minimum",
            "The quantity is 5: write a minimum of 5 or less.",
        ),
        (
            limits(maximum=4),
            "line_items.a.adjustable_quantity.maximum",
            "The quantity is 5: write a maximum of 5 or more.",
        ),
        (
            limits(quantity=100),
            "line_items.a.adjustable_quantity.maximum",
            "The quantity is 100: write a maximum of 100 or more.",
        ),
        (
            limits(maximum=1_000_000),
            "line_items.a.adjustable_quantity.maximum",
            "Write a maximum from 1 to 999,999.",
        ),
        (
            of(row(recurring=Recurring(interval="month", interval_count=37))),
            "line_items.a.recurring",
            "Stripe bills at most every three years: write 1 to 36 months.",
        ),
        (
            of(row(recurring=Recurring(interval="day", interval_count=0))),
            "line_items.a.recurring",
            "Stripe bills at most every three years: write 1 to 1,095 days.",
        ),
        (
            of(row(), row("b", currency="usd")),
            "line_items.b.currency",
            f"Coffee is in USD and the link is in EUR. {CURRENCY_ADVICE}",
        ),
        (
            of(row(recurring=MONTH), row("b"), row("c", recurring=YEAR)),
            "line_items.c.recurring",
            f"Coffee is billed every year and Coffee every month. {PERIOD_ADVICE}",
        ),
        (
            of(row(), LineItem(row="b", price=DONATION)),
            "line_items.b.price",
            "The customer chooses what to pay for Donation, so it must be the only item. Remove the others.",
        ),
        (
            of(LineItem(row="b", price=DONATION, quantity=2)),
            "line_items.b.quantity",
            "Where the customer chooses the amount, the quantity is 1.",
        ),
        (
            of(row(unit_amount=99_999_999, quantity=2)),
            "line_items",
            "Stripe takes at most €999,999.99 in one payment. Lower an amount or a quantity.",
        ),
    ],
)
def test_a_broken_rule_is_said_at_its_place(draft: LinkDraft, where: str, message: str) -> None:
    assert [(problem.where, problem.message) for problem in draft.problems()] == [(where, message)]


def test_names_of_one_off_items() -> None:
    nameless = LineItem(row="a", price=one_off(name=" \n "))
    long = LineItem(row="b", price=one_off(name="x" * 251))
    assert [(problem.where, problem.message) for problem in of(nameless, long).problems()] == [
        ("line_items.a.name", "Give the item a name: the customer sees it when paying."),
        ("line_items.b.name", "Use at most 250 characters; these are 251."),
    ]


def test_catalog_items_are_changed_as_a_whole() -> None:
    other = CatalogPrice(price="p", product_name="Tea", currency="usd", recurring=YEAR)
    draft = of(row(recurring=MONTH), LineItem(row="b", price=other))
    assert [problem.where for problem in draft.problems()] == ["line_items.b.price", "line_items.b.price"]


def test_problems_of_options_name_the_group_and_the_field() -> None:
    redirect = AfterCompletion.model_validate(
        {"after_completion": {"type": "redirect", "redirect": {"url": "http://example.com"}}}
    )
    empty = build(GROUPS["completed_sessions"], {})
    draft = of(row()).with_option(redirect).with_option(empty)
    assert [(problem.where, problem.message) for problem in draft.problems()] == [
        ("options.after_completion.after_completion.redirect.url", "The web address must start with https://."),
        (
            "options.completed_sessions.restrictions.completed_sessions.limit",
            "Write a number of payments or a message, or remove this option.",
        ),
    ]
