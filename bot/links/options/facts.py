"""What is known of the catalog's prices and of shipping rates, where a group only names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from bot.links.line_item import CatalogPrice


class RateFact(BaseModel):
    """A shipping rate. `currencies` are those it can be charged in; `words` say its name, price and delivery."""

    model_config = ConfigDict(frozen=True)

    words: str
    currencies: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Prices and shipping rates by their ids."""

    prices: Mapping[str, CatalogPrice] = field(default_factory=dict)
    rates: Mapping[str, RateFact] = field(default_factory=dict)
