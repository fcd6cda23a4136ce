"""Who may do what, by any door; and what happens when something goes wrong."""

import asyncio

import pytest
from sqlalchemy import text

from bot.sandbox.slack.person import Person
from bot.slack.ids import Action, Command, Shortcut, View, Word
from bot.slack.listeners import ACTIONS, ADDRESSES, PICKERS, SHORTCUTS, SUBMISSIONS
from bot.slack.listeners.home import home_opened, joined
from bot.slack.listeners.visit import Face, FaceSettings, depth
from storage import links
from storage.models import Link
from tests.slack.limits import texts
from tests.slack.office import Office, shown, title

STRANGERS = pytest.mark.parametrize("name", ["guest", "ext"])
REFUSAL = "Only full members of this workspace"

pytestmark = pytest.mark.one_database


def person(office: Office, name: str) -> Person:
    return office.slack.person(name)


@STRANGERS
@pytest.mark.parametrize("line", ["", " 2 x Consulting 150 eur", " list", " off Spring fair", " edit Spring fair"])
async def test_no_command(office: Office, name: str, line: str) -> None:
    await office.link()
    outsider = person(office, name)
    await office.line(outsider, f"/paylink{line}")
    assert REFUSAL in texts(outsider.ephemerals("sales")[-1])
    assert outsider.modal is None
    assert [link["active"] for link in office.links] == [True]


@STRANGERS
async def test_no_word_of_the_command_but_help(office: Office, name: str) -> None:
    await office.link()
    outsider = person(office, name)
    for word in set(Word) - {Word.HELP}:
        for line in (f"/paylink {word}", f"/paylink {word} Spring fair"):
            await office.line(outsider, line)
            assert texts(outsider.ephemerals("sales")[-1]).strip().startswith(REFUSAL), line
            assert outsider.modal is None
    assert [link["active"] for link in office.links] == [True]


@STRANGERS
@pytest.mark.parametrize("button", ["Share", "Edit", "Turn off", "QR code"])
async def test_no_button_of_a_card(office: Office, name: str, button: str) -> None:
    await office.link()
    outsider = person(office, name)
    messages = len(office.slack.messages("sales"))
    await office.press(outsider, button, channel="sales")
    assert REFUSAL in texts(outsider.ephemerals("sales")[-1])
    assert outsider.modal is None
    assert office.links[0]["active"] is True
    assert len(office.slack.messages("sales")) == messages


@STRANGERS
async def test_a_cards_address_opens_for_everybody(office: Office, name: str) -> None:
    await office.link()
    await office.press(person(office, name), "Open", channel="sales")
    assert person(office, name).ephemerals("sales") == []


async def test_no_shortcut_and_no_home(office: Office) -> None:
    guest = person(office, "guest")
    await guest.shortcut("new_link")
    await office.settle()
    assert guest.modal is None
    assert REFUSAL in office.slack.direct_messages("guest")[-1]["text"]
    await guest.open_home()
    await office.settle()
    assert REFUSAL in texts(guest.home)
    assert "New payment link" not in texts(guest.home)


