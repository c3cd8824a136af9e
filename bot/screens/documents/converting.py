"""The conversion of one paper into another: everything offered at first, then line by line.

No draft is left behind. The card keeps the choices, and the last tap makes the paper and puts
it into force.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Button, Card, Html, Reader, Row, Screen, back, html, lines
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Number, Text
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.conversion_state import (
    Choice,
    Converting,
    chosen_of,
    counted,
    load_converting,
    put,
)
from bot.screens.documents.e_invoice_notes import without_e_invoice
from bot.screens.documents.price_credits import less_rows, less_words, money_lines
from bot.screens.shared.moments import until_words
from bot.screens.shared.saved_arguments import kept_arguments
from bot.screens.shared.words import MOST_LINES, folded_lines, heading, numbered, quantity
from core.domain.document_type import Claims
from core.domain.messages import N_
from core.domain.money import ZERO
from core.domain.places import PLACE_NAMES, PlaceRole
from core.services.documents import converting, issuing

# --- The whole paper -------------------------------------------------------------------------


def render_converting(shown: Converting, reader: Reader) -> Card:
    """Render what is offered and chosen; the verb with its number comes first, then the lines."""
    title = reader.html(
        N_("{paper} for {number}"),
        paper=reader.text(shown.target.label),
        number=shown.view.record.number or "",
    )
    held = shown.view.record.valid_until if shown.view.type.claims is Claims.UNTIL else None
    text = lines(
        title,
        # A paper made from a reservation has its goods only while the reservation lasts.
        None if held is None else until_words(held, reader),
        *folded_lines((_line(line_id, shown, reader) for line_id in shown.offered), reader),
        *_sum(shown, reader),
        *money_lines(shown, reader),
        *without_e_invoice(shown.missing, reader),
    )
    rows: list[Row] = []
    if shown.is_nothing:
        rows.append((_all_button(shown, reader),))
    else:
        rows.append((_make_button(shown, reader),))
    if shown.target.own_number:
        number = shown.foreign_number or reader.text(N_("none"))
        label = reader.text(N_("Vendor's number: {number}"), number=number)
        rows.append((Button(label, "ask_foreign", id=shown.view.record.id),))
    rows += [
        (_line_button(line_id, shown, reader),) for line_id in list(shown.offered)[:MOST_LINES]
    ]
    return Card(text, (*rows, (back(reader, "document", id=shown.view.record.id),)))


def _line(line_id: int, shown: Converting, reader: Reader) -> Html:
    offered, _, most = shown.offered[line_id]
    choice = shown.choices[line_id]
    parts: list[object] = [offered.line.name]
    if shown.counts_rejected:
        parts.append(
            reader.text(
                N_("{accepted} of {most} accepted, {rejected} rejected"),
                accepted=quantity(choice.quantity, reader),
                most=quantity(most, reader),
                rejected=quantity(choice.rejected, reader),
            )
        )
    else:
        parts.append(
            reader.text(
                N_("{number} of {most}"),
                number=quantity(choice.quantity, reader),
                most=quantity(most, reader),
            )
        )
    if choice.place:
        parts.append(reader.text(PLACE_NAMES[PlaceRole(choice.place)]))
    if shown.way.rule.asks_wanted and choice.quantity:
        parts.append(reader.text(_wanted_word(shown, choice)))
    parts += less_words(choice, shown, reader)
    return html(*parts, between=" · ")


def _wanted_word(shown: Converting, choice: Choice) -> str:
    if shown.target.route is not None:
        return N_("no replacement") if choice.drops else N_("replacement needed")
    return N_("no longer wanted") if choice.drops else N_("still wanted")


def _sum(shown: Converting, reader: Reader) -> list[Html]:
    """Return in numbers what the tap does and what remains."""
    most = sum((each[2] for each in shown.offered.values()), start=ZERO)
    left = most - shown.pieces
    found = [
        reader.html(
            N_("{pieces} now, {left} remaining"),
            pieces=quantity(shown.pieces, reader),
            left=quantity(max(ZERO, left), reader),
        )
    ]
    excess = sum(
        (max(ZERO, shown.choices[id].quantity - each[2]) for id, each in shown.offered.items()),
        start=ZERO,
    )
    if excess and shown.target.excess_by_approval:
        found.append(
            reader.html(N_("{number} more than ordered"), number=quantity(excess, reader))
        )
    if shown.counts_rejected and (shown.rejected or left > ZERO):
        missing = max(ZERO, left - shown.rejected)
        found.append(
            reader.html(
                N_("{accepted} of {most}: {missing} missing, {rejected} rejected"),
                accepted=quantity(shown.pieces, reader),
                most=quantity(most, reader),
                missing=quantity(missing, reader),
                rejected=quantity(shown.rejected, reader),
            )
        )
    return found


def _make_button(shown: Converting, reader: Reader) -> Button:
    verb = shown.target.issue_label or shown.way.rule.label
    number = quantity(shown.pieces + shown.rejected, reader)
    if not shown.pieces and not shown.rejected and shown.told is not None:
        number = reader.translator.money(shown.told.total, shown.told.currency)
    return Button(
        numbered(verb, number, reader),
        "make",
        id=shown.view.record.id,
        revision=shown.view.record.revision,
        argument=shown.argument,
        digest=digest_of(shown.facts()),
        style="success",
    )


def _all_button(shown: Converting, reader: Reader) -> Button:
    most = sum((each[2] for each in shown.offered.values()), start=ZERO)
    label = reader.text(N_("All {number}"), number=quantity(most, reader))
    return Button(label, "take_all", id=shown.view.record.id, style="primary")


def _line_button(line_id: int, shown: Converting, reader: Reader) -> Button:
    offered, _, _ = shown.offered[line_id]
    choice = shown.choices[line_id]
    number = quantity(choice.quantity, reader)
    label = reader.text(N_("{what}: {value}"), what=offered.line.name, value=number)
    if choice.rejected:
        label += f" + {quantity(choice.rejected, reader)}"
    return Button(label, "open_line", id=shown.view.record.id, argument=str(line_id))


# --- One line --------------------------------------------------------------------------------


def render_line(shown: Converting, reader: Reader) -> Card:
    """Render the steppers of one line, the button to type a number, and the place of its goods."""
    line_id = shown.line_id
    if line_id not in shown.offered:
        return render_converting(shown, reader)
    rows: list[Row] = [_stepper("quantity", shown, reader)]
    if shown.counts_rejected:
        rows.append(_stepper("rejected", shown, reader))
    choice, document_id = shown.choices[line_id], shown.view.record.id
    if shown.places:
        chosen = choice.place or str(_default_place(shown))
        rows.append(
            tuple(
                Button(
                    ("✓ " if chosen == role else "") + reader.text(PLACE_NAMES[role]),
                    "place",
                    id=document_id,
                    argument=str(role),
                )
                for role in shown.places
            )
        )
    if shown.way.rule.asks_wanted:
        word = _wanted_word(shown, replace(choice, drops=not choice.drops))
        label = reader.text(N_("Switch to: {word}"), word=reader.text(word))
        rows.append((Button(label, "wanted", id=document_id),))
    rows += less_rows(shown, reader)
    done = Button(reader.text(N_("Done")), "close_line", id=document_id, style="primary")
    return Card(
        lines(heading(shown.view, reader), _line(line_id, shown, reader)), (*rows, (done,))
    )


def _default_place(shown: Converting) -> PlaceRole:
    route = shown.target.route
    assert route is not None
    return route.source if route.source.inside else route.target


def _stepper(field: str, shown: Converting, reader: Reader) -> Row:
    choice, document_id = shown.choices[shown.line_id], shown.view.record.id
    value = choice.rejected if field == "rejected" else choice.quantity
    label = quantity(value, reader)
    if shown.counts_rejected:
        words = N_("{number} rejected") if field == "rejected" else N_("{number} accepted")
        label = reader.text(words, number=label)
    return (
        Button("−", "step", id=document_id, argument=f"{field}:-1"),
        Button(label, "type_number", id=document_id, argument=field),
        Button("+", "step", id=document_id, argument=f"{field}:1"),
    )


# --- Taps: the card keeps each choice --------------------------------------------------------


def _choose(turn: Turn, tap: Tap, **changes: Any) -> None:
    """Change the choice for the open line."""
    arguments = kept_arguments(turn)
    put(turn, tap.id, arguments, **changes)


def step(turn: Turn, tap: Tap) -> None:
    """Add or remove one piece, between zero and the offered quantity."""
    field, _, way = tap.argument.partition(":")
    shown = load_converting(turn.work, tap.id, kept_arguments(turn))
    choice = shown.choices[shown.line_id]
    _, _, most = shown.offered[shown.line_id]
    value = (choice.rejected if field == "rejected" else choice.quantity) + Decimal(way)
    top = max(most, value) if shown.target.excess_by_approval else most
    _choose(turn, tap, **counted(shown, field, min(max(ZERO, value), top)))


def place(turn: Turn, tap: Tap) -> None:
    """Choose the place for this line's goods."""
    _choose(turn, tap, place=tap.argument)


