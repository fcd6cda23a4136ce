"""Coupons and codes: made once however often they are asked for, and found while they can be used."""

import pytest

from bot.errors import Invalid, NotAllowed, NotFound, StripeUnavailable
from bot.links.coupons import Coupon
from bot.links.promotion_code import PromotionCode
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.discounts import code_state
from tests.conftest import Clock
from tests.services.desk import Desk

TWENTY = Coupon(name="Spring", percent_off="20")
DAY = 86_400


async def made(desk: Desk, ada: Actor, form: str = "f1", coupon: Coupon = TWENTY, code: str = "SPRING") -> str:
    coupon_id = await desk.discounts.create(ada, form, coupon)
    await desk.discounts.add_code(ada, form, coupon_id, PromotionCode(code=code))
    return coupon_id


async def offered(desk: Desk, ada: Actor, text: str = "") -> list[str | None]:
    return [card.code.code for card, _ in await desk.discounts.codes(ada, text)]


async def test_a_form_makes_one_coupon_and_one_code(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    first, second = await made(desk, ada), await made(desk, ada)
    assert first == second
    card = await desk.discounts.coupon(ada, first)
    assert (card.name, card.active_codes, [one.state for one in card.codes]) == ("Spring", 1, ["active"])
    assert len(sandbox.account.tables["coupon"]) == len(sandbox.account.tables["promotion_code"]) == 1


@pytest.mark.parametrize("path", ["POST /v1/coupons", "POST /v1/promotion_codes"])
async def test_a_lost_answer_is_no_second_coupon(desk: Desk, ada: Actor, sandbox: StripeSandbox, path: str) -> None:
    sandbox.faults.add(path, "drop_after")
    with pytest.raises(StripeUnavailable):
        await made(desk, ada)
    assert (await desk.discounts.coupon(ada, await made(desk, ada))).active_codes == 1
    assert len(sandbox.account.tables["coupon"]) == len(sandbox.account.tables["promotion_code"]) == 1


async def test_a_form_changed_after_a_lost_answer_finds_what_it_made(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    first = await desk.discounts.create(ada, "f1", TWENTY)
    assert await desk.discounts.create(ada, "f1", Coupon(name="Other", percent_off="30")) == first
    code = await desk.discounts.add_code(ada, "f1", first, PromotionCode(code="ONE"))
    assert await desk.discounts.add_code(ada, "f1", first, PromotionCode(code="TWO")) == code == "ONE"
    assert len(sandbox.account.tables["coupon"]) == 1


async def test_what_stripe_refuses_comes_back_at_its_field(desk: Desk, ada: Actor) -> None:
    coupon_id = await made(desk, ada)
    with pytest.raises(Invalid) as refused:
        await desk.discounts.add_code(ada, "f2", coupon_id, PromotionCode(code="spring"))
    assert [problem.where for problem in refused.value.problems] == ["code"]
    with pytest.raises(Invalid) as refused:
        await desk.discounts.create(ada, "f3", Coupon(percent_off="0"))
    assert [problem.where for problem in refused.value.problems] == ["percent_off"]


async def test_only_codes_that_can_be_used_are_offered(desk: Desk, ada: Actor, clock: Clock) -> None:
    soon = int(clock()) + DAY
    ends = await desk.discounts.create(ada, "f1", TWENTY.model_copy(update={"redeem_by": soon + DAY}))
    await desk.discounts.add_code(ada, "f1", ends, PromotionCode(code="LONG"))
    await desk.discounts.add_code(ada, "f2", ends, PromotionCode(code="SHORT", expires_at=soon))
    gone = await made(desk, ada, "f3", code="GONE")
    assert sorted(filter(None, await offered(desk, ada))) == ["GONE", "LONG", "SHORT"]
    assert await offered(desk, ada, "sho") == ["SHORT"]
    await desk.discounts.delete(ada, gone)
    clock.advance(DAY)
    assert await offered(desk, ada) == ["LONG"]
    (code,) = (card for card, _ in await desk.discounts.codes(ada, ""))
    await desk.discounts.set_active(ada, code.code.id, active=False)
    assert await offered(desk, ada) == []
    assert (await desk.discounts.code(ada, code.code.id))[0].state == "off"


async def test_a_coupon_is_found_by_its_codes(desk: Desk, ada: Actor, clock: Clock) -> None:
    await made(desk, ada)
    clock.advance(1)
    await made(desk, ada, "f2", Coupon(name="Winter", percent_off="5"), "COLD")
    page = await desk.discounts.page(ada)
    assert ([card.name for card in page.coupons], page.next) == (["Winter", "Spring"], None)
    assert [card.name for card in (await desk.discounts.page(ada, "cold")).coupons] == ["Winter"]
    assert [card.name for card in (await desk.discounts.page(ada, "spr")).coupons] == ["Spring"]


async def test_refreshing_brings_what_events_do_not_tell(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    coupon_id = await made(desk, ada)
    for table in ("coupon", "promotion_code"):
        for one in sandbox.account.tables[table].values():
            one["times_redeemed"] = 2
    card = await desk.discounts.refresh(ada, coupon_id)
    assert (card.coupon.times_redeemed, card.codes[0].code.times_redeemed) == (2, 2)
    sandbox.account.tables["coupon"].remove(coupon_id)
    with pytest.raises(NotFound):
        await desk.discounts.refresh(ada, coupon_id)


async def test_deleting_twice_is_no_error(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    coupon_id = await made(desk, ada)
    sandbox.account.tables["coupon"].remove(coupon_id)
    await desk.discounts.delete(ada, coupon_id)
    with pytest.raises(NotFound):
        await desk.discounts.coupon(ada, coupon_id)


async def test_a_guest_changes_nothing(desk: Desk, ada: Actor, guest: Actor) -> None:
    coupon_id = await made(desk, ada)
    code_id = (await desk.discounts.coupon(ada, coupon_id)).codes[0].code.id
    for attempt in (
        desk.discounts.create(guest, "g", TWENTY),
        desk.discounts.add_code(guest, "g", coupon_id, PromotionCode()),
        desk.discounts.set_active(guest, code_id, active=False),
        desk.discounts.delete(guest, coupon_id),
    ):
        with pytest.raises(NotAllowed):
            await attempt


def test_why_a_code_cannot_be_used() -> None:
    code = PromotionCode(expires_at=100, max_redemptions=2, times_redeemed=1)
    assert code_state(code, TWENTY, True, 99.0) == "active"
    assert code_state(code, TWENTY, True, 100.0) == "expired"
    assert code_state(code, TWENTY, False, 99.0) == "off"
    assert code_state(code, TWENTY.model_copy(update={"valid": False}), True, 99.0) == "off"
    assert code_state(code.model_copy(update={"times_redeemed": 2}), TWENTY, True, 99.0) == "used up"
    assert (
        code_state(code, TWENTY.model_copy(update={"max_redemptions": 1, "times_redeemed": 1}), True, 9.0) == "used up"
    )


async def test_products_are_found_by_name(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    sandbox.seed_catalog(3)
    async for _ in desk.catalog.fill():
        pass
    everything = await desk.discounts.products(ada, "")
    (product_id, name) = everything[0]
    assert len(everything) == 3
    assert (product_id, name) in await desk.discounts.products(ada, name.upper())
    assert await desk.discounts.product_names(ada, (product_id, "prod_x")) == {product_id: name}
