"""The settlements of a paper; each can be undone by a reversal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.base.callbacks import digest_of
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
from bot.screens.shared.words import heading, title_of
from core.domain.messages import N_
from core.domain.money import from_minor
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView
from core.services.money import allocations, credit
from core.services.money.allocations import Counterpart
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work


@dataclass(frozen=True)
class Settlements:
    """A paper, its settlements, and the open one."""

    view: DocumentView
    parts: Sequence[Counterpart]
    part: Counterpart | None = None

    def facts(self) -> dict[str, Any]:
        """Return the figures of the tap that undoes the open settlement."""
        assert self.part is not None
        return {
            "number": self.view.record.number or "",
            "other": self.part.record.number or "",
            "amount": self.part.amount,
        }


def load_settlements(work: Work, document_id: int, arguments: Arguments) -> Settlements:
    """Return a paper's settlements; `argument` names the other paper of the open one.

    Raises NotAllowed for people who may not book money, NotFound when it is undone.
    """
    view = viewing.view(work, document_id)
    if not view.can_pay:
        raise NotAllowed(right="issue")
    parts = allocations.counterparts(work.connection, document_id)
    other = str(arguments.get("argument", ""))
    part = next((each for each in parts if str(each.record.id) == other), None)
    if other and part is None:
        raise NotFound(subject="due")
    return Settlements(view, parts, part)


def render_settlements(shown: Settlements, reader: Reader) -> Card:
    """Render each settlement as a button; the open one says what undoing it does."""
    if shown.part is not None:
        return _render_part(shown, shown.part, reader)
    document_id = shown.view.record.id
    text = lines(
        heading(shown.view, reader),
        *(_line(each, shown.view, reader) for each in shown.parts),
        None if shown.parts else reader.text(N_("Nothing has been applied yet.")),
    )
    rows: list[Row] = [
        (
            opens(
                title_of(each.record.type, each.record.number, reader),
                "settlements",
                id=document_id,
                argument=str(each.record.id),
            ),
        )
        for each in shown.parts
    ]
    return Card(text, (*rows, (back(reader, "document", id=document_id),)))


def _line(part: Counterpart, view: DocumentView, reader: Reader) -> Html:
    """Return the other paper, the amount, the date, and the gain or loss on exchange rates."""
    translator = reader.translator
    parts: list[object] = [
        title_of(part.record.type, part.record.number, reader),
        translator.money(part.amount, view.record.currency or ""),
        translator.date(part.since.astimezone(reader.zone).date()),
    ]
    if part.won_minor and reader.company is not None:
        own = reader.company.currency
        won = translator.money(from_minor(part.won_minor, own), own)
        parts.append(reader.text(N_("exchange difference {amount}"), amount=won))
    return html(*parts, between=" · ")


def _render_part(shown: Settlements, part: Counterpart, reader: Reader) -> Card:
    document_id = shown.view.record.id
    message = N_("This removes {other} from {number}. {amount} will be open again on both.")
    amount = reader.translator.money(part.amount, shown.view.record.currency or "")
    text = lines(
        heading(shown.view, reader),
        _line(part, shown.view, reader),
        reader.html(
            message, other=part.record.number, number=shown.view.record.number, amount=amount
        ),
    )
    look = opens(
        reader.text(N_("Open {number}"), number=part.record.number),
        "document",
        id=part.record.id,
    )
    undo = Button(
        reader.text(N_("Undo")),
        "unsettle",
        id=document_id,
        argument=str(part.record.id),
        digest=digest_of(shown.facts()),
        style="danger",
    )
    return Card(text, ((look,), (undo,), (back(reader, "settlements", id=document_id),)))


def unsettle(turn: Turn, tap: Tap) -> None:
    """Undo a settlement, if it is still the one shown."""
    turn.show("settlements", tap.id)
    shown = load_settlements(turn.work, tap.id, {"argument": tap.argument})
    turn.check(tap, shown.facts())
    amount = credit.unsettle(turn.work, tap.id, int(tap.argument))
    money = turn.reader.translator.money(amount, shown.view.record.currency or "")
    turn.toast(turn.reader.text(N_("{amount} is open again"), amount=money))
    turn.show("document", tap.id)


SCREENS: Final = (Screen("settlements", load_settlements, render_settlements, subject="document"),)
ACTIONS: Final = {"unsettle": unsettle}
