"""The option groups of a payment link, one module each."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.links.options.after_completion import AfterCompletion
from bot.links.options.base import OptionGroup
from bot.links.options.billing_address import BillingAddress
from bot.links.options.completed_sessions import CompletedSessions
from bot.links.options.connect import Connect
from bot.links.options.consent import Consent
from bot.links.options.custom_fields import CustomFields
from bot.links.options.customer_creation import CustomerCreation
from bot.links.options.invoice import Invoice
from bot.links.options.managed_payments import ManagedPayments
from bot.links.options.metadata import Metadata
from bot.links.options.name_collection import NameCollection
from bot.links.options.optional_items import OptionalItems
from bot.links.options.payment import Payment
from bot.links.options.payment_methods import PaymentMethods
from bot.links.options.phone_number import PhoneNumber
from bot.links.options.promotion_codes import PromotionCodes
from bot.links.options.shipping_address import ShippingAddress
from bot.links.options.shipping_rates import ShippingRates
from bot.links.options.submit_type import SubmitType
from bot.links.options.subscription import Subscription
from bot.links.options.tax import Tax
from bot.links.options.tax_id_collection import TaxIdCollection

_IN_MENU_ORDER: tuple[type[OptionGroup], ...] = (
    AfterCompletion,
    PromotionCodes,
    OptionalItems,
    CompletedSessions,
    BillingAddress,
    PhoneNumber,
    Tax,
    NameCollection,
    TaxIdCollection,
    CustomerCreation,
    CustomFields,
    ShippingAddress,
    ShippingRates,
    PaymentMethods,
    Payment,
    Subscription,
    Invoice,
    SubmitType,
    Consent,
    Connect,
    ManagedPayments,
    Metadata,
)

GROUPS: Mapping[str, type[OptionGroup]] = MappingProxyType({group.key: group for group in _IN_MENU_ORDER})
"""Every group by its key, in the order of the editor's menu."""
