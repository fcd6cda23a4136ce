"""What is passed along with an address: complete, correctly encoded, and nothing that Stripe would drop."""

from typing import get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from stripe.params.checkout import _session_create_params as checkout

from bot.links.languages import LOCALES
from bot.links.options.fields import build, check, values
from bot.links.sharing import Sharing, with_query
from tests.links.words import thorough
from tests.typed_params import parameters, words

URL = "https://buy.stripe.com/test_28E00k"

WORDS = st.text("abcXYZ019_-", min_size=1, max_size=150)
LOCAL = st.text("abz019.+-_!#$%&'*/=?^{}|~", min_size=1, max_size=60)
EMAILS = st.builds(
    "{}@{}.{}".format, LOCAL, st.text("abc-", min_size=1, max_size=20), st.sampled_from(["com", "co.uk"])
)


@st.composite
def sharings(draw: st.DrawFn) -> Sharing:
    email = draw(st.none() | EMAILS)
    utm = {name: draw(st.none() | WORDS) for name in Sharing.model_fields if name.startswith("utm_")}
    return Sharing(
        prefilled_email=email,
        locked=email is not None and draw(st.booleans()),
        client_reference_id=draw(st.none() | WORDS),
        prefilled_promo_code=draw(st.none() | st.text("ABC019-", min_size=1, max_size=100)),
        locale=draw(st.none() | st.sampled_from(list(LOCALES))),
        campaign=any(utm.values()),
        **utm,
    )


@thorough
@given(sharings())
def test_an_address_and_back(sharing: Sharing) -> None:
    url = with_query(URL, sharing.query)
    parts = urlsplit(url)
    assert Sharing.from_query(parts.query) == sharing
    assert url.isascii()
    assert not set(' "<>') & set(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == URL
    assert len(url) < 3000
    assert list(sharing.problems()) == list(check(sharing)) == []
    assert build(Sharing, values(sharing)) == sharing


def test_each_parameter_by_its_name() -> None:
    sharing = Sharing(
        prefilled_email="ann+b@example.com",
        client_reference_id="ORDER-1",
        prefilled_promo_code="SPRING",
        locale="pt-BR",
        campaign=True,
        utm_source="mail",
        utm_content="b",
    )
    assert sharing.query == (
        "prefilled_email=ann%2Bb%40example.com&client_reference_id=ORDER-1&prefilled_promo_code=SPRING&locale=pt-BR"
        "&utm_source=mail&utm_content=b"
    )
    locked = sharing.model_copy(update={"locked": True})
    assert dict(parse_qsl(locked.query))["locked_prefilled_email"] == "ann+b@example.com"
    assert "prefilled_email" not in dict(parse_qsl(locked.query))
    assert locked.summary() == (
        "ann+b@example.com (locked), reference ORDER-1, code SPRING, Português (Brasil), utm_source mail, utm_content b"
    )


def test_nothing_is_nothing() -> None:
    assert with_query(URL, Sharing(locked=True).query) == URL
    assert Sharing().summary() == ""
    assert with_query(f"{URL}?a=b", "locale=de") == f"{URL}?a=b&locale=de"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prefilled_email", "ann"),
        ("prefilled_email", "ann@example"),
        ("prefilled_email", "ann b@example.com"),
        ("prefilled_email", "änn@example.com"),
        ("client_reference_id", "order 1"),
        ("client_reference_id", "ordér"),
        ("utm_source", "a&b"),
        ("utm_term", "50%"),
    ],
)
def test_what_stripe_would_drop_is_refused(field: str, value: str) -> None:
    sharing = Sharing.model_validate({field: value, "campaign": True})
    assert [problem.where for problem in sharing.problems()] == [field]


def test_the_languages_are_those_of_stripes_page() -> None:
    known = dict(parameters(checkout.SessionCreateParams, checkout))["locale"]
    literal = next(one for one in get_args(known) if words(one)) if not words(known) else known
    assert set(LOCALES) == words(literal) - {"auto"}
    assert (LOCALES["de"], LOCALES["ja"], LOCALES["fr-CA"]) == ("Deutsch", "日本語", "Français (Canada)")
    assert len(set(LOCALES.values())) == len(LOCALES)


@pytest.mark.parametrize("tag", LOCALES)
def test_a_language_is_called_what_its_speakers_call_it(tag: str) -> None:
    script = {"zh": "zh_Hans", "zh-HK": "zh_Hant_HK", "zh-TW": "zh_Hant_TW"}.get(tag, tag.replace("-", "_"))
    name = str(Locale.parse(script).get_display_name())
    assert LOCALES[tag] == name[:1].upper() + name[1:]