def wanted(turn: Turn, tap: Tap) -> None:
    """Choose whether the pieces are still wanted."""
    shown = load_converting(turn.work, tap.id, kept_arguments(turn))
    _choose(turn, tap, drops=not shown.choices[shown.line_id].drops)


def open_line(turn: Turn, tap: Tap) -> None:
    """Open the steppers of one line."""
    turn.show("convert_line", tap.id, **(kept_arguments(turn) | {"line": int(tap.argument)}))


def close_line(turn: Turn, tap: Tap) -> None:
    """Return to the whole paper with the choices made."""
    turn.show("convert", tap.id, **kept_arguments(turn))


def take_all(turn: Turn, tap: Tap) -> None:
    """Choose everything offered."""
    arguments = kept_arguments(turn)
    shown = load_converting(turn.work, tap.id, arguments)
    chosen = {
        str(line_id): replace(shown.choices[line_id], quantity=most).kept()
        for line_id, (_, _, most) in shown.offered.items()
    }
    turn.show("convert", tap.id, **(arguments | {"chosen": chosen}))


def make(turn: Turn, tap: Tap) -> None:
    """Make the paper and put it into force; do nothing if the figures have changed."""
    arguments = kept_arguments(turn)
    turn.show("convert", tap.id, **arguments)
    shown = load_converting(turn.work, tap.id, arguments)
    turn.check(tap, shown.facts())
    header = {"foreign_number": shown.foreign_number} if shown.foreign_number else {}
    document_id = converting.convert(
        turn.work,
        tap.id,
        shown.target.kind,
        chosen=chosen_of(turn.work, shown),
        rejected_goods=shown.way.rule.rejected_goods,
        **header,
    )
    issued = issuing.issue(turn.work, document_id, revision=0, excess=True)
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", document_id)


