"""Sharing a link: where to, with which words, and what is filled in for the customer."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.links.options.answers import Answer
from bot.links.options.fields import leaves
from bot.links.sharing import Sharing, with_query
from bot.services.notices import LinkCard
from bot.slack.ids import Action, Block, View
from bot.slack.ui import blocks, forms, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.cards.link import MAX_NOTE
from bot.slack.ui.hints import place
from bot.slack.ui.memo import Id
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.option_fields import field_block

_CODE, _LANGUAGE, _SOURCE = (field_block(name) for name in ("prefilled_promo_code", "locale", "utm_source"))
_NO_CODES = (
    "Promotion code: this link doesn't take any. Edit it, add the option “Promotion codes”, and share again to fill "
    "one in."
)
_OFF = "⛔ This link is turned off. Turn it on before you share it: until then customers can't pay with it."
_TRANSLATED = (
    "Stripe translates the page, but not your own words: labels of custom fields and your texts stay as they are."
)
_NO_REDIRECT = (
    "Stripe passes these on to your site where the link redirects after payment. This one doesn't: add the option "
    "“After payment” to have them."
)


class SharedMemo(BaseModel):
    """What the view carries that says what was shared: the link, and what stands behind its address, which together
    are as long as a QR code holds."""

    model_config = ConfigDict(frozen=True)

    link: Id
    query: Annotated[str, Field(max_length=2200, pattern=r"^[!-~]*$")]


def share_view(
    card: LinkCard, answers: Mapping[str, Answer] | None = None, names: Mapping[str, str] | None = None
) -> Json:
    """Asks for a conversation, a note, and what to fill in. `answers` by leaf path are those given so far, `names` what
    was picked is called."""
    filled = {leaf.path: leaf.default for leaf in leaves(Sharing)} if answers is None else answers
    return blocks.modal(
        View.SHARE,
        "Share payment link",
        [
            *([] if card.livemode else [blocks.context(TEST_MODE)]),
            rich_text.block(rich_text.paragraph([[rich_text.text(card.name, bold=True)], [rich_text.link(card.url)]])),
            *([] if card.active else [blocks.section(_OFF)]),
            *_where(),
            blocks.header("Filled in for the customer"),
            *_filled(card, filled, names or {}),
        ],
        submit="Share",
        private_metadata=card.link_id,
    )


def read_share(state: Mapping[str, Any]) -> dict[str, Answer]:
    """What now stands in the form, by leaf path; a field that isn't shown has its default."""
    return {leaf.path: leaf.default for leaf in leaves(Sharing)} | forms.parse(Sharing, state)


def shared_view(card: LinkCard, conversation: str | None, sharing: Sharing) -> Json:
    """The address with all that was filled in, to be copied; and where the card will stand, if anywhere."""
    url = with_query(card.url, sharing.query)
    sent = [rich_text.text("The card is sent to "), place(conversation), rich_text.text(".")] if conversation else []
    rows: list[rich_text.Line] = [
        *([sent] if sent else []),
        *([rich_text.labelled("Filled in", sharing.summary(), 600)] if sharing.query else []),
        [rich_text.text("The address, to be copied:")],
    ]
    buttons = [
        blocks.button("Open", Action.OPEN_LINK, card.link_id, url=url),
        blocks.button("QR code", Action.SHARED_QR_CODE, card.link_id),
    ]
    return blocks.modal(
        View.SHARED,
        "Share payment link",
        [
            *([] if card.livemode else [blocks.context(TEST_MODE)]),
            rich_text.block(rich_text.paragraph(rows), rich_text.preformatted(url)),
            blocks.actions(buttons),
        ],
        close="Done",
        private_metadata=SharedMemo(link=card.link_id, query=sharing.query).model_dump_json(),
    )


def _where() -> Iterator[Json]:
    yield blocks.field(
        "Share with",
        blocks.conversations_select(Action.SHARE_CHANNEL, placeholder="A channel or a person"),
        block_id=Block.SHARE_CHANNEL,
        hint="The card there stays current: payments, changes, on and off. Left empty, you get the address to copy.",
        optional=True,
    )
    yield blocks.field(
        "Note",
        blocks.text_input(Action.SHARE_NOTE, placeholder="For the spring fair", max_length=MAX_NOTE, multiline=True),
        block_id=Block.SHARE_NOTE,
        optional=True,
    )


def _filled(card: LinkCard, answers: Mapping[str, Answer], names: Mapping[str, str]) -> Iterator[Json]:
    """The fields, each with what there is to know about it on this very link."""
    options = card.draft.options
    after = options.get("after_completion")
    redirects = after is not None and bool(after.to_stripe().get("after_completion", {}).get("redirect"))
    for block in forms.draw_fields(Sharing, answers, locale="", names=names):
        if block["block_id"] == _CODE and "promotion_codes" not in options:
            yield blocks.section(_NO_CODES)
            continue
        if block["block_id"] == _SOURCE and not redirects:
            yield blocks.context(_NO_REDIRECT)
        yield block
        if block["block_id"] == _LANGUAGE and ("custom_fields" in options or "consent" in options):
            yield blocks.context(_TRANSLATED)
