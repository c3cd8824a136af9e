"""The claim of a line on a product: released, or given to a waiting line, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Text
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.moments import until_words
from bot.screens.shared.words import MOST_LINES, folded_lines, quantity
from core.domain.document_type import Claims
from core.domain.messages import N_
from core.services import reservations, stock
from core.services.documents import viewing
from core.services.products import product_views
from core.services.stock import Handover, Held, Holder
from core.services.work import Work


def load_claim(work: Work, line_id: int, _arguments: Arguments) -> Holder:
    """Return the line with its claim.  Raises NotAllowed, NotFound."""
    return stock.holder(work, line_id)


def render_claim(shown: Holder, reader: Reader) -> Card:
    """Render whose goods they are, who waits, and what can be done with them."""
    number = quantity(shown.claimed, reader)
    held = [reader.text(N_("{number} reserved"), number=number), shown.number, shown.party]
    if shown.until is not None:
        held.append(until_words(shown.until, reader))
    text = lines(
        bold(shown.product),
        html(*filter(None, held), between=" · "),
        *folded_lines((_waits(each, reader) for each in shown.waiting), reader),
    )
    rows: list[Row] = []
    if shown.claimed:
        buttons = [Button(reader.text(N_("Release…")), "claim_release", id=shown.line_id)]
        if shown.waiting:
            buttons.append(Button(reader.text(N_("Give to…")), "claim_give", id=shown.line_id))
        rows.append(tuple(buttons))
    label = reader.text(N_("Open {number}"), number=shown.number)
    rows.append((opens(label, "document", id=shown.document_id),))
    return Card(text, (*rows, (back(reader, "why", id=shown.product_id),)))


def _waits(each: Held, reader: Reader) -> Html:
    words = reader.text(N_("{number} waiting"), number=quantity(each.quantity, reader))
    return html(*filter(None, (words, each.number, each.party)), between=" · ")


def claim_label(each: Held, reader: Reader) -> str:
    """Return the label of a claiming line: its paper and its quantity."""
    return f"{each.number} · {quantity(each.quantity, reader)}"


# --- Taps and questions ----------------------------------------------------------------------


def claim_release(turn: Turn, tap: Tap) -> None:
    """Ask for the quantity to release and the reason."""
    shown = stock.holder(turn.work, tap.id)
    turn.ask(
        "claim_release", line=tap.id, product=shown.product_id, number=shown.number,
        most=str(shown.claimed),
    )  # fmt: skip


def finish_release(turn: Turn, answers: Answers) -> None:
    """Release the goods to the next in line.  This reduces a reservation."""
    line_id = answers.arguments["line"]
    shown = stock.holder(turn.work, line_id)
    view = viewing.view(turn.work, shown.document_id)
    number, reason = answers["quantity"], answers["reason"]
    if view.type.claims is Claims.UNTIL:
        reservations.take_away(turn.work, line_id, number, reason=reason)
    else:
        stock.release(turn.work, line_id, number, reason=reason)
    turn.show("why", shown.product_id)


def claim_give(turn: Turn, tap: Tap) -> None:
    """Ask for the line to give them to, the quantity and the reason."""
    shown = stock.holder(turn.work, tap.id)
    takers = {
        str(each.line_id): [each.number, each.party, str(min(each.quantity, shown.claimed))]
        for each in shown.waiting[:MOST_LINES]
    }
    if not takers:
        turn.show("claim", tap.id)
        return
    turn.ask(
        "claim_give", line=tap.id, product=shown.product_id, number=shown.number, takers=takers
    )


def finish_give(turn: Turn, answers: Answers) -> None:
    """Give the goods to the chosen line."""
    given = answers.arguments
    handover = Handover(given["line"], int(answers["taker"]), answers["quantity"])
    stock.transfer_claim(turn.work, handover, reason=answers["reason"])
    turn.show("why", given["product"])


def _takers(asking: Asking) -> dict[str, str]:
    words = asking.reader.translator
    return {
        key: f"{number} · {party} · {words.number(Decimal(most))}"
        for key, (number, party, most) in asking.answers.arguments["takers"].items()
    }


def _most(answers: Answers) -> Decimal:
    return Decimal(answers.arguments["most"])


def _wanted(answers: Answers) -> Decimal:
    return Decimal(answers.arguments["takers"][answers["taker"]][2])


def _unit_digits(asking: Asking) -> int:
    product_id = asking.answers.arguments["product"]
    return product_views.load(asking.work.connection, [product_id])[product_id].unit_digits


_REASON: Final = Step("reason", N_("Reason? It will be passed on."), Text(most=200))

SCREENS: Final = (Screen("claim", load_claim, render_claim),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "claim_release": claim_release,
    "claim_give": claim_give,
}
FORMS: Final = (
    Form(
        "claim_release",
        steps=(
            Step(
                "quantity", N_("Release how many from {number}?"),
                QuantityInput(digits=_unit_digits), default=_most,
            ),
            _REASON,
        ),
        on_finish=finish_release,
    ),
    Form(
        "claim_give",
        steps=(
            Step(
                "taker", N_("Who gets items from {number}?"), Choice(_takers, translated=False)
            ),
            Step(
                "quantity", N_("How many?"), QuantityInput(digits=_unit_digits), default=_wanted
            ),
            _REASON,
        ),
        on_finish=finish_give,
    ),
)  # fmt: skip
