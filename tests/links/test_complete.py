"""Every parameter that Stripe's SDK knows for creating and updating a Payment Link is declared, or excluded with a
reason; and what our declarations say of updates is what the SDK's types say."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from stripe.params import _payment_link_create_params as create
from stripe.params import _payment_link_update_params as update

from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup, Part, Update
from bot.links.options.countries import COUNTRIES
from bot.links.options.excluded import EXCLUDED
from bot.links.options.payment_methods import BRANDS, METHODS
from bot.links.params import create_params
from tests.typed_params import parameters, words

ELSEWHERE = {
    "active": "Turned on and off by a button.",
    "expand": "How Stripe answers, not what the link is.",
    "line_items.id": "The items of a live link are told apart by it.",
    "metadata": "Keys and values.",
    "payment_intent_data.metadata": "Says whose link a payment came through.",
    "subscription_data.metadata": "Says whose link a subscription came through.",
}


CREATE = dict(parameters(create.PaymentLinkCreateParams, create))
UPDATE = dict(parameters(update.PaymentLinkUpdateParams, update))


def fields(part: type[Part], prefix: str = "") -> Iterator[str]:
    """Every field of a model by its dotted path."""
    for name, info in part.model_fields.items():
        yield f"{prefix}{name}"
        for candidate in get_args(info.annotation) or (info.annotation,):
            if isinstance(candidate, type) and issubclass(candidate, Part):
                yield from fields(candidate, f"{prefix}{name}.")


def sent_fields(group: type[OptionGroup]) -> set[str]:
    """Those of a group's fields that are parameters of Stripe's."""
    ours = [f"{name}.known" if inner is not True else name for name, inner in group.ours.items()]
    return {path for path in fields(group) if not any(f"{path}.".startswith(f"{one}.") for one in ours)}


def keys(value: Any, prefix: str = "") -> Iterator[str]:
    """Every parameter that is sent, by its dotted path."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, Mapping):
            for name, inner in entry.items():
                yield f"{prefix}{name}"
                yield from keys(inner, f"{prefix}{name}.")


def sent() -> set[str]:
    """What is sent for a link with an item of each kind."""
    month = Recurring(interval="month")
    one_off = OneOffPrice(
        name="Tea",
        unit_amount=1,
        currency="eur",
        recurring=month,
        description="Green",
        tax_behavior="inclusive",
        tax_code="txcd_10000000",
    )
    items = (
        LineItem(price=one_off, adjustable_quantity=AdjustableQuantity(minimum=1, maximum=2)),
        LineItem(price=CatalogPrice(price="price_1", product_name="Tea", currency="eur", recurring=month)),
    )
    return {path for path in keys(create_params(LinkDraft(line_items=items), {})) if not path.startswith("metadata.")}


DECLARED = {path for group in GROUPS.values() for path in sent_fields(group)} | sent() | set(ELSEWHERE)


def excluded(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in EXCLUDED)


def test_the_sdk_is_read_to_its_depth() -> None:
    assert "custom_fields.dropdown.options.label" in CREATE
    assert "subscription_data.trial_settings.end_behavior.missing_payment_method" in UPDATE
    assert len(CREATE) > 120


@pytest.mark.parametrize("known", [CREATE, UPDATE], ids=["create", "update"])
def test_every_parameter_is_declared_or_excluded(known: dict[str, Any]) -> None:
    assert {path for path in known if not excluded(path)} - DECLARED == set()


def test_nothing_is_declared_or_excluded_that_stripe_does_not_know() -> None:
    assert DECLARED - CREATE.keys() - UPDATE.keys() == set()
    assert EXCLUDED.keys() - CREATE.keys() - UPDATE.keys() == set()
    assert {path for path in DECLARED if excluded(path)} == set()
    assert all(reason.endswith(".") for reason in EXCLUDED.values())


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_what_can_be_changed_and_cleared_is_what_stripes_types_say(group: type[OptionGroup]) -> None:
    for path, cleared in group.cleared.items():
        assert (cleared is Update.FIXED) == (path not in UPDATE), path
        if cleared in ("", Update.MERGED):
            assert "" in words(UPDATE[path]), path
        elif cleared is Update.KEPT:
            assert "" not in words(UPDATE[path]), path


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_every_field_is_part_of_something_that_is_updated(group: type[OptionGroup]) -> None:
    covered = {path for path in sent_fields(group) for whole in group.cleared if f"{path}.".startswith(f"{whole}.")}
    above = {path for path in sent_fields(group) for whole in group.cleared if whole.startswith(f"{path}.")}
    assert sent_fields(group) == covered | above


def test_lists_of_words_are_stripes() -> None:
    countries = CREATE["shipping_address_collection.allowed_countries"]
    assert set(COUNTRIES) == words(get_args(countries)[0])
    assert set(METHODS) == words(get_args(CREATE["payment_method_types"])[0])
    blocked = CREATE["payment_method_options.card.restrictions.brands_blocked"]
    assert set(BRANDS) == words(get_args(blocked)[0])
