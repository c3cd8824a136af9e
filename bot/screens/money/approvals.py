"""Approvals: the owner's list, the card with its figures, the reason, the notices of the outcome.

Every holder of the card has a living one: the first decision shows on all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from bot.base.handlers import Matcher
from bot.base.limit_words import limit_value, wish_words
from bot.base.refusal_sentences import sentence_of
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
from bot.base.turn import Tap, Turn, Typed
from bot.conversation.inputs import Text
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.words import folded_lines, quantity, title_of
from core.domain.errors import Refusal
from core.domain.lifecycles import Action
from core.domain.limits import LIMITS, LimitName
from core.domain.messages import N_
from core.domain.people import Ability
from core.domain.texts import clean
from core.services import approval_views, approvals
from core.services.approval_views import ApprovalView
from core.services.approvals import ApprovalNeedless, Outcome
from core.services.documents import line_names, margins
from core.services.people import actors, team
from core.services.work import Event, Work
from core.storage.queries.document_queries import lines_by_id

# --- One approval ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """An approval with its typed reason, and the margins for people who see costs.

    `names` maps lines to product names in the reader's language; `owners` are the people who may
    decide.
    """

    view: ApprovalView
    reason: str = ""
    margins: tuple[Decimal, Decimal] | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    owners: Sequence[str] = ()

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """The name and the figures of each line."""
        return [
            (self.names.get(line_id, name), list(figures))
            for line_id, name, *figures in self.view.record.figures.get("lines", [])
        ]


def load_approval(work: Work, approval_id: int, arguments: Arguments) -> Shown:
    """Return an approval, for its requester and for those who may decide.  Raises NotFound."""
    view = approval_views.view(work, approval_id)
    reason = str(arguments.get("reason", ""))
    owners = _owners(work, view) if view.may_withdraw else ()
    return Shown(view, reason, _margins(work, view), _names(work, view), owners)


def _owners(work: Work, view: ApprovalView) -> list[str]:
    """Return the names of the owners who were asked."""
    ids = team.people_who_can(work.connection, Ability.APPROVE)
    accounts = [actors.account_of(work.connection, each) for each in ids]
    return [
        each.actor.name for each in accounts
        if each is not None and each.actor.person_id != view.record.asked_by
    ]  # fmt: skip


def _names(work: Work, view: ApprovalView) -> dict[int, str]:
    ids = [line_id for line_id, *_ in view.record.figures.get("lines", [])]
    found = lines_by_id(work.connection, ids) if ids else {}
    named = line_names.in_language(work.connection, found.values(), work.actor.language)
    return {line_id: each.name for line_id, each in named.items()}


def _margins(work: Work, view: ApprovalView) -> tuple[Decimal, Decimal] | None:
    """Return the margin before and after a discount, if the document has not changed since."""
    record, document = view.record, view.document
    if "before" not in record.figures or not work.actor.can(Ability.SEE_COST):
        return None
    if document.revision != record.document_revision:
        return None
    cost = margins.cost_of(work.connection, document.id)
    if cost is None:
        return None
    found = [
        margins.margin(document, Decimal(record.figures[key]), cost) for key in ("before", "after")
    ]
    before, after = found
    return None if before is None or after is None else (before, after)


def _wish(view: ApprovalView, reader: Reader) -> str:
    return wish_words(LIMITS[view.record.limit], view.record.value, reader)


def _paper(view: ApprovalView, reader: Reader) -> str:
    """Return the document's number; for a draft, its source or the order it amends."""
    paper = title_of(view.document.type, view.document.number, reader)
    if view.document.number is not None or not view.source_number:
        return paper
    if view.document.amends_id is not None:
        return reader.text(N_("changes to {number}"), number=view.source_number)
    return reader.text(N_("{paper} for {number}"), paper=paper, number=view.source_number)


