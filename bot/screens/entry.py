"""Typing works everywhere: a number opens a paper, a list is an order, the rest is a search.

A typed order is shown back as it was understood, with prices, what is there, and other products
that may be meant as buttons.  No paper exists before a button says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from bot.context import Matcher
from bot.conversation.inputs import Text
from bot.conversation.lookups import Party
from bot.conversation.step import Answers, Form, Step
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
    opens,
)
from bot.screens.kept import kept_arguments
from bot.screens.words import MOST_LINES, folded_lines, promised_words, quantity
from bot.turn import Tap, Turn, Typed
from core.domain.document_type import Claims, DocumentType, PartySide
from core.domain.documents import kind_by_prefix, kinds
from core.domain.entry import Entry, EntryLine, looks_like_order, read_entry
from core.domain.messages import N_
from core.domain.people import Ability, Right
from core.services import parties, search, stock
from core.services.documents import drafting, issuing, sums, viewing
from core.services.documents.drafting import NewLine, Preview
from core.services.rights import NotFound, may
from core.services.search import Hit
from core.services.stock import Promised
from core.services.work import Work

ZERO = Decimal(0)
OTHERS: Final = 3
"""Other products that are offered for a doubtful word."""


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


# --- Reading what was typed ------------------------------------------------------------------


def open_number(turn: Turn, typed: Typed) -> bool:
    """The number of a paper opens it."""
    found = viewing.find_by_number(turn.work, typed.text)
    if found is None:
        return False
    turn.show("document", found)
    return True


def open_code(turn: Turn, typed: Typed) -> bool:
    """A barcode opens its product, also while a quantity is asked."""
    text = typed.text.strip()
    if not (text.isdecimal() and len(text) >= 8) or not turn.work.actor.can(Ability.SEE_CATALOGUE):
        return False
    found = search.products(turn.work, text)
    if not (found and found[0].exact):
        return False
    turn.show("product", found[0].id)
    return True


def take_order(turn: Turn, typed: Typed) -> bool:
    """A list of goods is shown back as an order, for those who may make one."""
    entry = read_entry(typed.text)
    row = _row_for(turn.work)
    if row is None or not looks_like_order(entry) or _is_search(turn.work, entry, typed.text):
        return False
    turn.show("ordered", **_understood(turn, entry, row=row))
    return True


def _row_for(work: Work) -> DocumentType | None:
    """What this person's typed orders become, before it is known for whom."""
    for row in (*kinds(claims=Claims.WAITING), *kinds(incoming=True)):
        if may(work.actor, Right.DRAFT, row, party_id=None):
            return row
    return None


def _is_search(work: Work, entry: Entry, text: str) -> bool:
    """One line that is a product's name by itself ("Laptop Pro 14") is no order of 14."""
    if entry.party or len(entry.lines) != 1:
        return False
    line = entry.lines[0]
    behind = text.strip().casefold().startswith(line.words.casefold()[:3])
    return bool(line.quantity) and behind and bool(search.products(work, text))


def _understood(turn: Turn, entry: Entry, *, row: DocumentType) -> dict[str, Any]:
    """What the card keeps of an entry: its party and its lines."""
    found = [_line(turn, each) for each in entry.lines]
    party_id, candidates = 0, list[int]()
    if entry.party:
        hits = search.parties(turn.work, entry.party)
        candidates = [each.id for each in hits]
        if hits and (hits[0].exact or len(hits) == 1):
            party_id = hits[0].id
    return {
        "prefix": _fitting_row(turn.work, row, party_id).prefix,
        "party": party_id,
        "candidates": candidates,
        "lines": [each.kept() for each in found],
    }


def _fitting_row(work: Work, row: DocumentType, party_id: int) -> DocumentType:
    """An order of a vendor is a purchase, if this person may buy."""
    if not party_id:
        return row
    party = parties.load(work.connection, [party_id])[party_id]
    if party.suits(row.party):
        return row
    for other in kinds(incoming=True):
        if party.suits(other.party) and may(work.actor, Right.DRAFT, other, party_id=party_id):
            return other
    return row


def _line(turn: Turn, typed: EntryLine) -> Understood:
    words = turn.reader.translator
    number = words.parse_number(typed.quantity, digits=0) if typed.quantity else Decimal(1)
    discount = words.parse_number(typed.discount) if typed.discount else ZERO
    hits = search.products(turn.work, typed.words)
    meant = hits[0].id if hits else 0
    doubtful = len(hits) > 1 and not hits[0].exact
    others = tuple(each.id for each in hits[1 : OTHERS + 1]) if doubtful else ()
    return Understood(typed.words, meant, number, discount, others)


# --- The order, shown back -------------------------------------------------------------------


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
            work, row.kind, party.id, lines=[_new_line(each) for each in known]
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


def _new_line(each: Understood) -> NewLine:
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
        parts += promised_words(shown.promised.get(each.product_id, ()), reader)
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


# --- Taps ------------------------------------------------------------------------------------


def mean(turn: Turn, tap: Tap) -> None:
    """Another product was meant by a word."""
    arguments = kept_arguments(turn)
    at, _, product_id = tap.argument.partition(":")
    found = [Understood.restored(each) for each in arguments["lines"]]
    before = found[int(at)]
    others = tuple(each for each in (before.product_id, *before.others) if each != int(product_id))
    found[int(at)] = replace(before, product_id=int(product_id), others=others)
    turn.show("ordered", **(arguments | {"lines": [each.kept() for each in found]}))


def order_for(turn: Turn, tap: Tap) -> None:
    """It is for this party."""
    _for_party(turn, kept_arguments(turn), int(tap.argument))


