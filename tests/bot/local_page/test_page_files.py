"""Files on the chat page, up and down."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.async_api import expect

from bot.local_telegram.files import StoredFile
from bot.local_telegram.world import World
from tests.bot.local_page.helpers import PDF, Bot, Visitor, message
from tests.people import LEA

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.page]


async def test_a_pdf_opens_in_the_browser(visitor: Visitor, bot: Bot) -> None:
    paper = StoredFile("Order SO-12.pdf", "application/pdf", PDF)
    await bot.call("sendDocument", chat_id=LEA, document=paper, caption="Order SO-12")
    tab = await visitor.opens(f"#{LEA}")
    link = tab.locator(".document")
    await expect(link).to_contain_text("Order SO-12.pdf")
    await expect(link.locator(".document-size")).to_have_text(f"{len(PDF)}\u00a0B")
    async with visitor.context.expect_event(
        "response", lambda response: "/files/" in response.url
    ) as answered:
        await link.click()
    answer = await answered.value
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await visitor.context.request.get(answer.url)
    assert await again.body() == PDF


async def test_documents_and_photos_arrive_in_the_world(
    visitor: Visitor, world: World, bot: Bot
) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "/start")).to_be_visible()
    name = "price list «été».csv"
    await tab.locator("#file-input").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": b"sku;price\n"}
    )
    await expect(tab.locator("#attached-name")).to_have_text(name)
    await tab.locator("#text").fill("the prices")
    await tab.locator("#text").press("Enter")
    heard = await bot.hears("message")
    assert (heard["document"]["file_name"], heard["caption"]) == (name, "the prices")
    assert world.file(heard["document"]["file_id"]).content == b"sku;price\n"
    await expect(tab.locator(".own .document")).to_contain_text(name)
    await expect(tab.locator("#attached")).to_be_hidden()
    await expect(tab.locator("#text")).to_have_value("")

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    await tab.locator("#photo-input").set_input_files(
        {"name": "box.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    await tab.locator("#send").click()
    heard = await bot.hears("message")
    assert (heard["photo"][-1]["width"], heard["photo"][-1]["height"]) == (40, 30)
    photo = tab.locator(".photo img")
    await expect(photo).to_have_js_property("naturalWidth", 40)


async def test_a_file_that_is_too_large_is_refused_with_the_limit(visitor: Visitor) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "/start")).to_be_visible()
    await tab.evaluate(
        """() => {
          const file = new File([new Uint8Array(20_000_001)], "film.bin");
          const transfer = new DataTransfer();
          transfer.items.add(file);
          const event = { dataTransfer: transfer, bubbles: true, cancelable: true };
          document.getElementById("chat").dispatchEvent(new DragEvent("drop", event));
        }"""
    )
    await expect(tab.locator(".toast")).to_contain_text("At most 20\u00a0MB can be sent.")
    await expect(tab.locator("#attached")).to_be_hidden()
