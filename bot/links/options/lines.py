"""Texts typed one thing a line, and what they stand for."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.links.text import clean_line


class Lines(Protocol):
    """A way to type a list. `write` is the inverse of `read` for everything that was read."""

    def read(self, text: str) -> Any:
        """What the text stands for, as Stripe's parameter. Raises `ValueError` with a sentence that says what to do."""

    def write(self, value: Any) -> str:
        """The parameter as text."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text a line, at most `most`."""

    most: int

    def read(self, text: str) -> list[str]:
        words = [line for _, line in _lines(text)]
        _at_most(self.most, words)
        return words

    def write(self, value: Iterable[str]) -> str:
        return "\n".join(value)


@dataclass(frozen=True, slots=True)
class Pairs:
    """`left = right` on each line; `most`, `left_length` and `right_length` are Stripe's limits."""

    left: str
    right: str
    most: int
    left_length: int
    right_length: int

    def read(self, text: str) -> list[dict[str, str]]:
        return [{self.left: left, self.right: right} for left, right in self.pairs(text)]

    def write(self, value: Iterable[Any]) -> str:
        return self._written((getattr(part, self.left), getattr(part, self.right)) for part in value)

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """What stands before and after the first `=` of each line. Raises `ValueError`."""
        found = []
        for number, line in _lines(text):
            left, _, right = (part.strip() for part in line.partition("="))
            if not left or not right:
                raise ValueError(f"Line {number}: write it as {self.left} = {self.right}.")
            if len(left) > self.left_length or len(right) > self.right_length:
                limits = f"at most {self.left_length} characters before the = and {self.right_length} after it"
                raise ValueError(f"Line {number}: use {limits}.")
            found.append((left, right))
        _at_most(self.most, found)
        return found

    @staticmethod
    def _written(pairs: Iterable[tuple[str, str]]) -> str:
        return "\n".join(clean_line(f"{left} = {right}") for left, right in pairs)


@dataclass(frozen=True, slots=True)
class Keys(Pairs):
    """`key = value` on each line, each key once: Stripe's metadata."""

    def read(self, text: str) -> Any:
        found: dict[str, str] = {}
        for key, value in self.pairs(text):
            if key in found:
                raise ValueError(f"{key} is there twice: write each {self.left} once.")
            if re.search(r"[\[\]]", key):
                raise ValueError(f"{key}: leave out the brackets.")
            found[key] = value
        return found

    def write(self, value: Any) -> str:
        return self._written(value.items())


@dataclass(frozen=True, slots=True)
class Options:
    """`Label` or `value = Label` on each line; a value that isn't given is made of the label."""

    most: int
    length: int

    def read(self, text: str) -> list[dict[str, str]]:
        found: dict[str, str] = {}
        for number, line in _lines(text):
            before, separator, after = (part.strip() for part in line.partition("="))
            value, label = (before, after) if separator else (unique(slug(line) or f"option{number}", found), line)
            if wrong := self._wrong(value, label, found):
                raise ValueError(f"Line {number}: {wrong}")
            found[value] = label
        _at_most(self.most, found)
        return [{"value": value, "label": label} for value, label in found.items()]

    def write(self, value: Iterable[Any]) -> str:
        return "\n".join(self._line(option.value, option.label) for option in value)

    def _wrong(self, value: str, label: str, taken: Mapping[str, str]) -> str | None:
        if not is_alphanumeric(value):
            return "before the =, use letters from A to Z and digits only."
        if not label:
            return "write what the customer sees after the =."
        if len(value) > self.length or len(label) > self.length:
            return f"use at most {self.length} characters."
        return f"{value} is there twice; write each value once." if value in taken else None

    @staticmethod
    def _line(value: str, label: str) -> str:
        return label if value == slug(label) and "=" not in label else f"{value} = {label}"


def is_alphanumeric(text: str) -> bool:
    """What Stripe calls alphanumeric."""
    return text.isascii() and text.isalnum()


def slug(text: str) -> str:
    """The text's letters and digits from ASCII, in lower case, at most 60; empty when it has none."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(character for character in plain if is_alphanumeric(character))[:60]


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it when it is taken."""
    known, number, found = set(taken), 1, name
    while found in known:
        number += 1
        found = f"{name}{number}"
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if cleaned := clean_line(line):
            yield number, cleaned


def _at_most(most: int, found: Any) -> None:
    if len(found) > most:
        raise ValueError(f"Write at most {most} lines; these are {len(found)}.")
