"""A shop that an earlier release has left goes on with this code, whatever was open in it.

Each folder beside this file is such a shop.  What stands in its database or on a button in
somebody's chat cannot be changed any more: this code knows it, or migrates it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.command_line.checking import check_database
from bot.conversation.runner import FORM_ACTIONS
from bot.turn.registry import Registry
from core.papers.maker import make_papers
from core.services.audit import audit
from core.storage.chat_tables import focus, outbox, ui_message
from core.storage.database import open_database
from core.storage.queries.document_queries import document, documents_where
from core.storage.schema import create_schema, migrate, schema_text
from core.storage.tables import approval, paper_file
from tests.clock import Clock
from tests.databases import Databases, Dialect
from tests.releases import facts
from tests.releases.fixture import Release, Resumed, releases, resumed
from tests.releases.phone import KeptButton

OLGA, ANA, JANA = 107, 108, 109


@pytest.fixture(params=releases(), ids=lambda each: each.name)
def release(request: pytest.FixtureRequest) -> Release:
    """Each release in turn."""
    found: Release = request.param
    return found


@pytest.fixture
def url(databases: Databases, release: Release, dialect: Dialect) -> Iterator[str]:
    """The URL of its shop, migrated."""

    def build(template: str) -> None:
        release.put_back(databases, dialect, template)
        asyncio.run(_written(template, migrate))

    copied = databases.copy_of(dialect, f"release-{release.name}", build=build)
    yield copied
    databases.remove(copied)


async def _written(url: str, change: Callable[[Connection], None]) -> None:
    async with await open_database(url, clock=Clock()) as database:
        await database.write(change)


@pytest.fixture
async def bot(release: Release, dialect: Dialect, url: str) -> AsyncIterator[Resumed]:
    """A bot over its shop that has not done anything yet."""
    async with resumed(release, dialect, url) as opened:
        yield opened


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing may be logged that needs somebody's care."""
    yield
    found = [each for each in caplog.get_records("call") if each.levelno >= logging.ERROR]
    assert not found, caplog.text


# --- What is in the database ------------------------------------------------------------------


async def test_the_schema_is_that_of_a_new_shop(databases: Databases, dialect: Dialect, url: str):
    new = databases.empty(dialect)
    await _written(new, create_schema)
    texts = []
    for each in (new, url):
        async with await open_database(each, clock=Clock()) as database:
            texts.append(await database.read(schema_text))
    databases.remove(new)
    assert texts[0] == texts[1]


def test_check_finds_nothing(url: str, capsys: pytest.CaptureFixture[str]):
    assert check_database(url) == 0, capsys.readouterr().out


async def test_the_figures_are_those_of_the_release(bot: Resumed):
    found = await bot.database.read(facts.figures)
    assert found == {name: bot.release.facts[name] for name in found}


async def test_papers_are_reprinted_byte_by_byte(bot: Resumed):
    make = make_papers(bot.database)
    before = await bot.database.read(_kept_papers)
    for each in bot.release.facts["papers"]:
        reader = bot.release.facts["readers"][each["reader"]]
        actor = await bot.database.read(facts.actor_of, reader)
        (record,) = await bot.database.read(documents_where, document.c.number == each["number"])
        version = {} if each["version"] is None else {"version": each["version"]}
        file = await make(record.id, each["language"], actor, **version)
        assert hashlib.sha256(file.content).hexdigest() == each["sha256"], each
    # None of them was drawn anew.
    assert await bot.database.read(_kept_papers) == before
    assert before == {each["sha256"] for each in bot.release.facts["papers"]}


def _kept_papers(connection: Connection) -> set[str]:
    return set(connection.scalars(select(paper_file.c.sha256)))


# --- Names ------------------------------------------------------------------------------------


