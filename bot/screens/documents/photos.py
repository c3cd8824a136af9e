"""Pictures of a count or of damaged goods: added to a paper, and shown again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from bot.base.screen import Button, Card, Reader, Row, html
from bot.base.turn import Tap, Turn
from bot.conversation.photo_input import Picture
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.words import title_of
from core.domain.messages import N_
from core.domain.people import Right
from core.services import attachments
from core.services.attachments import KeptPicture, SentPicture
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView
from core.services.rights import may, require
from core.services.work import Work

ADD: Final = N_("Add photo")


def pictures_of(work: Work, view: DocumentView) -> tuple[int, bool]:
    """Return the number of pictures (only goods have any), and whether this person may add one."""
    if view.type.route is None:
        return 0, False
    may_add = may(work.actor, Right.DRAFT, view.type, party_id=view.record.party_id)
    return attachments.count_of(work, view.record.id), may_add and work.actor.is_staff


def picture_row(document_id: int, found: tuple[int, bool], reader: Reader) -> Row:
    """Return the buttons that show a paper's pictures and add one."""
    number, may_add = found
    row = []
    if number:
        label = reader.plural("{count} photo", "{count} photos", number)
        row.append(Button(label, "show_pictures", id=document_id))
    if may_add:
        row.append(Button(reader.text(ADD), "add_picture", id=document_id))
    return tuple(row)


# --- Taps and questions ----------------------------------------------------------------------


def show_pictures(turn: Turn, tap: Tap) -> None:
    """Send the pictures, oldest first, each with its sender and time."""
    view = viewing.view(turn.work, tap.id)
    title = title_of(view.type, view.record.number, turn.reader)
    for each in attachments.of_document(turn.work, tap.id):
        sent = each.picture
        card = Card(html(title, *_who_and_when(each, turn.reader), between=" · "))
        turn.picture(card, sent.telegram_file_id, name=sent.name, about=("document", tap.id))
    turn.show("document", tap.id)


def _who_and_when(each: KeptPicture, reader: Reader) -> list[str]:
    when = reader.translator.moment(each.at, reader.zone)
    return [part for part in (each.person, when) if part]


def add_picture(turn: Turn, tap: Tap) -> None:
    """Ask for a photo of this paper."""
    view = viewing.view(turn.work, tap.id)
    require(turn.work.actor, Right.DRAFT, view.type, party_id=view.record.party_id)
    turn.ask("add_picture", document=tap.id)


def finish_picture(turn: Turn, answers: Answers) -> None:
    """Store the photo with the paper."""
    document_id = answers.arguments["document"]
    attachments.attach(turn.work, document_id, [answers["picture"]])
    turn.show("document", document_id)


def count_picture(turn: Turn, _tap: Tap) -> None:
    """Ask for a photo of the counted goods; the card keeps it until the count is booked."""
    turn.ask("count_picture", kept=turn.arguments)


def finish_count_picture(turn: Turn, answers: Answers) -> None:
    """Add one more photo to the card."""
    kept: dict[str, Any] = dict(answers.arguments["kept"])
    pictures = [*kept.get("pictures", ()), asdict(answers["picture"])]
    turn.show("counted", **{**kept, "pictures": pictures})


def restored(pictures: Any) -> list[SentPicture]:
    """Return the pictures that a card has kept."""
    return [SentPicture(**each) for each in pictures or ()]


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "show_pictures": show_pictures,
    "add_picture": add_picture,
    "count_picture": count_picture,
}
FORMS: Final = (
    Form(
        "add_picture",
        steps=(Step("picture", N_("Send a photo."), Picture()),),
        on_finish=finish_picture,
    ),
    Form(
        "count_picture",
        steps=(Step("picture", N_("Send a photo."), Picture()),),
        on_finish=finish_count_picture,
    ),
)
