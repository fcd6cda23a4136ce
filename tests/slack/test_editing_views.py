"""The views of conflicts, of replacing a link, and of templates."""

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from bot.links.draft import LineItem, LinkDraft, OneOffPrice
from bot.links.merging import merge
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.fields import build
from bot.links.options.metadata import Metadata
from bot.money import Money
from bot.sandbox.slack.mentions import mentions
from bot.services.drafts import OpenDraft
from bot.services.lineage import Relative
from bot.services.notices import LinkCard
from bot.services.templates import Template
from bot.slack.ui.cards import link_message
from bot.slack.ui.conflict import conflict_view, conflicts_in_words, read_choices
from bot.slack.ui.replace import replace_view
from bot.slack.ui.result import working_view
from bot.slack.ui.templates import TemplateMemo, near_message, overwrite_view, save_view, templates_view
from tests.slack.limits import Json, accepted, sendable, texts
from tests.slack.samples import AFTER_PAYMENT, CONSULTING, DRAFT, FULL_DRAFT, URL, link_card, nasty

LIVE = DRAFT.model_copy(
    update={"line_items": tuple(item.model_copy(update={"stripe_id": item.row}) for item in DRAFT.line_items)}
)
NEW_URL = "https://buy.stripe.com/test_29F11m"


def clashing(base: LinkDraft, mine: LinkDraft, theirs: LinkDraft) -> OpenDraft:
    """A draft in conflict, as the service keeps it."""
    joined = merge(mine, base, theirs)
    return OpenDraft("d1", 3, joined.draft, base, "plink_1", "C0SALES", "open", theirs)


def more(quantity: int) -> LineItem:
    return LIVE.line_items[0].model_copy(update={"quantity": quantity})


def limited(count: int, message: str) -> LinkDraft:
    answers: dict[str, Answer] = {"restrictions.completed_sessions.limit": count, "inactive_message": message}
    limit = build(GROUPS["completed_sessions"], answers)
    return LIVE.with_option(limit)


CLASH = clashing(
    LIVE.with_option(Metadata(metadata={"campaign": "spring"})),
    LIVE.with_name("Mine")
    .with_item(more(3))
    .with_notify_channel("C0MINE")
    .with_option(Metadata(metadata={"campaign": "summer"}))
    .with_option(AFTER_PAYMENT),
    LIVE.with_name("Theirs")
    .with_item(more(7))
    .with_notify_channel("C0THEIRS")
    .with_option(Metadata(metadata={"campaign": "autumn"})),
)


def test_a_conflict_is_shown_field_by_field(snapshot: SnapshotAssertion) -> None:
    assert accepted(conflict_view(CLASH, livemode=False)) == snapshot
    assert conflicts_in_words(CLASH) == "Name, Channel, Consulting: quantity, Metadata: campaign"


def test_parts_of_an_option_are_named_and_told_apart() -> None:
    clash = clashing(limited(3, "Closed."), limited(5, "Sold out."), limited(9, "Full."))
    words = texts(accepted(conflict_view(clash, livemode=True)))
    assert conflicts_in_words(clash) == (
        "Limit on payments: Number of payments, Limit on payments: Message when the link is off"
    )
    for shown in ("Keep theirs: 9", "Use mine: 5", "Keep theirs: Full.", "Use mine: Sold out."):
        assert shown in words
    long = texts(
        accepted(conflict_view(clashing(LIVE, LIVE.with_name("x" * 60), LIVE.with_name("y" * 60)), livemode=True))
    )
    assert "x" * 60 in long
    assert "Keep theirs\n" in long


def test_choices_are_read_by_field() -> None:
    view = conflict_view(CLASH, livemode=False)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    picks = ["theirs", "mine", "mine", "theirs"]
    state = {
        block["block_id"]: {block["element"]["action_id"]: {"selected_option": {"value": pick}}}
        for block, pick in zip(inputs, picks, strict=True)
    }
    assert list(read_choices(CLASH, state).values()) == picks
    assert read_choices(CLASH, {}) == {}


def test_what_a_replacement_means(snapshot: SnapshotAssertion) -> None:
    assert accepted(replaced()) == snapshot
    assert "off already" in texts(accepted(replaced(active=False)))
    assert "made in Stripe" in texts(accepted(replaced(foreign=True)))
    assert "counts its 5 payments from zero" in texts(accepted(replaced(limited(5, "Closed."))))
    assert accepted(working_view("replace")) == snapshot


def replaced(base: LinkDraft = LIVE, *, foreign: bool = False, active: bool = True) -> Json:
    dearer = CONSULTING.model_copy(update={"price": OneOffPrice(name="Consulting", unit_amount=20000, currency="eur")})
    wanted = base.with_item(dearer.model_copy(update={"stripe_id": CONSULTING.row}))
    opened = OpenDraft("d1", 3, wanted, base, "plink_1", "C0SALES", "open")
    return replace_view(opened, livemode=False, foreign=foreign, active=active)


