"""The mirror of coupons, promotion codes and shipping rates: filled whole, kept current by events."""

from typing import Any

import pytest
from stripe import StripeClient

from bot.errors import StripeUnavailable
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.objects import Kind, ObjectMirror, Progress
from bot.services.steps import Outcome
from storage import stripe_objects
from storage.models import StripeObject
from tests.conftest import Clock
from tests.services.desk import TEAM, Desk


async def held(desk: Desk, kind: Kind, text: str = "") -> list[StripeObject]:
    async with desk.db.read() as session:
        return list(await stripe_objects.page(session, TEAM, kind, text))


async def follow(desk: Desk, sandbox: StripeSandbox) -> None:
    """Delivers every event about coupons and their codes, oldest first."""
    nouns = ("coupon", "promotion_code")
    for event in [one for one in sandbox.events.values() if one["type"].split(".")[0] in nouns]:
        assert await desk.deliver(event) == Outcome("done")


async def made(dashboard: StripeClient) -> tuple[str, str, str]:
    """A coupon for one product, in two currencies, with a code that has a minimum; and a shipping rate."""
    v1 = dashboard.v1
    product = await v1.products.create_async({"name": "Tea"})
    coupon = await v1.coupons.create_async(
        {
            "name": "Spring sale",
            "amount_off": 500,
            "currency": "eur",
            "currency_options": {"usd": {"amount_off": 600}},
            "applies_to": {"products": [product.id]},
        }
    )
    restrictions: Any = {
        "minimum_amount": 2000,
        "minimum_amount_currency": "eur",
        "currency_options": {"usd": {"minimum_amount": 2500}},
    }
    code = await v1.promotion_codes.create_async(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING", "restrictions": restrictions}
    )
    fixed: Any = {"amount": 700, "currency": "eur", "currency_options": {"usd": {"amount": 800}}}
    rate = await v1.shipping_rates.create_async({"display_name": "Express", "fixed_amount": fixed})
    return coupon.id, code.id, rate.id


async def test_everything_is_read_with_what_stripe_hides(desk: Desk, dashboard: StripeClient) -> None:
    coupon, code, rate = await made(dashboard)
    assert [step async for step in desk.objects.fill()] == [
        Progress("coupons", 1),
        Progress("promotion codes", 1),
        Progress("shipping rates", 1),
    ]
    (spring,) = await held(desk, "coupon", "spring")
    assert (spring.id, spring.active) == (coupon, True)
    assert spring.data["currency_options"]["usd"] == {"amount_off": 600}
    assert len(spring.data["applies_to"]["products"]) == 1
    (own,) = await held(desk, "promotion_code", "spri")
    assert (own.id, own.parent_id) == (code, coupon)
    assert own.data["restrictions"]["currency_options"]["usd"] == {"minimum_amount": 2500}
    (express,) = await held(desk, "shipping_rate", "express eur")
    assert express.id == rate
    assert express.data["fixed_amount"]["currency_options"]["usd"]["amount"] == 800


async def test_events_keep_it_current(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, clock: Clock
) -> None:
    coupon, code, _ = await made(dashboard)
    await follow(desk, sandbox)
    (spring,) = await held(desk, "coupon")
    assert spring.data["applies_to"] is not None
    clock.advance(1)
    await dashboard.v1.coupons.update_async(coupon, {"name": "Summer sale"})
    await dashboard.v1.promotion_codes.update_async(code, {"active": False})
    await follow(desk, sandbox)
    assert [one.id for one in await held(desk, "coupon", "summer")] == [coupon]
    assert [one.active for one in await held(desk, "promotion_code")] == [False]


async def test_a_deleted_coupon_takes_its_codes_along(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, clock: Clock
) -> None:
    coupon, code, _ = await made(dashboard)
    await follow(desk, sandbox)
    clock.advance(1)
    await dashboard.v1.coupons.delete_async(coupon)
    await follow(desk, sandbox)
    assert await held(desk, "coupon") == []
    assert [(one.id, one.active) for one in await held(desk, "promotion_code")] == [(code, False)]


async def test_a_coupon_no_longer_valid_takes_its_codes_along(desk: Desk, dashboard: StripeClient) -> None:
    await made(dashboard)
    async for _ in desk.objects.fill():
        pass
    (spring,) = await held(desk, "coupon")
    async with desk.db.begin() as session:
        await desk.objects.put(session, "coupon", [{**spring.data, "valid": False}], spring.stripe_at + 1)
    assert [one.active for one in await held(desk, "promotion_code")] == [False]


async def test_what_was_deleted_unheard_goes_when_everything_is_read_anew(
    desk: Desk, dashboard: StripeClient, clock: Clock
) -> None:
    coupon, _, _ = await made(dashboard)
    for _ in range(2):
        async for _ in desk.objects.fill():
            pass
        assert [one.id for one in await held(desk, "coupon")] == [coupon]
        clock.advance(1)
    await dashboard.v1.coupons.delete_async(coupon)
    async for _ in desk.objects.fill():
        pass
    assert await held(desk, "coupon") == []
    assert [one.active for one in await held(desk, "promotion_code")] == [False]


async def test_it_is_filled_once(desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox) -> None:
    await made(dashboard)
    sandbox.faults.add("GET /v1/promotion_codes", "status", status=500)
    with pytest.raises(StripeUnavailable):
        await desk.objects.fill_once()
    assert (len(await held(desk, "coupon")), len(await held(desk, "promotion_code"))) == (1, 0)
    for _ in range(2):
        await desk.objects.fill_once()
        assert len(await held(desk, "promotion_code")) == 1
    assert len([one for one in sandbox.requests if one.path == "/v1/coupons" and one.method == "GET"]) == 2


async def test_shipping_rates_are_listed_anew(desk: Desk, dashboard: StripeClient, clock: Clock) -> None:
    mirror: ObjectMirror = desk.objects
    _, _, rate = await made(dashboard)
    for active in (True, False):
        clock.advance(1)
        await dashboard.v1.shipping_rates.update_async(rate, {"active": active})
        assert [step async for step in mirror.refresh("shipping_rate")] == [Progress("shipping rates", 1)]
        assert [one.active for one in await held(desk, "shipping_rate")] == [active]
