"""A file's way: offered with what it would change, imported as a whole, undone.

The operation key of an import is (hash of the file, row): a file that was imported already changes
nothing when it comes again, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from core.domain.errors import Refusal
from core.domain.people import Ability
from core.domain.texts import clean
from core.files import table as tables
from core.files.table import Table
from core.services import company
from core.services.history import record
from core.services.importing import parties, prices, products, stock
from core.services.importing.matching import Matched, match
from core.services.importing.planning import Plan, Planner, Trace
from core.services.importing.problems import MANY, Problem
from core.services.importing.reading import read_rows
from core.services.importing.undoing import ImportBuiltOn, undo_traces
from core.services.rights import Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.models import ImportFile, ImportRow
from core.storage.writing import insert_one, table_of

import_file = table_of(ImportFile)
import_row = table_of(ImportRow)

__all__ = ["ImportBuiltOn", "ImportImpossible", "ImportRecord", "Options", "Summary"]

PLANNERS: Final[Mapping[str, Planner]] = {
    "products": products.plan,
    "parties": parties.plan,
    "prices": prices.plan,
    "stock": stock.plan,
}


class ImportImpossible(Refusal):
    """The file has `count` problems, or is not in a state in which it can be imported."""

    code = "import_impossible"
    fact_names = ("count",)


@dataclass(frozen=True)
class Options:
    """What a person has said about a file: its kind, its decimal mark, columns to leave out."""

    kind: str = ""
    decimal_mark: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Change:
    """What an import would do, or has done: the figures of its plan."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows change something."""
        return self.new + self.changed


@dataclass(frozen=True)
class Summary:
    """What a preview shows of a file.

    `problems` are the first ones, `problem_count` is how many there are; `columns` are the
    headings that were understood with their columns, `unknown` those that were not; `doubt` is a
    number that can be read in two ways, `decimal_mark` the one that was taken.
    """

    rows: int = 0
    kind: str = ""
    change: Change = Change()
    columns: Sequence[Sequence[str]] = ()
    unknown: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    problem_count: int = 0
    doubt: str = ""
    decimal_mark: str = "."
    sheet: str = ""
    options: Options = Options()

    def kept(self) -> str:
        """As JSON."""
        facts = asdict(self)
        facts["problems"] = [each.kept() for each in self.problems]
        return json.dumps(facts, ensure_ascii=False)

    @classmethod
    def restored(cls, kept: str) -> Summary:
        """Of what `kept` gave."""
        facts = json.loads(kept)
        facts["problems"] = [Problem(*each) for each in facts.get("problems", ())]
        facts["change"] = Change(**facts.get("change", {}))
        facts["options"] = Options(**facts.get("options", {}))
        return cls(**facts)


@dataclass(frozen=True)
class ImportRecord:
    """A file as it stands; `earlier` is when the same file was imported before, if it was."""

    id: int
    name: str
    kind: str
    state: str
    revision: int
    person_id: int | None
    summary: Summary
    done_at: datetime | None
    earlier: datetime | None = None


# --- Preview -----------------------------------------------------------------------------------


def preview(
    work: Work, table: Table, options: Options | None = None
) -> tuple[Summary, Plan | None]:
    """What importing a table would do, and the plan that does it when nothing is wrong.

    Raises:
        NotAllowed.
        CompanyMissing: there is no company yet whose products these could be.
    """
    require_ability(work.actor, Ability.IMPORT)
    said = options or Options()
    its_company = company.current(work.connection)
    matched = match(table.headings, kind=said.kind, left_out=said.left_out)
    if isinstance(matched, Problem):
        return _hopeless(table, said, matched), None
    if any(each.row == 0 and each.column == "" for each in matched.problems):
        # Without the columns that name the rows, every row would be complained of.
        return _with_columns(_hopeless(table, said, *matched.problems), table, matched), None
    read = read_rows(work.connection, table, matched, decimal_mark=said.decimal_mark)
    plan = PLANNERS[matched.kind.name](work.connection, read, its_company)
    problems = sorted(read.problems, key=lambda each: each.row)
    summary = Summary(
        rows=len(table.rows),
        change=Change(plan.new, plan.changed, plan.unchanged, plan.facts),
        problems=problems[:MANY],
        problem_count=len(problems),
        doubt=read.convention.doubt,
        decimal_mark=read.convention.decimal_mark,
        sheet=table.sheet,
        options=said,
    )
    return _with_columns(summary, table, matched), None if problems else plan


def _hopeless(table: Table, options: Options, *problems: Problem) -> Summary:
    return Summary(
        rows=len(table.rows),
        problems=problems,
        problem_count=len(problems),
        sheet=table.sheet,
        options=options,
    )


def _with_columns(summary: Summary, table: Table, matched: Matched) -> Summary:
    kind = matched.kind
    columns = [
        (table.headings[matched.columns[each.key]], each.heading)
        for each in kind.columns
        if each.key in matched.columns and each.tells
    ]
    return replace(summary, kind=kind.name, columns=columns, unknown=matched.unknown)


# --- The way of a file -------------------------------------------------------------------------


def offer(work: Work, name: str, sha256: str, *, packed: bytes, later: bool = False) -> int:
    """Keep a file that was read, with what it would change; returns its id.

    Args:
        work: the unit of work.
        name: what the file is called.
        sha256: the hash of its bytes.
        packed: the table in it, as `core.files.table.dump` packs it.
        later: it is long: `prepare` finds out what it would change, after this unit of work.

    Raises:
        NotAllowed, CompanyMissing.
    """
    require_ability(work.actor, Ability.IMPORT)
    company.current(work.connection)
    import_id = insert_one(
        work.connection,
        import_file,
        sha256=sha256,
        name=clean(name or "?", most=10**4)[:100],
        kind="",
        state="read",
        summary=Summary().kept(),
        content=packed,
        person_id=work.actor.person_id or None,
        at=work.now,
    )
    if not later:
        prepare(work, import_id)
    return import_id


