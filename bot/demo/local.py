"""The demo on this machine: the chat page, the local Telegram and the bot in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from bot.app import App
from bot.demo.company import build, invite
from bot.demo.people import PEOPLE, DemoPerson, about
from bot.local_telegram.page import ChatPage
from bot.local_telegram.world import World
from bot.receive.webhook import Health, health_route
from core.domain.people import MACHINE, Role
from core.services import company
from core.services.work import Work
from core.storage.database import Database
from core.storage.tables import person as account

SOURCE: Final = "demo"


@asynccontextmanager
async def serving_page(
    world: World, *, port: int, address: str, health: Health | None = None
) -> AsyncIterator[str]:
    """Serve the chat page, and `/health` beside it; gives its address.  Port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    sockets = bind_sockets(port, address)
    page = ChatPage(world, about())
    more = [health_route(health)] if health is not None else []
    server = HTTPServer(Application([*more, *page.routes()]))
    server.add_sockets(sockets)
    host = f"[{address}]" if ":" in address else address
    try:
        yield f"http://{host}:{sockets[0].getsockname()[1]}"
    finally:
        server.stop()
        page.drop_sockets()
        await server.close_all_connections()


async def found_company(database: Database) -> bool:
    """Build the demo company where there is none; whether there was none."""
    return await database.write(_found_company, database.clock())


def _found_company(connection: Connection, now: datetime) -> bool:
    if company.is_set_up(connection):
        return False
    build(Work(connection, MACHINE, now, SOURCE))
    return True


async def bring_in(app: App, world: World) -> None:
    """Let each person open the bot, by a link of his own the first time, and be answered.

    The owner comes last, or he would first read of everybody else who has come.  Whoever has
    joined but whose chat is empty (the process died before it was kept) says /start without a
    link, so that nobody looks at an empty chat.
    """
    database = app.database
    strangers = await database.read(_strangers, PEOPLE)
    for owners in (False, True):
        for person in PEOPLE:
            if (person.role is Role.OWNER) != owners:
                continue
            if person in strangers:
                token = await database.write(_invitation, database.clock(), person)
                world.starts(person.user_id, token)
            elif not world.record(person.user_id).messages:
                world.starts(person.user_id)
        await app.settle()


def _strangers(connection: Connection, people: Iterable[DemoPerson]) -> set[DemoPerson]:
    """Those whom the bot has never met: whoever left the company is not brought in again."""
    ids = [person.user_id for person in people]
    met = set(
        connection.scalars(select(account.c.telegram_id).where(account.c.telegram_id.in_(ids)))
    )
    return {person for person in people if person.user_id not in met}


def _invitation(connection: Connection, now: datetime, person: DemoPerson) -> str:
    return invite(Work(connection, MACHINE, now, SOURCE), person)
