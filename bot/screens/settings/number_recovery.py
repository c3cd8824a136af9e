"""Number recovery after an older backup was restored: the owner gives each series' last number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.base.bot_state import read_setting, write_setting
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
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.domain.people import Ability, Role
from core.services import number_recovery
from core.services.number_recovery import Asked
from core.services.numbering import number_text
from core.services.people import team
from core.services.rights import require_ability
from core.services.work import Event, Work

TOLD: Final = "numbers_told"
"""The setting with the last question that the owners were told about."""
IN_A_ROW: Final = 3


@dataclass(frozen=True)
class Numbers:
    """The series in question, and the count of numbers that each series lost."""

    asked: Sequence[Asked]
    lost: Mapping[str, int]

    @property
    def figures(self) -> dict[str, Any]:
        """The figures of the button that confirms all the rest."""
        return {str(each.id): each.last_known for each in self.asked}


def load(work: Work, _id: int, _arguments: Arguments) -> Numbers:
    """Return the open questions, for an owner.  Raises NotAllowed."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    return Numbers(number_recovery.asked(work.connection), number_recovery.lost(work.connection))


def render(found: Numbers, reader: Reader) -> Card:
    """Render each series with its last known number: one tap corrects it, one confirms all."""
    title = bold(reader.text(N_("Last numbers")))
    if not found.asked:
        text = lines(
            title,
            reader.text(N_("All last numbers are known. New documents get the next numbers.")),
        )
        return Card(lines(text, *_lost_words(found, reader)), ((back(reader),),))
    copied = reader.translator.moment(found.asked[0].copied_at, reader.zone)
    used = [each for each in found.asked if each.last_known]
    unused = [each for each in found.asked if not each.last_known]
    text = lines(
        title,
        reader.text(
            N_("The backup of {moment} was restored. Anything done after it is "
"missing."),
            moment=copied,
        ),
        reader.text(
            N_("A number must never be used twice. Check the latest documents in"
" your chats and correct every series that had gone further.")
        ),
        html(),
        *(_line(each, reader) for each in used),
        *_unused_words(unused, reader),
        *_lost_words(found, reader),
    )  # fmt: skip
    buttons = [
        Button(each.series, "last_number", id=each.id, if_known=True) for each in (*used, *unused)
    ]
    rows: list[Row] = [
        tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)
    ]
    right = Button(
        reader.text(N_("All correct")),
        "numbers_right",
        digest=digest_of(found.figures),
        style="success",
    )
    return Card(text, (*rows, (right,), (back(reader),)))


def _line(each: Asked, reader: Reader) -> Html:
    label = reader.text(each.label)
    day = reader.translator.date(each.last_on) if each.last_on else ""
    return html(*filter(None, (label, bold(each.number), day)), between=" · ")


def _unused_words(unused: Sequence[Asked], reader: Reader) -> list[str]:
    if not unused:
        return []
    names = ", ".join(f"{reader.text(each.label)} {each.series}" for each in unused)
    return [reader.text(N_("No numbers yet: {names}"), names=names)]


def _lost_words(found: Numbers, reader: Reader) -> list[str]:
    if not found.lost:
        return []
    shown = [f"{name}: {number}" for name, number in sorted(found.lost.items())]
    return [reader.text(N_("Numbers lost in a restore: {names}"), names=", ".join(shown))]


def last_number(turn: Turn, tap: Tap) -> None:
    """Ask for the last number of a series."""
    require_ability(turn.work.actor, Ability.SET_UP_COMPANY)
    about = number_recovery.asked_about(turn.work.connection, tap.id)
    known = about.number if about.last_known else "–"
    turn.ask("last_number", question=about.id, series=about.series, known=known)


def numbers_right(turn: Turn, tap: Tap) -> None:
    """Confirm the numbers of the books for everything still in question."""
    found = load(turn.work, 0, {})
    turn.check(tap, found.figures)
    number_recovery.answer_rest(turn.work, {each.id: each.last_known for each in found.asked})
    turn.toast(turn.reader.text(N_("New documents are numbered again.")))
    turn.show("numbers")


class LastNumber(Text):
    """The last number of the series that the form is about."""

    def read(self, text: str, asking: Asking) -> str:
        """Return the number as people see it.  Raises the refusals of `series.read_last`."""
        about = number_recovery.asked_about(
            asking.work.connection, int(asking.answers.arguments["question"])
        )
        return number_text(about.series, number_recovery.read_last(about, text))

    def shown(self, value: str, asking: Asking) -> str:
        """Return the number, and the numbers that are lost with it."""
        about = number_recovery.asked_about(
            asking.work.connection, int(asking.answers.arguments["question"])
        )
        last = number_recovery.read_last(about, value)
        if last == about.last_known:
            return value
        first = number_text(about.series, about.last_known + 1)
        words = N_("{number}, lost for good: {first} to {last}")
        return asking.reader.text(words, number=value, first=first, last=value)


def finish(turn: Turn, answers: Answers) -> None:
    """Continue the series after the number, and show the remaining questions."""
    about = number_recovery.asked_about(turn.work.connection, int(answers.arguments["question"]))
    last = number_recovery.read_last(about, answers["last"])
    number_recovery.answer(turn.work, about.id, last)
    following = number_text(about.series, last + 1)
    turn.toast(turn.reader.text(N_("The next number is {number}."), number=following))
    turn.show("numbers")


def ask_the_owners(work: Work) -> None:
    """Ask the owners once after a backup was restored."""
    found = number_recovery.asked(work.connection)
    if not found:
        return
    newest = str(max(each.id for each in found))
    if read_setting(work.connection, TOLD) != newest and team.has_owner(work.connection):
        work.tell("numbers_asked")
        write_setting(work.connection, TOLD, newest)


def numbers_asked(turn: Turn, _event: Event) -> None:
    """Show the owners the open questions."""
    for person_id in team.people_with(turn.work.connection, Role.OWNER):
        turn.card_for(person_id, "numbers")


SCREENS: Final = (Screen("numbers", load, render),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "last_number": last_number,
    "numbers_right": numbers_right,
}
FORMS: Final = (
    Form(
        "last_number",
        title=N_("Last number"),
        steps=(
            Step(
                "last",
                N_("What was the last number used in {series}? On record: "
"{known}. The numbers in between will be lost for good. This "
"can't be undone."),
                LastNumber(),
                label=N_("Last number used"),
            ),
        ),
        on_finish=finish,
        confirm=N_("Continue after it"),
    ),
)  # fmt: skip
EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = {"numbers_asked": numbers_asked}
JOBS: Final = (ask_the_owners,)
