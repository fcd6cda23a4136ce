"""The client where wrk isn't found: `python -m tests.bench.client URL FILE CONNECTIONS SECONDS`."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.figures import percentile


def read_requests(file: Path, path: str, host: str) -> list[bytes]:
    """The requests of the file (see `load.write_requests`) as they go over the wire."""
    content, place, found = file.read_bytes(), 0, []
    while place < len(content):
        end = content.index(b"\n", place)
        count, length = map(int, content[place:end].split())
        place = end + 1
        lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {length}"]
        for _ in range(count):
            end = content.index(b"\n", place)
            lines.append(content[place:end].decode())
            place = end + 1
        found.append("\r\n".join([*lines, "", ""]).encode() + content[place : place + length])
        place += length + 1
    return found


async def drive(url: str, file: Path, connections: int, seconds: float) -> dict[str, float]:
    """Sends for so long; what `load.Loaded` holds."""
    parts = urlsplit(url)
    requests = cycle(read_requests(file, parts.path, parts.netloc))
    latencies: list[float] = []
    started = time.perf_counter()
    until = started + seconds
    work = (_one(parts.hostname or "", parts.port or 80, requests, until, latencies) for _ in range(connections))
    errors = sum(await asyncio.gather(*work))
    spent = time.perf_counter() - started
    return {
        "requests": len(latencies),
        "errors": errors,
        "seconds": spent,
        "p50": percentile(latencies, 0.5) * 1000,
        "p99": percentile(latencies, 0.99) * 1000,
    }


async def _one(host: str, port: int, requests: Iterator[bytes], until: float, latencies: list[float]) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    errors = 0
    while time.perf_counter() < until:
        sent = time.perf_counter()
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await reader.readexactly(length)
        latencies.append(time.perf_counter() - sent)
        errors += not head.startswith(b"HTTP/1.1 2")
    writer.close()
    await writer.wait_closed()
    return errors


if __name__ == "__main__":
    address, name, number, time_given = sys.argv[1:]
    print(json.dumps(asyncio.run(drive(address, Path(name), int(number), float(time_given)))))
