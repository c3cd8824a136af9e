"""The chat page answers this machine's own pages alone, and its files run nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bot.local_telegram import page
from bot.local_telegram.files import StoredFile
from bot.local_telegram.page_guard import content_disposition
from bot.local_telegram.world import World
from tests.bot.local_page.helpers import PDF, Bot, Site, texts_of
from tests.people import LEA

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def fetch(site: Site, path: str, **options: Any) -> HTTPResponse:
    """One request, whatever its status."""
    return await AsyncHTTPClient().fetch(site.address(path), raise_error=False, **options)


@asynccontextmanager
async def socket_of(site: Site, **headers: str) -> AsyncIterator[WebSocketClientConnection]:
    """A page's socket, opened as a browser does."""
    address = site.address("socket").replace("http", "ws")
    origin = site.address().rstrip("/")
    request = HTTPRequest(address, headers={"Origin": origin, **headers})
    socket = await websocket_connect(request)
    yield socket
    socket.close()


async def asks(socket: WebSocketClientConnection, item: dict[str, Any]) -> list[dict[str, Any]]:
    """Send one item and read the frame that comes back."""
    await socket.write_message(json.dumps(item))
    frame = await socket.read_message()
    assert frame is not None, "the server has closed the socket"
    found: list[dict[str, Any]] = json.loads(frame)
    return found


async def test_the_page_may_load_only_its_own_things(site: Site) -> None:
    for path in ("", "static/chat.js", "static/theme.css"):
        answer = await fetch(site, path)
        assert answer.code == 200, path
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await fetch(site, "static/nothing.js")).code == 404
    assert (await fetch(site, "static/..%2fpage.py")).code == 404


async def test_foreign_names_and_machines_are_refused(site: Site) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::"):
        for path in ("", "static/chat.js", "files/x/y", "socket"):
            answer = await fetch(site, path, headers={"Host": host})
            assert answer.code == 403, (host, path)
    for host in ("localhost:8765", "[::1]:8765", "127.0.0.1"):
        assert (await fetch(site, "", headers={"Host": host})).code == 200
    behind = HTTPServer(Application(site.page.routes()), xheaders=True)
    sockets, port = bind_unused_port()
    behind.add_socket(sockets)
    address = f"http://127.0.0.1:{port}/"
    answer = await AsyncHTTPClient().fetch(
        address, headers={"X-Real-Ip": "192.0.2.7"}, raise_error=False
    )
    assert answer.code == 403
    behind.stop()
    await behind.close_all_connections()


async def test_other_sites_can_neither_listen_nor_send(site: Site, world: World) -> None:
    with pytest.raises(HTTPClientError) as refused:
        async with socket_of(site, Origin="http://evil.example"):
            pytest.fail("another site listens")
    assert refused.value.code == 403
    path = f"people/{LEA}/uploads?id=1&name=x.txt"
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        answer = await fetch(site, path, method="POST", body=b"x", headers=headers)
        assert answer.code == 403, headers
    assert len(world.history(LEA)) == 1


async def test_uploads_are_limited_done_once_and_refused_with_the_reason(
    site: Site, world: World
) -> None:
    headers = {"Origin": site.address().rstrip("/")}

    async def upload(question: str, body: bytes) -> HTTPResponse:
        path = f"people/{LEA}/uploads?{question}"
        return await fetch(site, path, method="POST", body=body, headers=headers)

    for _ in range(2):
        assert (await upload("id=1&name=..%5C..%2Fa.txt", b"x")).code == 200
    assert [one["document"]["file_name"] for one in world.history(LEA)[1:]] == ["a.txt"]
    assert (await upload("id=2&name=b", b"x" * (page.UPLOAD_LIMIT + 1))).code == 413
    answer = await upload("id=3&kind=photo", b"no picture")
    assert answer.code == 409
    assert json.loads(answer.body)["reason"] == "these bytes are no picture"
    world.people[LEA].blocked = True
    assert (await upload("id=4&name=c", b"x")).code == 409
    assert len(world.history(LEA)) == 2


async def test_sent_files_are_shown_but_run_nothing(site: Site, bot: Bot) -> None:
    hostile = 'a"\r\nSet-Cookie: x=1; été.pdf'
    shown = (
        (hostile, "application/pdf", "application/pdf", False),
        ("a.txt", "text/plain", "text/plain; charset=utf-8", False),
        ("a.html", "text/html", "text/html; charset=utf-8", True),
        ("a.svg", "image/svg+xml", "image/svg+xml", True),
        ("a.bin", "not a type\r\nX: y", "application/octet-stream", True),
    )
    for name, mime, content_type, sandboxed in shown:
        sent = bot.world.files.keep(StoredFile(name, mime, PDF), "documents")
        answer = await fetch(site, f"files/{sent['file_id']}/{quote(name, safe='')}")
        assert answer.code == 200
        assert answer.body == PDF
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        policy = answer.headers.get("Content-Security-Policy", "")
        assert policy.startswith("sandbox;") is sandboxed, name
        assert answer.headers["Content-Disposition"] == content_disposition(name)
    assert (await fetch(site, "files/nothing/x.pdf")).code == 404


async def test_an_act_is_done_once_and_a_refused_one_says_why(site: Site, world: World) -> None:
    async with socket_of(site) as socket:
        says = {"type": "act", "id": "a", "person": LEA, "act": "says", "text": "hello"}
        first = await asks(socket, says)
        second = await asks(socket, says)
        assert first == second == [{"type": "done", "id": "a", "result": {"message_id": 3}}]
        assert texts_of(world, LEA) == ["/start", "hello"]
        refused = await asks(socket, {**says, "id": "b", "text": " "})
        assert refused == [
            {"type": "refused", "id": "b", "reason": "clients do not send empty texts"}
        ]


async def test_one_frame_holds_an_answer_and_what_it_caused(site: Site, world: World) -> None:
    async with socket_of(site) as socket:
        (welcome,) = await asks(socket, {"type": "hello", "run": None, "read": {}})
        assert [person["user_id"] for person in welcome["people"]] == list(world.people)
        says = {"type": "act", "id": "a", "person": LEA, "act": "says", "text": "hello"}
        done, event = await asks(socket, says)
        assert (done["type"], event["person"], event["event"]["type"]) == ("done", LEA, "message")
        assert event["event"]["message"]["message_id"] == done["result"]["message_id"]


async def test_old_marks_mean_nothing_after_a_new_start(
    site: Site, world: World, bot: Bot
) -> None:
    message_id = await bot.sends(LEA, "one")
    async with socket_of(site) as socket:
        for run, unread in ((site.page.run, 0), ("another", 1)):
            hello = {"type": "hello", "run": run, "read": {str(LEA): message_id}}
            (welcome,) = await asks(socket, hello)
            assert [one["unread"] for one in welcome["people"] if one["user_id"] == LEA] == [
                unread
            ]
    assert len(world.history(LEA)) == 2


@pytest.mark.parametrize(
    "frame",
    ["no json", "[]", "{}", '{"type": "open", "person": 9}', '{"type": "act", "id": "1"}'],
)
async def test_what_is_not_understood_ends_the_connection(site: Site, frame: str) -> None:
    async with socket_of(site) as socket:
        await socket.write_message(frame)
        assert await socket.read_message() is None
        assert socket.close_code == 1008
