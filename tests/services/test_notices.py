from bot.money import Money
from bot.payments.payment import Payment
from bot.services.actors import Actor
from bot.services.notices import DigestCard
from storage import cards, links
from storage.models import Card, Link
from storage.models import Payment as PaymentRow
from storage.search import fold
from tests.services.desk import OFFER, SALES, TEAM, Desk


def link(link_id: str, name: str) -> Link:
    return Link(
        team_id=TEAM,
        id=link_id,
        name=name,
        search=fold(name),
        url=f"https://buy.stripe.com/{link_id}",
        active=True,
        livemode=True,
        data=OFFER.model_dump(mode="json"),
        created_by="UADA",
        channel_id=SALES,
        created_at=1,
        updated_at=1,
    )


def payment(id: str, link_id: str, status: str, amount: int, currency: str = "eur") -> PaymentRow:
    data = Payment.model_validate(
        {
            "id": id,
            "link_id": link_id,
            "status": status,
            "amount_total": amount,
            "currency": currency,
            "livemode": True,
            "created_at": 1,
        }
    )
    return PaymentRow(
        team_id=TEAM,
        id=id,
        link_id=link_id,
        status=status,
        amount_total=amount,
        currency=currency,
        data=data.model_dump(mode="json"),
        created_at=1,
        updated_at=1,
    )


async def filled(desk: Desk) -> None:
    """Two links, five payments."""
    async with desk.db.begin() as session:
        await links.add(session, link("plink_1", "Offer"))
        await links.add(session, link("plink_2", "Support"))
        for row in (
            payment("cs_1", "plink_1", "paid", 1000),
            payment("cs_2", "plink_1", "paid", 500),
            payment("cs_3", "plink_1", "paid", 700, "usd"),
            payment("cs_4", "plink_2", "processing", 900),
            payment("cs_5", "plink_2", "failed", 900),
        ):
            session.add(row)


async def test_a_link_card_adds_up_what_was_paid(desk: Desk, ada: Actor) -> None:
    await filled(desk)
    query = "prefilled_email=ann%40example.com&locale=de"
    async with desk.db.begin() as session:
        await cards.want(session, desk.team_id, "link", "plink_1", SALES, 1.0, "Look", query, "UADA")
    (shared,) = await desk.cards("link", "plink_1")
    card = await desk.notices.link_card("plink_1", "C_NOT_IN", shared)
    assert card is not None
    assert (card.name, card.note, card.hint_channel, card.livemode) == ("Offer", "Look", "C_NOT_IN", True)
    assert card.url.endswith("?prefilled_email=ann%40example.com&locale=de")
    assert card.prefilled == "ann@example.com, Deutsch"
    assert card.paid == ((Money(1500, "eur"), 2), (Money(700, "usd"), 1))
    other = await desk.links.get(ada, "plink_2")
    assert (other.paid, other.processing) == ((), 1)


async def test_a_payment_card(desk: Desk) -> None:
    await filled(desk)
    card = await desk.notices.payment_card("cs_4", "C_NOT_IN")
    assert card is not None
    assert (card.payment.status, card.link_name, card.created_by) == ("processing", "Support", "UADA")
    assert (card.livemode, card.hint_channel) == (True, "C_NOT_IN")


async def test_a_digest_adds_up_its_payments(desk: Desk) -> None:
    await filled(desk)
    async with desk.db.begin() as session:
        for number in range(1, 6):
            await cards.want(session, TEAM, "payment", f"cs_{number}", SALES, 10)
        digest = Card(
            id="digest1",
            team_id=TEAM,
            channel_id=SALES,
            subject_kind="digest",
            subject_id="digest1",
            key="k",
            due_at=20,
            created_at=20,
            updated_at=30,
        )
        session.add(digest)
        for number in range(1, 6):
            (card,) = await cards.of(session, TEAM, "payment", f"cs_{number}")
            card.digest_id = "digest1"
    assert await desk.notices.digest("digest1") == DigestCard(
        paid=((Money(1500, "eur"), 2), (Money(700, "usd"), 1)),
        processing=1,
        failed=1,
        since=20,
        until=30,
        links=(("Offer", 3), ("Support", 2)),
        created_by="UADA",
    )


async def test_what_is_not_known_has_no_card(desk: Desk) -> None:
    assert await desk.notices.link_card("plink_none") is None
    assert await desk.notices.payment_card("cs_none") is None
    assert await desk.notices.digest("none") is None
