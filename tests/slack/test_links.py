"""What people do with links that are there."""

import pytest

from tests.slack.limits import texts
from tests.slack.office import Office, row, shown, title

pytestmark = pytest.mark.one_database


async def test_a_card_turns_its_link_off_and_on(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Turn off", channel="sales", confirm=False)
    assert office.links[0]["active"] is True
    await office.press(office.ada, "Turn off", channel="sales")
    assert office.ada.confirmed[-1]["title"]["text"] == "Turn this link off?"
    assert office.links[0]["active"] is False
    assert "Turned off" in office.card()["text"]
    await office.press(office.grace, "Turn on", channel="sales")
    assert office.links[0]["active"] is True
    assert "Status: On" in office.card()["text"]


async def test_a_card_opens_its_link(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Open", channel="sales")
    assert office.ada.modal is None


async def test_editing_sends_only_what_changed(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    assert title(ada) == "Edit payment link"
    await office.pick(ada, "item_menu", "Edit")
    await office.fill(ada, {"Quantity": "3"})
    assert await office.submit(ada) == {}
    await office.fill(ada, {"Name": "Autumn fair"})
    before = len(office.stripe.requests)
    await office.submit(ada)
    assert title(ada) == "Link saved"
    assert "Name: Spring fair → Autumn fair" in shown(ada)
    updates = [request for request in list(office.stripe.requests)[before:] if request.method == "POST"]
    assert len(updates) == 1
    assert office.links[0]["metadata"]["paylink_name"] == "Autumn fair"
    assert "Autumn fair" in office.card()["text"]
    assert "3 × Consulting" in office.card()["text"]
    assert office.links[0]["url"] == link["url"]


async def test_an_edit_without_a_change_says_so(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "Edit", channel="sales")
    await office.submit(office.ada)
    assert "Nothing was changed." in shown(office.ada)


async def test_an_edit_starts_from_what_stripe_has_now(office: Office) -> None:
    link = await office.link()
    office.stripe.payment_links[link["id"]]["metadata"]["paylink_name"] = "Renamed in the Dashboard"
    await office.line(office.ada, "/paylink edit Spring fair")
    assert "Renamed in the Dashboard" in str(office.ada.modal)


async def test_an_edit_opens_even_when_stripe_is_away(office: Office) -> None:
    link = await office.link()
    office.stripe.faults.add(f"GET /v1/payment_links/{link['id']}", "status", status=500, times=None)
    await office.line(office.ada, f"/paylink edit {link['id']}")
    assert "Spring fair" in str(office.ada.modal)


async def test_sharing_puts_a_card_into_another_channel(office: Office) -> None:
    await office.link()
    ada = office.ada
    await office.press(ada, "Share", channel="sales")
    await office.fill(ada, {"Share with": "payments", "Note": "For <!here> you"})
    assert await office.submit(ada) == {}
    assert "The card is sent to" in shown(ada)
    card = office.card("payments")
    assert "For <!here> you" in texts(card["blocks"])
    assert office.slack.notified == []


async def test_a_qr_code_goes_to_the_cards_thread(office: Office) -> None:
    await office.link()
    await office.press(office.ada, "QR code", channel="sales")
    card = office.card()
    reply = office.slack.messages("sales")[-1]
    assert reply["thread_ts"] == card["ts"]
    picture, drawing = (office.slack.file(file["id"]) for file in reply["files"])
    assert picture.startswith(b"\x89PNG")
    assert b"<svg" in drawing


async def test_a_card_for_ones_own_eyes(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.line(ada, f"/paylink show {link['url']}", "payments")
    (card,) = ada.ephemerals("payments")
    assert "Spring fair" in card["text"]
    await office.press(ada, "Turn off", channel="payments")
    (card,) = ada.ephemerals("payments")
    assert "Turned off" in card["text"]
    await office.press(ada, "QR code", channel="payments")
    assert office.slack.direct_messages("ada")[-1]["files"]
    assert office.slack.messages("payments") == []


async def test_on_off_and_qr_by_command(office: Office) -> None:
    link = await office.link()
    await office.line(office.ada, "/paylink off spring FAIR")
    assert office.links[0]["active"] is False
    assert "“Spring fair” is off" in office.told
    await office.line(office.ada, f"/paylink ON <{link['url']}|{link['url']}>")
    assert office.links[0]["active"] is True
    assert "“Spring fair” is on" in office.told
    await office.line(office.ada, "/paylink qr Spring fair")
    assert "is sent to your messages" in office.told


async def test_a_share_by_command(office: Office) -> None:
    await office.link()
    await office.line(office.ada, "/paylink share Spring")
    await office.fill(office.ada, {"Share with": "payments"})
    assert await office.submit(office.ada) == {}
    assert "Spring fair" in office.card("payments")["text"]


@pytest.mark.parametrize("channel", ["random", "deals"])
async def test_a_share_where_the_app_is_not_is_refused_at_the_field(office: Office, channel: str) -> None:
    await office.link()
    ada = office.ada
    await office.press(ada, "Share", channel="sales")
    await office.fill(ada, {"Share with": channel, "Note": "Have a look"})
    refused = await office.submit(ada)
    assert refused == {"share_channel": "Paylink isn't there yet. Type /invite @Paylink there, then share again."}
    assert office.slack.direct_messages("ada") == []
    await ada.invite_app(channel)
    assert await office.submit(ada) == {}
    assert "Have a look" in texts(office.card(channel)["blocks"])


async def test_a_share_with_a_person(office: Office) -> None:
    await office.link()
    ada = office.ada
    await office.press(ada, "Share", channel="sales")
    await office.fill(ada, {"Share with": "grace"})
    assert await office.submit(ada) == {}
    (card,) = office.slack.direct_messages("grace")
    assert "Spring fair" in card["text"]
    assert "Meant for" not in card["text"]
    await office.line(ada, "/paylink off Spring fair")
    (card,) = office.slack.direct_messages("grace")
    assert "Turned off" in card["text"]


async def test_a_person_can_be_told_of_the_payments(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink 1 x Consulting 150 eur")
    await office.fill(ada, {"Channel": "grace"})
    assert await office.submit(ada) == {}
    assert "a direct message" in shown(ada)
    (card,) = office.slack.direct_messages("grace")
    assert "Meant for" not in card["text"]


async def test_a_name_that_several_links_have(office: Office) -> None:
    first = await office.link(name="Fair")
    second = await office.link(name="Fair")
    await office.line(office.ada, "/paylink show Fair")
    assert first["id"] in office.told
    assert second["id"] in office.told


async def test_an_exact_name_wins_over_a_part_of_one(office: Office) -> None:
    await office.link(name="Fair")
    await office.link(name="Fair in spring")
    await office.line(office.ada, "/paylink off Fair")
    assert [link["active"] for link in office.links] == [False, True]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show nothing like it", "No link matches “nothing like it”"),
        ("off", "Which link?"),
        ("lsit", "Did you mean /paylink list?"),
        ("lst active", "Did you mean /paylink list?"),
        ("frobnicate", "/paylink help"),
        ("help", "What you can type"),
        ("help me", "What you can type"),
    ],
)
async def test_words_that_need_an_answer(office: Office, line: str, answer: str) -> None:
    await office.line(office.ada, f"/paylink {line}")
    assert answer in office.told
    assert office.ada.modal is None


async def test_the_list_is_searched_filtered_and_paged(office: Office) -> None:
    names = ["Oldest", *(f"Deal {letter}" for letter in "abcdefghi"), "Newest"]
    for name in names:
        await office.link(name=name)
        office.clock.advance(1)
    ada = office.ada
    await office.line(ada, "/paylink off Newest")
    await office.line(ada, "/paylink list")
    assert "Newest" in shown(ada)
    assert "Oldest" not in shown(ada)
    await office.press(ada, "Older links")
    assert "Oldest" in shown(ada)
    await office.press(ada, "Back to the newest")
    assert "Newest" in shown(ada)
    await office.pick(ada, "links_filter", "Turned off")
    assert "Newest" in shown(ada)
    assert "Deal" not in shown(ada)
    await office.pick(ada, "links_filter", "All links")
    await ada.enter("Search", "oldest")
    await office.settle()
    assert "Oldest" in shown(ada)
    assert "Deal" not in shown(ada)
    await office.fill(ada, {"Search": "newest"})
    await office.submit(ada)
    assert "Newest" in shown(ada)
    assert "Oldest" not in shown(ada)


@pytest.mark.parametrize(
    ("words", "there", "missing"),
    [("active", "Winter", "Summer"), ("off", "Summer", "Winter"), ("wint", "Winter", "Summer")],
)
async def test_the_list_by_words(office: Office, words: str, there: str, missing: str) -> None:
    await office.link(name="Winter")
    await office.link(name="Summer")
    await office.line(office.ada, "/paylink off Summer")
    await office.line(office.ada, f"/paylink list {words}")
    assert there in shown(office.ada)
    assert missing not in shown(office.ada)


async def test_each_row_has_its_menu(office: Office) -> None:
    await office.link()
    ada = office.ada
    await office.line(ada, "/paylink list")
    await office.pick(ada, "link_menu", "Turn off", block=row(ada, "Spring fair"))
    assert "Turned off ·" in shown(ada)
    await office.pick(ada, "link_menu", "Turn on")
    assert "On ·" in shown(ada)
    await office.pick(ada, "link_menu", "QR code")
    assert "The QR code of “Spring fair” is sent to your messages" in shown(ada)
    assert office.slack.direct_messages("ada")[-1]["files"]
    await ada.close()
    await office.pick(ada, "link_menu", "Share")
    assert title(ada) == "Share payment link"
    await ada.close()
    await office.pick(ada, "link_menu", "Edit")
    await office.pick(ada, "item_menu", "Edit")
    await office.fill(ada, {"Quantity": "9"})
    await office.submit(ada)
    assert "9 × Consulting" in shown(ada)
    await office.submit(ada)
    assert title(ada) == "Link saved"


async def test_the_home(office: Office) -> None:
    await office.link()
    ada = office.ada
    await ada.open_home()
    await office.settle()
    assert "Spring fair" in texts(ada.home)
    await office.pick(ada, "link_menu", "Turn off", home=True)
    assert "Turned off ·" in texts(ada.home)
    await office.pick(ada, "link_menu", "QR code", home=True)
    assert "The QR code of “Spring fair” is sent to your messages" in shown(ada)
    (message,) = office.slack.direct_messages("ada")
    assert message["files"]
    await ada.close()
    await office.press(ada, "All links", home=True)
    assert title(ada) == "Payment links"
    await ada.close()
    await office.press(ada, "New payment link", home=True)
    assert title(ada) == "New payment link"


async def test_an_invited_app_says_hello_to_whoever_invited_it(office: Office) -> None:
    await office.ada.invite_app("random")
    await office.settle()
    assert "Paylink is in this channel now" in texts(office.ada.ephemerals("random")[-1])
    assert office.slack.messages("random") == []
