"""Up to three questions of your own on the payment page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from bot.errors import Problem
from bot.links.options.base import Ask, Entries, OptionGroup, Part
from bot.links.options.lines import Options, is_alphanumeric, slug, unique

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

MAX_FIELDS = 3
LONGEST_ANSWER = 255

_TYPE = "custom_fields.#.type"
_KINDS = {"text": "Text", "numeric": "Digits", "dropdown": "Choice from a list"}


class Label(Part):
    type: Literal["custom"] = "custom"
    custom: Annotated[
        str | None,
        Ask(
            "question",
            "text",
            hint="Customers see it as you write it: Stripe doesn't translate it.",
            placeholder="T-shirt size",
            max_length=100,
            required=True,
        ),
    ] = None


class DropdownOption(Part):
    label: str = ""
    value: str = ""


class Dropdown(Part):
    options: Annotated[
        tuple[DropdownOption, ...],
        Ask(
            "choices",
            "lines",
            hint="One a line: Label, or value = Label to name the value you see in Stripe.",
            placeholder="Small\nMedium\nxl = Extra large",
            required=True,
            shown_when=(_TYPE, "dropdown"),
            lines=Options(most=200, length=100),
        ),
    ] = ()
    default_value: Annotated[
        str | None,
        Ask("picked at first", "text", hint="A label or value from the list.", shown_when=(_TYPE, "dropdown")),
    ] = None


class Typed(Part):
    """What text and numeric fields have in common; see `Text` and `Numeric` for how they are asked."""

    default_value: str | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None


def _length(label: str, kind: str) -> Ask:
    return Ask(label, "number", minimum=1, maximum=LONGEST_ANSWER, shown_when=(_TYPE, kind))


class Text(Typed):
    default_value: Annotated[
        str | None, Ask("answer at first", "text", max_length=LONGEST_ANSWER, shown_when=(_TYPE, "text"))
    ] = None
    minimum_length: Annotated[int | None, _length("fewest characters", "text")] = None
    maximum_length: Annotated[int | None, _length("most characters", "text")] = None


class Numeric(Typed):
    default_value: Annotated[
        str | None, Ask("answer at first", "text", max_length=LONGEST_ANSWER, shown_when=(_TYPE, "numeric"))
    ] = None
    minimum_length: Annotated[int | None, _length("fewest digits", "numeric")] = None
    maximum_length: Annotated[int | None, _length("most digits", "numeric")] = None


class CustomField(Part):
    type: Annotated[
        str | None, Ask("kind", "choice", hint="What customers answer with.", placeholder="No question", choices=_KINDS)
    ] = None
    label: Label = Label()
    key: Annotated[
        str | None,
        Ask("key", "text", hint="Names the answer in Stripe. Left empty, it is made of the question.", max_length=200),
    ] = None
    optional: Annotated[bool, Ask("may be left empty", "switch")] = False
    dropdown: Dropdown | None = None
    text: Text | None = None
    numeric: Numeric | None = None

    @property
    def words(self) -> str:
        return self.label.custom or "a question"


def _complete(fields: tuple[CustomField, ...]) -> tuple[CustomField, ...]:
    """Every field with a key, and with what is picked at first by its value."""
    taken = {field.key for field in fields if field.key}
    found = []
    for place, field in enumerate(fields, 1):
        key = field.key or unique(slug(field.words) or f"field{place}", taken)
        taken.add(key)
        found.append(field.model_copy(update={"key": key, "dropdown": _by_value(field.dropdown)}))
    return tuple(found)


def _by_value(dropdown: Dropdown | None) -> Dropdown | None:
    if dropdown is None or any(option.value == dropdown.default_value for option in dropdown.options):
        return dropdown
    value = next((one.value for one in dropdown.options if one.label == dropdown.default_value), dropdown.default_value)
    return dropdown.model_copy(update={"default_value": value})


class CustomFields(OptionGroup):
    key: ClassVar[str] = "custom_fields"
    title: ClassVar[str] = "Custom fields"
    description: ClassVar[str] = "Ask customers up to three questions of your own."
    advice: ClassVar[str] = (
        "Ask customers up to three questions of your own. Don't ask for anything protected or sensitive, such as card "
        "numbers, passwords, health data or government IDs: Stripe doesn't allow it."
    )
    cleared: ClassVar[dict[str, Any]] = {"custom_fields": ""}

    custom_fields: Annotated[
        tuple[CustomField, ...], Entries("Field", MAX_FIELDS, "type"), AfterValidator(_complete)
    ] = ()

    def summary(self) -> str:
        words = [f"{field.words}{' (optional)' if field.optional else ''}" for field in self.custom_fields]
        return f"Asks for {', '.join(words)}" if words else "Asks nothing yet"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not self.custom_fields:
            yield Problem("custom_fields.0.type", "Pick what customers answer with, or remove this option.")
        keys: list[str | None] = []
        for place, field in enumerate(self.custom_fields):
            where = f"custom_fields.{place}"
            if field.key is None or not is_alphanumeric(field.key):
                yield Problem(f"{where}.key", "Use letters from A to Z and digits only.")
            elif field.key in keys:
                yield Problem(f"{where}.key", f"Another field has the key {field.key}. Write a different one.")
            keys.append(field.key)
            yield from _dropdown_problems(field.dropdown, f"{where}.dropdown")
            yield from _typed_problems(field.text, f"{where}.text")
            yield from _typed_problems(field.numeric, f"{where}.numeric")


def _dropdown_problems(dropdown: Dropdown | None, where: str) -> Iterator[Problem]:
    if dropdown and dropdown.default_value and dropdown.default_value not in [one.value for one in dropdown.options]:
        yield Problem(f"{where}.default_value", "Write one of the choices, or leave it empty.")


def _typed_problems(typed: Typed | None, where: str) -> Iterator[Problem]:
    if typed is None:
        return
    shortest, longest = typed.minimum_length or 1, typed.maximum_length or LONGEST_ANSWER
    if shortest > longest:
        yield Problem(f"{where}.minimum_length", f"Write {longest} or less: that is the most allowed.")
    elif typed.default_value and not shortest <= len(typed.default_value) <= longest:
        yield Problem(f"{where}.default_value", f"Write {shortest} to {longest} characters, or leave it empty.")
    elif typed.default_value and isinstance(typed, Numeric) and not _digits(typed.default_value):
        yield Problem(f"{where}.default_value", "Write digits only, or leave it empty.")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
