"""Stripe sells in its own name: its "Managed Payments"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from bot.errors import Problem
from bot.links.options.base import OptionGroup, Part, Update

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_STRIPES_OWN = ("tax", "shipping_address", "shipping_rates", "connect")
"""Groups whose parameters Stripe sets itself then and takes from nobody ("Remove unsupported parameters")."""


class Enabled(Part):
    enabled: bool = True


class ManagedPayments(OptionGroup):
    key: ClassVar[str] = "managed_payments"
    title: ClassVar[str] = "Managed payments"
    description: ClassVar[str] = "Stripe is the seller of your digital goods, and settles tax and disputes."
    cleared: ClassVar[dict[str, Any]] = {"managed_payments.enabled": Update.FIXED}
    switch: ClassVar[str | None] = "managed_payments.enabled"

    managed_payments: Enabled = Enabled()

    def summary(self) -> str:
        return "Stripe is the seller, and settles tax and disputes"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        titles = [group.title for key, group in draft.options.items() if key in _STRIPES_OWN]
        if titles:
            yield Problem("managed_payments", f"Stripe sees to this itself here: remove {' and '.join(titles)}.")
