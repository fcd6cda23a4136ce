"""The form of a new shipping rate, which stands in the place of the form it is made for."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.errors import Problem
from bot.links.options.base import Answer
from bot.links.options.fields import leaves
from bot.links.options.shipping_rates import MAX_RATES
from bot.links.shipping import ShippingRate
from bot.slack.ids import Action, View
from bot.slack.ui import blocks, forms
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Id, Picked
from bot.slack.ui.money import TEST_MODE


class RateMemo(BaseModel):
    """What the form carries: the draft, and the rates that were picked already."""

    model_config = ConfigDict(frozen=True)

    draft: Id
    picked: Annotated[tuple[Picked, ...], Field(max_length=MAX_RATES)] = ()


def shipping_rate_view(
    memo: RateMemo, answers: Mapping[str, Answer], *, locale: str, livemode: bool, news: str = ""
) -> Json:
    """The form, filled with `answers` by leaf path; `news` stands on top."""
    top = [
        *([] if livemode else [blocks.context(TEST_MODE)]),
        *([blocks.section(f"⚠️ To do: {news}")] if news else []),
        blocks.section("Stripe keeps the rate: other links can use it too."),
    ]
    return blocks.modal(
        View.SHIPPING_RATE,
        "New shipping rate",
        [
            *top,
            *forms.draw_fields(ShippingRate, answers, locale=locale),
            blocks.actions([blocks.button("Back to the rates", Action.BACK_TO_RATES)]),
        ],
        submit="Create",
        close="Cancel",
        private_metadata=memo.model_dump_json(),
    )


def first_answers(currency: str | None) -> dict[str, Answer]:
    """What stands in an untouched form of a link in this currency."""
    return {leaf.path: leaf.default for leaf in leaves(ShippingRate)} | {"fixed_amount.currency": currency}


def read_answers(state: Mapping[str, Any]) -> dict[str, Answer]:
    """What now stands in a view's `state.values`."""
    return first_answers(None) | forms.parse(ShippingRate, state)


def errors(problems: Iterable[Problem], state: Mapping[str, Any]) -> dict[str, str]:
    """Problems as `response_action: errors` wants them."""
    return forms.errors(problems, forms.parse(ShippingRate, state))
