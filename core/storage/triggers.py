"""How a rule of `core.storage.rules` becomes triggers of SQLite and of PostgreSQL.

Conditions and statements of a rule are plain SQL that both databases read alike; only what is
around them differs. A refusal is an integrity error on both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

Event = Literal["INSERT", "UPDATE", "DELETE"]

NOTING = 20261125
"""The number of PostgreSQL's advisory lock under which `Noted` changes are noted."""


@dataclass(frozen=True)
class Trigger:
    """One trigger: `body` is what is done, in the dialect's language."""

    name: str
    table: str
    moment: str
    body: str

    def sqlite(self) -> str:
        """The statement that makes it on SQLite."""
        return f"CREATE TRIGGER {self.name} {self.moment} ON {self.table} {self.body}"

    def postgresql(self) -> tuple[str, str, str]:
        """The statements that make it on PostgreSQL, its function first.

        A session that plays a replica skips triggers, unless they are enabled always.
        """
        name, table = self.name, self.table
        each = "STATEMENT" if "TRUNCATE" in self.moment else "ROW"
        function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        trigger = f"CREATE TRIGGER {name} {self.moment} ON {table} FOR EACH {each}"
        return (
            f"{function} AS $body${self.body}$body$",
            f"{trigger} EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        )


class Rule(Protocol):
    """What the database itself holds, for one table."""

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """The triggers that hold it on `dialect` ("sqlite" or "postgresql")."""
        ...


@dataclass(frozen=True)
class Refused:
    """A row is not inserted, updated or deleted when `condition` holds, which names NEW and OLD.

    A condition that is NULL does not hold. `only` names the one dialect that needs the rule.
    """

    table: str
    name: str
    event: Event
    condition: str
    message: str
    only: str | None = None

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger before the event."""
        if self.only not in (None, dialect):
            return
        condition = _one_line(self.condition)
        if dialect == "sqlite":
            body = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        else:
            kept = "OLD" if self.event == "DELETE" else "NEW"
            body = f"BEGIN {_raised_if(condition, self.message)} RETURN {kept}; END"
        yield Trigger(f"{self.table}_{self.name}", self.table, f"BEFORE {self.event}", body)


@dataclass(frozen=True)
class Applied:
    """A row that was inserted does `statements`; it is refused when `failed` holds after them.

    The proof is needed: under INSERT OR IGNORE, SQLite would leave out what breaks a CHECK.
    """

    table: str
    name: str
    statements: tuple[str, ...]
    failed: str
    message: str

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger after the insertion."""
        done = " ".join(f"{_one_line(statement)};" for statement in self.statements)
        failed = _one_line(self.failed)
        if dialect == "sqlite":
            body = f"BEGIN {done} SELECT RAISE(ABORT, '{self.message}') WHERE {failed}; END"
        else:
            body = f"BEGIN {done} {_raised_if(failed, self.message)} RETURN NULL; END"
        yield Trigger(f"{self.table}_{self.name}", self.table, "AFTER INSERT", body)


@dataclass(frozen=True)
class Followed:
    """After an event on a table `statements` are done, which name NEW and OLD.

    For what is kept a second time, only to be found quickly: the audit compares it. `columns` are
    those whose update counts.
    """

    table: str
    name: str
    event: Event
    statements: tuple[str, ...]
    columns: tuple[str, ...] = ()

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger after the event."""
        moment = f"AFTER {self.event}" + (f" OF {', '.join(self.columns)}" if self.columns else "")
        done = " ".join(f"{_one_line(statement)};" for statement in self.statements)
        body = f"BEGIN {done} END" if dialect == "sqlite" else f"BEGIN {done} RETURN NULL; END"
        yield Trigger(f"{self.table}_{self.name}", self.table, moment, body)


@dataclass(frozen=True)
class Noted:
    """What changes the words of a subject is noted in `search_change`, for the index of words.

    `columns` are those whose update counts, `id` the column that holds the subject's id. On
    PostgreSQL the notes are committed in the order of their ids: a lock makes them wait for each
    other, so that nobody who has read one misses an earlier one.
    """

    table: str
    subject: str
    columns: tuple[str, ...]
    id: str = "id"

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger after each event."""
        moments = {
            "added": ("INSERT", "NEW"),
            "renamed": (f"UPDATE OF {', '.join(self.columns)}", "NEW"),
            "removed": ("DELETE", "OLD"),
        }
        for name, (event, row) in moments.items():
            any_number = "random()" if dialect == "sqlite" else "floor(random() * 9e18)::bigint"
            noted = (
                "INSERT INTO search_change (token, subject, subject_id)"  # noqa: S608 - names of our own tables
                f" VALUES ({any_number}, '{self.subject}', {row}.{self.id});"
            )
            if dialect == "sqlite":
                body = f"BEGIN {noted} END"
            else:
                body = f"BEGIN PERFORM pg_advisory_xact_lock({NOTING}); {noted} RETURN NULL; END"
            yield Trigger(f"{self.table}_{name}", self.table, f"AFTER {event}", body)


@dataclass(frozen=True)
class NotEmptied:
    """A table cannot be emptied by TRUNCATE, which PostgreSQL alone has."""

    table: str

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger on PostgreSQL."""
        if dialect == "postgresql":
            body = f"BEGIN {_raised_if('TRUE', f'{self.table} is not emptied')} RETURN NULL; END"
            yield Trigger(f"{self.table}_not_emptied", self.table, "BEFORE TRUNCATE", body)


@dataclass(frozen=True)
class NotReplaced:
    """INSERT OR REPLACE, which SQLite alone has, cannot take the place of a row.

    SQLite would remove that row without a trigger, on a connection that did not ask for one.
    `unique` are columns whose value no two rows share; "id", when it is among them, rises.
    """

    table: str
    unique: tuple[str, ...] = ("id",)

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger on SQLite."""
        # An id that nobody chose is not known yet, and then below all others.
        compared = " OR ".join(
            "(there.id >= NEW.id AND NEW.id > 0)" if each == "id" else f"there.{each} = NEW.{each}"
            for each in self.unique
        )
        used = f"EXISTS (SELECT 1 FROM {self.table} AS there WHERE {compared})"  # noqa: S608 - names of our own tables
        message = f"a row of {self.table} is not replaced"
        rule = Refused(self.table, "not_replaced", "INSERT", used, message, only="sqlite")
        yield from rule.triggers(dialect)


@dataclass(frozen=True)
class Kept:
    """Rows are never removed, in no way; `unique` as in `NotReplaced`."""

    table: str
    unique: tuple[str, ...] = ("id",)

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """Triggers against every way to remove a row."""
        message = f"a row of {self.table} is not removed"
        yield from Refused(self.table, "not_removed", "DELETE", "TRUE", message).triggers(dialect)
        yield from NotEmptied(self.table).triggers(dialect)
        yield from NotReplaced(self.table, self.unique).triggers(dialect)


@dataclass(frozen=True)
class AppendOnly:
    """Rows are added, and neither changed nor removed; `unique` as in `NotReplaced`."""

    table: str
    unique: tuple[str, ...] = ("id",)

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """Triggers against every way to touch a row that is there."""
        message = f"a row of {self.table} is not changed"
        yield from Refused(self.table, "not_changed", "UPDATE", "TRUE", message).triggers(dialect)
        yield from Kept(self.table, self.unique).triggers(dialect)


@dataclass(frozen=True)
class Fixed:
    """Some columns stay as they are once `since` holds for the row before the update."""

    table: str
    name: str
    columns: tuple[str, ...]
    since: str = "TRUE"

    def triggers(self, dialect: str) -> Iterator[Trigger]:
        """One trigger before an update."""
        changed = " OR ".join(f"NEW.{each} IS DISTINCT FROM OLD.{each}" for each in self.columns)
        condition = f"({self.since}) AND ({changed})"
        message = f"{self.table}: what is fixed does not change"
        yield from Refused(self.table, self.name, "UPDATE", condition, message).triggers(dialect)


def _raised_if(condition: str, message: str) -> str:
    """PostgreSQL's statement that raises when `condition` holds."""
    raised = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'"
    return f"IF {condition} THEN {raised}; END IF;"


def _one_line(text: str) -> str:
    """SQL as the database keeps it, however it was laid out to be read."""
    return " ".join(text.split())


def made_of(rules: tuple[Rule, ...], dialect: str) -> dict[str, Trigger]:
    """All triggers of `rules` on `dialect` by their names, in a fixed order."""
    return {trigger.name: trigger for rule in rules for trigger in rule.triggers(dialect)}
