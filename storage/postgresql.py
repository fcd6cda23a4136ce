"""Connections to PostgreSQL: a pool of them, none of which waits for ever or makes others wait for ever."""

import math
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

POOL_SIZE = 10
"""How many connections are kept open; for a while there may be as many more."""

REST_SECONDS = 1.0
"""Until then a connection is taken to be as good as when it was last used."""

CONNECT_SECONDS = 10.0

_KEEPALIVES = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
_RESTING_SINCE = "resting_since"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds a statement may take to be answered, wait for a lock, and let a transaction wait for the next.

    The first ends the waiting for a server that vanished without a word, the last a transaction whose process did (or
    is frozen): without it the server keeps the locks of such a one for hours, and everybody else waits.
    """

    answer: float = 30.0
    lock: float = 10.0
    idle: float = 15.0

    def settings(self) -> dict[str, str]:
        """What the server is told."""
        waits = {"lock_timeout": self.lock, "idle_in_transaction_session_timeout": self.idle}
        return {name: f"{round(1000 * seconds)}ms" for name, seconds in waits.items()} | _KEEPALIVES


LIMITS = Limits()


def engine(url: URL, echo: bool, limits: Limits | None, *, pool_size: int = POOL_SIZE, **options: Any) -> AsyncEngine:
    """An engine whose connections are tried before use when they have rested for a while, not each time.

    What isn't answered in time raises OperationalError, and no connection made before is used again. `pool_size` is
    how many connections are kept open; `options` are SQLAlchemy's.
    """
    patience = {"command_timeout": limits.answer} if limits else {}
    args = {"timeout": CONNECT_SECONDS, **patience}
    pool = {"pool_size": pool_size, "max_overflow": POOL_SIZE}
    made = create_async_engine(url, echo=echo, connect_args=args, **pool, **options)
    _try_the_rested(made)
    if limits:
        _limit(made, limits)
    return made


def _try_the_rested(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info[_RESTING_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _tried(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_RESTING_SINCE, math.inf) > REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error
            except TimeoutError as error:
                # The others would each be waited for as long.
                raise InvalidatePoolError from error


def _limit(engine: AsyncEngine, limits: Limits) -> None:
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in limits.settings().items())

    @event.listens_for(engine.sync_engine, "connect")
    def _tell(connection: Any, _record: object) -> None:
        # Not as settings of the connection, which poolers such as PgBouncer refuse unless told otherwise.
        cursor = connection.cursor()
        cursor.execute(f"SELECT {settings}")
        cursor.close()
        connection.commit()

    @event.listens_for(engine.sync_engine, "handle_error")
    def _give_up(context: ExceptionContext) -> OperationalError | None:
        error = context.original_exception
        if not isinstance(error, TimeoutError) or context.connection is None:
            return None
        # The driver would wait for the rest of the answer before anything else, a rollback too.
        context.is_disconnect = True
        return OperationalError(context.statement, None, error, hide_parameters=True, connection_invalidated=True)
