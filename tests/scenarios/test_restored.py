"""The drill: an older copy is put back while Telegram, papers and people are ahead of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App, BotSettings, build
from bot.command_line.backing_up import Wanted, make_copy
from bot.command_line.restoring import Wish, restore
from bot.local.request import LocalRequest
from bot.paper_maker import make_papers
from core.services.audit import audit
from core.storage.database import Database, open_database
from core.storage.models import Document, Inbox, Invitation, Outbox
from core.storage.writing import table_of
from tests.chat import Chat
from tests.databases import Databases
from tests.scenarios.stage import HIGH_END, LEA, OMAR, SAMSON, Stage

document, inbox = table_of(Document), table_of(Inbox)
invitation, outbox = table_of(Invitation), table_of(Outbox)


@pytest.fixture
def language() -> str:
    """Played in English: what is said in French is looked at elsewhere."""
    return "en"


class After:
    """The bot on what was put back, in the same Telegram."""

    def __init__(self, stage: Stage, database: Database) -> None:
        self.stage = stage
        self.database = database
        request = LocalRequest(stage.world)
        self.app: App = build(
            BotSettings(stage.world.token),
            database,
            stage.clock,
            request=request,
            paper_maker=make_papers(database),
        )

    def chat(self, person: int) -> Chat:
        return Chat(self.stage.world, person, self.app.settle)

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


async def buy(stage: Stage) -> None:
    samson, omar = stage.chat(SAMSON), stage.chat(OMAR)
    await samson.orders("Shenzhen: 200 LAP-14")
    await omar.says("PO-2026-0001")
    await omar.makes("RN", 200)
    omar.sees("RN-2026-0001")


async def sell(lea: Chat, number: int) -> None:
    await lea.orders(f"High End: {number} LAP-14")


async def test_an_older_copy_is_gone_on_with(stage, opening, databases, tmp_path):
    """What was traded after the copy is lost, and nothing of it is given, sent or done again."""
    lea, samson, kim = stage.chat(LEA), stage.chat(SAMSON), stage.chat(HIGH_END)
    await buy(stage)
    await sell(lea, 3)
    lea.sees("SO-2026-0001")
    known = lea.last["message_id"]
    copy = await copied(stage, opening.url, tmp_path)

    # The time that is lost: a second order, delivered and invoiced, its paper with the customer.
    stage.clock.passes(hours=5)
    await lea.taps("convert", "DN", on=known)
    await sell(lea, 20)
    lea.sees("SO-2026-0002")
    lost = lea.last["message_id"]
    await lea.makes("IN", on=lost)
    lea.sees("IN-2026-0001")
    await lea.taps("send")
    assert kim.document_name().startswith("IN-2026-0001")
    await lea.says("High End: 7 LAP-14")
    draft = lea.last["message_id"]
    sent = len(kim.messages)

    stage.clock.passes(hours=1)
    async with put_back(stage, databases, copy) as after:
        lea, samson, kim = after.chat(LEA), after.chat(SAMSON), after.chat(HIGH_END)
        assert len(kim.messages) == sent, "something was sent again"
        samson.sees("Last numbers", "SO-2026-0001", "None in the books yet", "IN-2026")
        assert samson.labels().count("All of these are right") == 1

        # The seller is told why there is no number yet; nothing was changed.
        await lea.orders("High End: 5 LAP-14")
        lea.sees("No new number of SO-2026 yet")
        assert "Check the numbers" not in lea.labels()
        before = await after.numbers()
        assert before == ["PO-2026-0001", "RN-2026-0001", "SO-2026-0001"]

        # Buttons of the lost time do nothing, whatever they carry.
        await lea.taps("order_now", on=draft)
        assert lea.toasts[-1].text.startswith("This has changed meanwhile")
        await lea.taps("make", "DN", on=known)
        assert lea.toasts[-1].text.startswith("This has changed meanwhile")
        assert await after.numbers() == before

        # The owner says what had been given out.
        await samson.taps("last_number", "SO-2026"#)
        await samson.says("SO-2026-0000")
        samson.sees("SO-2026-0001 is in the books")
        await samson.says("2")
        samson.sees("SO-2026-0002, lost for ever: SO-2026-0002 to SO-2026-0002")
        await samson.taps("finish")
        assert "SO-2026-0003" in samson.toasts[-1].text
        samson.sees("Numbers lost with a copy: SO-2026: 1")
        await samson.taps("last_number", "IN-2026"#)
        await samson.says("IN-2026-0001")
        await samson.taps("finish")
        await samson.taps("numbers_right")
        samson.sees("All are known")

        # And the trade goes on behind it.
        await sell(lea, 5)
        lea.sees("SO-2026-0003")
        await lea.makes("IN")
        lea.sees("IN-2026-0002")
        await lea.says("SO-2026-0002")
        lea.sees("SO-2026-0002 was given out after the copy")
        await kim.says("SO-2026-0002")
        kim.does_not_see("was given out after")
        await lea.says("SO-2026-0009")
        lea.sees("There is no paper SO-2026-0009")
        after.stage.clock.passes(days=1)
        await after.app.settle()
        assert "SO-2026-0002" not in await after.numbers()


async def test_what_was_open_in_the_copy_is_not_done_again(stage, opening, databases, tmp_path):
    """A paper that waited was sent since, an update was answered, an invitation was used."""
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await buy(stage)
    await sell(lea, 3)
    await lea.taps("send")
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
        assert len(after.chat(HIGH_END).messages) == messages


async def test_a_shop_that_moves_goes_on_where_it_was(stage, opening, databases, tmp_path):
    """The bot did not run since the copy: nothing is asked, and what waited is done."""
    lea = stage.chat(LEA)
    await buy(stage)
    await sell(lea, 3)
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
            after.chat(SAMSON).does_not_see("Last numbers")
            if target == "postgresql":
                lea = after.chat(LEA)
                await lea.makes("DN", on=card)
                lea.sees("DN-2026-0001")
            assert await database.read(audit) == []
        databases.remove(url)
