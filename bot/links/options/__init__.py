"""The option groups of a payment link, one module each."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.links.options.after_completion import AfterCompletion
from bot.links.options.base import OptionGroup
from bot.links.options.billing_address import BillingAddress
from bot.links.options.completed_sessions import CompletedSessions
from bot.links.options.phone_number import PhoneNumber
from bot.links.options.promotion_codes import PromotionCodes
from bot.links.options.tax import Tax

_IN_MENU_ORDER: tuple[type[OptionGroup], ...] = (
    AfterCompletion,
    PromotionCodes,
    CompletedSessions,
    BillingAddress,
    PhoneNumber,
    Tax,
)

GROUPS: Mapping[str, type[OptionGroup]] = MappingProxyType({group.key: group for group in _IN_MENU_ORDER})
"""Every group by its key, in the order of the editor's menu."""