def render_approval(shown: Shown, reader: Reader) -> Card:
    """Render the requester, the paper, the effect, and the two taps or the outcome."""
    view = shown.view
    row = LIMITS[view.record.limit]
    title = reader.html(
        N_("{name} requests {wish} on {paper} (limit {limit})"),
        name=view.asker,
        wish=bold(_wish(view, reader)),
        paper=_paper(view, reader),
        limit=limit_value(row, view.record.allowed, reader),
    )
    text = lines(title, *FIGURES[view.record.limit](shown, reader), *_outcome(shown, reader))
    opener = opens(_paper(view, reader), "document", id=view.document.id)
    way_back = back(reader, "approvals" if reader.actor.can(Ability.APPROVE) else "home")
    return Card(text, (*_decisions(view, reader), (opener,), (way_back,)))


def _decisions(view: ApprovalView, reader: Reader) -> list[Row]:
    if view.may_withdraw:
        label = reader.text(N_("Withdraw"))
        return [(Button(label, "withdraw_wish", id=view.record.id, style="danger"),)]
    if not view.may_decide:
        return []
    value = limit_value(LIMITS[view.record.limit], view.record.value, reader)
    approve_label = reader.text(N_("Approve {value}"), value=value)
    return [
        (Button(approve_label, "approve", id=view.record.id, style="success"),),
        (Button(reader.text(N_("Decline")), "refuse", id=view.record.id, style="danger"),),
    ]


def _outcome(shown: Shown, reader: Reader) -> list[Html]:
    view = shown.view
    reason = shown.reason or view.record.reason
    found: list[Html] = []
    if shown.owners:
        names = reader.translator.list(shown.owners)
        found.append(reader.html(N_("{name} notified"), name=names))
    elif not view.may_decide:
        found.append(reader.html(OUTCOMES[view.state], name=view.decider))
    if reason:
        found.append(reader.html(N_("Reason: {reason}"), reason=reason))
    return found


OUTCOMES: Final[Mapping[str, str]] = {
    approval_views.ASKED: N_("Waiting for an owner's approval."),
    approval_views.USED: N_("{name} approved it."),
    approval_views.REFUSED: N_("{name} declined it."),
    approval_views.WITHDRAWN: N_("{name} withdrew it."),
    approval_views.VOID: N_("The document has changed since, so this request is void."),
}


# --- The figures of each limit -------------------------------------------------------------------


def _discount(shown: Shown, reader: Reader) -> list[Html]:
    figures, words = shown.view.record.figures, reader.translator
    before, after = (
        words.amount(Decimal(figures[key]), figures["currency"]) for key in ("before", "after")
    )
    parts: list[object] = [
        shown.view.party,
        reader.text(N_("net {before} › {after}"), before=before, after=after),
    ]
    if shown.margins is not None:
        first, last = (words.percent(each) for each in shown.margins)
        parts.append(reader.text(N_("margin {before} › {after}"), before=first, after=last))
    found = [
        html(
            f"{quantity(Decimal(number), reader)} × {name}",
            words.percent(-Decimal(percent)) if Decimal(percent) else "",
            between=" · ",
        )
        for name, (number, percent) in shown.lines
    ]
    return [html(*filter(None, parts), between=" · "), *folded_lines(found, reader)]


def _refund(shown: Shown, reader: Reader) -> list[Html]:
    figures, money = shown.view.record.figures, reader.translator.money
    amount, due = (money(Decimal(figures[key]), figures["currency"]) for key in ("amount", "due"))
    parts = [shown.view.party, reader.text(N_("{amount} to refund"), amount=amount)]
    if "earlier" in figures and reader.company is not None:
        earlier = money(Decimal(figures["earlier"]), reader.company.currency)
        parts.append(reader.text(N_("{amount} refunded earlier"), amount=earlier))
    numbers = reader.translator.list(figures["numbers"])
    if numbers:
        parts.append(reader.text(N_("{amount} due on {number}"), amount=due, number=numbers))
    return [html(*filter(None, parts), between=" · ")]


