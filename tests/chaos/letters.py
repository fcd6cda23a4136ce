"""`paylink inbox` as people use it: what it lists, and trying all of it again."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import NamedTuple

from tests.running.process import paylink
from tests.running.town import Town

_LETTER = re.compile(
    r"^(?:event (?P<event>\S+): \S+|card \S+: (?P<subject>.+) in (?P<channel>\S+))\n"
    r"  given up .+ after (?P<attempts>\d+) attempts?: (?P<reason>.+)$",
    re.MULTILINE,
)
_RETRIED = re.compile(r"^([\d,]+) will be tried again\.$", re.MULTILINE)


class Letter(NamedTuple):
    """What was given up on. `about` is an event's id or what a card is about (`payment cs_1`), `channel` the card's."""

    about: str
    channel: str
    attempts: int
    reason: str


class Letters:
    """Runs the command. It lives in the present, wherever the tide has carried the others."""

    def __init__(self, town: Town, folder: Path) -> None:
        self._town = town
        self._folder = folder

    async def listed(self) -> list[Letter]:
        """All that it lists: at most a hundred events and a hundred cards."""
        return list(read(await self._printed()))

    async def retry_all(self) -> int:
        """How many it says will be tried again."""
        said = _RETRIED.search(await self._printed("retry", "all"))
        return int(said[1].replace(",", "")) if said else 0

    async def _printed(self, *words: str) -> str:
        async with paylink(self._town.settings, self._folder, "inbox", *words) as running:
            printed = await running.printed()
            status = await running.ended()
        assert status == 0, f"`paylink inbox {' '.join(words)}` ended with {status}: {running.log}"
        return printed


def read(printed: str) -> Iterator[Letter]:
    """What stands in the list."""
    for found in _LETTER.finditer(printed):
        about = found["event"] or found["subject"]
        yield Letter(about, found["channel"] or "", int(found["attempts"]), found["reason"])


def misjudged(listed: Iterable[Letter], poison: Mapping[str, int], closed: Set[str]) -> Iterator[str]:
    """What is wrong with the list. `poison` has to be on it, each after so many attempts at least, and nothing else but
    cards of closed channels."""
    by_what = {letter.about: letter for letter in listed}
    for about, least in poison.items():
        letter = by_what.get(about)
        if letter is None:
            yield f"{about} always fails, and `paylink inbox` doesn't list it"
        elif letter.attempts < least:
            yield f"{about} was given up after {letter.attempts} attempts, not {least}: {letter.reason}"
    for letter in by_what.values():
        if letter.about not in poison and letter.channel not in closed:
            yield f"`paylink inbox` lists {letter.about}, which is no poison: {letter.reason}"
