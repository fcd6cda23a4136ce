"""Talking to the sandbox without the SDK: raw form parameters in, status and JSON out."""

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON

ONE_OFF: JSON = {
    "price_data": {"currency": "usd", "unit_amount": 2000, "product_data": {"name": "T-shirt"}},
    "quantity": 1,
}
MONTHLY: JSON = {
    "price_data": {
        "currency": "usd",
        "unit_amount": 4990,
        "product_data": {"name": "Support"},
        "recurring": {"interval": "month"},
    },
    "quantity": 1,
}


def flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Nested parameters as Stripe's form encoding writes them."""
    if isinstance(value, Mapping):
        pairs = [(f"{prefix}[{key}]" if prefix else str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{prefix}[{position}]", item) for position, item in enumerate(value)]
    elif isinstance(value, bool):
        return [(prefix, str(value).lower())]
    else:
        return [(prefix, str(value))]
    return [pair for key, item in pairs for pair in flat(item, key)]


class Raw:
    """One request at a time; `headers` of the last answer are kept."""

    def __init__(self, sandbox: StripeSandbox, key: str | None = None) -> None:
        self._sandbox = sandbox
        self._key = sandbox.secret_key if key is None else key
        self.headers: Mapping[str, str] = {}

    async def request(
        self, method: str, path: str, params: JSON | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, JSON]:
        """Status and JSON of the answer."""
        body = urlencode(flat(params or {}))
        sent = {"Authorization": f"Bearer {self._key}", **(headers or {})}
        url = f"{self._sandbox.url}{path}"
        if method == "GET":
            url, body = f"{url}?{body}", ""
        elif body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, url, data=io.BytesIO(body.encode()) if body else None, headers=sent) as response,
        ):
            self.headers = response.headers
            return response.status, json.loads(await response.text())

    async def made(self, path: str, params: JSON) -> JSON:
        """The object made by a POST that must succeed."""
        status, body = await self.request("POST", path, params)
        assert status == 200, body
        return body

    async def link(self, *items: JSON, **options: Any) -> JSON:
        """A payment link with these items (a T-shirt for $20 when there are none) and options."""
        return await self.made("/v1/payment_links", {"line_items": list(items) or [ONE_OFF], **options})

    async def refused(self, path: str, params: JSON) -> JSON:
        """The `error` of a POST that must be refused with 400."""
        status, body = await self.request("POST", path, params)
        assert status == 400, body
        error: JSON = body["error"]
        return error
