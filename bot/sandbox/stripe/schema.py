"""Parameters as data: what a value may be, declared once, and read strictly.

Every `parse(raw, path)` returns the typed value, or `None` when an empty string unsets the parameter (only where
the declaration says `unset=True`), and raises StripeError naming `path` otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.sandbox.stripe.errors import StripeError, empty_parameter, missing_parameter, unknown_parameters
from bot.sandbox.stripe.forms import Raw


class Param(Protocol):
    """One declared parameter."""

    def parse(self, raw: Raw, path: str) -> Any:
        """Read `raw`; see the module's docstring."""


def scalar(raw: Raw, path: str) -> str:
    """A plain value; a hash or array in its place is refused."""
    if isinstance(raw, dict):
        raise StripeError(f"Invalid string: {_short(raw)}", param=path)
    return raw


def _short(raw: Raw) -> str:
    text = "{...}" if isinstance(raw, dict) else raw
    return text if len(text) <= 40 else f"{text[:20]}...{text[-10:]}"


@dataclass(frozen=True)
class Text:
    """A string of `minimum`..`maximum` characters, perhaps of a pattern (`what` says it in words)."""

    maximum: int = 5000
    minimum: int = 1
    unset: bool = False
    pattern: str | None = None
    what: str = ""

    def parse(self, raw: Raw, path: str) -> str | None:
        """The string as sent."""
        value = scalar(raw, path)
        if not value:
            if self.unset:
                return None
            raise empty_parameter(path)
        if len(value) > self.maximum:
            raise StripeError(f"Invalid string: {_short(value)}; must be at most {self.maximum} characters", param=path)
        if len(value) < self.minimum:
            raise StripeError(f"Invalid string: {value}; must be at least {self.minimum} characters", param=path)
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise StripeError(f"Invalid {path}: {self.what}", param=path)
        return value


@dataclass(frozen=True)
class Integer:
    """A whole number in `minimum`..`maximum`, written in ASCII digits."""

    minimum: int = 0
    maximum: int = 2**53
    unset: bool = False

    def parse(self, raw: Raw, path: str) -> int | None:
        """The number."""
        value = scalar(raw, path)
        if not value and self.unset:
            return None
        if not value:
            raise empty_parameter(path)
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise StripeError(f"Invalid integer: {_short(value)}", code="parameter_invalid_integer", param=path)
        number = int(value)
        if number < self.minimum:
            message = f"This value must be greater than or equal to {self.minimum}."
            raise StripeError(message, code="parameter_invalid_integer", param=path)
        if number > self.maximum:
            message = f"This value must be less than or equal to {self.maximum}."
            raise StripeError(message, code="parameter_invalid_integer", param=path)
        return number


@dataclass(frozen=True)
class Number:
    """A decimal number in `minimum`..`maximum` with at most `places` decimal places."""

    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(10) ** 15
    places: int = 12
    unset: bool = False

    def parse(self, raw: Raw, path: str) -> Decimal | None:
        """The number, exactly."""
        value = scalar(raw, path)
        if not value and self.unset:
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", value):
            raise StripeError(f"Invalid decimal: {_short(value)}", param=path)
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise StripeError(f"Invalid decimal: {_short(value)}", param=path) from error
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise StripeError(f"Invalid decimal: {value}; must have at most {self.places} decimal places", param=path)
        if not self.minimum <= number <= self.maximum:
            raise StripeError(
                f"Invalid decimal: {value}; must be between {self.minimum} and {self.maximum}", param=path
            )
        return number


@dataclass(frozen=True)
class Boolean:
    """`true` or `false`, nothing else."""

    def parse(self, raw: Raw, path: str) -> bool:
        """The truth."""
        value = scalar(raw, path)
        if value not in ("true", "false"):
            raise StripeError(f"Invalid boolean: {_short(value)}", param=path)
        return value == "true"


@dataclass(frozen=True)
class Choice:
    """One of a fixed set of words."""

    values: tuple[str, ...]
    unset: bool = False

    def parse(self, raw: Raw, path: str) -> str | None:
        """The word."""
        value = scalar(raw, path)
        if not value and self.unset:
            return None
        if value not in self.values:
            words = list(self.values)
            listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, or {words[-1]}"
            raise StripeError(f"Invalid {path}: must be one of {listed}", param=path)
        return value