def _write_off(shown: Shown, reader: Reader) -> list[Html]:
    return folded_lines(
        (
            html(*filter(None, (f"{quantity(-Decimal(number), reader)} × {name}", reason)),
                 between=" · ")
            for name, (reason, number) in shown.lines
        ),
        reader,
    )  # fmt: skip


def _over_receipt(shown: Shown, reader: Reader) -> list[Html]:
    found = [
        reader.html(
            N_("{name}: {number} more than the {ordered} ordered"),
            name=name,
            number=quantity(Decimal(excess), reader),
            ordered=quantity(Decimal(ordered), reader),
        )
        for name, (ordered, excess) in shown.lines
    ]
    return [html(shown.view.party), *folded_lines(found, reader)]


FIGURES: Final[Mapping[LimitName, Callable[[Shown, Reader], Sequence[Html]]]] = {
    LimitName.DISCOUNT: _discount,
    LimitName.REFUND: _refund,
    LimitName.WRITE_OFF: _write_off,
    LimitName.OVER_RECEIPT: _over_receipt,
}


# --- The list ------------------------------------------------------------------------------------


def load_approvals(work: Work, _id: int, _arguments: Arguments) -> list[ApprovalView]:
    """Return the approvals that wait for this person's answer, the oldest first."""
    return approval_views.waiting(work)


def render_approvals(found: list[ApprovalView], reader: Reader) -> Card:
    """Render each as a button with the requester, the request and the paper."""
    title = html(bold(reader.text(N_("Approvals"))), len(found) or "", between=" · ")
    rows: list[Row] = [
        (
            opens(
                " · ".join((_wish(each, reader), _paper(each, reader), each.asker)),
                "approval",
                id=each.record.id,
            ),
        )
        for each in found
    ]
    if not found:
        title = lines(bold(reader.text(N_("Approvals"))), reader.text(N_("No pending approvals.")))
    return Card(title, (*rows, (back(reader),)))


# --- Taps ----------------------------------------------------------------------------------------


def ask_approval(turn: Turn, tap: Tap) -> None:
    """Ask the owners for approval of the refused figures; the card shows the outcome."""
    approval_id = approvals.ask(
        turn.work,
        tap.id,
        revision=tap.revision,
        digest=tap.digest,
        action=_action(tap),
    )
    turn.show("approval", approval_id)


def _action(tap: Tap) -> Action:
    """Return the requested action.  Raises ApprovalNeedless for one that no button names."""
    for each in Action:
        if each == tap.argument:
            return each
    raise ApprovalNeedless


def approve(turn: Turn, tap: Tap) -> None:
    """Do what was requested, or show the new figures when they have changed."""
    found = list[Outcome]()
    reason = _kept_reason(turn)
    approvals.to_decide(turn.work, tap.id)
    stopped = turn.attempt(lambda: found.append(approvals.grant(turn.work, tap.id, reason=reason)))
    if stopped is not None:
        # Something other than a limit blocks the action: the request ends; both sides hear why.
        approvals.stop(turn.work, tap.id, refusal=stopped)
        turn.toast(sentence_of(stopped, turn.reader), alert=True)
        turn.show("approval", tap.id)
        return
    outcome = found[0]
    if outcome.number:
        turn.toast(turn.reader.text(N_("Done: {number}"), number=outcome.number))
    elif outcome.again is not None:
        turn.toast(turn.reader.text(N_("It has changed. Here are the new figures.")), alert=True)
    else:
        turn.toast(turn.reader.text(N_("It has changed. Nothing was done.")), alert=True)
    turn.show("approval", outcome.again or tap.id)


def withdraw(turn: Turn, tap: Tap) -> None:
    """Withdraw one's own request, and go on with the draft."""
    document_id = approvals.withdraw(turn.work, tap.id)
    turn.toast(turn.reader.text(N_("Request withdrawn.")))
    turn.show("document", document_id)


