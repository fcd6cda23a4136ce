"""Answers to the fields of each option group, without a mistake."""

from hypothesis import strategies as st

from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.base import OptionGroup
from bot.links.options.countries import AREAS, COUNTRIES
from bot.links.options.fields import build
from bot.links.options.payment_methods import METHODS
from bot.money import Money
from tests.links.words import lines, messages, rows

Answers = dict[str, Answer]

ONE_TIME_ONLY = frozenset({"customer_creation", "payment", "invoice", "shipping_rates"})
RECURRING_ONLY = frozenset({"subscription"})
NOT_MANAGED = frozenset({"tax", "shipping_address", "shipping_rates", "connect"})
"""What doesn't go with managed payments."""
NEEDS_ADDRESS = frozenset({"consent", "shipping_rates"})

PRICES = ("price_poster", "price_frame", "price_cleaning")
RATES = ("shr_standard", "shr_express", "shr_pickup")
ACCOUNTS = ("acct_gallery", "acct_printer")
"""What good answers name; the tests that need them in the sandbox's Stripe put them there."""


def groups(key: str, *, recurring: bool = False, currency: str = "eur") -> st.SearchStrategy[OptionGroup]:
    """The group of this key, filled in without a mistake."""
    if key == "submit_type":
        answers = SUBMIT_TYPES[recurring]
    elif key == "connect":
        answers = _connect(recurring, currency)
    else:
        answers = ANSWERS.get(key, st.just({}))
    return answers.map(lambda chosen: build(GROUPS[key], chosen))


def pairs(most: int, left: int, right: int) -> st.SearchStrategy[str | None]:
    """`name = value` on up to so many lines, each name once."""
    sides = st.tuples(lines(left).filter(lambda text: not set(text) & set("=[]")), lines(right))
    several = st.lists(sides, max_size=most, unique_by=lambda pair: pair[0])
    return several.map(lambda found: "\n".join(f"{name} = {value}" for name, value in found) or None)


def some(values: st.SearchStrategy[Answer]) -> st.SearchStrategy[Answer]:
    return st.none() | values


_REDIRECT: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    {
        "after_completion.type": st.just("redirect"),
        "after_completion.redirect.url": rows.map(lambda row: f"https://example.com/{row}?s={{CHECKOUT_SESSION_ID}}"),
    }
)
_MESSAGE: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    {
        "after_completion.type": st.just("hosted_confirmation"),
        "after_completion.hosted_confirmation.custom_message": messages(),
    }
)
_INVOICE = {
    "description": some(messages(1500)),
    "footer": some(messages(5000)),
    "custom_fields": pairs(4, 40, 140),
    "account_tax_ids": st.lists(rows, max_size=3, unique=True).map(lambda ids: "\n".join(map("atxi_".__add__, ids))),
}
_WHO: st.SearchStrategy[Answers] = st.sampled_from(
    [{"type": "self"}, *({"type": "account", "account": account} for account in ACCOUNTS)]
)
SUBMIT_TYPES: dict[bool, st.SearchStrategy[Answers]] = {
    False: st.fixed_dictionaries({"submit_type": st.sampled_from(["pay", "book", "donate"])}),
    True: st.just({"submit_type": "subscribe"}),
}


@st.composite
def _connect(draw: st.DrawFn, recurring: bool, currency: str) -> Answers:
    """Something for a destination, or nothing but a seller."""
    answers: Answers = {"currency": currency, "on_behalf_of": draw(st.sampled_from(ACCOUNTS))}
    if draw(st.booleans()):
        return answers
    amount = Money(draw(st.integers(1, 9)) * 1000, currency).plain()
    fee = {"application_fee_percent": "12.5"} if recurring else {"application_fee_amount": amount}
    transfer = {"application_fee_percent": "0.25"} if recurring else {"transfer_data.amount": amount}
    given: Answers = draw(st.sampled_from([{}, fee, transfer]))
    return answers | given | {"transfer_data.destination": draw(st.sampled_from(ACCOUNTS))}


@st.composite
def _optional_items(draw: st.DrawFn) -> Answers:
    answers: Answers = {}
    for place, price in enumerate(draw(st.lists(st.sampled_from(PRICES), min_size=1, unique=True))):
        where, quantity = f"optional_items.{place}", draw(st.integers(1, 40))
        adjustable = {
            "enabled": True,
            "minimum": draw(st.none() | st.integers(0, quantity)),
            "maximum": draw(st.none() | st.integers(quantity, 999_999)),
        }
        limits = adjustable if draw(st.booleans()) else {}
        answers |= {f"{where}.price": price, f"{where}.quantity": quantity}
        answers |= {f"{where}.adjustable_quantity.{name}": value for name, value in limits.items()}
    return answers


def _prefixed(prefix: str, answers: st.SearchStrategy[Answers]) -> st.SearchStrategy[Answers]:
    return answers.map(lambda given: {f"{prefix}.{name}": value for name, value in given.items()})


@st.composite
def _names(draw: st.DrawFn) -> Answers:
    kinds = draw(st.sampled_from([["individual"], ["business"], ["individual", "business"]]))
    answers: Answers = {f"name_collection.{kind}.enabled": True for kind in kinds}
    return answers | {f"name_collection.{kind}.optional": draw(st.booleans()) for kind in kinds}


@st.composite
def _custom_fields(draw: st.DrawFn) -> Answers:
    answers: Answers = {}
    for place in range(draw(st.integers(1, 3))):
        where, kind = f"custom_fields.{place}", draw(st.sampled_from(["text", "numeric", "dropdown"]))
        answers |= {
            f"{where}.type": kind,
            f"{where}.label.custom": draw(lines(100)),
            f"{where}.key": draw(st.none() | rows.map(f"key{place}x".__add__)),
            f"{where}.optional": draw(st.booleans()),
        }
        typed = draw(_choices() if kind == "dropdown" else _typed(kind))
        answers |= {f"{where}.{kind}.{name}": value for name, value in typed.items()}
    return answers