# --- Typed numbers ---------------------------------------------------------------------------


def type_number(turn: Turn, tap: Tap) -> None:
    """Ask for the number of the open line."""
    turn.ask("chosen_number", document=tap.id, field=tap.argument, kept=kept_arguments(turn))


def finish_number(turn: Turn, answers: Answers) -> None:
    """Choose the typed number."""
    given = answers.arguments
    kept = dict(given["kept"])
    shown = load_converting(turn.work, given["document"], kept)
    put(turn, given["document"], kept, **counted(shown, given["field"], answers["number"]))


def ask_foreign(turn: Turn, tap: Tap) -> None:
    """Ask for the vendor's own number for the paper."""
    turn.ask("foreign_number", document=tap.id, kept=kept_arguments(turn))


def finish_foreign(turn: Turn, answers: Answers) -> None:
    """Keep the vendor's number with the card."""
    kept = dict(answers.arguments["kept"])
    turn.show("convert", answers.arguments["document"], **(kept | {"foreign": answers["number"]}))


FORMS: Final = (
    Form(
        "chosen_number",
        steps=(Step("number", N_("How many?"), Number(digits=6, least=ZERO)),),
        on_finish=finish_number,
    ),
    Form(
        "foreign_number",
        steps=(Step("number", N_("What's the vendor's number?"), Text(most=40)),),
        on_finish=finish_foreign,
    ),
)
SCREENS: Final = (
    Screen("convert", load_converting, render_converting, subject="document"),
    Screen(
        "convert_line",
        load_converting,
        render_line,
        subject="document",
        answered_by="open_chosen_line",
    ),
)
ACTIONS: Final = {
    "step": step,
    "place": place,
    "wanted": wanted,
    "open_line": open_line,
    "close_line": close_line,
    "take_all": take_all,
    "make": make,
    "type_number": type_number,
    "ask_foreign": ask_foreign,
}
