"""Until a form is submitted, more may stand in a field than it takes. What is drawn anew before that shows and carries
as much as Slack takes."""

import json

import pytest

from bot.slack.ids import Action
from bot.slack.ui import blocks
from bot.slack.ui.memo import MAX_SEARCH
from tests.slack.office import Office, shown

pytestmark = pytest.mark.one_database

LONG = 'x"\n' * 1000


@pytest.mark.parametrize("listed", ["list", "coupons", "products"])
async def test_a_search_for_too_much(office: Office, listed: str) -> None:
    await office.line(office.ada, f"/paylink {listed}")
    await office.ada.enter("Search", LONG)
    await office.settle()
    assert office.ada.modal is not None
    assert json.loads(office.ada.modal["private_metadata"])["text"] == LONG[:MAX_SEARCH]


async def test_an_item_with_too_many_words(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    labels = ("Name", "Amount for one", "Description", "Tax code")
    await office.fill(ada, {**dict.fromkeys(labels, LONG), "Quantity": "9" * 3000})
    for choice in ("From the catalog", "One-off item"):
        await office.pick(ada, "item_kind", choice)
    assert "Tax code" in shown(ada)
    assert ada.modal is not None
    carried = json.loads(ada.modal["private_metadata"])
    assert [len(carried[name]) for name in ("name", "description", "amount", "tax_code")] == [250, 500, 40, 50]


async def test_what_is_too_long_is_refused_at_its_field(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Add item")
    await office.fill(ada, {"Name": "x" * 251, "Amount for one": "5"})
    await office.pick(ada, "item_billing", "Every month")
    assert list(await office.submit(ada)) == [Action.ITEM_NAME]


def test_a_number_begins_with_no_more_digits_than_slack_takes() -> None:
    assert blocks.number_input(Action.FIELD, initial="9" * 50)["initial_value"] == "9" * 50
    assert "initial_value" not in blocks.number_input(Action.FIELD, initial="9" * 51)


@pytest.mark.parametrize(("moment", "begins"), [(10**9 - 1, False), (10**9, True), (10**10 - 1, True), (10**10, False)])
def test_a_moment_begins_with_ten_digits(moment: int, begins: bool) -> None:
    assert ("initial_date_time" in blocks.datetime_picker(Action.FIELD, initial=moment)) == begins


def test_a_menu_of_several_begins_with_no_more_than_it_takes() -> None:
    picked = [blocks.option(f"Product {number}", f"prod_{number}") for number in range(101)]
    menu = blocks.multi_external_select(Action.FIELD_PRODUCTS, initial=picked)
    assert menu["initial_options"] == picked[:100]
    assert menu["max_selected_items"] == 100
