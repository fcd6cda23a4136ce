"""App Home: what Paylink is, how to start, and the latest links."""

from bot.services.catalog import Progress
from bot.services.links import Page
from bot.slack.ids import Action, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.help import USES
from bot.slack.ui.links_list import link_row
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.products import reading_blocks


def home_view(page: Page, locale: str, *, livemode: bool, reading: Progress | None = None) -> Json:
    """The home of someone who may make links; `reading` is how far the catalog's mirror has come, None when whole."""
    rows = [link_row(card, locale) for card in page.links] or [blocks.section("None yet.")]
    return _home(
        [
            blocks.header("Stripe Payment Links, from Slack"),
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *reading_blocks(reading),
            blocks.section("Make a payment link, share its card, and hear of every payment in the channel."),
            blocks.actions(
                [
                    blocks.button("New payment link", Action.NEW_LINK, style="primary"),
                    *([blocks.button("All links", Action.ALL_LINKS)] if page.links else []),
                    blocks.button("Templates", Action.ALL_TEMPLATES),
                    blocks.button("Products", Action.ALL_PRODUCTS),
                    blocks.button("Coupons", Action.ALL_COUPONS),
                ]
            ),
            blocks.header("Latest links"),
            *rows,
            blocks.header("What you can type"),
            rich_text.block(
                rich_text.bullets(
                    [{"type": "text", "text": use, "style": {"code": True}}, rich_text.text(f" {meaning}")]
                    for use, meaning in USES
                )
            ),
        ]
    )


def visitor_home_view(reason: str) -> Json:
    """The home of someone who may not."""
    return _home([blocks.header("Stripe Payment Links, from Slack"), blocks.section(reason)])


def _home(shown: list[Json]) -> Json:
    return {"type": "home", "callback_id": View.HOME, "blocks": shown}
