"""Whether the customer is asked for a name, their own or a business's."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup, Part

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_INDIVIDUAL = "name_collection.individual.enabled"
_BUSINESS = "name_collection.business.enabled"


class IndividualName(Part):
    enabled: Annotated[bool, Ask("Ask for the customer's name", "switch")] = False
    optional: Annotated[bool, Ask("The name may be left empty", "switch", shown_when=(_INDIVIDUAL, True))] = False


class BusinessName(Part):
    enabled: Annotated[bool, Ask("Ask for the business's name", "switch")] = False
    optional: Annotated[bool, Ask("The business's name may be left empty", "switch", shown_when=(_BUSINESS, True))] = (
        False
    )


class Names(Part):
    individual: IndividualName = IndividualName()
    business: BusinessName = BusinessName()


class NameCollection(OptionGroup):
    key: ClassVar[str] = "name_collection"
    title: ClassVar[str] = "Customer's name"
    description: ClassVar[str] = "Ask customers for their name, or for their business's."
    cleared: ClassVar[dict[str, Any]] = {"name_collection": ""}

    name_collection: Names = Names()

    @classmethod
    def from_stripe(cls, link: Mapping[str, Any]) -> Self | None:
        group = super().from_stripe(link)
        return group if group and group._asked() else None

    def summary(self) -> str:
        words = [f"{what}{' (optional)' if name.optional else ''}" for what, name in self._asked()]
        return f"Asks for {' and '.join(words)}" if words else "Asks for no name yet"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not self._asked():
            yield Problem(_INDIVIDUAL, "Tick a name to ask for, or remove this option.")

    def _asked(self) -> list[tuple[str, IndividualName | BusinessName]]:
        names = (
            ("the customer's name", self.name_collection.individual),
            ("the business's name", self.name_collection.business),
        )
        return [(what, name) for what, name in names if name.enabled]