@dataclass(frozen=True)
class Url:
    """An absolute http or https URL, or one of `schemes` alone."""

    maximum: int = 5000
    unset: bool = False
    schemes: tuple[str, ...] = ("http", "https")

    def parse(self, raw: Raw, path: str) -> str | None:
        """The URL as sent."""
        value = scalar(raw, path)
        if not value and self.unset:
            return None
        try:
            parts = urlsplit(value)
            valid = parts.scheme in self.schemes and bool(parts.hostname)
        except ValueError:
            valid = False
        if not valid or len(value) > self.maximum or re.search(r"[\s<>\"\\^`]", value):
            raise StripeError("Not a valid URL", code="url_invalid", param=path)
        return value


@dataclass(frozen=True)
class Metadata:
    """Stripe's metadata: ≤50 keys of ≤40 characters without brackets, values ≤500; an empty value removes a key."""

    unset: bool = False

    def parse(self, raw: Raw, path: str) -> dict[str, str] | None:
        """The keys given, with an empty string where one is to be removed."""
        if raw == "" and self.unset:
            return None
        if not isinstance(raw, dict):
            raise StripeError(f"Invalid hash: {_short(raw)}", param=path)
        if len(raw) > 50:
            raise StripeError(f"You can only have 50 keys in {path}; you passed {len(raw)}.", param=path)
        for key, value in raw.items():
            text = scalar(value, f"{path}[{key}]")
            if len(key) > 40:
                raise StripeError(f"Invalid {path} key: {key}; must be at most 40 characters", param=path)
            if len(text) > 500:
                raise StripeError(
                    f"Metadata values can have up to 500 characters, but you passed in a value that is {len(text)} "
                    f"characters. Invalid value: {_short(text)}",
                    param=f"{path}[{key}]",
                )
        return {key: str(value) for key, value in raw.items()}


@dataclass(frozen=True)
class ListOf:
    """An array of one kind of item."""

    item: Param
    maximum: int = 1000
    minimum: int = 0
    unset: bool = False
    unique: bool = False

    def parse(self, raw: Raw, path: str) -> list[Any] | None:
        """The items in the order of their indexes."""
        if raw == "" and self.unset:
            return None
        if not isinstance(raw, dict) or not all(re.fullmatch(r"[0-9]{1,6}", key) for key in raw):
            raise StripeError("Invalid array", param=path)
        if len(raw) > self.maximum:
            raise StripeError(f"Array {path} exceeded maximum {self.maximum} allowed elements.", param=path)
        if len(raw) < self.minimum:
            raise StripeError(f"Array {path} must have at least {self.minimum} elements.", param=path)
        ordered = sorted(raw, key=int)
        values = [self.item.parse(raw[key], f"{path}[{position}]") for position, key in enumerate(ordered)]
        if self.unique and len(set(values)) != len(values):
            raise StripeError(f"Array {path} must not contain duplicates.", param=path)
        return values


@dataclass(frozen=True)
class MapOf:
    """A hash with free keys (such as currencies) and one kind of value."""

    key: Param
    item: Param
    unset: bool = False

    def parse(self, raw: Raw, path: str) -> dict[str, Any] | None:
        """The hash."""
        if raw == "" and self.unset:
            return None
        if not isinstance(raw, dict):
            raise StripeError(f"Invalid hash: {_short(raw)}", param=path)
        return {self.key.parse(key, path): self.item.parse(raw[key], f"{path}[{key}]") for key in raw}


@dataclass(frozen=True)
class Either:
    """The first of several kinds for a plain value, the last for a hash (such as `created=5` or `created[gte]=5`)."""

    plain: Param
    nested: Param

    def parse(self, raw: Raw, path: str) -> Any:
        """Whatever the fitting kind reads."""
        return (self.nested if isinstance(raw, dict) else self.plain).parse(raw, path)


@dataclass(frozen=True)
class Hash:
    """A hash with declared keys, and the whole parameter list of an endpoint."""

    fields: Mapping[str, Param] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    unset: bool = False

    def parse(self, raw: Raw, path: str = "") -> dict[str, Any] | None:
        """The keys that were sent, read. Unknown keys are refused first, then missing, then wrong ones."""
        if raw == "" and self.unset:
            return None
        if not isinstance(raw, dict):
            raise StripeError(f"Invalid object: {_short(raw)}", param=path)
        unknown = [_join(path, key) for key in raw if key not in self.fields]
        if unknown:
            raise unknown_parameters(unknown)
        for key in self.required:
            if key not in raw:
                raise missing_parameter(_join(path, key))
        return {key: self.fields[key].parse(value, _join(path, key)) for key, value in raw.items()}


def _join(path: str, key: str) -> str:
    return f"{path}[{key}]" if path else key
