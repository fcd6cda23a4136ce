"""Cleaning of what people type. Nothing is escaped here: that is for whoever shows it."""

import unicodedata


def clean_line(text: str) -> str:
    """One line: control characters gone, any run of white space a single space, none at the ends."""
    return " ".join(_without_controls(text, keep=" \t\n\r\v\f").split())


def clean_text(text: str) -> str:
    """Several lines: control characters gone except line ends, which become `\\n`; no white space at the ends."""
    return _without_controls(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").strip()


def _without_controls(text: str, keep: str) -> str:
    return "".join(character for character in text if character in keep or not _is_control(character))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")
