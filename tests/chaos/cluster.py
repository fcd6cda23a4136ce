"""A PostgreSQL server of our own, that may be stopped and started."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import asyncpg  # type: ignore[import-untyped]

BINARIES = "/usr/lib/postgresql/*/bin"
OWNER = "postgres"
"""The user who runs it when we are root, whom PostgreSQL refuses."""


class Cluster:
    """`url` is that of its only database, which is empty at first."""

    def __init__(self, binaries: Path, folder: Path, port: int) -> None:
        self._binaries = binaries
        self._folder = folder
        self._port = port
        self.url = f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"

    def create(self) -> None:
        """Makes the files."""
        self._run("initdb", "--auth=trust", f"--username={OWNER}", "--no-sync", "-D", str(self._folder / "data"))

    def start(self) -> None:
        """Returns when it takes connections."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1"
        self._control("-o", options, "-l", str(self._folder / "log"), "start")

    def crash(self) -> None:
        """Ends it at once; it has to recover when it is started again."""
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-w", "-D", str(self._folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command: Sequence[str] = (str(self._binaries / program), *arguments)
        user = OWNER if os.geteuid() == 0 else None
        done = subprocess.run(command, user=user, cwd=self._folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")


def binaries() -> Path | None:
    """Where PostgreSQL's server is on this machine."""
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else sorted(Path("/").glob(BINARIES.lstrip("/")))
    return places[-1] if places else None


@contextmanager
def cluster(place: Path) -> Iterator[Cluster]:
    """A running server, gone afterwards."""
    folder = Path(mkdtemp(prefix="paylink-cluster-"))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    made = Cluster(place, folder, _free_port())
    try:
        made.create()
        made.start()
        try:
            yield made
        finally:
            made.crash()
    finally:
        shutil.rmtree(folder)


async def cut_connections(url: str) -> None:
    """The server ends every connection to this database but ours, as a failover does."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
