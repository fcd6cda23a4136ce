"""Carrying somebody's changes over to a link that changed meanwhile."""

from bot.links.draft import LineItem, LinkDraft


def rebase(wanted: LinkDraft, base: LinkDraft, live: LinkDraft) -> LinkDraft:
    """`live` with what `wanted` changed against `base`; what `wanted` left alone is as `live` has it."""
    keys = {**live.options, **wanted.options}
    sources = {key: live if wanted.options.get(key) == base.options.get(key) else wanted for key in keys}
    options = {key: source.options[key] for key, source in sources.items() if key in source.options}
    name = live if wanted.name == base.name else wanted
    channel = live if wanted.notify_channel == base.notify_channel else wanted
    return LinkDraft(
        name=name.name,
        line_items=tuple(_items(wanted, base, live)),
        options=options,
        notify_channel=channel.notify_channel,
    )


def _items(wanted: LinkDraft, base: LinkDraft, live: LinkDraft) -> list[LineItem]:
    """Items are the same when their row is: a live link's rows are named by Stripe's ids."""
    before = {item.row: item for item in base.line_items}
    now = {item.row: item for item in live.line_items}
    return [now.get(item.row, item) if item == before.get(item.row) else item for item in wanted.line_items]
