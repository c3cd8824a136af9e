"""The company's logo, sent in the chat; what was issued before it stays as it was.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from io import BytesIO

from PIL import Image
from pypdf import PdfReader
from sqlalchemy import Connection, func, select

from core.services import company
from core.storage.chat_tables import stored_file
from core.storage.tables import history
from tests.files.test_pictures import claiming
from tests.pdf.papers import picture
from tests.people import Person
from tests.scenarios.stage import Stage


async def invoices(person: Person) -> bytes:
    """Bill freight to Martin, and get the paper of the invoice."""
    await person.orders("Martin: 2x FREIGHT")
    await person.makes("IN", 2)
    await person.taps("paper")
    return person.document()


def logos_on(paper: bytes) -> list[tuple[int, int]]:
    """The sizes of the pictures on the first page."""
    found = [each.image for each in PdfReader(BytesIO(paper)).pages[0].images]
    return [image.size for image in found if image is not None]


async def kept_logo(stage: Stage) -> tuple[str | None, tuple[int, int]] | None:
    """The form and size of what is kept."""
    logo = (await stage.asks(company.current)).logo
    if logo is None:
        return None
    with Image.open(BytesIO(logo)) as image:
        return image.format, image.size


def left_over(connection: Connection) -> tuple[int, list[str]]:
    """How many sent files are still kept, and what was done with the logo."""
    files = connection.execute(select(func.count()).select_from(stored_file)).scalar_one()
    done = select(history.c.action).where(history.c.action.like("%\\_logo", escape="\\"))
    return files, list(connection.execute(done.order_by(history.c.id)).scalars())


async def test_a_logo_is_sent_seen_changed_and_removed(stage, samson, lea):
    before = await invoices(lea)
    assert logos_on(before) == []
    await samson.says("/start")
    await samson.taps_all("settings", "edit_company", "logo")
    assert not samson.can("remove_logo"), "there is none yet"
    await samson.taps("send_logo")
    # What is none is refused in a sentence, and asked for again; a table is no import here.
    await samson.says("our logo")
    assert samson.can("cancel")
    for name, content in {"logo.png": b"no picture", "prices.csv": b"SKU,Name\nA,B\n"}.items():
        await samson.sends_document(name, content)
        samson.is_refused("no_picture")
    await samson.sends_document("logo.png", bytes(5_000_001))
    samson.is_refused("picture_too_large", 5)
    await samson.sends_document("logo.png", claiming(60_000, 60_000))
    samson.is_refused("picture_too_many_pixels", 20)
    assert await kept_logo(stage) is None
    # A picture as a file is kept small; a sample shows it, and so does the next paper.
    await samson.sends_document("logo.png", picture((1600, 400), mode="RGBA"))
    assert await kept_logo(stage) == ("PNG", (1000, 250))
    await samson.taps("preview_template")
    assert logos_on(samson.document()) == [(900, 225)]
    assert logos_on(await invoices(lea)) == [(900, 225)]
    # What was drawn before it is sent again as it was.
    await lea.says("IN-2026-0001")
    await lea.taps("paper")
    assert lea.document() == before
    # Another one, as a photo, on the way from a template; then none.
    await samson.says("/start")
    await samson.taps_all("settings", "templates", ("template", "Elegant"), "logo", "send_logo")
    await samson.sends_photo(picture((80, 40), "JPEG"))
    assert await kept_logo(stage) == ("JPEG", (80, 40))
    assert logos_on(await invoices(lea)) == [(80, 40)]
    await samson.taps("remove_logo")
    assert not samson.can("remove_logo")
    assert logos_on(await invoices(lea)) == []
    assert await stage.asks(left_over) == (0, ["set_logo", "set_logo", "remove_logo"])
