"""Webhooks for the load: one of the sandbox's, under as many ids as are wanted, signed as Stripe signs."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.stripe.webhooks import sign

Json = dict[str, Any]


def copies(event: Json, count: int, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """Events with their ids, as Stripe writes them; all of different payments, from the `start`th."""
    body, session = json.dumps(event, indent=2), event["data"]["object"]["id"]
    for number in range(start, count):
        new = f"evt_bench{number:012d}"
        yield new, body.replace(event["id"], new).replace(session, f"cs_test_bench{number:012d}").encode()


def signed(secret: str, body: bytes, now: float) -> dict[str, str]:
    """The headers of a webhook sent now."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": sign(secret, body.decode(), int(now)),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
