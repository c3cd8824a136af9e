"""Imports of products, parties, prices or stock from a file: previewed, imported, undone."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from bot.base.handlers import Command, Matcher
from bot.base.recipients import person_of
from bot.base.refusal_sentences import new_incident
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
    quote,
)
from bot.base.turn import Tap, Turn, Typed
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import Ability, Role
from core.domain.texts import folded
from core.files.refusals import FileNoTable, FileTooLarge
from core.files.table import MEGABYTE, MOST_BYTES
from core.services import importing
from core.services.importing import Change, ImportRecord
from core.services.importing.columns import KINDS
from core.services.importing.problems import Problem, words_of
from core.services.work import Work
from core.storage.database import savepoint

LOG = logging.getLogger(__name__)

WRONG_STATEMENTS: Final = (DataError, IntegrityError, ProgrammingError)

AT_ONCE: Final = 30_000
"""Bytes of a packed table that is imported within its turn; a longer one gets its own job.

About a thousand rows: a fifth of a second, in which other chats wait for SQLite's one writer.
"""
SHOWN: Final = 8
"""Problems or columns shown; the rest is folded."""
MOST_FOLDED: Final = 30

LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "products": ("products", N_("Products")),
    "stock": ("stock", N_("Stock")),
    "parties": ("customers", N_("Customers")),
    "prices": ("price_books", N_("Prices")),
}
"""Where to look at imported records: a screen and its button."""

STATES: Final[Mapping[str, str]] = {
    "read": N_("Reading…"),
    "waiting": N_("Importing… This may take a few seconds."),
    "undone": N_("Undone. Everything is as it was before."),
}


# --- The card of a file ------------------------------------------------------------------------


def load_import(work: Work, import_id: int, _arguments: Arguments) -> ImportRecord:
    """Return a file in its present state.  Raises NotAllowed, NotFound."""
    return importing.load(work, import_id)


def render_import(shown: ImportRecord, reader: Reader) -> Card:
    """Render what was understood, the changes, the problems, and the tap that imports."""
    title: list[object] = [bold(shown.name)]
    if shown.kind:
        title.append(reader.text(KINDS[shown.kind].label))
    if shown.summary.sheet:
        title.append(reader.text(N_("sheet {name}"), name=shown.summary.sheet))
    found = [html(*title, between=" · ")]
    rows: list[Row] = []
    if shown.state in STATES:
        found.append(html(reader.text(STATES[shown.state])))
    elif shown.state == "done":
        found += _done(shown, reader)
        rows += _after(shown, reader)
    else:
        found += _offered(shown, reader)
        rows += _choices(shown, reader)
    return Card(lines(*found), (*rows, (back(reader),)))


def _done(shown: ImportRecord, reader: Reader) -> list[Html]:
    words = change_words(shown, reader)
    found = [html(reader.text(N_("Imported: {change}"), change=words))]
    found += _stock_words(shown.summary.change, reader)
    return found


def _after(shown: ImportRecord, reader: Reader) -> list[Row]:
    screen, label = LISTS[shown.kind]
    total = shown.summary.change.total
    undo = reader.text(N_("Undo {number}"), number=total)
    row = [Button(reader.text(label), screen, if_known=True)]
    if total:
        row.append(Button(undo, "undo_import", id=shown.id, revision=shown.revision))
    return [tuple(row)]


def change_words(shown: ImportRecord, reader: Reader) -> str:
    """Return the changes in numbers, without zeros."""
    change = shown.summary.change
    parts = [
        reader.plural("{count} new", "{count} new", change.new) if change.new else "",
        reader.plural("{count} changed", "{count} changed", change.changed)
        if change.changed
        else "",
        reader.plural("{count} unchanged", "{count} unchanged", change.unchanged)
        if change.unchanged
        else "",
    ]
    return " · ".join(each for each in parts if each)


def _offered(shown: ImportRecord, reader: Reader) -> list[Html]:
    summary = shown.summary
    found: list[Html] = []
    count = reader.plural("{count} row", "{count} rows", summary.rows)
    if summary.problem_count:
        problems = reader.plural("{count} problem", "{count} problems", summary.problem_count)
        found.append(html(count, bold(problems), between=" · "))
        found.append(html(reader.text(
            N_("Nothing is imported until these are fixed. Correct your file and"
" send it again.")
        )))  # fmt: skip
        found += _problems(shown, reader)
    else:
        found.append(html(count, change_words(shown, reader), between=" · "))
        found += _stock_words(summary.change, reader)
    if summary.doubt:
        found.append(html(_doubt(shown, reader)))
    if shown.earlier is not None:
        moment = reader.translator.moment(shown.earlier, reader.zone)
        found.append(html(reader.text(
            N_("This file was already imported ({moment}). Nothing left to do."), moment=moment
        )))  # fmt: skip
    elif not summary.problem_count and not summary.change.total:
        found.append(html(reader.text(N_("Everything is already there. Nothing left to do."))))
    found += _columns(shown, reader)
    return found


def _doubt(shown: ImportRecord, reader: Reader) -> str:
    """Return how an ambiguous number was read."""
    text, mark = shown.summary.doubt, shown.summary.decimal_mark
    read = _read_as(text, mark)
    return reader.text(N_("“{text}” is read as {number}."), text=text, number=read)


def _read_as(text: str, mark: str) -> Decimal:
    from core.services.importing.number_formats import Convention

    return Convention(mark).number(text)


def _problems(shown: ImportRecord, reader: Reader) -> list[Html]:
    """Return the first problems, the rest behind a fold, and the number of those not shown."""
    words = [problem_words(each, reader) for each in shown.summary.problems]
    found = [html(each) for each in words[:SHOWN]]
    folded = words[SHOWN:MOST_FOLDED]
    if folded:
        found.append(quote(lines(*folded)))
    more = shown.summary.problem_count - len(words[:SHOWN]) - len(folded)
    if more:
        found.append(html(reader.plural("and {count} more", "and {count} more", more)))
    return found


def problem_words(problem: Problem, reader: Reader) -> str:
    """Return a problem with its place: "Row 7, Price: “abc” is no number."."""
    words = words_of(problem, reader.translator)
    if problem.row and problem.column:
        return reader.text(
            N_("Row {row}, {column}: {problem}"),
            row=str(problem.row), column=problem.column, problem=words,
        )  # fmt: skip
    if problem.row:
        return reader.text(N_("Row {row}: {problem}"), row=str(problem.row), problem=words)
    if problem.column:
        return reader.text(N_("{column}: {problem}"), column=problem.column, problem=words)
    return words


def _columns(shown: ImportRecord, reader: Reader) -> list[Html]:
    """Return the column that each heading matched, if that says more than the heading itself."""
    pairs = [(theirs, reader.text(ours)) for theirs, ours in shown.summary.columns]
    taken = [
        html(theirs, ours, between=" → ")
        for theirs, ours in pairs
        if folded(theirs) != folded(ours)
    ]
    found = [quote(lines(*taken))] if taken else []
    if shown.summary.unknown and shown.summary.options.left_out:
        names = reader.translator.list(shown.summary.unknown)
        found.append(html(reader.text(N_("Ignored: {columns}"), columns=names)))
    return found


def _stock_words(change: Change, reader: Reader) -> list[Html]:
    """Return the stock changes, the number of papers that make them, and the new price books."""
    facts, found = change.facts, []
    if "papers" in facts and change.total:
        up, down = Decimal(facts["up"]), Decimal(facts["down"])
        parts = [f"+{reader.translator.number(up)}"] if up else []
        parts += [reader.translator.number(-down)] if down else []
        papers = reader.plural("{count} document", "{count} documents", facts["papers"])
        found.append(html(*parts, papers, between=" · "))
    if facts.get("books"):
        names = reader.translator.list(facts["books"])
        found.append(html(reader.text(N_("New price books: {names}"), names=names)))
    return found


def _choices(shown: ImportRecord, reader: Reader) -> list[Row]:
    """Return the buttons to import the file, or to read it differently."""
    summary, rows = shown.summary, list[Row]()

    def button(label: str, action: str, argument: str = "", **style: Any) -> Button:
        return Button(
            label, action, id=shown.id, revision=shown.revision, argument=argument, **style
        )

    if shown.state == "offered" and summary.change.total and shown.earlier is None:
        label = reader.text(N_("Import {number}"), number=summary.change.total)
        rows.append((button(label, "import", style="success"),))
    if summary.unknown and not summary.options.left_out:
        label = reader.plural(
            "Ignore {count} column", "Ignore {count} columns", len(summary.unknown)
        )
        rows.append((button(label, "read_again", "left_out"),))
    if summary.doubt:
        other = "," if summary.decimal_mark == "." else "."
        number = reader.translator.number(_read_as(summary.doubt, other))
        label = reader.text(N_("Read as {number}"), number=number)
        rows.append((button(label, "read_again", f"mark{other}"),))
    return rows


# --- Files and taps ----------------------------------------------------------------------------


def take_file(turn: Turn, typed: Typed) -> bool:
    """Offer to import the file, if its sender may; other senders' files are ignored here."""
    attachment = typed.attachment
    if attachment is None or not turn.work.actor.can(Ability.IMPORT):
        return False
    if attachment.refusal is not None:
        raise attachment.refusal
    if attachment.size > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // MEGABYTE)
    if attachment.content is None or attachment.table is None:
        raise FileNoTable
    sha256 = hashlib.sha256(attachment.content).hexdigest()
    later = len(attachment.table) > AT_ONCE
    import_id = importing.offer(
        turn.work, attachment.name, sha256, packed=attachment.table, later=later
    )
    turn.show("import_file", import_id)
    return True


