"""A draft is edited: its lines one by one, its dates and terms one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.conversation.inputs import Date, Input, Number, Percent, Text
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.lookups import Product
from bot.conversation.step import Answers, Form, Step
from bot.screens.base import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    html,
    lines,
    opens,
)
from bot.screens.document_card import issue_button
from bot.screens.words import MOST_LINES, day, heading, quantity
from bot.turn import Tap, Turn
from core.domain.document_type import Claims, DocumentType
from core.domain.lifecycles import OFFER, Action
from core.domain.messages import N_
from core.services.documents import drafting, viewing
from core.services.documents.drafting import NewLine, NotADraft
from core.services.documents.viewing import DocumentView, LineView
from core.services.rights import NotFound
from core.services.work import Work

ZERO = Decimal(0)


def load_draft(work: Work, document_id: int, _arguments: Arguments) -> DocumentView:
    """A draft that this person may edit.  Raises NotFound, NotADraft."""
    view = viewing.view(work, document_id)
    if not view.can_edit:
        raise NotADraft(number=view.record.number or "")
    return view


# --- Lines -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lines:
    """A draft and where its list of lines begins."""

    view: DocumentView
    start: int


def load_lines(work: Work, document_id: int, arguments: Arguments) -> Lines:
    """The lines from `argument` on."""
    start = str(arguments.get("argument", ""))
    return Lines(load_draft(work, document_id, arguments), int(start) if start.isdigit() else 0)


def render_lines(shown: Lines, reader: Reader) -> Card:
    """Each line a button; more of them on the next page."""
    view = shown.view
    part = view.lines[shown.start : shown.start + MOST_LINES]
    rows: list[Row] = [
        (
            Button(
                f"{each.line.position}. {quantity(each.line.quantity, reader)} × {each.line.name}",
                "draft_line",
                id=view.record.id,
                argument=str(each.line.id),
            ),
        )
        for each in part
    ]
    rows.append(_pages(shown, reader))
    if not view.type.needs_source:
        rows.append((Button(reader.text(N_("Add a line")), "add_line", id=view.record.id),))
    if Action.ISSUE in view.actions and view.lines:
        rows.append((issue_button(view, reader),))
    text = lines(heading(view, reader), reader.text(N_("Tap a line to change it.")))
    return Card(text, (*rows, (back(reader, "document", id=view.record.id),)))


def _pages(shown: Lines, reader: Reader) -> Row:
    row = []
    if shown.start > 0:
        before = str(max(0, shown.start - MOST_LINES))
        row.append(opens("«", "draft_lines", id=shown.view.record.id, argument=before))
    if shown.start + MOST_LINES < len(shown.view.lines):
        after = str(shown.start + MOST_LINES)
        row.append(opens("»", "draft_lines", id=shown.view.record.id, argument=after))
    del reader
    return tuple(row)


@dataclass(frozen=True)
class OneLine:
    """A draft and the line that is open."""

    view: DocumentView
    line: LineView


def load_line(work: Work, document_id: int, arguments: Arguments) -> OneLine:
    """The line that `argument` names.  Raises NotFound when it is gone."""
    view = load_draft(work, document_id, arguments)
    for each in view.lines:
        if str(each.line.id) == str(arguments.get("argument")):
            return OneLine(view, each)
    raise NotFound(subject="line")


SOURCES: Final[Mapping[str, str]] = {
    "typed": N_("typed"),
    "book": N_("price book of this customer"),
    "default_book": N_("price book of this currency"),
    "list": N_("list price at the day's rate"),
    "source": N_("as on the paper before"),
}


def render_line(shown: OneLine, reader: Reader) -> Card:
    """One line: its figures, the rule that gave the price, and what can be changed."""
    view, line = shown.view, shown.line.line
    text = lines(heading(view, reader), html(line.name), *_figures(shown, reader))
    target = f"{line.id}"
    rows: list[Row] = [
        (
            _step("−", f"{target}:-1", view),
            Button(
                quantity(line.quantity, reader), "ask_line", id=view.record.id,
                argument=f"{target}:quantity",
            ),
            _step("+", f"{target}:1", view),
        )
    ]  # fmt: skip
    if view.type.priced:
        rows.append(
            tuple(
                Button(
                    reader.text(label), "ask_line", id=view.record.id, argument=f"{target}:{field}"
                )
                for label, field in ((N_("Price"), "unit_price"), (N_("Discount"), "discount"))
            )
        )
    rows.append(
        (
            Button(
                reader.text(N_("Remove")),
                "remove_line",
                id=view.record.id,
                revision=view.record.revision,
                argument=target,
                style="danger",
            ),
        )
    )
    return Card(text, (*rows, (back(reader, "draft_lines", id=view.record.id),)))


def _step(label: str, argument: str, view: DocumentView) -> Button:
    return Button(
        label, "step_line", id=view.record.id, revision=view.record.revision, argument=argument
    )


def _figures(shown: OneLine, reader: Reader) -> list[Html]:
    line, currency = shown.line.line, shown.view.record.currency
    if not shown.view.type.priced or currency is None:
        return []
    if line.unit_price is None:
        return [reader.html(N_("no price yet"))]
    price = reader.translator.money(line.unit_price, currency)
    source = SOURCES.get(line.price_source.partition(":")[0], "")
    found = [html(price, reader.text(source) if source else "", between=" · ")]
    if line.discount_percent:
        percent = reader.translator.percent(line.discount_percent)
        found.append(reader.html(N_("Discount {percent}"), percent=percent))
    return found


def step_line(turn: Turn, tap: Tap) -> None:
    """One more or one less; a line of nothing is removed by its own button."""
    line_id, _, way = tap.argument.partition(":")
    shown = load_line(turn.work, tap.id, {"argument": line_id})
    value = shown.line.line.quantity + Decimal(way)
    if value > ZERO:
        drafting.change_line(
            turn.work, tap.id, int(line_id), revision=tap.revision, quantity=value
        )
    turn.show("draft_line", tap.id, argument=line_id)


def remove_line(turn: Turn, tap: Tap) -> None:
    """Take the line off."""
    drafting.remove_line(turn.work, tap.id, int(tap.argument), revision=tap.revision)
    turn.show("draft_lines", tap.id)


def ask_line(turn: Turn, tap: Tap) -> None:
    """Ask for a figure of the line."""
    line_id, _, field = tap.argument.partition(":")
    turn.ask(f"line_{field}", document=tap.id, line=int(line_id))


def _finish_line(field: str) -> Callable[[Turn, Answers], None]:
    def finish(turn: Turn, answers: Answers) -> None:
        document_id, line_id = answers.arguments["document"], answers.arguments["line"]
        revision = viewing.view(turn.work, document_id).record.revision
        drafting.change_line(
            turn.work, document_id, line_id, revision=revision, **{field: answers["value"]}
        )
        turn.show("draft_line", document_id, argument=str(line_id))

    return finish


def add_line(turn: Turn, tap: Tap) -> None:
    """Ask which product, and how many."""
    turn.ask("new_line", document=tap.id)


def finish_new_line(turn: Turn, answers: Answers) -> None:
    """Add the line."""
    document_id = answers.arguments["document"]
    revision = viewing.view(turn.work, document_id).record.revision
    new = NewLine(product_id=answers["product"], quantity=answers["quantity"])
    drafting.add_lines(turn.work, document_id, revision=revision, lines=[new])
    turn.show("draft_lines", document_id)


# --- Dates and terms -------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """What can be changed of a draft's header: its label, its question, how it is read."""

    column: str
    label: str
    prompt: str
    input: Input
    shown: Callable[[Any, Reader], str]


