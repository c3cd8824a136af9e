"""The preview of a typed order, shown back as it was understood before any paper exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from bot.base.refusal_sentences import sentence_of
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
    italic,
    lines,
)
from bot.screens.shared.words import (
    FREE,
    MOST_LINES,
    folded_lines,
    numbered,
    promised_words,
    quantity,
)
from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kind_by_prefix
from core.domain.errors import AmountTooFine, DiscountTooLarge, Refusal
from core.domain.lifecycles import OFFER
from core.domain.messages import N_
from core.domain.money import ZERO, to_minor
from core.domain.people import Ability
from core.domain.totals import compute_totals
from core.services import stock
from core.services.documents import document_totals, drafting
from core.services.documents.drafting import NewLine, Preview
from core.services.people import parties
from core.services.products import product_views
from core.services.products.product_views import ProductRecord
from core.services.rights import NotFound
from core.services.search import Hit
from core.services.stock import Promised
from core.services.work import Work

MOST_SHOWN: Final = 30
"""Lines of a typed order on its card, the folded ones included."""
MOST_ALTERNATIVES: Final = 12
"""Buttons for alternative products."""
WRONG_CURRENCY: Final = N_("the price is in {currency}: type it in the order's currency")


@dataclass(frozen=True)
class Understood:
    """A line as it was understood: the most likely product, and the alternatives.

    Attributes:
        price: the typed unit price, in `currency` (empty: the order's own).
        off: the amount off the unit price, in that currency.
        doubtful: whether the words may mean something else.
        problem: what is wrong with one of its numbers, in the reader's language.
    """

    words: str
    product_id: int
    quantity: Decimal
    discount: Decimal
    others: tuple[int, ...] = ()
    price: Decimal | None = field(default=None, kw_only=True)
    off: Decimal = field(default=ZERO, kw_only=True)
    currency: str = field(default="", kw_only=True)
    doubtful: bool = field(default=False, kw_only=True)
    problem: str = field(default="", kw_only=True)

    def kept(self) -> list[Any]:
        """Return the line as JSON, the form in which the card stores it."""
        price = None if self.price is None else str(self.price)
        return [
            self.words, self.product_id, str(self.quantity), str(self.discount),
            list(self.others), [price, self.currency, str(self.off)], self.doubtful, self.problem,
        ]  # fmt: skip

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> Understood:
        """Return the line that `kept` stored."""
        price, currency, off = kept[5]
        return cls(
            kept[0],
            kept[1],
            Decimal(kept[2]),
            Decimal(kept[3]),
            tuple(kept[4]),
            price=None if price is None else Decimal(price),
            off=Decimal(off),
            currency=currency,
            doubtful=kept[6],
            problem=kept[7],
        )


@dataclass(frozen=True)
class Ordered:
    """A typed order: its known facts, its prices, its delivery dates.

    `discount` is a percentage off the whole order, `off` an amount with its currency;
    `too_low` lists the lines whose discount exceeds their price, `wrong` the problem of the order.
    """

    row: DocumentType
    party: parties.PartyRecord | None
    candidates: Sequence[Hit]
    lines: Sequence[Understood]
    preview: Preview | None
    total: Decimal | None
    names: Mapping[int, ProductRecord]
    promised: Mapping[int, Sequence[Promised]]
    discount: Decimal = ZERO
    off: tuple[Decimal, str] = (ZERO, "")
    too_low: Sequence[Understood] = ()
    wrong: Refusal | None = None
    left_out: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether it can be made: party and lines are all known, and nothing is wrong."""
        right = self.preview is not None and self.wrong is None
        return right and not self.has_foreign_off and all(map(self.is_usable, self.lines))

    @property
    def has_foreign_off(self) -> bool:
        """Whether the amount off the whole order is in another currency."""
        return self._is_foreign(self.off[1])

    @property
    def new_lines(self) -> Sequence[NewLine]:
        """The lines to write, once the order is ready."""
        found = self.preview.lines if self.preview else ()
        return [
            replace(new_line(each), unit_price=line.unit_price) if each.off else new_line(each)
            for each, line in zip(self.lines, found, strict=True)
        ]

    @property
    def header(self) -> dict[str, Any]:
        """The columns to write beside the lines."""
        found: dict[str, Any] = {"discount_percent": self.discount} if self.discount else {}
        if self.off[0] and self.preview is not None and self.preview.currency is not None:
            found["discount_minor"] = to_minor(self.off[0], self.preview.currency)
        return found

    def is_usable(self, each: Understood) -> bool:
        """Return whether a line can be written as it stands."""
        known = bool(each.product_id) and not each.problem
        return known and each not in self.too_low and not self.is_foreign(each)

    def needs_a_look(self, each: Understood) -> bool:
        """Return whether a line is not understood, ambiguous, or wrong."""
        return not self.is_usable(each) or each.doubtful

    def is_foreign(self, each: Understood) -> bool:
        """Return whether the price of a line is in another currency than the order."""
        return self._is_foreign(each.currency)

    def _is_foreign(self, typed: str) -> bool:
        currency = self.preview.currency if self.preview else None
        return bool(typed and currency and typed != currency)


def load_ordered(work: Work, _id: int, arguments: Arguments) -> Ordered:
    """Return the preview, with prices and promises.  Raises what the draft would raise."""
    row = kind_by_prefix(str(arguments["prefix"]))
    if row is None:
        raise NotFound(subject="document")
    understood_lines = [Understood.restored(each) for each in arguments["lines"]]
    party_id = int(arguments["party"])
    party = parties.load(work.connection, [party_id]).get(party_id) if party_id else None
    known = [each for each in understood_lines if each.product_id and not each.problem]
    preview, too_low = None, list[Understood]()
    if party is not None and known:
        preview, too_low = _previewed(work, row, party.id, known=known)
    ids = {o for each in understood_lines for o in (each.product_id, *each.others) if o}
    names = product_views.load(work.connection, ids, language=work.actor.language)
    discount = Decimal(str(arguments.get("discount") or 0))
    hits = _candidates(work, arguments) if party is None else []
    amount, currency = arguments.get("off") or ("0", "")
    off = (Decimal(amount), str(currency))
    total, wrong = _total(preview, discount, off[0])
    return Ordered(
        row=row,
        party=party,
        candidates=hits,
        lines=understood_lines,
        preview=preview,
        total=total,
        names=names,
        promised=_promised(work, row, known, names=names),
        discount=discount,
        off=off,
        too_low=too_low,
        wrong=wrong,
        left_out=int(arguments.get("left_out", 0)),
    )


def new_line(each: Understood) -> NewLine:
    """Return the line to write."""
    return NewLine(
        each.product_id,
        each.quantity,
        unit_price=each.price,
        discount_percent=each.discount,
    )


def _previewed(
    work: Work, row: DocumentType, party_id: int, *, known: Sequence[Understood]
) -> tuple[Preview, list[Understood]]:
    """Return the preview, and the lines whose discount exceeds their price."""
    new = [new_line(each) for each in known]
    found = drafting.preview(work, row.kind, party_id, lines=new)
    if not any(each.off for each in known):
        return found, []
    low = [
        each
        for each, line in zip(known, found.lines, strict=True)
        if line.unit_price is not None and line.unit_price < each.off
    ]
    lowered = [
        replace(line, unit_price=line.unit_price - each.off, price_source="typed")
        if each.off and line.unit_price is not None and each not in low
        else line
        for each, line in zip(known, found.lines, strict=True)
    ]
    return Preview(found.currency, lowered), low


def _total(
    preview: Preview | None, discount: Decimal, off: Decimal
) -> tuple[Decimal | None, Refusal | None]:
    """Return the total, or why it cannot be given."""
    if preview is None or preview.currency is None:
        return None, None
    priced = [document_totals.priced_line(each) for each in preview.lines]
    try:
        totals = compute_totals(
            priced, currency=preview.currency, discount_percent=discount, discount_amount=off
        )
    except (AmountTooFine, DiscountTooLarge) as refusal:
        return None, refusal
    return totals.total, None


def _candidates(work: Work, arguments: Arguments) -> list[Hit]:
    ids = [int(each) for each in arguments.get("candidates", [])][:MOST_LINES]
    found = parties.load(work.connection, ids)
    return [Hit(each, found[each].name) for each in ids if each in found]


def _promised(
    work: Work,
    row: DocumentType,
    known: Sequence[Understood],
    *,
    names: Mapping[int, ProductRecord],
) -> dict[int, Sequence[Promised]]:
    """Return when a sale's goods will be available, for the lines that are not folded."""
    if row.claims is Claims.NO:
        return {}
    goods = [each for each in known if names[each.product_id].is_goods]
    return {
        each.product_id: stock.promise(work.connection, each.product_id, each.quantity)
        for each in goods[:MOST_LINES]
    }


def render_ordered(shown: Ordered, reader: Reader) -> Card:
    """Render the order as it was understood; each doubt has its alternatives as buttons."""
    who = shown.party.name if shown.party else reader.text(N_("for which company?"))
    currency = shown.preview.currency if shown.preview else None
    title = html(
        f"{shown.row.sign} ",
        reader.text(N_("{kind} draft"), kind=reader.text(shown.row.label)),
        f" · {who}",
        f" · {currency}" if currency else "",
    )
    text = lines(
        title,
        _left_out(shown, reader),
        *folded_lines(_shown_lines(shown, reader), reader),
        *_total_words(shown, reader),
    )
    rows: list[Row] = []
    if shown.is_ready:
        # A reservation needs an end, and an offer is sent: both begin as drafts.
        if shown.row.claims is not Claims.UNTIL and shown.row.lifecycle is not OFFER:
            verb = shown.row.issue_label or shown.row.lifecycle.issue_label
            rows.append((Button(numbered(verb, "", reader), "order_now", style="success"),))
        rows.append((Button(reader.text(N_("Save as draft")), "keep_draft"),))
    rows += _alternatives(shown, reader)
    rows += [(Button(each.name, "order_for", argument=str(each.id)),) for each in shown.candidates]
    if shown.party is None:
        rows.append((Button(reader.text(N_("Choose company")), "ask_party"),))
    return Card(text, (*rows, (back(reader),)))


def _shown_lines(shown: Ordered, reader: Reader) -> list[Html]:
    """Return the lines in order; of a long list, first those that need a look."""
    all_words = list(zip(shown.lines, _line_words(shown, reader), strict=True))
    if len(all_words) > MOST_SHOWN:
        all_words.sort(key=lambda each: not shown.needs_a_look(each[0]))
    found = [words for _, words in all_words[:MOST_SHOWN]]
    rest = len(all_words) - len(found)
    if rest:
        found.append(html(reader.plural("{count} more line", "{count} more lines", rest)))
    return found


def _line_words(shown: Ordered, reader: Reader) -> list[Html]:
    found = []
    priced = iter(shown.preview.lines if shown.preview else ())
    for each in shown.lines:
        number = quantity(each.quantity, reader)
        if not each.product_id:
            unknown = reader.text(N_("not found: “{words}”"), words=each.words)
            found.append(html(number, " × ", italic(unknown)))
            continue
        name = shown.names[each.product_id].name if each.product_id in shown.names else each.words
        if each.problem:
            found.append(html(html("⚠️ ", name), each.problem, between=" · "))
            continue
        line = next(priced, None)
        parts: list[object] = [html(number, " × ", name)]
        if each.doubtful:
            parts.append(italic(reader.text(N_("“{words}”?"), words=each.words)))
        if line is not None and shown.preview and shown.preview.currency:
            parts += _price_words(line, shown.preview.currency, reader)
        if each.off and shown.preview and shown.preview.currency:
            amount = reader.translator.unit_price(
                each.off, each.currency or shown.preview.currency
            )
            parts.append(reader.text(N_("{amount} off each"), amount=amount))
        if shown.is_foreign(each):
            parts.append(f"⚠️ {reader.text(WRONG_CURRENCY, currency=each.currency)}")
        elif each in shown.too_low:
            too_low = reader.text(N_("that's more than the price"))
            parts.append(f"⚠️ {too_low}")
        parts += promised_words(shown.promised.get(each.product_id, ()), reader, here=FREE)
        found.append(html(*parts, between=" · "))
    return found


def _left_out(shown: Ordered, reader: Reader) -> str:
    if not shown.left_out:
        return ""
    return reader.plural(
        "{count} more line wasn't read: send it in a separate message",
        "{count} more lines weren't read: send them in a separate message",
        shown.left_out,
    )


def _price_words(line: NewLine, currency: str, reader: Reader) -> list[str]:
    if line.unit_price is None:
        return [reader.text(N_("no price yet"))]
    found = [reader.translator.unit_price(line.unit_price, currency)]
    if line.discount_percent:
        found.append(reader.translator.percent(-line.discount_percent))
    return found


def _total_words(shown: Ordered, reader: Reader) -> list[Html]:
    currency = shown.preview.currency if shown.preview else None
    if currency is None:
        return []
    money, found = reader.translator.money, list[Html]()
    if shown.discount:
        percent = reader.translator.percent(shown.discount)
        found.append(reader.html(N_("Discount {percent}"), percent=percent))
    if shown.off[0]:
        amount = money(shown.off[0], shown.off[1] or currency)
        found.append(reader.html(N_("Discount {amount}"), amount=amount))
    if shown.has_foreign_off:
        found.append(html("⚠️ ", reader.text(WRONG_CURRENCY, currency=shown.off[1])))
    elif shown.wrong is not None:
        found.append(html("⚠️ ", sentence_of(shown.wrong, reader)))
    elif shown.total is not None:
        found.append(reader.html(N_("Total {amount}"), amount=money(shown.total, currency)))
    return found


def _alternatives(shown: Ordered, reader: Reader) -> list[Row]:
    rows: list[Row] = []
    for at, each in enumerate(shown.lines):
        row = [
            Button(
                reader.text(
                    N_("“{words}”: {name}"), words=each.words, name=shown.names[other].name
                ),
                "mean",
                argument=f"{at}:{other}",
            )
            for other in each.others
            if other in shown.names
        ]
        rows += [(button,) for button in row]
        if not each.product_id and reader.actor.can(Ability.EDIT_CATALOGUE):
            label = reader.text(N_("New product “{words}”"), words=each.words)
            rows.append((Button(label, "new_for_line", argument=str(at)),))
        if not shown.is_usable(each) and len(shown.lines) > 1:
            label = reader.text(N_("Remove “{words}”"), words=each.words)
            rows.append((Button(label, "leave_out", argument=str(at)),))
    return rows[:MOST_ALTERNATIVES]


def with_product(arguments: Arguments, at: int, product_id: int) -> dict[str, Any]:
    """Return what the card keeps once the product of a line is known."""
    found = [Understood.restored(each) for each in arguments["lines"]]
    before = found[at]
    others = tuple(
        each for each in (before.product_id, *before.others) if each and each != product_id
    )
    found[at] = replace(before, product_id=product_id, others=others, doubtful=False)
    return {**arguments, "lines": [each.kept() for each in found]}


SCREENS: Final = (Screen("ordered", load_ordered, render_ordered),)
