"""What an option group is: one pydantic model whose fields are Stripe's Payment Link parameters.

Everything else (form, validation, summary, Stripe parameters, the way back from a live link) is derived from the
declaration, here, in `fields.py`, in `updates.py` and in `bot/slack/ui/forms.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem
from bot.links.options import paths
from bot.links.options.facts import Facts
from bot.links.options.lines import Lines

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

Widget = Literal[
    "text",
    "multiline",
    "number",
    "decimal",
    "url",
    "choice",
    "switch",
    "choices",
    "countries",
    "lines",
    "amount",
    "currency",
    "moment",
    "object",
    "objects",
]
Kind = Literal["product", "promotion_code", "price", "shipping_rate"]


Answer = str | int | bool | tuple[str, ...] | None
"""What a field's form holds."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked for, and what it accepts; stands in the field's `Annotated[...]` metadata.

    `shown_when` is `(path of another field from the group's root, value)`: the field is only asked, and only kept,
    while that field has that value. A path that begins with a dot starts at the part that the field is in.
    `max_length` counts characters; `minimum` and `maximum` bound a number. A `url` is https. `choice` takes one of
    `choices`, `choices` any of them, `countries` country codes. `lines` is text with one thing a line, which `lines`
    reads and writes. `decimal` is a number with at most `places` decimals, kept as its plain text. `currency` is one
    of Stripe's; `amount` is typed in major units of the currency answered at the path `currency_at` (`#` as in
    `shown_when`) and kept in minor ones. `moment` is a day and a time, kept in seconds since the epoch. `object` is
    the id of one of Stripe's objects of a `kind` that people search for, `objects` are several, at most `maximum`;
    where Stripe has each in an object of its own, `within` is its name there. `connect` fields are asked for only
    where the deployment uses Stripe Connect.
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
    shown_when: tuple[str, str | bool] | None = None
    lines: Lines | None = None
    places: int = 0
    currency_at: str = ""
    kind: Kind | None = None
    within: str = ""
    connect: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """Marks a field that is a list of parts: up to `most` are asked for, each called `name` and a number.

    The field of the part named `decided_by` says whether there is an entry; the others are asked for once it is
    answered. In a part's `shown_when`, `#` stands for the entry's place: `custom_fields.#.type`.
    """

    name: str
    most: int
    decided_by: str


class Update(Enum):
    """What an update of a live link can't do with a parameter as with others."""

    FIXED = "fixed"
    """Taken only when the link is made."""
    KEPT = "kept"
    """Can be changed, but not emptied."""
    BY_KEY = "by key"
    """An object of which only the keys that are sent change; an empty text takes one away."""
    MERGED = "merged"
    """The same, but what doesn't change is sent along, and an empty text takes the whole away."""


ONE_TIME = "For one-time payments only: remove the recurring items to use it."
RECURRING = "For subscriptions only: add a recurring item to use it."


class Part(BaseModel):
    """An object nested in a group, such as Stripe's `after_completion[redirect]`.

    It insists on types alone, so that any live link can be read; the limits of `Ask` are checked by `fields.check`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


class OptionGroup(Part, ABC):
    """A group of options. Field names are Stripe's parameter names.

    `cleared` names, by dotted path, the parameters that an update sends as a whole, and for each the value that makes
    Stripe forget it, or an `Update` when that isn't possible. Where that value is Stripe's default it is never sent on
    create. `switch`, where there is one, is the path of the parameter that turns the whole group on and off. `advice`
    stands above the form in place of the description. `ours` are the fields that Stripe doesn't take here, as
    pydantic's `exclude`. A group for `connect` is offered only where the deployment uses Stripe Connect.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    cleared: ClassVar[Mapping[str, Any]]
    switch: ClassVar[str | None] = None
    advice: ClassVar[str] = ""
    ours: ClassVar[Mapping[str, Any]] = {}
    connect: ClassVar[bool] = False

    @abstractmethod
    def summary(self) -> str:
        """One plain-text line for the editor and the card."""

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        """Why the group can't be used on this draft, as a short sentence that says what to do; None when it can."""
        return None

    @classmethod
    def beginning(cls, draft: "LinkDraft") -> dict[str, Answer]:
        """What stands in the group's form at first, by leaf path, beyond the fields' defaults."""
        return {}

    def picked(self) -> tuple[str, ...]:
        """The ids of the catalog's prices and the shipping rates that the group names."""
        return ()

    def informed(self, facts: Facts) -> Self:
        """The group with what is known of those, for its summary and its rules."""
        return self

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        """What stands against this group beyond its fields' own limits; `where` starts at the group's root."""
        yield from ()

    def to_stripe(self) -> dict[str, Any]:
        """The parameters for creating a link."""
        params: dict[str, Any] = prune(self.model_dump(mode="json", exclude=dict(self.ours)))
        for path, default in self.cleared.items():
            if paths.at(params, path) == default:
                paths.remove(params, path)
        pruned: dict[str, Any] = prune(params)
        return pruned

    @classmethod
    def from_stripe(cls, link: Mapping[str, Any]) -> Self | None:
        """The group as it stands on a live link, or None when the link doesn't use it."""
        picked = prune({name: link.get(name) for name in cls.model_fields})
        if not picked or (cls.switch and not paths.at(picked, cls.switch)):
            return None
        group = cls.model_validate(picked)
        return group if group.to_stripe() else None


def prune(value: Any) -> Any:
    """`value` without the entries that Stripe reads as "not set": None, empty texts, lists and objects."""
    if isinstance(value, list):
        return [prune(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    pruned = {key: prune(inner) for key, inner in value.items()}
    return {key: inner for key, inner in pruned.items() if inner not in (None, "", {}, [])}
