"""How much is measured: the whole, or a taste of it that shows that the bench still works."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts and times of one run. `folder` is for files that are gone afterwards, on the disk that is measured."""

    folder: Path
    kinds: tuple[str, ...] = ("sqlite", "postgresql")
    rounds: int = 3
    seconds: float = 4.0
    settling: float = 2.0
    requests: int = 120_000
    """How many different webhooks are signed beforehand: more than can be sent in the time, on a faster machine too."""
    events: int = 6_000
    remembered_events: int = 100_000
    commands: int = 200
    payments: int = 400
    channels: int = 100
    prices: int = 100_000
    searches: int = 200
    links: tuple[int, int] = (10_000, 1_000_000)


def taste(folder: Path, kind: str) -> Scale:
    """A few of everything, on one database."""
    return Scale(
        folder,
        kinds=(kind,),
        rounds=1,
        seconds=1.0,
        settling=0.1,
        requests=200,
        events=30,
        remembered_events=60,
        commands=4,
        payments=4,
        channels=2,
        prices=200,
        searches=3,
        links=(40, 80),
    )
