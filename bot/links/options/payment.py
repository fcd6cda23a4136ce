"""How a one-time payment is taken and what it is called."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from bot.errors import Problem
from bot.links.options.base import ONE_TIME, Ask, OptionGroup, Part, Update

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_DESCRIPTOR = re.compile(r"(?=.*[A-Za-z])[ -~\u00a0-\u024f]+")
_FORBIDDEN = re.compile(r"[<>\\'\"*]")
_CAPTURE = {
    "automatic_async": "Right away, Stripe's default",
    "automatic": "Right away, before Stripe answers",
    "manual": "Later, by hand in Stripe",
}
_REUSE = {"on_session": "While the customer is here", "off_session": "Also when they are away"}


class PaymentIntent(Part):
    capture_method: Annotated[
        str | None,
        Ask(
            "When the money is taken",
            "choice",
            hint="By hand means: authorized now, taken in Stripe within a few days, or it lapses.",
            choices=_CAPTURE,
        ),
    ] = None
    setup_future_usage: Annotated[
        str | None,
        Ask(
            "Charge the same card again",
            "choice",
            hint="The customer is told that their payment details are kept.",
            choices=_REUSE,
        ),
    ] = None
    description: Annotated[
        str | None, Ask("Description", "text", hint="Stands beside the payment in Stripe.", max_length=1000)
    ] = None
    statement_descriptor_suffix: Annotated[
        str | None,
        Ask(
            "On card statements, after your business's name",
            "text",
            hint="Stripe puts it behind your account's own words; together they have 22 characters.",
            max_length=22,
        ),
    ] = None
    statement_descriptor: Annotated[
        str | None,
        Ask(
            "On other statements",
            "text",
            hint="For bank debits and the like: Stripe refuses card payments that have it.",
            max_length=22,
        ),
    ] = None
    transfer_group: Annotated[
        str | None, Ask("Transfer group", "text", hint="Ties payments and transfers together.", max_length=255)
    ] = None


class Payment(OptionGroup):
    key: ClassVar[str] = "payment"
    title: ClassVar[str] = "Payment details"
    description: ClassVar[str] = "Statement text, description, when the money is taken."
    cleared: ClassVar[dict[str, Any]] = {
        "payment_intent_data.capture_method": Update.FIXED,
        "payment_intent_data.setup_future_usage": "",
        "payment_intent_data.description": "",
        "payment_intent_data.statement_descriptor_suffix": "",
        "payment_intent_data.statement_descriptor": "",
        "payment_intent_data.transfer_group": "",
    }

    payment_intent_data: PaymentIntent = PaymentIntent()

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        return ONE_TIME if draft.is_recurring else None

    def summary(self) -> str:
        data = self.payment_intent_data
        words = [
            {"manual": "Money taken by hand", "automatic": "Money taken right away"}.get(data.capture_method or ""),
            "payment details kept" if data.setup_future_usage else None,
            f"“{data.description}”" if data.description else None,
            f"statement: {data.statement_descriptor_suffix}" if data.statement_descriptor_suffix else None,
            f"other statements: {data.statement_descriptor}" if data.statement_descriptor else None,
            f"transfer group {data.transfer_group}" if data.transfer_group else None,
        ]
        return ", ".join(filter(None, words)) or "As Stripe does it"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        data = self.payment_intent_data
        if not self.to_stripe():
            yield Problem("payment_intent_data.description", "Fill in one of these, or remove this option.")
        for name in ("statement_descriptor_suffix", "statement_descriptor"):
            if wrong := _wrong_descriptor(getattr(data, name)):
                yield Problem(f"payment_intent_data.{name}", wrong)
        if data.statement_descriptor and len(data.statement_descriptor) < 5:
            yield Problem("payment_intent_data.statement_descriptor", "Write 5 to 22 characters.")


def _wrong_descriptor(text: str | None) -> str | None:
    """By Stripe's "Statement descriptor requirements"."""
    if text is None:
        return None
    if _FORBIDDEN.search(text):
        return "Leave out < > \\ ' \" and *: banks don't take them."
    return None if _DESCRIPTOR.fullmatch(text) else "Use Latin letters, at least one, and digits."
