"""Stripe's rules for currencies and amounts (docs.stripe.com/currencies). Amounts are whole minor units."""

from bot.sandbox.stripe.errors import StripeError

_SUPPORTED = (
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf "
    "chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg "
    "huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt "
    "mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar "
    "sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd "
    "xcg xof xpf yer zar zmw"
)
_ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
SUPPORTED = frozenset(_SUPPORTED.split())
ZERO_DECIMAL = frozenset(_ZERO_DECIMAL.split())
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
WHOLE_UNITS_ONLY = frozenset(("isk", "ugx"))
"""Written with two decimals for old times' sake, but only multiples of 100 can be charged."""

MINIMUM_CHARGE = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
_DIGITS = {"idr": 12, "cop": 10, "huf": 10, "jpy": 10, "inr": 9}


def decimals(currency: str) -> int:
    """How many decimals Stripe's minor unit stands for."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def maximum(currency: str) -> int:
    """The largest amount: eight digits for most currencies."""
    return int("9" * _DIGITS.get(currency, 8))


def words(amount: int, currency: str) -> str:
    """An amount for an error message: `$0.50 usd` without the sign, `0.50 usd`."""
    places = decimals(currency)
    if not places:
        return f"{amount} {currency}"
    whole, rest = divmod(amount, 10**places)
    return f"{whole}.{rest:0{places}d} {currency}"


def parse(currency: str, param: str) -> str:
    """A currency in lower case; raises StripeError when Stripe doesn't take it."""
    lower = currency.lower()
    if lower not in SUPPORTED:
        message = f"Invalid currency: {currency}. Stripe currently supports these currencies: " + ", ".join(
            sorted(SUPPORTED)
        )
        raise StripeError(message, param=param)
    return lower


def check_amount(amount: int, currency: str, param: str) -> None:
    """Raise StripeError unless the amount can be charged in this currency as a unit amount."""
    if amount > maximum(currency):
        message = f"Amount must be no more than {words(maximum(currency), currency)}"
        raise StripeError(message, code="amount_too_large", param=param)
    if currency in WHOLE_UNITS_ONLY and amount % 100:
        message = f"Invalid amount: {currency.upper()} has no decimal places, so the amount must be a multiple of 100."
        raise StripeError(message, code="parameter_invalid_integer", param=param)
    if currency in THREE_DECIMAL and amount % 10:
        message = f"Invalid amount: the last digit of a {currency.upper()} amount must be 0."
        raise StripeError(message, code="parameter_invalid_integer", param=param)


def check_total(total: int, currency: str) -> None:
    """Raise StripeError when a total is above nothing but below the smallest charge, or too large."""
    least = MINIMUM_CHARGE.get(currency, 1)
    if 0 < total < least:
        message = f"The Checkout Session's total amount due must add up to at least {words(least, currency)}"
        raise StripeError(message, code="amount_too_small")
    if total > maximum(currency):
        message = f"The Checkout Session's total amount due must be no more than {words(maximum(currency), currency)}"
        raise StripeError(message, code="amount_too_large")
