"""The menu of countries: areas first, then every country by its name in the reader's language.

Slack shows at most 100 options in a group and takes at most 100 as picked. A choice of more that no areas cover stands
as one option, whose value holds it.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.links.options.countries import AREAS, COUNTRIES, cover, names
from bot.slack.ids import Action
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json

_AREA = "area:"
_CHOSEN = "chosen:"


def countries_select(action: Action, chosen: Sequence[str], *, locale: str, placeholder: str) -> Json:
    """A menu to pick any countries from; `chosen` are picked already."""
    named = names(locale)
    areas = [blocks.option(area.name, _AREA + area.key) for area in AREAS]
    single = [blocks.option(name, code) for code, name in sorted(named.items(), key=lambda one: one[1].casefold())]
    picked = _picked(chosen, named)
    if len(picked) == 1 and picked[0]["value"].startswith(_CHOSEN):
        areas.insert(0, picked[0])
    return {
        "type": "multi_static_select",
        "action_id": action,
        "placeholder": blocks.plain(placeholder or "Pick countries", 150),
        "option_groups": [_group("Several at once", areas), *_in_hundreds(single)],
    } | ({"initial_options": picked} if picked else {})


def read_countries(picked: Iterable[str]) -> tuple[str, ...]:
    """The countries that these options stand for."""
    found = {code for value in picked for code in _meant(value)}
    return tuple(sorted(found))


def _picked(chosen: Sequence[str], named: Mapping[str, str]) -> list[Json]:
    areas, single = cover(chosen)
    options = [blocks.option(area.name, _AREA + area.key) for area in areas]
    options += [blocks.option(named[code], code) for code in single if code in named]
    if len(options) <= blocks.MAX_OPTIONS:
        return options
    return [blocks.option(f"The {len(chosen)} countries picked so far", _CHOSEN + _packed(chosen))]


def _meant(value: str) -> tuple[str, ...]:
    if value.startswith(_AREA):
        return next((area.countries for area in AREAS if area.key == value.removeprefix(_AREA)), ())
    if value.startswith(_CHOSEN):
        bits = int(value.removeprefix(_CHOSEN), 16)
        return tuple(code for place, code in enumerate(COUNTRIES) if bits >> place & 1)
    return (value,)


def _packed(codes: Iterable[str]) -> str:
    """The codes as a number with a bit for each country: an option's value has 150 characters."""
    wanted = set(codes)
    return f"{sum(1 << place for place, code in enumerate(COUNTRIES) if code in wanted):x}"


def _in_hundreds(options: Sequence[Json]) -> list[Json]:
    found = []
    for start in range(0, len(options), blocks.MAX_OPTIONS):
        part = options[start : start + blocks.MAX_OPTIONS]
        first, last = (str(part[place]["text"]["text"])[0] for place in (0, -1))
        found.append(_group(f"{first} – {last}", part))
    return found


def _group(label: str, options: Sequence[Json]) -> Json:
    return {"label": blocks.plain(label, 75), "options": list(options)}
