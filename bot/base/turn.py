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
from typing import Any, Protocol

from bot.base import focus
from bot.base.callbacks import Tap, digest_of
from bot.base.card_store import (
    ORIGIN,
    KeptCard,
    card_of,
    is_from_lost_time,
    show_from_now_on,
)
from bot.base.focus import Question
from bot.base.outbox import Destination, notice_about
from bot.base.screen import HOME, NOT_LOADED, OpenScreen, Reader, ScreenTable
from bot.base.turn_memory import Toast, TurnMemory, Typed
from bot.base.turn_messages import TurnMessages
from bot.base.updates import Attachment, Incoming
from core.domain.errors import Refusal
from core.services.rights import Changed
from core.services.work import Work

__all__ = ["Attachment", "OpenScreen", "Tap", "Toast", "Turn", "TurnMemory", "Typed"]


class Machinery(Protocol):
    """What a turn asks of the tables of all modules; see `bot.turn.registry.Context`."""

    username: str

    @property
    def screens(self) -> ScreenTable:
        """All screens."""
        ...

    def ask(
        self, turn: Turn, form: str, arguments: Mapping[str, Any], *, answered: Mapping[str, Any]
    ) -> None:
        """Ask the first question of a form."""

    def listen(self, turn: Turn, form: str, opened: OpenScreen) -> None:
        """Take what is typed while a screen is open as the answer to a silent form."""

    def has_button(self, action: str) -> bool:
        """Tell whether some module answers a button with this action."""
        ...

    def press(self, turn: Turn, action: str) -> None:
        """Do what a tap on a bare button with this action does."""

    def has_command(self, name: str) -> bool:
        """Tell whether there is a command of this name."""
        ...

    def run_command(self, turn: Turn, name: str, text: str) -> bool:
        """Run a command, if there is one of this name that the actor has."""
        ...

    def read(self, turn: Turn, typed: Typed) -> bool:
        """Answer a typed text by the first module that takes it; False when none does."""
        ...


