"""The card of a document: its kind, party, state, lines, money and actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.base.limit_words import asked_words
from bot.base.screen import (
    Arguments,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    code,
    html,
    lines,
    opens,
)
from bot.screens.documents.amendment import Change, load_change, render_change
from bot.screens.documents.e_invoice_notes import without_e_invoice
from bot.screens.documents.photos import picture_row, pictures_of
from bot.screens.documents.steps import editing, send_row, steps, ways_out, ways_to_look
from bot.screens.money.document_money import Deposits, deposit_lines, load_deposits
from bot.screens.shared.moments import until_words, when_words
from bot.screens.shared.words import day, folded_lines, heading, promised_words, quantity
from bot.screens.stock.reservation_card import Hold, hold_lines, hold_rows, load_hold
from core.domain.document_type import PartySide
from core.domain.links import Track
from core.domain.messages import N_
from core.domain.money import ZERO
from core.domain.papers.view import PaperText
from core.services import approval_views, online_payments
from core.services.approval_views import ApprovalRecord
from core.services.documents import differences, e_invoice_status, sent_log, viewing
from core.services.documents.sent_log import Sending
from core.services.documents.viewing import DocumentView, LineView
from core.services.work import Work

SETTLED_WORDS: Final[Mapping[str, str]] = {
    "open": N_("unpaid"),
    "part": N_("partly paid"),
    "paid": N_("paid"),
    "credited": N_("credited"),
    "settled": N_("settled"),
}


@dataclass(frozen=True)
class Opened:
    """A document as its card shows it.

    `hold` holds what a reservation shows beyond that, and `change` the effects of a working copy;
    each is None for any other document. `asked` lists what was requested for a draft and has no
    answer yet. `pictures` is the number of pictures, and whether this person may add one.
    `sending` is the last sending of the paper, for those who may send it. `now` is the time of
    the look.
    """

    view: DocumentView
    differs: bool
    now: datetime
    hold: Hold | None = None
    change: Change | None = None
    asked: Sequence[ApprovalRecord] = ()
    deposits: Deposits = field(default_factory=Deposits)
    pictures: tuple[int, bool] = (0, False)
    sending: Sending | None = None
    missing: Sequence[PaperText] = ()
    """The missing texts that keep the e-invoice out of its paper."""


def load_document(work: Work, document_id: int, arguments: Arguments) -> Opened:
    """Return the document, if this person may see it."""
    view = viewing.view(work, document_id)
    if view.amends is not None and not view.is_draft:
        # The amendment was confirmed or discarded: show its order instead.
        view = viewing.view(work, view.amends.id)
    return Opened(
        view,
        differences.can_tell(work, view),
        work.now,
        load_hold(work, view, arguments),
        load_change(work, view),
        approval_views.open_of(work.connection, view.record.id) if view.is_draft else (),
        load_deposits(work, view),
        pictures_of(work, view),
        sent_log.last_of(work.connection, view.record) if view.can_send else None,
        e_invoice_status.missing_of(work, view),
    )


def render_document(opened: Opened, reader: Reader) -> Card:
    """Render the document with exactly the buttons that its row, state and rights allow."""
    view = opened.view
    if opened.hold is not None:
        return _reservation_card(opened.hold, _sent(opened, reader), reader)
    if opened.change is not None:
        return render_change(opened.change, reader)
    text = lines(
        heading(view, reader),
        *_dates(view, reader),
        *folded_lines((_line(each, view, reader) for each in view.lines), reader),
        *_money(view, reader),
        *without_e_invoice(opened.missing, reader),
        *deposit_lines(opened.deposits, view, reader),
        *_progress(view, reader),
        *_sent(opened, reader),
        *(asked_words(each, reader) for each in opened.asked),
    )
    sending = opened.sending
    is_sent = sending is not None and sending.version == view.record.version
    rows: list[Row] = steps(view, opened.deposits, reader, is_sent=is_sent)
    rows += [
        (opens(reader.text(N_("View request")), "approval", id=each.id),)
        for each in opened.asked
        if each.asked_by == reader.actor.person_id
    ]
    if opened.differs:
        label = reader.text(N_("Notify the vendor"))
        rows.append((opens(label, "difference", id=view.record.id),))
    rows += ways_to_look(view, reader)
    rows.append(picture_row(view.record.id, opened.pictures, reader))
    rows += ways_out(view, reader)
    return Card(text, (*rows, (back(reader),)))


def _reservation_card(hold: Hold, sent: Sequence[Html], reader: Reader) -> Card:
    """Render a reservation: it has steps of its own (request, answer, move, release)."""
    rows = hold_rows(hold, reader)
    if hold.view.can_edit and not hold.is_own_wish and hold.facts.asker is None:
        rows += [editing(hold.view, reader), *ways_out(hold.view, reader)]
    rows += [*send_row(hold.view, reader), *ways_to_look(hold.view, reader)]
    return Card(lines(*hold_lines(hold, reader), *sent), (*rows, (back(reader),)))


# --- What is shown ---------------------------------------------------------------------------


def _dates(view: DocumentView, reader: Reader) -> list[Html]:
    its_record = view.record
    found = []
    if its_record.valid_until is not None:
        found.append(html(until_words(its_record.valid_until, reader)))
    if its_record.delivery_on is not None and view.type.party is PartySide.NOBODY:
        found.append(html(day(its_record.delivery_on, reader)))
    elif its_record.delivery_on is not None:
        found.append(reader.html(_delivery_words(view), day=day(its_record.delivery_on, reader)))
    if its_record.due_on is not None and view.type.debt and not view.type.credits:
        found.append(reader.html(N_("due {day}"), day=day(its_record.due_on, reader)))
    if its_record.foreign_number:
        found.append(reader.html(N_("vendor's number {number}"), number=its_record.foreign_number))
    if its_record.reason:
        found.append(html(its_record.reason))
    return found


def _delivery_words(view: DocumentView) -> str:
    """Return what the delivery date means to us: a requested day, a receipt, or a shipment."""
    if view.type.lines.is_root:
        return N_("needed by {day}")
    if view.type.route is not None and view.type.route.arrives:
        return N_("received on {day}")
    return N_("delivered on {day}")


def _line(each: LineView, view: DocumentView, reader: Reader) -> Html:
    line = each.line
    if view.type.counts and line.counted is not None:
        return _counted_line(each, reader)
    parts: list[object] = [html(quantity(line.quantity, reader), " × ", line.name)]
    if line.rejected:
        number = quantity(line.rejected, reader)
        parts.append(reader.text(N_("{number} rejected"), number=number))
    if line.amount_only:
        parts.append(reader.text(N_("price reduction")))
    parts += _line_money(each, view, reader)
    if view.progress is not None:
        parts += _line_progress(each, view, reader)
    elif each.promised:
        parts += promised_words(each.promised, reader)
    if line.reason:
        parts.append(line.reason)
    return html(*parts, between=" · ")


def _counted_line(each: LineView, reader: Reader) -> Html:
    line = each.line
    booked = line.level_at_count or ZERO
    counted = reader.html(
        N_("{name}: {counted} counted, {booked} on hand"),
        name=line.name,
        counted=quantity(line.counted or ZERO, reader),
        booked=quantity(booked, reader),
    )
    return html(*filter(None, (counted, line.reason)), between=" · ")


def _line_money(each: LineView, view: DocumentView, reader: Reader) -> list[str]:
    line, currency = each.line, view.record.currency
    if not view.type.priced or not view.sees_money or currency is None:
        return []
    if line.unit_price is None:
        return [reader.text(N_("no price yet"))]
    found = [reader.translator.unit_price(line.unit_price, currency)]
    if line.discount_percent:
        found.append(reader.translator.percent(-line.discount_percent))
    if view.totals is not None and line.quantity != 1:
        amounts = dict(
            zip((one.line.id for one in view.lines), view.totals.line_amounts, strict=True)
        )
        found.append(f"= {reader.translator.amount(amounts[line.id], currency)}")
    return found


def _line_progress(each: LineView, view: DocumentView, reader: Reader) -> list[str]:
    """Return the progress of an order line: shipped, reserved, waiting."""
    state, found = each.state, []
    if each.line.is_goods and state.fulfilled:
        done = N_("{number} received") if view.type.incoming else N_("{number} delivered")
        found.append(reader.text(done, number=quantity(state.fulfilled, reader)))
    if not each.line.is_goods and state.billed:
        billed = N_("{number} billed") if view.type.incoming else N_("{number} invoiced")
        found.append(reader.text(billed, number=quantity(state.billed, reader)))
    if state.to_fulfil > ZERO:
        found += promised_words(each.promised, reader) or [
            reader.text(N_("{number} remaining"), number=quantity(state.to_fulfil, reader))
        ]
    if state.to_fulfil < ZERO:
        number = quantity(-state.to_fulfil, reader)
        found.append(reader.text(N_("{number} to be returned"), number=number))
    dropped = state.on(Track.DROP)
    if dropped > ZERO:
        number = quantity(dropped, reader)
        found.append(reader.text(N_("{number} cancelled"), number=number))
    return found


def _money(view: DocumentView, reader: Reader) -> list[Html]:
    its_record, currency = view.record, view.record.currency
    if not view.sees_money or currency is None:
        return []
    money = reader.translator.money
    if view.type.settles:
        message = (
            N_("Received {amount}") if its_record.direction == "in" else N_("Paid out {amount}")
        )
        amount = its_record.amount(its_record.amount_minor)
        came = [reader.html(message, amount=money(amount, currency))]
        if its_record.payment_mode == online_payments.MODE and its_record.reference:
            came.append(reader.html(N_("Paid in the chat · {id}"), id=code(its_record.reference)))
        return [*came, *_settled(view, reader)]
    if view.totals is None:
        return []
    if its_record.total_minor is None:
        net, tax, total = view.totals.net, view.totals.tax, view.totals.total
    else:
        net, tax = its_record.amount(its_record.net_minor), its_record.amount(its_record.tax_minor)
        total = its_record.total
    tax_words = (
        reader.text(N_("tax {amount}"), amount=reader.translator.amount(tax, currency))
        if tax
        else reader.text(N_("no tax"))
    )
    sums = reader.html(
        N_("Net {net} · {tax} · Total {total}"),
        net=reader.translator.amount(net, currency),
        tax=tax_words,
        total=money(total, currency),
    )
    return [*_discount(view, reader), sums, *_settled(view, reader)]


def _discount(view: DocumentView, reader: Reader) -> list[Html]:
    """Return the discount on the whole document, which no line shows."""
    totals, currency = view.totals, view.record.currency
    if totals is None or currency is None or not totals.discount:
        return []
    amount = reader.translator.money(totals.discount, currency)
    percent = view.record.discount_percent
    words = f" ({reader.translator.percent(percent)})" if percent else ""
    return [html(reader.html(N_("Discount {amount}"), amount=amount), words)]


def _settled(view: DocumentView, reader: Reader) -> list[Html]:
    settled, currency = view.settled, view.record.currency
    if settled is None or currency is None:
        return []
    if view.type.settles or view.type.credits:
        if settled.due == ZERO:
            return []
        left = reader.translator.money(settled.due, currency)
        return [reader.html(N_("{amount} not yet applied"), amount=left)]
    state = reader.translator.agreeing(SETTLED_WORDS[settled.state], noun=view.type.label)
    if settled.due == ZERO:
        return [html(state)]
    due = reader.translator.money(settled.due, currency)
    return [reader.html(N_("{state} · {amount} due"), state=state, amount=due)]


def _progress(view: DocumentView, reader: Reader) -> list[Html]:
    progress = view.progress
    if progress is None:
        return []
    if progress.is_complete:
        return [html(reader.translator.agreeing(N_("Complete"), noun=view.type.label))]
    done = (
        N_("Received {done} of {goods}")
        if view.type.incoming
        else (N_("Delivered {done} of {goods}"))
    )
    billed = (
        N_("billed {billed} of {wanted}")
        if view.type.incoming
        else (N_("invoiced {billed} of {wanted}"))
    )
    found = [
        reader.text(
            done,
            done=quantity(progress.fulfilled, reader),
            goods=quantity(progress.goods, reader),
        )
    ]
    if view.sees_money:
        # Only people who see money see how much has been billed.
        found.append(
            reader.text(
                billed,
                billed=quantity(progress.billed, reader),
                wanted=quantity(progress.wanted, reader),
            )
        )
    return [html(*found, between=" · ")]


def _sent(opened: Opened, reader: Reader) -> list[Html]:
    """Return when and to whom the paper was last sent; name an earlier version."""
    sending = opened.sending
    if sending is None:
        return []
    names = reader.translator.list(sending.names)
    when = when_words(sending.at, reader, now=opened.now)
    if sending.version < opened.view.record.version:
        message = N_("version {version} sent to {name} {when}")
        return [reader.html(message, version=sending.version, name=names, when=when)]
    return [reader.html(N_("sent to {name} {when}"), name=names, when=when)]


SCREENS = (Screen("document", load_document, render_document, subject="document"),)
