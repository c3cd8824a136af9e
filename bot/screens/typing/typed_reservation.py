"""A typed reservation: ``10 laptop until Friday``, shown back before it is requested."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.base.handlers import Matcher
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
    italic,
    lines,
)
from bot.base.turn import Tap, Turn, Typed
from bot.conversation.deadline_input import Until
from bot.conversation.inputs import Asking, Unclear
from bot.conversation.record_inputs import Party
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.moments import until_words
from bot.screens.shared.words import MOST_LINES, folded_lines, quantity
from bot.screens.stock.reservations import may_ask
from bot.screens.typing.order_parsing import words_of_all
from bot.screens.typing.order_preview import Understood
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.money import ONE
from core.domain.people import Ability, Right
from core.domain.texts import folded
from core.domain.typed_order import Entry, EntryLine, looks_like_order, read_entry
from core.services import reservations, search, stock
from core.services.documents import viewing
from core.services.documents.drafting import NewLine
from core.services.people import parties
from core.services.products import product_views
from core.services.rights import NotFound, may
from core.services.work import Work

OTHERS: Final = 3
"""Alternative products offered for a doubtful word."""
# Words that begin a request, and words before its end; a translator lists all that people use.
VERBS: Final = N_("hold|reserve|keep|book")
BEFORE_AN_END: Final = N_("until, till, to")


# --- Parsing ---------------------------------------------------------------------------------


def take_wish(turn: Turn, typed: Typed) -> bool:
    """Take goods with an end as a reservation; goods typed by a customer always are one."""
    if not may_ask(turn.work):
        return False
    named, is_wish = _without_verb(typed.text)
    wanted, until = _split(turn, named)
    entry = read_entry(wanted)
    if not (looks_like_order(entry) or (is_wish and entry.lines)):
        return False
    is_bare = until is None and not is_wish
    if is_bare and (turn.work.actor.is_staff or _is_search(turn.work, entry, typed.text)):
        return False
    party_id, candidates = _party(turn.work, entry)
    wished: dict[str, Any] = {
        "party": party_id,
        "candidates": candidates,
        "lines": [_line(turn, each).kept() for each in entry.lines],
        "until": until.isoformat() if until else "",
    }
    turn.show("wished", **wished)
    if until is None:
        _ask_until(turn, wished)
    return True


def take_sure_wish(turn: Turn, typed: Typed) -> bool:
    """Take a verb with quantities as a request, even in answer to another question."""
    named, is_wish = _without_verb(typed.text)
    return (
        is_wish
        and any(each.quantity for each in read_entry(named).lines)
        and take_wish(turn, typed)
    )


def _without_verb(text: str) -> tuple[str, bool]:
    """Return the text after "hold", and whether that verb or a synonym was used."""
    first, _, rest = text.strip().partition(" ")
    is_wish = folded(first.rstrip(":")) in words_of_all(VERBS)
    return (rest.strip(), True) if is_wish and rest.strip() else (text, False)


def _ask_until(turn: Turn, wished: Mapping[str, Any]) -> None:
    """Ask for the end at once, if everything else is known."""
    shown = load_wished(turn.work, 0, wished)
    if not shown.is_known or any(each.others for each in shown.lines):
        return
    goods = turn.reader.translator.list(
        [
            f"{quantity(each.quantity, turn.reader)} × {shown.names[each.product_id]}"
            for each in shown.lines
        ]
    )
    turn.ask("wish_until", kept=dict(wished), goods=goods)


def _split(turn: Turn, text: str) -> tuple[str, datetime | None]:
    """Return the goods and the end, which comes after the goods."""
    text = text.replace("’", "'")
    said = {*turn.reader.text(BEFORE_AN_END).split(","), *BEFORE_AN_END.split(",")}
    words = "|".join(
        re.escape(word.strip().replace("’", "'")) for word in sorted(said, key=len, reverse=True)
    )
    found = re.search(rf"\s(?:{words})\s+(?P<end>[^\n]+)$", text.strip(), re.IGNORECASE)
    if found is None:
        return text, None
    try:
        until = Until().read(found["end"], Asking(turn.work, turn.reader, Answers({}, {})))
    except (Refusal, Unclear):
        # The end cannot be read: treat the whole text as goods.
        return text, None
    return text.strip()[: found.start()].rstrip(" ,"), until


def _is_search(work: Work, entry: Entry, text: str) -> bool:
    """Return whether a line is a product's name: "Laptop Pro 14" is not a request for 14."""
    if len(entry.lines) != 1:
        return False
    line = entry.lines[0]
    behind = text.strip().casefold().startswith(line.words.casefold()[:3])
    return behind and bool(search.products(work, text))


