"""Where a link can ship to."""

from hypothesis import given
from hypothesis import strategies as st

from bot.links.options.countries import AREAS, COUNTRIES, cover, in_words, names
from tests.links.words import thorough


@thorough
@given(st.sets(st.sampled_from(COUNTRIES)) | st.sampled_from([set(area.countries) for area in AREAS]))
def test_areas_and_countries_together_are_what_was_chosen(chosen: set[str]) -> None:
    areas, single = cover(chosen)
    assert {code for area in areas for code in area.countries} | set(single) == chosen
    assert not chosen or in_words(chosen)


def test_areas_are_countries_the_largest_first() -> None:
    assert all(set(area.countries) <= set(COUNTRIES) for area in AREAS)
    sizes = [len(area.countries) for area in AREAS]
    assert sizes[:3] == [238, 30, 27]
    assert sizes == sorted(sizes, reverse=True)


def test_words() -> None:
    eu = next(area.countries for area in AREAS if area.key == "eu")
    assert in_words(["DE"]) == "Germany"
    assert in_words(["FR", "DE"]) == "France and Germany"
    assert in_words([*eu, "CH"]) == "All of the EU and Switzerland"
    assert in_words(COUNTRIES) == "Everywhere Stripe ships to"
    assert in_words(["AR", "BR", "CL", "PE", "UY"]) == "Argentina, Brazil, Chile and 2 more"


def test_every_country_has_a_name() -> None:
    assert set(names()) == set(COUNTRIES)
    assert [code for code, name in names().items() if name == code] == []
    assert names("de-DE")["AT"] == "Österreich"
    assert names("nonsense") == names("en")