def import_it(turn: Turn, tap: Tap) -> None:
    """Import the previewed file, all or nothing; a long file gets its own job."""
    if importing.is_long(turn.work, tap.id, AT_ONCE):
        importing.wait(turn.work, tap.id, revision=tap.revision)
    else:
        change = importing.apply(turn.work, tap.id, revision=tap.revision)
        turn.toast(
            turn.reader.plural("{count} row imported", "{count} rows imported", change.total)
        )
    turn.show("import_file", tap.id)


def read_again(turn: Turn, tap: Tap) -> None:
    """Read a file again with another decimal mark, or without the unknown columns."""
    said = importing.load(turn.work, tap.id).summary.options
    if tap.argument == "left_out":
        said = replace(said, left_out=True)
    elif tap.argument in ("mark.", "mark,"):
        said = replace(said, decimal_mark=tap.argument[-1])
    importing.prepare(turn.work, tap.id, said)
    turn.show("import_file", tap.id)


def undo_import(turn: Turn, tap: Tap) -> None:
    """Undo an import, as long as nothing depends on it."""
    importing.undo(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Undone")))
    turn.show("import_file", tap.id)


def go_on(work: Work) -> None:
    """Prepare or import the first long file that waits, as the person who sent it."""
    found = importing.waiting(work)
    if found is None:
        return
    import_id, state, person_id = found
    person = None if person_id is None else person_of(work.connection, person_id)
    own = work if person is None else replace(work, actor=person.actor)
    try:
        with savepoint(work.connection):
            if state == "read":
                importing.prepare(own, import_id)
            else:
                importing.apply(own, import_id, revision=importing.load(own, import_id).revision)
    except Refusal as refusal:
        LOG.info("an import was refused: %s", refusal.code)
        importing.give_up(work, import_id)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, WRONG_STATEMENTS):
            # The database itself failed: the whole job runs again later.
            raise
        incident = new_incident()
        LOG.exception("incident %s in import %d", incident, import_id)
        importing.give_up(work, import_id, incident=incident)


