"""Cleaning: nothing invisible that breaks a line or a database, everything else literally."""

from hypothesis import given
from hypothesis import strategies as st

from bot.links.text import clean_line, clean_text
from tests.links.strategies import thorough


def test_a_line_stays_one_line() -> None:
    assert clean_line("  Con\x00sult\ning\t for\u2028you\x7f ") == "Consult ing for you"


def test_letters_marks_and_slack_syntax_are_kept() -> None:
    assert clean_line("<!channel> *bold* & שלום \u200f 👩‍👧") == "<!channel> *bold* & שלום \u200f 👩‍👧"


def test_text_keeps_its_lines() -> None:
    assert clean_text(" One\r\nTwo\rThree\x00\n ") == "One\nTwo\nThree"


@thorough
@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_always_encodes(text: str) -> None:
    for clean in (clean_line, clean_text):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert "\x00" not in cleaned.encode().decode()
    assert len(clean_line(text).splitlines()) <= 1