def test_everything_replaced_at_once_fits() -> None:
    items = [
        item.model_copy(update={"price": OneOffPrice(name=f"Item {item.row}", unit_amount=500, currency="eur")})
        for item in FULL_DRAFT.line_items
    ]
    wanted = FULL_DRAFT.model_copy(update={"line_items": tuple(items)})
    base = wanted.model_copy(
        update={"line_items": tuple(item.model_copy(update={"stripe_id": item.row}) for item in items)}
    )
    opened = OpenDraft("d1", 3, wanted.anew("Everything"), base, "plink_1", "C0SALES", "open")
    view = accepted(replace_view(opened, livemode=False, foreign=True, active=False))
    assert "And 28 more." in texts(view)


def test_the_cards_of_a_link_and_of_the_one_that_replaced_it(snapshot: SnapshotAssertion) -> None:
    assert sendable(
        link_message(card(active=False, replaced_by=Relative("plink_2", "Fair", NEW_URL, True)), "en_US")
    ) == (snapshot)
    new = sendable(link_message(card(replaces=Relative("plink_0", "Fair", URL, False)), "en_US"))
    assert new == snapshot
    assert "with the link it replaces" in new["text"]


def card(
    *, active: bool = True, replaces: Relative | None = None, replaced_by: Relative | None = None, name: str = "Fair"
) -> LinkCard:
    shown = link_card(name, active=active, paid=((Money(60000, "eur"), 2),))
    return LinkCard(
        **{field: getattr(shown, field) for field in LinkCard.__slots__}
        | {"replaces": replaces, "replaced_by": replaced_by}
    )


def template(name: str = "Consulting day", draft: LinkDraft = DRAFT, number: int = 1) -> Template:
    return Template(f"t{number}", name, draft, "U0GRACE", 1_800_000_000.0)


def test_templates(snapshot: SnapshotAssertion) -> None:
    one, empty = template(draft=DRAFT.with_option(AFTER_PAYMENT)), template("Options only", LinkDraft(), 2)
    assert accepted(templates_view([one, empty], "C0SALES", "en_US", livemode=False)) == snapshot
    assert "TEST MODE" not in texts(templates_view([one], "C0SALES", "en_US", livemode=True))
    assert "No templates yet" in texts(accepted(templates_view([], "C0SALES", "en_US", livemode=False)))
    many = accepted(
        templates_view([template(number=number) for number in range(60)], "C0SALES", "en_US", livemode=False)
    )
    assert "There are 15 more" in texts(many)


def test_saving_a_template(snapshot: SnapshotAssertion) -> None:
    assert accepted(save_view(TemplateMemo(what="draft", id="d1"), "Spring fair")) == snapshot
    assert accepted(save_view(TemplateMemo(what="template", id="t1"), "Spring fair"))["submit"]["text"] == "Rename"
    assert accepted(overwrite_view(TemplateMemo(what="draft", id="d1"), template(), "en_US")) == snapshot


def test_templates_that_come_near(snapshot: SnapshotAssertion) -> None:
    assert sendable(near_message("day", [template(), template("A <day>")])) == snapshot
    assert "No template is called" in sendable(near_message("day", []))["text"]
    many = sendable(near_message("day", [template(f"{'Day ' * 24}{number}") for number in range(500)]))
    assert many["text"].count("/paylink new") == 10
    assert "There are more: add words" in many["text"]


@pytest.mark.parametrize("quantity", [1, 999_999])
def test_forty_conflicts_at_a_time(quantity: int) -> None:
    items = tuple(more(quantity).model_copy(update={"row": f"li_{n}", "stripe_id": f"li_{n}"}) for n in range(60))
    base, mine, theirs = (
        LIVE.model_copy(update={"line_items": tuple(item.model_copy(update={"quantity": n}) for item in items)})
        for n in (2, 3, 4)
    )
    assert len(accepted(conflict_view(clashing(base, mine, theirs), livemode=True))["blocks"]) == 42


@settings(max_examples=30, deadline=None)
@given(nasty, nasty)
def test_no_words_break_a_view_or_wake_anybody(one: str, other: str) -> None:
    named = LineItem(row="li_1", stripe_id="li_1", price=OneOffPrice(name=one, unit_amount=500, currency="eur"))
    base = LIVE.with_item(named)
    mine = base.with_name(one[:100]).with_item(named.model_copy(update={"quantity": 2}))
    theirs = base.with_name(other[:100]).with_item(named.model_copy(update={"quantity": 3}))
    dearer = named.model_copy(update={"price": OneOffPrice(name=other, unit_amount=600, currency="eur")})
    opened = OpenDraft("d1", 3, base.with_item(dearer), base, "plink_1", "C0SALES", "open")
    for view in (
        conflict_view(clashing(base, mine, theirs), livemode=True),
        replace_view(opened, livemode=False, foreign=False, active=True),
        templates_view([template(one, base)], "C0SALES", "en_US", livemode=False),
        save_view(TemplateMemo(what="draft", id="d1"), one[:100]),
        overwrite_view(TemplateMemo(), template(other, base), "en_US"),
    ):
        accepted(view)
    other_link = Relative("plink_2", one, NEW_URL, True)
    for message in (
        near_message(one, [template(other)]),
        link_message(card(name=other, replaces=other_link, replaced_by=other_link), "en_US"),
    ):
        sent = sendable(message)
        assert mentions(sent["text"], sent["blocks"]) == []
