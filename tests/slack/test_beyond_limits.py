"""Slack checks the length of an answer only when the form is submitted, and some not at all. A form that is drawn anew
before that shows as much as Slack takes."""

import pytest

from bot.slack.ids import Action
from bot.slack.ui import blocks


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