def _party(work: Work, entry: Entry) -> tuple[int, list[int]]:
    """Return the party, and the other candidates."""
    own = sorted(each for each in work.actor.own_parties if work.actor.orders_for(each))
    if not work.actor.can(Ability.SEE_PARTIES):
        return (own[0], []) if len(own) == 1 else (0, own)
    if not entry.party:
        return 0, []
    hits = search.parties(work, entry.party, customers=True)
    if hits and (hits[0].exact or len(hits) == 1):
        return hits[0].id, []
    return 0, [each.id for each in hits]


def _line(turn: Turn, typed: EntryLine) -> Understood:
    number = turn.reader.translator.parse_number(typed.quantity) if typed.quantity else ONE
    hits = search.products(turn.work, typed.words)
    doubtful = len(hits) > 1 and not hits[0].exact
    others = tuple(each.id for each in hits[1 : OTHERS + 1]) if doubtful else ()
    return Understood(typed.words, hits[0].id if hits else 0, number, Decimal(0), others)


# --- The card --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wished:
    """A reservation that does not exist yet: its party, its goods, its end."""

    party: str
    party_id: int
    candidates: Mapping[int, str]
    lines: Sequence[Understood]
    names: Mapping[int, str]
    free: Mapping[int, Decimal]
    until: datetime | None
    grants: bool

    @property
    def is_known(self) -> bool:
        """Whether the party and the goods are known."""
        return bool(self.party_id) and all(each.product_id for each in self.lines)

    @property
    def pieces(self) -> Decimal:
        """The total number of pieces."""
        return sum((each.quantity for each in self.lines), start=Decimal(0))


def load_wished(work: Work, _id: int, arguments: Arguments) -> Wished:
    """Return the request.  Raises NotFound if this person may not make it."""
    row, party_id = reservations.hold_type(), int(arguments["party"])
    if not may_ask(work):
        raise NotFound(subject="document")
    if party_id and not may(work.actor, Right.DRAFT, row, party_id=party_id):
        raise NotFound(subject="party")
    candidates = [int(each) for each in arguments.get("candidates", ())][:MOST_LINES]
    known = parties.load(work.connection, [*candidates, party_id])
    understood_lines = [Understood.restored(each) for each in arguments["lines"]]
    ids = {each.product_id for each in understood_lines} | {
        o for each in understood_lines for o in each.others
    }
    found = product_views.load(work.connection, ids, language=work.actor.language)
    sees_stock = work.actor.can(Ability.SEE_STOCK)
    levels = stock.levels(work.connection, sorted(found)) if sees_stock else {}
    until = str(arguments.get("until") or "")
    return Wished(
        party=known[party_id].name if party_id in known else "",
        party_id=party_id if party_id in known else 0,
        candidates={each: known[each].name for each in candidates if each in known},
        lines=understood_lines,
        names={each: record.name for each, record in found.items()},
        free={each: level.available for each, level in levels.items()},
        until=datetime.fromisoformat(until) if until else None,
        grants=may(work.actor, Right.ISSUE, row, party_id=party_id),
    )


def render_wished(shown: Wished, reader: Reader) -> Card:
    """Render what was understood; each missing or doubtful fact is a button."""
    row = reservations.hold_type()
    who = shown.party or reader.text(N_("for which company?"))
    name = reader.text(N_("Reserve"))
    title = html(bold(f"{row.sign} {name}"), who, between=" · ")
    until = until_words(shown.until, reader) if shown.until else reader.text(N_("until when?"))
    text = lines(
        title, *folded_lines((_line_words(each, shown, reader) for each in shown.lines), reader),
        until,
    )  # fmt: skip
    rows: list[Row] = []
    if shown.is_known and shown.until is not None:
        label = N_("Reserve {number}") if shown.grants else N_("Request {number}")
        number = quantity(shown.pieces, reader)
        rows.append((Button(reader.text(label, number=number), "wish_now", style="success"),))
    label = N_("Change end date") if shown.until else N_("Until when?")
    style: Any = None if shown.until else "primary"
    rows.append((Button(reader.text(label), "wish_until", style=style),))
    rows += _alternatives(shown, reader)
    if not shown.party_id:
        rows += [
            (Button(name, "wish_for", argument=str(each)),)
            for each, name in shown.candidates.items()
        ]
        if reader.actor.can(Ability.SEE_PARTIES):
            rows.append((Button(reader.text(N_("Choose company")), "wish_party"),))
    return Card(text, (*rows, (back(reader),)))


