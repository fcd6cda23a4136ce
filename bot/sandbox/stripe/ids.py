"""Ids that look like Stripe's, deterministic when seeded."""

from random import Random
from string import ascii_letters, digits

_ALPHABET = ascii_letters + digits
_SHORT = {"prod": 14, "cus": 14, "si": 14}


class Ids:
    """A source of ids; the same seed gives the same ids in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = Random(seed)

    def letters(self, count: int) -> str:
        """Random letters and digits."""
        return "".join(self.random.choices(_ALPHABET, k=count))

    def new(self, prefix: str) -> str:
        """An id such as `plink_1…`, `prod_…` or `cs_test_a1…` for a prefix without its underscore."""
        if prefix.startswith("cs_"):
            return f"{prefix}_a1{self.letters(56)}"
        if prefix in _SHORT:
            return f"{prefix}_{self.letters(_SHORT[prefix])}"
        return f"{prefix}_1{self.letters(23)}"
