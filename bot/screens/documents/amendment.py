"""Amendments of an order: a card that states in numbers what confirming one does.

The card shows the working copy. The draft screens edit its lines and terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bot.base.approval_offer import unless_beyond
from bot.base.callbacks import digest_of
from bot.base.recipients import person_of
from bot.base.refusal_sentences import sentence_of
from bot.base.screen import Button, Card, Html, Reader, Row, back, html, lines, opens
from bot.base.turn import Tap, Turn
from bot.screens.documents.terms import LABELS, places_of, term_words
from bot.screens.shared.words import FREE, folded_lines, heading, promised_words, quantity
from core.domain.amending import least_quantity
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services import templates
from core.services.amendments import amending, change_plan
from core.services.amendments.change_plan import LineChange, Plan
from core.services.documents import drafting
from core.services.documents.viewing import DocumentView
from core.services.people.parties import AddressRecord
from core.services.work import Event, Work
from core.storage.queries.document_queries import documents


@dataclass(frozen=True)
class Change:
    """A working copy with its effects, the addresses it may name, and the templates."""

    view: DocumentView
    plan: Plan
    places: Mapping[int, AddressRecord]
    templates: Mapping[int, str] = field(default_factory=dict)

    @property
    def too_low(self) -> list[LineChange]:
        """Return the lines that would fall below the quantity already drawn."""
        return [
            each for each in self.plan.changes if each.grows < ZERO and each.after < _least(each)
        ]


def _least(each: LineChange) -> Decimal:
    return ZERO if each.state is None else least_quantity(each.state)


def load_change(work: Work, view: DocumentView) -> Change | None:
    """Return the effects of a working copy, or None for any other document."""
    if view.amends is None or not view.is_draft:
        return None
    its_plan = change_plan.plan(work, view.record.id)
    named = {}
    if "template_id" in its_plan.header:
        named = {each.id: each.name for each in templates.every(work.connection)}
    return Change(view, its_plan, places_of(work, view.record.party_id), named)


# --- What is shown -----------------------------------------------------------------------------


def render_change(shown: Change, reader: Reader) -> Card:
    """Render each change before and after, and either the confirm button or what blocks it."""
    its_plan, view = shown.plan, shown.view
    text = lines(
        heading(view, reader),
        *folded_lines((_line(each, shown, reader) for each in its_plan.changes), reader),
        *_terms(shown, reader),
        _total(shown, reader),
        *_stays(shown, reader),
        *(html("⚠️ ", sentence_of(each, reader)) for each in its_plan.refusals),
    )
    rows: list[Row] = []
    if its_plan.is_changed and not its_plan.refusals:
        rows.append((_confirm_button(shown, reader),))
    rows += [(_least_button(each, shown, reader),) for each in shown.too_low]
    rows.append(
        (
            opens(reader.text(N_("Lines")), "draft_lines", id=view.record.id),
            opens(reader.text(N_("Dates & terms")), "draft_terms", id=view.record.id),
        )
    )
    rows.append(
        (
            Button(
                reader.text(N_("Discard changes")),
                "drop_change",
                id=view.record.id,
                revision=view.record.revision,
                style="danger",
            ),
        )
    )
    return Card(text, (*rows, (back(reader, "document", id=its_plan.order.id),)))


def _line(each: LineChange, shown: Change, reader: Reader) -> Html:
    before, after = quantity(each.before, reader), quantity(each.after, reader)
    if each.old is None:
        parts: list[object] = [reader.html(N_("New: {number} × {name}"), number=after,
                                           name=each.name)]  # fmt: skip
    elif each.new is None:
        parts = [reader.html(N_("{name}: {before} → removed"), name=each.name, before=before)]
    elif each.grows:
        parts = [
            reader.html(
                N_("{name}: {before} → {after}"), name=each.name, before=before, after=after
            )
        ]
    else:
        parts = [each.name]
    if each.old is None or each.new_price:
        parts += _price(each, shown, reader)
    parts += promised_words(each.promised, reader, here=FREE)
    if each.released:
        number = quantity(each.released, reader)
        parts.append(reader.text(N_("{number} released"), number=number))
    return html(*parts, between=" · ")


def _price(each: LineChange, shown: Change, reader: Reader) -> list[str]:
    currency = shown.plan.order.currency
    if currency is None or each.new is None or not shown.view.sees_money:
        return []
    translator, new = reader.translator, each.new
    if new.unit_price is None:
        return [reader.text(N_("no price yet"))]
    price = translator.unit_price(new.unit_price, currency)
    if each.old is None or each.old.unit_price is None:
        found = [price]
    elif each.old.unit_price != new.unit_price:
        old = translator.unit_price(each.old.unit_price, currency)
        found = [_from_to(N_("Price"), (old, price), reader)]
    else:
        found = []
    before = ZERO if each.old is None else each.old.discount_percent
    if before != new.discount_percent:
        percent = translator.percent
        found.append(
            _from_to(N_("Discount"), (percent(before), percent(new.discount_percent)), reader)
        )
    return found


def _from_to(what: str, both: tuple[str, str], reader: Reader) -> str:
    before, after = both
    return reader.text(
        N_("{what}: {before} → {after}"), what=reader.text(what), before=before, after=after
    )


def _terms(shown: Change, reader: Reader) -> list[Html]:
    found = []
    for column, (before, after) in shown.plan.header.items():
        label = LABELS.get(column, N_("Terms"))
        words = [
            term_words(
                column, each, reader,
                places=shown.places, currency=shown.plan.order.currency, named=shown.templates,
            )
            if column in LABELS
            else ""
            for each in (before, after)
        ]  # fmt: skip
        none = reader.text(N_("none"))
        found.append(html(_from_to(label, (words[0] or none, words[1] or none), reader)))
    return found


def _total(shown: Change, reader: Reader) -> Html | None:
    its_plan, currency = shown.plan, shown.plan.order.currency
    if its_plan.after is None or currency is None or not shown.view.sees_money:
        return None
    before, after = its_plan.order.total, its_plan.after.total
    if before == after:
        amount = reader.translator.money(after, currency)
        return reader.html(N_("Total {amount}, unchanged"), amount=amount)
    return reader.html(
        N_("Total {before} → {after}"),
        before=reader.translator.money(before, currency),
        after=reader.translator.money(after, currency),
    )


def _stays(shown: Change, reader: Reader) -> list[str]:
    if not shown.plan.is_changed:
        return [reader.text(N_("No changes yet. Changes take effect once you confirm them."))]
    number = len(shown.plan.lines) - len(shown.plan.changes)
    if not number:
        return []
    return [reader.plural("{count} other line unchanged", "{count} other lines unchanged", number)]


def _confirm_button(shown: Change, reader: Reader) -> Button:
    return Button(
        reader.text(N_("Confirm changes")),
        "confirm_change",
        id=shown.view.record.id,
        revision=shown.view.record.revision,
        digest=digest_of(shown.plan.facts()),
        style="success",
    )


def _least_button(each: LineChange, shown: Change, reader: Reader) -> Button:
    least = _least(each)
    label = reader.text(
        N_("{name}: set to {number}"), name=each.name, number=quantity(least, reader)
    )
    return Button(
        label,
        "least_of_line",
        id=shown.view.record.id,
        revision=shown.view.record.revision,
        argument=str(each.old.id if each.old is not None else 0),
        style="primary",
    )


# --- Taps --------------------------------------------------------------------------------------


def amend_button(view: DocumentView, reader: Reader) -> Button:
    """Return the button that opens the working copy, or resumes the one already open."""
    label = N_("Amend") if view.change_id is None else N_("Continue editing")
    return Button(reader.text(label), "amend", id=view.record.id)


def amend(turn: Turn, tap: Tap) -> None:
    """Open the working copy."""
    copy_id = amending.begin(turn.work, tap.id)
    is_new = not change_plan.plan(turn.work, copy_id).is_changed
    turn.show("draft_lines" if is_new else "document", copy_id)


def confirm_change(turn: Turn, tap: Tap) -> None:
    """Confirm the amendment as shown; otherwise show the new figures or the obstacle."""
    turn.show("document", tap.id)
    its_plan = change_plan.plan(turn.work, tap.id)
    for refusal in its_plan.refusals:
        raise refusal
    turn.check(tap, its_plan.facts())
    unless_beyond(turn, lambda: _confirm(turn, tap))


def _confirm(turn: Turn, tap: Tap) -> None:
    amended = amending.confirm(turn.work, tap.id, revision=tap.revision)
    message = N_("{number} is now version {version}")
    turn.toast(turn.reader.text(message, number=amended.number, version=amended.version))
    turn.show("document", amended.document_id)


def drop_change(turn: Turn, tap: Tap) -> None:
    """Discard the amendment and leave the order as it is."""
    order_id = documents(turn.work.connection, [tap.id])[tap.id].amends_id
    drafting.discard(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Changes discarded.")))
    turn.show("document", order_id or tap.id)


def least_of_line(turn: Turn, tap: Tap) -> None:
    """Set a line to the quantity already drawn; a removed line comes back with that quantity."""
    turn.show("document", tap.id)
    found = [
        each
        for each in change_plan.plan(turn.work, tap.id).lines
        if each.old is not None and str(each.old.id) == tap.argument
    ]
    for each in found:
        least = _least(each)
        if each.new is not None:
            drafting.change_line(
                turn.work, tap.id, each.new.id, revision=tap.revision, quantity=least
            )
        elif each.old is not None:
            amending.put_back(turn.work, tap.id, each.old, revision=tap.revision, quantity=least)


# --- Notices -----------------------------------------------------------------------------------


def amended(turn: Turn, event: Event) -> None:
    """Tell the order's creator that someone else amended it."""
    document_id = event.document_id or 0
    its_record = documents(turn.work.connection, [document_id])[document_id]
    creator = its_record.created_by
    if creator is None or creator == turn.work.actor.person_id:
        return
    person = person_of(turn.work.connection, creator)
    if person is None or not person.actor.roles:
        return
    name = turn.work.actor.name

    def compose(reader: Reader) -> Card:
        message = N_("{name} amended {number}: now version {version}")
        words = reader.text(
            message, name=name, number=its_record.number or "", version=its_record.version
        )
        label = reader.text(N_("Open {number}"), number=its_record.number or "")
        return Card(html(words), ((opens(label, "document", id=document_id),),))

    turn.notice(creator, compose, about=("document", document_id))


ACTIONS: Final = {
    "amend": amend,
    "confirm_change": confirm_change,
    "drop_change": drop_change,
    "least_of_line": least_of_line,
}
EVENTS: Final = {"amended": amended}
