"""Both doors lead to one world and say the same; the webhook's sender does not give up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Bot, InputMediaDocument, Message
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.local_telegram.api_server import SECRET_HEADER, WebhookSender, serving
from bot.local_telegram.faults import Fault, Outcome
from bot.local_telegram.world import World
from tests.people import LEA


@asynccontextmanager
async def bot_by_http(world: World, address: str) -> AsyncIterator[Bot]:
    """python-telegram-bot's own Bot with its own HTTP client."""
    made = Bot(
        world.token,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=HTTPXRequest(read_timeout=0.2),
    )
    async with made:
        yield made


async def says_everything(bot: Bot) -> list[Any]:
    """Some calls of every form, good and bad, and what they gave."""
    given: list[Any] = [await bot.get_me()]
    card = await bot.send_message(LEA, "<b>Stock</b> /go 😀", parse_mode="HTML")
    paper = await bot.edit_message_media(
        InputMediaDocument(b"%PDF-1.7 " + bytes(range(256)), filename="Ünit 1.pdf"),
        LEA,
        card.message_id,
    )
    file = await bot.get_file(paper.document.file_id)
    given += [card, paper, bytes(await file.download_as_bytearray())]
    for wrong in (
        bot.send_message(LEA, "<b>Stock", parse_mode="HTML"),
        bot.send_document(LEA, b""),
        bot.answer_callback_query("1"),
    ):
        with pytest.raises(BadRequest) as raised:
            await wrong
        given.append(str(raised.value))
    given.append(await bot.get_updates(timeout=0))
    return given


async def test_both_doors_give_the_same_answers(clock, world: World, bot: Bot):
    other = World(now=clock)
    other.add_person(LEA, "Lea")
    other.says(LEA, "/start")
    other.updates.confirm(2)

    inside = await says_everything(bot)
    async with serving(other) as address, bot_by_http(other, address) as by_http:
        outside = await says_everything(by_http)

    assert inside == outside
    assert [part.to_dict() for part in inside if isinstance(part, Message)] == [
        part.to_dict() for part in outside if isinstance(part, Message)
    ]
    assert world.history(LEA) == other.history(LEA)


async def test_a_call_may_come_in_any_form(world: World):
    async with serving(world) as address, httpx.AsyncClient() as client:
        method = f"{address}/bot{world.token}/sendMessage"
        answers = [
            await client.get(method, params={"chat_id": LEA, "text": "by query"}),
            await client.post(method, data={"chat_id": LEA, "text": "by form"}),
            await client.post(method, json={"chat_id": LEA, "text": "by JSON"}),
            await client.post(
                f"{address}/bot{world.token}/SENDdocument",
                data={"chat_id": LEA, "document": "attach://paper"},
                files={"paper": ("a.pdf", b"%PDF")},
            ),
        ]
        wrong = [
            await client.post(method, content=b"{", headers={"Content-Type": "application/json"}),
            await client.post(method, json=[LEA]),
            await client.get(f"{address}/bot1:A/getMe"),
            await client.get(f"{address}/botA/getMe"),
            await client.get(f"{address}/file/bot1:A/documents/file_1.pdf"),
            await client.get(f"{address}/file/bot{world.token}/documents/file_9.pdf"),
        ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [one.get("text") for one in world.history(LEA)[1:]] == [
        "by query",
        "by form",
        "by JSON",
        None,
    ]
    assert [answer.json()["description"] for answer in wrong] == [
        "Bad Request: can't parse request body JSON object",
        "Bad Request: object expected as request body",
        "Unauthorized",
        "Not Found",
        "Unauthorized",
        "Not Found",
    ]


async def test_failures_look_the_same_over_http(world: World):
    async with serving(world) as address, bot_by_http(world, address) as bot:
        for outcome, raised in (
            (Outcome.FLOOD, RetryAfter),
            (Outcome.BAD_GATEWAY, NetworkError),
            (Outcome.RESET, NetworkError),
            (Outcome.TIMEOUT, TimedOut),
        ):
            world.faults.add(Fault(outcome, method="sendMessage", after=True))
            with pytest.raises(raised):
                await bot.send_message(LEA, outcome)
            world.faults.clear()
    said = [one["text"] for one in world.history(LEA) if one["from"]["is_bot"]]
    assert said == ["flood", "bad gateway", "reset", "timeout"]


async def test_the_door_inside_knows_wrong_addresses(world: World, bot: Bot):
    assert (await bot.request.do_request("https://example.org/", "GET"))[0] == 404
    for token in ("1:A", world.token):
        address = f"https://example.org/file/bot{token}/documents/file_9.pdf"
        with pytest.raises(InvalidToken):
            await bot.request.retrieve(address)
    assert bot.request.read_timeout is None


class HookHandler(RequestHandler):
    """A webhook that answers with the next of the given statuses, then with 200."""

    def initialize(self, statuses: list[int], received: list[Any]) -> None:
        self.statuses = statuses
        self.received = received

    def post(self) -> None:
        secret = self.request.headers.get(SECRET_HEADER)
        self.received.append((secret, json.loads(self.request.body)))
        self.set_status(self.statuses.pop(0) if self.statuses else 200)


async def test_a_webhook_gets_every_update_until_it_says_yes(world: World, bot: Bot):
    received: list[Any] = []
    shared = {"statuses": [500, 200, 302], "received": received}
    (socket,) = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([(r"/hook", HookHandler, shared)]))
    server.add_socket(socket)
    sender = asyncio.create_task(WebhookSender(world, pause=0.001).run())

    await bot.set_webhook(
        f"http://127.0.0.1:{socket.getsockname()[1]}/hook", secret_token="s3cret_-"
    )
    first, second = world.says(LEA, "one"), world.says(LEA, "two")
    while world.updates.waiting:
        await world.updates.change()

    ids = [update["update_id"] for _secret, update in received]
    assert ids == [first, first, second, second]
    assert {secret for secret, _update in received} == {"s3cret_-"}
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert info.last_error_message.startswith("Wrong response from the webhook: 302")

    server.stop()
    await server.close_all_connections()
    lost = world.says(LEA, "three")
    while world.updates.webhook.last_error_message.startswith("Wrong response"):
        await world.updates.change()
    assert [update["update_id"] for update in world.updates.waiting] == [lost]
    sender.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sender
