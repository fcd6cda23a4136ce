"""Sharing a link with something filled in, through the front door to the payment page and back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.links.coupons import Coupon
from bot.links.promotion_code import PromotionCode
from bot.services.actors import Actor
from tests.slack.office import Office, shown, title

pytestmark = pytest.mark.one_database

LINE = "2 x Consulting 150 eur"


async def code(office: Office, name: str, coupon: Coupon) -> None:
    """A promotion code that customers can use."""
    actor = Actor(office.ada.team.id, office.ada.id, "Ada", "en_US", may_edit=True)
    discounts = office.paylink.services.discounts
    coupon_id = await discounts.create(actor, name, coupon)
    await discounts.add_code(actor, name, coupon_id, PromotionCode(code=name))
    await office.settle()


async def promotable(office: Office) -> None:
    """Ada makes a link that takes promotion codes."""
    await office.line(office.ada, f"/paylink {LINE}")
    await office.pick(office.ada, "add_option", "Promotion codes")
    await office.fill(office.ada, {"Name": "Spring fair"})
    assert await office.submit(office.ada) == {}
    await office.ada.close(clear=True)


def address(office: Office) -> str:
    """The address to be copied, in the modal on top."""
    assert office.ada.modal is not None
    (block,) = [one for one in office.ada.modal["blocks"] if one["type"] == "rich_text"]
    return str(block["elements"][-1]["elements"][0]["text"])


async def test_everything_reaches_the_payment_and_its_card(office: Office) -> None:
    await promotable(office)
    await code(office, "SPRING20", Coupon(percent_off="20"))
    ada = office.ada
    await office.line(ada, "/paylink share Spring fair")
    await office.fill(
        ada,
        {
            "Share with": "payments",
            "Note": "For Ann",
            "Customer's email": "ann+fair@example.com",
            "The customer can't change this email": "Yes",
            "Reference": "ORDER-1042",
            "Promotion code": "SPRING20",
            "Language of the payment page": "Deutsch",
        },
    )
    await office.pick(ada, "Add campaign parameters (UTM)", "Yes")
    assert "Stripe passes these on to your site where the link redirects" in shown(ada)
    await office.fill(ada, {"Source": "mail", "Campaign": "spring_27"})
    assert await office.submit(ada) == {}
    url = address(office)
    assert parse_qs(urlsplit(url).query) == {
        "locked_prefilled_email": ["ann+fair@example.com"],
        "client_reference_id": ["ORDER-1042"],
        "prefilled_promo_code": ["SPRING20"],
        "locale": ["de"],
        "utm_source": ["mail"],
        "utm_campaign": ["spring_27"],
    }
    card = office.card("payments")
    assert url.replace("&", "&amp;") in card["text"]
    assert "Filled in: ann+fair@example.com (locked), reference ORDER-1042, code SPRING20, Deutsch" in card["text"]
    assert url in str(card["blocks"])
    session = await office.stripe.pay(url, email="someone@else.example")
    await office.settle()
    assert session["amount_total"] == 24000
    assert (session["customer_details"]["email"], session["locale"]) == ("ann+fair@example.com", "de")
    assert "Reference: ORDER-1042" in str(office.slack.messages("sales")[-1]["text"])


async def test_a_card_without_anything_filled_in_keeps_its_plain_address(office: Office) -> None:
    link = await office.link()
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, {"Share with": "payments", "Reference": "A-1"})
    await office.submit(office.ada)
    assert f"{link['url']}?client_reference_id=A-1" in office.card("payments")["text"]
    assert "client_reference_id" not in office.card("sales")["text"]
    await office.ada.close(clear=True)
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, {"Share with": "payments"})
    await office.submit(office.ada)
    assert "client_reference_id" not in office.card("payments")["text"]


async def test_what_was_shared_survives_changes_of_the_link(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, {"Share with": "payments", "Reference": "A-1"})
    await office.submit(office.ada)
    await office.line(office.ada, "/paylink off Spring fair")
    assert "Turned off" in office.card("payments")["text"]
    assert "client_reference_id=A-1" in office.card("payments")["text"]


async def test_an_address_to_copy_goes_nowhere(office: Office) -> None:
    link = await office.link()
    before = len(office.slack.messages("payments"))
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, {"Customer's email": "ann@example.com"})
    assert await office.submit(office.ada) == {}
    assert address(office) == f"{link['url']}?prefilled_email=ann%40example.com"
    assert "The card is sent" not in shown(office.ada)
    assert len(office.slack.messages("payments")) == before


async def test_the_qr_code_is_of_the_exact_address(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, {"Share with": "payments", "Reference": "A-1"})
    await office.submit(office.ada)
    url = address(office)
    await office.press(office.ada, "QR code")
    assert title(office.ada) == "QR code"
    png, svg = office.slack.direct_messages("ada")[-1]["files"]
    assert (png["mimetype"], svg["mimetype"]) == ("image/png", "image/svg+xml")
    assert url in png["alt_txt"]
    await office.ada.close(clear=True)
    await office.press(office.ada, "QR code", channel="payments")
    (png, svg) = office.slack.messages("payments")[-1]["files"]
    assert url in png["alt_txt"]
    await office.press(office.ada, "QR code", channel="sales")
    assert "client_reference_id" not in office.slack.messages("sales")[-1]["files"][0]["alt_txt"]


async def test_a_link_without_promotion_codes_says_what_to_do(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Share", channel="sales")
    assert "this link doesn't take any. Edit it, add the option “Promotion codes”" in shown(office.ada)
    assert "Search active codes" not in shown(office.ada)


async def test_only_codes_that_work_for_the_link_are_offered(office: Office) -> None:
    await promotable(office)
    await code(office, "PERCENT", Coupon(percent_off="20"))
    await code(office, "EUROS", Coupon(kind="amount_off", currency="eur", amount_off=500))
    await code(office, "DOLLARS", Coupon(kind="amount_off", currency="usd", amount_off=500))
    await office.press(office.ada, "Share", channel="sales")
    offered = [option["text"]["text"] for option in await office.ada.search("Promotion code", "")]
    assert sorted(offered) == ["EUROS · €5.00 off the first payment", "PERCENT · 20% off the first payment"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"Customer's email": "ann"}, "Write a complete email address, like ann@example.com."),
        ({"Reference": "order 1"}, "Use letters from A to Z, digits, - and _ only: Stripe drops anything else."),
        ({"Note": "Hello"}, "Pick a channel or a person for your note, or clear the note."),
    ],
)
async def test_a_mistake_is_said_at_its_field(office: Office, answers: dict[str, str], message: str) -> None:
    await office.link()
    await office.press(office.ada, "Share", channel="sales")
    await office.fill(office.ada, answers)
    assert list((await office.submit(office.ada)).values()) == [message]


async def test_own_words_are_not_translated(office: Office) -> None:
    await office.line(office.ada, f"/paylink {LINE}")
    await office.pick(office.ada, "add_option", "Custom fields")
    await office.pick(office.ada, "Field 1: kind", "Text")
    await office.fill(office.ada, {"Field 1: question": "T-shirt size"})
    await office.submit(office.ada)
    await office.submit(office.ada)
    await office.ada.close(clear=True)
    await office.press(office.ada, "Share", channel="sales")
    assert "labels of custom fields and your texts stay as they are" in shown(office.ada)


async def test_the_sharer_hears_when_the_channel_is_out_of_reach(office: Office) -> None:
    await office.link()
    await office.press(office.grace, "Share", channel="sales")
    await office.fill(office.grace, {"Share with": "payments"})
    await office.grace.submit()
    office.slack.kick_app("payments")
    await office.settle()
    assert "Spring fair" in office.slack.direct_messages("grace")[-1]["text"]
    assert office.slack.direct_messages("ada") == []
