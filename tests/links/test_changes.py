"""Editing: only what differs is sent, and Stripe then has exactly what was wanted."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Problem
from bot.links.changes import Changes, compare, needs_new_link, problems
from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, LinkDraft, OneOffPrice
from bot.links.options import GROUPS, updates
from bot.links.options.after_completion import AfterCompletion
from bot.links.options.base import OptionGroup
from bot.links.options.fields import build
from bot.links.options.metadata import Metadata
from bot.links.params import bought_by, create_params, draft_from_stripe, keys_of
from bot.links.pricing import Tiered
from tests.links import live
from tests.links.strategies import drafts, names, options, quantities, thorough

COFFEE = LineItem(
    row="li_1", stripe_id="li_1", price=OneOffPrice(name="Coffee", unit_amount=300, currency="eur"), quantity=1
)
LIVE = LinkDraft(name="Spring", line_items=(COFFEE,), notify_channel="C1")


@st.composite
def edits(draw: st.DrawFn, before: LinkDraft) -> LinkDraft:
    """The live link with anything changed that Stripe lets change."""
    after = before.with_name(draw(st.sampled_from([before.name]) | names.map(lambda name: name[:100].strip())))
    after = after.with_notify_channel(draw(st.sampled_from([before.notify_channel, None, "C9"])))
    for item in before.line_items:
        if draw(st.booleans()):
            quantity, adjustable = draw(quantities())
            after = after.with_item(item.model_copy(update={"quantity": quantity, "adjustable_quantity": adjustable}))
    wanted = draw(st.just(before.options) | options(recurring=before.is_recurring, currency=str(before.currency)))
    return after.model_copy(update={"options": without_refused(before, wanted)})


def without_refused(before: LinkDraft, wanted: dict[str, OptionGroup]) -> dict[str, OptionGroup]:
    """What is wanted, with the groups that Stripe wouldn't change so as they are."""
    found = {}
    for key, group_type in GROUPS.items():
        old, new = before.options.get(key), wanted.get(key)
        params = [group.to_stripe() if group else {} for group in (old, new)]
        kept = old if list(updates.refused(group_type, *params)) else new
        if kept is not None:
            found[key] = kept
    return found


def with_stripes_limits(draft: LinkDraft) -> LinkDraft:
    """Limits that were left to Stripe written out: after an update they come back as numbers."""
    for item in draft.line_items:
        if (limits := item.adjustable_quantity) is not None:
            minimum = 0 if limits.minimum is None else limits.minimum
            maximum = 99 if limits.maximum is None else limits.maximum
            written = AdjustableQuantity(minimum=minimum, maximum=maximum)
            draft = draft.with_item(item.model_copy(update={"adjustable_quantity": written}))
    return draft


@thorough
@given(st.data(), drafts())
def test_after_the_update_the_live_link_is_what_was_wanted(data: st.DataObject, draft: LinkDraft) -> None:
    link = live.create(create_params(draft, {"paylink_team": "T1"}), draft)
    before = draft_from_stripe(link)
    wanted = data.draw(edits(before))
    changes = compare(before, wanted)
    updated = live.update(link, changes.params)
    after = draft_from_stripe(updated)
    assert changes.refused == ()
    assert with_stripes_limits(after) == with_stripes_limits(wanted.with_name(wanted.title))
    assert updated[bought_by(draft)]["metadata"] == {"paylink_team": "T1", **keys_of(wanted)}
    assert bool(changes.params) == bool(changes.summary) == (before != wanted.with_name(wanted.title))


@thorough
@given(drafts())
def test_nothing_changed_is_nothing_sent(draft: LinkDraft) -> None:
    before = draft_from_stripe(live.create(create_params(draft, {}), draft))
    assert compare(before, before) == Changes({}, (), ())


def test_only_differences_are_sent() -> None:
    before = LIVE.with_option(build(GROUPS["tax"], {})).with_option(
        build(GROUPS["completed_sessions"], {"restrictions.completed_sessions.limit": 5, "inactive_message": "Closed."})
    )
    limits = AdjustableQuantity(maximum=10)
    wanted = (
        before.with_name("Summer")
        .with_notify_channel(None)
        .with_item(COFFEE.model_copy(update={"quantity": 3, "adjustable_quantity": limits}))
        .with_option(build(GROUPS["phone_number"], {}))
        .with_option(build(GROUPS["completed_sessions"], {"inactive_message": "Closed."}))
        .without_option("tax")
    )
    assert compare(before, wanted) == Changes(
        {
            "metadata": {"paylink_name": "Summer", "paylink_channel": ""},
            "line_items": [
                {
                    "id": "li_1",
                    "quantity": 3,
                    "adjustable_quantity": {"enabled": True, "minimum": 0, "maximum": 10},
                }
            ],
            "restrictions": "",
            "phone_number_collection": {"enabled": True},
            "automatic_tax": {"enabled": False},
        },
        (),
        (
            "Name: Spring → Summer",
            "Where to notify",
            "Coffee (€3.00): 1 → 3",
            "Coffee: the customer can choose 0 to 10",
            "Limit on payments: When off: Closed.",
            "Phone number: Customers must give their phone number",
            "Tax: removed",
        ),
    )


