"""Real inputs made strange: values of another kind, things left out or doubled, bytes turned around."""

import copy
import json
from collections.abc import Sequence
from random import Random
from typing import Any

ODD: Sequence[Any] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**63,
    10**400,
    "",
    " ",
    "\x00",
    "\ud800",
    "é😀‮",
    "x" * 5000,
    "<!channel>",
    "'; --",
    [],
    {},
    [[]],
    {"id": None},
)
"""Values nobody expects."""

_WORDS = (
    "2 x Consulting 150 eur ; / month every weeks usd jpy , . 0 -1 1e9 "
    "١٢٣ € $ 1.234,56 12,5 \n \t \x00 😀 “ % 99999999999"
)


def strange(value: Any, random: Random) -> Any:
    """A copy of a JSON value with one to three places changed."""
    changed = copy.deepcopy(value)
    for _ in range(random.randint(1, 3)):
        _change(changed, random)
    return changed


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


def _change(value: Any, random: Random) -> None:
    """Goes down somewhere, and changes what is there."""
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(value[key], dict | list) and value[key] and random.random() < 0.85:
            value = value[key]
        elif random.random() < 0.3:
            del value[key]
            return
        else:
            value[key] = copy.deepcopy(random.choice(ODD))
            return
