"""The demo's sandbox: a workspace with a conversation going on, and a Stripe account with something to sell."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.sandbox.sandbox import Sandbox

_CATALOG: tuple[tuple[str, tuple[Mapping[str, str], ...]], ...] = (
    (
        "Onboarding workshop",
        ({"currency": "eur", "unit_amount": "150000"}, {"currency": "usd", "unit_amount": "165000"}),
    ),
    (
        "Support plan",
        (
            {"currency": "eur", "unit_amount": "4990", "recurring[interval]": "month"},
            {"currency": "eur", "unit_amount": "49900", "recurring[interval]": "year"},
        ),
    ),
    ("Team seat", ({"currency": "eur", "unit_amount": "1200", "recurring[interval]": "month"},)),
    (
        "Storage",
        (
            {
                "currency": "eur",
                "recurring[interval]": "month",
                "billing_scheme": "tiered",
                "tiers_mode": "graduated",
                "tiers[0][up_to]": "100",
                "tiers[0][unit_amount]": "90",
                "tiers[1][up_to]": "inf",
                "tiers[1][unit_amount]": "50",
            },
            {
                "currency": "eur",
                "unit_amount": "1000",
                "transform_quantity[divide_by]": "5",
                "transform_quantity[round]": "up",
            },
        ),
    ),
    ("Conference ticket", ({"currency": "usd", "unit_amount": "29900"}, {"currency": "jpy", "unit_amount": "45000"})),
    ("Donation", ({"currency": "usd", "custom_unit_amount[enabled]": "true"},)),
)

_TALK = (
    ("grace", "general", "Quarter closes on Friday. Please send me open invoices by Thursday."),
    ("linus", "sales", "Globex said yes to the workshop and the support plan."),
    ("ada", "sales", "Great! I'll send them a payment link right away."),
)


@asynccontextmanager
async def demo(manifest: Mapping[str, Any], port: int) -> AsyncIterator[Sandbox]:
    """The sandbox, furnished; Slack's page is on a free port when the wanted one is taken."""
    async with Sandbox(manifest, port=port if _is_free(port) else 0) as sandbox:
        await _furnish(sandbox)
        yield sandbox


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _furnish(sandbox: Sandbox) -> None:
    for name, channel, text in _TALK:
        sandbox.slack.person(name).say(text, channel)
    key = {"Authorization": f"Bearer {sandbox.stripe.secret_key}"}
    async with aiohttp.ClientSession(sandbox.stripe.url, headers=key, raise_for_status=True) as stripe:
        for name, prices in _CATALOG:
            async with stripe.post("/v1/products", data={"name": name}) as made:
                product = (await made.json())["id"]
            for price in prices:
                await stripe.post("/v1/prices", data={"product": product, **price})
