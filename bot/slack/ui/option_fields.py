"""One field of an option group as an input block, and its answer from the view's state: one way for each widget."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.links.options.answers import Answer
from bot.links.options.base import Ask, Kind
from bot.links.options.countries import in_words
from bot.links.options.fields import Leaf
from bot.slack.ids import Action, Block, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.currencies import currency_option
from bot.slack.ui.option_countries import countries_select, read_countries
from bot.slack.ui.text import moment

MOST_TYPED = 3000
"""Slack's limit for a text that is typed."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})
"""Nothing that was picked is named."""

NOTHING = "-"
"""The value of the option that stands for no answer: Slack has no way to take a pick back."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom a field is drawn for: their language, and the names of what they picked."""

    locale: str
    names: Mapping[str, str]


def draw_field(
    leaf: Leaf,
    value: Answer,
    *,
    dispatch: bool,
    locale: str,
    names: Mapping[str, str] = NO_NAMES,
    within: str = "",
) -> Json:
    """One field as an input block. With `dispatch`, a change is sent at once; `names` are those of picked objects."""
    ask = leaf.ask
    action = Action.DECIDING_FIELD if dispatch else Action.FIELD
    return blocks.field(
        ask.label,
        _DRAWN[ask.widget](ask, action, value, _Reader(locale, names)),
        block_id=field_block(leaf.path, within),
        hint=ask.hint,
        optional=not ask.required,
        dispatch=dispatch,
    )


def field_block(path: str, within: str = "") -> str:
    """The id of a field's block; `within` names the part it belongs to where a modal asks for several."""
    return block_id(Block.FIELD, f"{within}/{path}" if within else path)


def in_plain_words(ask: Ask, value: Answer) -> str:
    """An answer as text."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return in_words(value) if ask.widget == "countries" else ", ".join(ask.choices.get(one, one) for one in value)
    if ask.widget == "moment" and isinstance(value, int):
        return moment(value)
    return str(value).upper() if ask.widget == "currency" else ask.choices.get(str(value), str(value))


def read_field(ask: Ask, element: Mapping[str, Any]) -> Answer:
    """The answer in an element's state."""
    if ask.widget == "switch":
        return bool(element.get("selected_options"))
    if ask.widget == "moment":
        return element.get("selected_date_time")
    if ask.widget in ("choice", "currency", "object"):
        picked = element.get("selected_option")
        return str(picked["value"]) if picked and picked["value"] != NOTHING else None
    if ask.widget in ("choices", "countries", "objects"):
        several = tuple(str(option["value"]) for option in element.get("selected_options") or ())
        return (read_countries(several) if ask.widget == "countries" else several) or None
    typed = element.get("value")
    return None if typed is None else str(typed)


def _text(ask: Ask, action: Action, value: Answer, _: _Reader) -> Json:
    return blocks.text_input(
        action,
        initial="" if value is None else str(value),
        placeholder=ask.placeholder,
        max_length=ask.max_length,
        multiline=ask.widget in ("multiline", "lines"),
    )


def _number(ask: Ask, action: Action, value: Answer, _: _Reader) -> Json:
    return blocks.number_input(
        action,
        initial="" if value is None else str(value),
        minimum=ask.minimum,
        maximum=ask.maximum,
        placeholder=ask.placeholder,
    )


def _choice(ask: Ask, action: Action, value: Answer, _: _Reader) -> Json:
    nothing = [] if ask.required else [blocks.option(ask.placeholder or "Not set", NOTHING)]
    options = nothing + [blocks.option(text, key) for key, text in ask.choices.items()]
    return blocks.select(action, options, initial=str(value or NOTHING), placeholder=ask.placeholder)


def _choices(ask: Ask, action: Action, value: Answer, _: _Reader) -> Json:
    options = {key: blocks.option(text, key) for key, text in ask.choices.items()}
    picked = [options[key] for key in value if key in options] if isinstance(value, tuple) else []
    element: Json = {
        "type": "multi_static_select",
        "action_id": action,
        "options": list(options.values()),
        "placeholder": blocks.plain(ask.placeholder or "Pick any", 150),
    }
    return element | ({"initial_options": picked} if picked else {})


def _countries(ask: Ask, action: Action, value: Answer, reader: _Reader) -> Json:
    chosen = value if isinstance(value, tuple) else ()
    return countries_select(action, chosen, locale=reader.locale, placeholder=ask.placeholder)


def _switch(ask: Ask, action: Action, value: Answer, _: _Reader) -> Json:
    return blocks.checkbox(action, "Yes", checked=bool(value))


def _currency(ask: Ask, _: Action, value: Answer, reader: _Reader) -> Json:
    picked = currency_option(str(value), reader.locale) if value else None
    words = ask.placeholder or "Search by code or name"
    return blocks.external_select(Action.FIELD_CURRENCY, initial=picked, placeholder=words)


def _moment(_: Ask, action: Action, value: Answer, __: _Reader) -> Json:
    return blocks.datetime_picker(action, initial=value if isinstance(value, int) else None)


def _objects(ask: Ask, _: Action, value: Answer, reader: _Reader) -> Json:
    picked = [blocks.option(reader.names.get(one, one), one) for one in value] if isinstance(value, tuple) else []
    return blocks.multi_external_select(
        _SEARCHED[ask.kind], initial=picked, placeholder=ask.placeholder or "Search", most=ask.maximum
    )


def _object(ask: Ask, _: Action, value: Answer, reader: _Reader) -> Json:
    picked = blocks.option(reader.names.get(str(value), str(value)), str(value)) if value else None
    return blocks.external_select(_SEARCHED[ask.kind], initial=picked, placeholder=ask.placeholder or "Search")


_SEARCHED: Mapping[Kind | None, Action] = {
    "product": Action.FIELD_PRODUCTS,
    "promotion_code": Action.FIELD_PROMOTION_CODE,
    "price": Action.FIELD_PRICE,
    "shipping_rate": Action.FIELD_RATES,
}
"""The picker that answers for each kind of objects."""

_DRAWN: Mapping[str, Callable[[Ask, Action, Answer, _Reader], Json]] = {
    "text": _text,
    "multiline": _text,
    "url": _text,
    "lines": _text,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "countries": _countries,
    "switch": _switch,
    "decimal": _text,
    "amount": _text,
    "currency": _currency,
    "moment": _moment,
    "object": _object,
    "objects": _objects,
}
"""How each widget is drawn. A `url` is plain text too: Slack's own check of `url_text_input` is not documented, and a
template such as `{CHECKOUT_SESSION_ID}` must pass."""
