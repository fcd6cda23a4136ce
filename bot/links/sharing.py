"""What is passed along with a link's address: who pays, for what reference, with which code, in which language.

The parameters, their names and their limits are Stripe's ("Track a payment link" and "Share a payment link", docs of
Payment Links). Stripe drops a value it doesn't accept without a word, so it is refused here.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Self
from urllib.parse import parse_qsl, quote, urlencode

from bot.errors import Problem
from bot.links.languages import LOCALES
from bot.links.options.base import Ask, Part

_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WORD = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_CAMPAIGN = ("campaign", True)


def _utm(label: str, placeholder: str) -> Ask:
    return Ask(label, "text", placeholder=placeholder, max_length=150, shown_when=_CAMPAIGN)


class Sharing(Part):
    """Field names are the address's parameters, but for `locked` (Stripe has a parameter of its own for an email that
    is) and `campaign`, which only says whether to ask for the campaign's."""

    prefilled_email: Annotated[
        str | None, Ask("Customer's email", "text", placeholder="ann@example.com", max_length=254)
    ] = None
    locked: Annotated[bool, Ask("The customer can't change this email", "switch")] = False
    client_reference_id: Annotated[
        str | None,
        Ask(
            "Reference",
            "text",
            hint="Your order or customer number, shown with the payment. Letters, digits, - and _.",
            placeholder="ORDER-1042",
            max_length=200,
        ),
    ] = None
    prefilled_promo_code: Annotated[
        str | None,
        Ask(
            "Promotion code",
            "object",
            kind="promotion_code",
            hint="Is taken off at once; customers can still change it.",
            placeholder="Search active codes",
        ),
    ] = None
    locale: Annotated[
        str | None,
        Ask("Language of the payment page", "choice", placeholder="As the customer's browser asks", choices=LOCALES),
    ] = None
    campaign: Annotated[bool, Ask("Add campaign parameters (UTM)", "switch")] = False
    utm_source: Annotated[str | None, _utm("Source", "newsletter")] = None
    utm_medium: Annotated[str | None, _utm("Medium", "email")] = None
    utm_campaign: Annotated[str | None, _utm("Campaign", "spring_2027")] = None
    utm_term: Annotated[str | None, _utm("Term", "consulting")] = None
    utm_content: Annotated[str | None, _utm("Content", "button")] = None

    @classmethod
    def from_query(cls, query: str) -> Self:
        """What a query stands for: the inverse of `query`."""
        given = dict(parse_qsl(query))
        locked = given.pop("locked_prefilled_email", None)
        fields = {name: given[name] for name in cls.model_fields if name in given}
        email = {"prefilled_email": locked, "locked": True} if locked else {}
        return cls.model_validate({**fields, **email, "campaign": any(name in given for name in _UTM)})

    @property
    def query(self) -> str:
        """The parameters as they stand behind the address's question mark; empty when there are none."""
        email = "locked_prefilled_email" if self.locked else "prefilled_email"
        pairs = [
            (email, self.prefilled_email),
            ("client_reference_id", self.client_reference_id),
            ("prefilled_promo_code", self.prefilled_promo_code),
            ("locale", self.locale),
            *((name, getattr(self, name)) for name in _UTM),
        ]
        return urlencode([(name, value) for name, value in pairs if value], quote_via=quote)

    def problems(self) -> Iterator[Problem]:
        """What Stripe wouldn't accept, beyond the fields' own limits."""
        if self.prefilled_email and not _EMAIL.fullmatch(self.prefilled_email):
            yield Problem("prefilled_email", "Write a complete email address, like ann@example.com.")
        for name in ("client_reference_id", *_UTM):
            value = getattr(self, name)
            if value and not _WORD.fullmatch(value):
                yield Problem(name, "Use letters from A to Z, digits, - and _ only: Stripe drops anything else.")

    def summary(self) -> str:
        """One line for the card: `ann@example.com (locked), reference ORDER-1042, code SPRING20, Deutsch`."""
        locked = " (locked)" if self.locked else ""
        parts = [
            f"{self.prefilled_email}{locked}" if self.prefilled_email else "",
            f"reference {self.client_reference_id}" if self.client_reference_id else "",
            f"code {self.prefilled_promo_code}" if self.prefilled_promo_code else "",
            LOCALES.get(self.locale, self.locale) if self.locale else "",
            *(f"{name} {value}" for name in _UTM if (value := getattr(self, name))),
        ]
        return ", ".join(part for part in parts if part)


def with_query(url: str, query: str) -> str:
    """The address with these parameters behind it."""
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"