def _for_party(turn: Turn, arguments: dict[str, Any], party_id: int) -> None:
    row = kind_by_prefix(str(arguments["prefix"]))
    if row is None:
        raise NotFound(subject="document")
    fitting = _fitting_row(turn.work, row, party_id)
    turn.show("ordered", **(arguments | {"party": party_id, "prefix": fitting.prefix}))


def ask_party(turn: Turn, _tap: Tap) -> None:
    """Ask for whom."""
    turn.ask("order_party", kept=kept_arguments(turn))


def finish_party(turn: Turn, answers: Answers) -> None:
    """It is for the party that was found."""
    _for_party(turn, dict(answers.arguments["kept"]), answers["party"])


def _created(turn: Turn) -> int:
    shown = load_ordered(turn.work, 0, kept_arguments(turn))
    if shown.party is None or not shown.is_ready:
        raise NotFound(subject="product")
    return drafting.create(
        turn.work,
        shown.row.kind,
        party_id=shown.party.id,
        lines=[_new_line(each) for each in shown.lines],
    )


def order_now(turn: Turn, _tap: Tap) -> None:
    """Make the order and put it into force."""
    document_id = _created(turn)
    issued = issuing.issue(turn.work, document_id, revision=0)
    turn.toast(turn.reader.text(N_("{number} is done"), number=issued.number))
    turn.show("document", document_id)


def keep_draft(turn: Turn, _tap: Tap) -> None:
    """Make a draft of it."""
    turn.show("document", _created(turn))


# --- Beginning without typing ----------------------------------------------------------------


def new_order(turn: Turn, _tap: Tap) -> None:
    """Ask for whom, then what."""
    row = _row_for(turn.work)
    turn.ask("new_paper", prefix=row.prefix if row else "", sided=True)


def begin(turn: Turn, tap: Tap) -> None:
    """Begin a paper of a kind, maybe for a party that is known."""
    row = kind_by_prefix(tap.argument)
    if row is None:
        turn.show("papers")
        return
    turn.ask(
        "new_paper",
        prefix=row.prefix,
        sided=row.party is not PartySide.NOBODY and not tap.id,
        party=tap.id,
    )


def finish_new(turn: Turn, answers: Answers) -> None:
    """Show what was typed as the paper that it would be."""
    row = kind_by_prefix(answers.arguments["prefix"])
    if row is None:
        raise NotFound(subject="document")
    found = [_line(turn, each) for each in read_entry(answers["goods"]).lines]
    party_id = answers.arguments.get("party") or answers["party"] or 0
    turn.show(
        "ordered",
        prefix=row.prefix,
        party=party_id,
        candidates=[],
        lines=[each.kept() for each in found],
    )


# --- Everything else is a search -------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a text may mean."""

    text: str
    products: Sequence[Hit]
    parties: Sequence[Hit]


def look_up(turn: Turn, typed: Typed) -> bool:
    """Search products and parties; one clear hit opens at once."""
    if not turn.work.actor.can(Ability.SEE_CATALOGUE):
        return False
    found = _search(turn.work, typed.text)
    hits = [*found.products, *found.parties]
    if len(hits) == 1 or (len(found.products) >= 1 and found.products[0].exact):
        screen = "product" if found.products else "party"
        turn.show(screen, hits[0].id)
    else:
        turn.show("found", argument=typed.text[:MOST_TEXT])
    return True


MOST_TEXT: Final = 100


def _search(work: Work, text: str) -> Found:
    wanted = text.strip().rstrip("?!.").strip()
    its_parties = search.parties(work, wanted) if work.actor.can(Ability.SEE_PARTIES) else []
    return Found(wanted, search.products(work, wanted), its_parties)


def load_found(work: Work, _id: int, arguments: Arguments) -> Found:
    """What the text means now."""
    return _search(work, str(arguments.get("argument", "")))


def render_found(found: Found, reader: Reader) -> Card:
    """Each hit is a button; nothing found says how to go on."""
    rows: list[Row] = [(opens(each.name, "product", id=each.id),) for each in found.products]
    rows += [(opens(f"👤 {each.name}", "party", id=each.id),) for each in found.parties]
    if rows:
        text = reader.html(N_("“{text}” may mean:"), text=found.text)
    else:
        text = reader.html(
            N_(
                "Nothing is called “{text}”. Type a part of a name, a code, a paper's number, "
                "or an order like: High End: 20 laptop, 3x mouse 10%"
            ),
            text=found.text,
        )
    return Card(text, (*rows, (back(reader),)))


def _needs_party(answers: Answers) -> bool:
    return bool(answers.arguments.get("sided"))


SCREENS: Final = (
    Screen("ordered", load_ordered, render_ordered),
    Screen("found", load_found, render_found),
)
ACTIONS: Final = {
    "mean": mean,
    "order_for": order_for,
    "ask_party": ask_party,
    "order_now": order_now,
    "keep_draft": keep_draft,
    "new_order": new_order,
    "begin": begin,
}
FORMS: Final = (
    Form(
        "order_party",
        steps=(Step("party", N_("For whom?"), Party()),),
        on_finish=finish_party,
    ),
    Form(
        "new_paper",
        steps=(
            Step("party", N_("For whom? Type a part of the name."), Party(), show_if=_needs_party),
            Step("goods", N_("What? For example: 20 laptop, 3x mouse 10%"), Text(note=True)),
        ),
        on_finish=finish_new,
    ),
)
TYPED: Final = (
    Matcher("number", open_number, during_question=True),
    Matcher("code", open_code, during_question=True),
    Matcher("order", take_order),
    Matcher("search", look_up),
)
