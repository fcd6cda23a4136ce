"""What is known of prices and rates that options name: said in the summary, held against the rules, never sent."""

from typing import Any

import pytest

from bot.links.draft import CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.options.facts import Facts, RateFact
from bot.links.options.fields import build

FRAME = CatalogPrice(price="price_1", product_name="Frame", currency="eur")
POST = RateFact(words="Post · €5.00", currencies=("eur",))
ONCE = LineItem(row="a", price=OneOffPrice(name="Poster", unit_amount=2500, currency="eur"))
MONTH, YEAR = Recurring(interval="month"), Recurring(interval="year")


def items(known: CatalogPrice | None = FRAME) -> OptionGroup:
    group = build(GROUPS["optional_items"], {"optional_items.0.price": "price_1"})
    return group.informed(Facts(prices={"price_1": known} if known else {}))


def rates(known: RateFact | None = POST) -> OptionGroup:
    group = build(GROUPS["shipping_rates"], {"shipping_options": ("shr_1",)})
    return group.informed(Facts(rates={"shr_1": known} if known else {}))


def problems(group: OptionGroup, item: LineItem = ONCE) -> list[tuple[str, str]]:
    draft = LinkDraft(line_items=(item,)).with_option(group)
    return [(problem.where, problem.message) for problem in group.problems(draft)]


def test_what_is_known_is_said_and_not_sent() -> None:
    assert items().summary() == "Customers can add Frame"
    assert items(None).summary() == "Customers can add 1 item"
    assert items().to_stripe() == {"optional_items": [{"price": "price_1", "quantity": 1}]}
    assert rates().summary() == "Post · €5.00"
    assert rates(None).summary() == "1 shipping rate to choose from"
    assert rates().to_stripe() == {"shipping_options": [{"shipping_rate": "shr_1"}]}


def test_what_was_known_stays_when_nothing_is_found() -> None:
    assert items().informed(Facts()) == items()
    assert rates().informed(Facts()) == rates()


def test_groups_name_what_they_need_to_know() -> None:
    assert (items().picked(), rates().picked()) == (("price_1",), ("shr_1",))
    assert GROUPS["tax"]().picked() == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"currency": "usd"}, "Frame is in USD: pick a price in EUR."),
        ({"metered": True}, "Frame is billed by use, which optional items can't be: pick another price."),
        (
            {"recurring": MONTH},
            "Frame recurs: add a recurring item to the link, or pick a one-time price.",
        ),
    ],
)
def test_a_price_that_does_not_fit(changes: dict[str, Any], message: str) -> None:
    assert problems(items(FRAME.model_copy(update=changes))) == [("optional_items.0.price", message)]


def test_optional_items_are_billed_like_the_link() -> None:
    monthly = LineItem(row="b", price=OneOffPrice(name="Care", unit_amount=900, currency="eur", recurring=MONTH))
    assert problems(items(FRAME.model_copy(update={"recurring": MONTH})), monthly) == []
    yearly = items(FRAME.model_copy(update={"recurring": YEAR}))
    said = "Frame is billed every year and the link every month: pick a price billed every month."
    assert problems(yearly, monthly) == [("optional_items.0.price", said)]


def test_a_rate_that_does_not_fit() -> None:
    dollars = POST.model_copy(update={"currencies": ("usd",)})
    archived = POST.model_copy(update={"active": False})
    assert problems(rates(dollars)) == [("shipping_options", "Post · €5.00: pick a rate in EUR.")]
    said = "Post · €5.00 is archived in Stripe: pick another rate."
    assert problems(rates(archived)) == [("shipping_options", said)]


def test_the_fee_is_in_the_links_currency() -> None:
    answers = {"transfer_data.destination": "acct_1", "currency": "usd", "application_fee_amount": "1"}
    group = build(GROUPS["connect"], answers)
    assert group.summary() == "The money goes to acct_1, fee $1.00"
    assert problems(group) == [("currency", "The link is in EUR: pick that, and check the amounts.")]
    assert group.to_stripe() == {"transfer_data": {"destination": "acct_1"}, "application_fee_amount": 100}
    assert GROUPS["connect"].beginning(LinkDraft(line_items=(ONCE,))) == {"currency": "eur"}
