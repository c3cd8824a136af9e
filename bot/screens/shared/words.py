"""Words and signs that all screens share: states, quantities, delivery dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bot.base.screen import Html, Reader, bold, html, lines, quote
from core.domain.document_type import DRAFT_OF, DocumentType
from core.domain.lifecycles import STATE_NAMES, State
from core.domain.messages import N_
from core.services.documents.viewing import DocumentView
from core.services.stock import Promised

STATE_SIGNS: Final[Mapping[State, str]] = {
    State.DRAFT: "✏️",
    State.SENT: "📨",
    State.ACCEPTED: "👍",
    State.DECLINED: "🚫",
    State.EXPIRED: "⌛",
    State.CONFIRMED: "🟢",
    State.CLOSED: "⚪",
    State.CANCELLED: "✖️",
    State.REQUESTED: "❔",
    State.ACTIVE: "🟢",
    State.ENDED: "⚪",
    State.POSTED: "✅",
    State.REVERSED: "⏪",
}

ASKED: Final = N_("{kind} requested")
MOST_LINES: Final = 8
"""Lines of goods on a card; the rest folds (CHAT.md 2)."""


def state_name(state: str, reader: Reader, *, of: DocumentType) -> str:
    """Return a state with its sign, in the form that agrees with the kind of paper."""
    found = State(state)
    words = reader.translator.agreeing(STATE_NAMES[found], noun=of.label)
    return f"{STATE_SIGNS[found]} {words}"


def title_of(row: DocumentType, number: str | None, reader: Reader) -> str:
    """Return the title of a document: its number, or the draft of its kind."""
    if number is not None:
        return f"{row.sign} {number}"
    message = ASKED if row.lifecycle.initial is State.REQUESTED else DRAFT_OF
    return f"{row.sign} {reader.text(message, kind=reader.text(row.label))}"


def heading(view: DocumentView, reader: Reader) -> Html:
    """Return the first line of a card: kind, party, state."""
    title = title_of(view.type, view.record.number, reader)
    if view.amends is not None:
        change = reader.text(N_("Changes to {number}"), number=view.amends.number or "")
        title = f"{view.type.sign} {change}"
    parts: list[object] = [bold(title)]
    if view.party is not None:
        parts.append(view.party.name)
    if view.record.number is not None:
        parts.append(state_name(view.record.state, reader, of=view.type))
    if view.record.version > 1:
        parts.append(reader.text(N_("version {version}"), version=view.record.version))
    return html(*parts, between=" · ")


def numbered(verb: str, number: str, reader: Reader) -> str:
    """Return a verb with its figure, after the verb unless the text has a place for it."""
    if "{number}" in verb:
        return reader.text(verb, number=number).strip()
    return f"{reader.text(verb)} {number}".strip()


def quantity(value: Decimal, reader: Reader) -> str:
    """Return a quantity without trailing zeros."""
    return reader.translator.number(value)


def unit_money(price: Decimal, currency: str, reader: Reader) -> str:
    """Return a unit price in full, its currency where the reader's language puts it."""
    words = reader.translator
    rounded, exact = words.amount(price, currency), words.unit_price(price, currency)
    return words.money(price, currency).replace(rounded, exact)


HELD: Final = N_("{number} reserved")
FREE: Final = N_("{number} available now")


def promised_words(promised: Sequence[Promised], reader: Reader, *, here: str = HELD) -> list[str]:
    """Return when a line gets its goods: "14 held", "6 on 3 Dec", "2 without a date"."""
    found = []
    for each in promised:
        number = quantity(each.quantity, reader)
        if each.here:
            found.append(reader.text(here, number=number))
        elif each.on is not None:
            day = reader.translator.day(each.on)
            found.append(reader.text(N_("{number} on {day}"), number=number, day=day))
        else:
            found.append(reader.text(N_("{number} waiting, no date yet"), number=number))
    return found


def day(value: date, reader: Reader) -> str:
    """Return a date as cards show it."""
    return reader.translator.date(value)


def folded_lines(all_lines: Iterable[Html], reader: Reader) -> list[Html]:
    """Return the first lines of a card as they are, and the rest behind a fold."""
    found = list(all_lines)
    if len(found) <= MOST_LINES:
        return found
    shown, rest = found[: MOST_LINES - 1], found[MOST_LINES - 1 :]
    more = reader.plural("{count} more line", "{count} more lines", len(rest))
    return [*shown, quote(lines(more, *rest))]
