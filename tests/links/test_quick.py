"""The quick line: read exactly, or refused at the exact place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.draft import LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.line_item import Interval
from bot.links.quick import EXAMPLE, QuickError, parse
from bot.links.totals import totals_in_words
from bot.money import Money
from tests.links.strategies import amounts, any_text, currencies, names, recurring, thorough


def item(name: str, amount: int, currency: str = "usd", quantity: int = 1, period: Recurring | None = None) -> LineItem:
    price = OneOffPrice(name=name, unit_amount=amount, currency=currency, recurring=period)
    return LineItem(row="", price=price, quantity=quantity)


def every(interval: Interval, count: int = 1) -> Recurring:
    return Recurring(interval=interval, interval_count=count)


def read(text: str, default_currency: str = "usd") -> list[LineItem]:
    return [found.model_copy(update={"row": ""}) for found in parse(text, default_currency).line_items]


def mistake(text: str, default_currency: str = "usd") -> tuple[str, str]:
    with pytest.raises(QuickError) as error:
        parse(text, default_currency)
    assert error.value.example == EXAMPLE
    assert str(error.value) == error.value.message
    return text[error.value.start : error.value.end], error.value.message


def test_the_example() -> None:
    assert read(EXAMPLE) == [
        item("Consulting", 15000, "eur", 2),
        item("Support", 4990, "eur", period=every("month")),
    ]
    assert totals_in_words(parse(EXAMPLE, "usd")) == "€349.90 today, then €49.90 every month"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coffee 3", item("Coffee", 300)),
        ("Coffee 3 EUR", item("Coffee", 300, "eur")),
        ("Coffee EUR 3", item("Coffee", 300, "eur")),
        ("Coffee 3eur", item("Coffee", 300, "eur")),
        ("Coffee €3", item("Coffee", 300, "eur")),
        ("Coffee € 3", item("Coffee", 300, "eur")),
        ("Coffee 3€", item("Coffee", 300, "eur")),
        ("Coffee 3 euros", item("Coffee", 300, "eur")),
        ("Coffee £3.50", item("Coffee", 350, "gbp")),
        ("Coffee ¥300", item("Coffee", 300, "jpy")),
        ("Coffee CA$3", item("Coffee", 300, "cad")),
        ("Coffee US$3", item("Coffee", 300, "usd")),
        ("Coffee ₹300", item("Coffee", 30000, "inr")),
        ("Coffee 1,234.50", item("Coffee", 123450)),
        ("Coffee 1.234,50 eur", item("Coffee", 123450, "eur")),
        ("Coffee 1,50 eur", item("Coffee", 150, "eur")),
        ("2x Coffee 3", item("Coffee", 300, quantity=2)),
        ("2 × Coffee 3", item("Coffee", 300, quantity=2)),
        ("2 X Coffee 3", item("Coffee", 300, quantity=2)),
        ("3 Coffee 3", item("3 Coffee", 300)),
        ("2x4 lumber 3", item("2x4 lumber", 300)),
        ("24/7 support 10", item("24/7 support", 1000)),
        ("iPhone 15 999 usd", item("iPhone 15", 99900)),
        ("Desk top 50 usd", item("Desk top", 5000)),
        ("  Cold   brew  3  ", item("Cold brew", 300)),
        ("Club 9/month", item("Club", 900, period=every("month"))),
        ("Club 9 usd / mo", item("Club", 900, period=every("month"))),
        ("Club $9/yr", item("Club", 900, period=every("year"))),
        ("Club 9/week", item("Club", 900, period=every("week"))),
        ("Club 9 per day", item("Club", 900, period=every("day"))),
        ("Club 9/3 months", item("Club", 900, period=every("month", 3))),
        ("Club 9 usd/3months", item("Club", 900, period=every("month", 3))),
        ("Club 9 every 2 weeks", item("Club", 900, period=every("week", 2))),
        ("Club 9 every quarter", item("Club", 900, period=every("month", 3))),
        ("Club 9 monthly", item("Club", 900, period=every("month"))),
        ("Club 9 usd yearly", item("Club", 900, period=every("year"))),
        ("Monthly report 9", item("Monthly report", 900)),
    ],
)
def test_ways_to_write_an_item(text: str, expected: LineItem) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "default", "currency"),
    [
        ("Coffee $3", "cad", "cad"),
        ("Coffee $3", "eur", "usd"),
        ("Coffee ¥300", "cny", "cny"),
        ("Coffee ¥300", "usd", "jpy"),
        ("Coffee 3", "GBP", "gbp"),
        ("Coffee 3; Tea 2 eur", "usd", "eur"),
    ],
)
def test_the_currency_that_is_meant(text: str, default: str, currency: str) -> None:
    assert parse(text, default).currency == currency


def test_items_on_lines_and_behind_semicolons() -> None:
    assert [found.name for found in read("Coffee 3;;Tea 2\r\n\n Cake 4 ;")] == ["Coffee", "Tea", "Cake"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "", "Write at least one item: a name and an amount."),
        (" ;\n; ", " ;\n; ", "Write at least one item: a name and an amount."),
        ("Coffee", "Coffee", "Write the amount after the name, like 150 eur."),
        ("Tea 2; Coffee eur", "Coffee eur", "Write the amount after the name, like 150 eur."),
        ("3 usd", "3 usd", "Write a name before the amount: the customer sees it when paying."),
        ("2 x 3 usd", "3 usd", "Write a name before the amount: the customer sees it when paying."),
        ("2 x every week", "2 x every week", "Write the amount after the name, like 150 eur."),
        ("eur", "eur", "Write the amount after the name, like 150 eur."),
        (
            "Club 3 usd / moon",
            " moon",
            "That isn't a billing period. Write /day, /week, /month or /year, or every 2 weeks.",
        ),
        ("Coffee 3 xyz", "xyz", "XYZ isn't a currency that Stripe supports. Write a code like eur or usd."),
        ("Coffee 3 foo/month", "foo", "FOO isn't a currency that Stripe supports. Write a code like eur or usd."),
        (
            "Coffee 3 usd for you",
            "usd for you",
            "After the amount only a currency and a billing period can stand. Put the name before it.",
        ),
        (
            "Coffee 3 usd/fortnight",
            "fortnight",
            "That isn't a billing period. Write /day, /week, /month or /year, or every 2 weeks.",
        ),
        (
            "Coffee 3/fortnight",
            "fortnight",
            "That isn't a billing period. Write /day, /week, /month or /year, or every 2 weeks.",
        ),
        (
            "Coffee 3 every blue moon",
            "every blue moon",
            "That isn't a billing period. Write /day, /week, /month or /year, or every 2 weeks.",
        ),
        ("Coffee 1e9", "1e9", "Write the amount in plain digits, like 1234.50."),
        ("Coffee １２ usd", "１２", "Write the amount in plain digits, like 1234.50."),
        ("Coffee -5 usd", "-5", "An amount can't be negative. Write it without the minus sign."),
        ("Coffee 12.345 usd", "12.345", "USD has 2 decimals. Write the amount like 1234.50."),
        ("Coffee 100.5 jpy", "100.5", "JPY has no decimals. Write a whole number."),
        ("Coffee €100,555.5.5", "100,555.5.5", "Write the amount in plain digits, like 1234.50."),
        ("Coffee 0", "0", "Write an amount above zero."),
        ("0 x Coffee 3", "0", "Write a quantity from 1 to 999,999."),
        ("1000000 x Coffee 3", "1000000", "Write a quantity from 1 to 999,999."),
        (
            "Coffee 3 usd\nTea 2 eur",
            "eur",
            "Tea is in EUR and the link is in USD. A link has one currency: change it, or make a second link.",
        ),
        (
            "Club 9/month; Gym 90/year",
            "/year",
            "Gym is billed every year and Club every month. "
            "A link has one billing period: change it, or make a second link.",
        ),
        (
            "Club 9 every 40 months",
            "every 40 months",
            "Stripe bills at most every three years: write 1 to 36 months.",
        ),
        ("x" * 251 + " 3", "x" * 251, "Use at most 250 characters; these are 251."),
        ("T 1;" * 21 + "U 1", "T 1;U 1", "Stripe takes 20 items on a link. Remove some."),
        (
            "A 999999.99; B 1",
            "A 999999.99; B 1",
            "Stripe takes at most $999,999.99 in one payment. Lower an amount or a quantity.",
        ),
    ],
)
def test_a_mistake_is_shown_at_its_place(text: str, place: str, message: str) -> None:
    assert mistake(text) == (place, message)


def test_the_line_of_a_mistake_is_counted_from_one() -> None:
    with pytest.raises(QuickError) as error:
        parse("Coffee 3\nTea 2; Cake ten\n", "usd")
    assert (error.value.line, error.value.start, error.value.end) == (2, 16, 24)


@st.composite
def quick_drafts(draw: st.DrawFn) -> LinkDraft:
    """What the quick line can say: one-off items, names without its own separator."""
    currency, period = draw(currencies), draw(recurring())
    item_names = draw(st.lists(names.map(lambda name: name.replace(";", "")).filter(str.strip), min_size=1, max_size=5))
    items = [
        item(
            name.strip(),
            draw(amounts(currency, 1, 10_000)),
            currency,
            draw(st.integers(1, 1000)),
            draw(st.sampled_from([None, period])),
        )
        for name in item_names
    ]
    return LinkDraft(line_items=tuple(items))


def rendered(found: LineItem) -> str:
    assert isinstance(found.price, OneOffPrice)
    amount = Money(found.price.unit_amount, found.price.currency).plain()
    period = f" {found.price.recurring.words}" if found.price.recurring else ""
    return f"{found.quantity} x {found.name} {amount} {found.price.currency}{period}"


@thorough
@given(quick_drafts(), st.sampled_from([";", " ; ", "\n"]), currencies)
def test_a_draft_written_out_reads_back(draft: LinkDraft, separator: str, default: str) -> None:
    text = separator.join(rendered(found) for found in draft.line_items)
    assert read(text, default) == list(draft.line_items)


pieces = st.sampled_from(
    [
        "2 x ",
        "0x ",
        "Coffee ",
        "3",
        "1,5",
        " eur",
        "€",
        "$",
        "/month",
        "/",
        "every ",
        "2 weeks",
        ";",
        "\n",
        " ",
        "-",
        "e9",
        "x",
    ]
)


@thorough
@given(st.lists(pieces | any_text, max_size=12).map("".join), currencies)
def test_any_text_is_read_or_refused_inside_the_text(text: str, default: str) -> None:
    try:
        draft = parse(text, default)
    except QuickError as error:
        start, end, line = error.start, error.end, error.line
    else:
        start, end, line = 0, 0, 1
        assert draft.problems() == []
    assert 0 <= start <= end <= len(text)
    assert 1 <= line <= text.count("\n") + 1


@pytest.mark.parametrize("text", ["/" * 20_000, " " * 20_000, "1 x" * 7_000, "/ " * 10_000 + "3 qq", "9" * 20_000])
def test_long_texts_end_soon(text: str) -> None:
    with pytest.raises(QuickError):
        parse(text, "usd")