def _line_words(each: Understood, shown: Wished, reader: Reader) -> Html:
    number = quantity(each.quantity, reader)
    if each.product_id not in shown.names:
        unknown = reader.text(N_("not found: “{words}”"), words=each.words)
        return html(number, " × ", italic(unknown))
    parts = [f"{number} × {shown.names[each.product_id]}"]
    if each.product_id in shown.free:
        free = quantity(shown.free[each.product_id], reader)
        parts.append(reader.text(N_("{number} available"), number=free))
    return html(*parts, between=" · ")


def _alternatives(shown: Wished, reader: Reader) -> list[Row]:
    rows: list[Row] = []
    for at, each in enumerate(shown.lines):
        for other in each.others:
            name = shown.names.get(other, "")
            label = reader.text(N_("“{words}”: {name}"), words=each.words, name=name)
            rows.append((Button(label, "wish_mean", argument=f"{at}:{other}"),))
        if not each.product_id and len(shown.lines) > 1:
            label = reader.text(N_("Remove “{words}”"), words=each.words)
            rows.append((Button(label, "wish_drop", argument=str(at)),))
    return rows


# --- Taps ------------------------------------------------------------------------------------


def _kept_lines(turn: Turn) -> list[Understood]:
    return [Understood.restored(each) for each in turn.arguments.get("lines", ())]


def _show(turn: Turn, **changes: Any) -> None:
    turn.show("wished", **(turn.arguments | changes))


def wish_mean(turn: Turn, tap: Tap) -> None:
    """Choose another product for a word."""
    at, _, product_id = tap.argument.partition(":")
    found = _kept_lines(turn)
    before = found[int(at)]
    others = tuple(each for each in (before.product_id, *before.others) if each != int(product_id))
    found[int(at)] = replace(before, product_id=int(product_id), others=others)
    _show(turn, lines=[each.kept() for each in found])


def wish_drop(turn: Turn, tap: Tap) -> None:
    """Remove a line."""
    found = _kept_lines(turn)
    _show(turn, lines=[each.kept() for at, each in enumerate(found) if at != int(tap.argument)])


def wish_for(turn: Turn, tap: Tap) -> None:
    """Choose this party."""
    _show(turn, party=int(tap.argument))


def wish_party(turn: Turn, _tap: Tap) -> None:
    """Ask for the party."""
    turn.ask("wish_party", kept=turn.arguments)


def finish_party(turn: Turn, answers: Answers) -> None:
    """Choose the party that was found."""
    turn.show("wished", **{**answers.arguments["kept"], "party": answers["party"]})


def wish_until(turn: Turn, _tap: Tap) -> None:
    """Ask for the end."""
    turn.ask("wish_until", kept=turn.arguments, goods=turn.reader.text(N_("Reserve")))


def finish_until(turn: Turn, answers: Answers) -> None:
    """Set the end."""
    until = answers["until"].isoformat()
    turn.show("wished", **{**answers.arguments["kept"], "until": until})


def wish_now(turn: Turn, _tap: Tap) -> None:
    """Make the request; a seller's is granted at once."""
    shown = load_wished(turn.work, 0, turn.arguments)
    if not shown.is_known or shown.until is None:
        raise NotFound(subject="product")
    wanted = [NewLine(each.product_id, each.quantity) for each in shown.lines]
    document_id = reservations.ask(turn.work, shown.party_id, lines=wanted, until=shown.until)
    if shown.grants:
        issued = reservations.grant(turn.work, document_id, revision=0)
        turn.toast(turn.reader.text(N_("Done: {number}"), number=issued.number))
    turn.show("document", document_id)


def hold_again(turn: Turn, tap: Tap) -> None:
    """Begin a new request with the goods of an ended or declined reservation."""
    view = viewing.view(turn.work, tap.id)
    again = [
        Understood(each.line.name, each.line.product_id, each.line.quantity, Decimal(0)).kept()
        for each in view.lines
        if each.line.product_id is not None
    ]
    turn.show("wished", party=view.record.party_id or 0, candidates=[], lines=again, until="")


SCREENS: Final = (Screen("wished", load_wished, render_wished),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "wish_mean": wish_mean,
    "wish_drop": wish_drop,
    "wish_for": wish_for,
    "wish_party": wish_party,
    "wish_until": wish_until,
    "wish_now": wish_now,
    "hold_again": hold_again,
}
FORMS: Final = (
    Form(
        "wish_party",
        steps=(
            Step(
                "party", N_("For which company? Type part of the name."), Party(customers=True)
            ),
        ),
        on_finish=finish_party,
    ),
    Form(
        "wish_until",
        steps=(
            Step(
                "until",
                N_("{goods}: until when? A day, or a day and time: Friday 18:00"),
                Until(),
            ),
        ),
        on_finish=finish_until,
    ),
)  # fmt: skip
TYPED: Final = (
    Matcher("sure_wish", take_sure_wish, during_question=True),
    Matcher("wish", take_wish),
)