# --- Instructions ------------------------------------------------------------------------------


def load_how(work: Work, _id: int, _arguments: Arguments) -> list[ImportRecord]:
    """Return the last imports, for people who may see them.  Raises NotAllowed."""
    return importing.latest(work)


def render_how(shown: list[ImportRecord], reader: Reader) -> Card:
    """Render the accepted files, an example table of each kind, and the last imports."""
    text = lines(
        bold(reader.text(N_("Import"))),
        reader.text(N_("Send a CSV or XLSX file. You'll see a preview before anything changes.")),
        reader.text(N_("To start, download one of these tables and fill it in:")),
    )
    buttons = [
        opens(reader.text(kind.label), "report", argument=name) for name, kind in KINDS.items()
    ]
    earlier: list[Row] = [
        (opens(f"{each.name} · {change_words(each, reader)}", "import_file", id=each.id),)
        for each in shown
    ]
    return Card(text, (tuple(buttons[:2]), tuple(buttons[2:]), *earlier, (back(reader),)))


def how(turn: Turn, _text: str) -> None:
    """Show how to import."""
    turn.show("import_how")


SCREENS: Final = (
    Screen("import_file", load_import, render_import, subject="import"),
    Screen("import_how", load_how, render_how),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "import": import_it,
    "read_again": read_again,
    "undo_import": undo_import,
}
COMMANDS: Final = (
    Command("import", N_("Import a spreadsheet"), how, roles=frozenset({Role.OWNER})),
)
TYPED: Final = (Matcher("file", take_file),)
JOBS: Final = (go_on,)