async def test_no_modal_opened_before_one_became_a_guest(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await demote(office, ada)
    await office.submit(ada)
    assert REFUSAL in shown(ada)
    assert office.links == []
    await ada.close()
    await office.press(ada, "Add item")
    assert REFUSAL in shown(ada)


async def test_no_picker_for_one_who_became_a_guest(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    assert await ada.search("Currency", "eur")
    await demote(office, ada)
    assert await ada.search("Currency", "eur") == []


async def demote(office: Office, member: Person) -> None:
    """The person becomes a guest, and the app has forgotten what it knew of them."""
    member.user.is_restricted = True
    office.clock.advance(601)
    assert (await office.paylink.services.members.actor(member.id)).may_edit is False


async def test_help_is_for_everybody(office: Office) -> None:
    guest = person(office, "guest")
    await office.line(guest, "/paylink help")
    assert "What you can type" in texts(guest.ephemerals("sales")[-1])


def test_every_id_has_its_listener() -> None:
    waits = {Action.NAME, Action.CHANNEL, Action.FIELD, Action.SHARE_CHANNEL, Action.SHARE_NOTE}
    waits |= {Action.NOTICE_KINDS, Action.NOTICE_BROADCAST}
    waits |= {Action.CONFLICT_CHOICE, Action.TEMPLATE_NAME}
    typed = {action for action in Action if action.startswith("item_")} - set(ACTIONS) - set(PICKERS)
    assert set(ACTIONS) | set(ADDRESSES) | set(PICKERS) | waits | typed == set(Action)
    silent = {View.UNFINISHED, View.NOTICE, View.HOME, View.COUPON, View.SHARED, View.PRODUCT, View.TEMPLATES}
    assert set(SUBMISSIONS) | silent == set(View)
    assert set(SHORTCUTS) == set(Shortcut)
    assert list(Command) == [Command.PAYLINK]


async def test_a_command_of_another_workspace_is_refused(office: Office) -> None:
    other = office.slack.add_team("Other", "other")
    hedy = office.slack.person("hedy", other)
    await hedy.command("/paylink 2 x Consulting 150 eur", "sales")
    await office.settle()
    assert "Paylink isn't set up for your workspace" in texts(hedy.ephemerals("sales")[-1])
    assert hedy.modal is None


async def test_a_link_of_another_workspace_is_not_found(office: Office) -> None:
    await office.link()
    async with office.paylink.db.begin() as session:
        ours = await links.get(session, office.slack.team.id, office.links[0]["id"])
        assert ours is not None
        await links.add(
            session, Link(**ours.model_dump() | {"team_id": "T0OTHER", "id": "plink_other", "draft_id": None})
        )
    for line in ("show plink_other", "off plink_other"):
        await office.line(office.ada, f"/paylink {line}")
        assert "No link matches “plink_other”" in office.told
    await office.line(office.ada, "/paylink list")
    assert "plink_other" not in str(office.ada.modal)


async def test_what_nobody_foresaw_has_a_reference_that_is_logged(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    async with office.paylink.db.begin() as session:
        await session.execute(text("DROP TABLE link"))
    await office.line(office.ada, "/paylink list")
    words = office.told
    assert "Something went wrong" in words
    assert "table" not in words
    assert "relation" not in words
    reference = words.rstrip(".\n").rsplit(" ", 1)[1].rstrip(".")
    assert reference in capsys.readouterr().out


async def test_a_draft_that_is_gone_says_so_on_top_of_the_modal(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    draft_id = str(ada.modal and ada.modal["private_metadata"])
    actor = await office.paylink.services.members.actor(ada.id)
    await office.paylink.services.links.discard(actor, draft_id)
    await office.fill(ada, {"Name": "Typed"})
    await office.submit(ada)
    assert "This draft is finished" in shown(ada)
    await ada.close()
    assert title(ada) == "New payment link"
    await office.press(ada, "Add item")
    assert "This draft is finished" in shown(ada)


async def test_stripe_being_away_is_said_and_made_good_for(office: Office) -> None:
    office.stripe.faults.add("POST /v1/payment_links", "status", status=500, times=None)
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await office.submit(ada)
    assert "Stripe is not answering" in shown(ada)


async def test_a_turn_off_that_stripe_does_not_answer_says_so(office: Office) -> None:
    link = await office.link()
    office.stripe.faults.add(f"POST /v1/payment_links/{link['id']}", "status", status=500, times=None)
    await office.press(office.ada, "Turn off", channel="sales")
    assert "Stripe" in office.told


async def test_a_view_that_opens_too_late_says_so(office: Office) -> None:
    office.slack.faults.add(
        "POST /api/views.open", "status", status=200, body={"ok": False, "error": "expired_trigger_id"}
    )
    await office.line(office.ada, "/paylink")
    assert "waited too long" in office.told


async def test_two_quick_clicks_both_count(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await asyncio.gather(ada.pick("item_menu", "Duplicate"), ada.pick("item_menu", "Duplicate"))
    await office.settle()
    assert shown(ada).count("1 × Consulting") == 3


async def test_a_view_that_changed_meanwhile_is_drawn_again(office: Office) -> None:
    office.slack.faults.add(
        "POST /api/views.update", "status", status=200, body={"ok": False, "error": "hash_conflict"}
    )
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await office.pick(ada, "item_menu", "Duplicate")
    assert shown(ada).count("1 × Consulting") == 2
    office.slack.faults.add(
        "POST /api/views.update", "status", status=200, body={"ok": False, "error": "hash_conflict"}
    )
    await office.press(ada, "Add item")
    await office.pick(ada, "Billing", "Another period…")
    assert "Unit" in shown(ada)


async def test_what_slack_refuses_otherwise_has_a_reference(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    for _ in range(2):
        office.slack.faults.add("POST /api/views.update", "status", status=200, body={"ok": False, "error": "fatal"})
    await office.pick(ada, "item_menu", "Duplicate")
    assert "Something went wrong" in shown(ada)
    await ada.close()
    await office.press(ada, "Add item")
    await office.pick(ada, "Billing", "Another period…")
    assert "Something went wrong" in shown(ada)


async def test_a_modal_closed_meanwhile_is_let_go(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    for _ in range(2):
        office.slack.faults.add(
            "POST /api/views.update", "status", status=200, body={"ok": False, "error": "not_found"}
        )
    await office.pick(ada, "item_menu", "Duplicate")
    await office.press(ada, "Add item")
    await office.pick(ada, "Billing", "Another period…")
    assert office.slack.direct_messages("ada") == []


async def test_what_goes_wrong_where_no_modal_fits_on_top_comes_as_a_message(office: Office) -> None:
    office.slack.faults.add(
        "POST /api/views.push", "status", status=200, body={"ok": False, "error": "push_limit_reached"}, times=2
    )
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    await office.press(ada, "Add item")
    assert "Something went wrong" in office.slack.direct_messages("ada")[-1]["text"]


async def test_the_shortcut_works_while_slack_can_not_say_where_the_messages_are(office: Office) -> None:
    office.slack.faults.add("POST /api/conversations.open", "status", status=503)
    await office.ada.shortcut("new_link")
    await office.settle()
    assert title(office.ada) == "New payment link"
    (field,) = await office.submit(office.ada)
    assert field.startswith("channel:")


async def test_a_home_that_cannot_be_shown_is_only_logged(office: Office) -> None:
    office.slack.faults.add("POST /api/views.publish", "status", status=503)
    await office.ada.open_home()
    await office.settle()
    assert office.ada.home is None


async def test_a_result_that_cannot_be_shown_is_said(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink Consulting 150 eur")
    office.slack.faults.add("POST /api/views.update", "status", status=200, body={"ok": False, "error": "fatal"})
    await office.submit(ada)
    assert "Something went wrong" in shown(ada)
    assert len(office.links) == 1


async def test_events_about_others_are_passed_over(office: Office) -> None:
    face = Face(office.paylink.services, office.paylink.slack, FaceSettings(office.slack.team.id, livemode=False))
    calls = len(office.slack.calls)
    await home_opened(face, {"team_id": face.settings.team_id, "event": {"user": "U1", "tab": "messages"}})
    await home_opened(face, {"team_id": "T0OTHER", "event": {"user": "U1", "tab": "home"}})
    somebody = {"user": "U1", "channel": "C1", "inviter": "U2"}
    await joined(face, {"event": somebody, "authorizations": [{"user_id": "U0BOT"}]})
    assert len(office.slack.calls) == calls


def test_how_many_modals_are_on_top_of_each_other() -> None:
    assert depth({"root_view_id": "V1", "previous_view_id": None}) == 1
    assert depth({"root_view_id": "V1", "previous_view_id": "V1"}) == 2
    assert depth({"root_view_id": "V1", "previous_view_id": "V2"}) == 3


async def test_an_answer_that_cannot_go_where_it_should_comes_as_a_message(office: Office) -> None:
    office.slack.faults.add(is_response_url, "status", status=500, times=None)
    await office.line(office.ada, "/paylink off")
    assert "Which link?" in office.slack.direct_messages("ada")[-1]["text"]


async def test_an_answer_that_cannot_be_given_at_all_is_only_logged(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.slack.faults.add(is_response_url, "drop_before", times=None)
    office.slack.faults.add("POST /api/conversations.open", "status", status=503, times=None)
    await office.line(person(office, "guest"), "/paylink")
    assert "not_told" in capsys.readouterr().out


def is_response_url(_method: str, path: str) -> bool:
    return not path.startswith(("/api/", "/client/"))
