"""Form-encoded parameters are decoded into what was meant, and nothing else is accepted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.forms import Raw, decode
from tests.sandbox.stripe.api import flat

names = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
values = st.recursive(
    st.text(max_size=20), lambda inner: st.dictionaries(names, inner, min_size=1, max_size=4), max_leaves=10
)


@given(st.dictionaries(names, values, max_size=5))
def test_decoding_undoes_encoding(params: dict[str, Raw]) -> None:
    assert decode(flat(params)) == params


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=10)), max_size=8))
def test_any_pairs_are_either_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(StripeError):
        assert isinstance(decode(pairs), dict)


def test_arrays_may_be_numbered_or_bare() -> None:
    assert decode([("a[0]", "x"), ("a[1]", "y")]) == decode([("a[]", "x"), ("a[]", "y")])


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a", "2")],
        [("a", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a", "2")],
        [("[a]", "1")],
        [("a[b", "1")],
        [("a" + "[b]" * 11, "1")],
        [("a[]", str(n)) for n in range(5001)],
    ],
)
def test_ambiguous_names_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(StripeError):
        decode(pairs)
