"""Texts typed one thing a line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.options.custom_fields import DropdownOption
from bot.links.options.invoices import InvoiceField
from bot.links.options.lines import Keys, Lines, Options, Pairs, Words, slug, unique
from tests.links.words import any_text, thorough

OPTIONS = Options(most=200, length=100)
KEYS = Keys("key", "value", most=50, left_length=40, right_length=500)
PAIRS = Pairs("name", "value", most=4, left_length=40, right_length=140)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("Small\nxl = Extra large", [("small", "Small"), ("xl", "Extra large")]),
        (" Größe 7 \n\n\r", [("groe7", "Größe 7")]),
        ("小\n大", [("option1", "小"), ("option2", "大")]),
        ("A!\nA?", [("a", "A!"), ("a2", "A?")]),
        ("a = b = c", [("a", "b = c")]),
    ],
)
def test_options(typed: str, options: list[tuple[str, str]]) -> None:
    assert [(one["value"], one["label"]) for one in OPTIONS.read(typed)] == options


def test_labels_alone_are_written_alone() -> None:
    written = OPTIONS.write([DropdownOption(value="small", label="Small"), DropdownOption(value="xl", label="Extra")])
    assert written == "Small\nxl = Extra"


def read(codec: Lines, typed: str) -> Any:
    """What the text stands for, None when it was refused with a sentence."""
    try:
        return codec.read(typed)
    except ValueError as error:
        return None if str(error).endswith(".") else str(error)


@thorough
@given(any_text | st.lists(any_text).map("\n".join) | st.lists(any_text).map(" = ".join))
def test_what_was_read_is_written_and_read_again(typed: str) -> None:
    for codec, part in ((OPTIONS, DropdownOption), (PAIRS, InvoiceField)):
        if (found := read(codec, typed)) is not None:
            assert codec.read(codec.write([part.model_validate(one) for one in found])) == found
    for other in (KEYS, Words(3)):
        if (found := read(other, typed)) is not None:
            assert other.read(other.write(found)) == found


def test_names_are_made_of_ascii_and_made_unique() -> None:
    assert slug("Crème Brûlée, 2×") == "cremebrulee2"
    assert unique("a", ["a", "a2"]) == "a3"
    assert unique("b", ["a"]) == "b"
