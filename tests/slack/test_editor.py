import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from bot.errors import Problem
from bot.links.draft import LinkDraft, OneOffPrice
from bot.slack.ui.editor import channel_block, editor_view, name_block
from bot.slack.ui.places import Places
from tests.slack.limits import Json, accepted, texts
from tests.slack.samples import AFTER_PAYMENT, CONSULTING, DRAFT, FULL_DRAFT, SEATS, nasty, opened

LIVE = DRAFT.model_copy(
    update={"line_items": tuple(item.model_copy(update={"stripe_id": item.row}) for item in DRAFT.line_items)}
)


def draw(draft: LinkDraft = DRAFT, base: LinkDraft | None = None, problems: tuple[Problem, ...] = ()) -> Json:
    return accepted(editor_view(opened(draft, base), livemode=False, locale="en_US", problems=problems, fresh="fresh"))


def ids(view: Json) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if "block_id" in block]


def test_an_empty_editor(snapshot: SnapshotAssertion) -> None:
    assert draw(LinkDraft()) == snapshot


def test_items_and_options(snapshot: SnapshotAssertion) -> None:
    assert draw(DRAFT.with_option(AFTER_PAYMENT)) == snapshot


def test_a_live_link(snapshot: SnapshotAssertion) -> None:
    assert draw(LIVE, base=LIVE) == snapshot


def test_what_takes_a_new_link_is_said_before_the_submit(snapshot: SnapshotAssertion) -> None:
    dearer = CONSULTING.model_copy(update={"price": OneOffPrice(name="Consulting", unit_amount=20000, currency="eur")})
    wanted = LIVE.with_item(dearer.model_copy(update={"stripe_id": "row1"})).without_item("row2").with_item(SEATS)
    assert draw(wanted, base=LIVE) == snapshot


def test_twenty_items_and_every_option(snapshot: SnapshotAssertion) -> None:
    assert draw(FULL_DRAFT) == snapshot


def test_everything_at_once_fits_with_a_problem_at_every_row() -> None:
    problems = (
        Problem("", "About the whole."),
        Problem("name", "About the name."),
        Problem("line_items", "About the items."),
        *(Problem(f"line_items.{item.row}.quantity", f"About {item.row}.") for item in FULL_DRAFT.line_items),
        *(Problem(f"options.{key}.anything", f"About {key}.") for key in FULL_DRAFT.options),
    )
    view = draw(FULL_DRAFT, problems=problems)
    assert all(problem.message in texts(view) for problem in problems)
    assert "A link holds 20 items" in texts(view)
    assert "Add an option…" not in texts(view)


def test_each_problem_stands_at_its_row(snapshot: SnapshotAssertion) -> None:
    problems = (
        Problem("line_items.row2.unit_amount", "Write an amount above zero."),
        Problem("options.after_completion.after_completion.redirect.url", "Stripe can't reach this address."),
        Problem("options.tax", "Tax isn't set up in Stripe."),
        Problem("line_items.gone.price", "Was removed."),
    )
    assert draw(DRAFT.with_option(AFTER_PAYMENT), problems=problems) == snapshot


def test_live_mode_says_nothing_of_a_test() -> None:
    view = accepted(editor_view(opened(), livemode=True, locale="en_US", fresh="x"))
    assert "TEST MODE" not in texts(view)
    assert "TEST MODE" in texts(draw())


def test_what_was_typed_is_kept_until_stripe_has_another_name() -> None:
    before, after = opened(base=DRAFT), opened(base=DRAFT.with_name("Renamed in Stripe"))
    assert name_block(opened()) == name_block(opened(DRAFT.with_name("Other")))
    assert name_block(before) != name_block(after)
    assert channel_block(before) != channel_block(after)


def test_the_menu_of_options_starts_anew_each_time() -> None:
    one = editor_view(opened(), livemode=True, locale="en_US", fresh="1")
    two = editor_view(opened(), livemode=True, locale="en_US", fresh="2")
    assert set(ids(one)) ^ set(ids(two)) == {"add_option:1", "add_option:2"}


@pytest.mark.parametrize("where", ["", "name", "line_items", "line_items.row1", "options.tax.x", "elsewhere"])
def test_no_problem_gets_lost(where: str) -> None:
    places = Places([Problem(where, "Here.")], DRAFT)
    found = [places.whole, places.name, places.items, *(places.item(item.row) for item in DRAFT.line_items)]
    assert [message for messages in found for message in messages] == ["Here."]


@settings(max_examples=50, deadline=None)
@given(nasty, nasty)
def test_no_words_break_the_editor(one: str, other: str) -> None:
    item = CONSULTING.model_copy(update={"price": OneOffPrice(name=one, unit_amount=1, currency="eur")})
    draw(LinkDraft(name=other, line_items=(item,)), problems=(Problem("", one), Problem("line_items.row1", other)))
