"""Real inputs made strange: values of another kind, things left out or doubled, bytes turned around."""

import copy
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

TEXTS: Sequence[str] = (
    "",
    " ",
    "\x00",
    "\ud800",
    "é😀‮\u200b",
    "ﷺ" * 40,
    "x" * 5000,
    "<!channel>",
    "<@U000000001>",
    "'; --",
    "a\n" * 300,
    "../../etc/passwd",
    "https://[::1",
    "https://example.com/\x7f",
    "0",
    "-1",
    "1e9",
    "1.234,56",
    "١٢٣",
    "²",
    "９９９",
    "0.0000001",
    "NaN",
    "inf",
    "9" * 400,
    "usd",
    "a = b\na = c\n= d",
    "10 = 9\nrest = -1",
)
"""What nobody types."""

ODD: Sequence[Any] = (
    *TEXTS,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**31,
    2**53,
    2**63,
    10**40,
    10**400,
    [],
    {},
    [[]],
    [None],
    {"id": None},
    {"id": {"id": "x"}},
)
"""Values nobody expects."""

_WORDS = (
    "2 x Consulting 150 eur ; / month every weeks usd jpy , . 0 -1 1e9 list edit off share new coupons products notify "
    "١٢٣ € $ 1.234,56 12,5 \n \t \x00 😀 “ % 99999999999 &amp; <https://example.com|x>"
)

Place = tuple[Any, Any]
"""A container and a key in it."""


def strange(value: Any, random: Random) -> Any:
    """A copy of a JSON value with one to three places changed."""
    changed = copy.deepcopy(value)
    for _ in range(random.randint(1, 3)):
        place = _somewhere(changed, random)
        if place is not None:
            random.choice(_DEEDS)(place, random)
    return changed


def odd(value: Any, random: Random) -> Any:
    """Something else in the place of a value: of another kind, or much like it."""
    if isinstance(value, str) and random.random() < 0.5:
        at = random.randrange(len(value) + 1)
        return random.choice((value[:at], value * 2, value[:at] + random.choice(TEXTS) + value[at:], value.swapcase()))
    if isinstance(value, int) and random.random() < 0.5:
        return random.choice((-value, value * 10**9, value + 1, str(value), float(value) if abs(value) < 2**53 else 0))
    return copy.deepcopy(random.choice(ODD))


def scrambled(body: bytes, random: Random) -> bytes:
    """The bytes with a few of them changed, left out or repeated."""
    found = bytearray(body)
    for _ in range(random.randint(1, 4)):
        at, some = random.randrange(len(found) + 1), random.randint(1, 40)
        deed = random.choice(("insert", "delete", "repeat"))
        if deed == "insert":
            found.insert(at, random.randrange(256))
        elif deed == "delete":
            del found[at : at + some]
        else:
            found[at:at] = found[at : at + some]
    return bytes(found)


def words(random: Random) -> str:
    """A line somebody might type, or their cat."""
    parts = random.choices(_WORDS.split(" "), k=random.randint(0, 12))
    return random.choice(("", " ")).join(parts) if random.random() < 0.9 else "".join(map(chr, _points(random)))


def dumped(value: Any) -> bytes:
    """As JSON, whatever is in it."""
    return json.dumps(value).encode()


def _points(random: Random) -> list[int]:
    return [random.choice((random.randrange(128), random.randrange(0xD800))) for _ in range(random.randint(0, 30))]


def _somewhere(value: Any, random: Random) -> Place | None:
    """Goes down to some place."""
    while value:
        key: Any = random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
        if isinstance(value[key], dict | list) and value[key] and random.random() < 0.85:
            value = value[key]
        else:
            return value, key
    return None


def _drop(place: Place, random: Random) -> None:
    del place[0][place[1]]


def _replace(place: Place, random: Random) -> None:
    place[0][place[1]] = odd(place[0][place[1]], random)


def _nest(place: Place, random: Random) -> None:
    there = place[0][place[1]]
    place[0][place[1]] = random.choice(([there], {"id": there}, {"value": there}, [[there]], json.dumps(there)))


def _double(place: Place, random: Random) -> None:
    container, key = place
    if isinstance(container, list):
        container.insert(key, copy.deepcopy(container[key]))
    else:
        container[f"{key}_"] = copy.deepcopy(container[key])


def _swap(place: Place, random: Random) -> None:
    """Two neighbours change places."""
    container, key = place
    other: Any = random.choice(list(container) if isinstance(container, dict) else range(len(container)))
    container[key], container[other] = container[other], container[key]


_DEEDS: Sequence[Callable[[Place, Random], None]] = (_drop, _drop, _replace, _replace, _replace, _nest, _double, _swap)
