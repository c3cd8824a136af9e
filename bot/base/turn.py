"""A turn: what an action, a command, a typed text or a form works with.

A handler calls services with `turn.work` and says what is to be seen.  Nothing is sent here: all
that it says becomes rows, which are committed together with what the services did.  A refusal
undoes everything that the handler did, and is answered with its sentence.

    def confirm(turn: Turn, tap: Tap) -> None:
        documents.confirm(turn.work, tap.id, revision=tap.revision)
        turn.toast(turn.reader.text("Confirmed"))
        turn.show("document", tap.id)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.base import focus
from bot.base.callbacks import Tap, digest_of
from bot.base.card_store import ORIGIN, KeptCard, card_of, newest_of, show_from_now_on
from bot.base.focus import Question
from bot.base.outbox import Destination, Parcel, kept_card, notice_about
from bot.base.outbox_buffer import Tray
from bot.base.recipients import Person, person_of, reader_of
from bot.base.screen import HOME, Card, Reader
from bot.base.updates import Attachment, Incoming
from bot.conversation import runner
from bot.operate.after_restore import is_unknown
from bot.turn.registry import Context, Shown, as_kept
from bot.turn.rendering import NOT_LOADED
from core.domain.errors import Refusal
from core.services.rights import Changed
from core.services.work import Work

__all__ = ["Attachment", "Shown", "Tap", "Turn", "Typed"]


@dataclass(frozen=True)
class Typed:
    """What somebody typed or sent.

    `edited` is true for a text that was sent before and is changed now; `reply_to` is the
    message that it answers.
    """

    text: str
    message_id: int
    edited: bool = False
    reply_to: int | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Toast:
    """The short answer to a tap; an alert has to be closed by hand."""

    text: str
    alert: bool = False


@dataclass
class Known:
    """What a turn knows of its chat without asking again, and what it leaves to be sent.

    `cards` holds None for a message that is no card; cards change at the turn's end only.
    """

    question: Question | None = None
    cards: dict[int, KeptCard | None] = field(default_factory=dict)
    tray: Tray = field(default_factory=Tray)

    def __post_init__(self) -> None:
        self.keep()

    def keep(self) -> None:
        """What is so now is what `undo` returns to."""
        self._kept = self.question, self.tray.mark

    def undo(self) -> None:
        """A savepoint is rolled back: what was asked and left since `keep` is not."""
        self.question, mark = self._kept
        self.tray.return_to(mark)


class Turn:
    """One update being answered: see the head of this module.

    Attributes:
        work: the core's unit of work: connection, actor, time, events.
        reader: the language and rights of who has tapped or typed.
        incoming: what came in; its chat and message.
        context: the tables of all modules and what the bot runs on.
        known_chat: what it knows of its chat, and what it leaves to be sent.
    """

    def __init__(
        self, work: Work, reader: Reader, *, incoming: Incoming, context: Context, known: Known
    ) -> None:
        self.work = work
        self.reader = reader
        self.incoming = incoming
        self.context = context
        self.known_chat = known
        self.said: Toast | None = None
        self.asked: int | None = None
        """The token of the question that the card of this turn asks, if it asks one."""
        self.replaces: int | None = None
        """The card that the card of this turn takes the place of, below what was typed."""
        self.origin: int | None = None
        """The typed text that this turn's card is made from: changing it reads it again."""
        self.replaced: set[tuple[int, int]] = set()
        """The cards (chat, message) whose place those that this turn sends to others take."""
        self._redrawn: int | None = None
        self._shown: Shown | None = None
        self._view: Any = NOT_LOADED

    # --- What the person sees -------------------------------------------------------------

    def show(self, screen: str, id: int = 0, **arguments: Any) -> None:
        """Show a screen: in the card that was tapped, or in a new card below what was typed.

        A turn shows one card; the last call counts.  The person's right to see it is asked when
        the handler is done, and again when it is drawn.
        """
        self._shown = Shown(self.known(screen), id, arguments)

    def show_below(self, screen: str, id: int = 0, **arguments: Any) -> None:
        """Send a further card to this chat, below everything, and leave the tapped one."""
        self._send_card(self.here, Shown(self.known(screen), id, arguments))

    def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the tap with a short text (200 characters); after a text it is a message."""
        self.said = Toast(text, alert)

    def say(self, card: Card) -> None:
        """Send a short message to this chat, which replies to what was typed or tapped."""
        parcel = Parcel("notice", {"card": kept_card(card), "about": None})
        self._queue(self.here, parcel, reply_to=self.incoming.message_id)

    def picture(
        self, card: Card, file_id: str, *, name: str = "", about: tuple[str, int] | None = None
    ) -> None:
        """Send a picture that Telegram keeps to this chat, with the text of `card` under it.

        `name` is that of a file; a photo has none.  `about` withholds it from who may not see
        what it is about any more.
        """
        picture = {"file_id": file_id, "name": name}
        payload = {"card": kept_card(card), "about": about, "picture": picture}
        self._queue(self.here, Parcel("notice", payload), reply_to=self.incoming.message_id)

    def code(self, card: Card, text: str) -> None:
        """Send `text` as a QR code to this chat, with `card` under it."""
        payload = {"card": kept_card(card), "about": None, "picture": {"code": text, "name": ""}}
        self._queue(self.here, Parcel("notice", payload), reply_to=self.incoming.message_id)

    def ask(
        self, form: str, /, *, answered: Mapping[str, Any] | None = None, **arguments: Any
    ) -> None:
        """Ask the first question of a form, in the card of this turn.

        `answered` has what is known of its answers: they are gone back to, not asked.
        """
        runner.ask(self, form, arguments, answered=answered or {})

    # --- What others see ------------------------------------------------------------------

    def notice(
        self,
        person_id: int,
        compose: Callable[[Reader], Card],
        *,
        about: tuple[str, int] | None = None,
    ) -> None:
        """Tell a person something that needs him; its figures stay as they are now.

        `compose(reader)` makes the notice in that person's language.  `about` is a screen and
        an id: the notice replies to that person's newest card of it, and is withheld when he
        may not see it any more at the time of sending.
        """
        person = self._person(person_id)
        if person is None:
            return
        card = compose(reader_of(self.work.connection, person.actor))
        subject = self.context.subject_of(Shown(*about)) if about else None
        newest = self._newest(person.destination.chat_id, subject) if subject else None
        payload = {"card": kept_card(card), "about": about, "to_others": True}
        parcel = Parcel("notice", payload)
        self._queue(person.destination, parcel, reply_to=newest)

    def card_for(
        self,
        person_id: int,
        screen: str,
        id: int = 0,
        /,
        *,
        about: str = "",
        instead: bool = False,
        **arguments: Any,
    ) -> None:
        """Send a living card to another person: it is drawn for him, in his language.

        It replies to his newest card of `about` ("document:12"), if he has one; `instead` it takes
        the place of his newest card that shows the same.
        """
        person = self._person(person_id)
        if person is None:
            return
        chat_id, shown = person.destination.chat_id, Shown(self.known(screen), id, arguments)
        newest = self._newest(chat_id, about) if about else None
        before = self._newest(chat_id, self.context.subject_of(shown)) if instead else None
        card = card_of(self.work.connection, chat_id, before) if before else None
        replaces = before if card is not None and card.shown.screen == screen else None
        if replaces is not None:
            self.replaced.add((chat_id, replaces))
        self._send_card(person.destination, shown, replaces=replaces, reply_to=newest)

    def paper(
        self,
        document_id: int,
        *,
        language: str | None = None,
        person_id: int | None = None,
        version: int | None = None,
        sends: int | None = None,
    ) -> None:
        """Send the PDF of a document, to this chat or to another person, exactly once.

        `language` is the paper's own when it is None; `version` an earlier one than that in force.
        `sends` is the version that its party gets with it: its card says so once it is there.
        """
        person = None if person_id is None else self._person(person_id)
        if person is None and person_id is not None:
            return
        to = person.destination if person else self.here
        payload: dict[str, Any] = {
            "document_id": document_id, "language": language, "copy": False,
        }  # fmt: skip
        if version is not None:
            payload["version"] = version
        if sends is not None:
            payload["sends"] = {"version": sends, "by": self.work.actor.person_id}
        self._queue(to, Parcel("paper", payload))

    def request(self, request_id: int) -> None:
        """Send the message with the Pay button; see `bot/send/payment_requests.py`."""
        self._queue(self.here, Parcel("request", {"request": request_id}))

    def file(self, report: Mapping[str, Any]) -> None:
        """Send the file of a report to this chat, exactly once; see `bot/send/spreadsheets.py`."""
        self._queue(self.here, Parcel("paper", {**report, "copy": False}))

    def sample(self, template_id: int, *, kind: str = "", language: str | None = None) -> None:
        """Send a sample of a template to this chat, exactly once; see `core/papers/samples.py`."""
        payload = {"template": template_id, "kind": kind, "language": language, "copy": False}
        self._queue(self.here, Parcel("paper", payload))

    def refresh(self, subject: str) -> None:
        """Have the newest card of a subject ("document:12") drawn again in each other chat."""
        self.work.changed.add(subject)

    # --- Questions ------------------------------------------------------------------------

    @property
    def here(self) -> Destination:
        """This chat and who is in it."""
        return Destination(self.incoming.chat_id, self.work.actor.person_id)

    @property
    def card(self) -> int | None:
        """The card that was tapped, or that is made anew of a changed text; else None."""
        return self.incoming.message_id if self.incoming.is_tap else self._redrawn

    @property
    def shown(self) -> Shown | None:
        """What this turn shows so far."""
        return self._shown

    @property
    def arguments(self) -> dict[str, Any]:
        """What the card of this turn was opened with: the tapped one, or the one that asked."""
        message_id = self.replaces if self.card is None else self.card
        card = None if message_id is None else self.card_at(message_id)
        return {} if card is None else dict(card.shown.arguments)

    def check(self, tap: Tap, facts: Mapping[str, Any]) -> None:
        """Compare the figures of a step that cannot be taken back with those that were shown.

        Raises Changed when they differ; then nothing happens and the new ones are shown.
        """
        if tap.digest != digest_of(facts):
            raise Changed(subject=tap.action, id=tap.id)

    def subject_of_message(self, message_id: int) -> str | None:
        """What a card or a notice in this chat is about ("document:12"), or None.

        A typed reply says with it what it answers: `typed.reply_to`.
        """
        card = self.card_at(message_id)
        if card is not None:
            return card.subject
        about = notice_about(self.work.connection, self.incoming.chat_id, message_id)
        return self.context.subject_of(Shown(*about)) if about else None

    def card_at(self, message_id: int) -> KeptCard | None:
        """What is kept of a card in this chat; None when that message is no card."""
        cards = self.known_chat.cards
        if message_id not in cards:
            cards[message_id] = card_of(self.work.connection, self.incoming.chat_id, message_id)
        return cards[message_id]

    def is_card(self, message_id: int | None) -> bool:
        """Whether a message of this chat is a card, and no notice or paper."""
        return message_id is not None and self.card_at(message_id) is not None

    def known(self, screen: str) -> str:
        """The name of a screen.  Raises KeyError for one that does not exist."""
        if screen not in self.context.registry.screens:
            raise KeyError(f"there is no screen {screen!r}")
        return screen

    # --- The question of this chat ----------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """What this chat is asked, also when the time for it is over."""
        return self.known_chat.question

    def keep_question(self, question: Question) -> None:
        """Ask a question from now on, instead of another one."""
        self.known_chat.question = focus.keep(
            self.work.connection, question, now=self.work.now, instead=self.question
        )

    def end_question(self) -> None:
        """The question is answered or given up."""
        if self.question is not None:
            focus.end(self.work.connection, self.incoming.chat_id)
            self.known_chat.question = None

    def lose_question(self, *, but: int | None = None) -> None:
        """Give the question up; its card says so, unless it is `but`, which is drawn anyway."""
        question = self.question
        self.end_question()
        if question is None or question.silent:
            return
        if question.message_id not in (None, but):
            assert question.message_id is not None
            here = Destination(question.chat_id, question.person_id)
            self.known_chat.tray.edit(here, question.message_id, note=focus.LOST)

    # --- For the machinery ----------------------------------------------------------------

    def opens(self, typed: Typed) -> bool:
        """Whether a text that answers no question is the number of a paper or a barcode."""
        rows = [row for row in self.context.registry.typed if row.during_question]
        found = any(row.handler(self, typed) for row in rows)
        if found:
            self.origin = typed.message_id
        return found

    def redraw(self, message_id: int) -> None:
        """What this turn shows is shown in a card that was made from an earlier text."""
        self._redrawn = message_id

    def keep_origin(self) -> None:
        """The tapped card stays one that was made from its text, whatever it shows next."""
        self.origin = self.arguments.get(ORIGIN)

    def comes_late(self, tap: Tap) -> bool:
        """Whether the card has turned to another screen since the drawing that was tapped.

        What the button was about is not what the card keeps now, so nothing may be done; nor may
        it after a message that an older copy of the database, put back since, has never sent.
        """
        card = self.card_at(tap.message_id)
        if card is None:
            return is_unknown(self.work.connection, self.incoming.chat_id, tap.message_id)
        return tap.drawing <= card.since

    def attempt(self, function: Callable[[], None]) -> Refusal | None:
        """Call what may be refused; a refusal undoes what it did, and comes back."""
        before = (self.said, self.asked, self._shown)
        question, mark = self.question, self.known_chat.tray.mark
        try:
            with self.work.savepoint():
                function()
        except Refusal as refusal:
            self.said, self.asked, self._shown = before
            self.known_chat.question = question
            self.known_chat.tray.return_to(mark)
            return refusal
        return None

    def finish(self) -> None:
        """Turn what was shown into rows.  Called once, inside the handler's savepoint.

        Raises the refusal of a screen that this person may not see.
        """
        if self._shown is not None:
            self._shown = self._with_origin(self._shown)
            screen = self.context.registry.screens[self._shown.screen]
            self._view = screen.load(self.work, self._shown.id, self._shown.arguments)
        self.listen()
        if self.card is not None and self.asked is None:
            self._edit_card(self.card)
        elif self._shown is not None or self.asked or self.replaces:
            shown = self._shown or self._underlying() or Shown(HOME)
            self._send_card(self.here, shown, asks=self.asked)

    def listen(self) -> None:
        """What is typed next may answer the screen that this turn's card shows, or goes on to."""
        card = None if self.card is None else self.card_at(self.card)
        shown = self._shown or (card and card.shown)
        screen = self.context.registry.screens.get(shown.screen) if shown else None
        is_asked = self.asked is not None or self.question is not None
        if shown and screen and screen.answered_by and not is_asked:
            runner.listen(self, screen.answered_by, shown)

    def _with_origin(self, shown: Shown) -> Shown:
        """The same, with the text that its card was made from, as long as it shows that."""
        card = None if self.card is None else self.card_at(self.card)
        if self.origin is None and card is not None and card.shown.screen == shown.screen:
            self.keep_origin()
        if self.origin is None:
            return shown
        return Shown(shown.screen, shown.id, {**shown.arguments, ORIGIN: self.origin})

    @property
    def shown_in_card(self) -> Shown:
        """What the tapped card shows from now on, as it is kept."""
        if self._shown is not None:
            return as_kept(self._shown)
        card = None if self.card is None else self.card_at(self.card)
        return Shown(HOME) if card is None else card.shown

    def view_of(self, shown: Shown) -> Any:
        """What `finish` has loaded, if that is this screen; else NOT_LOADED."""
        is_loaded = self._shown is not None and as_kept(self._shown) == shown
        return self._view if is_loaded else NOT_LOADED

    def _underlying(self) -> Shown | None:
        """What the card shows that this turn's card takes the place of."""
        card = None if self.replaces is None else self.card_at(self.replaces)
        return None if card is None else card.shown

    def _edit_card(self, message_id: int) -> None:
        shown, card = self._shown, self.card_at(message_id)
        if shown is not None:
            row = {
                "subject": self.context.subject_of(shown),
                "person_id": self.work.actor.person_id,
                "at": self.work.now,
            }
            place = (self.incoming.chat_id, message_id)
            show_from_now_on(self.work.connection, place, shown, row=row, before=card)
        if shown is not None or card is not None:
            self.known_chat.tray.edit(self.here, message_id)

    def _send_card(
        self,
        to: Destination,
        shown: Shown,
        *,
        asks: int | None = None,
        replaces: int | None = None,
        **columns: Any,
    ) -> None:
        if to == self.here:
            replaces = self.replaces
        payload = {**shown.kept(), "asks": asks, "replaces": replaces}
        self._queue(to, Parcel("card", payload), **columns)

    def _queue(self, to: Destination, parcel: Parcel, **columns: Any) -> None:
        self.known_chat.tray.add(to, parcel, **columns)

    def _person(self, person_id: int) -> Person | None:
        return person_of(self.work.connection, person_id)

    def _newest(self, chat_id: int, subject: str) -> int | None:
        return newest_of(self.work.connection, chat_id, subject)
