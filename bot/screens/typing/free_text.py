"""Free text: a number opens a paper, a list becomes an order, anything else is a search.

A typed order is shown back as it was understood, with prices, availability, and buttons for
alternative products.  No paper exists until a button makes it.  Until then, an edit of the
message is read again into the same card.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bot.base.handlers import Matcher
from bot.base.turn import Tap, Turn, Typed
from bot.conversation.record_inputs import Party
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.repeating import REPEATED, Goods, repeat_last
from bot.screens.shared.saved_arguments import kept_arguments
from bot.screens.typing.order_parsing import (
    checked_discount,
    currency_of,
    entry_words,
    understood,
    with_party,
)
from bot.screens.typing.order_preview import Understood, load_ordered, with_product
from bot.screens.typing.quick_questions import kind_words
from core.domain.document_type import Claims, DocumentType, PartySide
from core.domain.documents import kind_by_prefix, kinds
from core.domain.messages import N_
from core.domain.money import ZERO
from core.domain.people import Ability, Right
from core.domain.texts import folded
from core.domain.typed_order import Entry, Off, looks_like_order, read_entry
from core.services import search
from core.services.documents import drafting, issuing
from core.services.people import parties
from core.services.rights import NotFound, may, require_ability
from core.services.work import Work

# --- Parsing ---------------------------------------------------------------------------------


def open_number(turn: Turn, typed: Typed) -> bool:
    """Open the paper with this number; report one that is missing, if such a kind exists."""
    asked = search.read_paper_number(typed.text)
    if asked is None or not asked.prefix or not turn.work.actor.roles:
        return False
    found = search.papers(turn.work, asked)
    if found:
        turn.show("document", found[0].id)
    elif _is_code(turn.work, typed.text):
        return False
    else:
        turn.show("found", argument=str(asked))
    return True


def _is_code(work: Work, text: str) -> bool:
    """Return whether a text that looks like a paper's number is the code of a product."""
    if not work.actor.can(Ability.SEE_CATALOGUE):
        return False
    hits = search.products(work, text)
    return bool(hits) and hits[0].certain


def open_code(turn: Turn, typed: Typed) -> bool:
    """Open the product with this barcode, also while a quantity is asked."""
    text = typed.text.strip()
    if not (text.isdecimal() and len(text) >= 8) or not turn.work.actor.can(Ability.SEE_CATALOGUE):
        return False
    found = search.products(turn.work, text)
    if not (found and found[0].exact):
        return False
    turn.show("product", found[0].id)
    return True


def take_order(turn: Turn, typed: Typed) -> bool:
    """Show a list of goods back as an order, for people who may make one."""
    entry = read_entry(typed.text, entry_words(turn.reader))
    row = _row_for(turn.work)
    if row is None or not looks_like_order(entry) or _is_search(turn.work, entry):
        return False
    turn.show("ordered", **_order(turn, entry, row=row))
    return True


def take_sure_order(turn: Turn, typed: Typed) -> bool:
    """Take goods for a known party as an order, even in answer to another question."""
    entry = read_entry(typed.text, entry_words(turn.reader))
    row = _row_for(turn.work)
    if row is None or not entry.party or not any(each.quantity for each in entry.lines):
        return False
    found = _order(turn, entry, row=row)
    if not found["party"] or not any(each[1] for each in found["lines"]):
        return False
    turn.show("ordered", **found)
    return True


def _row_for(work: Work) -> DocumentType | None:
    """Return the row of this person's typed orders, before the party is known."""
    for row in (*kinds(claims=Claims.WAITING), *kinds(incoming=True)):
        if may(work.actor, Right.DRAFT, row, party_id=None):
            return row
    return None


def _is_search(work: Work, entry: Entry) -> bool:
    """Return whether a line is a product's name: "Laptop Pro 14" is not an order of 14."""
    if entry.party or len(entry.lines) != 1 or not entry.lines[0].whole:
        return False
    hits = search.products(work, entry.lines[0].whole)
    return bool(hits) and not hits[0].guessed


def _order(turn: Turn, entry: Entry, *, row: DocumentType) -> dict[str, Any]:
    """Return what the card keeps of a parsed order: its party and its lines."""
    entry, row = _with_kind(turn.work, entry, row=row)
    entry, named = with_party(turn.work, entry)
    discount = ZERO
    if entry.discount:
        discount = checked_discount(turn.reader.translator.parse_number(entry.discount))
    return {
        "prefix": _fitting_row(turn.work, row, named.party_id).prefix,
        "party": named.party_id,
        "candidates": list(named.candidates),
        "lines": [each.kept() for each in understood(turn, entry.lines)],
        "discount": str(discount),
        "off": _off(turn, entry.off),
        "left_out": entry.left_out,
    }


def _off(turn: Turn, typed: Off | None) -> list[str]:
    """Return the amount off the whole order and its currency; empty if there is none."""
    if typed is None:
        return []
    amount = turn.reader.translator.parse_number(typed.amount)
    return [str(amount), currency_of(typed.currency)]


