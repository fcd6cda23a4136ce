"""Coupons and promotion codes: what is asked for is what Stripe is sent and what comes back, also in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe.params import _coupon_create_params as coupon_create
from stripe.params import _coupon_update_params as coupon_update
from stripe.params import _promotion_code_create_params as code_create
from stripe.params import _promotion_code_update_params as code_update

from bot.links.coupons import AmountOff, AppliesTo, Coupon, discount_in_words
from bot.links.options.fields import build, check, values
from bot.links.promotion_code import Minimum, PromotionCode, Restrictions, conditions_in_words
from bot.money import CURRENCIES, charge_step
from tests.links.words import lines, thorough
from tests.typed_params import parameters

NOW = 1_800_000_000.0
LATER = int(NOW) + 86_400

MAPS = {"currency_options", "restrictions.currency_options"}
"""Parameters whose keys are currencies."""

ELSEWHERE = {
    "expand": "How Stripe answers.",
    "metadata": "Says whose form it was, so that asking again finds it.",
    "active": "Turned on and off by a button.",
    "promotion": "The coupon a code belongs to.",
    "promotion.coupon": "The coupon a code belongs to.",
    "promotion.type": "The coupon a code belongs to.",
}
EXCLUDED = {
    "id": "Stripe makes the coupon's id; customers know it by its code.",
    "customer": "A payment link doesn't know its customer before they pay, so such a code couldn't be used there.",
    "customer_account": "As with customer.",
}
FIXED = {
    "name": "A new coupon is made instead, so that what customers were promised stays as it was.",
    "currency_options": "A new coupon is made instead.",
    "restrictions": "A new code is added instead.",
    "restrictions.currency_options": "A new code is added instead.",
}
"""What an update could change and Paylink doesn't."""


def amounts(currency: str) -> st.SearchStrategy[int]:
    return st.integers(1, 9_999).map(lambda units: units * charge_step(currency))


def further(part: type[Any], field: str, own: str | None) -> st.SearchStrategy[tuple[Any, ...]]:
    def entry(currency: str) -> st.SearchStrategy[Any]:
        return amounts(currency).map(lambda amount: part(currency=currency, **{field: amount}))

    currencies = st.lists(st.sampled_from([one for one in CURRENCIES if one != own]), unique=True, max_size=4)
    return currencies.flatmap(lambda found: st.tuples(*(entry(currency) for currency in sorted(found))))


@st.composite
def coupons(draw: st.DrawFn) -> Coupon:
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        percent = draw(st.integers(1, 10_000))
        text = f"{percent // 100}.{percent % 100:02}".rstrip("0").rstrip(".")
        fields |= {"kind": "percent_off", "percent_off": text}
    else:
        currency = draw(st.sampled_from(CURRENCIES))
        fields |= {"kind": "amount_off", "currency": currency, "amount_off": draw(amounts(currency))}
        fields["currency_options"] = draw(further(AmountOff, "amount_off", currency))
    duration = draw(st.sampled_from(["once", "repeating", "forever"]))
    fields |= {"duration": duration, "name": draw(st.none() | lines(40))}
    if duration == "repeating":
        fields["duration_in_months"] = draw(st.integers(1, 36))
    fields["applies_to"] = AppliesTo(products=tuple(draw(st.lists(st.sampled_from(["prod_1", "prod_2"]), unique=True))))
    fields["max_redemptions"] = draw(st.none() | st.integers(1, 10_000))
    fields["redeem_by"] = draw(st.none() | st.integers(LATER, LATER + 10**6))
    return Coupon(**fields)


@st.composite
def codes(draw: st.DrawFn) -> PromotionCode:
    currency = draw(st.none() | st.sampled_from(CURRENCIES))
    restrictions = Restrictions(
        first_time_transaction=draw(st.booleans()),
        minimum_amount_currency=currency,
        minimum_amount=draw(amounts(currency)) if currency else None,
        currency_options=draw(further(Minimum, "minimum_amount", currency)) if currency else (),
    )
    return PromotionCode(
        code=draw(st.none() | st.text("ABCxyz0189-", min_size=1, max_size=40)),
        expires_at=draw(st.none() | st.integers(LATER, LATER + 10**6)),
        max_redemptions=draw(st.none() | st.integers(1, 10_000)),
        restrictions=restrictions,
    )


