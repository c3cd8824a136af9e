"""What can go wrong with a database as a whole, apart from what it answers to a statement.

None of these is a refusal: they are told to whoever runs the program, not to a person in a chat.
"""

from pathlib import Path


class DatabaseInUse(Exception):
    """Another process, or this one, works with the database: one at a time may.

    A path is a SQLite file that is open for writing; a text says who has what.
    """

    def __init__(self, where: Path | str) -> None:
        told = (
            where
            if isinstance(where, str)
            else f"another process has {where} open: one file has one writing process"
        )
        super().__init__(told)
        self.where = where


class DatabaseReadOnly(Exception):
    """The database was opened for reading only."""

    def __init__(self) -> None:
        super().__init__("the database was opened for reading only")


class DatabaseTooOld(Exception):
    """The installed database lacks what the tables need."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(f"{found} is too old: {needed} or newer is needed")


class OutcomeUnknown(Exception):
    """The connection was lost while the database was committing.

    The write is whole or not there at all. Do it again under the same operation key: it
    answers with the first result, if there was one.
    """

    def __init__(self) -> None:
        super().__init__("the connection was lost during the commit: repeat under the same key")
