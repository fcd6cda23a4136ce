"""What was typed is what is charged, in every kind of currency."""

import pytest

from tests.harness import World
from tests.journeys.steps import announced, card, links, make_link, pay, said, write_link

CASES = [
    ("500 jpy", "jpy", 500, "¥500", "¥1,500"),
    ("1.230 kwd", "kwd", 1230, "KWD 1.230", "KWD 3.690"),
    ("1500 isk", "isk", 150000, "ISK 1,500", "ISK 4,500"),
    ("9000 ugx", "ugx", 900000, "UGX 9,000", "UGX 27,000"),
    ("1200.50 huf", "huf", 120050, "HUF 1,200.50", "HUF 3,601.50"),
    ("99.95 twd", "twd", 9995, "NT$99.95", "NT$299.85"),
    ("1,234.50 usd", "usd", 123450, "$1,234.50", "$3,703.50"),
    ("0,99 eur", "eur", 99, "€0.99", "€2.97"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("typed", "currency", "amount", "each", "total"), CASES)
async def test_what_is_typed_is_charged(
    town: World, typed: str, currency: str, amount: int, each: str, total: str
) -> None:
    link = await make_link(town, f"3 x Tea {typed}")
    session = await pay(town, link)
    assert (session["currency"], session["amount_total"]) == (currency, 3 * amount)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in said(town)] == [
        card(link, f"{total} in 1 payment", "Tea", f"3 × Tea, {each} each, {total} in all", f"{total} today"),
        announced(town, amount=total, name="Tea", items=f"3 × Tea: {total}"),
    ]


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["100.5 jpy", "1.2345 kwd", "1.235 kwd", "10.50 isk", "10.50 ugx", "1e9 usd"])
async def test_what_cannot_be_charged_exactly_is_refused(town: World, typed: str) -> None:
    ada = await write_link(town, f"3 x Tea {typed}")
    assert ada.modal is None
    assert len(ada.ephemerals("sales")) == 1
    assert links(town) == []
