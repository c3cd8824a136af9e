"""The company's logo: sent in the chat, previewed on a sample, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, bold, lines, opens
from bot.base.turn import Tap, Turn
from bot.conversation.photo_input import SmallPicture, taken
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.domain.people import Ability
from core.services import company, templates
from core.services.rights import require_ability
from core.services.work import Work

TITLE: Final = N_("Logo")
FORM: Final = "logo"
"""The question answered by a picture itself, not by Telegram's file id."""


@dataclass(frozen=True)
class ShownLogo:
    """Whether there is a logo, and the template whose sample shows it."""

    is_there: bool
    standard: int


def logo_button(reader: Reader) -> Button:
    """Return the button to the logo."""
    return opens(reader.text(TITLE), "logo", id=1)


def load_logo(work: Work, _id: int, _arguments: Arguments) -> ShownLogo:
    """Return the logo, for people who may change it.  Raises NotAllowed, CompanyMissing."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    is_there = company.current(work.connection).logo is not None
    return ShownLogo(is_there, templates.defaults(work.connection)[templates.COMPANY])


def render_logo(shown: ShownLogo, reader: Reader) -> Card:
    """Render the buttons to send a logo or another one, and to preview or remove it."""
    rows: list[Row] = []
    if shown.is_there:
        said = N_("Printed on new documents. Templates set its size and position.")
        preview = reader.text(N_("Preview"))
        rows.append((
            Button(reader.text(N_("Replace")), "send_logo"),
            Button(preview, "preview_template", id=shown.standard, style="primary"),
        ))  # fmt: skip
        rows.append((Button(reader.text(N_("Remove logo")), "remove_logo", style="danger"),))
    else:
        said = N_("No logo yet. Documents start with the company name.")
        rows.append((Button(reader.text(N_("Send image")), "send_logo", style="primary"),))
    text = lines(bold(reader.text(TITLE)), reader.text(said))
    return Card(text, (*rows, (back(reader, "edit_company", id=1),)))


def send_logo(turn: Turn, _tap: Tap) -> None:
    """Ask for the logo."""
    require_ability(turn.work.actor, Ability.SET_UP_COMPANY)
    turn.ask(FORM)


def remove_logo(turn: Turn, _tap: Tap) -> None:
    """Remove the logo from future papers."""
    company.set_logo(turn.work, None)
    turn.show("logo", 1)


def finish_logo(turn: Turn, answers: Answers) -> None:
    """Set the logo that was sent."""
    company.set_logo(turn.work, taken(turn.work.connection, answers["picture"]))
    turn.show("logo", 1)


SCREENS: Final = (Screen("logo", load_logo, render_logo, subject="company"),)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "send_logo": send_logo,
    "remove_logo": remove_logo,
}
FORMS: Final = (
    Form(
        FORM,
        steps=(
            Step(
                "picture",
                N_("Send the logo. A PNG or JPEG file looks best, but a photo works too."),
                SmallPicture(),
            ),
        ),
        on_finish=finish_logo,
    ),
)
