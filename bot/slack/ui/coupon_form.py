"""The forms of a new coupon and of a further promotion code, drawn from their declarations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem
from bot.links.coupons import Coupon
from bot.links.options.answers import Answer
from bot.links.options.base import Part
from bot.links.options.fields import leaves
from bot.links.promotion_code import PromotionCode
from bot.slack.ids import View
from bot.slack.ui import blocks, forms
from bot.slack.ui.blocks import Json
from bot.slack.ui.coupons import CouponsMemo
from bot.slack.ui.memo import Id
from bot.slack.ui.money import TEST_MODE

COUPON, CODE = "coupon", "code"
_PARTS: Mapping[str, type[Part]] = {COUPON: Coupon, CODE: PromotionCode}


class FormMemo(BaseModel):
    """What a form carries: its own name, under which Stripe is asked once and no more; the coupon that a code is added
    to, empty for a new one; and the list below."""

    model_config = ConfigDict(frozen=True)

    form: Id
    coupon: Id = ""
    below: CouponsMemo = CouponsMemo()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts the form asks for."""
        return (CODE,) if self.coupon else (COUPON, CODE)


class Filled(BaseModel):
    """What stands in a form: answers by leaf path for each part, and the names of what was picked, by id."""

    model_config = ConfigDict(frozen=True)

    answers: dict[str, dict[str, Answer]]
    names: dict[str, str] = {}

    @classmethod
    def empty(cls, memo: FormMemo) -> "Filled":
        """A form nobody has touched."""
        defaults = {part: {leaf.path: leaf.default for leaf in leaves(_PARTS[part])} for part in memo.parts}
        return cls(answers=defaults)

    @classmethod
    def read(cls, memo: FormMemo, state: Mapping[str, Any]) -> "Filled":
        """What now stands in a view's `state.values`."""
        untouched = cls.empty(memo).answers
        answers = {part: untouched[part] | forms.parse(_PARTS[part], state, within=part) for part in memo.parts}
        return cls(answers=answers, names=dict(_picked(state)))


def coupon_form_view(
    memo: FormMemo,
    filled: Filled,
    locale: str,
    *,
    livemode: bool,
    problems: Mapping[str, Sequence[Problem]] | None = None,
    news: str = "",
) -> Json:
    """The form. `problems` are those of each part; `news` stands on top."""
    found = problems or {}
    shown = [
        *([] if livemode else [blocks.context(TEST_MODE)]),
        *([blocks.section(news)] if news else []),
    ]
    for part in memo.parts:
        if len(memo.parts) > 1:
            shown.append(blocks.header("The discount" if part == COUPON else "The code customers type"))
        fields = forms.draw_fields(_PARTS[part], filled.answers[part], locale=locale, names=filled.names, within=part)
        shown += _marked(fields, found.get(part, ()), list(filled.answers[part]), part)
    return blocks.modal(
        View.NEW_CODE if memo.coupon else View.NEW_COUPON,
        "Add a code" if memo.coupon else "New coupon",
        shown,
        submit="Add" if memo.coupon else "Create",
        close="Back",
        private_metadata=memo.model_dump_json(),
    )


def errors(problems: Iterable[Problem], part: str, state: Mapping[str, Any]) -> dict[str, str]:
    """Problems as `response_action: errors` wants them, each at a field that is shown."""
    return forms.errors(problems, forms.parse(_PARTS[part], state, within=part), part)


def _marked(fields: Sequence[Json], problems: Sequence[Problem], paths: list[str], part: str) -> Iterator[Json]:
    """The fields, each with what stands against it above it."""
    at = {str(block["block_id"]) for block in fields}
    messages: dict[str, list[str]] = {}
    for problem in problems:
        (place,) = forms.errors([problem], paths, part)
        messages.setdefault(place if problem.where and place in at else "", []).append(problem.message)
    if whole := messages.get(""):
        yield blocks.section(f"⚠️ To do: {' '.join(whole)}")
    for block in fields:
        if mine := messages.get(str(block["block_id"])):
            yield blocks.section(f"⚠️ To do: {' '.join(mine)}")
        yield block


def _picked(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The options picked in menus of several, by value."""
    for elements in state.values():
        for element in elements.values():
            for option in element.get("selected_options") or ():
                yield str(option["value"]), str(option["text"]["text"])
