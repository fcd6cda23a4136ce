import json

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from bot.links import quick
from bot.links.draft import LinkDraft
from bot.links.quick import EXAMPLE, QuickError
from bot.links.sharing import Sharing
from bot.sandbox.slack.mentions import mentions
from bot.services.links import Page
from bot.slack.ui import blocks
from bot.slack.ui.help import help_message, matches_message, mistake_message, unknown_message
from bot.slack.ui.home import home_view, visitor_home_view
from bot.slack.ui.links_list import ListMemo, list_view
from bot.slack.ui.notice import notice_view
from bot.slack.ui.qr import qr_code
from bot.slack.ui.result import done_text, done_view, working_view
from bot.slack.ui.share import share_view, shared_view
from bot.slack.ui.unfinished import unfinished_view, unsaved_view
from tests.slack.limits import accepted, sendable, texts
from tests.slack.samples import DRAFT, link_card, nasty, opened

PAGE = Page((link_card(), link_card("Off", active=False, paid=(), processing=2, link_id="plink_2")), (1.5, "plink_2"))


def test_the_list(snapshot: SnapshotAssertion) -> None:
    assert accepted(list_view(ListMemo(before=(2.5, "plink_0")), PAGE, "en_US", livemode=False)) == snapshot


def test_the_list_remembers_where_it_is() -> None:
    view = accepted(list_view(ListMemo(filter="off", text="fair"), PAGE, "en_US", livemode=True))
    memo = ListMemo.model_validate_json(view["private_metadata"])
    assert (memo.filter, memo.active, memo.text, memo.next) == ("off", False, "fair", (1.5, "plink_2"))


@pytest.mark.parametrize(("memo", "words"), [(ListMemo(), "No links yet"), (ListMemo(text="fair"), "No link matches")])
def test_an_empty_list_says_so(memo: ListMemo, words: str) -> None:
    assert words in texts(accepted(list_view(memo, Page((), None), "en_US", livemode=True)))


def test_sharing(snapshot: SnapshotAssertion) -> None:
    assert accepted(share_view(link_card())) == snapshot
    filled = Sharing(prefilled_email="ann+b@example.com", locked=True, locale="de")
    assert accepted(shared_view(link_card(), "C0SALES", filled)) == snapshot
    assert "a direct message" in texts(accepted(shared_view(link_card(), "D0ADA", Sharing())))
    assert '"user_id": "U0GRACE"' in json.dumps(accepted(shared_view(link_card(), "U0GRACE", Sharing())))


def test_sharing_a_link_that_is_off_says_so() -> None:
    off = accepted(share_view(link_card(active=False)))
    assert "Turn it on before you share it" in texts(off["blocks"])
    assert "Turn it on" not in texts(accepted(share_view(link_card()))["blocks"])


def test_one_option_too_long_does_not_cost_the_others() -> None:
    found = blocks.answered(blocks.option("Code", "x" * length) for length in (1, 150, 151))
    assert [len(one["value"]) for one in found] == [1, 150]
    assert len(blocks.answered([blocks.option("Code", "x")] * 101)) == 100


def test_what_comes_of_a_submit(snapshot: SnapshotAssertion) -> None:
    assert accepted(working_view("create")) == snapshot
    assert accepted(done_view(link_card(), locale="en_US", app_is_there=True, editing=False)) == snapshot
    assert "https://buy.stripe.com/test_28E00k" in done_text(link_card("<!channel>"))
    assert "<!channel>" not in done_text(link_card("<!channel>"))


def test_what_comes_of_an_edit() -> None:
    view = done_view(
        link_card(livemode=True), locale="en_US", app_is_there=False, editing=True, changes=("Name: A → B",)
    )
    assert "Name: A → B" in texts(accepted(view))
    assert "/invite @Paylink" in texts(view)
    assert "TEST MODE" not in texts(view)
    assert accepted(working_view("edit"))["title"]["text"] == "Edit payment link"


def test_an_unfinished_draft_is_offered_back(snapshot: SnapshotAssertion) -> None:
    assert accepted(unfinished_view(opened(), "C0SALES", "en_US")) == snapshot


def test_unsaved_changes_are_offered_back(snapshot: SnapshotAssertion) -> None:
    assert accepted(unsaved_view(opened(DRAFT.with_name("Winter fair"), DRAFT), livemode=False)) == snapshot


