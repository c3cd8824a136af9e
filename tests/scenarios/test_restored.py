"""The drill: an older copy is put back while Telegram, papers and people are ahead of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.command_line.backing_up import Wanted, make_copy
from bot.command_line.restoring import Wish, restore
from core.services.audit import audit
from core.storage.chat_tables import inbox, outbox
from core.storage.database import Database, open_database
from core.storage.tables import document, invitation
from tests.databases import Databases
from tests.people import KIM, LEA, SAMSON, Person
from tests.scenarios.stage import Stage, new_app


@pytest.fixture
def language() -> str:
    """Played in English: what is said in French is looked at elsewhere."""
    return "en"


class After:
    """The bot on what was put back, in the same Telegram."""

    def __init__(self, stage: Stage, database: Database) -> None:
        self.stage = stage
        self.database = database
        self.app = new_app(stage.world, database, stage.clock)

    def chat(self, user_id: int) -> Person:
        return Person(self.stage.world, user_id, self.app.settle)

    async def numbers(self) -> list[str]:
        def read(connection):
            numbered = select(document.c.number).where(document.c.number.is_not(None))
            return sorted(connection.scalars(numbered))

        return await self.database.read(read)


@asynccontextmanager
async def put_back(stage: Stage, databases: Databases, copy: Path) -> AsyncIterator[After]:
    """A copy in a new place of the same kind, and the bot on it."""
    url = databases.empty("sqlite" if stage.database.url.startswith("sqlite") else "postgresql")
    assert await asyncio.to_thread(restore, url, Wish(copy, clock=stage.clock)) == 0
    async with await open_database(url, clock=stage.clock) as database:
        after = After(stage, database)
        await after.app.settle()
        yield after
        assert await database.read(audit) == []
    databases.remove(url)


async def copied(stage: Stage, url: str, folder: Path) -> Path:
    wanted = Wanted(folder / "copy.db", clock=stage.clock)
    made = await asyncio.to_thread(make_copy, url, wanted)
    assert made.breaches == []
    return made.path


async def answer_to(person: Person, number: str) -> str:
    """What is said of the number of a paper that is not there."""
    await person.says(number)
    assert not person.can("paper")
    return person.text.replace(number, "")


async def test_an_older_copy_is_gone_on_with(
    stage, opening, databases, tmp_path, samson, lea, kim
):
    """What was traded after the copy is lost, and nothing of it is given, sent or done again."""
    await samson.buys("200 LAP-14")
    await lea.orders("High End: 3 LAP-14")
    lea.sees("SO-2026-0001")
    known = lea.last["message_id"]
    copy = await copied(stage, opening.url, tmp_path)

    # The time that is lost: a second order, delivered and invoiced, its paper with the customer.
    stage.clock.passes(hours=5)
    await lea.taps("convert", "DN", on=known)
    await lea.orders("High End: 20 LAP-14")
    lea.sees("SO-2026-0002")
    await lea.makes("IN", 20)
    lea.sees("IN-2026-0001")
    await lea.taps("send", "High End Computers")
    assert kim.document_name().startswith("IN-2026-0001")
    await lea.says("High End: 7 LAP-14")
    draft = lea.last["message_id"]
    sent = len(kim.messages)

    stage.clock.passes(hours=1)
    async with put_back(stage, databases, copy) as after:
        lea, samson, kim = after.chat(LEA), after.chat(SAMSON), after.chat(KIM)
        assert len(kim.messages) == sent, "something was sent again"
        samson.sees("SO-2026-0001", "IN-2026")
        assert samson.can("numbers_right")

        # The seller is told why there is no number yet; nothing was changed.
        await lea.orders("High End: 5 LAP-14")
        lea.is_refused("numbers_in_question", "SO-2026")
        assert not lea.can("numbers"), "that is the owner's to say"
        before = await after.numbers()
        assert before == ["PO-2026-0001", "RN-2026-0001", "SO-2026-0001"]

        # Buttons of the lost time do nothing, whatever they carry.
        await lea.taps("order_now", on=draft)
        lea.is_refused("changed")
        await lea.taps("make", "DN", on=known)
        lea.is_refused("changed")
        assert await after.numbers() == before

        # The owner says what had been given out.
        await samson.taps("last_number", "SO-2026")
        await samson.says("SO-2026-0000")
        samson.is_refused("last_number_too_low", "SO-2026-0001")
        await samson.says("2")
        samson.sees("SO-2026-0002")
        await samson.taps("finish")
        assert "SO-2026-0003" in samson.toasts[-1].text
        samson.sees("SO-2026: 1")
        await samson.taps("last_number", "IN-2026")
        await samson.says("IN-2026-0001")
        await samson.taps_all("finish", "numbers_right")
        assert not samson.can("numbers_right"), "all are known"

        # And the trade goes on behind it.
        await lea.orders("High End: 5 LAP-14")
        lea.sees("SO-2026-0003")
        await lea.makes("IN", 5)
        lea.sees("IN-2026-0002")
        lost = await answer_to(lea, "SO-2026-0002")
        assert lost != await answer_to(lea, "SO-2026-0009"), "nobody gave that one out"
        assert lost != await answer_to(kim, "SO-2026-0002"), "that is not for customers"
        after.stage.clock.passes(days=1)
        await after.app.settle()
        assert "SO-2026-0002" not in await after.numbers()


async def test_what_was_open_in_the_copy_is_not_done_again(
    stage, opening, databases, tmp_path, samson, lea, kim
):
    """A paper that waited was sent since, an update was answered, an invitation was used."""
    await samson.buys("200 LAP-14")
    await lea.orders("High End: 3 LAP-14")
    await lea.taps("send", "High End Computers")
    assert kim.document_name().startswith("SO-2026-0001")

    def wait_again(connection):
        is_paper = outbox.c.form == "paper"
        connection.execute(outbox.update().where(is_paper).values(state="queued"))
        row = {"update_id": 999_999, "received_day": "2026-11-24", "chat_id": LEA, "raw": "{}",
               "state": "new", "received_at": stage.clock()}  # fmt: skip
        connection.execute(inbox.insert().values(**row))
        later = stage.clock() + timedelta(days=3)
        link = {"token_hash": "h", "role": "owner", "created_at": stage.clock(),
                "expires_at": later}  # fmt: skip
        connection.execute(invitation.insert().values(**link))

    await stage.database.write(wait_again)
    copy = await copied(stage, opening.url, tmp_path)
    messages = len(kim.messages)
    async with put_back(stage, databases, copy) as after:

        def left(connection):
            paper = select(outbox.c.state).where(outbox.c.form == "paper")
            update = select(inbox.c.state, inbox.c.incident).where(inbox.c.update_id == 999_999)
            link = select(invitation.c.expires_at).where(invitation.c.token_hash == "h")
            return (
                connection.execute(paper).scalar_one(),
                tuple(connection.execute(update).one()),
                connection.execute(link).scalar_one(),
            )

        state, update, ends = await after.database.read(left)
        assert state == "unsure"
        assert update == ("failed", "restored")
        assert ends < stage.clock() + timedelta(days=3)
        assert len(after.chat(KIM).messages) == messages


async def test_a_shop_that_moves_goes_on_where_it_was(
    stage, opening, databases, tmp_path, samson, lea
):
    """The bot did not run since the copy: nothing is asked, and what waited is done."""
    await samson.buys("200 LAP-14")
    await lea.orders("High End: 3 LAP-14")
    card = lea.last["message_id"]
    copy = await copied(stage, opening.url, tmp_path)
    for target in ("sqlite", "postgresql"):
        url = databases.empty(target)
        assert (
            await asyncio.to_thread(restore, url, Wish(copy, moved=True, clock=stage.clock)) == 0
        )
        async with await open_database(url, clock=stage.clock) as database:
            after = After(stage, database)
            await after.app.settle()
            assert not after.chat(SAMSON).can("numbers_right")
            if target == "postgresql":
                lea = after.chat(LEA)
                await lea.taps("convert", "DN", on=card)
                await lea.taps("make", "DN", on=card)
                lea.sees("DN-2026-0001")
            assert await database.read(audit) == []
        databases.remove(url)
