"""What came in: rows that are committed before Telegram forgets them, and who works them off.

In order within a chat, side by side between chats.  A row ends as done, as unreadable (nothing
could read it), or as failed (the machinery could not answer it, after some tries); none of them
holds back those behind it for ever.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.base.keyed_tasks import KeyedTasks
from bot.base.logs import about
from bot.base.outbox import Destination, Parcel, kept_card, queue
from bot.base.recipients import actor_of_sender, reader_of
from bot.base.refusal_sentences import INCIDENT, new_incident
from bot.base.screen import Card
from bot.base.updates import (
    CHECKOUTS,
    Attachment,
    InboxItem,
    Incoming,
    Kind,
    Unreadable,
    chat_of,
    read_update,
)
from bot.receive import logo_uploads, spreadsheet_uploads
from bot.turn.dispatch import Outcome, take
from bot.turn.registry import Context
from core.storage.chat_tables import inbox
from core.storage.database import Database
from core.storage.errors import OutcomeUnknown
from core.storage.sql import update_one

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """A row that waits to be answered."""

    id: int
    update_id: int
    chat_id: int
    raw: str
    tries: int


OnNews = Callable[[Sequence[Waiting]], None]
"""Is told the rows that were kept just now."""

SAME_FOR: Final = timedelta(days=6)
"""How long an update id stands for the same update; after a quiet week ids may start again."""
AT_ONCE: Final = 16
MOST_TRIES: Final = 5
PAUSES: Final = (1, 2, 5, 10, 30)
"""Seconds after a failure of the database or the network, by the number of tries."""
TROUBLE: Final = (DBAPIError, OutcomeUnknown, OSError, TelegramError)
"""What passes by itself, so that a row is tried again."""


_KEPT = (
    inbox.c.update_id,
    inbox.c.received_day,
    inbox.c.chat_id,
    inbox.c.raw,
    inbox.c.state,
    inbox.c.tries,
    inbox.c.received_at,
)
_WAITING = (inbox.c.id, inbox.c.update_id, inbox.c.chat_id, inbox.c.raw, inbox.c.tries)


def _new(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(f"new_{column.name}", type_=column.type)


_KEEP = (
    insert(inbox)
    .from_select(
        [column.name for column in _KEPT],
        select(*map(_new, _KEPT)).where(
            ~exists().where(
                inbox.c.update_id == _new(inbox.c.update_id),
                inbox.c.received_at > bindparam("since"),
            )
        ),
        include_defaults=False,
    )
    .returning(*_WAITING)
)
_NEWEST = select(inbox.c.received_at).order_by(inbox.c.id.desc()).limit(1)
_OPEN_CHATS = select(inbox.c.chat_id).where(inbox.c.state == "new").distinct()
_CHECKOUTS_LEFT = (
    select(*_WAITING)
    .where(inbox.c.state == "new", inbox.c.chat_id == CHECKOUTS)
    .order_by(inbox.c.id)
)
_FORGET = delete(inbox).where(inbox.c.state == "done", inbox.c.received_at < bindparam("before"))
_COUNT_TRY = update(inbox).where(inbox.c.id == bindparam("row")).values(tries=inbox.c.tries + 1)
_FIRST = (
    select(*_WAITING)
    .where(inbox.c.state == "new", inbox.c.chat_id == bindparam("chat"))
    .order_by(inbox.c.id)
    .limit(1)
)


# --- Rows -------------------------------------------------------------------------------------


def last_received(connection: Connection) -> datetime | None:
    """When the newest update came."""
    return connection.execute(_NEWEST).scalar()


def keep(connection: Connection, updates: Sequence[Any], *, now: datetime) -> list[Waiting]:
    """Keep updates as they came, each once; returns the new ones.

    Raises IntegrityError when another process keeps the same one at this moment: nothing is
    kept then, and it will come again.
    """
    kept = (_keep_one(connection, each, now) for each in updates)
    return [each for each in kept if each is not None]


def _keep_one(connection: Connection, given: Any, now: datetime) -> Waiting | None:
    raw = json.dumps(given) if not isinstance(given, str) else given
    update_id = id_of(given)
    readable = update_id is not None
    if update_id is None:
        # It has no id of its own: its contents stand for it, as a number that no update has.
        update_id = -int.from_bytes(hashlib.sha256(raw.encode()).digest()[:6], "big")
    row = {
        "new_update_id": update_id,
        "new_received_day": now.date().isoformat(),
        "new_chat_id": chat_of(given) if readable else 0,
        "new_raw": raw,
        "new_state": "new",
        "new_tries": 0,
        "new_received_at": now,
        "since": now - SAME_FOR,
    }
    found = connection.execute(_KEEP, row).one_or_none()
    return None if found is None else Waiting(*found)


def id_of(given: Any) -> int | None:
    """The id of an update, or None when it has none that could be one."""
    found = given.get("update_id") if isinstance(given, dict) else None
    is_id = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**62
    return found if is_id else None


def open_chats(connection: Connection) -> Sequence[int]:
    """The chats in which something waits to be answered."""
    return connection.execute(_OPEN_CHATS).scalars().all()


def first_of(connection: Connection, chat_id: int) -> Waiting | None:
    """The first row of a chat that waits."""
    row = connection.execute(_FIRST, {"chat": chat_id}).one_or_none()
    return None if row is None else Waiting(*row)


def checkouts_left(connection: Connection) -> Sequence[Waiting]:
    """The questions before a payment that have no answer yet."""
    return [Waiting(*row) for row in connection.execute(_CHECKOUTS_LEFT)]


def forget(connection: Connection, before: datetime) -> None:
    """Delete what was answered before a moment: it holds what people wrote."""
    connection.execute(_FORGET, {"before": before})


def close(
    connection: Connection, row_id: int, state: str, *, incident: str, now: datetime
) -> None:
    """End a row that no turn has answered."""
    update_one(connection, inbox, row_id, state=state, incident=incident, done_at=now)


def count_try(connection: Connection, row_id: int) -> None:
    """One more try has failed."""
    connection.execute(_COUNT_TRY, {"row": row_id})


def fail(connection: Connection, context: Context, item: InboxItem, *, incident: str) -> None:
    """Give a row up and tell the person the id under which that is logged."""
    now = context.clock()
    close(connection, item.row_id, "failed", incident=incident, now=now)
    incoming = item.incoming
    if incoming.sender is None or incoming.chat_id != incoming.sender.telegram_id:
        return
    actor = actor_of_sender(connection, incoming.sender, now=now)
    text = reader_of(connection, actor).text(INCIDENT, incident=incident)
    parcel = Parcel("notice", {"card": kept_card(Card(text)), "about": None})
    queue(connection, Destination(incoming.chat_id, actor.person_id), parcel, now=now)


# --- Who works them off -----------------------------------------------------------------------


class Worker:
    """Works the inbox off: the rows that are handed over, and after `wake` all that wait.

    `on_outcome` is called after each turn: there may be something to send, or menus to change.
    `answer_after` is after how many seconds a tap is answered with nothing, so that nothing
    spins; `answered_early` is where that is noted.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        *,
        context: Context,
        answered_early: set[str],
        on_outcome: Callable[[Outcome], None],
        answer_after: float = 1,
    ) -> None:
        self._bot = bot
        self._database = database
        self._context = context
        self._answered_early = answered_early
        self._on_outcome = on_outcome
        self._answer_after = answer_after
        self._woken = asyncio.Event()
        self._lanes = KeyedTasks(AT_ONCE, on_end=self._woken.set)
        # Telegram waits ten seconds for the answer to a checkout: it waits for nobody.
        self._checkouts = KeyedTasks(AT_ONCE, on_end=self._woken.set)
        self._known: dict[int, deque[Waiting]] = {}
        self._must_look = True
        self._resting: dict[int, datetime] = {}
        self._stopping = False

    def hand_over(self, rows: Sequence[Waiting]) -> None:
        """Rows that were kept just now: nobody has to look for them."""
        for row in rows:
            if row.chat_id == CHECKOUTS:
                self._start_checkout(row)
            else:
                self._known.setdefault(row.chat_id, deque()).append(row)
        self._woken.set()

    def wake(self) -> None:
        """There may be something to answer that was not handed over."""
        self._must_look = True
        self._woken.set()

    def stop(self) -> None:
        """Begin no further turn."""
        self._stopping = True

    async def run(self) -> None:
        """Answer until cancelled."""
        while True:
            self._woken.clear()
            await self._start()
            waiting = asyncio.create_task(self._woken.wait())
            await asyncio.wait([waiting], timeout=1 if self._resting else None)
            waiting.cancel()
            self._must_look = self._must_look or bool(self._resting)

    async def drain(self) -> bool:
        """Answer until nothing is open, and say whether anything was answered."""
        did_something = False
        while await self._start() or self._lanes.busy or self._checkouts.busy:
            did_something = True
            await self._checkouts.wait_for_one()
            await self._lanes.wait_for_one()
        return did_something

    async def finish(self, seconds: float) -> bool:
        """Wait for the running turns, then end what is late; whether all had ended by then."""
        all_lanes = (self._checkouts, self._lanes)
        ended = await asyncio.gather(*(lanes.wait_for_all(seconds) for lanes in all_lanes))
        await asyncio.gather(*(lanes.cancel() for lanes in all_lanes))
        return all(ended)

    async def _start(self) -> int:
        """Start what was handed over and, where that is not all, what waits in the inbox."""
        now = self._context.clock()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        started = sum(self._start_chat(chat_id) for chat_id in list(self._known))
        if self._must_look:
            self._must_look = False
            for chat_id in await self._database.read(open_chats):
                if chat_id == CHECKOUTS:
                    started += await self._start_checkouts()
                    continue
                started += self._start_chat(chat_id)
                # Whether more waits there is known only when its lane is free again.
                self._must_look = self._must_look or chat_id not in self._resting
        return started

    def _start_chat(self, chat_id: int) -> bool:
        may_start = self._lanes.is_free(chat_id) and chat_id not in self._resting
        if may_start:
            self._lanes.start(chat_id, self._work_off(chat_id))
        return may_start

    async def _start_checkouts(self) -> int:
        """Start the checkouts that were not handed over, as after a restart."""
        if CHECKOUTS in self._resting:
            return 0
        return sum(map(self._start_checkout, await self._database.read(checkouts_left)))

    def _start_checkout(self, row: Waiting) -> bool:
        may_start = self._checkouts.is_free(row.id) and not self._stopping
        if may_start:
            self._checkouts.start(row.id, self._answer_checkout(row))
        return may_start

    async def _answer_checkout(self, row: Waiting) -> None:
        with about(update=row.update_id, turn=row.id):
            if not await self._answer(row, CHECKOUTS):
                self._must_look = True

    async def _work_off(self, chat_id: int) -> None:
        """Answer what waits in a chat, one after the other."""
        looks = chat_id not in self._known
        while not self._stopping:
            row = await self._next(chat_id, looks=looks)
            if row is None:
                return
            with about(update=row.update_id, chat=chat_id, turn=row.id):
                answered = await self._answer(row, chat_id)
            if not answered:
                # It has to rest, or is not the first of its chat: what is known is not enough.
                self._known.pop(chat_id, None)
                self._must_look = True
                return

    async def _next(self, chat_id: int, *, looks: bool) -> Waiting | None:
        known = self._known.get(chat_id)
        if known and not looks:
            return known.popleft()
        self._known.pop(chat_id, None)
        return await self._database.read(first_of, chat_id) if looks else None

    async def _answer(self, row: Waiting, chat_id: int) -> bool:
        """Answer one row; False when the chat has to rest, or another process answers it."""
        try:
            incoming = read_update(row.raw)
        except Unreadable as error:
            await self._give_up_reading(row, error)
            return True
        item = InboxItem(row.id, incoming)
        try:
            item = InboxItem(row.id, incoming, await self._fetch(incoming))
            outcome = await self._take(item)
        except TROUBLE as error:
            return await self._rest(row, item, chat_id=chat_id, error=error)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, those behind it must go on
            await self._fail(item, error)
            return True
        if outcome is not None:
            LOG.info("a %s is answered", incoming.kind.name.lower())
            self._on_outcome(outcome)
        return outcome is not None

    async def _take(self, item: InboxItem) -> Outcome | None:
        taking = asyncio.create_task(self._database.write(self._taken, item))
        query_id = item.incoming.query_id
        if item.incoming.is_tap:
            await asyncio.wait([taking], timeout=self._answer_after)
            if not taking.done():
                await self._answer_early(query_id)
        return await taking

    def _taken(self, connection: Connection, item: InboxItem) -> Outcome | None:
        before = self._database.commits
        outcome = take(connection, self._context, item)
        return None if outcome is None else replace(outcome, as_of=before + 1)

    async def _answer_early(self, query_id: str) -> None:
        self._answered_early.add(query_id)
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            LOG.info("a tap was not answered early: %s", type(error).__name__)

    async def _fetch(self, incoming: Incoming) -> Attachment | None:
        file = incoming.file
        if file is None:
            return None
        now = self._context.clock()
        is_logo = await self._database.read(logo_uploads.is_asked, incoming.chat_id, now=now)
        if incoming.kind is Kind.PHOTO and not is_logo:
            return Attachment(file.name, file.mime, file.size, None, file_id=file.file_id)
        content = None
        sender_id = incoming.sender.telegram_id if incoming.sender else 0
        how = await self._database.read(spreadsheet_uploads.fetch_plan, sender_id, file)
        if file.size <= how.most_bytes:
            try:
                described = await self._bot.get_file(file.file_id)
                content = bytes(await described.download_as_bytearray())
            except BadRequest as error:
                LOG.info("a file cannot be fetched: %s", error.message)
        found = Attachment(file.name, file.mime, file.size, content, file_id=file.file_id)
        if is_logo:
            return await logo_uploads.with_small_picture(found)
        return await spreadsheet_uploads.with_table(found) if how.is_table else found

    async def _give_up_reading(self, row: Waiting, error: Unreadable) -> None:
        incident = new_incident()
        LOG.error("incident %s: update %d is unreadable: %s", incident, row.update_id, error)
        now = self._context.clock()
        await self._database.write(close, row.id, "unreadable", incident=incident, now=now)

    async def _rest(
        self, row: Waiting, item: InboxItem, *, chat_id: int, error: Exception
    ) -> bool:
        tries = row.tries + 1
        LOG.warning("inbox row %d, try %d: %s", row.id, tries, type(error).__name__)
        # Money that was taken is tried until it is in the books.
        if tries >= MOST_TRIES and item.incoming.kind is not Kind.PAID:
            await self._fail(item, error)
            return True
        pause = timedelta(seconds=PAUSES[min(tries, len(PAUSES)) - 1])
        self._resting[chat_id] = self._context.clock() + pause
        await self._quietly(self._database.write(count_try, row.id))
        return False

    async def _fail(self, item: InboxItem, error: Exception) -> None:
        incident = new_incident()
        LOG.error("incident %s in inbox row %d", incident, item.row_id, exc_info=error)
        if await self._quietly(self._database.write(fail, self._context, item, incident=incident)):
            self._on_outcome(Outcome(incident))
        else:
            self._resting[item.incoming.chat_id] = self._context.clock() + timedelta(seconds=30)

    @staticmethod
    async def _quietly(writing: Any) -> bool:
        """Write down a failure; when the database fails again, the log has to do."""
        try:
            await writing
        except TROUBLE as error:
            LOG.warning("the database is in trouble: %s", type(error).__name__)
            return False
        return True
