"""What can be seen in the page's sources without a browser."""

from __future__ import annotations

import re
from pathlib import Path

from bot.local_telegram import page
from bot.local_telegram.page_guard import content_disposition, is_loopback, shown_as

STATIC = Path(page.__file__).parent / "static"


def test_names_cannot_break_out_of_the_header() -> None:
    assert content_disposition('a"b\r\né.pdf') == (
        "inline; filename=\"a_b___.pdf\"; filename*=UTF-8''a%22b%0D%0A%C3%A9.pdf"
    )
    assert shown_as("Application/PDF") == ("application/octet-stream", shown_as("x")[1])
    assert [is_loopback(host) for host in ("::1", "LocalHost", "127.9.9.9", "::2", "x", None)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_each_text_of_the_page_exists_in_both_languages_and_is_used() -> None:
    source = (STATIC / "texts.js").read_text("utf-8")
    english, french = (
        re.findall(r"(?m)^    (\w+):.*", source.split(f"  {language}: {{\n")[1].split("\n  },")[0])
        for language in ("en", "fr")
    )
    assert english == french
    scripts = "".join(
        file.read_text("utf-8") for file in STATIC.glob("*.js") if file.name != "texts.js"
    )
    used = set(re.findall(r'"(\w+)"', scripts))
    assert [key for key in english if key not in used] == []


def test_the_page_has_no_way_to_read_markup() -> None:
    for file in STATIC.glob("*.js"):
        source = file.read_text("utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in source, file.name
