"""What persons do.  Each act changes the chat and, where Telegram does so, queues an update."""

from __future__ import annotations

import copy
import re
from typing import Any

from telegram.constants import MessageLimit

from bot.local_telegram.chats import ChatRecord, forwarded_content
from bot.local_telegram.entities import found_in
from bot.local_telegram.files import StoredFile, picture_size
from bot.local_telegram.people import Json, Person
from bot.local_telegram.refusals import ImpossibleAct
from bot.local_telegram.state import State

PAYLOAD = re.compile(rf"[A-Za-z0-9_-]{{1,{int(MessageLimit.DEEP_LINK_LENGTH)}}}")


class Acts(State):
    """The persons' side of the world.  An act that no client offers raises ImpossibleAct."""

    def says(
        self, user_id: int, text: str, *, reply_to: int | None = None, chat_id: int | None = None
    ) -> int:
        """A person types a text, perhaps as a reply to a message.  Returns the update's id."""
        if not text.strip():
            raise ImpossibleAct("clients do not send empty texts")
        content: Json = {"text": text.strip()}
        if entities := found_in(content["text"]):
            content["entities"] = entities
        return self._sends(user_id, content, chat_id=chat_id, reply_to=reply_to)

    def taps(
        self,
        user_id: int,
        message_id: int,
        data: str,
        *,
        chat_id: int | None = None,
        forged: bool = False,
    ) -> int:
        """A person taps a button with ``callback_data``.  Returns the update's id.

        ``forged`` is the client that sends what the message does not offer, or taps on a
        message that is gone.
        """
        record = self._place(user_id, chat_id)
        message = record.messages.get(message_id)
        if not forged and (message is None or data not in _callback_data(message)):
            raise ImpossibleAct(f"message {message_id} has no button {data!r}")
        query = self.new_query("callback", user_id, chat_id=record.chat_id, message_id=message_id)
        gone = {"chat": record.chat, "message_id": message_id, "date": 0}
        content = {
            "id": query.query_id,
            "from": self.people[user_id].user(),
            "message": message or gone,
            "chat_instance": str(-record.chat_id),
            "data": data,
        }
        return self.updates.push({"callback_query": content})

    def starts(self, user_id: int, payload: str = "") -> int:
        """A person opens the bot by its link, perhaps ``t.me/BOT?start=PAYLOAD``.

        Returns the update's id.  A payload that clients do not pass on raises ImpossibleAct:
        up to 64 letters, digits, ``_`` and ``-``.
        """
        if payload and not PAYLOAD.fullmatch(payload):
            raise ImpossibleAct(f"clients do not open a link with the payload {payload!r}")
        return self.says(user_id, f"/start {payload}".rstrip())

    def taps_again(self, update_id: int) -> int:
        """The client sends an old tap once more, under a new update id but as the same query.

        This is what clients do that were closed before the answer came
        (https://github.com/tdlib/telegram-bot-api/issues/699).
        """
        old = self.updates.sent[update_id]
        return self.updates.push({"callback_query": old["callback_query"]})

    def edits(self, user_id: int, message_id: int, text: str) -> int:
        """A person changes a text of their own.  Returns the update's id."""
        record, message = self._own(user_id, message_id)
        changed: Json = {key: value for key, value in message.items() if key != "entities"}
        changed |= {"text": text, "edit_date": self.timestamp()}
        if entities := found_in(text):
            changed["entities"] = entities
        record.replace(changed)
        return self.updates.push({"edited_message": changed})

    def sends_document(
        self, user_id: int, name: str, content: bytes, *, caption: str | None = None
    ) -> int:
        """A person sends a file.  Returns the update's id."""
        file = StoredFile.named(name, content)
        kept = self.files.keep(file, "documents", file_name=name, mime_type=file.mime)
        return self._sends(user_id, _with_caption({"document": kept}, caption))

    def sends_photo(self, user_id: int, content: bytes, *, caption: str | None = None) -> int:
        """A person sends a picture (PNG or JPEG bytes).  Returns the update's id."""
        width, height = picture_size(content)
        file = StoredFile("photo.jpg", "image/jpeg", content)
        kept = self.files.keep(file, "photos", width=width, height=height)
        return self._sends(user_id, _with_caption({"photo": [kept]}, caption))

    def sends_voice(self, user_id: int, content: bytes, *, seconds: int = 3) -> int:
        """A person sends a voice message.  Returns the update's id."""
        file = StoredFile("voice.oga", "audio/ogg", content)
        kept = self.files.keep(file, "voice", duration=seconds, mime_type=file.mime)
        return self._sends(user_id, {"voice": kept})

    def sends_sticker(self, user_id: int, emoji: str = "👍") -> int:
        """A person sends a sticker.  Returns the update's id."""
        file = StoredFile("sticker.webp", "image/webp", b"RIFF")
        details: Json = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
        details |= {"is_animated": False, "is_video": False}
        return self._sends(user_id, {"sticker": self.files.keep(file, "stickers", **details)})

    def shares_contact(self, user_id: int, phone_number: str = "+15550100") -> int:
        """A person shares their own contact.  Returns the update's id."""
        person = self.people[user_id]
        contact: Json = {"phone_number": phone_number, "first_name": person.first_name}
        if person.last_name:
            contact["last_name"] = person.last_name
        return self._sends(user_id, {"contact": {**contact, "user_id": user_id}})

    def sends_location(self, user_id: int, latitude: float, longitude: float) -> int:
        """A person sends a place.  Returns the update's id."""
        return self._sends(user_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def forwards(self, user_id: int, from_chat: int, message_id: int) -> int:
        """A person forwards a message to the bot.  Returns the update's id.

        The copy keeps text, media and where it came from; buttons that call back are lost.
        """
        message = self.record(from_chat).messages.get(message_id)
        if message is None:
            raise ImpossibleAct(f"there is no message {message_id} to forward")
        if message.get("has_protected_content"):
            raise ImpossibleAct(f"message {message_id} is protected from forwarding")
        record = self._place(user_id, None)
        update_id = self._sends(user_id, forwarded_content(message, self.bot_username))
        copied = self.updates.sent[update_id]["message"]
        record.forwarded_from(self.record(from_chat), message, to=copied)
        return update_id

    def pays(
        self, user_id: int, message_id: int, *, card_fails: bool = False, forged: bool = False
    ) -> int:
        """A person pays an invoice: Telegram asks the bot first (``pre_checkout_query``).

        Returns the update's id.  The payment itself follows when the bot says yes, unless the
        card fails: of that the bot hears nothing.  ``forged`` is the client that pays where it
        has no Pay button.
        """
        record = self._place(user_id, None)
        message = record.messages.get(message_id, {})
        invoice = message.get("invoice")
        if invoice is None:
            raise ImpossibleAct(f"message {message_id} is no invoice")
        rows = message["reply_markup"]["inline_keyboard"]
        if not forged and (message_id in record.paid or not rows[0][0].get("pay")):
            raise ImpossibleAct(f"message {message_id} has no button that pays")
        query = self.new_query("checkout", user_id, chat_id=record.chat_id, message_id=message_id)
        query.card_fails = card_fails
        content = {
            "id": query.query_id,
            "from": self.people[user_id].user(),
            "currency": invoice["currency"],
            "total_amount": invoice["total_amount"],
            "invoice_payload": record.payloads[message_id],
        }
        return self.updates.push({"pre_checkout_query": content})

    def asks_inline(self, user_id: int, text: str) -> int:
        """A person types ``@BOT text`` in any chat.  Returns the update's id."""
        if not self.inline_mode:
            raise ImpossibleAct("the bot has no inline mode")
        query = self.new_query("inline", user_id, chat_id=user_id, message_id=0)
        sender = self._able(user_id).user()
        content = {"id": query.query_id, "from": sender, "query": text, "offset": ""}
        return self.updates.push({"inline_query": content})

    def blocks(self, user_id: int) -> int:
        """A person blocks the bot.  Returns the update's id."""
        return self._changes_membership(user_id, blocked=True)

    def unblocks(self, user_id: int) -> int:
        """A person unblocks the bot.  Returns the update's id."""
        return self._changes_membership(user_id, blocked=False)

    def deletes(self, user_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """A person deletes a message, for both.  The Bot API tells bots nothing of it."""
        record = self._place(user_id, chat_id)
        if message_id not in record.messages:
            raise ImpossibleAct(f"there is no message {message_id} to delete")
        record.remove(message_id)

    def _sends(
        self,
        user_id: int,
        content: Json,
        *,
        chat_id: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        record = self._place(user_id, chat_id)
        person = self.people[user_id]
        if reply_to is not None:
            if reply_to not in record.messages:
                raise ImpossibleAct(f"there is no message {reply_to} to reply to")
            original = copy.deepcopy(record.messages[reply_to])
            original.pop("reply_to_message", None)
            content = {**content, "reply_to_message": original}
        if record.is_private:
            person.started = True
        message = self.new_message(record.chat_id, person.user(), content)
        if record.reply_keyboard and record.reply_keyboard.get("one_time_keyboard"):
            record.show_keyboard(None)
        if not record.is_private and not self._reaches_bot(message):
            return self.updates.last_id
        return self.updates.push({"message": message})

    def _reaches_bot(self, message: Json) -> bool:
        """In a group the bot hears commands, mentions and replies to it (privacy mode)."""
        if message.get("reply_to_message", {}).get("from", {}).get("is_bot"):
            return True
        text = message.get("text", "")
        return text.startswith("/") or f"@{self.bot_username}" in text

    def _place(self, user_id: int, chat_id: int | None) -> ChatRecord:
        person = self._able(user_id)
        record = self.record(person.user_id if chat_id is None else chat_id)
        if not record.is_private and user_id not in self.groups[record.chat_id].members:
            raise ImpossibleAct(f"user {user_id} is no member of chat {record.chat_id}")
        return record

    def _able(self, user_id: int) -> Person:
        person = self.people.get(user_id)
        if person is None:
            raise ImpossibleAct(f"there is no user {user_id}")
        if person.blocked:
            raise ImpossibleAct(f"user {user_id} has blocked the bot")
        return person

    def _own(self, user_id: int, message_id: int) -> tuple[ChatRecord, Json]:
        record = self._place(user_id, None)
        message = record.messages.get(message_id)
        if message is None or message["from"]["id"] != user_id or "text" not in message:
            raise ImpossibleAct(f"user {user_id} has no text {message_id} to edit")
        return record, message

    def _changes_membership(self, user_id: int, *, blocked: bool) -> int:
        person = self.people[user_id]
        if person.blocked == blocked:
            raise ImpossibleAct("that is already so")
        person.blocked = blocked
        states = ("member", "kicked") if blocked else ("kicked", "member")
        old, new = (self._membership(state) for state in states)
        change = {
            "chat": person.chat(),
            "from": person.user(),
            "date": self.timestamp(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        return self.updates.push({"my_chat_member": change})

    def _membership(self, state: str) -> Json:
        member: Json = {"user": self.bot_user(), "status": state}
        return {**member, "until_date": 0} if state == "kicked" else member


def _callback_data(message: Json) -> list[Any]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data") for row in rows for button in row]


def _with_caption(content: Json, caption: str | None) -> Json:
    if caption:
        content["caption"] = caption
        if entities := found_in(caption):
            content["caption_entities"] = entities
    return content
