"""What a price costs."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.stripe import pricing
from bot.sandbox.stripe.state import Account
from bot.sandbox.stripe.tables import JSON

quantities = st.integers(min_value=1, max_value=10_000)


def cost(quantity: int, option: JSON, **price: object) -> int:
    account = Account(id="acct_1", name="Acme", secret_key="sk_test_1")
    account.price_extras["price_1"] = {"currency_options": {"usd": {"custom_unit_amount": None, **option}}}
    return pricing.subtotal(account, {"id": "price_1", **price}, "usd", quantity)


def tiers(*rows: tuple[int | None, str, str]) -> JSON:
    return {
        "tiers": [{"up_to": up, "unit_amount_decimal": unit, "flat_amount_decimal": flat} for up, unit, flat in rows]
    }


@given(quantities, st.integers(min_value=0, max_value=99_999_999))
def test_flat_prices_multiply(quantity: int, amount: int) -> None:
    assert cost(quantity, {"unit_amount_decimal": str(amount)}) == quantity * amount


@given(quantities)
def test_graduated_tiers_charge_each_unit_in_its_tier(quantity: int) -> None:
    option = tiers((5, "10", "100"), (10, "8", "0"), (None, "5", "0"))
    first, second, rest = min(quantity, 5), max(min(quantity, 10) - 5, 0), max(quantity - 10, 0)
    assert cost(quantity, option, tiers_mode="graduated") == 100 + first * 10 + second * 8 + rest * 5


@given(quantities)
def test_volume_tiers_charge_all_units_in_the_last_tier(quantity: int) -> None:
    option = tiers((5, "10", "100"), (None, "5", "7"))
    assert cost(quantity, option, tiers_mode="volume") == (quantity * 10 + 100 if quantity <= 5 else quantity * 5 + 7)


@given(quantities, st.integers(min_value=1, max_value=50))
def test_packages_are_rounded_as_told(quantity: int, size: int) -> None:
    option = {"unit_amount_decimal": "300"}
    up = {"divide_by": size, "round": "up"}
    down = {"divide_by": size, "round": "down"}
    assert cost(quantity, option, transform_quantity=up) == -(-quantity // size) * 300
    assert cost(quantity, option, transform_quantity=down) == quantity // size * 300


def test_decimals_round_half_up_once() -> None:
    assert cost(1, {"unit_amount_decimal": "0.5"}) == 1
    assert cost(3, {"unit_amount_decimal": "0.5"}) == 2
    assert cost(1000, {"unit_amount_decimal": "0.001"}) == 1
