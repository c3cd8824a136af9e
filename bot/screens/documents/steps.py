"""The actions on a document: the likely step first, ways to look next, ways out last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.base.screen import Button, Reader, Row, Style, opens, side_by_side
from bot.screens.documents.amendment import amend_button
from bot.screens.documents.quotes import answer_rows, answers_himself
from bot.screens.money.document_money import Deposits, money_steps, money_ways
from bot.screens.money.pay_button import pay_row
from bot.screens.shared.words import numbered, quantity
from bot.screens.stock.reservation_card import grant_button
from core.domain.document_type import Claims
from core.domain.documents import type_of
from core.domain.lifecycles import OFFER, Action, State
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services.documents import duplicating
from core.services.documents.viewing import ConversionView, DocumentView

# Actions on a whole document, behind a second tap that states its effect in numbers.
ENDINGS: Final[Mapping[Action, tuple[str, str]]] = {
    Action.ACCEPT: (N_("Accepted"), "accepted"),
    Action.DECLINE: (N_("Decline"), "ask_end"),
    Action.RELEASE: (N_("Release"), "ask_end"),
    Action.CLOSE: (N_("Close the rest"), "ask_end"),
    Action.CANCEL: (N_("Cancel"), "ask_end"),
    Action.REVERSE: (N_("Reverse"), "ask_end"),
}


def steps(view: DocumentView, deposits: Deposits, reader: Reader, *, is_sent: bool) -> list[Row]:
    """Return the next steps, with the likely one first and alone in its row.

    Sending comes first for a paper from which nothing was made, unless it has been sent. Steps
    without a number now (a credit, a return, a deposit) follow the ones with a number.
    """
    rows: list[Row] = []
    if Action.ISSUE in view.actions:
        rows.append((issue_button(view, reader),))
    if answers_himself(view, reader):
        rows += answer_rows(view, reader)
    if view.can_edit:
        rows.append(editing(view, reader))
    ahead = [_conversion_button(each, view, reader) for each in view.conversions if each.ready]
    aside = [_conversion_button(each, view, reader) for each in view.conversions if not each.ready]
    aside += money_ways(view, deposits, reader)
    paying = [*pay_row(view, reader), *money_steps(view, reader)]
    if _goes_out_first(view, ahead) and not is_sent:
        sending = send_row(view, reader, style="primary")
        return [*rows, *sending, *paying, *side_by_side([*ahead, *aside])]
    # Only the first step stands out.
    first = [replace(each, style="primary") for each in ahead[:1]]
    rows += [*side_by_side(first), *side_by_side(ahead[1:]), *paying, *send_row(view, reader)]
    return [*rows, *side_by_side(aside)]


def _goes_out_first(view: DocumentView, ahead: Sequence[Button]) -> bool:
    """Return whether sending is the likely next step: nothing was made from the paper yet."""
    if view.progress is None:
        return not ahead
    return not (view.progress.fulfilled or view.progress.billed)


def editing(view: DocumentView, reader: Reader) -> Row:
    """Return the buttons that edit a draft."""
    return (
        opens(reader.text(N_("Lines")), "draft_lines", id=view.record.id),
        opens(reader.text(N_("Dates & terms")), "draft_terms", id=view.record.id),
    )


def issue_button(view: DocumentView, reader: Reader) -> Button:
    """Return the button for the verb of the lifecycle (or of the row), with its figures."""
    if view.type.claims is Claims.UNTIL:
        return grant_button(view, reader)
    verb = numbered(view.type.issue_label or view.type.lifecycle.issue_label, "", reader)
    if view.type.lifecycle is OFFER and view.party is not None:
        verb = reader.text(N_("Send to {name}"), name=view.party.name)
    return Button(
        verb,
        "issue",
        id=view.record.id,
        revision=view.record.revision,
        style="success",
    )


def _conversion_button(each: ConversionView, view: DocumentView, reader: Reader) -> Button:
    number = quantity(each.ready, reader) if each.ready else ""
    return Button(
        numbered(each.rule.label, number, reader),
        "convert",
        id=view.record.id,
        argument=conversion_argument(each),
    )


def conversion_argument(each: ConversionView) -> str:
    """Return the button argument: the target's prefix, with a mark for rejected goods."""
    return type_of(each.rule.target).prefix + ("!" if each.rule.rejected_goods else "")


def send_row(view: DocumentView, reader: Reader, *, style: Style | None = None) -> list[Row]:
    """Return the button that sends the paper to its party, if the party receives it."""
    if not view.can_send or view.party is None:
        return []
    label = reader.text(N_("Send to {name}"), name=view.party.name)
    button = Button(label, "send", id=view.record.id, revision=view.record.revision, style=style)
    return [(button,)]


def ways_to_look(view: DocumentView, reader: Reader) -> list[Row]:
    """Return the buttons for its paper, its related papers, its party, and a repeat."""
    row: list[Button] = []
    if view.record.number is not None:
        row.append(Button(reader.text(N_("PDF")), "paper", id=view.record.id))
    if len(view.related) > 1:
        label = reader.text(N_("Related {count}"), count=len(view.related) - 1)
        row.append(opens(label, "related", id=view.record.id))
    if view.party is not None and view.can_send:
        row.append(opens(reader.text(N_("Customer/vendor")), "party", id=view.party.id))
    if duplicating.may_repeat(reader.actor, view.record) and view.record.number is not None:
        row.append(Button(reader.text(N_("Duplicate")), "duplicate", id=view.record.id))
    if view.record.version > 1 and view.record.number is not None:
        row.append(opens(reader.text(N_("Earlier versions")), "versions", id=view.record.id))
    return side_by_side(row)


def ways_out(view: DocumentView, reader: Reader) -> list[Row]:
    """Return the buttons that change or end it, if there is something to end."""
    if view.can_edit:
        label = reader.text(N_("Discard"))
        return [
            (
                Button(
                    label,
                    "discard",
                    id=view.record.id,
                    revision=view.record.revision,
                    style="danger",
                ),
            )
        ]
    buttons = [
        Button(
            reader.text(label),
            screen,
            id=view.record.id,
            revision=view.record.revision,
            argument=str(action),
        )
        for action, (label, screen) in ENDINGS.items()
        if action in view.actions
        and _has_something_to_end(action, view)
        and not answers_himself(view, reader)
    ]
    if Action.AMEND in view.actions and view.type.lines.is_root:
        buttons.insert(0, amend_button(view, reader))
    return side_by_side(buttons)


def _has_something_to_end(action: Action, view: DocumentView) -> bool:
    """Return whether it can end: a close needs open lines, a cancellation nothing made from it."""
    progress = view.progress
    if action is Action.DECLINE and view.record.state == State.ACCEPTED:
        # An offer that was accepted and fully ordered can no longer be declined.
        return bool(view.conversions)
    if progress is None or action not in (Action.CLOSE, Action.CANCEL):
        return True
    if action is Action.CANCEL:
        return not (progress.fulfilled or progress.billed)
    return any(each.state.remainder > ZERO for each in view.lines)