def refuse(turn: Turn, tap: Tap) -> None:
    """Refuse with the typed reason, or ask for one."""
    reason = _kept_reason(turn)
    approvals.to_decide(turn.work, tap.id)
    if reason:
        _refuse(turn, tap.id, reason)
    else:
        turn.ask("refusal", approval=tap.id)


def finish_refusal(turn: Turn, answers: Answers) -> None:
    """Refuse, with or without a reason."""
    _refuse(turn, answers.arguments["approval"], answers["reason"] or "")


def _refuse(turn: Turn, approval_id: int, reason: str) -> None:
    approvals.refuse(turn.work, approval_id, reason=reason)
    turn.show("approval", approval_id)


def _kept_reason(turn: Turn) -> str:
    return str(turn.arguments.get("reason", ""))


def take_reason(turn: Turn, typed: Typed) -> bool:
    """Take a reply to the request as the reason; the answer itself is still a tap."""
    if typed.reply_to is None or not turn.work.actor.can(Ability.APPROVE):
        return False
    name, _, id = (turn.subject_of_message(typed.reply_to) or "").partition(":")
    if name != "approval" or not id.isdigit():
        return False
    if not approval_views.view(turn.work, int(id)).may_decide:
        return False
    turn.replaces = typed.reply_to
    turn.show("approval", int(id), reason=clean(typed.text))
    return True


# --- Notices -------------------------------------------------------------------------------------


def asked(turn: Turn, event: Event) -> None:
    """Send the card to every approver except the requester and the actor, who sees it already."""
    here = {event.facts["asked_by"], turn.work.actor.person_id}
    for person_id in team.people_who_can(turn.work.connection, Ability.APPROVE):
        if person_id not in here:
            turn.card_for(person_id, "approval", event.facts["approval_id"])


MESSAGES: Final[Mapping[str, str]] = {
    "approval_granted": N_("{name} approved {wish}: {paper} went through"),
    "approval_refused": N_("{name} declined {wish} on {paper}"),
    "approval_stopped": N_("{wish} on {paper} was approved, but can't be done"),
    "approval_void": N_("{paper} has changed: the request for {wish} is void"),
}
AGAIN: Final = N_(
    "{paper} has changed: the request for {wish} is void and was replaced with the new figures"
)


def decided(turn: Turn, event: Event) -> None:
    """Tell the requester the outcome, and render every card of the request again."""
    approval_id = event.facts["approval_id"]
    view = approval_views.view(turn.work, approval_id)
    turn.refresh(f"approval:{approval_id}")
    message = AGAIN if event.facts.get("again") is not None else MESSAGES[event.name]

    def compose(reader: Reader) -> Card:
        words = reader.text(
            message, name=view.decider, wish=_wish(view, reader), paper=_paper(view, reader)
        )
        label = reader.text(N_("Open {number}"), number=_paper(view, reader))
        stopped = event.facts.get("refusal")
        why = sentence_of(stopped, reader) if isinstance(stopped, Refusal) else ""
        text = lines(words, view.record.reason, why)
        return Card(text, ((opens(label, "document", id=view.document.id),),))

    if event.facts["asked_by"] != turn.work.actor.person_id:
        turn.notice(event.facts["asked_by"], compose, about=("document", view.document.id))


SCREENS: Final = (
    Screen("approval", load_approval, render_approval),
    Screen("approvals", load_approvals, render_approvals),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "ask_approval": ask_approval,
    "approve": approve,
    "refuse": refuse,
    "withdraw_wish": withdraw,
}
FORMS: Final = (
    Form(
        "refusal",
        steps=(
            Step("reason", N_("Reason? The person who asked will see it."), Text(), optional=True),
        ),
        on_finish=finish_refusal,
    ),
)
TYPED: Final = (Matcher("approval_reason", take_reason),)
EVENTS: Final[Mapping[str, Callable[[Turn, Event], Any]]] = {
    "approval_asked": asked,
    **dict.fromkeys(MESSAGES, decided),
}
