"""A line for each event: with ids, without secrets, without what people wrote."""

import logging
import re

import pytest
from bot.base.logs import HIDDEN, KeyValue, Redaction, about, log_to_console
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

LOG = logging.getLogger("bot.somewhere")
TOKEN = "123456789:AAE-a_token_of_some_letters"


@pytest.fixture
def lines():
    """What a handler like the program's has written."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(KeyValue())
    handler.addFilter(Redaction(["a-secret_1"]))
    LOG.addHandler(handler)
    LOG.setLevel(logging.DEBUG)
    yield written
    LOG.removeHandler(handler)
    LOG.setLevel(logging.NOTSET)


def fail(error):
    raise error


def test_a_line_is_key_and_value(lines):
    LOG.info("started")
    assert re.fullmatch(
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=INFO logger=bot\.somewhere"
        r" event=started",
        lines[0],
    )


def test_a_line_has_the_ids_of_what_is_worked_on(lines):
    with about(update=71, chat=102):
        with about(turn=12):
            LOG.warning("it failed, incident %s is told", "327a009c")
        LOG.info("go on")
    LOG.info("alone")
    assert " update=71 chat=102 turn=12 incident=327a009c event=" in lines[0]
    assert " update=71 chat=102 event=" in lines[1]
    assert "chat=" not in lines[2]


def test_whatever_happens_is_one_line(lines):
    try:
        fail(ValueError('two\nlines with "quotes" and an = sign'))
    except ValueError:
        LOG.exception("it\nfailed")
    assert len(lines[0].splitlines()) == 1
    assert r"event=\"it" not in lines[0]
    assert 'event="it\\nfailed"' in lines[0]
    assert "ValueError: two\\nlines" in lines[0]


def test_secrets_are_hidden_in_words_and_traces(lines):
    try:
        fail(OSError(f"https://api.telegram.org/bot{TOKEN}/getMe"))
    except OSError:
        LOG.exception("with %s and %s", TOKEN, "a-secret_1")
    assert TOKEN not in lines[0]
    assert "a-secret_1" not in lines[0]
    assert lines[0].count(HIDDEN) == 3


async def test_what_people_wrote_is_in_no_error_of_the_database(lines, database):
    secret = "nobody shall know"
    statement = text("INSERT INTO person (id, telegram_id, name, language, created_at)"
                     " VALUES (:id, 1, :name, :name, 0)")  # fmt: skip

    def twice(connection):
        if connection.dialect.name == "postgresql":
            connection.execute(text("CREATE UNIQUE INDEX by_name ON person (name)"))
        values = {"id": 5, "name": secret}
        overriding = text(str(statement).replace(" VALUES", " OVERRIDING SYSTEM VALUE VALUES"))
        chosen = overriding if connection.dialect.name == "postgresql" else statement
        connection.execute(chosen, values)
        connection.execute(chosen, values | {"id": 6})

    try:
        await database.write(twice)
    except DBAPIError:
        LOG.exception("it failed")
    assert "IntegrityError" in lines[0]
    assert secret not in lines[0]


def test_who_says_too_much_is_quiet_at_every_level(monkeypatch):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "sqlalchemy")}
    root.handlers[:] = []
    try:
        log_to_console("DEBUG")
        assert root.level == logging.DEBUG
        for name in ("httpx", "telegram.ext", "sqlalchemy.engine", "aiosqlite"):
            assert not logging.getLogger(name).isEnabledFor(logging.INFO)
        assert any(isinstance(each, Redaction) for each in root.handlers[0].filters)
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
        for name, old in levels.items():
            logging.getLogger(name).setLevel(old)
