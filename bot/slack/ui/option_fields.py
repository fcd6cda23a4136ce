"""One field of an option group as an input block, and its answer from the view's state: one way for each widget."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.links.options.answers import Answer
from bot.links.options.base import Ask
from bot.links.options.countries import in_words
from bot.links.options.fields import Leaf
from bot.links.options.updates import FIXED_REASON
from bot.slack.ids import Action, Block, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.option_countries import countries_select, read_countries

MOST_TYPED = 3000
"""Slack's limit for a text that is typed."""

_NOTHING = "-"
"""The value of the option that stands for no answer: Slack has no way to take a pick back."""


def draw_field(leaf: Leaf, value: Answer, *, dispatch: bool, locale: str) -> Json:
    """One field as an input block. With `dispatch`, a change is sent at once."""
    ask = leaf.ask
    action = Action.DECIDING_FIELD if dispatch else Action.FIELD
    return blocks.field(
        ask.label,
        _DRAWN[ask.widget](ask, action, value, locale),
        block_id=block_id(Block.FIELD, leaf.path),
        hint=ask.hint,
        optional=not ask.required,
        dispatch=dispatch,
    )


def fixed_field(leaf: Leaf, value: Answer) -> Json:
    """A field of a live link that Stripe doesn't let change, with the reason."""
    return blocks.section(f"{leaf.ask.label}: {in_plain_words(leaf.ask, value)}\n{FIXED_REASON}")


def in_plain_words(ask: Ask, value: Answer) -> str:
    """An answer as text."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return in_words(value) if ask.widget == "countries" else ", ".join(ask.choices.get(one, one) for one in value)
    return ask.choices.get(str(value), str(value))


def read_field(ask: Ask, element: Mapping[str, Any]) -> Answer:
    """The answer in an element's state."""
    if ask.widget == "switch":
        return bool(element.get("selected_options"))
    if ask.widget == "choice":
        picked = element.get("selected_option")
        return str(picked["value"]) if picked and picked["value"] != _NOTHING else None
    if ask.widget in ("choices", "countries"):
        several = tuple(str(option["value"]) for option in element.get("selected_options") or ())
        return (read_countries(several) if ask.widget == "countries" else several) or None
    typed = element.get("value")
    return None if typed is None else str(typed)


def _text(ask: Ask, action: Action, value: Answer, _: str) -> Json:
    return blocks.text_input(
        action,
        initial="" if value is None else str(value),
        placeholder=ask.placeholder,
        max_length=ask.max_length,
        multiline=ask.widget in ("multiline", "lines"),
    )


def _number(ask: Ask, action: Action, value: Answer, _: str) -> Json:
    return blocks.number_input(
        action,
        initial="" if value is None else str(value),
        minimum=ask.minimum,
        maximum=ask.maximum,
        placeholder=ask.placeholder,
    )


def _choice(ask: Ask, action: Action, value: Answer, _: str) -> Json:
    nothing = [] if ask.required else [blocks.option(ask.placeholder or "Not set", _NOTHING)]
    options = nothing + [blocks.option(text, key) for key, text in ask.choices.items()]
    return blocks.select(action, options, initial=str(value or _NOTHING), placeholder=ask.placeholder)


def _choices(ask: Ask, action: Action, value: Answer, _: str) -> Json:
    options = {key: blocks.option(text, key) for key, text in ask.choices.items()}
    picked = [options[key] for key in value if key in options] if isinstance(value, tuple) else []
    element: Json = {
        "type": "multi_static_select",
        "action_id": action,
        "options": list(options.values()),
        "placeholder": blocks.plain(ask.placeholder or "Pick any", 150),
    }
    return element | ({"initial_options": picked} if picked else {})


def _countries(ask: Ask, action: Action, value: Answer, locale: str) -> Json:
    chosen = value if isinstance(value, tuple) else ()
    return countries_select(action, chosen, locale=locale, placeholder=ask.placeholder)


def _switch(ask: Ask, action: Action, value: Answer, _: str) -> Json:
    return blocks.checkbox(action, "Yes", checked=bool(value))


_DRAWN: Mapping[str, Callable[[Ask, Action, Answer, str], Json]] = {
    "text": _text,
    "multiline": _text,
    "url": _text,
    "lines": _text,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "countries": _countries,
    "switch": _switch,
}
"""How each widget is drawn. A `url` is plain text too: Slack's own check of `url_text_input` is not documented, and a
template such as `{CHECKOUT_SESSION_ID}` must pass."""