def answered(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters as Stripe answers them: amounts in every currency, a percentage as a number."""
    answer = dict(params)
    if "percent_off" in answer:
        answer["percent_off"] = float(answer["percent_off"])
    if "amount_off" in answer:
        own = {answer["currency"]: {"amount_off": answer["amount_off"]}}
        answer["currency_options"] = own | answer.get("currency_options", {})
    return answer


@thorough
@given(coupons())
def test_a_coupon_goes_to_stripe_and_back_unchanged(coupon: Coupon) -> None:
    assert Coupon.from_stripe(answered(coupon.to_stripe())) == coupon
    assert list(coupon.problems(NOW)) == []
    assert list(check(coupon)) == []


@thorough
@given(coupons())
def test_a_coupon_is_what_its_answers_say(coupon: Coupon) -> None:
    assert build(Coupon, values(coupon)) == coupon


@thorough
@given(codes())
def test_a_code_goes_to_stripe_and_back_unchanged(code: PromotionCode) -> None:
    params = code.to_stripe("co_1")
    assert params["promotion"] == {"type": "coupon", "coupon": "co_1"}
    assert PromotionCode.from_stripe(params) == code
    assert list(code.problems(Coupon(), NOW)) == []


@thorough
@given(codes())
def test_a_code_is_what_its_answers_say(code: PromotionCode) -> None:
    assert build(PromotionCode, values(code)) == code


@pytest.mark.parametrize(
    ("coupon", "where"),
    [
        (Coupon(percent_off="0.00"), "percent_off"),
        (Coupon(kind="amount_off", currency="eur", amount_off=0), "amount_off"),
        (Coupon(redeem_by=int(NOW)), "redeem_by"),
        (Coupon(redeem_by=int(NOW) + 6 * 366 * 86_400), "redeem_by"),
        (
            Coupon(currency="eur", amount_off=1, currency_options=(AmountOff(currency="eur", amount_off=1),)),
            "currency_options.0.currency",
        ),
        (
            Coupon(currency="eur", amount_off=1, currency_options=(AmountOff(currency="usd", amount_off=0),)),
            "currency_options.0.amount_off",
        ),
    ],
)
def test_what_stands_against_a_coupon(coupon: Coupon, where: str) -> None:
    assert [problem.where for problem in coupon.problems(NOW)] == [where]


LIMITED = Coupon(percent_off="5", max_redemptions=10, redeem_by=LATER)


@pytest.mark.parametrize(
    ("code", "where"),
    [
        (PromotionCode(code="Früh"), "code"),
        (PromotionCode(expires_at=int(NOW)), "expires_at"),
        (PromotionCode(expires_at=LATER + 1), "expires_at"),
        (PromotionCode(max_redemptions=11), "max_redemptions"),
        (
            PromotionCode(restrictions=Restrictions(minimum_amount=0, minimum_amount_currency="eur")),
            "restrictions.minimum_amount",
        ),
        (
            PromotionCode(restrictions=Restrictions(currency_options=(Minimum(currency="usd", minimum_amount=1),))),
            "restrictions.minimum_amount",
        ),
    ],
)
def test_what_stands_against_a_code(code: PromotionCode, where: str) -> None:
    assert [problem.where for problem in code.problems(LIMITED, NOW)] == [where]


def test_a_currency_without_an_amount_is_left_out() -> None:
    coupon = build(
        Coupon,
        {"kind": "amount_off", "currency": "eur", "amount_off": "5", "currency_options.0.currency": "usd"},
    )
    assert coupon.currency_options == ()
    code = PromotionCode(restrictions=Restrictions(minimum_amount_currency="eur"))
    assert "restrictions" not in code.to_stripe("co_1")


@pytest.mark.parametrize(
    ("coupon", "words"),
    [
        (Coupon(percent_off="12.5"), "12.5% off the first payment"),
        (Coupon(percent_off="20", duration="forever"), "20% off every payment"),
        (Coupon(percent_off="20", duration="repeating", duration_in_months=1), "20% off for 1 month"),
        (
            Coupon(
                kind="amount_off",
                currency="jpy",
                amount_off=500,
                duration="repeating",
                duration_in_months=3,
                currency_options=(AmountOff(currency="eur", amount_off=450),),
            ),
            "¥500 off (€4.50) for 3 months",
        ),
    ],
)
def test_a_discount_in_words(coupon: Coupon, words: str) -> None:
    assert discount_in_words(coupon, "en_US") == words


def test_conditions_in_words() -> None:
    restrictions = Restrictions(
        first_time_transaction=True,
        minimum_amount=5000,
        minimum_amount_currency="eur",
        currency_options=(Minimum(currency="usd", minimum_amount=6000),),
    )
    assert conditions_in_words(PromotionCode(restrictions=restrictions), "en_US") == [
        "first-time customers only",
        "orders of €50.00 or $60.00 and more",
    ]
    assert conditions_in_words(PromotionCode(), "en_US") == []


def declared(part: Any, prefix: str = "") -> set[str]:
    found = {f"{prefix}{name}" for name in part.model_fields}
    for name, info in part.model_fields.items():
        inner = next(
            (one for one in (info.annotation, *getattr(info.annotation, "__args__", ())) if _is_part(one)), None
        )
        if inner and f"{prefix}{name}" not in MAPS:
            found |= declared(inner, f"{prefix}{name}.")
    return found


def _is_part(annotation: Any) -> bool:
    return hasattr(annotation, "model_fields")


OURS = {"kind", "valid", "times_redeemed", "active", "id"}


@pytest.mark.parametrize(
    ("params", "module", "part", "fixed"),
    [
        (coupon_create.CouponCreateParams, coupon_create, Coupon, {}),
        (coupon_update.CouponUpdateParams, coupon_update, Coupon, FIXED),
        (code_create.PromotionCodeCreateParams, code_create, PromotionCode, {}),
        (code_update.PromotionCodeUpdateParams, code_update, PromotionCode, FIXED),
    ],
    ids=["coupon create", "coupon update", "code create", "code update"],
)
def test_every_parameter_is_declared_or_excluded(params: Any, module: Any, part: Any, fixed: dict[str, str]) -> None:
    known = {path for path, _ in parameters(params, module) if not any(path.startswith(f"{one}.") for one in MAPS)}
    ours = declared(part) - OURS
    assert known - ours - ELSEWHERE.keys() - EXCLUDED.keys() == set()
    if not fixed:
        assert ours - known == set()
    else:
        assert known - ELSEWHERE.keys() <= fixed.keys()
