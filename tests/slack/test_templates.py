"""Templates: saved from the editor or a card, listed, used, renamed, deleted."""

import pytest

from tests.slack.limits import texts
from tests.slack.office import Office, shown, title

pytestmark = pytest.mark.one_database


async def saved(office: Office, name: str = "Consulting day", line: str = "2 x Consulting 150 eur") -> None:
    """Ada saves what is in the editor as a template, and closes everything."""
    ada = office.ada
    await office.line(ada, f"/paylink {line}")
    await office.press(ada, "Save as template")
    await office.fill(ada, {"Name": name})
    assert await office.submit(ada) == {}
    assert title(ada) == "Template saved"
    await ada.close(clear=True)


async def test_a_link_starts_from_a_template_of_the_workspace(office: Office) -> None:
    await saved(office)
    grace = office.grace
    await office.line(grace, "/paylink new consulting DAY", "payments")
    assert title(grace) == "New payment link"
    assert "2 × Consulting" in shown(grace)
    assert await office.submit(grace) == {}
    assert title(grace) == "Link ready"
    (link,) = office.links
    assert link["metadata"]["paylink_name"] == "Consulting day"
    assert "Consulting day" in office.card("payments")["text"]


async def test_a_part_of_the_name_will_do_and_near_ones_are_listed(office: Office) -> None:
    await saved(office)
    await saved(office, "Consulting week")
    ada = office.ada
    await office.line(ada, "/paylink new week")
    assert title(ada) == "New payment link"
    await ada.close(clear=True)
    for typed in ("consulting", "Consultign day"):
        await office.line(ada, f"/paylink new {typed}")
        assert "/paylink new Consulting day" in office.told
        assert ada.modal is None
    await office.line(ada, "/paylink new something else")
    assert "No template is called “something else”" in office.told


async def test_new_with_items_is_a_new_link_all_the_same(office: Office) -> None:
    await office.line(office.ada, "/paylink new 2 x Consulting 150 eur")
    assert "2 × Consulting" in shown(office.ada)


async def test_the_list_uses_renames_and_deletes(office: Office) -> None:
    await saved(office)
    await saved(office, "Poster", "Poster 25 eur")
    ada = office.ada
    await office.line(ada, "/paylink new")
    assert title(ada) == "Templates"
    assert "2 × Consulting · €300.00 today" in shown(ada)
    poster = [block["block_id"] for block in ada.modal["blocks"] if block["type"] == "actions"][-1]  # type: ignore[index]
    await office.press(ada, "Rename", block=poster)
    await office.fill(ada, {"Name": "Consulting day"})
    assert "Write another name" in str(await office.submit(ada))
    await office.fill(ada, {"Name": "Big poster"})
    assert await office.submit(ada) == {}
    assert "Big poster" in shown(ada)
    await office.press(ada, "Delete", block=poster, confirm=False)
    assert "Big poster" in shown(ada)
    await office.press(ada, "Delete", block=poster)
    assert ada.confirmed[-1]["title"]["text"] == "Delete “Big poster”?"
    assert "Big poster" not in shown(ada)
    await office.press(ada, "Use")
    assert title(ada) == "New payment link"
    assert "2 × Consulting" in shown(ada)


async def test_a_list_closed_meanwhile_is_let_go(office: Office) -> None:
    await saved(office)
    ada = office.ada
    await office.line(ada, "/paylink templates")
    await office.press(ada, "Rename")
    await office.fill(ada, {"Name": "Big poster"})
    refused = {"ok": False, "error": "not_found"}
    office.slack.faults.add("POST /api/views.update", "status", status=200, body=refused)
    assert await office.submit(ada) == {}
    assert office.slack.direct_messages("ada") == []
    await ada.close(clear=True)
    await office.line(ada, "/paylink templates")
    assert "Big poster" in shown(ada)


async def test_an_existing_name_is_asked_about(office: Office) -> None:
    await saved(office)
    ada = office.ada
    await office.line(ada, "/paylink Poster 25 eur")
    await office.press(ada, "Save as template")
    await office.fill(ada, {"Name": "consulting  day"})
    await office.submit(ada)
    assert title(ada) == "Overwrite template?"
    assert "2 × Consulting" in shown(ada)
    await office.submit(ada)
    assert title(ada) == "Template saved"
    await ada.close()
    assert title(ada) == "New payment link"
    await ada.close(clear=True)
    await office.line(ada, "/paylink templates")
    assert "1 × Poster" in shown(ada)
    assert "Consulting ·" not in shown(ada)


async def test_nothing_is_no_template(office: Office) -> None:
    ada = office.ada
    await office.line(ada, "/paylink")
    await office.press(ada, "Save as template")
    await office.fill(ada, {"Name": "Empty"})
    assert "There is nothing to save yet" in str(await office.submit(ada))


async def test_a_card_is_saved_as_a_template_and_the_home_shows_them(office: Office) -> None:
    await office.link()
    ada = office.ada
    await office.pick(ada, "link_menu", "Save as template", channel="sales")
    assert "Spring fair" in str(ada.modal)
    assert await office.submit(ada) == {}
    await ada.close(clear=True)
    await ada.open_home()
    await office.settle()
    assert "Templates" in texts(ada.home)
    await office.press(ada, "Templates", home=True)
    assert "Spring fair" in shown(ada)
    await office.press(ada, "Use")
    assert await office.submit(ada) == {}
    assert [link["metadata"]["paylink_name"] for link in office.links] == ["Spring fair", "Spring fair"]


async def test_there_may_be_none(office: Office) -> None:
    await office.line(office.ada, "/paylink templates")
    assert "No templates yet" in shown(office.ada)
