"""Two people change one link."""

from hypothesis import given
from hypothesis import strategies as st

from bot.links.changes import compare
from bot.links.draft import LineItem, LinkDraft, OneOffPrice
from bot.links.merging import Field, fields, merge, taking, value_of
from bot.links.options import GROUPS
from bot.links.options.fields import build
from bot.links.options.metadata import Metadata
from bot.links.params import create_params, draft_from_stripe
from tests.links import live as stripe
from tests.links.strategies import drafts, names, options, quantities, thorough

COFFEE = LineItem(
    row="li_1", stripe_id="li_1", price=OneOffPrice(name="Coffee", unit_amount=300, currency="eur"), quantity=1
)
TEA = COFFEE.model_copy(update={"row": "li_2", "stripe_id": "li_2"})
BASE = LinkDraft(name="Offer", line_items=(COFFEE, TEA), notify_channel="C1")


@st.composite
def standing(draw: st.DrawFn) -> LinkDraft:
    """A link as it stands in Stripe."""
    draft = draw(drafts(most_items=3))
    return draft_from_stripe(stripe.create(create_params(draft, {}), draft))


@st.composite
def changed(draw: st.DrawFn, base: LinkDraft) -> LinkDraft:
    """The link after somebody's changes to anything but its prices."""
    draft = base.with_name(draw(st.just(base.name) | names.map(lambda name: name[:100].strip() or "x")))
    draft = draft.with_notify_channel(draw(st.sampled_from([base.notify_channel, "C8", "C9"])))
    for item in base.line_items:
        if draw(st.booleans()):
            quantity, adjustable = draw(quantities())
            draft = draft.with_item(item.model_copy(update={"quantity": quantity, "adjustable_quantity": adjustable}))
    wanted = draw(st.just(base.options) | options(recurring=base.is_recurring, currency=str(base.currency)))
    return draft.model_copy(update={"options": {key: group for key, group in wanted.items() if group.to_stripe()}})


@st.composite
def three(draw: st.DrawFn) -> tuple[LinkDraft, LinkDraft, LinkDraft]:
    """What one person wants, what both started from, and what the other made of it."""
    base = draw(standing())
    return draw(changed(base)), base, draw(changed(base))


def same(one: LinkDraft, other: LinkDraft) -> bool:
    """Whether Stripe would be sent nothing to make the one the other."""
    changes = compare(one, other)
    return not changes.params and not changes.refused


@thorough
@given(three())
def test_what_the_other_left_alone_is_as_wanted(drafts: tuple[LinkDraft, LinkDraft, LinkDraft]) -> None:
    wanted, base, _ = drafts
    merged = merge(wanted, base, base)
    assert merged.conflicts == ()
    assert same(merged.draft, wanted)


@thorough
@given(three())
def test_whoever_changed_nothing_gets_the_others_changes(drafts: tuple[LinkDraft, LinkDraft, LinkDraft]) -> None:
    _, base, live = drafts
    merged = merge(base, base, live)
    assert merged.conflicts == ()
    assert same(merged.draft, live)


@thorough
@given(three())
def test_each_sees_the_same_conflicts(drafts: tuple[LinkDraft, LinkDraft, LinkDraft]) -> None:
    wanted, base, live = drafts
    assert set(merge(wanted, base, live).conflicts) == set(merge(live, base, wanted).conflicts)


@thorough
@given(three())
def test_nobodys_change_is_lost(drafts: tuple[LinkDraft, LinkDraft, LinkDraft]) -> None:
    wanted, base, live = drafts
    merged = merge(wanted, base, live)
    for field in fields(wanted, base, live):
        asked, before, now = (value_of(draft, field) for draft in drafts)
        expected = asked if asked != before else now
        if field not in merged.conflicts:
            assert value_of(merged.draft, field) == expected, field
        else:
            assert asked not in (before, now)
            assert value_of(merged.draft, field) == asked, field


