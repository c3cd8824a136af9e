"""The choices made so far in a conversion; the card keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.base.screen import Arguments
from bot.base.turn import Turn
from bot.screens.documents.steps import conversion_argument
from core.domain.document_type import DocumentType
from core.domain.documents import type_of
from core.domain.money import ZERO
from core.domain.papers.view import PaperText
from core.domain.places import PlaceRole
from core.services import company
from core.services.documents import e_invoice_status, viewing
from core.services.documents.converting import Chosen, Less, NothingToConvert, OfferedLine
from core.services.documents.preview import Forecast, forecast
from core.services.documents.viewing import ConversionView, DocumentView
from core.services.work import Work


@dataclass(frozen=True)
class Choice:
    """The choice for one line: quantity, rejected quantity, place, and whether still wanted.

    `less` is the money taken off the line: so much each for so many pieces.
    """

    quantity: Decimal
    rejected: Decimal = ZERO
    drops: bool = True
    place: str = ""
    less: Less | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the line is left out."""
        return not self.quantity and not self.rejected and self.less is None

    def kept(self) -> list[Any]:
        """Return the choice as JSON, the form in which the card stores it."""
        less = [] if self.less is None else [str(self.less.quantity), str(self.less.each)]
        return [str(self.quantity), str(self.rejected), self.drops, self.place, less]

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> Choice:
        """Return the choice that `kept` stored."""
        quantity, rejected, drops, place, less = kept
        return cls(
            Decimal(quantity),
            Decimal(rejected),
            drops,
            place,
            Less(Decimal(less[0]), Decimal(less[1])) if less else None,
        )


@dataclass(frozen=True)
class Converting:
    """A conversion in progress: the source, the target, and the choice for each offered line."""

    view: DocumentView
    way: ConversionView
    target: DocumentType
    argument: str
    choices: Mapping[int, Choice]
    foreign_number: str
    line_id: int
    told: Forecast | None = None
    missing: Sequence[PaperText] = ()
    """The missing texts that will keep the e-invoice out of the new paper."""

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to make."""
        return all(each.is_nothing for each in self.choices.values())

    @property
    def offered(self) -> dict[int, tuple[OfferedLine, Decimal, Decimal]]:
        """Each source line once, with the quantity it proposes and its maximum."""
        found: dict[int, tuple[OfferedLine, Decimal, Decimal]] = {}
        for each in self.way.lines:
            _, proposed, most = found.get(each.line.id, (each, ZERO, ZERO))
            found[each.line.id] = (each, proposed + each.offer.proposed, most + each.offer.most)
        return found

    @property
    def pieces(self) -> Decimal:
        """The number of pieces to convert."""
        return sum((each.quantity for each in self.choices.values()), start=ZERO)

    @property
    def rejected(self) -> Decimal:
        """The number of rejected pieces."""
        return sum((each.rejected for each in self.choices.values()), start=ZERO)

    @property
    def counts_rejected(self) -> bool:
        """Whether accepted and rejected pieces are counted separately."""
        return self.target.route is not None and self.target.route.rejected is not None

    @property
    def places(self) -> Sequence[PlaceRole]:
        """The places where a line's goods may go instead of the end of the route."""
        if self.target.route is None or self.way.rule.rejected_goods:
            return ()
        return self.target.route.choices

    def facts(self) -> dict[str, Any]:
        """Return the figures shown; the tap is void once they have changed."""
        return {
            "number": self.view.record.number or "",
            "chosen": [
                [line_id, *self.choices[line_id].kept()] for line_id in sorted(self.choices)
            ],
            "most": [[line_id, str(most)] for line_id, (_, _, most) in self.offered.items()],
            "total": None if self.told is None else self.told.total,
            "due": None if self.told is None else self.told.due,
        }


def load_converting(work: Work, document_id: int, arguments: Arguments) -> Converting:
    """Return what is offered now, with the choices stored on this card.

    Raises NothingToConvert when the conversion is closed because everything was converted.
    """
    view = viewing.view(work, document_id)
    argument = str(arguments["argument"])
    way = next((each for each in view.conversions if conversion_argument(each) == argument), None)
    if way is None:
        raise NothingToConvert(number=view.record.number or "", target=argument)
    target = type_of(way.rule.target)
    shown = Converting(
        view=view,
        way=way,
        target=target,
        argument=argument,
        choices=_choices(view, way, target, kept=arguments.get("chosen") or {}),
        foreign_number=str(arguments.get("foreign", "")),
        line_id=int(arguments.get("line", 0)),
    )
    if shown.is_nothing or not view.sees_money or not target.priced:
        return shown
    chosen = chosen_of(work, shown)
    return replace(
        shown,
        told=forecast(work, view.record, way.rule, chosen=chosen),
        missing=e_invoice_status.missing_before(work, view, target),
    )


def chosen_of(work: Work, shown: Converting) -> dict[int, Chosen]:
    """Return the choices in the form the service takes."""
    places = company.places(work.connection) if shown.places else {}
    return {
        line_id: Chosen(
            quantity=choice.quantity,
            rejected=choice.rejected,
            drops=choice.drops if shown.way.rule.asks_wanted else None,
            place_id=places[PlaceRole(choice.place)] if choice.place else None,
            less=choice.less,
        )
        for line_id, choice in shown.choices.items()
    }


def put(turn: Turn, document_id: int, arguments: dict[str, Any], **changes: Any) -> None:
    """Change the choice for the open line, and show that line."""
    shown = load_converting(turn.work, document_id, arguments)
    choice = replace(shown.choices[shown.line_id], **changes)
    chosen = {str(each): found.kept() for each, found in shown.choices.items()}
    chosen[str(shown.line_id)] = choice.kept()
    turn.show("convert_line", document_id, **(arguments | {"chosen": chosen}))


def counted(shown: Converting, field: str, number: Decimal) -> dict[str, Decimal]:
    """Return the changes that follow from a new number on the open line.

    Rejected pieces are not accepted too: rejecting 10 of 200 received leaves 190 accepted.
    """
    choice = shown.choices[shown.line_id]
    if field != "rejected":
        return {field: number}
    most = shown.offered[shown.line_id][2]
    before = choice.quantity + choice.rejected
    accepted = choice.quantity
    if before == most or before < most < accepted + number:
        accepted = max(ZERO, most - number)
    return {"quantity": accepted, "rejected": number}


def _choices(
    view: DocumentView,
    way: ConversionView,
    target: DocumentType,
    *,
    kept: Mapping[str, Sequence[Any]],
) -> dict[int, Choice]:
    ready = {each.line.id: each.ready for each in view.lines}
    leaves = target.route is not None and target.route.leaves and view.type.lines.is_root
    drops = way.rule.drops_unless_told
    found: dict[int, Choice] = {}
    for each in way.lines:
        before = found.get(each.line.id, Choice(ZERO)).quantity
        proposed = each.offer.proposed
        if leaves:
            proposed = min(proposed, ready[each.line.id])
        found[each.line.id] = Choice(before + proposed, drops=drops)
    for line_id, choice in kept.items():
        if int(line_id) in found:
            found[int(line_id)] = Choice.restored(choice)
    return found