def _as_text(value: Any, _reader: Reader) -> str:
    return str(value)


def _as_moment(value: Any, reader: Reader) -> str:
    return reader.translator.moment(value, reader.zone)


def _as_days(value: Any, reader: Reader) -> str:
    return reader.plural("{count} day", "{count} days", value)


def _as_percent(value: Any, reader: Reader) -> str:
    return reader.translator.percent(value)


FIELDS: Final[Mapping[str, Field]] = {
    each.column: each
    for each in (
        Field(
            "valid_until",
            N_("Until"),
            N_("Until the end of which day?"),
            Date(past=False),
            _as_moment,
        ),
        Field("delivery_on", N_("Delivery date"), N_("For which day?"), Date(), day),
        Field(
            "payment_days",
            N_("Payment days"),
            N_("Payable within how many days?"),
            Number(least=ZERO, most=Decimal(365)),
            _as_days,
        ),
        Field(
            "discount_percent",
            N_("Discount"),
            N_("Which discount on everything, in percent?"),
            Percent(),
            _as_percent,
        ),
        Field(
            "reference", N_("Reference"), N_("Which reference have they given?"), Text(most=60),
            _as_text,
        ),
        Field(
            "notes", N_("Notes"), N_("What shall stand on the paper?"), Text(note=True), _as_text
        ),
    )
}  # fmt: skip
_PRICED_ONLY: Final = frozenset({"payment_days", "discount_percent"})


