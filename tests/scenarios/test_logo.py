"""The company's logo, sent in the chat; what was issued before it stays as it was.

Played through the chat in English and in French, on SQLite and on PostgreSQL.
"""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import Connection, func, select

from core.i18n import translator
from core.services import company
from core.services.audit import audit
from core.storage.models import History, StoredFile
from core.storage.writing import table_of
from tests.files.test_pictures import claiming
from tests.pdf.papers import picture
from tests.scenarios.stage import LEA, SAMSON, Stage
from tests.scenarios.test_holds import Speaker
from tests.scenarios.test_templates import invoices

NO_PICTURE = "This is no picture that can be printed. Send a photo, or a PNG or JPEG as a file."
history, stored_file = table_of(History), table_of(StoredFile)


@pytest.fixture
def samson(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(SAMSON), translator(language))


@pytest.fixture
def lea(stage: Stage, language: str) -> Speaker:
    return Speaker(stage.chat(LEA), translator(language))


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


async def opens_logo(samson: Speaker) -> None:
    for label in ("Settings", "Company", "Logo"):
        # TODO ('"edit_company"',) || ('"logo"',) || ('"settings"',)
        await samson.taps(label)


async def test_a_logo_is_sent_seen_changed_and_removed(stage, samson, lea):
    before = await invoices(lea)
    assert logos_on(before) == []
    await samson.says("/start")
    await opens_logo(samson)
    samson.sees("There is none yet: papers begin with the company's name.")
    await samson.taps("send_logo")
    # What is none is refused in a sentence, and asked for again; a table is no import here.
    await samson.says("our logo")
    samson.sees("A photo is needed here.")
    for name, content in {"logo.png": b"no picture", "prices.csv": b"SKU,Name\nA,B\n"}.items():
        await samson.chat.sends_document(name, content)
        samson.sees(NO_PICTURE)
    await samson.chat.sends_document("logo.png", bytes(5_000_001))
    samson.sees(
        "This picture is too large: at most {most} megabytes. Send a smaller one.", most="5"
    )
    await samson.chat.sends_document("logo.png", claiming(60_000, 60_000))
    samson.sees(
        "This picture is too large: at most {most} million pixels. Send a smaller one.", most="20"
    )
    assert await kept_logo(stage) is None
    # A picture as a file is kept small; a sample shows it, and so does the next paper.
    await samson.chat.sends_document("logo.png", picture((1600, 400), mode="RGBA"))
    samson.sees("New papers have it; templates say how large it is and where it stands.")
    assert await kept_logo(stage) == ("PNG", (1000, 250))
    await samson.taps("preview_template")
    assert logos_on(samson.chat.document()) == [(900, 225)]
    assert logos_on(await invoices(lea)) == [(900, 225)]
    # What was drawn before it is sent again as it was.
    await lea.says("IN-2026-0001")
    await lea.taps("paper")
    assert lea.chat.document() == before
    # Another one, as a photo, on the way from a template; then none.
    await samson.says("/start")
    for label in ("Settings", "Templates"):
        # TODO ('"settings"',) || ('"templates"',)
        await samson.taps(label)
    await samson.taps("template", "Elegant"#)
    await samson.taps("logo")
    await samson.taps("send_logo")
    await samson.chat.sends_photo(picture((80, 40), "JPEG"))
    assert await kept_logo(stage) == ("JPEG", (80, 40))
    assert logos_on(await invoices(lea)) == [(80, 40)]
    await samson.taps("remove_logo")
    samson.sees("There is none yet: papers begin with the company's name.")
    assert logos_on(await invoices(lea)) == []
    assert await stage.asks(left_over) == (0, ["set_logo", "set_logo", "remove_logo"])
    assert await stage.asks(audit) == []
