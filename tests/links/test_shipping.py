"""Shipping rates: what is asked for and sent, what Stripe takes, and rates in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe.params import _shipping_rate_create_params as create

from bot.links.options.answers import Answer
from bot.links.options.fields import build, leaves
from bot.links.shipping import EXCLUDED, ShippingRate, rate_fact
from bot.sandbox.stripe.forms import decode
from bot.sandbox.stripe.resources.shipping_rates import CREATE
from tests.links.words import lines, thorough
from tests.sandbox.stripe.api import flat
from tests.typed_params import parameters, words

KNOWN = dict(parameters(create.ShippingRateCreateParams, create))
UNITS = ["business_day", "day", "hour", "month", "week"]

limits = st.none() | st.integers(1, 1000)


@st.composite
def rates(draw: st.DrawFn) -> ShippingRate:
    """A rate without a mistake."""
    answers: dict[str, Answer] = {
        "display_name": draw(lines(100)),
        "fixed_amount.currency": "eur",
        "fixed_amount.amount": str(draw(st.integers(0, 999))),
        "delivery_estimate.minimum.value": draw(limits),
        "delivery_estimate.minimum.unit": draw(st.sampled_from(UNITS)),
        "delivery_estimate.maximum.value": draw(limits),
        "delivery_estimate.maximum.unit": draw(st.sampled_from(UNITS)),
        "tax_behavior": draw(st.sampled_from([None, "exclusive", "inclusive"])),
        "tax_code": draw(st.sampled_from([None, "txcd_92010001"])),
    }
    return build(ShippingRate, answers)


def excluded(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in EXCLUDED)


def test_every_parameter_is_asked_for_or_excluded() -> None:
    asked = {leaf.path for leaf in leaves(ShippingRate)} | {"type", "expand"}
    parents = {path.rpartition(".")[0] for path in asked} | {"delivery_estimate"}
    assert {path for path in KNOWN if not excluded(path)} == (asked | parents) - {""}
    assert EXCLUDED.keys() <= KNOWN.keys()
    assert all(reason.endswith(".") for reason in EXCLUDED.values())


def test_the_units_are_stripes() -> None:
    assert words(KNOWN["delivery_estimate.minimum.unit"]) == set(UNITS)


@thorough
@given(rates())
def test_stripe_takes_what_is_asked_for(rate: ShippingRate) -> None:
    sent = rate.to_stripe()
    assert CREATE.parse(decode(flat(sent))) == {
        **sent,
        "fixed_amount": {"amount": rate.fixed_amount.amount, "currency": "eur"},
    }
    assert "\n" not in rate_fact({"id": "shr_1", "active": True, **sent}).words


@pytest.mark.parametrize(
    ("low", "high", "where"),
    [
        (("day", 3), ("day", 2), ["delivery_estimate.maximum.value"]),
        (("week", 1), ("day", 3), ["delivery_estimate.maximum.value"]),
        (("hour", 12), ("day", 1), []),
        (("day", 3), ("day", 3), []),
    ],
)
def test_the_soonest_is_not_after_the_latest(low: tuple[str, int], high: tuple[str, int], where: list[str]) -> None:
    answers: dict[str, Answer] = {"display_name": "Post", "fixed_amount.currency": "eur", "fixed_amount.amount": "5"}
    for side, (unit, value) in {"minimum": low, "maximum": high}.items():
        answers |= {f"delivery_estimate.{side}.unit": unit, f"delivery_estimate.{side}.value": value}
    assert [problem.where for problem in build(ShippingRate, answers).problems()] == where


def test_a_tax_code_is_stripes() -> None:
    answers: dict[str, Answer] = {"display_name": "Post", "fixed_amount.currency": "eur", "fixed_amount.amount": "5"}
    (problem,) = build(ShippingRate, {**answers, "tax_code": "shipping"}).problems()
    assert (problem.where, problem.message) == ("tax_code", "Write a tax code of Stripe's, like txcd_92010001.")


def limit(unit: str, value: int) -> dict[str, Any]:
    return {"unit": unit, "value": value}


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (None, "Post · €5.00"),
        ({"minimum": limit("day", 3), "maximum": limit("day", 5)}, "Post · €5.00 · 3 to 5 days"),
        ({"minimum": limit("hour", 1), "maximum": limit("hour", 1)}, "Post · €5.00 · 1 hour"),
        ({"minimum": limit("day", 1), "maximum": limit("week", 1)}, "Post · €5.00 · 1 day to 1 week"),
        ({"minimum": limit("business_day", 2), "maximum": None}, "Post · €5.00 · at least 2 working days"),
        ({"minimum": None, "maximum": limit("month", 1)}, "Post · €5.00 · up to 1 month"),
    ],
)
def test_a_rate_in_words(estimate: Any, said: str) -> None:
    amount = {"amount": 500, "currency": "eur", "currency_options": {"usd": {"amount": 600}, "eur": {"amount": 500}}}
    found = {"id": "shr_1", "active": True, "display_name": "Post", "fixed_amount": amount}
    fact = rate_fact({**found, "delivery_estimate": estimate})
    assert (fact.words, fact.currencies, fact.active) == (said, ("eur", "usd"), True)


def test_a_free_rate_and_one_that_says_little() -> None:
    free = {"id": "shr_1", "active": False, "display_name": None, "fixed_amount": {"amount": 0, "currency": "eur"}}
    assert rate_fact(free).words == "shr_1 · free"
    assert rate_fact({"id": "shr_1"}).words == "shr_1"
