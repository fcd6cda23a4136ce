"""A link that takes another's place: whatever fails on the way, one of them works at the end."""

import asyncio
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from stripe import StripeClient

from bot.errors import Conflict, Invalid, PaylinkError
from bot.links.draft import LinkDraft
from bot.links.options.completed_sessions import CompletedSessions
from bot.links.options.fields import build
from bot.money import Money
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.notices import LinkCard
from bot.services.submission import LEASE_SECONDS
from tests.conftest import Clock
from tests.services.desk import CONSULTING, OFFER, SALES, SUPPORT, Desk

CREATE = "POST /v1/payment_links"
DAY = 24 * 3600.0
REFUSAL = {"error": {"type": "invalid_request_error", "message": "No such thing"}}
FAULTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "never arrived": {"kind": "drop_before"},
    "answer lost": {"kind": "drop_after"},
    "down": {"kind": "status", "status": 500, "times": 2},
    "refused": {"kind": "status", "status": 400, "body": REFUSAL},
    "key withdrawn": {"kind": "status", "status": 401, "times": 3},
    "failed for good": {
        "kind": "status",
        "status": 500,
        "headers": {"Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"},
        "times": 2,
    },
}


async def offered(desk: Desk, actor: Actor, draft: LinkDraft = OFFER) -> LinkCard:
    return await desk.links.submit(actor, (await desk.links.start(actor, SALES, draft)).id)


async def edited(desk: Desk, actor: Actor, link_id: str) -> str:
    """A draft that gives the link another price; its id."""
    opened = await desk.links.edit(actor, link_id)
    (item,) = opened.draft.line_items
    dearer = item.model_copy(update={"price": item.price.model_copy(update={"unit_amount": 20000})})
    await desk.links.save(actor, opened.id, opened.draft.with_item(dearer))
    return opened.id


async def carried_on(desk: Desk, actor: Actor, draft_id: str, clock: Clock) -> None:
    """Until nobody has anything left to do with the draft."""
    for _ in range(12):
        if (await desk.links.draft(actor, draft_id)).state != "submitting":
            return
        clock.advance(LEASE_SECONDS + 900)
        await desk.links.resume()
    raise AssertionError("never ended")


def elsewhere(refused: str) -> Callable[[str, str], bool]:
    """Updates of any link but this one."""

    def match(method: str, path: str) -> bool:
        return method == "POST" and path.startswith("/v1/payment_links/") and f"POST {path}" != refused

    return match


def standing(sandbox: StripeSandbox, old_id: str) -> list[str]:
    """Those that work, of the link and of all that were made to replace it."""
    family = [
        link
        for link in sandbox.payment_links.values()
        if link["id"] == old_id or link["metadata"].get("paylink_replaces") == old_id
    ]
    return [link["id"] for link in family if link["active"]]


