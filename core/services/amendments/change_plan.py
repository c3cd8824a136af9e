"""What confirming a working copy would do to its order: line by line, in numbers, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.domain.amending import LineWish, Price, refusals
from core.domain.document_type import Claims
from core.domain.errors import Refusal
from core.domain.lifecycles import Action, ActionRefused, State
from core.domain.links import LineState
from core.domain.money import ZERO
from core.domain.papers.templates import Chosen
from core.domain.people import Right
from core.domain.totals import Totals
from core.services import stock
from core.services.company import CompanyRecord
from core.services.documents import document_header, document_totals, line_names
from core.services.documents.issuing import NothingInIt
from core.services.documents.stock_effects import Chains
from core.services.people import parties
from core.services.rights import Changed, NotFound, require
from core.services.stock import Promised
from core.services.work import Work
from core.storage.queries import claim_queries
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
    documents,
)

DISCOUNTS = ("discount_percent", "discount_minor", "prices_include_tax")
"""What changes every price: it stays once something was billed."""

AMENDED = (
    "delivery_on", "delivery_address_id", "contact_id", "ships_complete", "payment_days",
    "payment_mode", "reference", "notes", "template_id", *DISCOUNTS,
)  # fmt: skip
"""What of the header a change may change; number, party, currency and rate stay."""


def amendable(work: Work, document_id: int) -> DocumentRecord:
    """The order, if this person may amend it and it is in force.

    Raises:
        NotFound, NotAllowed, ActionRefused.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require_amendable(work, found)
    return found


def require_amendable(work: Work, found: DocumentRecord) -> None:
    """Refuse a document that is no order in force, or that this person may not amend.

    Raises:
        NotAllowed, ActionRefused.
    """
    require(work.actor, Right.AMEND, found.type, party_id=found.party_id)
    found.type.lifecycle.after(State(found.state), Action.AMEND)
    if not found.type.lines.is_root:
        # A hold is changed by its own actions: it has nothing that could be drawn and billed.
        raise ActionRefused(action=Action.AMEND, state=found.state)


@dataclass(frozen=True)
class LineChange:
    """What becomes of a line: `old` is None for a new one, `new` for one that is taken off.

    `promised` says when what is more would be there, behind all who wait; `released` how many
    claimed pieces are given back to the queue.
    """

    old: LineRecord | None
    new: LineRecord | None
    state: LineState | None = None
    promised: Sequence[Promised] = ()
    released: Decimal = ZERO
    name: str = ""
    """What the line is called in the language of who looks."""

    @property
    def before(self) -> Decimal:
        """How many there were."""
        return ZERO if self.old is None else self.old.quantity

    @property
    def after(self) -> Decimal:
        """How many there will be."""
        return ZERO if self.new is None else self.new.quantity

    @property
    def grows(self) -> Decimal:
        """How many more; below zero: how many less."""
        return self.after - self.before

    @property
    def new_price(self) -> bool:
        """Whether a line that stays gets another price or discount."""
        return (
            self.old is not None and self.new is not None and _price(self.old) != _price(self.new)
        )

    @property
    def is_change(self) -> bool:
        """Whether anything of it changes."""
        renamed = self.old is not None and self.new is not None and self.old.name != self.new.name
        return bool(self.grows) or self.new_price or renamed


@dataclass(frozen=True)
class Plan:
    """A working copy beside its order: what confirming it would do, and why it cannot.

    `chains` are those of the lines of both.
    """

    order: DocumentRecord
    draft: DocumentRecord
    company: CompanyRecord
    party: parties.PartyRecord | None
    chains: Chains
    lines: Sequence[LineChange]
    header: Mapping[str, tuple[Any, Any]]
    before: Totals | None
    after: Totals | None
    template: Chosen

    @property
    def refusals(self) -> list[Refusal]:
        """Why it cannot be confirmed: more was drawn or billed than it leaves, or it is empty."""
        wishes = [
            LineWish(
                name=each.name, state=each.state, after=each.after, price=_price(each.old),
                new_price=_price(each.new or each.old),
            )
            for each in self.lines
            if each.old is not None and each.state is not None
        ]  # fmt: skip
        found = refusals(
            wishes,
            number=self.order.number or "",
            discount_changes=any(name in self.header for name in DISCOUNTS),
        )
        # An order of nothing is cancelled or closed.
        is_empty = all(each.new is None for each in self.lines)
        return [*found, *([NothingInIt()] if is_empty else [])]

    @property
    def changes(self) -> list[LineChange]:
        """The lines of which anything changes."""
        return [each for each in self.lines if each.is_change]

    @property
    def is_changed(self) -> bool:
        """Whether it changes anything at all."""
        return bool(self.changes or self.header)

    def facts(self) -> dict[str, Any]:
        """The figures that a person confirms: others are another change."""
        return {
            "version": self.draft.version,
            "revision": self.draft.revision,
            "lines": [
                [
                    each.name, str(each.before), str(each.after),
                    "" if each.state is None else str(each.state.fulfilled),
                    "" if each.state is None else str(each.state.billed),
                    [[str(part.quantity), part.here, str(part.on)] for part in each.promised],
                    str(each.released),
                ]
                for each in self.changes
            ],
            "total": "" if self.after is None else str(self.after.total),
        }  # fmt: skip


