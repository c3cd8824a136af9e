"""Reservations: requested, made, answered in full or in part, moved, released, extended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.base.screen import Reader
from bot.base.turn import Tap, Turn
from bot.conversation.deadline_input import Until
from bot.conversation.inputs import Asking, Choice, Text
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.record_inputs import Party
from bot.conversation.step import Answers, Form, Step
from bot.screens.stock.reservation_card import Hold, load_hold, moment_argument, moment_of
from core.domain.messages import N_
from core.domain.people import Right
from core.services import reservations
from core.services.documents import viewing
from core.services.documents.drafting import NewLine
from core.services.people import parties
from core.services.products import product_views
from core.services.rights import NotFound, may
from core.services.work import Work

ALL: Final = "all"
"""The choice of every line of a reservation."""


def may_ask(work: Work) -> bool:
    """Return whether this person may request a reservation for some party."""
    row = reservations.hold_type()
    return any(
        may(work.actor, Right.DRAFT, row, party_id=each)
        for each in (None, *sorted(work.actor.own_parties))
    )


def _current_reservation(
    turn: Turn, document_id: int, *, kept: Mapping[str, Any] | None = None
) -> Hold:
    """Return the reservation as the card of this turn shows it.  Raises NotFound."""
    view = viewing.view(turn.work, document_id)
    arguments = turn.arguments if kept is None else kept
    found = load_hold(turn.work, view, arguments)
    if found is None:
        raise NotFound(subject="document")
    return found


# --- Requests from the card of a product -----------------------------------------------------


def ask_hold(turn: Turn, tap: Tap) -> None:
    """Ask for the quantity and the end; sellers also choose the party."""
    record = product_views.view(turn.work, tap.id).record
    own = sorted(
        each.party_id
        for each in turn.work.actor.memberships
        if each.may_order and not each.is_former
    )
    if turn.work.actor.is_staff:
        turn.ask("make_hold", product=record.id, name=record.name)
    elif own:
        turn.ask("ask_hold", product=record.id, name=record.name, own=own)
    else:
        raise NotFound(subject="product")


def _own_parties(asking: Asking) -> dict[str, str]:
    found = parties.load(asking.work.connection, asking.answers.arguments["own"])
    return {str(each): party.name for each, party in found.items()}


def _has_several(answers: Answers) -> bool:
    return len(answers.arguments["own"]) > 1


def _unit_digits(asking: Asking) -> int:
    product_id = asking.answers.arguments["product"]
    return product_views.load(asking.work.connection, [product_id])[product_id].unit_digits


def finish_ask(turn: Turn, answers: Answers) -> None:
    """Make the request, as a living card, and tell the sellers."""
    given = answers.arguments
    party_id = int(answers["party"] or given["own"][0])
    line = NewLine(given["product"], answers["quantity"])
    turn.show(
        "document", reservations.ask(turn.work, party_id, lines=[line], until=answers["until"])
    )  # fmt: skip


def finish_make(turn: Turn, answers: Answers) -> None:
    """Make and grant the reservation at once, for a seller."""
    line = NewLine(answers.arguments["product"], answers["quantity"])
    document_id = reservations.ask(
        turn.work, answers["party"], lines=[line], until=answers["until"]
    )  # fmt: skip
    issued = reservations.grant(turn.work, document_id, revision=0)
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", document_id)


# --- Answers ---------------------------------------------------------------------------------


def hold_grant(turn: Turn, tap: Tap) -> None:
    """Grant the reservation with the figures shown; ask for the end if it is unknown."""
    shown = _current_reservation(turn, tap.id)
    if shown.end is None:
        turn.ask("hold_end", document=tap.id)
        return
    turn.show("document", tap.id, **turn.arguments)
    turn.check(tap, shown.figures())
    changed = {
        each.line.id: shown.quantities[each.line.id]
        for each in shown.view.lines
        if shown.quantities[each.line.id] != each.line.quantity
    }
    issued = reservations.grant(
        turn.work, tap.id, revision=tap.revision, quantities=changed, until=shown.until
    )
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", tap.id)


def finish_end(turn: Turn, answers: Answers) -> None:
    """Grant the reservation now that the end is known."""
    document_id = answers.arguments["document"]
    revision = viewing.view(turn.work, document_id).record.revision
    reservations.grant(turn.work, document_id, revision=revision, until=answers["until"])
    turn.show("document", document_id)


def hold_less(turn: Turn, tap: Tap) -> None:
    """Ask for the smaller quantity to reserve."""
    _ask_quantity(turn, tap, form="hold_less")


def _ask_quantity(turn: Turn, tap: Tap, *, form: str) -> None:
    shown = _current_reservation(turn, tap.id)
    rows = {
        str(each.line.id): [each.line.name, str(shown.quantities[each.line.id])]
        for each in shown.view.lines
    }
    first = next(iter(rows))
    kept = dict(turn.arguments)
    turn.ask(form, document=tap.id, lines=rows, only="" if len(rows) > 1 else first, kept=kept)


def finish_less(turn: Turn, answers: Answers) -> None:
    """Keep the quantity with the card; one tap grants it."""
    given = answers.arguments
    line = answers["line"] or given["only"]
    kept = dict(given["kept"])
    kept["less"] = {**kept.get("less", {}), line: str(answers["quantity"])}
    turn.show("document", given["document"], **kept)


def hold_shorter(turn: Turn, tap: Tap) -> None:
    """Ask for the earlier end."""
    turn.ask("hold_shorter", document=tap.id, kept=dict(turn.arguments))


def finish_shorter(turn: Turn, answers: Answers) -> None:
    """Keep the end with the card; one tap grants it."""
    given = answers.arguments
    kept = {**given["kept"], "until": moment_argument(answers["until"])}
    turn.show("document", given["document"], **kept)


def hold_decline(turn: Turn, tap: Tap) -> None:
    """Ask for the reason."""
    turn.ask("hold_decline", document=tap.id, revision=tap.revision)


def finish_decline(turn: Turn, answers: Answers) -> None:
    """Decline the request; the requester gets the reason."""
    given = answers.arguments
    reservations.decline(
        turn.work, given["document"], revision=given["revision"], reason=answers["reason"] or ""
    )
    turn.show("document", given["document"])


# --- Changes and withdrawal by the requester -------------------------------------------------


def hold_change(turn: Turn, tap: Tap) -> None:
    """Ask for the quantities and the end."""
    _ask_quantity(turn, tap, form="hold_change")


def finish_change(turn: Turn, answers: Answers) -> None:
    """Change the request; zero removes a line."""
    given = answers.arguments
    line, document_id = answers["line"] or given["only"], given["document"]
    quantities = {} if answers["quantity"] is None else {int(line): answers["quantity"]}
    revision = viewing.view(turn.work, document_id).record.revision
    reservations.change(
        turn.work, document_id, revision=revision, quantities=quantities, until=answers["until"]
    )
    turn.show("document", document_id)


def hold_withdraw(turn: Turn, tap: Tap) -> None:
    """Withdraw the request."""
    reservations.withdraw(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Request withdrawn.")))
    turn.show("document", tap.id)


# --- While it is in force --------------------------------------------------------------------


def hold_extend(turn: Turn, tap: Tap) -> None:
    """Ask for the new end."""
    turn.ask("hold_extend", document=tap.id)


def finish_extend(turn: Turn, answers: Answers) -> None:
    """Extend it to that moment; a customer only requests the extension."""
    document_id = answers.arguments["document"]
    shown = _current_reservation(turn, document_id, kept={})
    if shown.facts.may_answer:
        revision = shown.view.record.revision
        reservations.move_end(turn.work, document_id, revision=revision, until=answers["until"])
    else:
        reservations.wish_time(turn.work, document_id, until=answers["until"])
        turn.toast(_asked(turn.reader))
    turn.show("document", document_id)


def _asked(reader: Reader) -> str:
    name = reader.company.name if reader.company else ""
    return reader.text(N_("{name} notified"), name=name)


def hold_until(turn: Turn, tap: Tap) -> None:
    """Extend it as requested."""
    until = moment_of(tap.argument)
    reservations.move_end(turn.work, tap.id, revision=tap.revision, until=until)
    turn.show("document", tap.id)


def wish_order(turn: Turn, tap: Tap) -> None:
    """Request delivery, for a customer."""
    reservations.wish_order(turn.work, tap.id)
    turn.toast(_asked(turn.reader))
    turn.show("document", tap.id)


def wish_refuse(turn: Turn, tap: Tap) -> None:
    """Ask for the reason."""
    turn.ask("wish_refuse", document=tap.id)


def finish_refuse(turn: Turn, answers: Answers) -> None:
    """Refuse the request."""
    document_id = answers.arguments["document"]
    reservations.refuse_wish(turn.work, document_id, reason=answers["reason"] or "")
    turn.show("document", document_id)


def hold_release(turn: Turn, tap: Tap) -> None:
    """Ask for the goods and the quantity to release."""
    shown = _current_reservation(turn, tap.id)
    rows = {
        str(each.line.id): [each.line.name, str(shown.facts.open[each.line.id])]
        for each in shown.view.lines
        if shown.facts.open[each.line.id]
    }
    if not rows:
        turn.show("document", tap.id)
        return
    only = next(iter(rows)) if len(rows) == 1 else ""
    turn.ask("hold_release", document=tap.id, revision=tap.revision, lines=rows, only=only)


def finish_release(turn: Turn, answers: Answers) -> None:
    """Release the goods; the next in line get them."""
    given = answers.arguments
    line = given["only"] or answers["line"]
    quantities = None if line == ALL else {int(line): answers["quantity"]}
    document_id = given["document"]
    reservations.release(
        turn.work,
        document_id,
        revision=given["revision"],
        quantities=quantities,
        reason=answers["reason"] or "",
    )
    turn.show("document", document_id)


# --- Questions -------------------------------------------------------------------------------


def _line_names(asking: Asking) -> dict[str, str]:
    return {key: name for key, (name, _) in asking.answers.arguments["lines"].items()}


def _all_and_names(asking: Asking) -> dict[str, str]:
    return {ALL: asking.reader.text(N_("Everything")), **_line_names(asking)}


def _is_open(answers: Answers) -> bool:
    return not answers.arguments["only"]


def _counts(answers: Answers) -> bool:
    return bool(answers.arguments["only"]) or answers.get("line") != ALL


def _whole_line(answers: Answers) -> Decimal | None:
    """Return the full quantity of the line."""
    line = answers.arguments["only"] or answers.get("line")
    rows = answers.arguments["lines"]
    return Decimal(rows[line][1]) if line in rows else None


def _line_digits(asking: Asking) -> int:
    """Return the decimals of the unit of the line in question."""
    answers = asking.answers
    line = answers.arguments["only"] or answers.get("line")
    view = viewing.view(asking.work, answers.arguments["document"])
    found = (each.line.unit_digits for each in view.lines if str(each.line.id) == line)
    return next(found, 0)


def _which(prompt: str, *, everything: bool = False) -> Step:
    names = _all_and_names if everything else _line_names
    return Step("line", prompt, Choice(names, translated=False), show_if=_is_open)


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "ask_hold": ask_hold,
    "hold_grant": hold_grant,
    "hold_less": hold_less,
    "hold_shorter": hold_shorter,
    "hold_decline": hold_decline,
    "hold_change": hold_change,
    "hold_withdraw": hold_withdraw,
    "hold_extend": hold_extend,
    "hold_until": hold_until,
    "hold_release": hold_release,
    "wish_order": wish_order,
    "wish_refuse": wish_refuse,
}
_HOW_MANY: Final = N_("How many?")
_UNTIL_WHEN: Final = N_("Until when? A day, or a day and time: Friday 18:00")
_WHY: Final = N_("Reason? It will be passed on.")
_REASON: Final = Step("reason", _WHY, Text(most=200), optional=True)
_UNTIL: Final = Step("until", _UNTIL_WHEN, Until(), label=N_("Until"))
_QUANTITY: Final = Step(
    "quantity", _HOW_MANY, QuantityInput(digits=_unit_digits), label=N_("Quantity")
)
_OF_LINE: Final = QuantityInput(digits=_line_digits)

FORMS: Final = (
    Form(
        "ask_hold",
        title=N_("Request a reservation"),
        steps=(
            Step("party", N_("For which company?"), Choice(_own_parties, translated=False),
                 show_if=_has_several),
            _QUANTITY,
            _UNTIL,
        ),
        confirm=N_("Request {quantity}"),
        on_finish=finish_ask,
    ),
    Form(
        "make_hold",
        title=N_("Reserve"),
        steps=(
            Step("party", N_("For which company? Type part of the name."), Party(customers=True),
                 label=N_("Customer")),
            _QUANTITY,
            _UNTIL,
        ),
        confirm=N_("Reserve {quantity}"),
        on_finish=finish_make,
    ),
    Form("hold_end", steps=(_UNTIL,), on_finish=finish_end),
    Form(
        "hold_less",
        steps=(
            _which(N_("Reduce which line?")),
            Step("quantity", N_("Reserve how many?"),
                 QuantityInput(digits=_line_digits, zero=True)),
        ),
        on_finish=finish_less,
    ),
    Form("hold_shorter", steps=(_UNTIL,), on_finish=finish_shorter),
    Form("hold_decline", steps=(_REASON,), on_finish=finish_decline),
    Form(
        "hold_change",
        steps=(
            _which(N_("Which line?")),
            Step("quantity", _HOW_MANY, QuantityInput(digits=_line_digits, zero=True),
                 default=_whole_line, optional=True),
            Step("until", _UNTIL_WHEN, Until(), optional=True),
        ),
        on_finish=finish_change,
    ),
    Form("hold_extend", steps=(_UNTIL,), on_finish=finish_extend),
    Form(
        "hold_release",
        steps=(
            _which(N_("Release what?"), everything=True),
            Step("quantity", N_("Release how many?"), _OF_LINE,
                 show_if=_counts, default=_whole_line),
            _REASON,
        ),
        on_finish=finish_release,
    ),
    Form("wish_refuse", steps=(_REASON,), on_finish=finish_refuse),
)  # fmt: skip
