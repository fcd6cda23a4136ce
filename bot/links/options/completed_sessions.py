"""How often the link can be paid, and what visitors read once it is off."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup, Part

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft


class CompletedSessionsLimit(Part):
    limit: Annotated[
        int | None,
        Ask(
            "Number of payments",
            "number",
            hint="The link turns itself off after this many payments.",
            placeholder="100",
            minimum=1,
        ),
    ] = None


class Restrictions(Part):
    completed_sessions: CompletedSessionsLimit | None = None


class CompletedSessions(OptionGroup):
    key: ClassVar[str] = "completed_sessions"
    title: ClassVar[str] = "Limit on payments"
    description: ClassVar[str] = "Turn the link off after a number of payments, and say so to later visitors."
    cleared: ClassVar[dict[str, Any]] = {"restrictions": "", "inactive_message": ""}

    restrictions: Restrictions | None = None
    inactive_message: Annotated[
        str | None,
        Ask(
            "Message when the link is off",
            "multiline",
            hint="Shown instead of the payment page once the link is off.",
            placeholder="Sold out. Write to us for the next date.",
            max_length=500,
        ),
    ] = None

    @property
    def limit(self) -> int | None:
        """The number of payments after which the link turns itself off."""
        sessions = self.restrictions.completed_sessions if self.restrictions else None
        return sessions.limit if sessions else None

    def summary(self) -> str:
        limit = f"{self.limit:,} payment{'' if self.limit == 1 else 's'}" if self.limit else ""
        message = " ".join(self.inactive_message.split()) if self.inactive_message else ""
        if limit and message:
            return f"Up to {limit}, then: {message}"
        return f"Up to {limit}" if limit else f"When off: {message}"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if self.limit is None and not self.inactive_message:
            where = "restrictions.completed_sessions.limit"
            yield Problem(where, "Write a number of payments or a message, or remove this option.")
