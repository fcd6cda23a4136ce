"""A link with every option at once that can stand together: made, edited, replaced, turned off and on."""

from copy import deepcopy
from typing import Any

import pytest

from bot.links.draft import LinkDraft
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.fields import build
from bot.links.params import draft_from_stripe
from bot.links.quick import parse
from tests.harness import World
from tests.journeys.steps import Json, channel, dashboard, links, submit, title
from tests.slack.limits import texts
from tests.slack.office import row

ONE_TIME = ["payment", "invoice", "customer_creation", "shipping_rates"]
RECURRING = ["subscription"]


async def answers(town: World, *, recurring: bool) -> dict[str, dict[str, Answer]]:
    """Good answers to every group's fields."""
    given = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Frame"}}
    frame = await dashboard(town, "prices", given)
    fixed = {"amount": 500, "currency": "eur"}
    post = await dashboard(town, "shipping_rates", {"display_name": "Post", "fixed_amount": fixed})
    invoice: dict[str, Answer] = {"description": "Thank you.", "footer": "Pay.", "custom_fields": "PO = 4711"}
    invoice |= {"account_tax_ids": "atxi_1", "issuer.type": "account", "issuer.account": "acct_gallery"}
    fee: dict[str, Answer] = {"application_fee_percent": "5"} if recurring else {"application_fee_amount": "1"}
    return {
        "after_completion": {
            "after_completion.type": "redirect",
            "after_completion.redirect.url": "https://example.com/?s={CHECKOUT_SESSION_ID}",
        },
        "optional_items": {"optional_items.0.price": frame["id"], "optional_items.0.quantity": 2},
        "completed_sessions": {"restrictions.completed_sessions.limit": 9, "inactive_message": "Sold out."},
        "tax": {"automatic_tax.liability.type": "account", "automatic_tax.liability.account": "acct_gallery"},
        "name_collection": {"name_collection.individual.enabled": True, "name_collection.business.enabled": True},
        "tax_id_collection": {"tax_id_collection.required": "if_supported"},
        "custom_fields": {
            "custom_fields.0.type": "dropdown",
            "custom_fields.0.label.custom": "Size",
            "custom_fields.0.dropdown.options": "Small\nxl = Extra large",
            "custom_fields.1.type": "text",
            "custom_fields.1.label.custom": "Engraving",
        },
        "shipping_address": {"shipping_address_collection.allowed_countries": ("DE", "FR")},
        "shipping_rates": {"shipping_options": (post["id"],)},
        "payment_methods": {"payment_method_types": ("card", "sepa_debit")},
        "payment": {"payment_intent_data.description": "Fair", "payment_intent_data.transfer_group": "fair"},
        "subscription": {
            "subscription_data.trial_period_days": 14,
            **{f"subscription_data.invoice_settings.{name}": value for name, value in invoice.items()},
        },
        "invoice": {f"invoice_creation.invoice_data.{name}": value for name, value in invoice.items()},
        "submit_type": {"submit_type": "subscribe" if recurring else "book"},
        "consent": {"consent_collection.terms_of_service": "required", "custom_text.submit.message": "Welcome."},
        "connect": {"transfer_data.destination": "acct_gallery", "currency": "eur", **fee},
        "metadata": {"metadata": "campaign = spring"},
    }


async def make(town: World, *, recurring: bool) -> tuple[LinkDraft, Json]:
    """The draft, and the link as it stands in Stripe."""
    draft = parse("Poster 25 eur/month" if recurring else "2 x Poster 25 eur", "eur")
    given = await answers(town, recurring=recurring)
    left_out = {"managed_payments", *(ONE_TIME if recurring else RECURRING)}
    for key in GROUPS.keys() - left_out:
        draft = draft.with_option(build(GROUPS[key], given.get(key, {})))
    draft = draft.with_name("Everything").with_notify_channel(channel(town, "sales"))
    service, actor = town.paylink.services.links, await town.paylink.services.members.actor(town.slack.person("ada").id)
    opened = await service.start(actor, channel(town, "sales"), draft)
    await service.submit(actor, opened.id)
    await town.settle()
    return opened.draft, deepcopy(links(town)[-1])


