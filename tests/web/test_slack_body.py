"""Reading a form: what urllib reads when it is strict, and nothing else."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from bot.web.slack_body import fields

PIECES = (
    "=",
    "&",
    "+",
    ";",
    "%",
    "%2",
    "%26",
    "%3D",
    "%25",
    "%00",
    "%zz",
    "%c3",
    "%A9",
    "%e2%82%AC",
    "%ED%A0%80",
    "%ff",
)


def strictly(text: str) -> dict[str, str] | None:
    """The fields by urllib; None where it refuses."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        return None


def read(text: str) -> dict[str, str] | None:
    try:
        return fields(text)
    except ValueError:
        return None


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1).map("".join).filter(bool))
def test_a_form_is_read_as_urllib_reads_it(text: str) -> None:
    assert read(text) == strictly(text)


def test_a_form_without_fields_is_refused() -> None:
    assert read("") is None
