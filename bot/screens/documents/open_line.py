"""Text typed while a line is open: its quantity, price or discount.

The line is open on its card, with its steppers, and no question was asked. Text that is no figure
of a line is read like any other free text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.base.turn import Turn
from bot.conversation.inputs import Asking, Input, Unclear, read_number
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.conversion_state import counted, load_converting, put
from bot.screens.documents.draft_lines import load_line
from bot.screens.shared.discounts import OTHER_CURRENCY
from bot.screens.typing.order_parsing import checked_discount, currency_of, entry_words
from core.domain.messages import N_
from core.domain.money import ZERO, check_unit_price
from core.domain.typed_order import read_figures
from core.services.documents import drafting

WHAT: Final = N_("How many?")


@dataclass(frozen=True)
class Typed:
    """The columns of a line that change, and the discount, in a currency."""

    changes: Mapping[str, Decimal]
    off: Decimal
    currency: str


class Figures(Input):
    """The figures of a draft's open line: ``25``, ``@ 2300``, ``10%``, ``-5 EUR``, or several."""

    def read(self, text: str, asking: Asking) -> Typed:
        """Return the typed figures.  Raises Unclear, and the refusal of an invalid number."""
        found = read_figures(text, entry_words(asking.reader))
        if found is None:
            raise Unclear(WHAT)
        given = asking.answers.arguments
        unit_digits = load_line(asking.work, given["id"], given["kept"]).line.line.unit_digits
        words, changes = asking.reader.translator, dict[str, Decimal]()
        if found.quantity:
            changes["quantity"] = read_number(found.quantity, asking, digits=unit_digits)
        if found.discount:
            changes["discount_percent"] = checked_discount(words.parse_number(found.discount))
        if found.price:
            changes["unit_price"] = check_unit_price(words.parse_number(found.price))
        off = check_unit_price(words.parse_number(found.off)) if found.off else ZERO
        return Typed(changes, off, currency_of(found.currency))


def change_line(turn: Turn, answers: Answers) -> None:
    """Apply the typed figures to the line of a draft, and leave the line open."""
    given, typed = answers.arguments, answers["value"]
    shown = load_line(turn.work, given["id"], given["kept"])
    view, line = shown.view, shown.line.line
    turn.show("draft_line", given["id"], **given["kept"])
    changes = dict(typed.changes)
    if typed.off:
        before = changes.get("unit_price", line.unit_price or ZERO)
        changes["unit_price"] = check_unit_price(before - typed.off)
    if not view.type.priced:
        changes = {name: value for name, value in changes.items() if name == "quantity"}
    elif typed.currency not in ("", view.record.currency):
        turn.toast(turn.reader.text(OTHER_CURRENCY, currency=view.record.currency or ""))
        return
    if changes:
        revision = view.record.revision
        drafting.change_line(turn.work, given["id"], line.id, revision=revision, **changes)


class Count(Input):
    """The number of the open line of a conversion."""

    def read(self, text: str, asking: Asking) -> Decimal:
        """Return a quantity.  Raises Unclear, and the refusal of an invalid number."""
        found = read_figures(text, entry_words(asking.reader))
        if found is None or not found.quantity or found.discount or found.price or found.off:
            raise Unclear(WHAT)
        return read_number(found.quantity, asking, digits=0)


def choose_number(turn: Turn, answers: Answers) -> None:
    """Convert that many of the open line (on a receipt: accept that many)."""
    document_id, kept = answers.arguments["id"], dict(answers.arguments["kept"])
    shown = load_converting(turn.work, document_id, kept)
    put(turn, document_id, kept, **counted(shown, "quantity", answers["value"]))


FORMS: Final = (
    Form(
        "open_draft_line",
        steps=(Step("value", WHAT, Figures()),),
        on_finish=change_line,
        silent=True,
    ),
    Form(
        "open_chosen_line",
        steps=(Step("value", WHAT, Count()),),
        on_finish=choose_number,
        silent=True,
    ),
)
