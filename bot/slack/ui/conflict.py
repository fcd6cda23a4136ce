"""What somebody else changed too: field by field theirs and yours, and a choice for each."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from bot.links.draft import LinkDraft
from bot.links.line_item import AdjustableQuantity
from bot.links.merging import Field, value_of
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.base import OptionGroup
from bot.links.options.fields import leaves, values
from bot.services.drafts import Choice, OpenDraft
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import place
from bot.slack.ui.money import TEST_MODE, adjustable_in_words
from bot.slack.ui.option_fields import in_plain_words
from bot.slack.ui.text import line

_SHOWN = 40
"""Each takes two blocks of a view's hundred. Those left out come with the next submit."""

_VALUE = 1000
_IN_OPTION = 55
"""Up to so many characters a value stands in its option, which Slack cuts at 75."""

_CHOICES: tuple[tuple[Choice, str], ...] = (("theirs", "Keep theirs"), ("mine", "Use mine"))


def conflict_view(opened: OpenDraft, *, livemode: bool) -> Json:
    """The modal, for a draft in conflict."""
    return blocks.modal(
        View.CONFLICT,
        "Changed by others",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            blocks.section(
                "Somebody else changed the same on this link since you opened it. Nothing of yours is saved yet. "
                "Pick what it should be; then your changes are saved."
            ),
            *(
                block
                for number, field in enumerate(opened.conflicts[:_SHOWN])
                for block in _conflict(opened, field, _block(opened, number))
            ),
            blocks.actions([blocks.button("Back to editing", Action.BACK_TO_EDITOR)]),
        ],
        submit="Save changes",
        close="Cancel",
        private_metadata=opened.id,
    )


def read_choices(opened: OpenDraft, state: Mapping[str, Any]) -> dict[Field, Choice]:
    """What was picked, of the conflicts that the view showed."""
    elements = {
        field: state.get(_block(opened, number), {}).get(Action.CONFLICT_CHOICE)
        for number, field in enumerate(opened.conflicts)
    }
    return {
        field: cast(Choice, element["selected_option"]["value"])
        for field, element in elements.items()
        if element and element.get("selected_option")
    }


def conflicts_in_words(opened: OpenDraft) -> str:
    """The fields by their names."""
    return ", ".join(dict.fromkeys(label(field, opened.draft) for field in opened.conflicts))


def label(field: Field, draft: LinkDraft) -> str:
    """What people call the field."""
    if field.kind == "name":
        return "Name"
    if field.kind == "notify_channel":
        return "Channel"
    if field.kind == "option":
        return _option_label(field)
    name = line(next((item.name for item in draft.line_items if item.row == field.key), "Item"), 150)
    return f"{name}: {'quantity' if field.kind == 'quantity' else 'what the customer can choose'}"


def _conflict(opened: OpenDraft, field: Field, block: str) -> Iterator[Json]:
    """The choice, with what can be chosen in its options; what has no room there stands above it."""
    theirs, mine = cast(LinkDraft, opened.theirs), opened.draft
    named, values = label(field, mine), {"theirs": _words(theirs, mine, field), "mine": _words(mine, theirs, field)}
    short = field.kind != "notify_channel" and all(len(words) <= _IN_OPTION for words in values.values())
    if not short:
        shown = [
            [rich_text.text(named, bold=True)],
            [rich_text.text("Theirs: "), _element(theirs, values["theirs"], field)],
            [rich_text.text("Yours: "), _element(mine, values["mine"], field)],
        ]
        yield rich_text.block(rich_text.paragraph(shown))
    options = [blocks.option(f"{text}: {values[value]}" if short else text, value) for value, text in _CHOICES]
    asked = named if short else f"{named}: keep which?"
    yield blocks.field(asked, blocks.radio_buttons(Action.CONFLICT_CHOICE, options), block_id=block)


def _block(opened: OpenDraft, number: int) -> str:
    """Changes with the draft, so that a choice made between other values isn't taken for one between these."""
    return block_id(Block.CONFLICT, f"{opened.revision}.{number}")


def _element(draft: LinkDraft, words: str, field: Field) -> Json:
    """A value in rich text."""
    channel = draft.notify_channel if field.kind == "notify_channel" else None
    return place(channel) if channel else rich_text.text(words, _VALUE)


def _words(draft: LinkDraft, other: LinkDraft, field: Field) -> str:
    """What stands in the field; of an option what is otherwise in the other draft."""
    value = value_of(draft, field)
    if field.kind == "notify_channel":
        return "no channel"
    if field.kind == "adjustable_quantity":
        return adjustable_in_words(cast(AdjustableQuantity | None, value)) or "the quantity is fixed"
    if field.kind == "option":
        return _option_words(draft.options.get(field.key), other.options.get(field.key), field)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _option_label(field: Field) -> str:
    group_type = GROUPS[field.key]
    asked = [leaf for leaf in leaves(group_type) if _is_in(leaf.path, field)]
    detail = field.entry or (asked[0].ask.label if len(asked) == 1 else "")
    return f"{group_type.title}: {detail}" if detail else group_type.title


def _option_words(group: OptionGroup | None, other: OptionGroup | None, field: Field) -> str:
    """The answers that differ, or the whole option where it is on for one alone."""
    if group is None:
        return "removed" if not field.entry else "not set"
    if field.entry:
        return str(group.to_stripe().get(field.path, {}).get(field.entry, "not set"))
    if not field.path or other is None:
        return group.summary()
    answers, others = values(group), values(other)
    differing = [
        leaf for leaf in leaves(type(group)) if _is_in(leaf.path, field) and _differ(answers, others, leaf.path)
    ]
    if len(differing) == 1:
        return in_plain_words(differing[0].ask, answers.get(differing[0].path))
    words = [f"{leaf.ask.label}: {in_plain_words(leaf.ask, answers.get(leaf.path))}" for leaf in differing]
    return "; ".join(words) or group.summary()


def _differ(answers: Mapping[str, Answer], others: Mapping[str, Answer], path: str) -> bool:
    return answers.get(path) != others.get(path)


def _is_in(path: str, field: Field) -> bool:
    return not field.path or path == field.path or path.startswith(f"{field.path}.")