def _fields(view: DocumentView) -> list[Field]:
    return [each for each in FIELDS.values() if _applies(each.column, view.type)]


def _applies(column: str, row: DocumentType) -> bool:
    """Money only where there is some; an end only for what is held or offered for a time."""
    if column == "valid_until":
        return row.claims is Claims.UNTIL or row.lifecycle is OFFER
    return row.priced or column not in _PRICED_ONLY


def render_terms(view: DocumentView, reader: Reader) -> Card:
    """Each field with what it says now; a tap asks for another."""
    found = []
    for each in _fields(view):
        value = getattr(view.record, each.column)
        if value:
            words = each.shown(value, reader)
            found.append(
                reader.html(N_("{what}: {value}"), what=reader.text(each.label), value=words)
            )
    rows: list[Row] = [
        (Button(reader.text(each.label), "ask_term", id=view.record.id, argument=each.column),)
        for each in _fields(view)
    ]
    return Card(
        lines(heading(view, reader), *found),
        (*rows, (back(reader, "document", id=view.record.id),)),
    )


def ask_term(turn: Turn, tap: Tap) -> None:
    """Ask for one field."""
    if tap.argument in FIELDS:
        turn.ask(f"term_{tap.argument}", document=tap.id)
    else:
        turn.show("draft_terms", tap.id)


def _end_of(last_day: date, reader: Reader) -> datetime:
    """The end of a day in the company's zone, made a moment once (DESIGN 4, Languages)."""
    next_day = last_day + timedelta(days=1)
    return datetime.combine(next_day, time(), tzinfo=reader.zone).astimezone(UTC)


def _finish_term(column: str) -> Callable[[Turn, Answers], None]:
    def finish(turn: Turn, answers: Answers) -> None:
        document_id = answers.arguments["document"]
        revision = viewing.view(turn.work, document_id).record.revision
        value = answers["value"]
        if column == "payment_days":
            value = int(value)
        if column == "valid_until":
            value = _end_of(value, turn.reader)
        drafting.change_header(turn.work, document_id, revision=revision, **{column: value})
        turn.show("draft_terms", document_id)

    return finish


SCREENS: Final = (
    Screen("draft_lines", load_lines, render_lines, subject="document"),
    Screen("draft_line", load_line, render_line, subject="document"),
    Screen("draft_terms", load_draft, render_terms, subject="document"),
)
ACTIONS: Final = {
    "step_line": step_line,
    "remove_line": remove_line,
    "ask_line": ask_line,
    "add_line": add_line,
    "ask_term": ask_term,
}
FORMS: Final = (
    Form(
        "line_quantity",
        steps=(Step("value", N_("How many?"), QuantityInput()),),
        on_finish=_finish_line("quantity"),
    ),
    Form(
        "line_unit_price",
        steps=(Step("value", N_("Which price for one?"), Number(digits=6, least=ZERO)),),
        on_finish=_finish_line("unit_price"),
    ),
    Form(
        "line_discount",
        steps=(Step("value", N_("Which discount, in percent?"), Percent()),),
        on_finish=_finish_line("discount_percent"),
    ),
    Form(
        "new_line",
        steps=(
            Step("product", N_("Which product?"), Product()),
            Step("quantity", N_("How many?"), QuantityInput()),
        ),
        on_finish=finish_new_line,
    ),
    *(
        Form(
            f"term_{each.column}",
            steps=(Step("value", each.prompt, each.input),),
            on_finish=_finish_term(each.column),
        )
        for each in FIELDS.values()
    ),
)
