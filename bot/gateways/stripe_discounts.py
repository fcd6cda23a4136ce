"""The part of Stripe's API that is about coupons and promotion codes."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from bot.gateways.stripe_part import Json, StripePart

_COUPON: Final = ["applies_to", "currency_options"]
_PROMOTION_CODE: Final = ["restrictions.currency_options"]
"""What Stripe leaves out of these unless it is asked to expand it."""


class StripeDiscounts(StripePart):
    """Coupons and promotion codes."""

    def coupons(self) -> AsyncGenerator[Json]:
        """Every coupon, newest first, with the products it applies to and its further currencies."""
        return self._pages(self._v1.coupons.list_async, {"expand": [f"data.{path}" for path in _COUPON]}, None)

    async def coupon(self, coupon_id: str) -> Json:
        """One coupon, as `coupons` gives it."""
        return await self._ask(self._v1.coupons.retrieve_async, coupon_id, {"expand": _COUPON})

    async def create_coupon(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the coupon, or answers the one already created under this key."""
        wanted = {**params, "expand": _COUPON}
        return await self._ask(self._v1.coupons.create_async, wanted, {"idempotency_key": idempotency_key})

    async def delete_coupon(self, coupon_id: str) -> Json:
        """Deletes the coupon; discounts that customers have already stay."""
        return await self._ask(self._v1.coupons.delete_async, coupon_id)

    def promotion_codes(self, coupon: str | None = None) -> AsyncGenerator[Json]:
        """Every promotion code, newest first, with its further minimums; of one coupon when it is named."""
        params = {"expand": [f"data.{path}" for path in _PROMOTION_CODE], **({"coupon": coupon} if coupon else {})}
        return self._pages(self._v1.promotion_codes.list_async, params, None)

    async def create_promotion_code(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the promotion code, or answers the one already created under this key."""
        wanted = {**params, "expand": _PROMOTION_CODE}
        return await self._ask(self._v1.promotion_codes.create_async, wanted, {"idempotency_key": idempotency_key})

    async def update_promotion_code(self, code_id: str, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Changes the promotion code."""
        wanted = {**params, "expand": _PROMOTION_CODE}
        return await self._ask(
            self._v1.promotion_codes.update_async, code_id, wanted, {"idempotency_key": idempotency_key}
        )

    async def promotion_code(self, code_id: str) -> Json:
        """One promotion code, as `promotion_codes` gives it."""
        return await self._ask(self._v1.promotion_codes.retrieve_async, code_id, {"expand": _PROMOTION_CODE})
