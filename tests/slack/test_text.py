import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.ui.text import NOTHING, aligned, cut, escape, line, lines, said, unescape, width
from tests.slack.samples import nasty


@given(nasty, st.integers(min_value=2, max_value=300))
def test_a_line_fits_and_shows_something(text: str, limit: int) -> None:
    shown = line(text, limit)
    assert 1 <= width(shown) <= limit
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cs")]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(nasty)
def test_lines_keep_their_ends_and_nothing_else_invisible(text: str) -> None:
    assert {c for c in lines(text, 1000) if unicodedata.category(c) == "Cc"} <= {"\n"}


@given(nasty)
def test_escaped_text_can_hold_no_mention_and_comes_back(text: str) -> None:
    assert not set(escape(text)) & set("<>")
    assert unescape(escape(text)) == text


@given(nasty)
def test_aligned_text_keeps_every_offset(text: str) -> None:
    assert len(aligned(text)) == len(text)


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert cut("Consulting", 10) == "Consulting"
    assert cut("Consulting!", 10) == "Consultin…"
    assert cut("two words", 5) == "two…"


def test_an_emoji_counts_as_two() -> None:
    assert cut("👋👋👋", 6) == "👋👋👋"
    assert cut("👋👋👋👋", 6) == "👋👋…"


def test_right_to_left_letters_stay_and_their_marks_go() -> None:
    assert line("\u200fשלום\u202e", 50) == "שלום"


def test_names_are_shown_as_they_are() -> None:
    assert line("*bold* & <!channel>", 50) == "*bold* & <!channel>"


def test_nothing_left_to_show_is_a_dash() -> None:
    assert line("\x00\u202e ", 10) == NOTHING


def test_empty_sentences_are_left_out() -> None:
    assert said(["One.", "", "Two."]) == "One. Two."
