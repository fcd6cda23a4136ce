"""Strange headers around a good body."""

from collections.abc import Sequence
from random import Random

from tests.chaos.mutants import scrambled

Headers = list[tuple[str, str]]

_TYPES = (
    "",
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "application/x-www-form-urlencoded; charset=latin-1",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    ";;;",
    "/",
    "application/x-www-form-urlencoded; charset=",
)
_TIMES = (
    "",
    "0",
    "-1",
    "nan",
    "1e9",
    "١٢٣",
    "9" * 30,
    "18000000000",
    "1_800_000_000",
    "+1800000000",
    "0x10",
    "1800000000.5",
)
_SIGNATURES = (
    "",
    "v0=",
    "v0",
    "v1=abc",
    "t=",
    "t=1,v1=",
    "t=x,v1=y",
    "t=1,t=2,v1=a,v1=b",
    "v1=a",
    ",,,",
    "=",
    "é",
    "x" * 4000,
)
_MORE: Sequence[tuple[str, str]] = (
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "deflate"),
    ("Content-Encoding", "nonsense"),
    ("Content-Encoding", ""),
    ("Expect", "100-continue"),
    ("Expect", "miracles"),
    ("Upgrade", "websocket"),
    ("X-Slack-Retry-Num", "9" * 40),
    ("X-Slack-Retry-Reason", "http_timeout"),
    ("X-Forwarded-For", "127.0.0.1, é"),
    ("Cookie", "a=b; =; ;;"),
    ("Accept", "*/*;q=x"),
    ("If-Modified-Since", "yesterday"),
    ("Range", "bytes=9-1"),
    ("X-Long", "y" * 7000),
)


def strange_length(body: bytes, random: Random) -> str:
    """A `Content-Length` that isn't the body's, which no client's library would send."""
    size = len(body)
    near = (str(size + 9), str(size - 9), f"+{size}", f"{size}, {size}")
    return random.choice((*near, "", "-1", "0", "x", "1e3", "9" * 30))


def strange_headers(headers: Headers, random: Random) -> Headers:
    """The headers with one to three changed, left out, doubled or added."""
    found = list(headers)
    for _ in range(random.randint(1, 3)):
        deed = random.choice((_drop, _double, _odd, _odd, _scramble, _add))
        deed(found, random)
    return found


def _drop(found: Headers, random: Random) -> None:
    if found:
        found.pop(random.randrange(len(found)))


def _double(found: Headers, random: Random) -> None:
    if found:
        name, _ = found[random.randrange(len(found))]
        found.insert(random.randrange(len(found) + 1), (random.choice((name, name.lower())), _value(name, random)))


def _odd(found: Headers, random: Random) -> None:
    if found:
        at = random.randrange(len(found))
        found[at] = (found[at][0], _value(found[at][0], random))


def _scramble(found: Headers, random: Random) -> None:
    if found:
        at = random.randrange(len(found))
        changed = scrambled(found[at][1].encode(), random).decode("latin-1")
        # No HTTP client sends the others.
        found[at] = (found[at][0], "".join(character for character in changed if character.isprintable()))


def _add(found: Headers, random: Random) -> None:
    found.append(random.choice(_MORE))


def _value(name: str, random: Random) -> str:
    kinds = {"Content-Type": _TYPES, "X-Slack-Request-Timestamp": _TIMES}
    return random.choice(kinds.get(name, _SIGNATURES))