def plan(work: Work, draft_id: int) -> Plan:
    """What confirming this working copy would do now, as its person is shown it.

    Raises:
        NotFound: it is no working copy, or none that he may know of.
        NotAllowed, ActionRefused: its order cannot be amended by him (any more).
        Changed: the order was amended since.
    """
    compared = compare(work, draft_id)
    lines = _named(work, compared.lines)
    if compared.order.type.claims is not Claims.NO:
        lines = _with_goods(work, lines)
    return replace(compared, lines=lines)


def compare(work: Work, draft_id: int) -> Plan:
    """The same, with the names that stand on the papers, and without what becomes of the goods.

    Raises:
        What `plan` raises.
    """
    frame, order = document_header.read_change(work, draft_id)
    draft = frame.record
    require_amendable(work, order)
    if draft.version != order.version + 1 or draft.state != draft.type.lifecycle.initial:
        raise Changed(subject="document", id=order.id)
    chains = chains_of(work.connection, order.id, draft_id)
    its_chains = {key: each for key, each in chains.items() if each[0].document_id == order.id}
    new_chains = {key: each for key, each in chains.items() if each[0].document_id == draft_id}
    return Plan(
        order=order,
        draft=draft,
        company=frame.company,
        party=frame.party,
        chains=chains,
        lines=_line_changes(its_chains, new_chains),
        header={
            name: (getattr(order, name), getattr(draft, name))
            for name in AMENDED
            if getattr(order, name) != getattr(draft, name)
        },
        before=document_totals.totals_of(order, [chain[0].line for chain in its_chains.values()]),
        after=document_totals.totals_of(draft, [chain[0].line for chain in new_chains.values()]),
        template=frame.template,
    )


def _price(each: LineRecord) -> Price:
    return Price(each.unit_price, each.discount_percent)


def _line_changes(its_chains: Chains, new_chains: Chains) -> list[LineChange]:
    """Each line of the order beside its copy, then the new ones."""
    copies = {chain[0].line.source_line_id: chain[0].line for chain in new_chains.values()}
    found = [
        _line_change(chain[0].line, copies.get(line_id), chain[0].link.line)
        for line_id, chain in its_chains.items()
        if chain[0].line.quantity or line_id in copies
    ]
    return found + [
        _line_change(None, chain[0].line)
        for chain in new_chains.values()
        if chain[0].line.source_line_id is None
    ]


def _line_change(
    old: LineRecord | None, new: LineRecord | None, state: LineState | None = None
) -> LineChange:
    named = new or old
    return LineChange(old, new, state, name="" if named is None else named.name)


def _named(work: Work, changes: Sequence[LineChange]) -> list[LineChange]:
    """The lines as they are called in the language of who looks."""
    lines = {at: each.new or each.old for at, each in enumerate(changes)}
    named = line_names.in_language(
        work.connection,
        [each for each in lines.values() if each is not None],
        work.actor.language,
    )
    return [
        replace(each, name=named[its_line.id].name) if (its_line := lines[at]) else each
        for at, each in enumerate(changes)
    ]


def _with_goods(work: Work, changes: Sequence[LineChange]) -> list[LineChange]:
    """When what is more would be there, and what of the claims would be given back."""
    growing: dict[int, Decimal] = {}
    shrinking = []
    for each in changes:
        its_line = each.new or each.old
        if its_line is None or not its_line.is_goods or its_line.product_id is None:
            continue
        if each.grows > ZERO:
            growing[its_line.product_id] = growing.get(its_line.product_id, ZERO) + each.grows
        elif each.grows < ZERO and each.old is not None:
            shrinking.append(each.old.id)
    promised = stock.promise_all(work.connection, growing) if growing else {}
    waiting = claim_queries.waiting_lines(work.connection, shrinking) if shrinking else {}
    found = []
    for each in changes:
        its_line = each.new or each.old
        if its_line is not None and each.grows > ZERO and its_line.product_id in promised:
            found.append(replace(each, promised=promised[its_line.product_id]))
        elif each.old is not None and each.old.id in shrinking:
            waits = waiting[each.old.id].quantity if each.old.id in waiting else ZERO
            found.append(replace(each, released=max(ZERO, -each.grows - waits)))
        else:
            found.append(each)
    return found
