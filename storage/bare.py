"""One statement on a connection of the driver's, without what SQLAlchemy does for those it has written itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection

Row = Sequence[Any]


def run(engine: Engine, statement: str, values: tuple[object, ...]) -> Sequence[Row]:
    """Executes the statement as it is and answers its rows; the engine's connections begin no transaction for it.

    To be called where the engine's own methods may be, in a greenlet of SQLAlchemy's. Raises what they raise.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _refused(engine, connection, statement, error) from error
    except BaseException as error:
        # Nobody knows what it is at now.
        connection.invalidate(error)
        if isinstance(error, TimeoutError):
            raise OperationalError(statement, None, error, hide_parameters=True, connection_invalidated=True) from error
        raise
    connection.close()
    return rows


def _refused(engine: Engine, connection: PoolProxiedConnection, statement: str, error: Any) -> DBAPIError:
    """The error as SQLAlchemy has it, without the values, which may hold customers' data."""
    dialect = engine.dialect
    gone = dialect.is_disconnect(error, connection, None)
    if gone:
        connection.invalidate(error)
    else:
        connection.close()
    base = dialect.loaded_dbapi.Error
    refused: DBAPIError = DBAPIError.instance(
        statement, None, error, base, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )
    return refused
