"""What the button on the payment page says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_WORDS = {"pay": "Pay", "book": "Book", "donate": "Donate", "subscribe": "Subscribe"}


class SubmitType(OptionGroup):
    key: ClassVar[str] = "submit_type"
    title: ClassVar[str] = "Button"
    description: ClassVar[str] = "What the button on the payment page says."
    cleared: ClassVar[dict[str, Any]] = {"submit_type": "auto"}

    submit_type: Annotated[
        str | None,
        Ask(
            "Button",
            "choice",
            hint="Subscribe is for recurring items, the others for one-time payments. The address changes with it.",
            choices=_WORDS,
            required=True,
            placeholder="Pick a word",
        ),
    ] = None

    def summary(self) -> str:
        return f"The button says {_WORDS.get(self.submit_type or '', self.submit_type)}" if self.submit_type else "Pay"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not draft.line_items or self.submit_type not in _WORDS:
            return
        if draft.is_recurring and self.submit_type != "subscribe":
            yield Problem("submit_type", "The link starts a subscription: pick Subscribe, or remove this option.")
        if not draft.is_recurring and self.submit_type == "subscribe":
            yield Problem("submit_type", "Subscribe needs a recurring item: add one, or pick another word.")
