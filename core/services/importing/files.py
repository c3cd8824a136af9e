"""A file's way: offered with what it would change, imported as a whole, undone.

The operation key of an import is (hash of the file, row): a file that was imported already changes
nothing when it comes again, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from core.domain.errors import Refusal
from core.domain.people import Ability
from core.domain.texts import clean
from core.files import table as tables
from core.services import company
from core.services.history import record
from core.services.importing.planning import Plan, Trace
from core.services.importing.previewing import Change, Options, Summary, preview
from core.services.importing.problems import BROKEN, Problem
from core.services.importing.undoing import undo_traces
from core.services.rights import Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.sql import insert_one
from core.storage.tables import import_file, import_row

OPEN: Final = ("read", "offered", "refused", "waiting")
"""The states of a file that was not imported yet."""


class ImportImpossible(Refusal):
    """The file has `count` problems, or is not in a state in which it can be imported."""

    code = "import_impossible"
    fact_names = ("count",)


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


# --- The way of a file -------------------------------------------------------------------------


def offer(
    work: Work,
    name: str,
    sha256: str,
    *,
    packed: bytes,
    later: bool = False,
) -> int:
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
        ImportImpossible: it was imported already.
        Changed: somebody else did something with it meanwhile.
    """
    require_ability(work.actor, Ability.IMPORT)
    row = _row(work, import_id)
    if row.state not in OPEN:
        raise ImportImpossible(count=0)
    said = options or Summary.restored(row.summary).options
    summary, plan = preview(work, tables.load(row.content), said)
    state = "refused" if plan is None else "offered"
    _taken(work, import_id, *OPEN, revision=row.revision)
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


def bring_in(
    work: Work, name: str, sha256: str, *, packed: bytes, options: Options
) -> ImportRecord:
    """Offer a file and, when nothing is wrong with it, import it in the same unit of work.

    Raises:
        NotAllowed, CompanyMissing, and what stands against a change.
    """
    import_id = offer(work, name, sha256, packed=packed, later=True)
    summary, plan = preview(work, tables.load(packed), options)
    state = "refused" if plan is None else "offered"
    _keep(work, import_id, kind=summary.kind, state=state, summary=summary.kept())
    found = load(work, import_id)
    if plan is None or found.earlier is not None or not summary.change.total:
        return found
    _carry_out(work, import_id, plan, name=found.name)
    return load(work, import_id)


def latest(work: Work, *, most: int = 3) -> list[ImportRecord]:
    """The files that were imported last, the newest first.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.IMPORT)
    ids = work.connection.execute(
        select(import_file.c.id)
        .where(import_file.c.state == "done")
        .order_by(import_file.c.id.desc())
        .limit(most)
    ).scalars()
    return [load(work, each) for each in ids]


def is_long(work: Work, import_id: int, most: int) -> bool:
    """Whether the packed table of a file has more than `most` bytes."""
    require_ability(work.actor, Ability.IMPORT)
    return len(_row(work, import_id).content) > most


def give_up(work: Work, import_id: int, *, incident: str = "") -> None:
    """A file that waited cannot be imported as it was shown: find out anew what it would change.

    With `incident` nobody can say: then that is what its card tells.
    """
    row = _row(work, import_id)
    if row.state not in ("read", "waiting"):
        return
    if incident:
        problem = Problem(0, "", BROKEN, {"incident": incident})
        summary = replace(Summary.restored(row.summary), problems=[problem], problem_count=1)
        _keep(work, import_id, state="refused", summary=summary.kept())
    else:
        prepare(work, import_id)


def wait(work: Work, import_id: int, *, revision: int) -> None:
    """Have a long file imported after this unit of work (`waiting` finds it).

    Raises:
        NotAllowed, NotFound, Changed, ImportImpossible.
    """
    _taken(work, import_id, "offered", revision=revision)
    _keep(work, import_id, state="waiting")


_WAITING = (
    select(import_file.c.id, import_file.c.state, import_file.c.person_id)
    .where(import_file.c.state.in_(("read", "waiting")))
    .order_by(import_file.c.id)
    .limit(1)
)


def waiting(work: Work) -> tuple[int, str, int | None] | None:
    """The first file that waits to be prepared or imported: its id, state and person."""
    row = work.connection.execute(_WAITING).one_or_none()
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
    _carry_out(work, import_id, plan, name=row.name)
    return summary.change


def _carry_out(work: Work, import_id: int, plan: Plan, *, name: str) -> None:
    traces = plan.write(work)
    _keep_traces(work, import_id, traces)
    # The table is not needed any more; its hash says whether it comes again.
    _keep(work, import_id, state="done", content=b"", done_at=work.now)
    record(work, "import", import_id, action="import", file=name, rows=len(traces))


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
