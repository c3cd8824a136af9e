"""How the chat page looks: small, in French, with much in it, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from bot.local_telegram.world import World
from tests.bot.local_page.helpers import (
    CLAIRE,
    NOTED,
    PDF,
    Bot,
    Visitor,
    attribute,
    button,
    message,
)
from tests.people import LEA, OMAR

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.page]


async def test_nothing_is_wider_than_a_small_phone(
    new_visitor: Callable[..., Any], world: World, bot: Bot
) -> None:
    world.says(LEA, "W" * 300)
    world.sends_document(LEA, f"{'name' * 40}.pdf", PDF)
    rows = [[button(f"a very long label {number}") for number in range(4)], [button("x" * 60)]]
    await bot.sends(LEA, f"<pre>{'code ' * 60}</pre>", *rows, parse_mode="HTML")
    phone = await new_visitor(360, 740, has_touch=True, is_mobile=True)
    tab = await phone.opens("")
    width = (
        "Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollWidth > e.clientWidth"
    )
    overflow = f"{width} && getComputedStyle(e).overflowX === 'auto' ? e.scrollWidth : 0))"
    await expect(tab.locator(".row")).to_have_count(3)
    await expect(tab.locator("#chat")).to_be_hidden()
    assert await attribute(tab, "document.documentElement.scrollWidth") == 360
    await tab.get_by_role("link", name=re.compile("Lea")).click()
    await expect(tab.locator(".inline-button")).to_have_count(5)
    await expect(tab.locator("#people")).to_be_hidden()
    assert await attribute(tab, "document.documentElement.scrollWidth") == 360
    assert await attribute(tab, "document.getElementById('scroller').scrollWidth") == 360
    assert await attribute(tab, overflow) > 360, "only the code scrolls, in its own box"
    await tab.get_by_role("link", name="Back to the list of people").click()
    await expect(tab.locator("#people")).to_be_visible()


async def test_a_french_person_reads_french(visitor: Visitor, world: World, bot: Bot) -> None:
    world.says(CLAIRE, "bonjour")
    await bot.sends(CLAIRE, "salut", [button("Payer", "p")])
    tab = await visitor.opens(f"#{CLAIRE}")
    await expect(tab.locator("#chat-status")).to_have_text("Vous êtes Claire Petit · cliente")
    await expect(tab.locator("#text")).to_have_attribute("placeholder", "Écrire un message")
    await expect(tab.locator("#hint-text")).to_have_text("Demandez le catalogue.")
    await expect(tab.locator("html")).to_have_attribute("lang", "fr")
    await expect(tab.locator("#people-hint")).to_have_text("Choisissez qui vous êtes")
    await tab.locator("#attach").click()
    await expect(tab.get_by_role("menuitem")).to_have_text(
        ["Photo", "Fichier", "Partager mon contact"]
    )


FIRST_DRAWN = """
new MutationObserver(() => {
  const count = document.querySelectorAll(".message").length;
  if (count && !window.firstDrawn) window.firstDrawn = count;
}).observe(document, { childList: true, subtree: true });
"""


async def test_a_thousand_messages_begin_with_the_newest(visitor: Visitor, world: World) -> None:
    for number in range(1000):
        world.says(LEA, f"message {number}, www.example.com and some words to fill two lines")
    await visitor.context.add_init_script(FIRST_DRAWN)
    tab = await visitor.opens(f"#{LEA}")
    await expect(message(tab, "message 999,")).to_be_in_viewport()
    assert await attribute(tab, "window.firstDrawn") == 60, "one sees the newest at once"
    await expect(tab.locator(".message")).to_have_count(1001)
    await expect(message(tab, "message 999,")).to_be_in_viewport()


CONTRAST = """() => {
  const luminance = (parts) => {
    const [r, g, b] = parts.map((part) => {
      const value = part / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const mixed = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3);
    if (!texts.some((node) => node.data.trim()) || !element.checkVisibility()) continue;
    if (element.matches(".spoiler:not(.revealed), noscript")) continue;
    const behind = [];
    for (let one = element; one; one = one.parentElement) {
      behind.unshift(getComputedStyle(one).backgroundColor);
    }
    const [back, front] = [mixed(behind), mixed([...behind, getComputedStyle(element).color])];
    const [high, low] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(`${element.className || element.id}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(
    new_visitor: Callable[..., Any], world: World, bot: Bot, scheme: str
) -> None:
    styles = ("primary", "success", "danger", None)
    row = [button(f"{style}", style=style) if style else button("plain") for style in styles]
    card = await bot.sends(
        LEA,
        f'<b>SO-12</b> /stock <a href="https://x.org">x</a> <code>c</code>\n'
        f"<blockquote expandable>{NOTED}</blockquote>",
        row,
        parse_mode="HTML",
    )
    world.says(LEA, "an answer", reply_to=card)
    world.sends_document(LEA, "a.pdf", PDF, caption="/stock")
    world.shares_contact(LEA)
    await bot.sends(OMAR, "unread")
    await bot.call("setMyCommands", commands=[{"command": "stock", "description": "Stock"}])
    visitor = await new_visitor(color_scheme=scheme)
    tab = await visitor.opens(f"#{LEA}")
    await expect(tab.locator(".contact")).to_be_visible()
    await expect(tab.locator(".badge").first).to_be_attached()
    await tab.locator("#menu").click()
    await expect(tab.get_by_role("option")).to_be_visible()
    assert await attribute(tab, CONTRAST) == []
