"""Two people change one link: what each changed against what both started from, and joining the two.

A field is the smallest thing that can be told apart: the name, the channel, an item's quantity, a parameter of an
option as an update sends it, a key of the metadata. Changes to different fields are joined; one field changed in two
ways is a conflict, for a person to settle.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bot.links.draft import LineItem, LinkDraft
from bot.links.options import GROUPS, paths
from bot.links.options.base import OptionGroup, Update

Kind = Literal["name", "notify_channel", "quantity", "adjustable_quantity", "option"]


class Field(NamedTuple):
    """Where in a draft something stands. `key` is the item's row or the group's key; `path` the group's parameter,
    empty for the whole group; `entry` the key of a parameter that is joined key by key."""

    kind: Kind
    key: str = ""
    path: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Both people's changes in one draft, in which the fields in `conflicts` are as `wanted` has them."""

    draft: LinkDraft
    conflicts: tuple[Field, ...]


def merge(wanted: LinkDraft, base: LinkDraft, live: LinkDraft) -> Merge:
    """What `wanted` changed against `base`, carried over to `live`, which changed meanwhile."""
    told_apart = list(fields(wanted, base, live))
    mine = [field for field in told_apart if value_of(wanted, field) != value_of(base, field)]
    conflicts = [
        field for field in mine if value_of(live, field) not in (value_of(base, field), value_of(wanted, field))
    ]
    standing = live.model_copy(update={"line_items": tuple(_items(wanted, base, live))})
    return Merge(taking(standing, wanted, mine), tuple(conflicts))


def taking(draft: LinkDraft, source: LinkDraft, chosen: Collection[Field]) -> LinkDraft:
    """The draft with these fields as `source` has them."""
    for field in chosen:
        if field.kind == "name":
            draft = draft.with_name(source.name)
        elif field.kind == "notify_channel":
            draft = draft.with_notify_channel(source.notify_channel)
        elif field.kind == "option":
            draft = _taking_option(draft, source, field)
        else:
            draft = _taking_of_item(draft, source, field)
    return draft


def value_of(draft: LinkDraft, field: Field) -> Any:
    """What stands there; None for nothing. Values of two drafts are equal when Stripe would be sent the same."""
    if field.kind == "name":
        return draft.title
    if field.kind == "notify_channel":
        return draft.notify_channel
    if field.kind == "option":
        group = draft.options.get(field.key)
        return _value_in(group.to_stripe() if group else {}, field)
    item = _item(draft, field.key)
    return getattr(item, field.kind) if item else None


def _value_in(params: Mapping[str, Any], field: Field) -> Any:
    value = paths.at(params, field.path) if field.path else params or None
    return value.get(field.entry) if field.entry and value else value


def fields(wanted: LinkDraft, base: LinkDraft, live: LinkDraft) -> Iterator[Field]:
    """Everything by which three versions of a link can differ, but the prices and which items there are."""
    yield Field("name")
    yield Field("notify_channel")
    for row in (item.row for item in base.line_items if _item(wanted, item.row) and _item(live, item.row)):
        yield Field("quantity", row)
        yield Field("adjustable_quantity", row)
    for key in GROUPS:
        yield from _fields_of_group(key, [draft.options.get(key) for draft in (wanted, base, live)])


def _fields_of_group(key: str, versions: list[OptionGroup | None]) -> Iterator[Field]:
    """A group that is on in some of the versions only is one field, unless being off is the same as being empty."""
    group_type = GROUPS[key]
    if not any(versions):
        return
    if not all(versions) and group_type().to_stripe():
        yield Field("option", key)
        return
    for path, cleared in group_type.cleared.items():
        if cleared is Update.BY_KEY:
            found = [_value_in(group.to_stripe(), Field("option", key, path)) or {} for group in versions if group]
            for entry in sorted({entry for value in found for entry in value}):
                yield Field("option", key, path, entry)
        else:
            yield Field("option", key, path)


def _items(wanted: LinkDraft, base: LinkDraft, live: LinkDraft) -> Iterator[LineItem]:
    """The items wanted, as they stand by now where they were left alone. Stripe lets nobody add or remove any."""
    for item in wanted.line_items:
        before, now = _item(base, item.row), _item(live, item.row)
        yield now if before and now and before.price == item.price else item


def _item(draft: LinkDraft, row: str) -> LineItem | None:
    return next((item for item in draft.line_items if item.row == row), None)


def _taking_of_item(draft: LinkDraft, source: LinkDraft, field: Field) -> LinkDraft:
    item = _item(draft, field.key)
    if item is None:
        return draft
    return draft.with_item(item.model_copy(update={field.kind: value_of(source, field)}))


def _taking_option(draft: LinkDraft, source: LinkDraft, field: Field) -> LinkDraft:
    group = source.options.get(field.key)
    if not field.path:
        return draft.with_option(group) if group else draft.without_option(field.key)
    group_type = GROUPS[field.key]
    theirs, ours = (_dump(one.options.get(field.key), group_type) for one in (source, draft))
    place = (*field.path.split("."), *([field.entry] if field.entry else []))
    _copy(theirs, ours, place)
    taken = group_type.model_validate(ours)
    empty = not taken.to_stripe() and not (group and field.key in draft.options)
    return draft.without_option(field.key) if empty else draft.with_option(taken)


def _dump(group: OptionGroup | None, group_type: type[OptionGroup]) -> dict[str, Any]:
    return (group or group_type()).model_dump(mode="json")


def _copy(source: dict[str, Any], target: dict[str, Any], place: tuple[str, ...]) -> None:
    """Makes the target have there what the source has: nothing, where that has nothing."""
    *parents, name = place
    for parent in parents:
        source = source.get(parent) or {}
        target[parent] = target = dict(target.get(parent) or {})
    if source.get(name) is None:
        target.pop(name, None)
    else:
        target[name] = source[name]
