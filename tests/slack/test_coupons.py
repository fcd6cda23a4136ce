"""Coupons and promotion codes, through the front door."""

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.slack.person import Person
from tests.slack.limits import Json
from tests.slack.office import Office, row, shown, title

pytestmark = pytest.mark.one_database

SPRING = {"Name": "Spring sale", "Percent off": "20", "Code": "SPRING20"}


def coupons(office: Office) -> list[Json]:
    return list(office.stripe.account.tables["coupon"].values())


def codes(office: Office) -> list[Json]:
    return list(office.stripe.account.tables["promotion_code"].values())


async def new_coupon(office: Office, answers: dict[str, str] | None = None) -> Person:
    """Ada has the form of a new coupon before her, filled in."""
    await office.line(office.ada, "/paylink coupons")
    await office.press(office.ada, "New coupon")
    await office.fill(office.ada, SPRING if answers is None else answers)
    return office.ada


def block(person: Person, label: str) -> str:
    """The id of the field with this label."""
    assert person.modal is not None
    return str(next(one["block_id"] for one in person.modal["blocks"] if one.get("label", {}).get("text") == label))


async def test_a_coupon_is_made_with_its_code(office: Office) -> None:
    ada = await new_coupon(office)
    assert await office.submit(ada) == {}
    assert title(ada) == "Coupon"
    assert "The code SPRING20 is ready." in shown(ada)
    assert "20% off the first payment" in shown(ada)
    (coupon,), (code,) = coupons(office), codes(office)
    assert (coupon["percent_off"], coupon["duration"], coupon["name"]) == (20.0, "once", "Spring sale")
    assert (code["code"], code["promotion"]["coupon"], code["active"]) == ("SPRING20", coupon["id"], True)
    await ada.close()
    assert "Spring sale\n20% off the first payment · 1 active code · not used yet" in shown(ada)


async def test_everything_that_can_be_asked_for(office: Office) -> None:
    office.stripe.seed_catalog(3)
    async for _ in office.paylink.services.catalog.fill():
        pass
    ada = await new_coupon(office, {"Name": "Partners"})
    await office.pick(ada, "Discount", "An amount")
    await office.fill(ada, {"Currency": "eur", "Amount off": "5"})
    await office.pick(ada, "Further currency 1: currency", "usd")
    await office.fill(ada, {"Further currency 1: amount off": "6.50"})
    await office.pick(ada, "How long", "The first months of a subscription")
    await office.fill(ada, {"Months": "3", "Most redemptions": "100"})
    product = (await ada.search("Only for these products", ""))[0]
    later = int(office.clock()) + 86_400
    await office.fill(
        ada,
        {
            "Only for these products": [product["text"]["text"]],
            "Can be redeemed until": later,
            "Code": "PARTNER-5",
            "Code expires": later - 3600,
            "Most uses of the code": "10",
            "First-time customers only": "Yes",
            "Minimum order: currency": "eur",
            "Minimum order: amount": "50",
        },
    )
    await office.pick(ada, "Further minimum 1: currency", "usd")
    await office.fill(ada, {"Further minimum 1: minimum": "60"})
    assert await office.submit(ada) == {}
    (coupon,), (code,) = coupons(office), codes(office)
    extras = office.stripe.account.extras
    assert (coupon["amount_off"], coupon["currency"], coupon["duration_in_months"]) == (500, "eur", 3)
    assert (coupon["max_redemptions"], coupon["redeem_by"]) == (100, later)
    assert extras[coupon["id"]]["currency_options"]["usd"] == {"amount_off": 650}
    assert extras[coupon["id"]]["applies_to"] == {"products": [product["value"]]}
    assert (code["expires_at"], code["max_redemptions"]) == (later - 3600, 10)
    assert code["restrictions"] == {
        "first_time_transaction": True,
        "minimum_amount": 5000,
        "minimum_amount_currency": "eur",
    }
    assert extras[code["id"]]["restrictions.currency_options"]["usd"] == {"minimum_amount": 6000}
    assert "€5.00 off (US$6.50) for 3 months" in shown(ada)
    assert "first-time customers only · orders of €50.00 or US$60.00 and more" in shown(ada)