class Turn(TurnMessages):
    """One update being answered: see the head of this module.

    Attributes:
        work: the core's unit of work: connection, actor, time, events.
        reader: the language and rights of who has tapped or typed.
        incoming: what came in; its chat and message.
        memory: what it knows of its chat, and what it leaves to be sent.
    """

    def __init__(
        self,
        work: Work,
        reader: Reader,
        *,
        incoming: Incoming,
        machinery: Machinery,
        memory: TurnMemory,
    ) -> None:
        super().__init__(work, incoming=incoming, memory=memory, screens=machinery.screens)
        self.reader = reader
        self._machinery = machinery
        self.said: Toast | None = None
        self.asked: int | None = None
        """The token of the question that the card of this turn asks, if it asks one."""
        self.replaces: int | None = None
        """The card that the card of this turn takes the place of, below what was typed."""
        self.origin: int | None = None
        """The typed text that this turn's card is made from: changing it reads it again."""
        self._reused_card: int | None = None
        self._shown: OpenScreen | None = None
        self._view: Any = NOT_LOADED

    # --- What the person sees -------------------------------------------------------------

    def show(self, screen: str, id: int = 0, **arguments: Any) -> None:
        """Show a screen: in the card that was tapped, or in a new card below what was typed.

        A turn shows one card; the last call counts.  The person's right to see it is asked when
        the handler is done, and again when it is rendered.
        """
        self._shown = OpenScreen(self.known(screen), id, arguments)

    def show_below(self, screen: str, id: int = 0, **arguments: Any) -> None:
        """Send a further card to this chat, below everything, and leave the tapped one."""
        self._send_card(
            self.here, OpenScreen(self.known(screen), id, arguments), replaces=self.replaces
        )

    def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the tap with a short text (200 characters); after a text it is a message."""
        self.said = Toast(text, alert)

    def ask(
        self, form: str, /, *, answered: Mapping[str, Any] | None = None, **arguments: Any
    ) -> None:
        """Ask the first question of a form, in the card of this turn.

        `answered` has what is known of its answers: they are gone back to, not asked.
        """
        self._machinery.ask(self, form, arguments, answered=answered or {})

    def refresh(self, subject: str) -> None:
        """Have the newest card of a subject ("document:12") rendered again in each other chat."""
        self.work.changed.add(subject)

    # --- Questions ------------------------------------------------------------------------

    @property
    def card(self) -> int | None:
        """The card that was tapped, or that is made anew of a changed text; else None."""
        return self.incoming.message_id if self.incoming.is_tap else self._reused_card

    @property
    def shown(self) -> OpenScreen | None:
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
        return self._screens.subject_of(OpenScreen(*about)) if about else None

    def card_at(self, message_id: int) -> KeptCard | None:
        """What is kept of a card in this chat; None when that message is no card."""
        cards = self.memory.cards
        if message_id not in cards:
            cards[message_id] = card_of(self.work.connection, self.incoming.chat_id, message_id)
        return cards[message_id]

    def is_card(self, message_id: int | None) -> bool:
        """Whether a message of this chat is a card, and no notice or paper."""
        return message_id is not None and self.card_at(message_id) is not None

    # --- The question of this chat ----------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """What this chat is asked, also when the time for it is over."""
        return self.memory.question

    def keep_question(self, question: Question) -> None:
        """Ask a question from now on, instead of another one."""
        self.memory.question = focus.keep(
            self.work.connection, question, now=self.work.now, instead=self.question
        )

    def end_question(self) -> None:
        """The question is answered or given up."""
        if self.question is not None:
            focus.end(self.work.connection, self.incoming.chat_id)
            self.memory.question = None

    def lose_question(self, *, but: int | None = None) -> None:
        """Give the question up; its card says so, unless it is `but`, which is rendered anyway."""
        question = self.question
        self.end_question()
        if question is None or question.silent:
            return
        if question.message_id not in (None, but):
            assert question.message_id is not None
            here = Destination(question.chat_id, question.person_id)
            self.memory.outbox.edit(here, question.message_id, note=focus.LOST)

    # --- What other modules answer --------------------------------------------------------

    @property
    def bot_username(self) -> str:
        """The bot's own name, for links to it."""
        return self._machinery.username

    def has_button(self, action: str) -> bool:
        """Tell whether some module answers a button with this action."""
        return self._machinery.has_button(action)

    def press(self, action: str) -> None:
        """Do what a tap on a bare button with this action does."""
        self._machinery.press(self, action)

    def has_command(self, name: str) -> bool:
        """Tell whether there is a command of this name, whoever may use it."""
        return self._machinery.has_command(name)

    def run_command(self, name: str, text: str = "") -> bool:
        """Run a command, if there is one of this name that the actor has."""
        return self._machinery.run_command(self, name, text)

    def read(self, typed: Typed) -> bool:
        """Answer a typed text by the first module that takes it; False when none does."""
        return self._machinery.read(self, typed)

    # --- For the machinery ----------------------------------------------------------------

    def reuse_card(self, message_id: int) -> None:
        """What this turn shows is shown in a card that was made from an earlier text."""
        self._reused_card = message_id

    def keep_origin(self) -> None:
        """The tapped card stays one that was made from its text, whatever it shows next."""
        self.origin = self.arguments.get(ORIGIN)

    def comes_late(self, tap: Tap) -> bool:
        """Whether the card has turned to another screen since the rendering that was tapped.

        What the button was about is not what the card keeps now, so nothing may be done; nor may
        it after a message that an older copy of the database, put back since, has never sent.
        """
        card = self.card_at(tap.message_id)
        if card is None:
            return is_from_lost_time(self.work.connection, self.incoming.chat_id, tap.message_id)
        return tap.rendering <= card.since

    def attempt(self, function: Callable[[], None]) -> Refusal | None:
        """Call what may be refused; a refusal undoes what it did, and comes back."""
        before = (self.said, self.asked, self._shown)
        question, mark = self.question, self.memory.outbox.mark
        try:
            with self.work.savepoint():
                function()
        except Refusal as refusal:
            self.said, self.asked, self._shown = before
            self.memory.question = question
            self.memory.outbox.return_to(mark)
            return refusal
        return None

    def finish(self) -> None:
        """Turn what was shown into rows.  Called once, inside the handler's savepoint.

        Raises the refusal of a screen that this person may not see.
        """
        if self._shown is not None:
            self._shown = self._with_origin(self._shown)
            screen = self._screens[self._shown.screen]
            self._view = screen.load(self.work, self._shown.id, self._shown.arguments)
        self.listen()
        if self.card is not None and self.asked is None:
            self._edit_card(self.card)
        elif self._shown is not None or self.asked or self.replaces:
            shown = self._shown or self._underlying() or OpenScreen(HOME)
            self._send_card(self.here, shown, asks=self.asked, replaces=self.replaces)

    def listen(self) -> None:
        """What is typed next may answer the screen that this turn's card shows, or goes on to."""
        card = None if self.card is None else self.card_at(self.card)
        shown = self._shown or (card and card.shown)
        screen = self._screens.get(shown.screen) if shown else None
        is_asked = self.asked is not None or self.question is not None
        if shown and screen and screen.answered_by and not is_asked:
            self._machinery.listen(self, screen.answered_by, shown)

    def _with_origin(self, shown: OpenScreen) -> OpenScreen:
        """The same, with the text that its card was made from, as long as it shows that."""
        card = None if self.card is None else self.card_at(self.card)
        if self.origin is None and card is not None and card.shown.screen == shown.screen:
            self.keep_origin()
        if self.origin is None:
            return shown
        return OpenScreen(shown.screen, shown.id, {**shown.arguments, ORIGIN: self.origin})

    @property
    def shown_in_card(self) -> OpenScreen:
        """What the tapped card shows from now on, as it is kept."""
        if self._shown is not None:
            return self._shown.as_kept()
        card = None if self.card is None else self.card_at(self.card)
        return OpenScreen(HOME) if card is None else card.shown

    def view_of(self, shown: OpenScreen) -> Any:
        """What `finish` has loaded, if that is this screen; else NOT_LOADED."""
        is_loaded = self._shown is not None and self._shown.as_kept() == shown
        return self._view if is_loaded else NOT_LOADED

    def _underlying(self) -> OpenScreen | None:
        """What the card shows that this turn's card takes the place of."""
        card = None if self.replaces is None else self.card_at(self.replaces)
        return None if card is None else card.shown

    def _edit_card(self, message_id: int) -> None:
        shown, card = self._shown, self.card_at(message_id)
        if shown is not None:
            row = {
                "subject": self._screens.subject_of(shown),
                "person_id": self.work.actor.person_id,
                "at": self.work.now,
            }
            place = (self.incoming.chat_id, message_id)
            show_from_now_on(self.work.connection, place, shown, row=row, before=card)
        if shown is not None or card is not None:
            self.memory.outbox.edit(self.here, message_id)
