"""Comptoir as a program of its own: started, read, talked to through its page, ended or killed.

Most processes are forked from one that has imported the program (`forker.py`).  With `anew` it is
an interpreter that begins with nothing, as in a shell: each command is started so by some test.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from tornado.websocket import websocket_connect

from tests.chat import Part, newest_button

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds for a whole program to do something on a machine with a lot to do."""


def environ(**settings: str) -> dict[str, str]:
    """What the program finds: nothing of the machine's own settings, only these."""
    own = ("TELEGRAM_", "DATABASE_", "WEBHOOK_", "LISTEN_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | {"PYTHONPATH": str(ROOT)} | settings


class Process(Protocol):
    """What a test can do with a process, however it was begun."""

    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, signal: int, /) -> None: ...
    async def wait(self) -> int: ...


class Forked:
    """A process that the forker has begun."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None
        self._ended: asyncio.Task[int] | None = None

    @classmethod
    @asynccontextmanager
    async def begun(cls, folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Forked]:
        """Begin a process and be told of its end; its pipes go at the end of the context."""
        wish = {"arguments": arguments, "folder": str(folder), "environ": environ(**settings)}
        pipes = [os.pipe(), os.pipe()]
        here, there = socket.socketpair()
        theirs = [*(end for _, end in pipes), there.detach()]
        socket.send_fds(forker(), [json.dumps(wish).encode()], theirs)
        for each in theirs:
            os.close(each)
        transports = []
        readers = []
        for end, _ in pipes:
            reader = asyncio.StreamReader()
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda reader=reader: asyncio.StreamReaderProtocol(reader),
                os.fdopen(end, "rb", 0),
            )
            transports.append(transport)
            readers.append(reader)
        told, keeper = await asyncio.open_connection(sock=here)
        process = cls(int(await _told(told, "began")))
        process.stdout, process.stderr = readers
        process._ended = asyncio.create_task(process._end(told))
        try:
            yield process
        finally:
            process._ended.cancel()
            for each in (*transports, keeper):
                each.close()

    async def _end(self, told: asyncio.StreamReader) -> int:
        self.returncode = int(await _told(told, "ended"))
        return self.returncode

    def send_signal(self, signal: int, /) -> None:
        """Nothing happens to a process that has ended: its id is kept for it."""
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Its exit status, or less than nothing: the signal that has ended it."""
        assert self._ended is not None
        return await asyncio.shield(self._ended)


async def _told(keeper: asyncio.StreamReader, word: str) -> str:
    """What a process's keeper says of it."""
    said, _, fact = (await keeper.readline()).decode().partition(" ")
    assert said == word, "the forker has failed"
    return fact


@cache
def forker() -> socket.socket:
    """The way to the process from which others are forked; it ends with this one."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bot.forker"], cwd=ROOT, env=environ(), stdin=there
    )
    there.close()

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here


@asynccontextmanager
async def _interpreter(
    folder: Path, *arguments: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python that begins with nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environ(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        # The pipes go with their transport, which nobody else closes.
        process._transport.close()


async def comptoir(
    folder: Path, *arguments: str, anew: bool = False, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, while the loop of the test goes on."""
    async with started(folder, *arguments, anew=anew, **settings) as program:
        status = await program.waits()
    return subprocess.CompletedProcess(arguments, status, program.said, program.complained)


class Program:
    """A running Comptoir; `said` is what it has printed so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said = ""
        self.complained = ""
        self._heard = asyncio.Event()
        self._complaints = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.complained += line.decode()
            self._heard.set()

    async def complains(self, text: str) -> None:
        """Wait for a line with this text on standard error."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.complained:
                await self._heard.wait()
                self._heard.clear()

    async def says(self, text: str) -> str:
        """Wait for a line with this text, and return it."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                self.said += line
                if text in line:
                    return line.strip()
        await self._complaints
        raise AssertionError(f"it ended without {text!r}:\n{self.said}\n{self.complained}")

    async def url(self) -> str:
        """The address of the page, once everything is ready."""
        line = await self.says("http://127.0.0.1:")
        return line[line.index("http://") :]

    async def ends(self, by: int = signal.SIGTERM) -> int:
        """Ask it to end, and its exit status."""
        self.process.send_signal(by)
        return await self.waits()

    async def waits(self) -> int:
        """Its exit status, when it ends by itself."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            self.said += (await self.process.stdout.read()).decode()
            status = await self.process.wait()
        await self._complaints
        return status


@asynccontextmanager
async def started(
    folder: Path, *arguments: str, anew: bool = False, **settings: str
) -> AsyncIterator[Program]:
    """Start the program; it is killed at the end if it is still there."""
    begun = _interpreter if anew else Forked.begun
    async with begun(folder, *arguments, **settings) as process:
        program = Program(process)
        try:
            yield program
        finally:
            if process.returncode is None:
                await program.ends(signal.SIGKILL)


class Page:
    """The chat page without a browser: what it sends and gets over its socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._items: list[dict[str, Any]] = []

    async def sends(self, **item: Any) -> None:
        """Send one item."""
        await self._socket.write_message(json.dumps(item))

    async def gets(self, kind: str, **facts: Any) -> dict[str, Any]:
        """The next item of a kind with these facts; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._items:
                    item = self._items.pop(0)
                    if item["type"] == kind and facts.items() <= item.items():
                        return item
                frame = await self._socket.read_message()
                assert frame is not None, "the page's socket was closed"
                self._items += json.loads(frame)

    async def welcome(self) -> dict[str, Any]:
        """Say hello, and what the page is told: run, shop, bot, people."""
        await self.sends(type="hello", run="", read={})
        return await self.gets("welcome")

    async def messages(self, person: int) -> list[dict[str, Any]]:
        """The chat of a person."""
        await self.sends(type="open", person=person)
        history: list[dict[str, Any]] = (await self.gets("history", person=person))["messages"]
        return history

    async def acts(self, person: int, act: str, **facts: Any) -> None:
        """Do something as a person; the bot's answer is not waited for."""
        await self.sends(type="act", id=uuid.uuid4().hex, person=person, act=act, **facts)

    async def says(self, person: int, text: str) -> dict[str, Any]:
        """Type a text, and the next message of the bot."""
        await self.acts(person, "says", text=text)
        return await self.hears(person)

    async def begins_to_tap(self, person: int, action: str, *which: Part) -> None:
        """Tap the newest button that does this; the bot's answer is not waited for."""
        found = newest_button(await self.messages(person), action, *which)
        await self.acts(person, "taps", message_id=found.message_id, data=found.data)

    async def taps(self, person: int, action: str, *which: Part) -> dict[str, Any]:
        """Tap a button, and the message that changes or comes."""
        await self.begins_to_tap(person, action, *which)
        return await self.hears(person)

    async def hears(self, person: int, text: str = "") -> dict[str, Any]:
        """The next message with this text that the bot sends to a person or edits."""
        while True:
            event = (await self.gets("event", person=person))["event"]
            if event["type"] in ("message", "edited") and event["message"]["from"]["is_bot"]:
                message: dict[str, Any] = event["message"]
                if text in message.get("text", ""):
                    return message


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Page]:
    """The page of a running program."""
    socket = await websocket_connect(url.replace("http://", "ws://") + "/socket")
    page = Page(socket)
    await page.welcome()
    try:
        yield page
    finally:
        socket.close()
