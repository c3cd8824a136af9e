"""Stock counts: counted against booked quantities, reasons for differences, one tap to book.

One card counts several products, and nothing exists before that tap.  Each line records the level
and the last move at its own moment, so that later moves make no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from bot.base.callbacks import digest_of
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
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Text
from bot.conversation.inputs import Quantity as QuantityInput
from bot.conversation.record_inputs import Product
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.photos import ADD, restored
from bot.screens.shared.words import MOST_LINES, folded_lines, quantity
from core.domain.documents import kinds
from core.domain.messages import N_
from core.domain.people import Right
from core.domain.places import PlaceRole
from core.services import attachments, company, stock
from core.services.attachments import SentPicture
from core.services.documents import drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.products import product_views
from core.services.products.product_views import ProductRecord
from core.services.rights import NotFound, require
from core.services.stock import Count, Loss
from core.services.work import Work

# Reasons for a difference: the paper carries the label, or a typed reason.
REASONS: Final[Mapping[str, str]] = {
    "broken": N_("Damaged"),
    "lost": N_("Lost"),
    "theft": N_("Theft"),
    "found": N_("Found"),
    "expired": N_("Expired"),
    "used": N_("Own use"),
    "miscounted": N_("Earlier miscount"),
    "other": N_("Other"),
}
_ROW: Final = kinds(counts=True)[0]


@dataclass(frozen=True)
class Line:
    """A counted product, with the ledger's figures at that moment."""

    product_id: int
    counted: Decimal
    level: Decimal
    move_id: int
    reason: str = ""

    def kept(self) -> list[Any]:
        """Return the line as JSON, the form in which the card stores it."""
        return [self.product_id, str(self.counted), str(self.level), self.move_id, self.reason]

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> Line:
        """Return the line that `kept` stored."""
        return cls(int(kept[0]), Decimal(kept[1]), Decimal(kept[2]), int(kept[3]), str(kept[4]))


@dataclass(frozen=True)
class Counted:
    """A line with its product and its difference, including the moves since the count.

    `losses` names whose goods go when more is missing than is available.
    """

    line: Line
    product: ProductRecord
    difference: Decimal
    losses: Sequence[Loss] = ()


@dataclass(frozen=True)
class Counting:
    """The whole count on a card; `at` is the open line, or none."""

    lines: Sequence[Counted]
    at: int = -1
    pictures: Sequence[SentPicture] = field(default_factory=tuple)

    @property
    def differing(self) -> list[Counted]:
        """The lines that differ."""
        return [each for each in self.lines if each.difference]

    @property
    def opened(self) -> Counted | None:
        """The open line; a single line is always open."""
        if len(self.lines) == 1:
            return self.lines[0]
        return self.lines[self.at] if 0 <= self.at < len(self.lines) else None

    @property
    def is_ready(self) -> bool:
        """Whether something differs, and each difference has its reason."""
        return bool(self.differing) and all(each.line.reason for each in self.differing)

    def facts(self) -> dict[str, Any]:
        """Return the figures of the tap that books the count."""
        return {
            "lines": [
                [each.line.product_id, each.line.counted, each.difference, each.line.reason]
                for each in self.lines
            ],
            "losses": [
                [loss.line_id, loss.quantity] for each in self.lines for loss in each.losses
            ],
        }


def load_counting(work: Work, _id: int, arguments: Arguments) -> Counting:
    """Return a count as its card keeps it.  Raises NotAllowed, NotFound."""
    require(work.actor, Right.DRAFT, _ROW, party_id=None)
    kept = [Line.restored(each) for each in arguments.get("lines", ())]
    ids = [each.product_id for each in kept]
    found = product_views.load(work.connection, ids, language=work.actor.language)
    if not kept or not found.keys() >= set(ids):
        raise NotFound(subject="product")
    differences = stock.counted_differences(
        work.connection, [Count(each.product_id, each.counted, each.move_id) for each in kept]
    )
    warehouse = company.places_of(work)[PlaceRole.WAREHOUSE]
    counted = [
        Counted(
            line=each,
            product=found[each.product_id],
            difference=difference,
            losses=stock.displacement(
                work.connection, each.product_id, warehouse, quantity=-difference
            )
            if difference < 0
            else (),
        )
        for each, difference in zip(kept, differences, strict=True)
    ]
    at = str(arguments.get("at", ""))
    pictures = restored(arguments.get("pictures"))
    return Counting(counted, int(at) if at.isdigit() else -1, pictures)


# --- Rendering -------------------------------------------------------------------------------


