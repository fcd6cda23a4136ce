"""The views of coupons, whole."""

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from bot.errors import Problem
from bot.links.coupons import Coupon
from bot.links.promotion_code import PromotionCode, Restrictions
from bot.services.discounts import CodeCard, CouponCard, Page
from bot.slack.ui.coupon_form import CODE, COUPON, Filled, FormMemo, coupon_form_view
from bot.slack.ui.coupons import CouponMemo, CouponsMemo, coupon_view, coupons_view
from tests.links.words import thorough
from tests.slack.limits import accepted, texts
from tests.slack.samples import nasty
from tests.slack.states import state_of

SPRING = Coupon(id="co_1", name="Spring sale", percent_off="20", max_redemptions=10, redeem_by=1_800_000_000)
CODES = (
    CodeCard(PromotionCode(id="promo_1", code="SPRING20", expires_at=1_799_000_000, times_redeemed=3), "active"),
    CodeCard(
        PromotionCode(id="promo_2", code="FRIENDS", restrictions=Restrictions(first_time_transaction=True)), "off"
    ),
    CodeCard(PromotionCode(id="promo_3", code="GONE", max_redemptions=1, times_redeemed=1), "used up"),
)
CARD = CouponCard(SPRING, 1, CODES, ("Tea",))
PAGE = Page((CARD, CouponCard(Coupon(id="co_2", percent_off="5", valid=False), 0)), (1.5, "co_2"))
ALL = FormMemo(form="f1")
ONE = FormMemo(form="f1", coupon="co_1")


def test_the_list(snapshot: SnapshotAssertion) -> None:
    view = accepted(coupons_view(CouponsMemo(before=(2.5, "co_0")), PAGE, "en_US", livemode=False))
    assert view == snapshot
    assert CouponsMemo.model_validate_json(view["private_metadata"]).next == (1.5, "co_2")


def test_a_coupon(snapshot: SnapshotAssertion) -> None:
    view = accepted(coupon_view(CARD, CouponsMemo(), "en_US", livemode=True, news="It is ready."))
    assert view == snapshot
    assert CouponMemo.model_validate_json(view["private_metadata"]).coupon == "co_1"


@pytest.mark.parametrize("memo", [ALL, ONE], ids=["coupon", "code"])
def test_an_empty_form(memo: FormMemo, snapshot: SnapshotAssertion) -> None:
    assert accepted(coupon_form_view(memo, Filled.empty(memo), "en_US", livemode=False)) == snapshot


def test_a_form_is_read_as_it_was_filled() -> None:
    filled = Filled.empty(ALL)
    filled.answers[COUPON] |= {"percent_off": "20", "applies_to.products": ("prod_1",), "redeem_by": 1_800_000_000}
    filled.answers[CODE] |= {"code": "SPRING", "max_redemptions": "5"}
    filled.names["prod_1"] = "Tea"
    view = accepted(coupon_form_view(ALL, filled, "en_US", livemode=False))
    assert Filled.read(ALL, state_of(view)) == filled


def test_problems_stand_above_their_fields() -> None:
    problems = {
        COUPON: [Problem("percent_off", "Too much.")],
        CODE: [Problem("max_redemptions", "Too many."), Problem("", "Odd."), Problem("promotion.coupon", "Odder.")],
    }
    view = accepted(coupon_form_view(ALL, Filled.empty(ALL), "en_US", livemode=True, problems=problems))
    said = [texts(block.get("text") or block.get("label") or {}) for block in view["blocks"]]
    assert said[said.index("Percent off") - 1] == "⚠️ To do: Too much."
    assert said[said.index("Most uses of the code") - 1] == "⚠️ To do: Too many."
    assert said[said.index("The code customers type") + 1] == "⚠️ To do: Odd. Odder."


@thorough
@given(nasty)
def test_any_name_fits(name: str) -> None:
    codes = tuple(CodeCard(PromotionCode(id=f"promo_{at}", code=name or "x"), "active") for at in range(20))
    cards = [
        CouponCard(SPRING.model_copy(update={"id": f"co_{at}", "name": name}), 20, codes, (name or "x",) * 50)
        for at in range(10)
    ]
    accepted(coupons_view(CouponsMemo(text=name[:200]), Page(tuple(cards), None), "de_DE", livemode=False))
    accepted(coupon_view(cards[0], CouponsMemo(text=name[:200]), "de_DE", livemode=False))