def test_what_others_wrote_on_the_payments_stays_when_keys_change() -> None:
    before = LIVE.with_payment_metadata({"paylink_team": "T1", "order": "7"})
    before = before.with_option(Metadata(metadata={"campaign": "spring", "region": "north"}))
    wanted = before.with_option(Metadata(metadata={"campaign": "autumn"}))
    wanted = wanted.with_option(build(GROUPS["payment"], {"payment_intent_data.description": "Fair"}))
    assert compare(before, wanted).params == {
        "metadata": {"campaign": "autumn", "region": ""},
        "payment_intent_data": {
            "description": "Fair",
            "metadata": {"paylink_team": "T1", "order": "7", "campaign": "autumn"},
        },
    }


def test_the_last_key_of_a_link_made_elsewhere_goes() -> None:
    before = LIVE.with_option(Metadata(metadata={"campaign": "spring"}))
    assert compare(before, LIVE).params == {"metadata": {"campaign": ""}, "payment_intent_data": {"metadata": ""}}


def test_a_catalog_price_is_the_same_while_its_id_is() -> None:
    seats = CatalogPrice(price="price_1", product_name="Seats", currency="eur", pricing=Tiered(mode="graduated"))
    before = LinkDraft(line_items=(COFFEE.model_copy(update={"price": seats}),))
    renamed = COFFEE.model_copy(update={"price": seats.model_copy(update={"product_name": "Places"})})
    assert not needs_new_link(before, before.with_item(renamed))


def test_the_customer_can_be_kept_from_choosing_again() -> None:
    before = LIVE.with_item(COFFEE.model_copy(update={"adjustable_quantity": AdjustableQuantity()}))
    changes = compare(before, LIVE)
    assert changes.params == {"line_items": [{"id": "li_1", "adjustable_quantity": {"enabled": False}}]}
    assert changes.summary == ("Coffee: the customer can't change the quantity",)


def test_what_takes_a_new_link_is_said_item_by_item() -> None:
    dearer = COFFEE.model_copy(update={"price": COFFEE.price.model_copy(update={"unit_amount": 400})})
    assert compare(LIVE, LIVE.with_item(dearer)).refused == (
        Problem("line_items.li_1.price", "Coffee: €3.00 → €4.00."),
    )
    told = {"description": "Fresh.", "tax_behavior": "inclusive", "tax_code": "txcd_10000000"}
    described = COFFEE.model_copy(update={"price": COFFEE.price.model_copy(update=told)})
    assert compare(LIVE, LIVE.with_item(described)).refused == (
        Problem("line_items.li_1.price", "Coffee: another description, tax, tax code."),
    )
    both = described.model_copy(update={"price": dearer.price.model_copy(update=told)})
    assert compare(LIVE, LIVE.with_item(both)).refused == compare(LIVE, LIVE.with_item(dearer)).refused
    priced = CatalogPrice(price="price_1", product_name="Beans", currency="eur", unit_amount_decimal=Decimal(300))
    (swapped,) = compare(LIVE, LIVE.with_item(COFFEE.model_copy(update={"price": priced}))).refused
    assert swapped.message == "Coffee is replaced by Beans."

    tea = LineItem(row="new", price=OneOffPrice(name="Tea", unit_amount=200, currency="eur"))
    changes = compare(LIVE, LIVE.without_item("li_1").with_item(tea))
    assert changes.params == {}
    assert changes.summary == ("Tea is added.", "Coffee is removed.")
    assert changes.refused == (
        Problem("line_items.new", "Tea is added."),
        Problem("line_items", "Coffee is removed."),
    )


def test_problems_the_live_link_has_already_do_not_stop_an_edit() -> None:
    insecure = {"after_completion": {"type": "redirect", "redirect": {"url": "http://example.com"}}}
    before = LIVE.with_option(AfterCompletion.model_validate(insecure))
    assert before.problems()
    assert problems(before, before.with_name("Summer")) == []
    wrong = before.with_item(COFFEE.model_copy(update={"quantity": 0}))
    assert [problem.where for problem in problems(before, wrong)] == ["line_items.li_1.quantity"]
    anew = before.with_item(LineItem(row="new", price=OneOffPrice(name="Tea", unit_amount=200, currency="eur")))
    assert needs_new_link(before, anew)
    assert problems(before, anew) == before.problems()
    assert problems(None, before) == before.problems()
