"""The chat page in a real browser, over the real local Telegram: talking and tapping."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot.local_telegram.world import World
from tests.bot.local_page.helpers import (
    CLAIRE,
    NOTED,
    Bot,
    Visitor,
    attribute,
    button,
    height_of,
    message,
    texts_of,
)
from tests.people import LEA, OMAR

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.page]


async def test_a_newcomer_starts_and_sends_texts(visitor: Visitor, world: World, bot: Bot) -> None:
    tab = await visitor.opens("")
    await expect(tab.locator("#shop-name")).to_have_text("Crimson")
    await expect(tab.locator(".row-role").first).to_have_text("sales")
    await expect(tab.locator("#nobody")).to_contain_text("Demandez le catalogue.")
    await tab.locator(".row", has_text="Claire").click()
    await expect(tab.locator("#text")).to_be_hidden()
    await tab.locator("#start").click()
    assert (await bot.hears("message"))["text"] == "/start"
    await bot.sends(CLAIRE, "Bienvenue")
    await expect(message(tab, "Bienvenue")).to_have_class(re.compile("theirs"))

    await tab.locator("#text").fill("deux lignes")
    await tab.locator("#text").press("Shift+Enter")
    await tab.locator("#text").press_sequentially("ici")
    await tab.locator("#text").press("Enter")
    await expect(message(tab, "deux lignes")).to_have_class(re.compile("own"))
    await expect(tab.locator(".pending")).to_have_count(0)
    await expect(tab.locator("#text")).to_have_value("")
    assert texts_of(world, CLAIRE) == ["/start", "Bienvenue", "deux lignes\nici"]
    kept = "Object.keys(localStorage).filter((key) => key.includes('.queue.'))"
    assert await attribute(tab, kept) == [], "what was sent waits no longer"


async def test_two_tabs_are_two_persons_and_count_what_is_unread(
    visitor: Visitor, bot: Bot
) -> None:
    omars = await visitor.opens(f"#{OMAR}")
    await expect(omars.locator("#chat-status")).to_have_text("You are Omar · storekeeper")
    await bot.sends(LEA, "for Lea")
    row = omars.get_by_role("link", name=re.compile("Lea"))
    await expect(row.locator(".badge")).to_have_text("1")
    await expect(row.locator(".row-last")).to_have_text("for Lea")
    leas = await visitor.opens(f"#{LEA}")
    await expect(leas.locator("#chat-status")).to_have_text("You are Lea Martin · sales")
    await expect(row.locator(".badge")).to_be_hidden()
    await bot.sends(OMAR, "for Omar")
    await expect(message(omars, "for Omar")).to_be_visible()
    await expect(message(omars, "for Lea")).to_have_count(0)
    await expect(message(leas, "for Lea")).to_be_visible()
    await expect(message(leas, "for Omar")).to_have_count(0)


async def test_formatting_counts_in_utf_16_units_and_nests(visitor: Visitor, bot: Bot) -> None:
    await bot.sends(
        LEA,
        "🧾🧾 <b>bold <i>both</i></b> <u>under</u> <s>gone</s> <code>x = 1</code> "
        '<a href="https://example.com/a">link</a> <tg-spoiler>secret</tg-spoiler>',
        parse_mode="HTML",
    )
    await bot.sends(LEA, "An order of twenty laptops\nتم SO-12")
    tab = await visitor.opens(f"#{LEA}")
    item = message(tab, "under")
    await expect(item.locator("strong")).to_have_text("bold both")
    await expect(item.locator("strong em")).to_have_text("both")
    await expect(item.locator("u")).to_have_text("under")
    await expect(item.locator("s")).to_have_text("gone")
    await expect(item.locator("code")).to_have_text("x = 1")
    await expect(item.locator("a")).to_have_attribute("href", "https://example.com/a")
    spoiler = item.locator(".spoiler")
    await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    await spoiler.click()
    await expect(spoiler).to_have_class("spoiler revealed")
    left = (
        await message(tab, "SO-12")
        .locator(".text")
        .evaluate(
            """element => {
          const range = document.createRange();
          const start = element.firstChild.data.indexOf("\\n") + 1;
          range.setStart(element.firstChild, start);
          range.setEnd(element.firstChild, start + 2);
          return range.getBoundingClientRect().left - element.getBoundingClientRect().left;
        }"""
        )
    )
    assert left > 100, "an Arabic line begins at the right"


async def test_what_looks_like_markup_stays_text(visitor: Visitor, world: World, bot: Bot) -> None:
    evil = '<img src=x onerror="document.title=1">'
    world.people[LEA].first_name = evil
    world.says(LEA, evil)
    world.sends_document(LEA, f"{evil}.txt", b"x", caption=evil)
    await bot.sends(LEA, evil, [button(evil, "a")])
    await bot.call("setMyCommands", commands=[{"command": "x", "description": evil}])
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, evil)).to_have_count(3)
    await expect(tab.locator(".inline-button")).to_have_text(evil)
    await tab.locator("#menu").click()
    await expect(tab.locator("#commands")).to_contain_text(evil)
    assert await tab.locator(".message img, .inline-button img, #commands img").count() == 0
    assert "Crimson" in await tab.title()


async def test_a_tapped_button_waits_for_its_answer(visitor: Visitor, bot: Bot) -> None:
    await bot.sends(LEA, "SO-12", [button("Deliver 14", "d:12", style="success")])
    tab = await visitor.opens(f"#{LEA}")
    element = tab.get_by_role("button", name="Deliver 14")
    await expect(element).to_have_class("inline-button success")
    await element.click()
    await expect(element).to_have_attribute("aria-busy", "true")
    query = await bot.hears("callback_query")
    assert query["data"] == "d:12"
    await bot.answers(query, "14 delivered")
    await expect(tab.locator(".toast")).to_have_text("14 delivered")
    await expect(element).not_to_have_attribute("aria-busy", "true")

    await element.click()
    await bot.answers(await bot.hears("callback_query"), "Only 3 are there", show_alert=True)
    await expect(tab.locator("#alert")).to_be_visible()
    await expect(tab.locator("#alert-text")).to_have_text("Only 3 are there")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#alert")).to_be_hidden()


async def test_a_bot_that_does_not_answer_is_named(visitor: Visitor, bot: Bot) -> None:
    await bot.sends(LEA, "SO-12", [button("Deliver 14")])
    tab = await visitor.context.new_page()
    await tab.clock.install()
    await tab.goto(visitor.site.address(f"#{LEA}"))
    element = tab.get_by_role("button", name="Deliver 14")
    await element.click()
    await expect(element).to_have_class(re.compile("waiting"))
    await bot.hears("callback_query")
    await tab.clock.fast_forward(15_000)
    await expect(tab.locator(".toast")).to_contain_text("has not answered within 15 seconds")
    await expect(element).not_to_have_class(re.compile("waiting"))


async def test_an_edit_changes_the_message_in_place(visitor: Visitor, bot: Bot) -> None:
    for number in range(30):
        await bot.sends(LEA, f"line {number}")
    card = await bot.sends(LEA, "20 laptops", [button("−1"), button("+1")])
    for number in range(30, 60):
        await bot.sends(LEA, f"line {number}")
    tab = await visitor.opens(f"#{LEA}")
    item = message(tab, "20 laptops")
    await item.scroll_into_view_if_needed()
    await item.evaluate("element => { element.mark = 'same'; }")
    await item.get_by_role("button", name="+1").focus()
    before = await item.bounding_box()
    await bot.call(
        "editMessageText",
        chat_id=LEA,
        message_id=card,
        text="21 laptops\nin two lines",
        reply_markup={"inline_keyboard": [[button("−1"), button("+1")], [button("Confirm")]]},
    )
    item = message(tab, "21 laptops")
    await expect(item.get_by_role("button", name="Confirm")).to_be_visible()
    await expect(message(tab, "20 laptops")).to_have_count(0)
    assert await item.evaluate("element => element.mark") == "same"
    await expect(item.get_by_role("button", name="+1")).to_be_focused()
    after = await item.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=1)


async def test_a_deleted_message_goes_and_its_quote_says_so(visitor: Visitor, bot: Bot) -> None:
    gone = await bot.sends(LEA, "Which customer?")
    await bot.sends(LEA, "An answer", reply_parameters={"message_id": gone})
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "An answer").locator(".reply-quote")).to_be_visible()
    await bot.call("deleteMessage", chat_id=LEA, message_id=gone)
    await expect(tab.locator(f".message[data-id='{gone}']")).to_have_count(0)
    await message(tab, "An answer").locator(".reply-quote").click()
    await expect(tab.locator(".toast")).to_have_text("Deleted message")


async def test_an_expandable_quote_folds(visitor: Visitor, bot: Bot) -> None:
    await bot.sends(LEA, f"Lines\n<blockquote expandable>{NOTED}</blockquote>", parse_mode="HTML")
    tab = await visitor.opens(f"#{LEA}")
    quote = tab.locator(".quote.expandable")
    toggle = quote.locator(".quote-toggle")
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    await expect(toggle).to_be_visible()
    folded = await height_of(quote)
    await toggle.click()
    await expect(toggle).to_have_attribute("aria-expanded", "true")
    unfolded = await height_of(quote)
    assert unfolded > folded * 1.4
    await quote.click()
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    assert await height_of(quote) == folded


async def test_links_to_the_bot_start_it_and_others_open_apart(
    visitor: Visitor, world: World, bot: Bot
) -> None:
    await bot.sends(
        LEA,
        "Join by https://t.me/crimson_bot?start=abc-1",
        [button("Site", url="http://127.0.0.1:1/x"), button("Copy", copy_text={"text": "SO-12"})],
    )
    await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = await visitor.opens(f"#{LEA}?start=from_page")
    await expect(message(tab, "/start from_page")).to_be_visible()
    await expect(tab).to_have_url(re.compile(rf"#{LEA}$"))
    await message(tab, "Join by").get_by_role("link").click()
    await expect(message(tab, "/start abc-1")).to_be_visible()
    assert texts_of(world, LEA)[-2:] == ["/start from_page", "/start abc-1"]
    await tab.get_by_role("button", name="Copy").click()
    await expect(tab.locator(".toast")).to_have_text("Copied")
    assert await attribute(tab, "navigator.clipboard.readText()") == "SO-12"
    async with visitor.context.expect_page() as opened:
        await tab.get_by_role("button", name="Site").click()
    assert await (await opened.value).evaluate("window.opener") is None
