"""Load from a separate process: wrk where it is found, else a small client of our own in Python."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).with_name("load.lua")
CLIENT = "wrk" if shutil.which("wrk") else "asyncio client"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the client saw: answered requests, of which `errors` weren't 2xx or never came, and latencies in ms."""

    requests: int
    errors: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class LoadFailed(Exception):
    """The client couldn't do its work; the text says why."""


def write_requests(file: Path, requests: Iterable[tuple[Mapping[str, str], bytes]]) -> None:
    """The file of requests (headers, body) which the client sends in turn, and again from the first after the last.

    It is on the disk before anything else is measured on it.
    """
    with file.open("wb") as out:
        for headers, body in requests:
            lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
            out.write(f"{lines.count(chr(10))} {len(body)}\n{lines}".encode() + body + b"\n")
        out.flush()
        os.fsync(out.fileno())


async def load(url: str, requests: Path, *, connections: int, seconds: float) -> Loaded:
    """Posts the requests of the file for so long on so many connections, each waiting for its answer."""
    if CLIENT == "wrk":
        given = ["--timeout", "10s", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        command = ["wrk", *given, "-s", str(LUA), url, "--", str(requests)]
    else:
        command = [sys.executable, "-m", "tests.bench.client", url, str(requests), str(connections), str(seconds)]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        out, complaint = await asyncio.wait_for(process.communicate(), seconds + 60)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise LoadFailed("The client didn't end.") from None
    said = [line for line in out.decode().splitlines() if line.startswith('{"requests"')]
    if process.returncode or not said:
        raise LoadFailed(f"The client failed: {complaint.decode()[-500:]}")
    return Loaded(**json.loads(said[-1]))
