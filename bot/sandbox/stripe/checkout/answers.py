"""What the page asks of a customer, checked as Stripe's page does."""

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.stripe.checkout.errors import PaymentRefused
from bot.sandbox.stripe.tables import JSON

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_REQUIRED_ADDRESS = ("country", "line1", "city", "postal_code")


@dataclass(frozen=True)
class Answers:
    """The session's fields that follow from the answers."""

    customer_details: JSON
    collected_information: JSON
    custom_fields: list[JSON]
    consent: JSON | None

    @property
    def country(self) -> str | None:
        """Where tax is due: where the goods go to, or where the customer is."""
        shipping = self.collected_information["shipping_details"]
        address: JSON = (shipping or self.customer_details)["address"] or {}
        return address.get("country")


def read_answers(session: JSON, form: JSON, *, paying: bool) -> Answers:
    """Everything the session asks for; PaymentRefused at the first field, from the top, that is missing or wrong.

    `paying` says whether a payment method is taken, which needs a name.
    """
    email, names, phone = _email(session, form), _names(session, form), _phone(session, form)
    shipping = _shipping(session, form)
    fields = _custom_fields(session, form)
    name = names["individual_name"] or names["business_name"] or _text(form, "name")
    if paying and not name:
        raise PaymentRefused("Enter your name.", "name")
    details = {
        "address": _billing(session, form),
        **names,
        "email": email,
        "name": name or None,
        "phone": phone,
        "tax_exempt": "none",
        "tax_ids": _tax_ids(session, form),
    }
    return Answers(details, {**names, "shipping_details": shipping}, fields, _consent(session, form))


def _text(form: JSON, key: str) -> str:
    value = form.get(key)
    return value.strip()[:500] if isinstance(value, str) else ""


def _email(session: JSON, form: JSON) -> str:
    email = session["customer_email"] or _text(form, "email")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email):
        raise PaymentRefused("Your email is incomplete." if email else "Enter your email.", "email")
    return email


def _names(session: JSON, form: JSON) -> JSON:
    asked = session["name_collection"] or {}
    names: JSON = {"business_name": None, "individual_name": None}
    for kind in ("business", "individual"):
        setting = asked.get(kind)
        if not setting or not setting["enabled"]:
            continue
        key = f"{kind}_name"
        names[key] = _text(form, key) or (_text(form, "name") if kind == "individual" else "") or None
        if names[key] is None and not setting["optional"]:
            what = "your business name" if kind == "business" else "your full name"
            raise PaymentRefused(f"Enter {what}.", key)
    return names


def _phone(session: JSON, form: JSON) -> str | None:
    if not session["phone_number_collection"]["enabled"]:
        return None
    phone = _text(form, "phone")
    if not re.fullmatch(r"\+?[0-9][0-9 ().-]{5,24}", phone):
        raise PaymentRefused("Enter a valid phone number.", "phone")
    return phone


def _address(given: Any, field: str, *, required: bool) -> JSON:
    address: JSON = dict.fromkeys(_ADDRESS)
    for key in _ADDRESS:
        value = given.get(key) if isinstance(given, dict) else None
        address[key] = value.strip()[:200] if isinstance(value, str) and value.strip() else None
    missing = [key for key in _REQUIRED_ADDRESS if address[key] is None]
    if required and missing:
        raise PaymentRefused("Complete the address.", f"{field}.{missing[0]}")
    if address["country"] and not re.fullmatch(r"[A-Z]{2}", address["country"]):
        raise PaymentRefused("Choose a country.", f"{field}.country")
    return address


def _billing(session: JSON, form: JSON) -> JSON:
    address = _address(form.get("address"), "address", required=session["billing_address_collection"] == "required")
    taxed_here = session["automatic_tax"]["enabled"] and not session["shipping_address_collection"]
    if taxed_here and not address["country"]:
        raise PaymentRefused("Choose a country.", "address.country")
    return address


def _shipping(session: JSON, form: JSON) -> JSON | None:
    collection = session["shipping_address_collection"]
    if not collection:
        return None
    given: JSON = form["shipping"] if isinstance(form.get("shipping"), dict) else {}
    address = _address(given.get("address"), "shipping.address", required=True)
    if address["country"] not in collection["allowed_countries"]:
        raise PaymentRefused("We don't ship to this country.", "shipping.address.country")
    name = _text(given, "name") or _text(form, "name")
    if not name:
        raise PaymentRefused("Enter the recipient's name.", "shipping.name")
    return {"address": address, "name": name}


def _tax_ids(session: JSON, form: JSON) -> list[JSON]:
    setting = session["tax_id_collection"]
    if not setting["enabled"]:
        return []
    given: JSON = form["tax_id"] if isinstance(form.get("tax_id"), dict) else {}
    value = _text(given, "value")
    if not value:
        if setting["required"] == "if_supported":
            raise PaymentRefused("Enter your tax ID.", "tax_id")
        return []
    return [{"type": _text(given, "type") or "unknown", "value": value}]


def _custom_fields(session: JSON, form: JSON) -> list[JSON]:
    given: JSON = form["custom_fields"] if isinstance(form.get("custom_fields"), dict) else {}
    unknown = set(given) - {field["key"] for field in session["custom_fields"]}
    if unknown:
        raise PaymentRefused(f"The page doesn't ask for {', '.join(sorted(unknown))}.", "custom_fields")
    return [_answered(field, given) for field in session["custom_fields"]]


def _answered(field: JSON, given: JSON) -> JSON:
    kind = field["type"]
    where = f"custom_fields.{field['key']}"
    value = given.get(field["key"])
    value = value.strip() if isinstance(value, str) else ""
    if not value:
        if not field["optional"]:
            raise PaymentRefused("This field is required.", where)
        return field
    setting = field[kind]
    if kind == "dropdown":
        if value not in [option["value"] for option in setting["options"]]:
            raise PaymentRefused("Choose one of the options.", where)
    else:
        _check_length(value, setting, where)
        if kind == "numeric" and not (value.isascii() and value.isdigit()):
            raise PaymentRefused("Enter digits only.", where)
    return {**field, kind: {**setting, "value": value}}


def _check_length(value: str, setting: JSON, where: str) -> None:
    shortest, longest = setting["minimum_length"] or 1, setting["maximum_length"] or 255
    if not shortest <= len(value) <= longest:
        raise PaymentRefused(f"Enter between {shortest} and {longest} characters.", where)


def _consent(session: JSON, form: JSON) -> JSON | None:
    asked = session["consent_collection"]
    if not asked:
        return None
    consent: JSON = {"promotions": None, "terms_of_service": None}
    if asked["terms_of_service"] == "required":
        if form.get("terms_of_service") is not True:
            raise PaymentRefused("Accept the terms of service to continue.", "terms_of_service")
        consent["terms_of_service"] = "accepted"
    if asked["promotions"] == "auto":
        consent["promotions"] = "opt_in" if form.get("promotions") is True else "opt_out"
    return consent
