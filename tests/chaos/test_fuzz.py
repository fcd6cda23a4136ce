"""A little strange input."""

from tests.chaos.fuzz import fuzz


async def test_strange_input_is_never_a_500(database_url: str) -> None:
    figures = await fuzz(database_url, 500, seed=5)
    assert figures.problems == []
    assert (figures.inputs, figures.pure) == (500, 1000)