def test_the_home(snapshot: SnapshotAssertion) -> None:
    assert accepted(home_view(PAGE, "en_US", livemode=False)) == snapshot
    assert "None yet" in texts(accepted(home_view(Page((), None), "en_US", livemode=True)))
    assert "Only members" in texts(accepted(visitor_home_view("Only members may.")))


def test_help(snapshot: SnapshotAssertion) -> None:
    assert sendable(help_message()) == snapshot


def test_the_example_in_the_help_is_right() -> None:
    assert len(quick.parse(EXAMPLE, "usd").line_items) == 2


def test_an_unknown_word_names_the_nearest() -> None:
    assert sendable(unknown_message("lsit", "list"))["text"] == "I don't know “lsit”. Did you mean /paylink list?"
    assert "/paylink help" in sendable(unknown_message("zzz", None))["text"]


def test_several_links_of_one_name(snapshot: SnapshotAssertion) -> None:
    assert sendable(matches_message("fair", [link_card(), link_card("Fair <2>")], "/paylink show")) == snapshot
    many = sendable(matches_message("fair", [link_card()] * 11, "/paylink show"))
    assert "There are more" in json.dumps(many)


def test_a_mistake_is_shown_at_its_place(snapshot: SnapshotAssertion) -> None:
    typed = "2 x Consulting 150 eur; Support 49.9O eur/month"
    assert sendable(mistake_message(typed, QuickError(typed, (32, 37), "Write an amount."))) == snapshot


def pointed(typed: str, start: int, end: int) -> tuple[str, str]:
    message = mistake_message(typed, QuickError(typed, (start, end), "Wrong."))
    shown = sendable(message)["blocks"][1]["elements"][0]["elements"][0]["text"]
    line, mark = shown.split("\n")
    return line, mark


def test_the_mark_is_under_the_very_place() -> None:
    assert pointed("a 1 eur; b 2x eur", 11, 13) == ("a 1 eur; b 2x eur", " " * 11 + "^^")
    assert pointed("first 1 eur\nsecond oops", 19, 23) == ("second oops", " " * 7 + "^^^^")
    assert pointed("価格 oops", 3, 7) == ("価格 oops", " " * 5 + "^^^^")
    assert pointed("", 0, 0) == ("", "^")


def test_a_long_line_is_shown_around_the_mistake() -> None:
    typed = "x" * 200 + "oops" + "y" * 200
    line, mark = pointed(typed, 200, 204)
    assert line == "…" + "x" * 60 + "oops" + "y" * 56 + "…"
    assert line[mark.index("^") : mark.rindex("^") + 1] == "oops"


def test_a_mistake_in_several_lines_names_the_line_and_shows_all() -> None:
    typed = "first 1 eur\nsecond oops"
    sent = json.dumps(sendable(mistake_message(typed, QuickError(typed, (19, 23), "Wrong."))))
    assert "(line 2)" in sent
    assert "You typed: first 1 eur" in sent


@settings(max_examples=50, deadline=None)
@given(nasty)
def test_no_words_break_a_view_or_wake_anybody(words: str) -> None:
    card = link_card(name=words, draft=LinkDraft(name=words))
    page = Page((card,), None)
    for view in (
        list_view(ListMemo(text=words[:200]), page, "en_US", livemode=False),
        home_view(page, "en_US", livemode=False),
        share_view(card),
        done_view(card, locale="en_US", app_is_there=True, editing=False, changes=(words,)),
        unfinished_view(opened(LinkDraft(name=words)), "C0SALES", "en_US"),
        unsaved_view(opened(LinkDraft(name=words), DRAFT), livemode=True),
        notice_view("Paylink", words),
    ):
        accepted(view)
    for message in (
        unknown_message(words, None),
        matches_message(words, [card], "/paylink show"),
        mistake_message(words, QuickError(words, (len(words) // 2, len(words)), words or "Wrong.")),
    ):
        sent = sendable(message)
        assert mentions(sent["text"], sent["blocks"]) == []


def test_a_qr_code_is_a_picture() -> None:
    png, svg = qr_code("Fair", "plink_1", "https://buy.stripe.com/test_28E00k")
    assert (png.filename, png.content[:8]) == ("paylink-plink_1.png", b"\x89PNG\r\n\x1a\n")
    assert (svg.filename, b"<svg" in svg.content) == ("paylink-plink_1.svg", True)
