"""Runs the table of refusals against a server over HTTP: ours in the tests, Telegram's by hand.

By hand, once for each new version of python-telegram-bot, with a test bot to which you have
said something just now and which nobody else polls::

    TELEGRAM_TOKEN=... CHAT_ID=... python -m tests.bot.local.conformance

Rows that need what cannot be made here (a person who has blocked the bot, an old message) are
skipped and named.  Where Telegram says something else, change the row, then the local
Telegram.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.bot.local.refusals.rows import Row, picture
from tests.bot.local.refusals.table import ROWS

TELEGRAM = "https://api.telegram.org"
PAUSE = 1.1
"""Seconds between two calls: about one message a second is allowed in a chat."""
TIMEOUT = 60.0


@dataclass
class Outcome:
    """What came of a run."""

    same: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    different: list[tuple[Row, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report."""
        return [
            f"{len(self.same)} rows as expected, {len(self.skipped)} skipped: "
            + ", ".join(self.skipped),
            *(
                f"{row.name} ({row.origin}): expected {row.description!r}, got {answer!r}"
                for row, answer in self.different
            ),
        ]


@dataclass
class Server:
    """A Bot API server, and what a run has made there."""

    client: httpx.AsyncClient
    address: str
    token: str
    pause: float
    names: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, parameters: dict[str, Any], **files: Any) -> Any:
        """One call; the whole body of its answer."""
        await asyncio.sleep(self.pause)
        texts = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in parameters.items()
        }
        url = f"{self.address}/bot{self.token}/{method}"
        answer = await self.client.post(url, data=texts, files=files or None)
        return answer.json()

    async def make(self, name: str, method: str, **more: Any) -> Any:
        """Send something and keep its message id under a name."""
        files = more.pop("files", {})
        body = await self.call(method, {"chat_id": self.names["lea"], **more}, **files)
        assert body["ok"], body
        message = body["result"][0] if isinstance(body["result"], list) else body["result"]
        self.names[name] = message["message_id"]
        return message

    async def build(self, chat_id: int) -> None:
        """Make what the rows speak of, as far as a bot alone can."""
        names = self.names
        names["lea"] = chat_id
        await self.make("own_text", "sendMessage", text="Stock")
        await self.make("own_protected", "sendMessage", text="Stock", protect_content=True)
        keys = {"keyboard": [["x"]]}
        await self.make("own_with_keys", "sendMessage", text="Stock", reply_markup=keys)
        await self.make("own_contact", "sendContact", phone_number="+15550100", first_name="O")
        file = {"document": ("paper.pdf", b"%PDF")}
        sent = await self.make("own_document", "sendDocument", caption="Paper", files=file)
        names["document_id"] = sent["document"]["file_id"]
        file = {"photo": ("photo.png", picture(20, 20))}
        sent = await self.make("own_photo", "sendPhoto", files=file)
        names["photo_id"] = sent["photo"][-1]["file_id"]
        media = [{"type": "document", "media": names["document_id"]}] * 2
        await self.make("own_album", "sendMediaGroup", media=media)
        source = {"from_chat_id": chat_id, "message_id": names["own_text"]}
        await self.make("own_forward", "forwardMessage", **source)
        body = await self.call("getUpdates", {"allowed_updates": ["message"]})
        for update in body["result"]:
            if update.get("message", {}).get("from", {}).get("id") == chat_id:
                names["their_text"] = update["message"]["message_id"]

    def fill(self, value: Any) -> Any:
        """A value with what was made in place of its names.  Raises KeyError."""
        if isinstance(value, str) and value.startswith("$"):
            return self.names[value[1:]]
        if isinstance(value, dict):
            return {key: self.fill(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.fill(part) for part in value]
        return value


async def conform(server: Server) -> Outcome:
    """Make every wrong call that can be made and compare the answers."""
    outcome = Outcome()
    for row in ROWS:
        try:
            parameters = server.fill(row.parameters)
        except KeyError:
            outcome.skipped.append(row.name)
            continue
        uploads = {name: (file.name, file.content, file.mime) for name, file in row.files.items()}
        body = await server.call(row.method, parameters, **uploads)
        answer = str(body.get("description", "ok"))
        if answer == row.description:
            outcome.same.append(row.name)
        else:
            outcome.different.append((row, answer))
    return outcome


async def main() -> None:
    """Run against the real Telegram."""
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        server = Server(client, TELEGRAM, os.environ["TELEGRAM_TOKEN"], PAUSE)
        await server.build(int(os.environ["CHAT_ID"]))
        outcome = await conform(server)
    sys.stdout.write("\n".join([*outcome.lines(), ""]))


if __name__ == "__main__":
    asyncio.run(main())
