"""The rich text block ("Rich text block", docs.slack.dev)."""

from bot.sandbox.slack.blocks.objects import ID, URL
from bot.sandbox.slack.blocks.schema import Rule, array, boolean, by_type, integer, obj, one_of, string, typed

_SLACK_ID = string(50, pattern=r"[A-Z][A-Z0-9]+", what="id")
_STYLE = obj({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED: dict[str, Rule] = {"style": _STYLE}

_INLINE = by_type(
    {
        "text": typed("text", {"text": string(12_000)}, _STYLED),
        "link": typed("link", {"url": URL}, _STYLED | {"text": string(3000), "unsafe": boolean}),
        "emoji": typed("emoji", {"name": string(100)}, _STYLED | {"unicode": string(100)}),
        "user": typed("user", {"user_id": _SLACK_ID}, _STYLED),
        "channel": typed("channel", {"channel_id": _SLACK_ID}, _STYLED),
        "usergroup": typed("usergroup", {"usergroup_id": _SLACK_ID}, _STYLED),
        "broadcast": typed("broadcast", {"range": one_of("here", "channel", "everyone")}, _STYLED),
        "color": typed("color", {"value": string(7, pattern="#[0-9a-fA-F]{6}", what="color")}, {}),
        "date": typed(
            "date",
            {"timestamp": integer(0, 10**11), "format": string(200)},
            _STYLED | {"url": URL, "fallback": string(200)},
        ),
    }
)
_INLINES: dict[str, Rule] = {"elements": array(_INLINE, 0, 1000)}
_SECTION = typed("rich_text_section", _INLINES, {})
_BORDER: dict[str, Rule] = {"border": integer(0, 1)}
_PART = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": typed("rich_text_preformatted", _INLINES, _BORDER),
        "rich_text_quote": typed("rich_text_quote", _INLINES, _BORDER),
        "rich_text_list": typed(
            "rich_text_list",
            {"style": one_of("bullet", "ordered"), "elements": array(_SECTION, 1, 1000)},
            _BORDER | {"indent": integer(0, 8), "offset": integer(0, 10_000)},
        ),
    }
)

RICH_TEXT = typed("rich_text", {"elements": array(_PART, 1, 1000)}, {"block_id": ID})
