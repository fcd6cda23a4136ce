"""The forms of the catalog: a product, a new price, what can be changed on a price."""

from collections.abc import Iterator, Mapping, Sequence

from bot.errors import Problem
from bot.links.new_price import NewPrice
from bot.links.options.answers import Answer
from bot.links.options.base import Part
from bot.links.price_edit import PriceEdit
from bot.links.products import Product
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.forms import draw_fields
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.notice import notice_view
from bot.slack.ui.products import CatalogMemo

_FORMS: Mapping[View, type[Part]] = {
    View.PRODUCT_FORM: Product,
    View.PRICE_FORM: NewPrice,
    View.PRICE_EDIT: PriceEdit,
}

_ASKED_AS = {"unit_amount": "package_amount", "recurring": "billing", "billing_scheme": "kind", "tiers_mode": "kind"}
"""Fields that stand for a parameter of Stripe's that isn't asked for by itself."""

_ABOUT = {
    View.PRICE_FORM: "Once it is made, what a price costs can't be changed: add another one and archive this.",
    View.PRICE_EDIT: "What it costs can't be changed: add another price and archive this one.",
}


def catalog_form(
    view: View,
    memo: CatalogMemo,
    answers: Mapping[str, Answer],
    locale: str,
    problems: Sequence[Problem] = (),
    *,
    livemode: bool,
) -> Json:
    """The form, filled with `answers` by leaf path. Each problem stands under its field, others on top."""
    fields = draw_fields(_FORMS[view], answers, locale=locale)
    new = view == View.PRICE_FORM or memo.product is None
    kind = "product" if view == View.PRODUCT_FORM else "price"
    back = Action.BACK_TO_PRODUCTS if memo.product is None else Action.OPEN_PRODUCT
    words = "Back to all products" if memo.product is None else "Back to the product"
    return blocks.modal(
        view,
        f"{'New' if new else 'Edit'} {kind}",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *([blocks.section(_ABOUT[view])] if view in _ABOUT else []),
            *_marked(fields, problems),
            blocks.actions([blocks.button(words, back, memo.product or "")]),
        ],
        submit="Create" if new else "Save",
        private_metadata=memo.model_dump_json(),
    )


def saving_view() -> Json:
    """While Stripe is being asked."""
    return notice_view("Products", "Saving to Stripe…")


def _marked(fields: Sequence[Json], problems: Sequence[Problem]) -> Iterator[Json]:
    """The fields with the problems at their places."""
    paths = [str(field.get("block_id", "")).removeprefix(block_id(Block.FIELD, "")) for field in fields]
    placed = [field_of(problem.where, paths) for problem in problems]
    for problem, place in zip(problems, placed, strict=True):
        if place is None:
            yield _to_do(problem)
    for path, field in zip(paths, fields, strict=True):
        yield field
        yield from (_to_do(problem) for problem, place in zip(problems, placed, strict=True) if place == path)


def field_of(where: str, paths: Sequence[str]) -> str | None:
    """The field that a problem is about: the one it names, or the one that holds what it names."""
    found = next((path for path in paths if where == path or where.startswith(f"{path}.")), None)
    instead = _ASKED_AS.get(where.split(".")[0])
    return found or (instead if instead in paths else None)


def _to_do(problem: Problem) -> Json:
    return blocks.section(f"⚠️ To do: {problem.message}")
