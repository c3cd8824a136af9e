"""The table of refusals against the local Telegram, row by row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from bot.local_telegram.files import StoredFile
from bot.local_telegram.methods.table import MODELLED
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.specification import METHODS
from bot.local_telegram.world import World
from tests.bot.local.refusals.rows import Row, invoice, picture
from tests.bot.local.refusals.table import ROWS
from tests.clock import Clock
from tests.people import LEA

BLOCKED, STRANGER, GROUP, LEFT_GROUP = 107, 108, -1001, -1002
KEYS = '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}'


class Scene:
    """A world in which everything has happened that the rows speak of."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.world = World(now=clock, inline_mode=True)
        self.names: dict[str, Any] = {
            "lea": LEA,
            "blocked": BLOCKED,
            "stranger": STRANGER,
            "group": GROUP,
            "left_group": LEFT_GROUP,
        }
        for user_id, name in ((LEA, "Lea"), (BLOCKED, "Bruno"), (STRANGER, "Sina")):
            self.world.add_person(user_id, name)
        self.world.add_group(GROUP, "Crew", [LEA])
        self.world.add_group(LEFT_GROUP, "Old crew", [LEA]).has_bot = False

    async def call(self, method: str, parameters: dict[str, Any], **files: bytes) -> Any:
        """A good call."""
        uploads = {name: StoredFile.named(f"{name}.pdf", files[name]) for name in files}
        status, body = await self.world.call(method, parameters, uploads)
        assert status == 200, body
        return body["result"]

    async def build(self) -> None:
        """Let everything happen."""
        await self.happens_long_ago()
        await self.sends_files()
        await self.sends_messages()
        await self.asks()

    async def happens_long_ago(self) -> None:
        world, names = self.world, self.names
        world.says(BLOCKED, "/start")
        names["blocked_text"] = await self.text(chat_id=BLOCKED)
        world.blocks(BLOCKED)
        names["their_text"] = world.updates.sent[world.says(LEA, "/start")]["message"][
            "message_id"
        ]
        names["group_text"] = self.message_of(world.says(LEA, "/start", chat_id=GROUP))
        names["old_text"] = await self.text(reply_markup=KEYS)
        names["old_tap"] = self.query_of(world.taps(LEA, names["old_text"], "go"))
        await self.sends_invoice("own_invoice")
        names["old_checkout"] = self.query_of(world.pays(LEA, names["own_invoice"]))
        self.clock.passes(hours=48, seconds=1)

    async def sends_files(self) -> None:
        names = self.names
        sent = await self.call(
            "sendDocument", {"chat_id": LEA, "caption": "Paper"}, document=b"%PDF"
        )
        names["own_document"], names["document_id"] = (
            sent["message_id"],
            sent["document"]["file_id"],
        )
        sent = await self.call("sendPhoto", {"chat_id": LEA}, photo=picture(20, 1))
        names["photo_id"] = sent["photo"][-1]["file_id"]
        media = json.dumps([{"type": "document", "media": names["document_id"]}] * 2)
        sent = await self.call("sendMediaGroup", {"chat_id": LEA, "media": media})
        names["own_album"] = sent[0]["message_id"]

    async def sends_messages(self) -> None:
        names = self.names
        names["own_text"] = await self.text()
        names["own_protected"] = await self.text(protect_content=True)
        names["own_with_keys"] = await self.text(reply_markup='{"keyboard": [["x"]]}')
        names["own_forward"] = (
            await self.call(
                "forwardMessage",
                {"chat_id": LEA, "from_chat_id": LEA, "message_id": names["their_text"]},
            )
        )["message_id"]
        names["own_contact"] = (
            await self.call(
                "sendContact",
                {"chat_id": LEA, "phone_number": "+1", "first_name": "Omar"},
            )
        )["message_id"]

    async def asks(self) -> None:
        world, names = self.world, self.names
        card = await self.text(reply_markup=KEYS)
        names["tap"] = self.query_of(world.taps(LEA, card, "go"))
        names["answered_tap"] = self.query_of(world.taps(LEA, card, "go"))
        await self.call("answerCallbackQuery", {"callback_query_id": names["answered_tap"]})
        names["inline"] = self.query_of(world.asks_inline(LEA, "laptop"))
        names["checkout"] = self.query_of(world.pays(LEA, names["own_invoice"]))
        names["answered_checkout"] = self.query_of(world.pays(LEA, names["own_invoice"]))
        refused = {"pre_checkout_query_id": names["answered_checkout"], "ok": False}
        await self.call("answerPreCheckoutQuery", refused | {"error_message": "Sold out"})

    async def text(self, **parameters: Any) -> int:
        sent = await self.call("sendMessage", {"chat_id": LEA, "text": "Stock", **parameters})
        return int(sent["message_id"])

    async def sends_invoice(self, name: str) -> None:
        sent = await self.call("sendInvoice", {**invoice(), "chat_id": LEA})
        self.names[name] = sent["message_id"]

    def big_file(self) -> str:
        """A file that a bot may not fetch; made for the one row that asks for it."""
        big = StoredFile.named("big.zip", bytes(20_000_001))
        return str(self.world.files.keep(big, "documents")["file_id"])

    def message_of(self, update_id: int) -> int:
        return int(self.world.updates.sent[update_id]["message"]["message_id"])

    def query_of(self, update_id: int) -> str:
        update = self.world.updates.sent[update_id]
        return next(str(part["id"]) for name, part in update.items() if name != "update_id")

    def fill(self, value: Any) -> Any:
        """A value with the scene's names in place of what begins with $."""
        if isinstance(value, str) and value.startswith("$"):
            return self.big_file() if value == "$big_id" else self.names[value[1:]]
        if isinstance(value, dict):
            return {key: self.fill(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.fill(part) for part in value]
        return value


@pytest.fixture
async def scene(clock: Clock) -> Scene:
    made = Scene(clock)
    await made.build()
    return made


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_wrong_call_is_refused_in_telegrams_words(scene: Scene, row: Row):
    before = {chat: scene.world.history(chat) for chat in (LEA, BLOCKED, GROUP)}

    status, body = await scene.world.call(row.method, scene.fill(row.parameters), row.files)

    assert body == {"ok": False, "error_code": row.status, "description": row.description}
    assert status == row.status
    # What is refused changes nothing.
    assert {chat: scene.world.history(chat) for chat in (LEA, BLOCKED, GROUP)} == before


def test_the_table_knows_forty_kinds_and_more():
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert len({row.description for row in ROWS}) >= 40


def test_every_modelled_name_is_one_of_the_library():
    for method in MODELLED.values():
        name, parameters = METHODS[method.name.lower()]
        assert method.name == name
        assert method.parameters | method.idle <= parameters


async def test_the_library_raises_its_own_classes(scene: Scene):
    request = LocalRequest(scene.world)
    async with Bot(scene.world.token, request=request, get_updates_request=request) as bot:
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(LEA, "")
        with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
            await bot.send_message(BLOCKED, "Hi")
        await bot.set_webhook("https://example.org/hook")
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()


@pytest.mark.parametrize(
    ("token", "description"),
    [("123:UNKNOWN", "Unauthorized"), ("nonsense", "Not Found")],
)
async def test_a_wrong_token_is_refused(world: World, token: str, description: str):
    request = LocalRequest(world)
    bot = Bot(token, request=request, get_updates_request=request)
    with pytest.raises(InvalidToken, match=description):
        await bot.get_me()
