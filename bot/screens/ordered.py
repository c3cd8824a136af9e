"""A typed order, shown back as it was understood, before any paper exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

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
    italic,
    lines,
)
from bot.screens.words import FREE, MOST_LINES, folded_lines, promised_words, quantity
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kind_by_prefix
from core.domain.messages import N_
from core.services import parties, stock
from core.services.documents import drafting, sums
from core.services.documents.drafting import NewLine, Preview
from core.services.rights import NotFound
from core.services.search import Hit
from core.services.stock import Promised
from core.services.work import Work

ZERO = Decimal(0)


@dataclass(frozen=True)
class Understood:
    """A line as it was understood: the product that is meant most likely, and others."""

    words: str
    product_id: int
    quantity: Decimal
    discount: Decimal
    others: tuple[int, ...] = ()

    def kept(self) -> list[Any]:
        """As JSON, the form in which the card keeps it."""
        return [
            self.words, self.product_id, str(self.quantity), str(self.discount), list(self.others)
        ]  # fmt: skip

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> Understood:
        """Of what `kept` gave."""
        return cls(kept[0], kept[1], Decimal(kept[2]), Decimal(kept[3]), tuple(kept[4]))


@dataclass(frozen=True)
class Ordered:
    """A typed order: what is known of it, what it would cost, when it would be there."""

    row: DocumentType
    party: parties.PartyRecord | None
    candidates: Sequence[Hit]
    lines: Sequence[Understood]
    preview: Preview | None
    total: Decimal | None
    names: Mapping[int, str]
    promised: Mapping[int, Sequence[Promised]]

    @property
    def is_ready(self) -> bool:
        """Whether it can be made: somebody and every line are known."""
        return self.preview is not None and all(each.product_id for each in self.lines)


def load_ordered(work: Work, _id: int, arguments: Arguments) -> Ordered:
    """What would be written, with prices and promises.  Raises what the draft would raise."""
    row = kind_by_prefix(str(arguments["prefix"]))
    if row is None:
        raise NotFound(subject="document")
    its_lines = [Understood.restored(each) for each in arguments["lines"]]
    party_id = int(arguments["party"])
    party = parties.load(work.connection, [party_id]).get(party_id) if party_id else None
    known = [each for each in its_lines if each.product_id]
    preview = None
    if party is not None and known:
        preview = drafting.preview(
            work, row.kind, party.id, lines=[new_line(each) for each in known]
        )
    ids = {each.product_id for each in known} | {o for each in its_lines for o in each.others}
    names = drafting.products_for_lines(work.connection, ids)
    hits = _candidates(work, arguments) if party is None else []
    return Ordered(
        row=row,
        party=party,
        candidates=hits,
        lines=its_lines,
        preview=preview,
        total=_total(preview),
        names={each: found.name for each, found in names.items()},
        promised=_promised(work, row, known),
    )


def new_line(each: Understood) -> NewLine:
    """The line that would be written."""
    return NewLine(each.product_id, each.quantity, discount_percent=each.discount)


def _total(preview: Preview | None) -> Decimal | None:
    if preview is None or preview.currency is None:
        return None
    return sums.total_of_new(preview.lines, currency=preview.currency)


def _candidates(work: Work, arguments: Arguments) -> list[Hit]:
    ids = [int(each) for each in arguments.get("candidates", [])][:MOST_LINES]
    found = parties.load(work.connection, ids)
    return [Hit(each, found[each].name) for each in ids if each in found]


def _promised(
    work: Work, row: DocumentType, known: Sequence[Understood]
) -> dict[int, Sequence[Promised]]:
    """When each product of a sale would be there."""
    if row.claims is Claims.NO:
        return {}
    return {
        each.product_id: stock.promise(work.connection, each.product_id, each.quantity)
        for each in known
    }


def render_ordered(shown: Ordered, reader: Reader) -> Card:
    """The order as it was understood; what is doubtful has its alternatives as buttons."""
    who = shown.party.name if shown.party else reader.text(N_("for whom?"))
    currency = shown.preview.currency if shown.preview else None
    title = html(
        f"{shown.row.sign} ",
        reader.text(N_("Draft: {kind}"), kind=reader.text(shown.row.label)),
        f" · {who}",
        f" · {currency}" if currency else "",
    )
    text = lines(
        title,
        *folded_lines(_line_words(shown, reader), reader),
        *_total_words(shown, reader),
    )
    rows: list[Row] = []
    if shown.is_ready:
        if shown.row.claims is not Claims.UNTIL:
            rows.append((Button(reader.text(N_("Confirm")), "order_now", style="success"),))
        rows.append((Button(reader.text(N_("Keep as draft")), "keep_draft"),))
    rows += _alternatives(shown, reader)
    rows += [(Button(each.name, "order_for", argument=str(each.id)),) for each in shown.candidates]
    if shown.party is None:
        rows.append((Button(reader.text(N_("Choose: for whom?")), "ask_party"),))
    return Card(text, (*rows, (back(reader),)))


def _line_words(shown: Ordered, reader: Reader) -> list[Html]:
    found = []
    priced = iter(shown.preview.lines if shown.preview else ())
    for each in shown.lines:
        number = quantity(each.quantity, reader)
        if not each.product_id:
            unknown = reader.text(N_("not found: “{words}”"), words=each.words)
            found.append(html(number, " × ", italic(unknown)))
            continue
        line = next(priced, None)
        parts: list[object] = [html(number, " × ", shown.names.get(each.product_id, each.words))]
        if line is not None and shown.preview and shown.preview.currency:
            parts += _price_words(line, shown.preview.currency, reader)
        parts += promised_words(shown.promised.get(each.product_id, ()), reader, here=FREE)
        found.append(html(*parts, between=" · "))
    return found


def _price_words(line: NewLine, currency: str, reader: Reader) -> list[str]:
    if line.unit_price is None:
        return [reader.text(N_("no price yet"))]
    found = [reader.translator.unit_price(line.unit_price, currency)]
    if line.discount_percent:
        found.append(f"−{reader.translator.percent(line.discount_percent)}")
    return found


def _total_words(shown: Ordered, reader: Reader) -> list[Html]:
    if shown.total is None or shown.preview is None or shown.preview.currency is None:
        return []
    amount = reader.translator.money(shown.total, shown.preview.currency)
    return [reader.html(N_("Total {amount}"), amount=amount)]


def _alternatives(shown: Ordered, reader: Reader) -> list[Row]:
    rows: list[Row] = []
    for at, each in enumerate(shown.lines):
        row = [
            Button(
                reader.text(
                    N_("“{words}”: {name}"), words=each.words, name=shown.names.get(other, "")
                ),
                "mean",
                argument=f"{at}:{other}",
            )
            for other in each.others
        ]
        rows += [(button,) for button in row]
    return rows


SCREENS: Final = (Screen("ordered", load_ordered, render_ordered),)