def prepare(work: Work, import_id: int, options: Options | None = None) -> Summary:
    """Find out (again) what a file would change, and keep that for its card.

    Raises:
        NotAllowed, NotFound.
    """
    row = _row(work, import_id)
    said = options or Summary.restored(row.summary).options
    summary, plan = preview(work, tables.load(row.content), said)
    state = "refused" if plan is None else "offered"
    _keep(work, import_id, kind=summary.kind, state=state, summary=summary.kept())
    return summary


def load(work: Work, import_id: int) -> ImportRecord:
    """A file as it stands.

    Raises:
        NotAllowed, NotFound.
    """
    require_ability(work.actor, Ability.IMPORT)
    row = _row(work, import_id)
    return ImportRecord(
        id=row.id,
        name=row.name,
        kind=row.kind,
        state=row.state,
        revision=row.revision,
        person_id=row.person_id,
        summary=Summary.restored(row.summary),
        done_at=row.done_at,
        earlier=_earlier(work, row.sha256, import_id) if row.state == "offered" else None,
    )


def _earlier(work: Work, sha256: str, import_id: int) -> datetime | None:
    """When the same file was imported, if that stands."""
    found: datetime | None = work.connection.execute(
        select(import_file.c.done_at)
        .where(
            import_file.c.sha256 == sha256,
            import_file.c.state == "done",
            import_file.c.id != import_id,
        )
        .order_by(import_file.c.id.desc())
        .limit(1)
    ).scalar()
    return found


def wait(work: Work, import_id: int, *, revision: int) -> None:
    """Have a long file imported after this unit of work (`waiting` finds it).

    Raises:
        NotAllowed, NotFound, Changed, ImportImpossible.
    """
    _taken(work, import_id, "offered", revision=revision)
    _keep(work, import_id, state="waiting")


def waiting(work: Work) -> tuple[int, str, int | None] | None:
    """The first file that waits to be prepared or imported: its id, state and person."""
    row = work.connection.execute(
        select(import_file.c.id, import_file.c.state, import_file.c.person_id)
        .where(import_file.c.state.in_(("read", "waiting")))
        .order_by(import_file.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.state, row.person_id)


def apply(work: Work, import_id: int, *, revision: int) -> Change:
    """Import a file, all of it or nothing, and give what that changed.

    Raises:
        NotAllowed, NotFound.
        ImportImpossible: it has problems, or was imported already.
        Changed: what it would change is not what was shown; the new figures are kept.
    """
    row = _taken(work, import_id, "offered", "waiting", revision=revision)
    if _earlier(work, row.sha256, import_id) is not None:
        raise ImportImpossible(count=0)
    shown = Summary.restored(row.summary)
    summary, plan = preview(work, tables.load(row.content), shown.options)
    if plan is None or summary.change != shown.change:
        raise Changed(subject="import", id=import_id)
    traces = plan.write(work)
    _keep_traces(work, import_id, traces)
    # The table is not needed any more; its hash says whether it comes again.
    _keep(work, import_id, state="done", content=b"", done_at=work.now)
    record(work, "import", import_id, action="import", file=row.name, rows=len(traces))
    return summary.change


def undo(work: Work, import_id: int, *, revision: int) -> None:
    """Take an import back: what it made is archived or reversed, what it changed is as before.

    Raises:
        NotAllowed, NotFound, Changed, ImportImpossible.
        ImportBuiltOn: something was done since with what it made.
        NotEnough: goods that it brought are gone.
    """
    row = _taken(work, import_id, "done", revision=revision)
    rows = work.connection.execute(
        select(import_row)
        .where(import_row.c.import_file_id == import_id)
        .order_by(import_row.c.id)
    )
    traces = [
        Trace(each.number, each.subject, each.subject_id, each.revision, each.previous)
        for each in rows
    ]
    undo_traces(work, traces)
    _keep(work, import_id, state="undone")
    record(work, "import", import_id, action="undo", file=row.name)


def _row(work: Work, import_id: int) -> Any:
    row = work.connection.execute(
        select(import_file).where(import_file.c.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound(subject="import")
    return row


def _taken(work: Work, import_id: int, *states: str, revision: int) -> Any:
    """The row of a file in one of these states, one revision on.

    Raises:
        NotAllowed, NotFound, ImportImpossible.
        Changed: it is not at `revision`; of two at once, one is told so.
    """
    require_ability(work.actor, Ability.IMPORT)
    row = _row(work, import_id)
    if row.state not in states:
        raise ImportImpossible(count=Summary.restored(row.summary).problem_count)
    taken = work.connection.execute(
        update(import_file)
        .where(import_file.c.id == import_id, import_file.c.revision == revision)
        .values(revision=revision + 1)
    )
    if taken.rowcount != 1:
        raise Changed(subject="import", id=import_id)
    return row


def _keep(work: Work, import_id: int, **values: Any) -> None:
    """Write a file's new state, one revision on."""
    work.connection.execute(
        update(import_file)
        .where(import_file.c.id == import_id)
        .values(revision=import_file.c.revision + 1, **values)
    )
    work.touch("import", import_id)


def _keep_traces(work: Work, import_id: int, traces: Sequence[Trace]) -> None:
    if traces:
        work.connection.execute(
            insert(import_row),
            [
                {
                    "import_file_id": import_id,
                    "number": each.number,
                    "subject": each.subject,
                    "subject_id": each.subject_id,
                    "revision": each.revision,
                    "previous": each.previous,
                }
                for each in traces
            ],
        )
