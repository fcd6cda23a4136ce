"""The way to Stripe and back loses nothing, and Stripe's errors find their place."""

import pytest
from hypothesis import given

from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.fields import build
from bot.links.options.metadata import Metadata
from bot.links.params import create_params, draft_from_stripe, locate
from bot.links.pricing import Tiered
from tests.links import live
from tests.links.strategies import drafts, thorough

METADATA = {"paylink_team": "T1", "paylink_user": "U1", "paylink_draft": "d1"}

CONSULTING = LineItem(row="aa", price=OneOffPrice(name="Consulting", unit_amount=15000, currency="eur"), quantity=2)
SUPPORT = LineItem(
    row="bb",
    price=OneOffPrice(name="Support", unit_amount=4990, currency="eur", recurring=Recurring(interval="month")),
    adjustable_quantity=AdjustableQuantity(minimum=1),
)
SEATS = LineItem(
    row="cc",
    price=CatalogPrice(price="price_1", product_name="Seats", currency="eur", pricing=Tiered(mode="graduated")),
)


def without_rows(draft: LinkDraft) -> LinkDraft:
    """The draft as far as Stripe keeps it: rows are ours, and a missing name is made of the items'."""
    items = [item.model_copy(update={"row": "", "stripe_id": None}) for item in draft.line_items]
    return draft.with_name(draft.title).model_copy(update={"line_items": tuple(items), "payment_metadata": {}})


def test_the_parameters_of_a_link_with_one_of_everything() -> None:
    draft = LinkDraft(name="Spring", line_items=(CONSULTING, SUPPORT, SEATS), notify_channel="C1")
    for key in ("promotion_codes", "tax"):
        draft = draft.with_option(build(GROUPS[key], {}))
    assert create_params(draft, METADATA) == {
        "line_items": [
            {
                "quantity": 2,
                "price_data": {"currency": "eur", "unit_amount": 15000, "product_data": {"name": "Consulting"}},
            },
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 4990,
                    "product_data": {"name": "Support"},
                    "recurring": {"interval": "month", "interval_count": 1},
                },
                "adjustable_quantity": {"enabled": True, "minimum": 1},
            },
            {"quantity": 1, "price": "price_1"},
        ],
        "allow_promotion_codes": True,
        "automatic_tax": {"enabled": True},
        "metadata": {**METADATA, "paylink_name": "Spring", "paylink_channel": "C1"},
        "subscription_data": {"metadata": METADATA},
    }


def test_one_time_links_mark_their_payments() -> None:
    params = create_params(LinkDraft(line_items=(CONSULTING,)), METADATA)
    assert params["payment_intent_data"] == {"metadata": METADATA}
    assert params["metadata"] == {**METADATA, "paylink_name": "Consulting"}
    assert "subscription_data" not in params


@thorough
@given(drafts())
def test_to_stripe_and_back_is_the_identity(draft: LinkDraft) -> None:
    found = draft_from_stripe(live.create(create_params(draft, METADATA), draft))
    assert without_rows(found) == without_rows(draft)
    assert [item.stripe_id for item in found.line_items] == [item.row for item in found.line_items]
    assert found.payment_metadata == METADATA


def test_what_is_bought_has_the_reps_keys_beside_ours() -> None:
    keys = Metadata(metadata={"campaign": "spring"})
    for item, mode in ((CONSULTING, "payment_intent_data"), (SUPPORT, "subscription_data")):
        params = create_params(LinkDraft(line_items=(item,)).with_option(keys), METADATA)
        assert params[mode] == {"metadata": {"campaign": "spring", **METADATA}}
        assert params["metadata"]["campaign"] == "spring"


def test_a_link_made_anew_keeps_what_other_systems_wrote_but_no_old_marks() -> None:
    draft = LinkDraft(line_items=(CONSULTING,), payment_metadata={"order": "7", "paylink_replaces": "plink_0"})
    assert create_params(draft, METADATA)["payment_intent_data"] == {"metadata": {"order": "7", **METADATA}}
    assert create_params(draft, {})["payment_intent_data"] == {"metadata": {"order": "7"}}


@thorough
@given(drafts())
def test_reading_a_link_twice_gives_the_same_draft(draft: LinkDraft) -> None:
    link = live.create(create_params(draft, METADATA), draft)
    assert draft_from_stripe(link) == draft_from_stripe(link)
    assert create_params(draft, METADATA) == create_params(draft, METADATA)


def test_a_link_made_elsewhere_is_named_after_its_items() -> None:
    draft = LinkDraft(line_items=(CONSULTING, SUPPORT))
    link = live.create(create_params(draft, {}), draft)
    link["metadata"] = {}
    assert draft_from_stripe(link).name == "Consulting, Support"
    assert draft_from_stripe(link).notify_channel is None


@pytest.mark.parametrize(
    ("param", "where"),
    [
        ("line_items[0][price_data][unit_amount]", "line_items.aa.unit_amount"),
        ("line_items[0][price_data][unit_amount_decimal]", "line_items.aa.unit_amount"),
        ("line_items[0][price_data][currency]", "line_items.aa.currency"),
        ("line_items[0][price_data][product_data][name]", "line_items.aa.name"),
        ("line_items[0][price_data][product_data][description]", "line_items.aa.description"),
        ("line_items[0][price_data][product_data][tax_code]", "line_items.aa.tax_code"),
        ("line_items[0][price_data][tax_behavior]", "line_items.aa.tax_behavior"),
        ("line_items[1][price_data][recurring][interval]", "line_items.bb.recurring"),
        ("line_items[1][adjustable_quantity][maximum]", "line_items.bb.adjustable_quantity.maximum"),
        ("line_items[1][adjustable_quantity]", "line_items.bb.adjustable_quantity"),
        ("line_items[2][price]", "line_items.cc.price"),
        ("line_items[1][quantity]", "line_items.bb.quantity"),
        ("line_items[1][something_new]", "line_items.bb"),
        ("line_items[1]", "line_items.bb"),
        ("line_items[7][price]", "line_items"),
        ("line_items", "line_items"),
        ("automatic_tax[enabled]", "options.tax.automatic_tax.enabled"),
        ("restrictions[completed_sessions][limit]", ""),
        ("metadata[paylink_name]", "name"),
        ("metadata", ""),
        ("", ""),
        ("[]", ""),
        (None, ""),
    ],
)
def test_stripes_parameter_paths_are_located(param: str | None, where: str) -> None:
    draft = LinkDraft(line_items=(CONSULTING, SUPPORT, SEATS)).with_option(build(GROUPS["tax"], {}))
    assert locate(param, draft) == where


def test_a_key_refused_on_what_is_bought_is_the_reps() -> None:
    keys = Metadata(metadata={"campaign": "spring"})
    draft = LinkDraft(line_items=(SUPPORT,))
    assert locate("subscription_data[metadata][campaign]", draft) == ""
    assert locate("subscription_data[metadata][campaign]", draft.with_option(keys)) == (
        "options.metadata.metadata.campaign"
    )


def test_the_items_of_an_update_are_found_by_their_ids() -> None:
    items = tuple(item.model_copy(update={"stripe_id": f"li_{item.row}"}) for item in (CONSULTING, SUPPORT))
    draft = LinkDraft(line_items=items)
    sent = {"line_items": [{"id": "li_bb", "quantity": 0}]}
    assert locate("line_items[0][quantity]", draft, sent) == "line_items.bb.quantity"
    assert locate("line_items[1][quantity]", draft, sent) == "line_items"
    assert locate("line_items[0][quantity]", draft, {"line_items": [{"id": "li_gone"}]}) == "line_items"
