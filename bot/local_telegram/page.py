"""The chat page: a newcomer is each person of the demo company, in a browser.

Everything a browser tab needs goes over one WebSocket at ``/socket``; each frame is a JSON
array of items, so that an act's answer and the events that it caused are drawn at once.

From the page:
``{"type": "hello", "run": ..., "read": {"101": 55}}``: the ids up to which this browser has
read, and the run of the server in which they were ids;
``{"type": "open", "person": 101}``: show this person's chat;
``{"type": "act", "id": ..., "person": 101, "act": "says", "text": ...}``: see ``ACTS``.

To the page: ``welcome`` (run, shop, bot, people), ``history`` (messages, commands, keyboard),
``event`` (person, event), ``done`` (id, result) and ``refused`` (id, reason).

Files go up by POST and down by GET.  An act and an upload carry an id, and an id that was
done is answered again but not done again: after a lost connection the page asks once more.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tornado.web import HTTPError, StaticFileHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from bot.base.payment_currencies import CURRENCIES
from bot.local_telegram.page_guard import (
    LocalHandler,
    content_disposition,
    is_same_origin,
    refuse_strangers,
    shown_as,
)
from bot.local_telegram.people import Json, Person
from bot.local_telegram.refusals import ImpossibleAct
from bot.local_telegram.world import World

STATIC = Path(__file__).parent / "static"
UPLOAD_LIMIT = 20_000_000
"""Bytes.  Bots can download files of up to 20 MB (https://core.telegram.org/bots/api#getfile)."""

DONE_KEPT = 2_000
"""How many done acts are remembered, so that a repeated one is not done again."""


@dataclass(frozen=True)
class PersonNote:
    """What a newcomer reads about a person, in that person's language.

    ``role`` is a word or two ("sales"); ``try_this`` is one line that says what to try first.
    """

    role: str
    try_this: str = ""


@dataclass(frozen=True)
class About:
    """Whose chat page this is: the shop's name, and a note for each person's user id.

    The page lists the persons in the order of the notes; persons without a note come after.
    """

    shop: str
    people: Mapping[int, PersonNote] = field(default_factory=dict)


class ChatPage:
    """What the page's handlers share: the world, the notes, open sockets and done acts."""

    def __init__(self, world: World, about: About) -> None:
        self.world = world
        self.about = about
        self.sockets: set[ChatSocket] = set()
        self.run = secrets.token_hex(8)
        self._done: OrderedDict[str, Json] = OrderedDict()

    def routes(self) -> list[Any]:
        """The page's routes for a ``tornado.web.Application``."""
        shared = {"page": self}
        return [
            (r"/", IndexHandler),
            (r"/static/([\w.-]+)", PageFileHandler, {"path": str(STATIC)}),
            (r"/socket", ChatSocket, shared),
            (r"/people/(\d+)/uploads", UploadHandler, shared),
            (r"/files/([^/]+)/[^/]*", SentFileHandler, shared),
        ]

    def drop_sockets(self) -> None:
        """Close every open socket.  Pages connect again by themselves."""
        for socket in list(self.sockets):
            socket.close(1001)

    def once(self, act_id: str, act: Callable[[], Json]) -> Json:
        """Do an act and keep its result; an id that was done gets the same result again."""
        if act_id in self._done:
            return self._done[act_id]
        result = act()
        self._done[act_id] = result
        if len(self._done) > DONE_KEPT:
            self._done.popitem(last=False)
        return result

    def welcome(self, read: Mapping[str, int]) -> Json:
        """The list of persons, with the unread ones counted from what the browser has read."""
        noted = [user_id for user_id in self.about.people if user_id in self.world.people]
        others = [user_id for user_id in self.world.people if user_id not in self.about.people]
        return {
            "type": "welcome",
            "run": self.run,
            "shop": self.about.shop,
            "bot": self.world.bot_user(),
            "exponents": {code: each.exponent for code, each in CURRENCIES.items()},
            "people": [
                self._person(self.world.people[user_id], read.get(str(user_id), 0))
                for user_id in (*noted, *others)
            ],
        }

    def _person(self, person: Person, read: int) -> Json:
        note = self.about.people.get(person.user_id, PersonNote(role=""))
        history = self.world.history(person.user_id)
        unread = [
            message
            for message in history
            if message["from"]["is_bot"] and message["message_id"] > read
        ]
        return {
            "user_id": person.user_id,
            **person.names(),
            "language_code": person.language_code,
            "role": note.role,
            "try_this": note.try_this,
            "last": history[-1] if history else None,
            "unread": len(unread),
        }

    def history(self, user_id: int) -> Json:
        """All that is needed to show a person's chat.  Raises ImpossibleAct for a stranger."""
        record = self.world.record(user_id)
        return {
            "type": "history",
            "person": user_id,
            "messages": record.history(),
            "paid": sorted(record.paid),
            "commands": self.world.commands_for(user_id),
            "keyboard": record.reply_keyboard,
        }


def make_handlers(world: World, about: About) -> list[Any]:
    """The routes of the chat page, to be joined with the Bot API's in one application."""
    return ChatPage(world, about).routes()


# --- Acts ---------------------------------------------------------------------


def _says(world: World, user_id: int, facts: Json) -> int:
    return world.says(user_id, _text(facts, "text"), reply_to=facts.get("reply_to"))


def _taps(world: World, user_id: int, facts: Json) -> int:
    return world.taps(user_id, int(facts["message_id"]), _text(facts, "data"))


def _edits(world: World, user_id: int, facts: Json) -> int:
    return world.edits(user_id, int(facts["message_id"]), _text(facts, "text"))


def _pays(world: World, user_id: int, facts: Json) -> int:
    message_id, card_fails = int(facts["message_id"]), facts["card_fails"] is True
    return world.pays(user_id, message_id, card_fails=card_fails)


def _shares_contact(world: World, user_id: int, facts: Json) -> int:  # noqa: ARG001 - one shape
    return world.shares_contact(user_id)


ACTS: dict[str, Callable[[World, int, Json], int]] = {
    "says": _says,
    "taps": _taps,
    "edits": _edits,
    "pays": _pays,
    "shares_contact": _shares_contact,
}
"""What a page can ask for; each returns the id of the update that it caused."""


def _text(facts: Json, key: str) -> str:
    value = facts[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


# --- Handlers -----------------------------------------------------------------


class IndexHandler(LocalHandler):
    """The page."""

    def get(self) -> None:
        """Give the page; its state comes over the socket."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish((STATIC / "index.html").read_bytes())


class PageFileHandler(LocalHandler, StaticFileHandler):
    """The page's own scripts, styles and icon."""


class SentFileHandler(LocalHandler):
    """Files that were sent in a chat, shown by the browser."""

    def initialize(self, page: ChatPage) -> None:
        """Take what the handlers share."""
        self.page = page

    def get(self, file_id: str) -> None:
        """Give a file.  The name in the address is for people; the stored one counts."""
        try:
            file = self.page.world.file(unquote(file_id))
        except KeyError:
            raise HTTPError(404, log_message="There is no such file") from None
        content_type, policy = shown_as(file.mime)
        self.set_header("Content-Type", content_type)
        if policy is None:
            self.clear_header("Content-Security-Policy")
        else:
            self.set_header("Content-Security-Policy", policy)
        self.set_header("Content-Disposition", content_disposition(file.name))
        self.finish(file.content)


class UploadHandler(LocalHandler):
    """Files and photos that a person sends."""

    def initialize(self, page: ChatPage) -> None:
        """Take what the handlers share."""
        self.page = page

    def post(self, user_id: str) -> None:
        """Send the body as a file.

        Arguments: ``id`` (of the act), ``kind`` (``document`` or ``photo``), ``name`` and
        ``caption``.
        """
        content = self.request.body
        if len(content) > UPLOAD_LIMIT:
            raise HTTPError(413, log_message="Files can have at most 20 MB")
        name = self.get_query_argument("name", "file").replace("\\", "/").rsplit("/", 1)[-1]
        caption = self.get_query_argument("caption", "") or None
        world = self.page.world
        if self.get_query_argument("kind", "document") == "photo":
            send = partial(world.sends_photo, int(user_id), content, caption=caption)
        else:
            send = partial(world.sends_document, int(user_id), name, content, caption=caption)
        try:
            self.page.once(self.get_query_argument("id"), lambda: {"update_id": send()})
        except (ImpossibleAct, ValueError) as error:
            self.set_status(409)
            self.finish({"reason": str(error)})
            return
        self.finish({"ok": True})


class ChatSocket(WebSocketHandler):
    """One browser tab."""

    def initialize(self, page: ChatPage) -> None:
        """Take what the handlers share."""
        self.page = page
        self._endings: dict[int, Callable[[], None]] = {}
        self._held: list[Json] | None = None

    def prepare(self) -> None:
        """Refuse other machines and other names, as for every request."""
        refuse_strangers(self.request)

    def check_origin(self, origin: str) -> bool:
        """Only the page itself may open a socket; other sites in the same browser may not."""
        return is_same_origin(origin, self.request)

    def open(self, *_: str, **__: str) -> None:
        """Take part in what happens."""
        self.page.sockets.add(self)

    def _follow_everyone(self) -> None:
        """Follow every person's chat: the list shows all of them."""
        for user_id in self.page.world.people:
            if user_id not in self._endings:
                listener = partial(self._happened, user_id)
                self._endings[user_id] = self.page.world.subscribe(user_id, listener)

    def on_close(self) -> None:
        """Follow nothing any more."""
        self.page.sockets.discard(self)
        for end in self._endings.values():
            end()
        self._endings.clear()

    def on_message(self, message: str | bytes) -> None:
        """Answer one item from the page.  What is not understood ends the connection."""
        answers = {"hello": self._hello, "open": self._shows, "act": self._act}
        try:
            item = json.loads(message)
            answers[item["type"]](item)
        except (ValueError, KeyError, TypeError, AttributeError, ImpossibleAct) as error:
            self.close(1008, f"not understood: {type(error).__name__}")

    def _hello(self, item: Json) -> None:
        self._follow_everyone()
        read = item["read"] if item["run"] == self.page.run else {}
        self._send([self.page.welcome(read)])

    def _shows(self, item: Json) -> None:
        self._send([self.page.history(int(item["person"]))])

    def _act(self, item: Json) -> None:
        self._held = []
        try:
            result = self.page.once(item["id"], lambda: self._do(item))
            answer = {"type": "done", "id": item["id"], "result": result}
        except ImpossibleAct as refusal:
            answer = {"type": "refused", "id": item["id"], "reason": str(refusal)}
        finally:
            held, self._held = self._held, None
        self._send([answer, *held])

    def _do(self, item: Json) -> Json:
        world = self.page.world
        update_id = ACTS[item["act"]](world, int(item["person"]), item)
        update = world.updates.sent[update_id]
        if "callback_query" in update:
            return {"callback_query_id": update["callback_query"]["id"]}
        if "pre_checkout_query" in update:
            return {"pre_checkout_query_id": update["pre_checkout_query"]["id"]}
        message = update.get("message") or update["edited_message"]
        return {"message_id": message["message_id"]}

    def _happened(self, user_id: int, event: Json) -> None:
        item = {"type": "event", "person": user_id, "event": event}
        if self._held is None:
            self._send([item])
        else:
            self._held.append(item)

    def _send(self, items: list[Json]) -> None:
        try:
            self.write_message(json.dumps(items, ensure_ascii=False))
        except WebSocketClosedError:
            # The tab is gone: it will ask for the history when it comes back.
            self.on_close()
