"""Receipts, hosted invoices and their PDFs."""

import re
from typing import Any

import aiohttp
import pytest

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.conftest import boot

ADDRESS = {"country": "DE", "line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115"}


async def sold(sandbox: StripeSandbox, *items: JSON, answers: JSON | None = None, **options: Any) -> tuple[JSON, JSON]:
    """The session and the charge of a payment with everything on it."""
    raw = Raw(sandbox)
    coupon = await raw.made("/v1/coupons", {"percent_off": 10})
    await raw.made("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "TEN"})
    link = await raw.link(*items, allow_promotion_codes=True, automatic_tax={"enabled": True}, **options)
    session = await sandbox.pay(link["url"], promotion_code="TEN", address=ADDRESS, **(answers or {}))
    intent = sandbox.account.tables["payment_intent"][sandbox.account.intents[session["id"]]]
    return session, sandbox.account.tables["charge"][intent["latest_charge"]]


def amounts(rows: list[JSON]) -> dict[str, int]:
    return {row["label"]: row["amount"] for row in rows}


async def test_a_receipt(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    session, charge = await sold(sandbox, {**ONE_OFF, "quantity": 2})
    await sandbox.refund(session["id"], 500)
    shown = await boot(browser, charge["receipt_url"])
    assert [(line["name"], line["quantity"], line["amount"]) for line in shown["lines"]] == [("T-shirt", 2, 4000)]
    assert amounts(shown["sums"]) == {"Subtotal": 4000, "Discount": -400, "Tax": 684}
    assert (shown["total"], amounts(shown["after"])) == (4284, {"Refunded": -500})
    assert (shown["method"], shown["links"]) == ("Visa •••• 4242", [])
    assert shown["customer"]["address"] == ["Hauptstr. 1", "10115 Berlin", "DE"]


async def test_a_price_that_holds_its_tax(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    item = {"price_data": {**ONE_OFF["price_data"], "currency": "eur"}, "quantity": 1}
    _, charge = await sold(sandbox, item, invoice_creation={"enabled": True})
    shown = await boot(browser, charge["receipt_url"])
    assert (shown["total"], amounts(shown["sums"])) == (1800, {"Subtotal": 2000, "Discount": -200})
    assert amounts(shown["after"]) == {"Tax included": 287}


async def test_a_hosted_invoice(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    data = {"footer": "Bye", "custom_fields": [{"name": "PO", "value": "47"}]}
    session, charge = await sold(sandbox, ONE_OFF, invoice_creation={"enabled": True, "invoice_data": data})
    invoice = sandbox.account.tables["invoice"][session["invoice"]]
    shown = await boot(browser, invoice["hosted_invoice_url"])
    assert (shown["status"], shown["number"], shown["notes"]) == ("paid", invoice["number"], ["PO: 47", "Bye"])
    assert amounts(shown["after"]) == {"Amount paid": -2142, "Amount due": 0}
    assert [link["url"] for link in shown["links"]] == [invoice["invoice_pdf"], charge["receipt_url"]]
    assert (await boot(browser, charge["receipt_url"]))["links"][0]["url"] == invoice["hosted_invoice_url"]


async def test_an_open_invoice_says_what_is_due(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    session, _ = await sold(sandbox, MONTHLY)
    subscription = await sandbox.renew(session["subscription"], fails=True)
    invoice = sandbox.account.tables["invoice"][subscription["latest_invoice"]]
    shown = await boot(browser, invoice["hosted_invoice_url"])
    assert (shown["status"], amounts(shown["after"])) == ("open", {"Amount due": 5938})
    (line,) = shown["lines"]
    assert line["period"] == invoice["lines"]["data"][0]["period"]
    assert len(shown["links"]) == 1


@pytest.mark.parametrize("currency", ["usd", "jpy", "kwd"])
async def test_the_pdf(sandbox: StripeSandbox, browser: aiohttp.ClientSession, currency: str) -> None:
    product = {"name": "Tea (green) \\ 茶"}
    price = {"currency": currency, "unit_amount": 123_450, "product_data": product, "tax_behavior": "exclusive"}
    session, _ = await sold(sandbox, {"price_data": price, "quantity": 1}, invoice_creation={"enabled": True})
    invoice = sandbox.account.tables["invoice"][session["invoice"]]
    async with browser.get(invoice["invoice_pdf"]) as response:
        assert (response.status, response.content_type) == (200, "application/pdf")
        assert f"{invoice['number']}.pdf" in response.headers["Content-Disposition"]
        body = await response.read()
    check_pdf(body)
    texts = [text.decode("cp1252") for text in re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", body)]
    assert r"Tea \(green\) \\ ?" in texts
    assert {"usd": "1,234.50", "jpy": "123,450", "kwd": "123.450"}[currency] in texts
    assert {"TEST MODE", "PAID", f"Amount ({currency.upper()})".replace("(", r"\(").replace(")", r"\)")} < set(texts)


def check_pdf(body: bytes) -> None:
    """Every object is where the table says, and the content as long as it says."""
    assert body.startswith(b"%PDF-1.4\n")
    assert body.endswith(b"%%EOF\n")
    start = int(re.findall(rb"startxref\n(\d+)", body)[0])
    assert body[start:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", body)]
    assert len(places) == 6
    for number, place in enumerate(places, start=1):
        assert body[place:].startswith(b"%d 0 obj\n" % number)
    (length, content) = re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", body, re.DOTALL)[0]
    assert int(length) == len(content)


async def test_what_is_not_there(sandbox: StripeSandbox, browser: aiohttp.ClientSession) -> None:
    link = await Raw(sandbox).link()
    await sandbox.pay(link["url"], method="bank_debit")
    (charge,) = sandbox.account.tables["charge"]
    for path in ("receipts/ch_x", f"receipts/{charge}", "invoices/in_x", "invoices/in_x/pdf"):
        async with browser.get(f"{sandbox.url}/{path}") as response:
            assert response.status == 404
