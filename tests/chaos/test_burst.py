"""A small burst."""

from tests.chaos.burst import burst


async def test_a_flood_of_payments_is_a_few_messages(database_url: str) -> None:
    figures = await burst(database_url, 400)
    assert figures.problems == []
    assert figures.closest >= 1.0
    assert figures.payments == 400
    assert figures.messages < 60
