"""A count: what was counted against what is booked, why it differs, and one tap that books it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from bot.callbacks import digest_of
from bot.conversation.inputs import Asking, Text
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.lookups import Product
from bot.conversation.step import Answers, Form, Step
from bot.screens.base import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
)
from bot.screens.words import quantity
from bot.turn import Tap, Turn
from core.domain.documents import kinds
from core.domain.messages import N_
from core.domain.people import Right
from core.services import products, stock
from core.services.documents import drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.products import ProductRecord
from core.services.rights import NotFound, require
from core.services.stock import Count
from core.services.work import Work

REASONS: Final[Mapping[str, str]] = {
    "broken": N_("Broken"),
    "lost": N_("Lost"),
    "theft": N_("Theft"),
    "found": N_("Found"),
    "other": N_("Other"),
}
_ROW: Final = kinds(counts=True)[0]


@dataclass(frozen=True)
class Counted:
    """What somebody counted, with what the ledger said at that moment.

    `difference` is what the count found too much, by what has moved since it was made.
    """

    product: ProductRecord
    counted: Decimal
    level: Decimal
    move_id: int
    difference: Decimal
    reason: str

    def facts(self) -> dict[str, Any]:
        """The figures of the tap that books it."""
        return {
            "product": self.product.id,
            "counted": self.counted,
            "difference": self.difference,
            "reason": self.reason,
        }


def load_counted(work: Work, product_id: int, arguments: Arguments) -> Counted:
    """A count as its card keeps it.  Raises NotAllowed, NotFound."""
    require(work.actor, Right.DRAFT, _ROW, party_id=None)
    found = products.load(work.connection, [product_id], language=work.actor.language)
    if product_id not in found or "counted" not in arguments:
        raise NotFound(subject="product")
    counted, move_id = Decimal(arguments["counted"]), int(arguments["move"])
    count = Count(product_id, counted, move_id)
    return Counted(
        product=found[product_id],
        counted=counted,
        level=Decimal(arguments["level"]),
        move_id=move_id,
        difference=stock.counted_differences(work.connection, [count])[0],
        reason=str(arguments.get("reason", "")),
    )


def render_counted(shown: Counted, reader: Reader) -> Card:
    """Counted and booked, the reasons, and the tap with its number once there is a reason."""
    product_id = shown.product.id
    text = lines(
        html(bold(shown.product.name), shown.product.sku, between=" · "),
        reader.text(
            N_("{counted} counted · {booked} booked"),
            counted=quantity(shown.counted, reader),
            booked=quantity(shown.level, reader),
        ),
        reader.text(N_("Difference {number}"), number=signed(shown.difference, reader))
        if shown.difference
        else reader.text(N_("That is right: nothing to adjust.")),
    )
    rows: list[Row] = []
    if shown.difference and shown.reason:
        label = reader.text(N_("Adjust {number}"), number=signed(shown.difference, reader))
        digest = digest_of(shown.facts())
        rows.append((Button(label, "adjust", id=product_id, digest=digest, style="success"),))
    if shown.difference:
        buttons = [
            Button(
                ("✓ " if shown.reason == key else "") + reader.text(label),
                "count_reason", id=product_id, argument=key,
            )
            for key, label in REASONS.items()
        ]  # fmt: skip
        rows += [tuple(buttons[:3]), tuple(buttons[3:])]
        if shown.reason and shown.reason not in REASONS:
            rows.append((Button(f"✓ {shown.reason}", "count_reason", id=product_id,
                                argument="other"),))  # fmt: skip
    rows.append((opens(reader.text(N_("Count another")), "count"),))
    return Card(text, (*rows, (back(reader),)))


def signed(value: Decimal, reader: Reader) -> str:
    """A number with its sign, also above zero."""
    return f"{'+' if value > 0 else '−'}{quantity(abs(value), reader)}"


# --- Taps and questions ----------------------------------------------------------------------


def count(turn: Turn, _tap: Tap) -> None:
    """Ask which product, and how many are there."""
    require(turn.work.actor, Right.DRAFT, _ROW, party_id=None)
    turn.ask("count")


def _unit_digits(asking: Asking) -> int:
    product_id = asking.answers["product"]
    return products.load(asking.work.connection, [product_id])[product_id].unit_digits


def finish_count(turn: Turn, answers: Answers) -> None:
    """Remember the level and the last move of this moment, so that later moves do no harm."""
    product_id = answers["product"]
    now = stock.count(turn.work.connection, [product_id])[product_id]
    turn.show(
        "counted",
        product_id,
        counted=str(answers["counted"]),
        level=str(now.level),
        move=now.last_move_id,
    )


def count_reason(turn: Turn, tap: Tap) -> None:
    """Choose why it differs; another reason is typed."""
    arguments = turn.arguments
    if tap.argument == "other":
        turn.ask("count_reason", product=tap.id, kept=arguments)
    else:
        turn.show("counted", tap.id, **(arguments | {"reason": tap.argument}))


def finish_reason(turn: Turn, answers: Answers) -> None:
    """The reason that was typed."""
    given = answers.arguments
    turn.show("counted", given["product"], **(given["kept"] | {"reason": answers["reason"]}))


def adjust(turn: Turn, tap: Tap) -> None:
    """Book the difference that was shown, with its reason."""
    arguments = turn.arguments
    turn.show("counted", tap.id, **arguments)
    shown = load_counted(turn.work, tap.id, arguments)
    turn.check(tap, shown.facts())
    reason = REASONS.get(shown.reason)
    line = NewLine(
        product_id=tap.id,
        quantity=abs(shown.difference),
        counted=shown.counted,
        level_at_count=shown.level,
        move_at_count=shown.move_id,
        reason=shown.reason if reason is None else turn.reader.text(reason),
    )
    document_id = drafting.create(turn.work, _ROW.kind, lines=[line])
    issued = issuing.issue(turn.work, document_id, revision=0)
    turn.toast(turn.reader.text(N_("{number} is done"), number=issued.number))
    turn.show("document", document_id)


SCREENS: Final = (Screen("counted", load_counted, render_counted, subject="product"),)
ACTIONS: Final = {"count": count, "count_reason": count_reason, "adjust": adjust}
FORMS: Final = (
    Form(
        "count",
        steps=(
            Step("product", N_("Which product was counted?"), Product()),
            Step(
                "counted", N_("{product}: how many are there?"),
                QuantityInput(digits=_unit_digits, zero=True),
            ),
        ),
        on_finish=finish_count,
    ),
    Form(
        "count_reason",
        steps=(Step("reason", N_("Why does it differ?"), Text(most=60)),),
        on_finish=finish_reason,
    ),
)  # fmt: skip
