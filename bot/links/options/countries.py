"""Where a link can ship to: Stripe's countries, sets of them that people ask for, and their names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

_CODES = (
    "AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD "
    "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH "
    "KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX "
    "MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SD "
    "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY "
    "UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW ZZ"
)
COUNTRIES: tuple[str, ...] = tuple(_CODES.split())
"""Stripe's `shipping_address_collection[allowed_countries]`."""

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


@dataclass(frozen=True, slots=True)
class Area:
    """Countries that are picked together. `key` is ours, `name` for people."""

    key: str
    name: str
    countries: tuple[str, ...]


AREAS: tuple[Area, ...] = (
    Area("world", "Everywhere Stripe ships to", COUNTRIES),
    Area("eea", "All of the European Economic Area", tuple(sorted(f"{_EU} IS LI NO".split()))),
    Area("eu", "All of the EU", tuple(_EU.split())),
    Area("nordics", "Nordic countries", ("DK", "FI", "IS", "NO", "SE")),
    Area("benelux", "Benelux", ("BE", "LU", "NL")),
    Area("dach", "Germany, Austria and Switzerland", ("AT", "CH", "DE")),
    Area("north_america", "United States, Canada and Mexico", ("CA", "MX", "US")),
)
"""The largest first."""


def cover(codes: Iterable[str]) -> tuple[tuple[Area, ...], tuple[str, ...]]:
    """The same countries in fewer words: areas that are all there, and the countries beside them."""
    left, areas = set(codes), []
    for area in AREAS:
        if left.issuperset(area.countries):
            areas.append(area)
            left.difference_update(area.countries)
    return tuple(areas), tuple(sorted(left))


def names(locale: str = "en_US") -> Mapping[str, str]:
    """Every country's name in the language of the locale; English when that isn't known."""
    try:
        known = Locale.parse(locale.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        known = Locale("en").territories
    return {code: known.get(code, code) for code in COUNTRIES}


def in_words(codes: Iterable[str]) -> str:
    """`All of the EU, Norway and 3 more`: for one line."""
    areas, single = cover(codes)
    named = names()
    words = [*(area.name for area in areas), *sorted(named.get(code, code) for code in single)]
    if len(words) > 4:
        return f"{', '.join(words[:3])} and {len(words) - 3} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
