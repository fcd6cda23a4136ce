"""Options of a live link: changed in place, differences only, and refused where Stripe doesn't let them change."""

import pytest

from bot.sandbox.slack.person import Person
from tests.harness import World
from tests.journeys.steps import Json, dashboard, links, submit, title, write_link
from tests.slack.limits import texts
from tests.slack.office import row


async def link_with(town: World, line: str, option: str, answers: Json) -> Json:
    """A link with one option, as it stands in Stripe."""
    ada = await write_link(town, line)
    await ada.pick("Add an option…", option)
    await town.settle()
    await ada.fill(answers)
    await submit(town, ada)
    assert await submit(town, ada) == "Link ready"
    await ada.close(clear=True)
    return links(town)[-1]


async def edit(town: World) -> Person:
    """Ada opens the editor on the link's card."""
    ada = town.slack.person("ada")
    await ada.press("Edit", channel="sales")
    await town.settle()
    return ada


async def menu(town: World, person: Person, option: str, entry: str) -> None:
    """Picks from an option's menu."""
    await person.pick("option_menu", entry, block=row(person, option, "option_menu"))
    await town.settle()


async def test_only_what_differs_changes(town: World) -> None:
    link = await link_with(
        town,
        "Poster 25 eur",
        "Payment details",
        {"Description": "Spring", "Transfer group": "fair", "When the money is taken": "Later, by hand in Stripe"},
    )
    ada = await edit(town)
    await menu(town, ada, "Payment details", "Change")
    assert "Changing this on a live link takes a new link" in texts(ada.modal)
    await ada.fill({"Description": None, "Transfer group": "market"})
    await submit(town, ada)
    await submit(town, ada)
    data = links(town)[-1]["payment_intent_data"]
    assert (data["description"], data["transfer_group"], data["capture_method"]) == (None, "market", "manual")
    assert data["metadata"] == link["payment_intent_data"]["metadata"]


async def test_an_option_taken_off_a_live_link_is_gone(town: World) -> None:
    await link_with(town, "Poster 25 eur", "Metadata", {"Keys and values": "campaign = spring"})
    ada = await edit(town)
    await menu(town, ada, "Metadata", "Remove")
    await submit(town, ada)
    metadata = links(town)[-1]["metadata"]
    assert "campaign" not in metadata
    assert metadata["paylink_name"] == "Poster"


@pytest.mark.parametrize(
    ("line", "mode"), [("Poster 25 eur", "payment_intent_data"), ("Support 25 eur/month", "subscription_data")]
)
async def test_what_is_bought_has_the_keys_beside_ours(town: World, line: str, mode: str) -> None:
    made = await link_with(town, line, "Metadata", {"Keys and values": "campaign = spring\nregion = north"})
    marks = {"paylink_team", "paylink_user", "paylink_draft"}
    assert made[mode]["metadata"].keys() == marks | {"campaign", "region"}
    ada = await edit(town)
    await menu(town, ada, "Metadata", "Change")
    await ada.fill({"Keys and values": "campaign = autumn"})
    await submit(town, ada)
    await submit(town, ada)
    link = links(town)[-1]
    assert link[mode]["metadata"] == {**{key: made[mode]["metadata"][key] for key in marks}, "campaign": "autumn"}
    assert (link["id"], link["metadata"]["campaign"]) == (made["id"], "autumn")


async def test_creation_only_options_are_taken_off_by_a_new_link(town: World) -> None:
    await link_with(town, "Poster 25 eur", "Payment details", {"When the money is taken": "Later, by hand in Stripe"})
    ada = await edit(town)
    await menu(town, ada, "Payment details", "Remove")
    assert await submit(town, ada) == "Replace payment link"
    assert "Payment details: Stripe takes this only when a link is made." in texts(ada.modal)
    assert links(town)[-1]["payment_intent_data"]["capture_method"] == "manual"
    await submit(town, ada)
    before, after = links(town)
    assert (before["active"], after["active"]) == (False, True)
    assert (after["payment_intent_data"] or {}).get("capture_method") is None


async def test_what_can_not_be_emptied_takes_a_new_link_or_another_text(town: World) -> None:
    await link_with(town, "Poster 25 eur", "Invoice", {"Note on the invoice": "Thanks."})
    ada = await edit(town)
    await menu(town, ada, "Invoice", "Change")
    await ada.fill({"Note on the invoice": None})
    await submit(town, ada)
    assert await submit(town, ada) == "Replace payment link"
    assert "Once a link has this, Stripe can change it but not empty it." in texts(ada.modal)
    await ada.press("Back to editing")
    await town.settle()
    await menu(town, ada, "Invoice", "Change")
    await ada.fill({"Note on the invoice": "Thank you!", "Footer of the invoice": "Pay by June."})
    await submit(town, ada)
    await submit(town, ada)
    invoice = links(town)[-1]["invoice_creation"]["invoice_data"]
    assert (invoice["description"], invoice["footer"]) == ("Thank you!", "Pay by June.")


async def test_an_invoice_is_turned_off_as_a_whole(town: World) -> None:
    await link_with(town, "Poster 25 eur", "Invoice", {"Note on the invoice": "Thanks."})
    ada = await edit(town)
    await menu(town, ada, "Invoice", "Remove")
    await submit(town, ada)
    assert links(town)[-1]["invoice_creation"]["enabled"] is False


async def test_a_tax_id_is_turned_off_as_a_whole(town: World) -> None:
    await link_with(town, "Poster 25 eur", "Tax ID", {"Who must give one": "Businesses, where Stripe knows tax IDs"})
    ada = await edit(town)
    await menu(town, ada, "Tax ID", "Remove")
    await submit(town, ada)
    assert links(town)[-1]["tax_id_collection"] == {"enabled": False, "required": "never"}


async def test_a_group_can_be_added_to_a_live_link(town: World) -> None:
    await link_with(town, "Support 49.90 eur/month", "Button", {"Button": "Subscribe"})
    ada = await edit(town)
    await ada.pick("Add an option…", "Subscription")
    await town.settle()
    assert "Changing this on a live link takes a new link" in texts(ada.modal)
    await ada.fill({"Free trial, in days": "30"})
    assert await submit(town, ada) == "Edit payment link"
    await submit(town, ada)
    assert links(town)[-1]["subscription_data"]["trial_period_days"] == 30


async def test_lines_that_were_left_alone_stay_as_they_are(town: World) -> None:
    link = await link_with(town, "Poster 25 eur", "Metadata", {"Keys and values": "campaign = spring"})
    await dashboard(town, f"payment_links/{link['id']}", {"metadata": {"note": "two\nlines", "a = b": "x"}})
    ada = await edit(town)
    await menu(town, ada, "Metadata", "Change")
    assert await submit(town, ada) == "Edit payment link"
    await submit(town, ada)
    metadata = links(town)[-1]["metadata"]
    assert (metadata["note"], metadata["a = b"]) == ("two\nlines", "x")
    assert title(ada) != "Edit payment link"
