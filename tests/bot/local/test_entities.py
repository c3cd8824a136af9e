"""Markup becomes text and entities, counted in UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies
from telegram import Bot, Message
from telegram.helpers import escape_markdown

from bot.local_telegram.entities import Entity, found_in, utf16_length
from bot.local_telegram.refusals import BadRequest
from bot.local_telegram.texts import formatted
from tests.people import LEA


def entities(text: str, mode: str = "HTML") -> tuple[str, list[tuple[str, int, int]]]:
    """The plain text, and each entity as (kind, offset, length)."""
    found = formatted(text, mode, None)
    return found.text, [(one.kind, one.offset, one.length) for one in found.entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("plain", "plain", []),
        ("a &lt; b &amp; c &quot;d&quot; &#33; &#x1F600;", 'a < b & c "d" ! 😀', []),
        ("&nbsp; &#0; & &", "&nbsp; &#0; & &", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<I>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ("😀<b>😀</b>", "😀😀", [("bold", 2, 2)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ("<pre>a</pre>", "a", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://x.de">a</a>', "a", [("text_link", 0, 1)]),
        ('<a href="no link">a</a>', "a", []),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
        ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<code><b>a</b></code>", "a", [("code", 0, 1)]),
        ("  \n <b>a</b> b \n", "a b", [("bold", 0, 1)]),
        ("a<b> \n</b>", "a", []),
    ],
)
def test_html(source: str, text: str, expected: list[tuple[str, int, int]]):
    assert entities(source) == (text, expected)


def test_a_block_of_code_keeps_its_language_and_code_in_a_line_loses_it():
    block = formatted('<pre><code class="language-sql">x</code></pre>', "HTML", None)
    turned = formatted('<code class="language-sql"><pre>x</pre></code>', "HTML", None)
    line = formatted('<code class="language-sql">x</code>', "HTML", None)

    assert block.entities == turned.entities == [Entity("pre", 0, 1, {"language": "sql"})]
    assert line.entities == [Entity("code", 0, 1)]


def test_a_moment_keeps_its_time_and_form():
    found = formatted('<tg-time unix="1795510800" format="wDT">9:00</tg-time>', "HTML", None)
    details = {"unix_time": 1795510800, "date_time_format": "wDT"}
    assert found.entities == [Entity("date_time", 0, 4, details)]


def test_a_link_without_an_address_leads_to_its_own_text():
    found = formatted("<a>https://x.de</a>", "HTML", None)
    assert found.entities[0].details == {"url": "https://x.de"}


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a* _b_", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("__a__ ~b~", "a b", [("underline", 0, 1), ("strikethrough", 2, 1)]),
        ("||a||", "a", [("spoiler", 0, 1)]),
        ("`a_b*`", "a_b*", [("code", 0, 4)]),
        ("```a```", "a", [("pre", 0, 1)]),
        ("```sql\na```", "a", [("pre", 0, 1)]),
        ("[a](https://x.de/\\))", "a", [("text_link", 0, 1)]),
        ("[x\\.de]", "x.de", [("text_link", 0, 4)]),
        ("*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("1\\.00 \\- 2", "1.00 - 2", []),
        ("**", "", []),
    ],
)
def test_markdown(source: str, text: str, expected: list[tuple[str, int, int]]):
    assert entities(source, "MarkdownV2") == (text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", [("bot_command", 0, 6)]),
        ("go /to@comptoir_bot now", [("bot_command", 3, 16)]),
        ("1/2 and a/b", []),
        ("see https://x.de/a, or www.y.de.", [("url", 4, 14), ("url", 23, 8)]),
        ("write to lea@crimson.example", [("email", 9, 19)]),
        ("@lea_sales #urgent #1", [("mention", 0, 10), ("hashtag", 11, 7)]),
        ("😀 /stock", [("bot_command", 3, 6)]),
    ],
)
def test_telegram_finds_entities_by_itself(text: str, expected: list[tuple[str, int, int]]):
    found = [(one["type"], one["offset"], one["length"]) for one in found_in(text)]
    assert found == expected


def test_no_command_is_found_inside_code():
    assert entities("<code>/start</code> /help") == (
        "/start /help",
        [("code", 0, 6), ("bot_command", 7, 5)],
    )


def test_entities_behind_the_hundredth_are_dropped_without_a_word():
    assert len(formatted("<b>x</b> " * 120, "HTML", None).entities) == 100


def test_given_entities_stand_where_no_markup_is():
    given_ones = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "mention", "offset": 0, "length": 2},
        {"type": "italic", "offset": 1, "length": 0},
    ]
    assert formatted("Hi", "", given_ones).entities == [Entity("bold", 0, 2)]
    assert formatted("<i>Hi</i>", "HTML", given_ones).entities == [Entity("italic", 0, 2)]


@given(strategies.text())
def test_any_escaped_text_arrives_as_it_was(text: str):
    text = text.encode("utf-8", "ignore").decode()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = formatted(text, "", None)

    assert formatted(escaped, "HTML", None) == plain
    # Telegram knows no escape for a line break before a quote sign; the sign itself is escaped.
    assert formatted(escape_markdown(text, version=2), "MarkdownV2", None) == plain


@given(strategies.text(alphabet="<>/=&;\"' abi\n😀"))
def test_any_html_is_read_or_refused(text: str):
    try:
        found = formatted(text, "HTML", None)
    except BadRequest:
        return
    units = utf16_length(found.text)
    assert all(0 <= one.offset < one.end <= units for one in found.entities)


async def test_the_library_reads_the_entities_back(bot: Bot):
    source = (
        "<b>Order <i>SO-1</i></b> 😀 <code>LAP-14</code>\n"
        '<a href="https://x.de/">paper</a> <tg-spoiler>cost</tg-spoiler>\n'
        "<blockquote expandable>line</blockquote>"
    )
    message = await bot.send_message(LEA, source, parse_mode="HTML")

    assert message.text_html == source.replace(
        "<tg-spoiler>", '<span class="tg-spoiler">'
    ).replace("</tg-spoiler>", "</span>")
    assert isinstance(message, Message)