async def test_a_new_link_takes_the_old_ones_place(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    old = await offered(desk, ada)
    await desk.links.share(ada, old.link_id, "C_FAIR", "Have a look")
    draft_id = await edited(desk, ada, old.link_id)
    new = await desk.links.submit(ada, draft_id, replace=True)
    before, after = sandbox.payment_links[old.link_id], sandbox.payment_links[new.link_id]
    assert (before["active"], after["active"]) == (False, True)
    assert before["inactive_message"].endswith(f"Please pay here instead: {after['url']}")
    assert before["metadata"]["paylink_replaced_by"] == new.link_id
    assert after["metadata"]["paylink_replaces"] == old.link_id
    assert [str(item.price.model_dump().get("unit_amount")) for item in new.draft.line_items] == ["20000"]
    assert (new.name, new.replaces and new.replaces.link_id) == ("Offer", old.link_id)
    retired = await desk.links.get(ada, old.link_id)
    assert retired.replaced_by is not None
    assert (retired.active, retired.replaced_by.link_id, retired.replaced_by.url) == (False, new.link_id, new.url)
    assert retired.draft.options == {}
    assert (await desk.links.duplicate(ada, old.link_id, SALES)).draft.options == {}
    assert {card.channel_id for card in await desk.cards("link", new.link_id)} == {"C_FAIR", SALES}
    assert [card.wanted for card in await desk.cards("link", old.link_id)] == [2, 2]
    done = await desk.links.draft(ada, draft_id)
    assert (done.state, done.link_id) == ("done", new.link_id)


async def test_what_takes_a_new_link_is_not_done_unasked(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    old = await offered(desk, ada)
    with pytest.raises(Invalid, match=r"Consulting: €150\.00 → €200\.00"):
        await desk.links.submit(ada, await edited(desk, ada, old.link_id))
    assert len(sandbox.payment_links) == 1


async def test_what_does_not_take_a_new_link_gets_none(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    old = await offered(desk, ada)
    opened = await desk.links.edit(ada, old.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_name("Better"))
    assert (await desk.links.submit(ada, opened.id, replace=True)).link_id == old.link_id
    assert len(sandbox.payment_links) == 1


async def test_payments_are_counted_together(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    first = await offered(desk, ada)
    await sandbox.pay(first.url, email="c@example.com", name="Customer")
    second = await desk.links.submit(ada, await edited(desk, ada, first.link_id), replace=True)
    opened = await desk.links.edit(ada, second.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_item(SUPPORT))
    third = await desk.links.submit(ada, opened.id, replace=True)
    for event in [one for one in sandbox.events.values() if one["type"] == "checkout.session.completed"]:
        await desk.deliver(event)
    assert (await desk.links.get(ada, third.link_id)).paid == ((Money(30000, "eur"), 1),)
    assert (await desk.links.get(ada, first.link_id)).paid == ((Money(30000, "eur"), 1),)
    assert [card.wanted for card in await desk.cards("link", third.link_id)] == [2]


async def test_a_copy_from_the_dashboard_is_nobodys_successor(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, dashboard: StripeClient
) -> None:
    old = await offered(desk, ada)
    new = await desk.links.submit(ada, await edited(desk, ada, old.link_id), replace=True)
    for copied in (old, new):
        price = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Tea"}}
        metadata = dict(sandbox.payment_links[copied.link_id]["metadata"])
        copy = await dashboard.v1.payment_links.create_async(
            {"line_items": [{"price_data": price, "quantity": 1}], "metadata": metadata}  # type: ignore[typeddict-item]
        )
        (created,) = [one for one in sandbox.events.values() if one["data"]["object"]["id"] == copy.id]
        await desk.deliver(created)
        card = await desk.links.get(ada, copy.id)
        assert (card.replaces, card.replaced_by) == (None, None)


async def test_what_was_begun_before_the_replacement_is_not_lost_on_the_old_link(
    desk: Desk, ada: Actor, grace: Actor, clock: Clock
) -> None:
    old = await offered(desk, ada)
    opened = await desk.links.edit(grace, old.link_id)
    await desk.links.save(grace, opened.id, opened.draft.with_name("Better offer"))
    clock.advance(60)
    new = await desk.links.submit(ada, await edited(desk, ada, old.link_id), replace=True)
    with pytest.raises(Conflict, match=new.url):
        await desk.links.submit(grace, opened.id)
    assert (await desk.links.draft(grace, opened.id)).state == "open"
    clock.advance(60)
    later = await desk.links.edit(grace, old.link_id)
    await desk.links.save(grace, later.id, later.draft.with_name("Old offer"))
    assert (await desk.links.submit(grace, later.id)).name == "Old offer"


async def test_a_link_is_replaced_once(desk: Desk, ada: Actor, grace: Actor, sandbox: StripeSandbox) -> None:
    old = await offered(desk, ada)
    hers, his = await edited(desk, ada, old.link_id), await edited(desk, grace, old.link_id)
    results = await asyncio.gather(
        desk.links.submit(ada, hers, replace=True),
        desk.links.submit(grace, his, replace=True),
        return_exceptions=True,
    )
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert len(standing(sandbox, old.link_id)) == 1
    later = await edited(desk, grace, old.link_id)
    with pytest.raises(Conflict, match="was replaced by “Offer”"):
        await desk.links.submit(grace, later, replace=True)


async def test_the_replaced_link_is_not_turned_on_beside_the_new_one(desk: Desk, ada: Actor) -> None:
    old = await offered(desk, ada)
    new = await desk.links.submit(ada, await edited(desk, ada, old.link_id), replace=True)
    with pytest.raises(Conflict, match="Turn that one off first"):
        await desk.links.set_active(ada, old.link_id, active=True)
    await desk.links.set_active(ada, new.link_id, active=False)
    assert (await desk.links.set_active(ada, old.link_id, active=True)).active


@pytest.mark.parametrize("was_on", [True, False])
async def test_turned_on_while_it_is_replaced_it_ends_off(
    desk: Desk, ada: Actor, grace: Actor, sandbox: StripeSandbox, was_on: bool
) -> None:
    old = await offered(desk, ada)
    if not was_on:
        await desk.links.set_active(ada, old.link_id, active=False)
    draft_id = await edited(desk, ada, old.link_id)
    sandbox.faults.add(f"{CREATE}/{old.link_id}", "latency", seconds=0.5)
    _, new = await asyncio.gather(
        desk.links.set_active(grace, old.link_id, active=True),
        desk.links.submit(ada, draft_id, replace=True),
        return_exceptions=True,
    )
    assert isinstance(new, LinkCard)
    assert standing(sandbox, old.link_id) == [new.link_id]
    assert not (await desk.links.get(ada, old.link_id)).active


async def test_a_link_on_its_way_out_is_left_alone(
    desk: Desk, ada: Actor, grace: Actor, sandbox: StripeSandbox
) -> None:
    old = await offered(desk, ada)
    draft_id, other = await edited(desk, ada, old.link_id), await edited(desk, grace, old.link_id)
    sandbox.faults.add(match=f"{CREATE}/{old.link_id}", kind="drop_before", times=1)
    with pytest.raises(PaylinkError):
        await desk.links.submit(ada, draft_id, replace=True)
    with pytest.raises(Conflict, match="being replaced right now"):
        await desk.links.set_active(ada, old.link_id, active=True)
    with pytest.raises(Conflict, match="on its way to Stripe"):
        await desk.links.submit(grace, other, replace=True)


@pytest.mark.parametrize("creating", FAULTS)
@pytest.mark.parametrize("retiring", FAULTS)
async def test_one_link_works_at_the_end_whatever_fails(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock, creating: str, retiring: str
) -> None:
    old = await offered(desk, ada)
    draft_id = await edited(desk, ada, old.link_id)
    if FAULTS[creating]:
        sandbox.faults.add(match=CREATE, **FAULTS[creating])
    if FAULTS[retiring]:
        sandbox.faults.add(match=f"{CREATE}/{old.link_id}", **FAULTS[retiring])
    await ended_well(desk, ada, sandbox, clock, old.link_id, draft_id)


@pytest.mark.one_database
async def test_one_link_works_at_the_end_even_where_the_new_one_can_not_be_taken_back_at_once(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    for retiring, taking_back, reading in product(("refused", "failed for good"), FAULTS, ("nothing", "key withdrawn")):
        old = await offered(desk, ada)
        draft_id = await edited(desk, ada, old.link_id)
        refused = f"{CREATE}/{old.link_id}"
        sandbox.faults.add(match=refused, **{**FAULTS[retiring], "times": 1})
        others = [
            sandbox.faults.add(match=elsewhere(refused), **FAULTS[taking_back])
            for _ in range(bool(FAULTS[taking_back]))
        ]
        others += [
            sandbox.faults.add(match=f"GET /v1/payment_links/{old.link_id}", **FAULTS[reading])
            for _ in range(bool(FAULTS[reading]))
        ]
        await ended_well(desk, ada, sandbox, clock, old.link_id, draft_id)
        for fault in others:
            sandbox.faults.remove(fault)


async def ended_well(
    desk: Desk, actor: Actor, sandbox: StripeSandbox, clock: Clock, old_id: str, draft_id: str
) -> None:
    """The submit, carried on until it is over, and another one where that was refused: one link works throughout."""
    for _ in range(8):
        try:
            await desk.links.submit(actor, draft_id, replace=True)
        except PaylinkError:
            await carried_on(desk, actor, draft_id, clock)
        assert len(standing(sandbox, old_id)) == 1
        opened = await desk.links.draft(actor, draft_id)
        if opened.state == "done":
            break
        assert standing(sandbox, old_id) == [old_id]
    assert opened.link_id is not None
    assert standing(sandbox, old_id) == [opened.link_id]
    new, old = await desk.links.get(actor, opened.link_id), await desk.links.get(actor, old_id)
    assert (new.active, old.active) == (True, False)
    assert new.replaces is not None
    assert old.replaced_by is not None
    assert (new.replaces.link_id, old.replaced_by.link_id) == (old_id, new.link_id)


async def test_a_replace_is_carried_on_after_stripe_has_forgotten_the_keys(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    old = await offered(desk, ada)
    draft_id = await edited(desk, ada, old.link_id)
    sandbox.faults.add(match=f"{CREATE}/{old.link_id}", kind="drop_before", times=1)
    with pytest.raises(PaylinkError):
        await desk.links.submit(ada, draft_id, replace=True)
    assert len(standing(sandbox, old.link_id)) == 2
    clock.advance(2 * DAY)
    assert await desk.links.resume() == 1
    assert len(sandbox.payment_links) == 2
    assert standing(sandbox, old.link_id) == [(await desk.links.draft(ada, draft_id)).link_id]


async def test_a_duplicate_is_a_draft_of_its_own(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    card = await offered(desk, ada, OFFER.with_item(SUPPORT))
    opened = await desk.links.duplicate(ada, card.link_id, "C_HERE")
    assert (opened.link_id, opened.base, opened.draft.name) == (None, None, "Copy of Offer")
    assert opened.draft.notify_channel == SALES
    assert not {item.row for item in opened.draft.line_items} & {item.row for item in card.draft.line_items}
    assert all(item.stripe_id is None for item in opened.draft.line_items)
    copy = await desk.links.submit(ada, opened.id)
    assert [item.price for item in copy.draft.line_items] == [CONSULTING.price, SUPPORT.price]
    assert len(standing(sandbox, card.link_id)) == 1
    assert copy.replaces is None


async def test_a_limit_of_ones_own_outlives_the_message_of_a_replaced_link(desk: Desk, ada: Actor) -> None:
    limited = build(CompletedSessions, {"restrictions.completed_sessions.limit": 5, "inactive_message": "Sold out."})
    old = await offered(desk, ada, OFFER.with_option(limited))
    new = await desk.links.submit(ada, await edited(desk, ada, old.link_id), replace=True)
    assert new.draft.options == {limited.key: limited}
    kept = build(CompletedSessions, {"restrictions.completed_sessions.limit": 5})
    assert (await desk.links.duplicate(ada, old.link_id, SALES)).draft.options == {limited.key: kept}