async def test_every_name_that_is_kept_is_known(bot: Resumed, dialect: Dialect):
    registry = Registry.standard(takes_payments=True)
    on_buttons = registry.screens.keys() | registry.actions.keys() | FORM_ACTIONS
    names = bot.release.facts["names"]
    buttons = {each.tap.action for each in bot.release.buttons(dialect)}
    kept = await bot.database.read(_kept_names)
    known = (
        ("a screen or an action of a button", on_buttons, buttons | kept["buttons"]),
        ("a screen or an action of a button", on_buttons, {*names["screens"], *names["actions"]}),
        ("a screen of a card", registry.screens.keys(), kept["screens"]),
        ("the form of an open question", registry.forms.keys(), kept["forms"]),
        ("a form that may ask in a chat", registry.forms.keys(), set(names["forms"])),
    )
    for what, here, wanted in known:
        missing = sorted(wanted - here)
        assert not missing, (
            f"{missing}: {what} of {bot.release.name} that shops and chats still have. "
            "A name that is kept stays, or the old one is answered too"
        )
    steps = {name: {step.key for step in form.steps} for name, form in registry.forms.items()}
    for form, step in kept["steps"]:
        assert step in {"", *steps[form]}, f"the step {step} of the open question {form} is gone"


def _kept_names(connection: Connection) -> dict[str, set[Any]]:
    """The names in cards, in what waits to be sent, in open questions."""
    found: dict[str, set[Any]] = {name: set() for name in ("buttons", "screens", "forms", "steps")}
    for shown in connection.scalars(select(ui_message.c.screen)):
        found["screens"].add(json.loads(shown)["screen"])
    for payload in connection.scalars(select(outbox.c.payload)):
        sent = json.loads(payload)
        if "screen" in sent:
            found["screens"].add(sent["screen"])
        if sent.get("about"):
            found["screens"].add(sent["about"][0])
        rows = sent.get("card", {}).get("rows", [])
        found["buttons"] |= {each["action"] for row in rows for each in row} - {""}
    for form, step in connection.execute(select(focus.c.form, focus.c.step)):
        found["forms"].add(form)
        found["steps"].add((form, step))
    return found


# --- What was open ----------------------------------------------------------------------------


def _waiting(connection: Connection) -> dict[str, int]:
    """How many rows of each form wait to be sent."""
    is_open = outbox.c.state.in_(("queued", "sending"))
    counted = select(outbox.c.form, func.count()).where(is_open).group_by(outbox.c.form)
    return {row[0]: row[1] for row in connection.execute(counted)}


@pytest.mark.usefixtures("no_errors")
async def test_open_questions_are_answered(bot: Resumed):
    await bot.app.settle()
    for user_id, text in bot.release.facts["answers"].items():
        phone = bot.phone(int(user_id))
        before = await bot.database.read(_question, phone.user_id)
        assert before is not None, f"{user_id} is asked nothing"
        await phone.says(text)
        after = await bot.database.read(_question, phone.user_id)
        assert after is None or after[:2] != before[:2], phone.choices()
    states = await bot.database.read(_states, approval)
    assert states["refused"] == 2, "the owner's reason has refused the open approval"
    assert await bot.database.read(audit) == []


def _question(connection: Connection, chat_id: int) -> tuple[Any, ...] | None:
    asked = select(focus.c.form, focus.c.step, focus.c.answers).where(focus.c.chat_id == chat_id)
    row = connection.execute(asked).one_or_none()
    return None if row is None else tuple(row)


def _states(connection: Connection, table: Any) -> dict[str, int]:
    counted = select(table.c.state, func.count()).group_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


# --- Old cards --------------------------------------------------------------------------------


def _tried(release: Release, dialect: Dialect) -> list[KeptButton]:
    """All of them on SQLite, where that is quicker; on PostgreSQL a sample."""
    buttons = release.buttons(dialect)
    return buttons if dialect == "sqlite" else _sample(buttons)


def _sample(buttons: list[KeptButton]) -> list[KeptButton]:
    """One button for each action."""
    return list({each.tap.action: each for each in buttons}.values())
