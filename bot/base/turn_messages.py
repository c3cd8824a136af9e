"""The messages that a turn sends: to its own chat, and to others in their languages.

Nothing is sent here: each message becomes a row of the outbox at the turn's end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.base.card_store import card_of, newest_of
from bot.base.outbox import Destination, Parcel, kept_card
from bot.base.recipients import Person, person_of, reader_of
from bot.base.screen import Card, OpenScreen, Reader, ScreenTable
from bot.base.turn_memory import TurnMemory
from bot.base.updates import Incoming
from core.services.work import Work


class TurnMessages:
    """The half of a turn that sends.

    Attributes:
        work: the core's unit of work: connection, actor, time, events.
        incoming: what came in; its chat and message.
        memory: what the turn knows of its chat, and what it leaves to be sent.
        replaced: the cards (chat, message) whose place those that are sent to others take.
    """

    def __init__(
        self, work: Work, *, incoming: Incoming, memory: TurnMemory, screens: ScreenTable
    ) -> None:
        self.work = work
        self.incoming = incoming
        self.memory = memory
        self.replaced: set[tuple[int, int]] = set()
        self._screens = screens

    # --- To this chat -----------------------------------------------------------------------

    @property
    def here(self) -> Destination:
        """This chat and who is in it."""
        return Destination(self.incoming.chat_id, self.work.actor.person_id)

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

    # --- To others ------------------------------------------------------------------

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
        subject = self._screens.subject_of(OpenScreen(*about)) if about else None
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
        """Send a living card to another person: it is rendered for him, in his language.

        It replies to his newest card of `about` ("document:12"), if he has one; `instead` it takes
        the place of his newest card that shows the same.
        """
        person = self._person(person_id)
        if person is None:
            return
        chat_id, shown = person.destination.chat_id, OpenScreen(self.known(screen), id, arguments)
        newest = self._newest(chat_id, about) if about else None
        before = self._newest(chat_id, self._screens.subject_of(shown)) if instead else None
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

    def known(self, screen: str) -> str:
        """The name of a screen.  Raises KeyError for one that does not exist."""
        if screen not in self._screens:
            raise KeyError(f"there is no screen {screen!r}")
        return screen

    # --- Inside ---------------------------------------------------------------------------

    def _send_card(
        self,
        to: Destination,
        shown: OpenScreen,
        *,
        asks: int | None = None,
        replaces: int | None = None,
        **columns: Any,
    ) -> None:
        payload = {**shown.to_json(), "asks": asks, "replaces": replaces}
        self._queue(to, Parcel("card", payload), **columns)

    def _queue(self, to: Destination, parcel: Parcel, **columns: Any) -> None:
        self.memory.outbox.add(to, parcel, **columns)

    def _person(self, person_id: int) -> Person | None:
        return person_of(self.work.connection, person_id)

    def _newest(self, chat_id: int, subject: str) -> int | None:
        return newest_of(self.work.connection, chat_id, subject)