def _with_kind(work: Work, entry: Entry, *, row: DocumentType) -> tuple[Entry, DocumentType]:
    """Return the rest and the kind named first: ``quote high end: 20 laptop`` is a quote."""
    words = entry.party.split()
    for count in range(len(words) - 1, 0, -1):
        prefixes = kind_words().get(folded(" ".join(words[:count])), frozenset())
        named = [kind_by_prefix(each) for each in sorted(prefixes)]
        for other in (row, *filter(None, named)):
            fits = other.prefix in prefixes and other.priced and not other.needs_source
            if fits and may(work.actor, Right.DRAFT, other, party_id=None):
                return replace(entry, party=" ".join(words[count:])), other
    return entry, row


def _fitting_row(work: Work, row: DocumentType, party_id: int) -> DocumentType:
    """Return the row that suits the party: for a vendor a purchase, if this person may buy."""
    if not party_id:
        return row
    party = parties.load(work.connection, [party_id])[party_id]
    if party.suits(row.party):
        return row
    for other in kinds(incoming=True):
        if party.suits(other.party) and may(work.actor, Right.DRAFT, other, party_id=party_id):
            return other
    return row


# --- Taps ------------------------------------------------------------------------------------


def mean(turn: Turn, tap: Tap) -> None:
    """Choose another product for a word."""
    at, _, product_id = tap.argument.partition(":")
    turn.show("ordered", **with_product(kept_arguments(turn), int(at), int(product_id)))


def new_for_line(turn: Turn, tap: Tap) -> None:
    """Ask for a new product, named as typed; it becomes the product of the line."""
    require_ability(turn.work.actor, Ability.EDIT_CATALOGUE)
    kept, at = kept_arguments(turn), int(tap.argument)
    words = Understood.restored(kept["lines"][at]).words
    name = words[:1].upper() + words[1:]
    turn.ask("new_product", answered={"name": name}, ordered=kept, at=at)


def leave_out(turn: Turn, tap: Tap) -> None:
    """Remove a line that was not understood or cannot be written."""
    arguments = kept_arguments(turn)
    lines = [each for at, each in enumerate(arguments["lines"]) if at != int(tap.argument)]
    turn.show("ordered", **(arguments | {"lines": lines}))


def order_for(turn: Turn, tap: Tap) -> None:
    """Choose this party for the order."""
    _for_party(turn, kept_arguments(turn), int(tap.argument))


def _for_party(turn: Turn, arguments: dict[str, Any], party_id: int) -> None:
    row = kind_by_prefix(str(arguments["prefix"]))
    if row is None:
        raise NotFound(subject="document")
    fitting = _fitting_row(turn.work, row, party_id)
    turn.show("ordered", **(arguments | {"party": party_id, "prefix": fitting.prefix}))


def ask_party(turn: Turn, _tap: Tap) -> None:
    """Ask for the party."""
    turn.ask("order_party", kept=kept_arguments(turn))


def finish_party(turn: Turn, answers: Answers) -> None:
    """Choose the party that was found."""
    _for_party(turn, dict(answers.arguments["kept"]), answers["party"])


def _created(turn: Turn) -> int:
    shown = load_ordered(turn.work, 0, kept_arguments(turn))
    if shown.party is None or not shown.is_ready:
        raise NotFound(subject="product")
    return drafting.create(
        turn.work,
        shown.row.kind,
        party_id=shown.party.id,
        lines=shown.new_lines,
        **shown.header,
    )


def order_now(turn: Turn, _tap: Tap) -> None:
    """Make the order and put it into force."""
    document_id = _created(turn)
    issued = issuing.issue(turn.work, document_id, revision=0)
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", document_id)


def keep_draft(turn: Turn, _tap: Tap) -> None:
    """Make a draft of the order."""
    turn.show("document", _created(turn))


# --- Starting from a button ------------------------------------------------------------------


def new_order(turn: Turn, _tap: Tap) -> None:
    """Ask for the party, then for the goods."""
    row = _row_for(turn.work)
    turn.ask("new_paper", prefix=row.prefix if row else "", sided=True)


def begin(turn: Turn, tap: Tap) -> None:
    """Begin a paper of a kind, for a known party if one is given."""
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
    """Preview the typed goods as a paper."""
    row = kind_by_prefix(answers.arguments["prefix"])
    if row is None:
        raise NotFound(subject="document")
    party_id = answers.arguments.get("party") or answers["party"] or 0
    if answers["goods"] == REPEATED:
        repeat_last(turn, row, party_id)
        return
    entry = read_entry(answers["goods"], entry_words(turn.reader))
    kept = _order(turn, replace(entry, party="", heading=""), row=row)
    turn.show("ordered", **(kept | {"prefix": row.prefix, "party": party_id, "candidates": []}))


def _needs_party(answers: Answers) -> bool:
    return bool(answers.arguments.get("sided"))


ACTIONS: Final = {
    "mean": mean,
    "leave_out": leave_out,
    "new_for_line": new_for_line,
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
        steps=(Step("party", N_("For which company?"), Party()),),
        on_finish=finish_party,
    ),
    Form(
        "new_paper",
        steps=(
            Step(
                "party",
                N_("For which company? Type part of the name."),
                Party(),
                show_if=_needs_party,
            ),
            Step("goods", N_("Which items? For example: 20 laptop, 3x mouse 10%"), Goods()),
        ),
        on_finish=finish_new,
    ),
)
TYPED: Final = (
    Matcher("number", open_number, during_question=True),
    Matcher("code", open_code, during_question=True),
    Matcher("sure_order", take_sure_order, during_question=True),
    Matcher("order", take_order),
)