def render_counting(shown: Counting, reader: Reader) -> Card:
    """Render one product with its reasons, or a line and a button for each of several."""
    opened = shown.opened
    if opened is not None:
        text = _opened_text(opened, shown, reader)
        rows = _opened_rows(opened, shown, reader)
    else:
        text = _all_text(shown, reader)
        rows = _all_rows(shown, reader)
    if opened is not None and len(shown.lines) > 1:
        return Card(text, (*rows, (Button(reader.text(N_("Done")), "count_close"),)))
    more = [Button(reader.text(N_("Count another")), "count_more")]
    more.append(Button(reader.text(ADD), "count_picture", if_known=True))
    return Card(text, (*rows, tuple(more), (back(reader),)))


def _pictures(shown: Counting, reader: Reader) -> str | None:
    """Return the number of pictures that the card keeps."""
    number = len(shown.pictures)
    return reader.plural("{count} photo", "{count} photos", number) if number else None


def _opened_text(opened: Counted, shown: Counting, reader: Reader) -> Html:
    return lines(
        html(bold(opened.product.name), opened.product.sku, between=" · "),
        reader.text(
            N_("{counted} counted · {booked} on hand"),
            counted=quantity(opened.line.counted, reader),
            booked=quantity(opened.line.level, reader),
        ),
        reader.text(N_("Difference {number}"), number=signed(opened.difference, reader))
        if opened.difference
        else reader.text(N_("The count is correct. Nothing to adjust.")),
        *_losses(opened, reader),
        _pictures(shown, reader),
    )


def _losses(each: Counted, reader: Reader) -> list[Html]:
    """Return whose goods are missing and now wait again."""
    return [
        reader.html(
            N_("{number} on {paper} · {party} waiting again"),
            number=quantity(loss.quantity, reader),
            paper=loss.number,
            party=loss.party,
        )
        for loss in each.losses
    ]


def _opened_rows(opened: Counted, shown: Counting, reader: Reader) -> list[Row]:
    rows: list[Row] = [_adjust_row(shown, reader)] if len(shown.lines) == 1 else []
    if opened.difference:
        rows += _reason_rows(opened.line.reason, reader)
    if len(shown.lines) > 1:
        again = Button(reader.text(N_("Remove from count")), "count_drop", style="danger")
        rows.append((again,))
    return rows


def _reason_rows(chosen: str, reader: Reader) -> list[Row]:
    buttons = [
        Button(
            ("✓ " if chosen == key else "") + reader.text(label), "count_reason", argument=key
        )
        for key, label in REASONS.items()
    ]  # fmt: skip
    rows: list[Row] = [tuple(buttons[:3]), tuple(buttons[3:6]), tuple(buttons[6:])]
    if chosen and chosen not in REASONS:
        rows.append((Button(f"✓ {chosen}", "count_reason", argument="other"),))
    return rows


def _all_text(shown: Counting, reader: Reader) -> Html:
    number = reader.plural("{count} product", "{count} products", len(shown.lines))
    return lines(
        html(bold(reader.text(N_("Count"))), number, between=" · "),
        *folded_lines((_line(each, reader) for each in shown.lines), reader),
        *(loss for each in shown.lines for loss in _losses(each, reader)),
        _pictures(shown, reader),
    )


def _line(each: Counted, reader: Reader) -> Html:
    parts = [
        reader.text(
            N_("{name}: {counted} counted, {booked} on hand"),
            name=each.product.name,
            counted=quantity(each.line.counted, reader),
            booked=quantity(each.line.level, reader),
        )
    ]
    if each.difference:
        parts.append(signed(each.difference, reader))
        if each.line.reason:
            parts.append(reason_text(each.line.reason, reader))
    return html(*parts, between=" · ")


def _all_rows(shown: Counting, reader: Reader) -> list[Row]:
    rows: list[Row] = [_adjust_row(shown, reader)]
    if any(not each.line.reason for each in shown.differing):
        rows += _reason_rows("", reader)
    for at, each in list(enumerate(shown.lines))[:MOST_LINES]:
        difference = signed(each.difference, reader) if each.difference else "✓"
        label = f"{each.product.name} {difference}"
        rows.append((Button(label, "count_open", argument=str(at)),))
    return rows


def _adjust_row(shown: Counting, reader: Reader) -> Row:
    """Return the tap that books the count, in numbers, once each difference has its reason."""
    if not shown.is_ready:
        return ()
    differing = shown.differing
    if len(shown.lines) == 1:
        number = signed(differing[0].difference, reader)
        label = reader.text(N_("Adjust {number}"), number=number)
    else:
        label = reader.plural("Adjust {count} line", "Adjust {count} lines", len(differing))
    return (Button(label, "adjust", digest=digest_of(shown.facts()), style="success"),)


def signed(value: Decimal, reader: Reader) -> str:
    """Return a number with its sign, also above zero."""
    return f"{'+' if value > 0 else ''}{quantity(value, reader)}"


def reason_text(reason: str, reader: Reader) -> str:
    """Return a reason as it stands on the paper."""
    return reader.text(REASONS[reason]) if reason in REASONS else reason


# --- Taps and questions ----------------------------------------------------------------------


