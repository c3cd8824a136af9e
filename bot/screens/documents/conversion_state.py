"""What is chosen so far of one paper made from another: kept with the card, told in money."""

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
    """What is chosen for a line so far: how many, how many rejected, where to, whether wanted.

    `less` is what is taken off it in money, for so many pieces so much each.
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
        """As JSON, the form in which the card keeps it."""
        less = [] if self.less is None else [str(self.less.quantity), str(self.less.each)]
        return [str(self.quantity), str(self.rejected), self.drops, self.place, less]

    @classmethod
    def restored(cls, kept: Sequence[Any]) -> Choice:
        """Of what `kept` gave."""
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
    """The source, the way on, and what is chosen for each line that is offered."""

    view: DocumentView
    way: ConversionView
    target: DocumentType
    argument: str
    choices: Mapping[int, Choice]
    foreign_number: str
    line_id: int
    told: Forecast | None = None
    missing: Sequence[PaperText] = ()
    """What will keep the e-invoice out of the paper that is made."""

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to make."""
        return all(each.is_nothing for each in self.choices.values())

    @property
    def offered(self) -> dict[int, tuple[OfferedLine, Decimal, Decimal]]:
        """Each source line once, with what it proposes and gives at most."""
        found: dict[int, tuple[OfferedLine, Decimal, Decimal]] = {}
        for each in self.way.lines:
            _, proposed, most = found.get(each.line.id, (each, ZERO, ZERO))
            found[each.line.id] = (each, proposed + each.offer.proposed, most + each.offer.most)
        return found

    @property
    def pieces(self) -> Decimal:
        """How many pieces go on."""
        return sum((each.quantity for each in self.choices.values()), start=ZERO)

    @property
    def rejected(self) -> Decimal:
        """How many pieces are rejected."""
        return sum((each.rejected for each in self.choices.values()), start=ZERO)

    @property
    def counts_rejected(self) -> bool:
        """Whether accepted and rejected are counted apart."""
        return self.target.route is not None and self.target.route.rejected is not None

    @property
    def places(self) -> Sequence[PlaceRole]:
        """Where a line's goods may go instead of the route's end."""
        if self.target.route is None or self.way.rule.rejected_goods:
            return ()
        return self.target.route.choices

    def facts(self) -> dict[str, Any]:
        """The figures that are shown; the tap is void when they have changed."""
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
    """What is offered now, with what was chosen on this card.

    Raises NothingToConvert when the way is closed: it was gone already.
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
    """What is chosen, as the service takes it."""
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
    """Change what is chosen for the line that is open, and show that line."""
    shown = load_converting(turn.work, document_id, arguments)
    choice = replace(shown.choices[shown.line_id], **changes)
    chosen = {str(each): found.kept() for each, found in shown.choices.items()}
    chosen[str(shown.line_id)] = choice.kept()
    turn.show("convert_line", document_id, **(arguments | {"chosen": chosen}))


def counted(shown: Converting, field: str, number: Decimal) -> dict[str, Decimal]:
    """What changes when a number of the open line does.

    What is rejected is not accepted as well: 10 rejected of 200 that had all come leave 190.
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
