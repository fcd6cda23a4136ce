"""Editing a live link: conflicts, replacing, duplicating."""

import pytest

from tests.sandbox.stripe.api import Raw
from tests.slack.limits import Json, texts
from tests.slack.office import Office, row, shown, title

pytestmark = pytest.mark.one_database


async def dashboard(office: Office, link: Json, **params: object) -> None:
    """Somebody changes the link in Stripe's Dashboard."""
    status, answer = await Raw(office.stripe).request("POST", f"/v1/payment_links/{link['id']}", params)
    assert status == 200, answer
    await office.settle()


async def items(office: Office, link: Json) -> list[Json]:
    """The link's items as they stand in Stripe."""
    status, answer = await Raw(office.stripe).request("GET", f"/v1/payment_links/{link['id']}/line_items", {})
    assert status == 200, answer
    return list(answer["data"])


async def test_what_others_changed_is_joined_without_a_word(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await dashboard(office, link, phone_number_collection={"enabled": "true"})
    await office.fill(ada, {"Name": "Autumn fair"})
    await office.submit(ada)
    assert title(ada) == "Link saved"
    (live,) = office.links
    assert live["phone_number_collection"] == {"enabled": True}
    assert live["metadata"]["paylink_name"] == "Autumn fair"


async def test_the_same_field_changed_by_both_is_asked_about(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.pick(ada, "item_menu", "Edit")
    await office.fill(ada, {"Quantity": "3"})
    assert await office.submit(ada) == {}
    await office.fill(ada, {"Name": "Mine"})
    (item,) = await items(office, link)
    changed = [{"id": item["id"], "quantity": "7"}]
    await dashboard(office, link, metadata={"paylink_name": "Theirs"}, line_items=changed)
    await office.submit(ada)
    assert title(ada) == "Changed by others"
    assert "Nothing of yours is saved yet" in shown(ada)
    assert office.links[0]["metadata"]["paylink_name"] == "Theirs"
    assert await office.submit(ada) != {}
    await office.fill(ada, {"Name": "Keep theirs: Theirs", "Consulting: quantity": "Use mine: 3"})
    await office.submit(ada)
    assert title(ada) == "Link saved"
    (live,) = office.links
    assert live["metadata"]["paylink_name"] == "Theirs"
    assert [item["quantity"] for item in await items(office, link)] == [3]
    assert "3 × Consulting" in office.card()["text"]


async def test_what_changes_again_is_asked_about_again(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.fill(ada, {"Name": "Mine"})
    await dashboard(office, link, metadata={"paylink_name": "Theirs"})
    await office.submit(ada)
    await dashboard(office, link, metadata={"paylink_name": "Theirs again"})
    await office.fill(ada, {"Name": "Use mine: Mine"})
    await office.submit(ada)
    assert title(ada) == "Changed by others"
    assert "Theirs again" in shown(ada)
    await office.fill(ada, {"Name": "Use mine: Mine"})
    await office.submit(ada)
    assert office.links[0]["metadata"]["paylink_name"] == "Mine"


async def test_one_can_go_back_from_a_conflict(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.fill(ada, {"Name": "Mine"})
    await dashboard(office, link, metadata={"paylink_name": "Theirs"})
    await office.submit(ada)
    await office.press(ada, "Back to editing")
    assert title(ada) == "Edit payment link"
    assert "Mine" in str(ada.modal)


async def test_two_reps_at_once_are_both_heard(office: Office) -> None:
    await office.link()
    ada, grace = office.ada, office.grace
    await office.press(ada, "Edit", channel="sales")
    await office.press(grace, "Edit", channel="sales")
    await office.fill(grace, {"Name": "Grace's"})
    await office.submit(grace)
    await office.fill(ada, {"Name": "Ada's"})
    await office.submit(ada)
    assert title(ada) == "Changed by others"
    assert "Grace's" in shown(ada)
    assert office.links[0]["metadata"]["paylink_name"] == "Grace's"


async def test_stripe_being_away_at_the_submit_loses_nothing(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.fill(ada, {"Name": "Autumn fair"})
    away = office.stripe.faults.add(f"GET /v1/payment_links/{link['id']}", "status", status=500, times=None)
    await office.submit(ada)
    assert "Paylink keeps trying" in shown(ada)
    office.stripe.faults.remove(away)
    office.clock.advance(900)
    assert await office.paylink.services.links.resume() == 1
    assert office.links[0]["metadata"]["paylink_name"] == "Autumn fair"


async def test_a_conflict_found_when_nobody_waits_any_more_is_told(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.fill(ada, {"Name": "Mine"})
    away = office.stripe.faults.add(f"GET /v1/payment_links/{link['id']}", "status", status=500, times=None)
    await office.submit(ada)
    office.stripe.faults.remove(away)
    await dashboard(office, link, metadata={"paylink_name": "Theirs"})
    office.clock.advance(900)
    assert await office.paylink.services.links.resume() == 0
    told = texts(office.slack.direct_messages("ada")[-1])
    assert "Your changes to the payment link “Mine” couldn't be made: Somebody else changed the same" in told
    assert office.links[0]["metadata"]["paylink_name"] == "Theirs"
    await ada.close(clear=True)
    message = office.slack.direct_messages("ada")[-1]
    await office.press(ada, "Go on", message=message)
    assert title(ada) == "Changed by others"
    await office.fill(ada, {"Name": "Use mine: Mine"})
    await office.submit(ada)
    assert title(ada) == "Link saved"
    assert office.links[0]["metadata"]["paylink_name"] == "Mine"
    await ada.close(clear=True)
    await office.press(ada, "Go on", message=message)
    assert ada.modal is None
    assert "This was finished since" in texts(ada.ephemerals()[-1])


async def test_changes_that_were_not_saved_are_offered_back(office: Office) -> None:
    await office.link()
    ada, grace = office.ada, office.grace
    await office.press(ada, "Edit", channel="sales")
    await office.pick(ada, "item_menu", "Edit")
    await office.fill(ada, {"Quantity": "3"})
    assert await office.submit(ada) == {}
    await ada.close(clear=True)
    await office.press(grace, "Edit", channel="sales")
    assert "aren't saved" not in shown(grace)
    await office.press(ada, "Edit", channel="sales")
    assert "You have changes to “Spring fair” that aren't saved" in shown(ada)
    assert "2 → 3" in shown(ada)
    await office.press(ada, "Continue")
    assert "3 × Consulting" in shown(ada)
    await ada.close(clear=True)
    await office.press(ada, "Edit", channel="sales")
    await office.press(ada, "Throw away")
    assert "2 × Consulting" in shown(ada)
    await ada.close(clear=True)
    await office.press(ada, "Edit", channel="sales")
    assert "aren't saved" not in shown(ada)


async def test_a_conflict_in_changes_that_were_not_saved_is_gone_on_with(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.fill(ada, {"Name": "Mine"})
    await dashboard(office, link, metadata={"paylink_name": "Theirs"})
    await office.submit(ada)
    await ada.close(clear=True)
    await office.press(ada, "Edit", channel="sales")
    await office.press(ada, "Continue")
    assert title(ada) == "Changed by others"


async def dearer(office: Office) -> None:
    """Ada edits the link on the card and writes another amount."""
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.pick(ada, "item_menu", "Edit")
    assert "takes a new link" in shown(ada)
    await office.fill(ada, {"Amount for one": "200"})
    assert await office.submit(ada) == {}


async def test_another_price_replaces_the_link(office: Office) -> None:
    old = await office.link()
    ada = office.ada
    await dearer(office)
    assert "This needs a new link:" in shown(ada)
    assert "Consulting: €150.00 → €200.00." in shown(ada)
    assert ada.modal is not None
    assert ada.modal["submit"]["text"] == "Replace link…"
    await office.submit(ada)
    assert title(ada) == "Replace payment link"
    assert len(office.links) == 1
    await office.submit(ada)
    assert title(ada) == "Link saved"
    before, after = office.links
    assert (before["id"], before["active"], after["active"]) == (old["id"], False, True)
    assert after["url"] in before["inactive_message"]
    cards = [message for message in office.slack.messages("sales") if "Payment link: Spring fair" in message["text"]]
    assert f"Replaced by Spring fair: {after['url']}" in cards[0]["text"]
    assert f"Replaces Spring fair: {before['url']}" in cards[1]["text"]
    assert "Open the new link" in texts(cards[0])
    assert "Turn on" not in texts(cards[0])


async def test_payments_through_both_stand_on_the_new_card(office: Office) -> None:
    await office.link()
    await office.stripe.pay(office.links[0]["url"], name="First", email="first@example.com")
    await office.settle()
    await dearer(office)
    await office.submit(office.ada)
    await office.submit(office.ada)
    await office.stripe.pay(office.links[1]["url"], name="Second", email="second@example.com")
    await office.settle()
    cards = [message["text"] for message in office.slack.messages("sales") if "Payment link: Spring" in message["text"]]
    assert "Paid: €300.00 in 1 payment." in cards[0]
    assert "Paid: €700.00 in 2 payments, with the link it replaces." in cards[1]


async def test_undoing_the_change_keeps_the_link(office: Office) -> None:
    await office.link()
    ada = office.ada
    await dearer(office)
    await office.submit(ada)
    await office.press(ada, "Back to editing")
    await office.pick(ada, "item_menu", "Edit", block=row(ada, "Consulting"))
    await office.fill(ada, {"Amount for one": "150"})
    await office.submit(ada)
    assert "This needs a new link" not in shown(ada)
    await office.submit(ada)
    assert "Nothing was changed." in shown(ada)
    assert len(office.links) == 1


async def test_items_come_and_go_by_a_new_link(office: Office) -> None:
    await office.link("2 x Consulting 150 eur; Poster 25 eur")
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.pick(ada, "item_menu", "Remove", block=row(ada, "Poster"))
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Cup", "Amount for one": "9"})
    assert await office.submit(ada) == {}
    assert "Cup is added." in shown(ada)
    assert "Poster is removed." in shown(ada)
    await office.submit(ada)
    await office.submit(ada)
    assert [item["description"] for item in await items(office, office.links[1])] == ["Consulting", "Cup"]


async def test_what_is_missing_is_said_before_a_link_is_replaced(office: Office) -> None:
    await office.link()
    ada = office.ada
    await office.press(ada, "Edit", channel="sales")
    await office.pick(ada, "item_menu", "Remove", block=row(ada, "Consulting"))
    await office.submit(ada)
    assert title(ada) == "Edit payment link"
    assert "Add at least one item." in shown(ada)
    assert len(office.links) == 1


async def test_the_name_means_the_link_that_is_current(office: Office) -> None:
    old = await office.link()
    await dearer(office)
    await office.submit(office.ada)
    await office.submit(office.ada)
    await office.ada.close(clear=True)
    await office.line(office.ada, "/paylink show Spring fair")
    assert office.links[1]["url"] in office.told
    await office.line(office.ada, f"/paylink on {old['id']}")
    assert "Turn that one off first" in office.told
    assert office.links[0]["active"] is False
    await office.line(office.ada, "/paylink list")
    assert "Turned off, replaced by" in shown(office.ada)


async def test_a_link_replaced_meanwhile_is_not_replaced_again(office: Office) -> None:
    await office.link()
    grace = office.grace
    await office.press(grace, "Edit", channel="sales")
    await office.pick(grace, "item_menu", "Edit")
    await office.fill(grace, {"Amount for one": "300"})
    await office.submit(grace)
    await dearer(office)
    await office.submit(office.ada)
    await office.submit(office.ada)
    await office.submit(grace)
    await office.submit(grace)
    assert title(grace) == "Edit payment link"
    assert "This link was replaced by “Spring fair”" in shown(grace)
    assert [link["active"] for link in office.links] == [False, True]


async def test_a_duplicate_from_the_card_the_list_and_the_command(office: Office) -> None:
    link = await office.link()
    ada = office.ada
    await office.pick(ada, "link_menu", "Duplicate", channel="sales")
    assert title(ada) == "New payment link"
    assert "Copy of Spring fair" in str(ada.modal)
    assert await office.submit(ada) == {}
    assert title(ada) == "Link ready"
    await ada.close(clear=True)
    await office.line(ada, f"/paylink duplicate {link['id']}")
    assert "Copy of Spring fair" in str(ada.modal)
    await ada.close(clear=True)
    await office.line(ada, "/paylink list Copy")
    await office.pick(ada, "link_menu", "Duplicate")
    assert "Copy of Copy of Spring fair" in str(ada.modal)
    assert len(office.links) == 2
    assert all(one["active"] for one in office.links)
