"""Sharing a link: a modal for where and with which words."""

from bot.services.notices import LinkCard
from bot.slack.ids import Action, Block, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.cards.link import MAX_NOTE
from bot.slack.ui.hints import place
from bot.slack.ui.money import TEST_MODE


def share_view(card: LinkCard) -> Json:
    """Asks for a conversation and a note."""
    return blocks.modal(
        View.SHARE,
        "Share payment link",
        [
            *([] if card.livemode else [blocks.context(TEST_MODE)]),
            rich_text.block(rich_text.paragraph([[rich_text.text(card.name, bold=True)], [rich_text.link(card.url)]])),
            blocks.field(
                "Share with",
                blocks.conversations_select(Action.SHARE_CHANNEL, placeholder="A channel or a person"),
                block_id=Block.SHARE_CHANNEL,
                hint="The card there stays current: payments, changes, on and off.",
            ),
            blocks.field(
                "Note",
                blocks.text_input(
                    Action.SHARE_NOTE, placeholder="For the spring fair", max_length=MAX_NOTE, multiline=True
                ),
                block_id=Block.SHARE_NOTE,
                optional=True,
            ),
        ],
        submit="Share",
        private_metadata=card.link_id,
    )


def shared_view(conversation: str) -> Json:
    """Says where the card will stand."""
    words = [rich_text.text("The card is sent to "), place(conversation), rich_text.text(".")]
    shown = rich_text.block(rich_text.paragraph([words]))
    return blocks.modal(View.NOTICE, "Share payment link", [shown], close="Done")
