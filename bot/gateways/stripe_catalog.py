"""The part of Stripe's API that is about what is sold: products, prices and shipping rates."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from bot.gateways.stripe_part import Json, StripePart

_PRICE: Final = ["product", "tiers", "currency_options"]
_SHIPPING_RATE: Final = ["fixed_amount.currency_options"]
"""What Stripe leaves out of these unless it is asked to expand it."""


class StripeCatalog(StripePart):
    """Products, prices and shipping rates."""

    def products(self, starting_after: str | None = None) -> AsyncGenerator[Json]:
        """Every product, newest first; from after `starting_after`."""
        return self._pages(self._v1.products.list_async, {}, starting_after)

    def prices(self, starting_after: str | None = None) -> AsyncGenerator[Json]:
        """Every price, newest first, as `price` gives it; from after `starting_after`."""
        params = {"expand": [f"data.{path}" for path in _PRICE]}
        return self._pages(self._v1.prices.list_async, params, starting_after)

    async def create_product(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the product, or answers the one already created under this key."""
        return await self._ask(self._v1.products.create_async, dict(params), {"idempotency_key": idempotency_key})

    async def update_product(self, product_id: str, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Changes the product."""
        options = {"idempotency_key": idempotency_key}
        return await self._ask(self._v1.products.update_async, product_id, dict(params), options)

    async def create_price(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the price, or answers the one already created under this key; as `price` gives it."""
        wanted = {**params, "expand": _PRICE}
        return await self._ask(self._v1.prices.create_async, wanted, {"idempotency_key": idempotency_key})

    async def update_price(self, price_id: str, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Changes the price."""
        wanted = {**params, "expand": _PRICE}
        return await self._ask(self._v1.prices.update_async, price_id, wanted, {"idempotency_key": idempotency_key})

    async def product(self, product_id: str) -> Json:
        """One product."""
        return await self._ask(self._v1.products.retrieve_async, product_id)

    async def price(self, price_id: str) -> Json:
        """One price with its product, tiers and amounts in further currencies."""
        return await self._ask(self._v1.prices.retrieve_async, price_id, {"expand": _PRICE})

    def shipping_rates(self) -> AsyncGenerator[Json]:
        """Every shipping rate, newest first, with its further currencies."""
        expand = {"expand": [f"data.{path}" for path in _SHIPPING_RATE]}
        return self._pages(self._v1.shipping_rates.list_async, expand, None)

    async def create_shipping_rate(self, params: Mapping[str, Any], idempotency_key: str) -> Json:
        """Creates the shipping rate, or answers the one already created under this key."""
        wanted = {**params, "expand": _SHIPPING_RATE}
        return await self._ask(self._v1.shipping_rates.create_async, wanted, {"idempotency_key": idempotency_key})

    async def shipping_rate(self, rate_id: str) -> Json:
        """One shipping rate, as `shipping_rates` gives it."""
        return await self._ask(self._v1.shipping_rates.retrieve_async, rate_id, {"expand": _SHIPPING_RATE})
