"""The names of what is picked in a form: Stripe's ids mean nothing to people."""

from collections.abc import Mapping
from typing import Any

from bot.links.options.base import OptionGroup
from bot.links.options.optional_items import OptionalItems
from bot.links.options.shipping_rates import ShippingRates
from bot.slack.ui.item_form import price_words


def known_names(group: OptionGroup | None, locale: str) -> dict[str, str]:
    """Those that came with the group, by id."""
    if isinstance(group, OptionalItems):
        return {item.known.price: price_words(item.known, locale) for item in group.optional_items if item.known}
    if isinstance(group, ShippingRates):
        return {option.shipping_rate: option.known.words for option in group.shipping_options if option.known}
    return {}


def picked_names(state: Mapping[str, Any]) -> dict[str, str]:
    """Those that stand in the menus of a view's `state.values`, by the picks' values."""
    elements = [element for block in state.values() for element in block.values()]
    options = [option for one in elements for option in one.get("selected_options") or () if "text" in option]
    options += [one["selected_option"] for one in elements if one.get("selected_option")]
    return {str(option["value"]): str(option["text"]["text"]) for option in options}
