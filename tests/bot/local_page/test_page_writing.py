"""What one writes on the chat page, and what becomes of it when the network fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from bot.local_telegram.world import World
from tests.bot.local_page.helpers import Bot, Site, Visitor, button, message, texts_of
from tests.people import LEA

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.page]


async def test_own_messages_are_changed_and_answered(
    visitor: Visitor, world: World, bot: Bot
) -> None:
    card = await bot.sends(LEA, "Which customer?")
    world.says(LEA, "20 laptop")
    world.updates.drop()
    tab = await visitor.opens(f"#{LEA}")
    text = tab.locator("#text")
    await expect(message(tab, "20 laptop")).to_be_visible()
    await text.press("ArrowUp")
    await expect(text).to_have_value("20 laptop")
    await text.fill("21 laptop")
    await text.press("Enter")
    assert (await bot.hears("edited_message"))["text"] == "21 laptop"
    await expect(message(tab, "21 laptop")).to_contain_text("edited")
    await expect(text).to_have_value("")

    await message(tab, "Which customer?").hover()
    await message(tab, "Which customer?").get_by_role("button", name="Reply").click()
    await expect(tab.locator("#context-title")).to_have_text("Reply to Crimson")
    await text.fill("High End")
    await text.press("Enter")
    heard = await bot.hears("message")
    assert heard["reply_to_message"]["message_id"] == card
    await expect(message(tab, "High End").locator(".reply-quote")).to_contain_text("Which")
    await message(tab, "High End").locator(".reply-quote").click()
    await expect(tab.locator(f".message[data-id='{card}']")).to_have_class(re.compile("found"))


async def test_a_long_touch_opens_what_can_be_done(
    new_visitor: Callable[..., Any], world: World
) -> None:
    world.says(LEA, "20 laptop")
    phone = await new_visitor(390, 844, has_touch=True, is_mobile=True)
    tab = await phone.opens(f"#{LEA}")
    bubble = message(tab, "20 laptop").locator(".bubble")
    box = await bubble.bounding_box()
    assert box is not None
    point = {"clientX": box["x"] + 20, "clientY": box["y"] + 10}
    await bubble.dispatch_event("pointerdown", {**point, "pointerType": "touch"})
    menu = tab.get_by_role("menu")
    await expect(menu.get_by_role("menuitem")).to_have_text(["Reply", "Edit", "Copy text"])
    await menu.get_by_role("menuitem", name="Edit").click()
    await expect(tab.locator("#text")).to_have_value("20 laptop")


async def test_messages_are_reached_by_keyboard(visitor: Visitor, world: World) -> None:
    world.says(LEA, "20 laptop")
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "20 laptop")).to_be_visible()
    await tab.locator("#scroller").focus()
    await tab.keyboard.press("ArrowUp")
    await expect(message(tab, "20 laptop")).to_be_focused()
    await tab.keyboard.press("ArrowUp")
    await expect(message(tab, "/start")).to_be_focused()
    await expect(message(tab, "/start")).not_to_have_css("outline-style", "none")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("menuitem", name="Reply")).to_be_focused()
    await tab.keyboard.press("Escape")
    await expect(message(tab, "/start")).to_be_focused()


async def test_commands_are_listed_and_chosen_by_keyboard(visitor: Visitor, bot: Bot) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await expect(tab.locator("#menu")).to_be_hidden()
    commands = [
        {"command": "start", "description": "Home"},
        {"command": "stock", "description": "Stock levels"},
        {"command": "help", "description": "What can be done"},
    ]
    await bot.call("setMyCommands", commands=commands)
    await expect(tab.locator("#menu")).to_be_visible()
    await tab.locator("#text").fill("/st")
    options = tab.get_by_role("option")
    await expect(options).to_have_count(2)
    await tab.locator("#text").press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await tab.locator("#text").press("Enter")
    assert (await bot.hears("message"))["text"] == "/stock"
    await tab.locator("#menu").click()
    await expect(options).to_have_count(3)
    await tab.locator("#text").press("Escape")
    await expect(options).to_have_count(0)


async def test_reply_keyboards_come_and_go(visitor: Visitor, bot: Bot) -> None:
    tab = await visitor.opens(f"#{LEA}")
    rows = [[{"text": "Share my number", "request_contact": True}], [{"text": "Later"}]]
    await bot.call(
        "sendMessage",
        chat_id=LEA,
        text="Who are you?",
        reply_markup={"keyboard": rows, "resize_keyboard": True},
    )
    await tab.get_by_role("button", name="Share my number").click()
    await tab.get_by_role("button", name="Share", exact=True).click()
    heard = await bot.hears("message")
    assert heard["contact"]["user_id"] == LEA
    await expect(tab.locator(".contact")).to_contain_text("Lea Martin")
    await tab.get_by_role("button", name="Later").click()
    assert (await bot.hears("message"))["text"] == "Later"
    await bot.call(
        "sendMessage", chat_id=LEA, text="Thanks", reply_markup={"remove_keyboard": True}
    )
    await expect(message(tab, "Thanks")).to_be_visible()
    await expect(tab.locator("#reply-keyboard")).to_be_hidden()
    await expect(tab.locator("#keyboard-toggle")).to_be_hidden()


async def test_the_bots_action_is_shown_until_its_message(visitor: Visitor, bot: Bot) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await expect(tab.locator("#chat-status")).to_contain_text("You are")
    await bot.call("sendChatAction", chat_id=LEA, action="upload_document")
    await expect(tab.locator("#chat-status")).to_have_text("sending a file…")
    await bot.sends(LEA, "here")
    await expect(tab.locator("#chat-status")).to_contain_text("You are")


async def test_a_lost_connection_loses_and_doubles_nothing(
    visitor: Visitor, world: World, bot: Bot, site: Site
) -> None:
    card = await bot.sends(LEA, "20 laptops", [button("+1")])
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "20 laptops")).to_be_visible()
    await site.down()
    await expect(tab.locator("#banner")).to_have_text("Connection lost, trying again…")
    text = tab.locator("#text")
    await text.fill("typed while away")
    await text.press("Enter")
    await expect(tab.locator(".pending")).to_have_text("typed while away")
    await text.fill("half a sen")
    await bot.call("editMessageText", chat_id=LEA, message_id=card, text="21 laptops")
    await bot.sends(LEA, "sent while away")
    site.up()
    await expect(tab.locator("#banner")).to_be_hidden()
    assert (await bot.hears("message"))["text"] == "typed while away"
    await expect(tab.locator(".pending")).to_have_count(0)
    shown = tab.locator(".message .text")
    await expect(shown).to_contain_text(
        ["/start", "21 laptops", "sent while away", "typed while away"]
    )
    await expect(shown).to_have_count(4)
    await expect(text).to_have_value("half a sen")
    assert texts_of(world, LEA).count("typed while away") == 1


async def test_a_text_whose_answer_was_lost_is_not_sent_twice(
    visitor: Visitor, world: World, site: Site
) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "/start")).to_be_visible()
    # The network fails between the arrival of the text and the answer to it.
    unsubscribe = world.subscribe(LEA, lambda _event: site.page.drop_sockets())
    await tab.locator("#text").fill("only once")
    await tab.locator("#text").press("Enter")
    await expect(tab.locator(".pending")).to_have_count(0)
    unsubscribe()
    await expect(message(tab, "only once")).to_have_count(1)
    assert texts_of(world, LEA).count("only once") == 1


async def test_drafts_stay_with_their_person(visitor: Visitor) -> None:
    tab = await visitor.opens(f"#{LEA}")
    await tab.locator("#text").fill("for later")
    await tab.get_by_role("link", name=re.compile("Omar")).click()
    await expect(tab.locator("#text")).to_have_value("")
    await tab.reload()
    await tab.get_by_role("link", name=re.compile("Lea")).click()
    await expect(tab.locator("#text")).to_have_value("for later")
