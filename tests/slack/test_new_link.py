"""Making a link, as a person does it."""

import pytest

from tests.slack.limits import texts
from tests.slack.office import Office, row, shown, title

pytestmark = pytest.mark.one_database


async def test_from_the_first_word_to_the_card(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    assert title(ada) == "New payment link"
    assert "TEST MODE" in shown(ada)
    await office.fill(ada, {"Name": "Spring fair"})

    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Consulting", "Amount for one": "150", "Currency": "EUR", "Quantity": "2"})
    assert await office.submit(ada) == {}
    assert "2 × Consulting\n€150.00 each, €300.00 in all" in shown(ada)

    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Support", "Amount for one": "49.90"})
    await office.pick(ada, "Billing", "Every month")
    assert await office.submit(ada) == {}
    assert "€349.90 today, then €49.90 every month" in shown(ada)

    await office.pick(ada, "Add an option…", "Promotion codes")
    assert await office.submit(ada) == {}

    assert title(ada) == "Link ready"
    (link,) = office.links
    assert link["url"] in str(ada.modal)
    assert link["metadata"]["paylink_name"] == "Spring fair"
    assert link["allow_promotion_codes"] is True
    (card,) = office.slack.messages("sales")
    assert "Spring fair" in card["text"]
    assert "TEST MODE" in card["text"]
    assert office.slack.notified == []


async def test_a_quick_line_opens_the_editor_filled_in(office: Office) -> None:
    await office.line(office.ada, "/paylink 2 x Consulting 150 eur; R&amp;D 49.90 eur/month")
    assert "2 × Consulting" in shown(office.ada)
    assert "1 × R&D\n€49.90 every month" in shown(office.ada)
    await office.submit(office.ada)
    assert office.links[0]["metadata"]["paylink_name"] == "Consulting, R&D"


async def test_a_mistake_in_the_line_loses_nothing(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink 2 x Consulting 150 eur; Support 49.9O eur/month")
    assert ada.modal is None
    assert "^" in office.told
    assert "2 x Consulting 150 eur; Support 49.9O eur/month" in office.told
    assert "Example: " in office.told
    await office.press(ada, "Open the editor", channel="sales")
    assert "2 × Consulting" in shown(ada)


async def test_a_closed_editor_is_offered_back(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink 2 x Consulting 150 eur")
    await ada.close()
    await office.line(ada, "/paylink")
    assert "You have an unfinished link" in shown(ada)
    await office.press(ada, "Continue")
    assert "2 × Consulting" in shown(ada)
    await office.submit(ada)
    assert len(office.links) == 1


async def test_starting_new_keeps_the_old_draft_and_throwing_away_does_not(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink 2 x Consulting 150 eur")
    await ada.close()
    await office.line(ada, "/paylink")
    await office.press(ada, "Start new")
    assert "Consulting" not in shown(ada)
    await ada.close()
    await office.line(ada, "/paylink")
    await office.press(ada, "Throw away")
    assert ada.confirmed[-1]["title"]["text"] == "Throw this draft away?"
    assert "Consulting" not in shown(ada)
    await ada.close()
    await office.line(ada, "/paylink")
    assert "Add item" in shown(ada)


async def test_what_is_typed_survives_every_button(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await office.fill(ada, {"Name": "Typed", "Channel": "payments"})
    await office.pick(ada, "item_menu", "Duplicate")
    await ada.close()
    await office.line(ada, "/paylink")
    await office.press(ada, "Continue")
    assert "Typed" in str(ada.modal)
    assert shown(ada).count("1 × Consulting") == 2
    await office.submit(ada)
    assert office.links[0]["metadata"]["paylink_name"] == "Typed"
    assert len(office.slack.messages("payments")) == 1
    assert office.slack.messages("sales") == []


async def test_items_are_edited_duplicated_and_removed(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur; Travel 20 eur")
    await office.pick(ada, "item_menu", "Edit", block=row(ada, "Consulting"))
    await office.fill(ada, {"Amount for one": "175.50", "Adjustable": ["The customer can change the quantity"]})
    await office.fill(ada, {"At least": "1", "At most": "5"})
    assert await office.submit(ada) == {}
    assert "€175.50; the customer can choose 1 to 5" in shown(ada)
    await office.pick(ada, "item_menu", "Remove", block=row(ada, "Travel"))
    assert "Travel" not in shown(ada)
    assert "€175.50" in shown(ada)


async def test_a_catalog_price_is_found_and_added(office: Office) -> None:
    office.stripe.seed_catalog(30)
    async for _ in office.paylink.services.catalog.fill():
        pass
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    await office.pick(ada, "What is it?", "From the catalog")
    options = await ada.search("Price", "annual")
    assert len(options) >= 2
    assert all("Annual" in option["text"]["text"] for option in options)
    await office.fill(ada, {"Price": options[0]["value"], "Quantity": "3"})
    assert await office.submit(ada) == {}
    assert "3 × Annual Audit 1" in shown(ada)

    await office.press(ada, "Add item")
    await office.pick(ada, "What is it?", "From the catalog")
    others = await ada.search("Price", "")
    assert others
    assert len(others) < 30
    assert all("$" in option["text"]["text"] for option in others)


async def test_mistakes_stand_at_their_fields(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Consulting", "Amount for one": "12.345", "Currency": "EUR"})
    assert list(await office.submit(ada)) == ["item_amount"]
    await office.fill(ada, {"Amount for one": "12.34"})
    assert await office.submit(ada) == {}
    await office.pick(ada, "Add an option…", "After payment")
    await office.pick(ada, "After payment", "Go to your website")
    await office.fill(ada, {"Web address": "http://example.com"})
    errors = await office.submit(ada)
    assert errors == {"field:after_completion.redirect.url": "The web address must start with https://."}
    await office.fill(ada, {"Web address": "https://example.com/?id={CHECKOUT_SESSION_ID}"})
    assert await office.submit(ada) == {}
    assert "Goes to https://example.com/?id={CHECKOUT_SESSION_ID}" in shown(ada)
    await office.pick(ada, "option_menu", "Change")
    await office.pick(ada, "After payment", "Show a message")
    await office.fill(ada, {"Message": "Thank you!"})
    assert await office.submit(ada) == {}
    assert "Shows: Thank you!" in shown(ada)
    await office.pick(ada, "option_menu", "Remove")
    assert "Thank you!" not in shown(ada)


async def test_an_option_without_fields_comes_and_goes_with_a_press(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.pick(ada, "Add an option…", "Promotion codes")
    await office.press(ada, "Remove")
    assert "remove_option" not in str(ada.modal)


async def test_a_limit_without_anything_is_refused_at_its_field(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.pick(ada, "Add an option…", "Limit on payments")
    errors = await office.submit(ada)
    assert list(errors) == ["field:restrictions.completed_sessions.limit"]


async def test_an_empty_link_says_what_is_missing(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    assert await office.submit(ada) == {}
    assert "To do: Add at least one item." in shown(ada)
    assert office.links == []


async def test_what_stripe_refuses_comes_back_at_its_row(office: Office) -> None:
    office.stripe.seed_catalog(1)
    async for _ in office.paylink.services.catalog.fill():
        pass
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    await office.pick(ada, "What is it?", "From the catalog")
    await office.fill(ada, {"Price": "Annual Audit 1"})
    await office.submit(ada)
    (price,) = office.stripe.account.tables["price"]
    office.stripe.account.tables["price"].remove(price)
    await office.submit(ada)
    assert "To do: No such price" in shown(ada)
    assert title(ada) == "New payment link"
    await office.pick(ada, "item_menu", "Remove")
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Consulting", "Amount for one": "1"})
    await office.submit(ada)
    await office.submit(ada)
    assert title(ada) == "Link ready"


async def test_a_modal_closed_while_stripe_works_is_answered_by_message(office: Office) -> None:
    ada = office.ada
    office.stripe.faults.add("POST /v1/payment_links", "latency", seconds=0.2)
    await office.line(ada, "/paylink Consulting 150 eur")
    await ada.submit()
    await ada.close()
    await office.settle()
    (message,) = office.slack.direct_messages("ada")
    assert office.links[0]["url"] in message["text"]


async def test_a_channel_without_the_app_brings_the_card_to_the_rep(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur", "deals")
    await office.submit(ada)
    assert "/invite @Paylink" in shown(ada)
    (card,) = office.slack.direct_messages("ada")
    assert "/invite @Paylink" in card["text"]


async def test_the_shortcuts(office: Office) -> None:
    ada = office.ada
    await ada.shortcut("new_link")
    await office.settle()
    assert title(ada) == "New payment link"
    await ada.close()
    message = ada.say("We need a link for this", "payments")
    reply = ada.say("Here", "payments", thread_ts=message["ts"])
    await ada.shortcut("new_link_from_message", channel="payments", message=reply)
    await office.settle()
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "Consulting", "Amount for one": "1"})
    await office.submit(ada)
    await office.submit(ada)
    assert "Consulting" in texts(office.slack.messages("payments")[-1])


async def test_names_are_shown_as_they_are(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.fill(ada, {"Name": "<!channel> *R&D* \u202e" + "x" * 80})
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "<@U1> & " + "y" * 240, "Amount for one": "1"})
    await office.submit(ada)
    await office.submit(ada)
    card = office.card()
    assert "<!channel> *R&D*" in texts(card["blocks"])
    assert office.slack.notified == []


async def test_what_is_said_of_a_one_off_item_stands_in_stripe_and_comes_back(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    told = {"Description": "Two days on site.\nTravel included.", "Tax code": "txcd_1"}
    await office.fill(ada, {"Name": "Workshop", "Amount for one": "900", "Currency": "EUR", **told})
    assert list((await office.submit(ada)).values()) == [
        "Write it like txcd_10000000: eight digits after txcd_.",
    ]
    await office.pick(ada, "Tax", "Is in the amount")
    await office.fill(ada, {"Tax code": "txcd_10000000"})
    assert await office.submit(ada) == {}
    assert "Workshop\n€900.00; tax included\nTwo days on site. Travel included." in shown(ada)
    assert await office.submit(ada) == {}
    await ada.close(clear=True)
    await office.press(ada, "Edit", channel="sales")
    assert "€900.00; tax included" in shown(ada)
    await office.pick(ada, "item_menu", "Edit", block=row(ada, "Workshop"))
    assert "Travel included." in str(ada.modal)
    assert "txcd_10000000" in str(ada.modal)
