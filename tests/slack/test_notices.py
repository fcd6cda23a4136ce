"""What a channel hears of its payments: the modal, and who may choose."""

from syrupy.assertion import SnapshotAssertion

from bot.payments.news import Kind
from bot.services.muting import Notices
from bot.slack.ui.notices import notices_view, read_notices
from tests.slack.limits import accepted
from tests.slack.office import Office, shown, title


def test_the_modal(snapshot: SnapshotAssertion) -> None:
    assert accepted(notices_view(Notices("C0SALES", frozenset(Kind), broadcast=False), livemode=False)) == snapshot


def test_every_kind_is_offered_and_none_need_be_chosen() -> None:
    view = accepted(notices_view(Notices("D0ADA", frozenset(), broadcast=True), livemode=True))
    kinds, where = (block["element"] for block in view["blocks"] if block["type"] == "input")
    assert {option["value"] for option in kinds["options"]} == set(Kind)
    assert "initial_options" not in kinds
    assert where["initial_options"] == where["options"]


def test_what_was_ticked_is_read() -> None:
    ticked = [{"value": Kind.REFUND}, {"value": Kind.TRIAL}]
    state = {
        "notice_kinds": {"notice_kinds": {"type": "checkboxes", "selected_options": ticked}},
        "notice_broadcast": {"notice_broadcast": {"type": "checkboxes", "selected_options": []}},
    }
    assert read_notices(state) == (frozenset({Kind.REFUND, Kind.TRIAL}), False)


async def test_what_was_chosen_stands_there_the_next_time(office: Office) -> None:
    await office.line(office.ada, "/paylink notify")
    assert title(office.ada) == "Notices"
    assert "Failed renewals" in shown(office.ada)
    await office.fill(office.ada, {"Tell of": ["Refunds"], "Where": ["Also send to the channel"]})
    assert await office.submit(office.ada) == {}
    assert office.ada.modal is None
    await office.line(office.ada, "/paylink notify")
    view = office.ada.modal
    assert view is not None
    kinds, where = (block["element"] for block in view["blocks"] if block["type"] == "input")
    assert [option["text"]["text"] for option in kinds["initial_options"]] == ["Refunds"]
    assert where["initial_options"] == where["options"]
    await office.line(office.ada, "/paylink notify", "general")
    assert office.ada.modal is not None
    kinds, _ = (block["element"] for block in office.ada.modal["blocks"] if block["type"] == "input")
    assert len(kinds["initial_options"]) == len(Kind)
