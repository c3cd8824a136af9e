"""The money on a paper's card beside its totals: deposits, unused credit, next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.base.screen import Button, Html, Reader, Row, opens
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services.documents.viewing import DocumentView
from core.services.money import deposits, payments
from core.services.money.deposits import OrderDeposit
from core.services.work import Work


@dataclass(frozen=True)
class Deposits:
    """The deposits of an order, and whether more can be recorded."""

    paid: Sequence[OrderDeposit] = ()
    can_take: bool = False


def load_deposits(work: Work, view: DocumentView) -> Deposits:
    """Return an order's deposits for people who see its money; empty for other papers."""
    record = view.record
    if not view.type.lines.is_root or record.number is None or not view.sees_money:
        return Deposits()
    in_force = record.state in view.type.lifecycle.in_force
    progress = view.progress
    is_billed = progress is not None and progress.billed >= progress.wanted
    return Deposits(
        deposits.of_order(work.connection, record.id),
        in_force and not is_billed and payments.may_pay(work.actor, record.party_id),
    )


def deposit_lines(found: Deposits, view: DocumentView, reader: Reader) -> list[Html]:
    """Return the lines for the amount paid in advance and the share no invoice has used yet."""
    if not found.paid:
        return []
    money, currency = reader.translator.money, view.record.currency or ""
    amount = sum((each.amount for each in found.paid), start=ZERO)
    left = sum((each.left for each in found.paid), start=ZERO)
    if left in (ZERO, amount):
        message = (
            N_("Deposit {amount}, applied")
            if left == ZERO
            else N_("Deposit {amount}, not yet applied")
        )
        return [reader.html(message, amount=money(amount, currency))]
    return [
        reader.html(
            N_("Deposit {amount}, {left} not yet applied"),
            amount=money(amount, currency),
            left=money(left, currency),
        )
    ]


def money_steps(view: DocumentView, reader: Reader) -> list[Row]:
    """Return the next steps for its money: pay it, or apply or pay back its unused credit."""
    document_id, settled = view.record.id, view.settled
    if not view.can_pay or settled is None or settled.due <= ZERO:
        return []
    if view.type.settles or view.type.credits:
        return [
            (
                Button(reader.text(N_("Apply credit")), "use_left", id=document_id),
                Button(reader.text(N_("Refund")), "refund_left", id=document_id),
            )
        ]
    return [(opens(reader.text(N_("Record payment")), "pay", id=document_id),)]


def money_ways(view: DocumentView, found: Deposits, reader: Reader) -> list[Button]:
    """Return the other actions on its money: a deposit, and its settlements."""
    document_id, settled = view.record.id, view.settled
    ways: list[Button] = []
    if found.can_take:
        ways.append(opens(reader.text(N_("Deposit")), "deposit", id=document_id))
    if view.can_pay and settled is not None and (settled.paid or settled.credited):
        is_loose = view.type.settles or view.type.credits
        message = N_("Applied to") if is_loose else N_("Settled by")
        ways.append(opens(reader.text(message), "settlements", id=document_id))
    return ways
