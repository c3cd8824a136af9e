"""The chat page on a free port, a bot that answers when told to, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.local_telegram.page import About, PersonNote
from bot.local_telegram.world import World
from tests.bot.local_page.helpers import CLAIRE, NOW, PATIENCE, Bot, Site, Visitor
from tests.people import LEA, OMAR


@pytest.fixture
def world() -> World:
    """A Telegram with three persons, of whom two have written to the bot."""
    world = World("Crimson", "crimson_bot", now=lambda: NOW)
    world.add_person(LEA, "Lea", last_name="Martin", language_code="en")
    world.add_person(OMAR, "Omar", language_code="en")
    world.add_person(CLAIRE, "Claire", last_name="Petit", language_code="fr")
    for user_id in (LEA, OMAR):
        world.says(user_id, "/start")
    world.updates.drop()
    return world


@pytest.fixture
def bot(world: World) -> Bot:
    """The bot's side."""
    return Bot(world)


@pytest_asyncio.fixture(loop_scope="session")
async def site(world: World) -> AsyncIterator[Site]:
    """The page, served."""
    notes = {
        LEA: PersonNote("sales", "Type an order, for example 20 laptop."),
        OMAR: PersonNote("storekeeper"),
        CLAIRE: PersonNote("cliente", "Demandez le catalogue."),
    }
    site = Site(world, About("Crimson", notes))
    yield site
    await site.down()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, or Playwright's own where the system has none."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_visitor(browser: Browser, site: Site) -> AsyncIterator[Callable[..., Any]]:
    """Make visitors; at the end no page may have complained."""
    visitors: list[Visitor] = []

    async def make(width: int = 1200, height: int = 800, **options: Any) -> Visitor:
        options.setdefault("timezone_id", "Europe/Paris")
        context = await browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield make
    for visitor in visitors:
        await visitor.context.close()
    assert [visitor.complaints for visitor in visitors if visitor.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(new_visitor: Callable[..., Any]) -> Visitor:
    """A newcomer at a desk."""
    found: Visitor = await new_visitor()
    return found


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Let the browser's assertions wait no longer than its actions."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=None)
