import pytest

from bot.errors import NotFound, StripeUnavailable
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.links import PAGE
from bot.services.notices import LinkCard
from tests.conftest import Clock
from tests.services.desk import OFFER, SALES, Desk


async def made(desk: Desk, actor: Actor, name: str = "Offer") -> LinkCard:
    """A link of this name."""
    opened = await desk.links.start(actor, SALES, OFFER.with_name(name))
    return await desk.links.submit(actor, opened.id)


async def test_off_and_on_again(desk: Desk, ada: Actor, grace: Actor, sandbox: StripeSandbox) -> None:
    card = await made(desk, ada)
    off = await desk.links.set_active(grace, card.link_id, False)
    assert (off.active, sandbox.payment_links[card.link_id]["active"]) == (False, False)
    on = await desk.links.set_active(grace, card.link_id, True)
    assert (on, sandbox.payment_links[card.link_id]["active"]) == (card, True)
    assert [wish.wanted for wish in await desk.cards("link", card.link_id)] == [3]
    assert desk.wakes == 3


async def test_a_silent_stripe_changes_nothing(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    card = await made(desk, ada)
    sandbox.faults.add(match=f"POST /v1/payment_links/{card.link_id}", kind="drop_before", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.set_active(ada, card.link_id, False)
    assert (await desk.links.get(ada, card.link_id)).active is True


async def test_what_is_not_here_is_not_found(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    card = await made(desk, ada)
    other = Desk(desk.db, desk.stripe, desk.clock, team_id="T2")
    stranger = Actor("T2", "UX", "X", "en_US", may_edit=True)
    asked = len(sandbox.requests)
    attempts = [
        other.links.get(stranger, card.link_id),
        other.links.edit(stranger, card.link_id),
        other.links.set_active(stranger, card.link_id, False),
        other.links.share(stranger, card.link_id, SALES, ""),
        desk.links.get(ada, "plink_none"),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="no such payment link"):
            await attempt
    assert await other.links.find(stranger, card.link_id) == []
    assert (await other.links.page(stranger)).links == ()
    assert len(sandbox.requests) == asked


async def test_finding_by_id_url_and_name(desk: Desk, ada: Actor, clock: Clock) -> None:
    spring = await made(desk, ada, "Spring sale")
    clock.advance(1)
    summer = await made(desk, ada, "Summer sale")
    assert await desk.links.find(ada, spring.link_id) == [spring]
    assert await desk.links.find(ada, spring.url) == [spring]
    assert await desk.links.find(ada, "Spring sale") == [spring]
    assert await desk.links.find(ada, "sale") == [summer, spring]
    assert await desk.links.find(ada, "winter") == []


async def test_pages_go_on_where_the_last_one_ended(desk: Desk, ada: Actor, clock: Clock) -> None:
    cards = []
    for number in range(PAGE + 2):
        cards.append(await made(desk, ada, f"Offer {number}"))
        clock.advance(1)
    off = await desk.links.set_active(ada, cards[0].link_id, False)
    first = await desk.links.page(ada)
    assert [card.link_id for card in first.links] == [card.link_id for card in reversed(cards[2:])]
    last = await desk.links.page(ada, before=first.next)
    assert (last.links, last.next) == ((cards[1], off), None)
    assert (await desk.links.page(ada, active=False)).links == (off,)
    assert (await desk.links.page(ada, active=True, text="OFFER 1", before=first.next)).links == (cards[1],)


async def test_sharing_puts_the_card_into_another_channel(desk: Desk, ada: Actor) -> None:
    card = await made(desk, ada)
    await desk.links.share(ada, card.link_id, "C_OTHER", "Have a look")
    here, there = sorted(await desk.cards("link", card.link_id), key=lambda wish: wish.channel_id, reverse=True)
    assert (here.channel_id, here.note) == (SALES, "")
    assert (there.channel_id, there.note, there.state) == ("C_OTHER", "Have a look", "due")
    assert desk.wakes == 2