@st.composite
def _choices(draw: st.DrawFn) -> Answers:
    labels = draw(st.lists(lines(60).filter(lambda label: "=" not in label), min_size=1, max_size=4, unique=True))
    named = [f"v{place} = {label}" if draw(st.booleans()) else label for place, label in enumerate(labels)]
    return {"options": "\n".join(named), "default_value": draw(st.none() | st.sampled_from(labels))}


@st.composite
def _typed(draw: st.DrawFn, kind: str) -> Answers:
    shortest, longest = sorted(draw(st.tuples(st.integers(1, 20), st.integers(1, 255))))
    default = st.text("0123456789" if kind == "numeric" else "abc", min_size=shortest, max_size=longest)
    return {"minimum_length": shortest, "maximum_length": longest, "default_value": draw(some(default))}


@st.composite
def _payment_methods(draw: st.DrawFn) -> Answers:
    methods = draw(st.sets(st.sampled_from(list(METHODS)), max_size=5))
    blocked = draw(st.sets(st.sampled_from(["visa", "mastercard", "american_express"]), min_size=not methods))
    return {
        "payment_method_types": tuple(methods | {"card"}) if methods else None,
        "payment_method_options.card.restrictions.brands_blocked": tuple(blocked),
    }


@st.composite
def _payment(draw: st.DrawFn) -> Answers:
    descriptor = some(st.text("abc XYZ.9", min_size=1, max_size=10).map(lambda text: f"Fair{text.strip()}x"))
    answers = {
        "capture_method": st.sampled_from([None, "automatic", "automatic_async", "manual"]),
        "setup_future_usage": st.sampled_from([None, "on_session", "off_session"]),
        "description": lines(250),
        "statement_descriptor_suffix": descriptor,
        "statement_descriptor": descriptor,
        "transfer_group": some(rows),
    }
    return {f"payment_intent_data.{name}": draw(values) for name, values in answers.items()}


@st.composite
def _subscription(draw: st.DrawFn) -> Answers:
    days = draw(some(st.integers(1, 730)))
    end = draw(st.sampled_from([None, "cancel", "pause", "create_invoice"])) if days else None
    answers: Answers = {
        "payment_method_collection": draw(st.sampled_from(["always", "if_required"])),
        "subscription_data.trial_period_days": days,
        "subscription_data.trial_settings.end_behavior.missing_payment_method": end,
        "subscription_data.description": draw(messages() if not days else some(messages())),
    }
    answers |= draw(_prefixed("subscription_data.invoice_settings.issuer", _WHO))
    return answers | {f"subscription_data.invoice_settings.{name}": draw(value) for name, value in _INVOICE.items()}


@st.composite
def _consent(draw: st.DrawFn) -> Answers:
    terms = draw(st.sampled_from(["none", "required"]))
    answers: Answers = {
        "consent_collection.terms_of_service": terms,
        "consent_collection.promotions": draw(st.sampled_from(["none", "auto"])),
        "consent_collection.payment_method_reuse_agreement.position": draw(st.sampled_from(["auto", "hidden"])),
        "custom_text.submit.message": draw(messages(1200)),
        "custom_text.after_submit.message": draw(some(messages(1200))),
        "custom_text.shipping_address.message": draw(some(messages(1200))),
    }
    own = {"custom_text.terms_of_service_acceptance.message": draw(some(messages(1200)))}
    return answers | (own if terms == "required" else {})


ANSWERS: dict[str, st.SearchStrategy[Answers]] = {
    "after_completion": _MESSAGE | _REDIRECT,
    "completed_sessions": st.fixed_dictionaries(
        {"restrictions.completed_sessions.limit": st.integers(1, 10**6), "inactive_message": some(messages())}
    ),
    "name_collection": _names(),
    "tax_id_collection": st.sampled_from(["never", "if_supported"]).map(
        lambda required: {"tax_id_collection.required": required}
    ),
    "custom_fields": _custom_fields(),
    "shipping_address": st.fixed_dictionaries(
        {
            "shipping_address_collection.allowed_countries": st.sets(st.sampled_from(COUNTRIES), min_size=1).map(tuple)
            | st.sampled_from([area.countries for area in AREAS])
        }
    ),
    "payment_methods": _payment_methods(),
    "payment": _payment(),
    "subscription": _subscription(),
    "invoice": st.fixed_dictionaries(
        {
            **{f"invoice_creation.invoice_data.{name}": value for name, value in _INVOICE.items()},
            "invoice_creation.invoice_data.rendering_options.amount_tax_display": st.sampled_from(
                [None, "exclude_tax", "include_inclusive_tax"]
            ),
            "invoice_creation.invoice_data.rendering_options.template": some(rows.map("inrtem_".__add__)),
            "invoice_creation.invoice_data.metadata": pairs(3, 40, 300),
        }
    ).flatmap(lambda given: _prefixed("invoice_creation.invoice_data.issuer", _WHO).map(lambda who: given | who)),
    "tax": _prefixed("automatic_tax.liability", _WHO),
    "optional_items": _optional_items(),
    "shipping_rates": st.lists(st.sampled_from(RATES), min_size=1, unique=True).map(
        lambda rates: {"shipping_options": tuple(rates)}
    ),
    "submit_type": SUBMIT_TYPES[False],
    "consent": _consent(),
    "metadata": pairs(5, 40, 300).filter(bool).map(lambda text: {"metadata": text}),
}
