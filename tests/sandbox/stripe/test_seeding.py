"""A large catalog."""

from bot.sandbox.stripe import StripeSandbox


async def test_a_seeded_catalog_is_complete_and_silent(sandbox: StripeSandbox) -> None:
    sandbox.seed_catalog(1000)
    prices = sandbox.account.tables["price"].values()
    products = sandbox.account.tables["product"]
    assert len(products) == len(prices) == 1000
    assert all(price["product"] in products and price["active"] for price in prices)
    assert len({product["name"] for product in products.values()}) == 1000
    assert not sandbox.events