@pytest.mark.parametrize(
    ("answers", "label", "message"),
    [
        ({"Percent off": "a fifth"}, "Percent off", "Write a number, like 12.5."),
        ({"Percent off": "0"}, "Percent off", "Write more than 0."),
        ({"Percent off": "120"}, "Percent off", "Write 100 or less."),
        ({"Code": "SPRING 20"}, "Code", "Use letters from A to Z, digits and dashes only."),
        ({"Minimum order: amount": "5"}, "Minimum order: amount", "Pick the currency of this amount first."),
    ],
)
async def test_a_mistake_is_said_at_its_field(
    office: Office, answers: dict[str, str | None], label: str, message: str
) -> None:
    ada = await new_coupon(office)
    await office.fill(ada, answers)
    assert await office.submit(ada) == {block(ada, label): message}
    assert coupons(office) == []


async def test_a_coupon_whose_code_is_refused_is_not_made_twice(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await ada.close(clear=True)
    await new_coupon(office, {**SPRING, "Name": "Second"})
    await office.submit(ada)
    assert title(ada) == "Add a code"
    assert "The coupon is made. Its code isn't yet" in shown(ada)
    assert "⚠️ To do: An active promotion code with `code: SPRING20` already exists." in shown(ada)
    await office.fill(ada, {"Code": "SUMMER20"})
    assert await office.submit(ada) == {}
    assert "The code SUMMER20 is ready." in shown(ada)
    assert [coupon["name"] for coupon in coupons(office)] == ["Spring sale", "Second"]
    assert [code["promotion"]["coupon"] for code in codes(office)] == [coupon["id"] for coupon in coupons(office)]


@pytest.mark.parametrize("kind", ["drop_after", "status"])
@pytest.mark.parametrize("path", ["POST /v1/coupons", "POST /v1/promotion_codes"])
async def test_when_stripe_does_not_answer_submitting_again_makes_nothing_twice(
    office: Office, kind: Kind, path: str
) -> None:
    fault = office.stripe.faults.add(path, kind, times=None)
    ada = await new_coupon(office)
    await office.submit(ada)
    assert "Stripe is not answering" in shown(ada)
    office.stripe.faults.remove(fault)
    await office.submit(ada)
    assert "The code SPRING20 is ready." in shown(ada)
    assert (len(coupons(office)), len(codes(office))) == (1, 1)


async def test_answers_changed_after_an_unknown_outcome_do_not_make_a_second_coupon(office: Office) -> None:
    fault = office.stripe.faults.add("POST /v1/coupons", "drop_after", times=None)
    ada = await new_coupon(office)
    await office.submit(ada)
    office.stripe.faults.remove(fault)
    await office.fill(ada, {"Percent off": "30"})
    await office.submit(ada)
    assert "20% off the first payment" in shown(ada)
    assert (len(coupons(office)), len(codes(office))) == (1, 1)


async def test_what_stripe_refuses_stands_at_its_field(office: Office) -> None:
    office.stripe.faults.add("POST /v1/coupons", "status", status=400)
    ada = await new_coupon(office)
    await office.submit(ada)
    assert title(ada) == "New coupon"
    assert "⚠️ To do:" in shown(ada)
    assert "SPRING20" in str(ada.modal)
    await office.submit(ada)
    assert "The code SPRING20 is ready." in shown(ada)


async def test_a_code_is_turned_off_and_on_and_another_is_added(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await office.press(ada, "Turn off", confirm=False)
    assert codes(office)[0]["active"] is True
    await office.press(ada, "Turn off")
    assert codes(office)[0]["active"] is False
    assert "⛔ Turned off" in shown(ada)
    await office.press(ada, "Turn on")
    assert codes(office)[0]["active"] is True
    await office.press(ada, "Add a code")
    await office.fill(ada, {"Code": "FRIENDS"})
    assert await office.submit(ada) == {}
    assert "The code FRIENDS is ready." in shown(ada)
    assert [code["code"] for code in codes(office)] == ["SPRING20", "FRIENDS"]
    await ada.close(clear=True)
    await office.line(ada, "/paylink coupons friends")
    assert "Spring sale\n20% off the first payment · 2 active codes" in shown(ada)


async def test_code_after_code_is_added_and_the_coupon_below_shows_them(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    for number in range(3):
        await office.press(ada, "Add a code")
        await office.fill(ada, {"Code": f"FRIENDS{number}"})
        assert await office.submit(ada) == {}
        assert f"The code FRIENDS{number} is ready." in shown(ada)
        await ada.close()
        assert title(ada) == "Coupon"
        assert f"FRIENDS{number}\n🟢 Active" in shown(ada)
    await ada.close()
    assert "Spring sale\n20% off the first payment · 4 active codes" in shown(ada)


async def test_a_code_without_a_name_gets_one_from_stripe(office: Office) -> None:
    ada = await new_coupon(office, {"Percent off": "12.5"})
    await office.submit(ada)
    (code,) = codes(office)
    assert f"The code {code['code']} is ready." in shown(ada)
    assert coupons(office)[0]["percent_off"] == 12.5


async def test_a_coupon_is_deleted(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await office.press(ada, "Delete coupon", confirm=False)
    assert len(coupons(office)) == 1
    await office.press(ada, "Delete coupon")
    assert coupons(office) == []
    assert "“Spring sale” is deleted" in shown(ada)
    await ada.close()
    assert "No coupons yet." in shown(ada)


async def test_the_list_is_searched_and_paged(office: Office) -> None:
    for number in range(12):
        office.clock.advance(1)
        await office.paylink.stripe.create_coupon(
            {"percent_off": "5", "duration": "once", "name": f"Sale {number}"}, f"key {number}"
        )
    await office.settle()
    await office.line(office.ada, "/paylink coupons")
    assert "Sale 11\n" in shown(office.ada)
    assert "Sale 1\n" not in shown(office.ada)
    await office.press(office.ada, "Older coupons")
    assert "Sale 1\n" in shown(office.ada)
    await office.press(office.ada, "Back to the newest")
    await office.ada.enter("Search", "sale 7")
    await office.settle()
    assert "Sale 7\n" in shown(office.ada)
    assert "Sale 11\n" not in shown(office.ada)
    await office.fill(office.ada, {"Search": "winter"})
    await office.submit(office.ada)
    assert "No coupon matches." in shown(office.ada)


async def test_a_coupon_shows_how_often_it_was_used_in_stripe(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await ada.close()
    coupons(office)[0]["times_redeemed"] = codes(office)[0]["times_redeemed"] = 3
    await office.press(ada, "Open", block=row(ada, "Spring sale"))
    assert "Used 3 times" in shown(ada)
    assert "🟢 Active · used 3 times" in shown(ada)


@pytest.mark.parametrize("code", ["hash_conflict", "not_found"])
async def test_what_stripe_says_later_does_not_replace_what_stands_there_by_then(office: Office, code: str) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await ada.close()
    coupons(office)[0]["times_redeemed"] = 3
    office.slack.faults.add("POST /api/views.update", "status", status=200, body={"ok": False, "error": code})
    await office.press(ada, "Open", block=row(ada, "Spring sale"))
    assert title(ada) == "Coupon"
    assert "Not used yet" in shown(ada)
    assert office.slack.direct_messages("ada") == []


async def test_coupons_open_from_the_home_and_while_stripe_is_away(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await ada.close(clear=True)
    office.stripe.faults.add("GET /v1/*", "status", status=500, times=None)
    await ada.open_home()
    await office.settle()
    await office.press(ada, "Coupons", home=True)
    await office.press(ada, "Open", block=row(ada, "Spring sale"))
    assert "SPRING20" in shown(ada)


async def test_a_coupon_gone_meanwhile_says_so(office: Office) -> None:
    ada = await new_coupon(office)
    await office.submit(ada)
    await ada.close()
    await office.paylink.stripe.delete_coupon(coupons(office)[0]["id"])
    await office.settle()
    await office.press(ada, "Open", block=row(ada, "Spring sale"))
    assert "That coupon isn't there any more." in shown(ada)