def count(turn: Turn, _tap: Tap) -> None:
    """Ask which product, and how many are there."""
    require(turn.work.actor, Right.DRAFT, _ROW, party_id=None)
    turn.ask("count", kept={})


def count_more(turn: Turn, _tap: Tap) -> None:
    """Count another product on the same card."""
    require(turn.work.actor, Right.DRAFT, _ROW, party_id=None)
    turn.ask("count", kept=turn.arguments)


def _unit_digits(asking: Asking) -> int:
    product_id = asking.answers["product"]
    return product_views.load(asking.work.connection, [product_id])[product_id].unit_digits


def _kept_lines(arguments: Mapping[str, Any]) -> list[Line]:
    return [Line.restored(each) for each in arguments.get("lines", ())]


def _show(turn: Turn, kept: Mapping[str, Any], found: Sequence[Line], **changes: Any) -> None:
    turn.show("counted", **{**kept, "lines": [each.kept() for each in found], **changes})


def finish_count(turn: Turn, answers: Answers) -> None:
    """Record the present level and the last move, so that later moves do no harm.

    A second count of a product replaces the first.
    """
    product_id, kept = answers["product"], answers.arguments["kept"]
    now = stock.count(turn.work.connection, [product_id])[product_id]
    new = Line(product_id, answers["counted"], now.level, now.last_move_id)
    others = [each for each in _kept_lines(kept) if each.product_id != product_id]
    _show(turn, kept, [*others, new], at="")


def _at(turn: Turn) -> int:
    """Return the index of the line that reasons apply to: the open or only one; -1 if none."""
    found = _kept_lines(turn.arguments)
    at = str(turn.arguments.get("at", ""))
    if len(found) == 1:
        return 0
    return int(at) if at.isdigit() and int(at) < len(found) else -1


def count_reason(turn: Turn, tap: Tap) -> None:
    """Choose the reason for a difference; another reason is typed."""
    if tap.argument == "other":
        turn.ask("count_reason", kept=turn.arguments, at=_at(turn))
    else:
        _give_reason(turn, turn.arguments, _at(turn), reason=tap.argument)


def finish_reason(turn: Turn, answers: Answers) -> None:
    """Apply the typed reason."""
    given = answers.arguments
    _give_reason(turn, given["kept"], given["at"], reason=answers["reason"])


def _give_reason(turn: Turn, kept: Mapping[str, Any], at: int, *, reason: str) -> None:
    """Give the reason to the open line, or else to all lines without one."""
    found = [
        replace(each, reason=reason) if at == place or (at < 0 and not each.reason) else each
        for place, each in enumerate(_kept_lines(kept))
    ]
    _show(turn, kept, found)


def count_open(turn: Turn, tap: Tap) -> None:
    """Open one line of several."""
    _show(turn, turn.arguments, _kept_lines(turn.arguments), at=tap.argument)


def count_close(turn: Turn, _tap: Tap) -> None:
    """Return to all the lines."""
    _show(turn, turn.arguments, _kept_lines(turn.arguments), at="")


def count_drop(turn: Turn, _tap: Tap) -> None:
    """Take the open line off the count."""
    at = _at(turn)
    found = [each for place, each in enumerate(_kept_lines(turn.arguments)) if place != at]
    _show(turn, turn.arguments, found, at="")


def adjust(turn: Turn, tap: Tap) -> None:
    """Book the differences shown, each with its reason; record the correct counts too."""
    arguments = turn.arguments
    turn.show("counted", **arguments)
    shown = load_counting(turn.work, 0, arguments)
    turn.check(tap, shown.facts())
    new_lines = [
        NewLine(
            product_id=each.line.product_id,
            quantity=abs(each.difference),
            counted=each.line.counted,
            level_at_count=each.line.level,
            move_at_count=each.line.move_id,
            reason=reason_text(each.line.reason, turn.reader) if each.difference else "",
        )
        for each in shown.lines
    ]
    document_id = drafting.create(turn.work, _ROW.kind, lines=new_lines)
    attachments.attach(turn.work, document_id, restored(arguments.get("pictures")))
    issued = issuing.issue(turn.work, document_id, revision=0)
    turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", document_id)


SCREENS: Final = (Screen("counted", load_counting, render_counting),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "count": count,
    "count_more": count_more,
    "count_reason": count_reason,
    "count_open": count_open,
    "count_close": count_close,
    "count_drop": count_drop,
    "adjust": adjust,
}
FORMS: Final = (
    Form(
        "count",
        steps=(
            Step("product", N_("Which product did you count?"), Product()),
            Step(
                "counted", N_("{product}: how many did you count?"),
                QuantityInput(digits=_unit_digits, zero=True),
            ),
        ),
        on_finish=finish_count,
    ),
    Form(
        "count_reason",
        steps=(Step("reason", N_("What's the reason for the difference?"), Text(most=60)),),
        on_finish=finish_reason,
    ),
)  # fmt: skip
