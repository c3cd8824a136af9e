"""What SQLAlchemy made of the statements is kept once for all connections of a process.

SQLAlchemy keeps a compiled statement with the engine, under the dialect object that it was
compiled for.  SQLite's writer and its readers are engines of their own, so each of them would
compile every statement again, which costs more than running it; so would every database that is
opened later.
"""

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

MOST_STATEMENTS = 2000
"""So many are kept: more than the program has, for each of the two databases."""

_COMPILED: LRUCache[object, object] = LRUCache(MOST_STATEMENTS)


def share_compiled(engine: Engine, dialect: Dialect) -> None:
    """Let an engine use what was compiled for others that have this dialect.

    Args:
        engine: one that nothing has been run with yet, or only to find out the version.
        dialect: one that has asked a database of the same kind and version what it can.
    """
    engine.dialect = dialect
    engine.update_execution_options(compiled_cache=_COMPILED)
