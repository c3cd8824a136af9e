"""The allocation of money or credit to several papers: oldest first, ticked, confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.saved_arguments import kept_arguments
from bot.screens.shared.words import MOST_LINES, folded_lines, title_of
from core.domain.messages import N_
from core.domain.money import ZERO, from_minor, to_minor
from core.domain.settlement import implied_rate, quote_sides, spread
from core.services import company
from core.services.money import credit, payments
from core.services.money.open_items import Due, credits_of, debts_of, due_of
from core.services.money.payments import Received
from core.services.people import party_views
from core.services.people.party_views import PartyView
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work

VERBS: Final[Mapping[str, str]] = {"in": N_("Received {amount}"), "out": N_("Paid {amount}")}
_OTHER_WAY: Final = {"in": "out", "out": "in"}


@dataclass(frozen=True)
class Wish:
    """The state of an allocation that a card keeps between two taps.

    Attributes:
        mode: "pay" for new money, "use" for existing credit.
        way: the direction: of new money "in" or "out"; of credit, that of a refund.
        currency: the account's.
        amount: the new money; the credit is read anew.
        of: the credits to use; all when empty.
        first: the papers to settle first.
        off: the excluded papers.
        received: the payment in its own currency, if that is not the account's.
    """

    mode: str
    way: str
    currency: str
    amount: Decimal = ZERO
    of: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    off: tuple[int, ...] = ()
    received: Received | None = None

    def kept(self) -> dict[str, Any]:
        """Return the state as JSON."""
        other = self.received
        return {
            "mode": self.mode,
            "way": self.way,
            "currency": self.currency,
            "amount": str(self.amount),
            "of": list(self.of),
            "first": list(self.first),
            "off": list(self.off),
            "received": [other.currency, str(other.amount), str(other.rate)] if other else [],
        }

    @classmethod
    def restored(cls, kept: Arguments) -> Wish:
        """Return the state that `kept` stored."""
        other = kept["received"]
        received = Received(other[0], Decimal(other[1]), Decimal(other[2])) if other else None
        return cls(
            mode=kept["mode"],
            way=kept["way"],
            currency=kept["currency"],
            amount=Decimal(kept["amount"]),
            of=tuple(kept["of"]),
            first=tuple(kept["first"]),
            off=tuple(kept["off"]),
            received=received,
        )


@dataclass(frozen=True)
class Spread:
    """An allocation with the papers it can settle, and the amount for each."""

    view: PartyView
    wish: Wish
    amount: Decimal
    debts: Sequence[Due]
    parts: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def used(self) -> Decimal:
        """The amount that goes to papers."""
        return sum(self.parts.values(), start=ZERO)

    @property
    def left(self) -> Decimal:
        """The amount that stays as credit."""
        return self.amount - self.used

    def facts(self) -> dict[str, Any]:
        """Return the figures shown; the tap is void once they have changed."""
        return {
            "party": self.view.record.id,
            "wish": {**self.wish.kept(), "amount": self.amount},
            "parts": [[id, amount] for id, amount in self.parts.items()],
        }


def load_spread(work: Work, party_id: int, arguments: Arguments) -> Spread:
    """Return what new money or a party's credit would settle now.

    Raises NotAllowed for people who may not book money, NotFound when there is no credit.
    """
    view = party_views.view(work, party_id)
    if not view.can_pay:
        raise NotAllowed(right="issue")
    wish, amount = Wish.restored(arguments), Decimal(str(arguments["amount"]))
    way = wish.way
    if wish.mode == "use":
        meant = credit.meant(
            [each for each in view.open_items if each.record.currency == wish.currency],
            wish.way,
            of=wish.of,
        )
        if not meant:
            raise NotFound(subject="due")
        amount, way = sum((each.amount for each in meant), start=ZERO), _OTHER_WAY[wish.way]
    debts = debts_of(view.open_items, way, currency=wish.currency)
    debts = sorted(debts, key=lambda each: each.record.id not in wish.first)
    minor = to_minor(amount, wish.currency) * (-1 if way == "in" else 1)
    found = spread(
        minor, [(each.record.id, each.minor) for each in debts if each.record.id not in wish.off]
    )
    parts = {id: from_minor(taken, wish.currency) for id, taken in found}
    return Spread(view, wish, amount, debts, parts)


# --- Rendering -------------------------------------------------------------------------------


def render_spread(shown: Spread, reader: Reader) -> Card:
    """Render the amount for each paper and the rest; ticks change it, one tap books it."""
    wish, party_id = shown.wish, shown.view.record.id
    text = lines(
        html(bold(shown.view.record.name), _title(shown, reader), between=" · "),
        _received_line(shown, reader),
        *folded_lines((_part(each, shown, reader) for each in shown.debts), reader),
        _left_line(shown, reader),
    )
    rows: list[Row] = [(_confirm(shown, reader),)] if wish.mode == "pay" or shown.parts else []
    rows += [(_tick(each, shown, reader),) for each in shown.debts[:MOST_LINES]]
    if wish.mode == "pay":
        rows += _other_rows(shown, reader)
    return Card(text, (*rows, (back(reader, "account", id=party_id),)))


def _title(shown: Spread, reader: Reader) -> str:
    messages = {"in": N_("{amount} received"), "out": N_("{amount} paid out")}
    message = N_("{amount} credit") if shown.wish.mode == "use" else messages[shown.wish.way]
    return reader.text(message, amount=reader.translator.money(shown.amount, shown.wish.currency))


def _received_line(shown: Spread, reader: Reader) -> Html | None:
    other = shown.wish.received
    if other is None or reader.company is None:
        return None
    base, quoted = quote_sides(shown.wish.currency, other.currency, reader.company.currency)
    return reader.html(
        N_("{amount}, 1 {base} = {rate} {quoted}"),
        amount=reader.translator.money(other.amount, other.currency),
        base=base,
        rate=reader.translator.number(other.rate),
        quoted=quoted,
    )


def _part(due: Due, shown: Spread, reader: Reader) -> Html:
    amount = shown.parts.get(due.record.id, ZERO)
    return reader.html(
        N_("{paper}: {amount} of {most}"),
        paper=title_of(due.record.type, due.record.number, reader),
        amount=reader.translator.amount(amount, shown.wish.currency),
        most=reader.translator.amount(due.amount, shown.wish.currency),
    )


def _left_line(shown: Spread, reader: Reader) -> Html | None:
    if shown.left == ZERO:
        return None
    money = reader.translator.money(shown.left, shown.wish.currency)
    return reader.html(N_("{amount} left as credit"), amount=money)


def _confirm(shown: Spread, reader: Reader) -> Button:
    wish = shown.wish
    message = N_("Apply {amount}") if wish.mode == "use" else VERBS[wish.way]
    amount = shown.used if wish.mode == "use" else shown.amount
    return Button(
        reader.text(message, amount=reader.translator.money(amount, wish.currency)),
        "book_spread",
        id=shown.view.record.id,
        digest=digest_of(shown.facts()),
        style="success",
    )


def _tick(due: Due, shown: Spread, reader: Reader) -> Button:
    record = due.record
    parts = [title_of(record.type, record.number, reader)]
    parts.append(reader.translator.money(due.amount, shown.wish.currency))
    if record.due_on is not None and not due.is_loose:
        parts.append(reader.translator.day(record.due_on))
    mark = "" if record.id in shown.wish.off else "✓ "
    return Button(
        mark + " · ".join(parts), "tick", id=shown.view.record.id, argument=str(record.id)
    )


def _other_rows(shown: Spread, reader: Reader) -> list[Row]:
    party_id = shown.view.record.id
    rows: list[Row] = []
    whole = _whole(shown)
    if shown.wish.received is not None and _is_near(whole, shown.amount):
        money = reader.translator.money(whole, shown.wish.currency)
        label = reader.text(N_("Count as {amount}"), amount=money)
        rows.append((Button(label, "settles_all", id=party_id),))
    rows.append(
        (
            Button(reader.text(N_("Other amount")), "spread_amount", id=party_id),
            Button(reader.text(N_("Other currency")), "spread_other", id=party_id),
        )
    )
    return rows


def _is_near(whole: Decimal, amount: Decimal) -> bool:
    """Return whether foreign money may be meant as the whole: it differs, but by at most 10%."""
    return whole != amount and abs(whole - amount) * 10 <= whole


def _whole(shown: Spread) -> Decimal:
    """Return the open amount of the papers that the foreign payment was made for."""
    wish = shown.wish
    meant = [each for each in shown.debts if each.record.id not in wish.off]
    if wish.first:
        meant = [each for each in meant if each.record.id in wish.first]
    return sum((each.amount for each in meant), start=ZERO)


# --- Opening it ------------------------------------------------------------------------------


def show_spread(turn: Turn, party_id: int, wish: Wish) -> None:
    """Show what an allocation would settle."""
    turn.show("spread", party_id, **wish.kept())


def use_left(turn: Turn, tap: Tap) -> None:
    """Apply the unused part of one credit."""
    due = _left_of(turn, tap.id)
    assert due.record.party_id is not None
    currency = due.record.currency or ""
    show_spread(turn, due.record.party_id, Wish("use", due.direction, currency, of=(tap.id,)))


def _left_of(turn: Turn, document_id: int) -> Due:
    due = due_of(turn.work.connection, document_id)
    if due is None or not due.is_loose or due.record.party_id is None:
        raise NotFound(subject="due")
    return due


def use_credit(turn: Turn, tap: Tap) -> None:
    """Apply all credit of one side of an account."""
    currency, _, way = tap.argument.partition(":")
    view = party_views.view(turn.work, tap.id)
    if not any((each.currency, each.direction) == (currency, way)
               for each in credits_of(view.open_items)):  # fmt: skip
        turn.show("account", tap.id)
        raise NotFound(subject="due")
    show_spread(turn, tap.id, Wish("use", way, currency))


# --- Changing and booking it -----------------------------------------------------------------


def tick(turn: Turn, tap: Tap) -> None:
    """Exclude a paper, or include it again."""
    wish, document_id = Wish.restored(kept_arguments(turn)), int(tap.argument)
    off = set(wish.off) ^ {document_id}
    show_spread(turn, tap.id, replace(wish, off=tuple(sorted(off))))


def settles_all(turn: Turn, tap: Tap) -> None:
    """Treat the foreign payment as paying the whole: the rate follows from that."""
    shown = load_spread(turn.work, tap.id, kept_arguments(turn))
    other, whole = shown.wish.received, _whole(shown)
    if other is None or whole == ZERO:
        raise NotFound(subject="due")
    current_company = company.current(turn.work.connection)
    base, _ = quote_sides(shown.wish.currency, other.currency, current_company.currency)
    is_account = base == shown.wish.currency
    rate = implied_rate(whole, other.amount, base_is_account=is_account)
    show_spread(
        turn, tap.id, replace(shown.wish, amount=whole, received=replace(other, rate=rate))
    )


def book_spread(turn: Turn, tap: Tap) -> None:
    """Book the allocation, if the figures are still those shown."""
    arguments = kept_arguments(turn)
    turn.show("spread", tap.id, **arguments)
    shown = load_spread(turn.work, tap.id, arguments)
    turn.check(tap, shown.facts())
    wish = shown.wish
    if wish.mode == "use":
        used = credit.use_credit(
            turn.work,
            tap.id,
            direction=wish.way,
            currency=wish.currency,
            debts=list(shown.parts),
            of=wish.of,
        )
        money = turn.reader.translator.money(used, wish.currency)
        turn.toast(turn.reader.text(N_("{amount} settled"), amount=money))
        turn.show("account", tap.id)
        return
    issued = payments.pay(
        turn.work,
        tap.id,
        direction=wish.way,
        amount=wish.amount,
        currency=wish.currency,
        settles=list(shown.parts),
        received=wish.received,
    )
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))
    turn.show("document", issued.document_id)


# --- Another amount --------------------------------------------------------------------------


def spread_amount(turn: Turn, tap: Tap) -> None:
    """Ask for another amount."""
    kept = kept_arguments(turn)
    turn.ask("spread_amount", party=tap.id, kept=kept, currency=kept["currency"])


def finish_amount(turn: Turn, answers: Answers) -> None:
    """Allocate the typed amount anew."""
    wish = Wish.restored(answers.arguments["kept"])
    show_spread(
        turn,
        answers.arguments["party"],
        replace(wish, amount=answers["amount"], received=None),
    )


def _account_currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


SCREENS: Final = (Screen("spread", load_spread, render_spread, subject="party"),)
ACTIONS: Final = {
    "use_left": use_left,
    "use_credit": use_credit,
    "tick": tick,
    "settles_all": settles_all,
    "book_spread": book_spread,
    "spread_amount": spread_amount,
}
FORMS: Final = (
    Form(
        "spread_amount",
        steps=(Step("amount", N_("How much, in {currency}?"), Money(currency=_account_currency)),),
        on_finish=finish_amount,
    ),
)
