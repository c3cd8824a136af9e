"""The lines of a draft, edited one by one; a working copy never goes below what was drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.base.screen import (
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
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Number
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.record_inputs import Product
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.steps import issue_button
from bot.screens.documents.terms import load_draft
from bot.screens.shared.discounts import Discount
from bot.screens.shared.words import MOST_LINES, heading, quantity
from core.domain.amending import least_quantity
from core.domain.lifecycles import Action
from core.domain.messages import N_
from core.domain.money import ZERO, check_unit_price
from core.services.amendments import change_plan
from core.services.amendments.change_plan import LineChange
from core.services.documents import drafting, viewing
from core.services.documents.drafting import NewLine
from core.services.documents.viewing import DocumentView, LineView
from core.services.products import product_views
from core.services.rights import NotFound
from core.services.work import Work


@dataclass(frozen=True)
class Lines:
    """A draft and the offset of its page of lines."""

    view: DocumentView
    start: int


def load_lines(work: Work, document_id: int, arguments: Arguments) -> Lines:
    """Return the lines from `argument` on."""
    start = str(arguments.get("argument", ""))
    return Lines(load_draft(work, document_id, arguments), int(start) if start.isdigit() else 0)


def render_lines(shown: Lines, reader: Reader) -> Card:
    """Render each line as a button; the rest are on the next page."""
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
        rows.append((Button(reader.text(N_("Add line")), "add_line", id=view.record.id),))
    if Action.ISSUE in view.actions and view.lines:
        rows.append((issue_button(view, reader),))
    if view.amends is not None:
        # An amendment is confirmed on the card that shows all its effects.
        label = reader.text(N_("Review changes"))
        rows.append((Button(label, "document", id=view.record.id, style="primary"),))
    text = lines(heading(view, reader), reader.text(N_("Tap a line to edit it.")))
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
    """A draft and its open line."""

    view: DocumentView
    line: LineView
    change: LineChange | None = None
    """The line of the order that a working copy changes."""

    @property
    def least(self) -> Decimal:
        """The lowest quantity allowed."""
        state = None if self.change is None else self.change.state
        return ZERO if state is None else least_quantity(state)


def load_line(work: Work, document_id: int, arguments: Arguments) -> OneLine:
    """Return the line that `argument` names.  Raises NotFound when it is gone."""
    view = load_draft(work, document_id, arguments)
    for each in view.lines:
        if str(each.line.id) == str(arguments.get("argument")):
            return OneLine(view, each, _change(work, view, each))
    raise NotFound(subject="line")


def _change(work: Work, view: DocumentView, shown: LineView) -> LineChange | None:
    if view.amends is None:
        return None
    changes = change_plan.plan(work, view.record.id).lines
    return next((each for each in changes if each.new and each.new.id == shown.line.id), None)


SOURCES: Final[Mapping[str, str]] = {
    "typed": N_("manual price"),
    "book": N_("this customer's price book"),
    "default_book": N_("default price book for this currency"),
    "list": N_("list price"),
    "source": N_("price from the source document"),
}


def render_line(shown: OneLine, reader: Reader) -> Card:
    """Render one line: its figures, the rule that gave the price, and what can be changed."""
    view, line = shown.view, shown.line.line
    text = lines(
        heading(view, reader), html(line.name), *_figures(shown, reader), _drawn(shown, reader)
    )
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


def _drawn(shown: OneLine, reader: Reader) -> Html | None:
    """Return, for a working copy, the earlier quantity and how much was shipped or billed."""
    change = shown.change
    if change is None or change.old is None or change.state is None:
        return None
    found: list[object] = [
        reader.text(N_("{number} on the order"), number=quantity(change.before, reader))
    ]
    state = change.state
    if state.fulfilled > ZERO:
        done = N_("{number} received") if shown.view.type.incoming else N_("{number} delivered")
        found.append(reader.text(done, number=quantity(state.fulfilled, reader)))
    if state.billed > ZERO:
        billed = N_("{number} billed") if shown.view.type.incoming else N_("{number} invoiced")
        found.append(reader.text(billed, number=quantity(state.billed, reader)))
    if shown.least:
        found.append(reader.text(N_("minimum {number}"), number=quantity(shown.least, reader)))
    return html(*found, between=" · ")


def step_line(turn: Turn, tap: Tap) -> None:
    """Add or remove one piece; only the remove button takes a line to zero."""
    line_id, _, way = tap.argument.partition(":")
    shown = load_line(turn.work, tap.id, {"argument": line_id})
    value = shown.line.line.quantity + Decimal(way)
    if value > ZERO and value >= shown.least:
        drafting.change_line(
            turn.work, tap.id, int(line_id), revision=tap.revision, quantity=value
        )
    turn.show("draft_line", tap.id, argument=line_id)


def remove_line(turn: Turn, tap: Tap) -> None:
    """Remove the line."""
    drafting.remove_line(turn.work, tap.id, int(tap.argument), revision=tap.revision)
    turn.show("draft_lines", tap.id)


def ask_line(turn: Turn, tap: Tap) -> None:
    """Ask for a figure of the line."""
    line_id, _, field = tap.argument.partition(":")
    currency = viewing.view(turn.work, tap.id).record.currency
    turn.ask(f"line_{field}", document=tap.id, line=int(line_id), currency=currency)


def _line_digits(asking: Asking) -> int:
    given = asking.answers.arguments
    shown = load_line(asking.work, given["document"], {"argument": given["line"]})
    return shown.line.line.unit_digits


def _product_digits(asking: Asking) -> int:
    product_id = asking.answers["product"]
    return product_views.load(asking.work.connection, [product_id])[product_id].unit_digits


def _finish_line(field: str) -> Callable[[Turn, Answers], None]:
    def finish(turn: Turn, answers: Answers) -> None:
        document_id, line_id = answers.arguments["document"], answers.arguments["line"]
        revision = viewing.view(turn.work, document_id).record.revision
        drafting.change_line(
            turn.work, document_id, line_id, revision=revision, **{field: answers["value"]}
        )
        turn.show("draft_line", document_id, argument=str(line_id))

    return finish


def finish_discount(turn: Turn, answers: Answers) -> None:
    """Apply a percentage off the line, or an amount off the unit price."""
    given, answer = answers.arguments, answers["value"]
    shown = load_line(turn.work, given["document"], {"argument": given["line"]})
    before = shown.line.line.unit_price or ZERO
    changes: dict[str, Decimal] = {"discount_percent": answer.percent}
    if answer.amount:
        changes = {"unit_price": check_unit_price(before - answer.amount)}
    revision = shown.view.record.revision
    drafting.change_line(turn.work, given["document"], given["line"], revision=revision, **changes)
    turn.show("draft_line", given["document"], argument=str(given["line"]))


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


SCREENS: Final = (
    Screen("draft_lines", load_lines, render_lines, subject="document"),
    Screen(
        "draft_line", load_line, render_line, subject="document", answered_by="open_draft_line"
    ),
)
ACTIONS: Final = {
    "step_line": step_line,
    "remove_line": remove_line,
    "ask_line": ask_line,
    "add_line": add_line,
}
FORMS: Final = (
    Form(
        "line_quantity",
        steps=(Step("value", N_("How many?"), QuantityInput(digits=_line_digits)),),
        on_finish=_finish_line("quantity"),
    ),
    Form(
        "line_unit_price",
        steps=(Step("value", N_("What's the unit price?"), Number(digits=6, least=ZERO)),),
        on_finish=_finish_line("unit_price"),
    ),
    Form(
        "line_discount",
        steps=(Step("value", N_("What discount? 10%, or 5 {currency} off each"), Discount()),),
        on_finish=finish_discount,
    ),
    Form(
        "new_line",
        steps=(
            Step("product", N_("Which product?"), Product()),
            Step("quantity", N_("How many?"), QuantityInput(digits=_product_digits)),
        ),
        on_finish=finish_new_line,
    ),
)
