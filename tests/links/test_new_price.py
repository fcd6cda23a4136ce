"""What a new price must be; and where our own check is passed by, Stripe says no, at the same field."""

from typing import Any

import pytest

from bot.errors import Invalid
from bot.links.new_price import NewPrice
from bot.links.options.answers import Answer
from bot.links.options.fields import build, leaves
from bot.sandbox.stripe import StripeSandbox
from bot.services.products import where_of
from bot.slack.ui.catalog_forms import field_of
from tests.sandbox.stripe.api import Raw

MONTHLY: dict[str, Answer] = {"billing": "month:1"}
TIERED: dict[str, Answer] = {"kind": "tiered", **MONTHLY}
CUSTOM: dict[str, Answer] = {"kind": "custom"}
LEAST, MOST, SUGGESTED = (f"custom_unit_amount.{bound}" for bound in ("minimum", "maximum", "preset"))
COUNT = "recurring.interval_count"


def price(**answers: Answer) -> NewPrice:
    asked: dict[str, Answer] = {
        "currency": "eur",
        "unit_amount": "10",
        "package_amount": "10",
        "transform_quantity.divide_by": 5,
    }
    return build(NewPrice, {**asked, "tiers": "10 = 9\nrest = 5", **answers})


def problems(made: NewPrice) -> dict[str, str]:
    return {problem.where: problem.message for problem in made.problems()}


@pytest.mark.parametrize("kind", ["flat", "package", "tiered", "custom"])
def test_each_kind_can_be_made(kind: str) -> None:
    billing = "once" if kind == "custom" else "year:1"
    assert problems(price(kind=kind, billing=billing)) == {}


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"unit_amount": "ten"}, "unit_amount"),
        ({"unit_amount": "10.001"}, "unit_amount"),
        ({"kind": "package", "package_amount": "-1"}, "package_amount"),
        ({**TIERED, "tiers": "10 = 9"}, "tiers"),
        ({"kind": "tiered"}, "billing"),
        ({**CUSTOM, **MONTHLY}, "billing"),
        ({"currency_options": "eur = 1"}, "currency_options"),
        (
            {**CUSTOM, LEAST: "10", MOST: "5"},
            "custom_unit_amount.maximum",
        ),
        ({**CUSTOM, LEAST: "10", SUGGESTED: "5"}, "custom_unit_amount.preset"),
        (
            {**CUSTOM, MOST: "10", SUGGESTED: "15"},
            "custom_unit_amount.preset",
        ),
        (
            {"billing": "custom", "recurring.interval": "week", COUNT: 157},
            "recurring.interval_count",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_field(answers: dict[str, Answer], where: str) -> None:
    found = problems(price(**answers))
    assert list(found) == [where]
    assert all(message.endswith(".") for message in found.values())


def test_what_is_needed_is_asked_for() -> None:
    with pytest.raises(Invalid) as refused:
        build(NewPrice, {"kind": "package", "currency": "eur"})
    assert {problem.where for problem in refused.value.problems} == {"package_amount", "transform_quantity.divide_by"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"unit_amount": 100_000_000}, "unit_amount"),
    ({"unit_amount": 1, "transform_quantity": {"divide_by": 0, "round": "up"}}, "transform_quantity.divide_by"),
    ({"unit_amount": 1, "recurring": {"interval": "week", "interval_count": 157}}, "recurring.interval_count"),
    ({"custom_unit_amount": {"enabled": True}, "recurring": {"interval": "month"}}, "billing"),
    ({"custom_unit_amount": {"enabled": True, "minimum": 900, "maximum": 600}}, "custom_unit_amount.maximum"),
    ({"custom_unit_amount": {"enabled": True, "minimum": 10}}, "custom_unit_amount.minimum"),
    ({"custom_unit_amount": {"enabled": True, "maximum": 600, "preset": 900}}, "custom_unit_amount.preset"),
    ({"tiers": [{"up_to": "inf", "unit_amount": 1}], "tiers_mode": "volume"}, "billing"),
    ({"tiers": [{"up_to": 5, "unit_amount": 1}], "tiers_mode": "volume"}, "tiers"),
    ({"unit_amount": 1, "currency_options": {"eur": {"unit_amount": 1}}}, "currency_options"),
    ({"unit_amount": 1, "lookup_key": "x" * 201}, "lookup_key"),
]


@pytest.mark.parametrize(("params", "field"), REFUSED)
async def test_stripe_says_no_at_the_same_field(params: dict[str, Any], field: str) -> None:
    async with StripeSandbox(seed=1) as sandbox:
        error = await Raw(sandbox).refused("/v1/prices", {"product_data": {"name": "Mug"}, "currency": "eur", **params})
    assert field_of(where_of(error["param"]), [leaf.path for leaf in leaves(NewPrice)]) == field
