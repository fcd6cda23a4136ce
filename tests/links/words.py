"""Texts, as Hypothesis makes them and people type them."""

from hypothesis import settings
from hypothesis import strategies as st

from bot.links.text import clean_line, clean_text

thorough = settings(deadline=None, derandomize=True, max_examples=100)
"""For property tests: the same examples every time, and no clock."""

any_text = st.text(st.characters(codec="utf-8"), max_size=300)
names = any_text.map(lambda text: clean_line(text)[:250].strip()).filter(bool)
rows = st.text("0123456789abcdef", min_size=8, max_size=8)


def lines(longest: int) -> st.SearchStrategy[str]:
    """One line that says something."""
    return names.map(lambda text: text[:longest].strip()).filter(bool)


def messages(longest: int = 500) -> st.SearchStrategy[str]:
    """One or more lines that say something."""
    return any_text.map(lambda text: clean_text(text)[:longest].strip()).filter(bool)