@thorough
@given(three())
def test_a_settled_conflict_is_none_any_more(drafts: tuple[LinkDraft, LinkDraft, LinkDraft]) -> None:
    """Keeping theirs in every conflict leaves nothing of mine there; using mine changes it against what they have."""
    wanted, base, live = drafts
    merged = merge(wanted, base, live)
    theirs = taking(merged.draft, live, merged.conflicts)
    assert all(value_of(theirs, field) == value_of(live, field) for field in merged.conflicts)
    assert merge(theirs, live, live).conflicts == ()
    assert merge(merged.draft, live, live).conflicts == ()


def test_different_fields_of_one_item_are_joined() -> None:
    more = BASE.with_item(COFFEE.model_copy(update={"quantity": 3}))
    other = BASE.with_item(TEA.model_copy(update={"quantity": 7})).with_name("Theirs")
    merged = merge(more, BASE, other)
    assert merged.conflicts == ()
    assert merged.draft == other.with_item(COFFEE.model_copy(update={"quantity": 3}))


def test_one_field_changed_in_two_ways_is_a_conflict_in_which_the_draft_stays_as_it_was_written() -> None:
    mine, theirs = BASE.with_name("Mine"), BASE.with_name("Theirs").with_notify_channel("C2")
    merged = merge(mine, BASE, theirs)
    assert merged.conflicts == (Field("name"),)
    assert merged.draft == BASE.with_name("Mine").with_notify_channel("C2")


def test_the_same_change_by_both_is_no_conflict() -> None:
    both = BASE.with_name("Both")
    assert merge(both, BASE, both).conflicts == ()


def test_metadata_is_joined_key_by_key() -> None:
    def keys(**pairs: str) -> LinkDraft:
        return BASE.with_option(Metadata(metadata=pairs))

    merged = merge(keys(a="1", mine="x"), keys(a="1"), keys(a="2", theirs="y"))
    assert merged.conflicts == ()
    assert merged.draft == keys(a="2", mine="x", theirs="y")
    assert merge(keys(mine="x"), BASE, keys(theirs="y")).draft == keys(mine="x", theirs="y")
    assert merge(keys(a="3"), keys(a="1"), keys(a="2")).conflicts == (Field("option", "metadata", "metadata", "a"),)
    assert merge(BASE, keys(a="1"), keys(a="1", theirs="y")).draft == keys(theirs="y")
    assert merge(BASE, keys(a="1"), keys(a="1")).draft == BASE


def test_parameters_of_one_group_are_joined_one_by_one() -> None:
    def limit(count: int | None, message: str | None) -> LinkDraft:
        answers = {"restrictions.completed_sessions.limit": count, "inactive_message": message}
        return BASE.with_option(build(GROUPS["completed_sessions"], answers))

    merged = merge(limit(5, "Closed."), limit(3, "Closed."), limit(3, "Sold out."))
    assert (merged.draft, merged.conflicts) == (limit(5, "Sold out."), ())
    clash = merge(limit(5, "Closed."), limit(3, "Closed."), limit(9, "Closed."))
    assert clash.conflicts == (Field("option", "completed_sessions", "restrictions"),)


def test_a_group_that_is_on_or_off_is_one_field() -> None:
    codes = BASE.with_option(build(GROUPS["promotion_codes"], {}))
    assert merge(BASE, codes, codes).draft == BASE
    assert merge(codes, BASE, BASE.with_name("Theirs")).draft == codes.with_name("Theirs")


def test_items_of_ones_own_stay_and_prices_of_theirs_come_in() -> None:
    new = COFFEE.model_copy(update={"row": "new", "stripe_id": None})
    live = BASE.with_item(COFFEE.model_copy(update={"quantity": 9}))
    merged = merge(BASE.with_item(new).without_item("li_2"), BASE, live)
    assert merged.conflicts == ()
    assert [(item.row, item.quantity) for item in merged.draft.line_items] == [("li_1", 9), ("new", 1)]
