"""Which failures are the database's own, and not the fault of what was asked of it."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""SQLite, "Result and Error Codes": the primary ones, in the lowest eight bits."""

_POSTGRESQL_CLASSES = {"08", "40", "53", "55", "57", "58"}
"""PostgreSQL, "Error Codes": lost connections, deadlocks, a full disk, locks, a server going down, I/O errors."""


def is_outage(error: Exception) -> bool:
    """Whether the same may well succeed when it is asked again: the database is locked, full, or can't be reached.

    False for what the database understood and refused, and for whatever isn't an error of a database.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError | PoolTimeout)
    if error.connection_invalidated:
        return True
    code, state = getattr(error.orig, "sqlite_errorcode", 0), getattr(error.orig, "sqlstate", None) or ""
    return code & 0xFF in _SQLITE_CODES or state[:2] in _POSTGRESQL_CLASSES