@pytest.mark.parametrize("recurring", [False, True], ids=["one-time", "recurring"])
async def test_a_link_with_everything_is_made_edited_turned_off_and_on(platform: World, recurring: bool) -> None:
    town, ada = platform, platform.slack.person("ada")
    draft, link = await make(town, recurring=recurring)
    assert len(draft.options) == len(GROUPS) - 1 - len(ONE_TIME if recurring else RECURRING)
    await ada.press("Edit", channel="sales")
    await town.settle()
    assert ada.modal is not None
    for key, group in draft.options.items():
        assert group.title in texts(ada.modal), key
    assert "Customers can add Frame" in texts(ada.modal)
    for option, answer in {"Metadata": {"Keys and values": "campaign = autumn"}, "Tax ID": None}.items():
        await ada.pick("option_menu", "Change" if answer else "Remove", block=row(ada, option, "option_menu"))
        await town.settle()
        if answer:
            await ada.fill(answer)
            await submit(town, ada)
    assert await submit(town, ada) == "Link saved", title(ada)
    await ada.close(clear=True)
    edited = deepcopy(links(town)[-1])
    assert edited["id"] == link["id"]
    different = {name for name in link if link[name] != edited[name]}
    bought = "subscription_data" if recurring else "payment_intent_data"
    assert different == {"metadata", bought, "tax_id_collection"}
    assert edited[bought] == {**link[bought], "metadata": {**link[bought]["metadata"], "campaign": "autumn"}}
    assert (edited["metadata"]["campaign"], edited["tax_id_collection"]["enabled"]) == ("autumn", False)
    for button, active in (("Turn off", False), ("Turn on", True)):
        await ada.press(button, channel="sales")
        await town.settle()
        assert links(town)[-1]["active"] is active
        assert {name for name in link if links(town)[-1][name] != edited[name]} <= {"active"}


@pytest.mark.parametrize("recurring", [False, True], ids=["one-time", "recurring"])
async def test_a_link_with_everything_is_replaced_by_one_with_everything(platform: World, recurring: bool) -> None:
    town, ada = platform, platform.slack.person("ada")
    draft, link = await make(town, recurring=recurring)
    assert asked(draft_from_stripe(with_items(town, link))) == asked(draft)
    await ada.press("Edit", channel="sales")
    await town.settle()
    await ada.pick("item_menu", "Edit")
    await town.settle()
    await ada.fill({"Amount for one": "30"})
    await submit(town, ada)
    assert await submit(town, ada) == "Replace payment link", title(ada)
    assert await submit(town, ada) == "Link saved", title(ada)
    await ada.close(clear=True)
    old, new = links(town)
    assert {name for name in link if link[name] != old[name]} == {"active", "inactive_message", "metadata"}
    assert (old["active"], old["metadata"]["paylink_replaced_by"]) == (False, new["id"])
    assert new["url"] in old["inactive_message"]
    assert {name for name in link if link[name] != new[name]} <= {*OWN, *OWN_METADATA}
    for name in OWN_METADATA:
        assert sold_as(new[name]) == sold_as(link[name]), name
    (item,) = town.stripe.account.line_items[new["id"]]
    assert (item["price"]["unit_amount"], item["quantity"]) == (3000, 1 if recurring else 2)
    assert asked(draft_from_stripe(with_items(town, new))) == asked(draft)
    for active in (False, True):
        await ada.press("Turn on" if active else "Turn off", channel="sales")
        await town.settle()
        assert [one["active"] for one in links(town)] == [False, active]


def asked(draft: LinkDraft) -> Json:
    """What the draft's options ask Stripe for, by group."""
    return {key: group.to_stripe() for key, group in draft.options.items()}


def with_items(town: World, link: Json) -> Json:
    """The link as Stripe answers it with its line items."""
    return link | {"line_items": {"data": town.stripe.account.line_items[link["id"]], "has_more": False}}


OWN = {"id", "url", "created"}
OWN_METADATA = {"metadata", "payment_intent_data", "subscription_data", "optional_items"}
"""What names the link itself besides what was asked for."""


def sold_as(value: Any) -> Any:
    """The value without what Paylink says of the link itself."""
    if isinstance(value, list):
        return [sold_as(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: sold_as(one) for key, one in value.items() if key not in ("paylink_draft", "paylink_replaces", "id")}


@pytest.mark.parametrize("recurring", [False, True], ids=["one-time", "recurring"])
async def test_every_form_of_it_fits_into_slack(platform: World, recurring: bool) -> None:
    town, ada = platform, platform.slack.person("ada")
    draft, _ = await make(town, recurring=recurring)
    await ada.press("Edit", channel="sales")
    await town.settle()
    for group in draft.options.values():
        block = row(ada, group.title, "option_menu") if "option_menu" in str(row_of(ada.modal, group.title)) else ""
        if not block:
            continue
        await ada.pick("option_menu", "Change", block=block)
        await town.settle()
        assert title(ada) == group.title
        assert await submit(town, ada) == "Edit payment link", group.key
    assert await submit(town, ada) == "Link saved", title(ada)


def row_of(view: Json | None, words: str) -> Json:
    """The option's row."""
    assert view is not None
    return next(block for block in view["blocks"] if str(block.get("text", {}).get("text")).startswith(f"{words}\n"))
