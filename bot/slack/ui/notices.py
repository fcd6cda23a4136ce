"""What a channel hears of its payments: a modal with a box for each kind."""

from collections.abc import Mapping
from typing import Any

from bot.payments.news import Kind
from bot.services.muting import Notices
from bot.slack.ids import Action, Block, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import place
from bot.slack.ui.money import TEST_MODE

_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.REFUND: ("Refunds", "Made, arrived, failed"),
    Kind.DISPUTE: ("Disputes", "Opened, answered, won, lost, and the money they take"),
    Kind.FAILED_RENEWAL: ("Failed renewals", "A subscription's payment that could not be charged"),
    Kind.RENEWAL: ("Renewals", "Each payment of a subscription after the first"),
    Kind.TRIAL: ("Ending trials", "Three days before a free trial ends"),
    Kind.CANCELLATION: ("Cancellations", "A subscription will end, or has ended"),
}
"""As offered, the most wanted first."""


def notices_view(notices: Notices, *, livemode: bool) -> Json:
    """Asks what is to be told, filled with what was chosen."""
    where = [rich_text.text("What Paylink tells in "), place(notices.channel_id)]
    where.append(rich_text.text(" of payments it has announced there. Each stands in its payment's thread."))
    offered = [blocks.option(title, kind, description) for kind, (title, description) in _KINDS.items()]
    return blocks.modal(
        View.NOTICES,
        "Notices",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            rich_text.block(rich_text.paragraph([where])),
            blocks.field(
                "Tell of",
                blocks.checkboxes(Action.NOTICE_KINDS, offered, chosen=notices.told),
                block_id=Block.NOTICE_KINDS,
                hint="The payment's own message always stays current.",
                optional=True,
            ),
            blocks.field(
                "Where",
                blocks.checkbox(Action.NOTICE_BROADCAST, "Also send to the channel", checked=notices.broadcast),
                block_id=Block.NOTICE_BROADCAST,
                hint="Otherwise only people who follow the thread are notified.",
                optional=True,
            ),
        ],
        submit="Save",
        private_metadata=notices.channel_id,
    )


def read_notices(state: Mapping[str, Any]) -> tuple[frozenset[Kind], bool]:
    """The kinds to tell of, and whether to tell the channel too."""
    picked = state[Block.NOTICE_KINDS][Action.NOTICE_KINDS].get("selected_options") or ()
    values = {one["value"] for one in picked}
    broadcast = state[Block.NOTICE_BROADCAST][Action.NOTICE_BROADCAST].get("selected_options") or ()
    return frozenset(kind for kind in Kind if kind in values), bool(broadcast)
