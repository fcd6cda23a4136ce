"""What an option group is: one pydantic model whose fields are Stripe's Payment Link parameters.

Everything else (form, validation, summary, Stripe parameters, the way back from a live link) is derived from the
declaration, here, in `fields.py` and in `bot/slack/ui/forms.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

Widget = Literal["text", "multiline", "number", "url", "choice", "switch"]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked for, and what it accepts; stands in the field's `Annotated[...]` metadata.

    `shown_when` is `(path of another field from the group's root, value)`: the field is only asked, and only kept,
    while that field has that value. `max_length` counts characters; `minimum` and `maximum` bound a number. A `url`
    is https.
    """

    label: str
    widget: Widget
    hint: str = ""
    placeholder: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False
    shown_when: tuple[str, str] | None = None


class Part(BaseModel):
    """An object nested in a group, such as Stripe's `after_completion[redirect]`.

    It insists on types alone, so that any live link can be read; the limits of `Ask` are checked by `fields.check`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


class OptionGroup(Part, ABC):
    """A group of options. Field names are Stripe's parameter names.

    `cleared` holds, for each parameter, the value that makes Stripe forget it on update.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    cleared: ClassVar[Mapping[str, Any]]

    @abstractmethod
    def summary(self) -> str:
        """One plain-text line for the editor and the card."""

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        """What stands against this group beyond its fields' own limits; `where` starts at the group's root."""
        yield from ()

    def to_stripe(self) -> dict[str, Any]:
        """The parameters for creating a link. On update each of them replaces what stood there as a whole."""
        pruned: dict[str, Any] = prune(self.model_dump(mode="json"))
        return pruned

    @classmethod
    def from_stripe(cls, link: Mapping[str, Any]) -> Self | None:
        """The group as it stands on a live link, or None when the link doesn't use it."""
        picked = prune({name: link.get(name) for name in cls.model_fields})
        if not picked:
            return None
        group = cls.model_validate(picked)
        return None if group.to_stripe() == prune(dict(cls.cleared)) else group


def prune(value: Any) -> Any:
    """`value` without the entries that Stripe reads as "not set": None, empty texts and empty objects."""
    if not isinstance(value, dict):
        return value
    pruned = {key: prune(inner) for key, inner in value.items()}
    return {key: inner for key, inner in pruned.items() if inner not in (None, "", {})}
