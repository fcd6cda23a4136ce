from bot.links.draft import LineItem, LinkDraft
from bot.links.options.phone_number import PhoneNumber
from bot.links.options.promotion_codes import PromotionCodes
from bot.services.rebase import rebase
from tests.services.desk import CONSULTING, SUPPORT

BASE = LinkDraft(name="Offer", line_items=(CONSULTING, SUPPORT), notify_channel="C1")


def more(item: LineItem, quantity: int) -> LineItem:
    return item.model_copy(update={"quantity": quantity})


def test_what_nobody_changed_stays() -> None:
    assert rebase(BASE, BASE, BASE) == BASE


def test_their_changes_come_in_where_the_draft_left_things_alone() -> None:
    live = BASE.with_name("Theirs").with_item(more(CONSULTING, 7)).with_notify_channel("C2")
    assert rebase(BASE, BASE, live) == live


def test_the_drafts_changes_stay() -> None:
    wanted = BASE.with_name("Mine").with_item(more(CONSULTING, 3)).with_notify_channel("C3")
    live = BASE.with_name("Theirs").with_item(more(CONSULTING, 7)).with_item(more(SUPPORT, 5))
    assert rebase(wanted, BASE, live) == wanted.with_item(more(SUPPORT, 5))


def test_options_are_carried_over_one_by_one() -> None:
    phone, codes = PhoneNumber.model_validate({}), PromotionCodes.model_validate({})
    base = BASE.with_option(phone)
    wanted = base.without_option(phone.key)
    live = base.with_option(codes)
    assert rebase(wanted, base, live).options == {codes.key: codes}


def test_items_added_in_the_draft_stay_to_be_refused_at_their_row() -> None:
    new = CONSULTING.model_copy(update={"row": "new"})
    assert rebase(BASE.with_item(new), BASE, BASE.with_name("Theirs")).item("new") == new
