"""Orders and quotes are corrected through the chat: changed, closed, undone, made once more.

In English and in French, on both databases.
"""

import json

from sqlalchemy import Connection, select

from bot.screens.documents.terms import SHIPPING
from core.domain.lifecycles import State
from core.services.people import parties
from core.storage.tables import document, paper_file
from tests.people import Person
from tests.scenarios.stage import Stage

ORDER = "High End: 20 LAP-14, 3x MOU-2 10%"
AGAIN = {"en": "again", "fr": "pareil"}


async def types_in_line(person: Person, name: str, before: int, quantity: str) -> None:
    """Open a line of a draft or of a change and type how many."""
    await person.taps_all(("draft_line", name), ("ask_line", "quantity", before))
    await person.says(quantity)
    await person.goes_back()


async def removes_line(person: Person, name: str) -> None:
    await person.taps_all(("draft_line", name), "remove_line")
    await person.goes_back()


# --- A change ----------------------------------------------------------------------------------


async def test_an_order_is_changed(stage: Stage, samson, lea, kim) -> None:
    await samson.buys("30 LAP-14")
    await lea.orders(ORDER)
    await lea.taps("send", "High End Computers")
    assert "Version" not in kim.paper()

    # 35 instead of 20, no mice, and a day: nothing of it counts before it is confirmed.
    await lea.taps("amend")
    await types_in_line(lea, "Pro 14", 20, "35")
    await removes_line(lea, "M2")
    await lea.taps_all("draft_terms", ("ask_term", "delivery_on"))
    await lea.says("5/12/2026")
    await lea.goes_back()
    lea.sees_line("Pro 14", 20, "→", 35)
    lea.sees_line("M2", 3, "→")
    lea.sees(10, 5)
    assert (await stage.level("LAP-14")).claimed == 20

    await lea.taps("confirm_change")
    lea.sees_line("SO-2026-0001", 2)
    assert (await stage.level("LAP-14")).claimed == 30
    assert (await stage.level("LAP-14")).waiting == 5

    # The customer gets the second version; the first one is kept beside it.
    await lea.taps("send", "High End Computers")
    paper = kim.paper()
    assert "Version 2" in paper
    assert "83,650.00" in paper
    assert "Mouse" not in paper
    keys = select(paper_file.c.revision_key).order_by(paper_file.c.id)
    assert await stage.asks(lambda connection: list(connection.scalars(keys))) == ["v1", "v2"]

    # What was agreed first can be looked at as it was, also by who has never printed it.
    await lea.taps_all("versions", ("old_paper", 1))
    assert lea.document_name().startswith("SO-2026-0001")
    first = lea.paper()
    for part in ("M2", "Pro 14", "20"):
        assert part in first
    assert "Version" not in first


async def test_the_second_version_names_its_goods_in_its_reader_s_language(lea, paul) -> None:
    await lea.orders("Martin: 3 MOU-2, 20 LAP-14")
    await lea.taps("amend")
    await removes_line(lea, "M2")
    await lea.taps_all("confirm_change", ("send", "Papeterie Martin"))
    assert paul.document_name() == "SO-2026-0001-v2.pdf"
    assert "Portable Pro 14" in paul.paper()
    assert "Souris" not in paul.paper()


async def test_terms_of_an_order_are_changed(stage: Stage, samson, lea) -> None:
    await stage.does(
        parties.add_address, stage.crimson.parties["high_end"], use="delivery",
        street="7 Harbour Road", postal_code="2010", city="Sydney", country="AU",
    )  # fmt: skip
    await samson.buys("5 LAP-14")
    await lea.orders(ORDER)
    await lea.taps("amend")
    await lea.goes_back()
    for term, answer in (
        ("delivery_address_id", "1 George Street, 2000 Sydney"),
        ("ships_complete", "whole"),
        ("payment_mode", "cash"),
    ):
        await lea.taps_all("draft_terms", ("ask_term", term), ("pick", answer))
        await lea.goes_back()
    await lea.taps_all("draft_terms", ("ask_term", "payment_days"))
    await lea.says("14")
    await lea.goes_back()
    lea.sees("1 George Street, 2000 Sydney", "47878.30", 14)
    lea.reads(SHIPPING["whole"])
    await lea.taps("confirm_change")
    # What ships complete holds on to what it has, and waits for the rest as a whole.
    lea.sees(5)
    assert "7 Harbour Road" not in await delivery_of(stage)
    assert "1 George Street" in await delivery_of(stage)


async def delivery_of(stage: Stage) -> str:
    """Where the goods of the order go, as its paper says it."""

    def snapshot(connection: Connection) -> str:
        wanted = select(document.c.snapshot).where(document.c.number == "SO-2026-0001")
        return str(json.loads(connection.execute(wanted).scalar_one())["delivery"])

    return str(await stage.asks(snapshot))


async def test_a_line_that_was_taken_off_comes_back_when_some_of_it_went(
    samson, lea, omar
) -> None:
    await samson.buys("30 LAP-14")
    await lea.orders(ORDER)
    await lea.taps("amend")
    await removes_line(lea, "Pro 14")
    await omar.says("SO-2026-0001")
    await omar.makes("DN", 20)
    await lea.taps_all("confirm_change", ("least_of_line", "Pro 14", 20))
    assert not lea.can("confirm_change"), "nothing is changed"


async def test_a_change_outlives_the_bot_and_gives_way_to_a_delivery(
    stage: Stage, samson, lea, omar
) -> None:
    await samson.buys("30 LAP-14")
    await lea.orders(ORDER)
    await lea.taps("amend")
    await types_in_line(lea, "Pro 14", 20, "10")
    stage.again()

    # Another day, another process: the order says that a change is open, and nothing is lost.
    await lea.says("SO-2026-0001")
    await lea.taps("amend")
    lea.sees_line("Pro 14", 20, "→", 10)

    # Meanwhile 18 are shipped: the change is refused with the numbers, and says what can be.
    await omar.says("SO-2026-0001")
    await omar.taps_all(("convert", "DN"), ("open_line", "Pro 14"), ("type_number", 20))
    await omar.says("18")
    await omar.taps_all("close_line", ("make", "DN", 18))
    omar.sees("DN-2026-0001")
    await lea.taps("confirm_change")
    lea.is_refused("below_drawn", "Pro 14", 18, 0, 10)
    await lea.taps("least_of_line", "Pro 14", 18)
    lea.sees_line("Pro 14", 20, "→", 18)
    await lea.taps("confirm_change")
    lea.sees_line("SO-2026-0001", 2)
    assert (await stage.level("LAP-14")).claimed == 0


async def test_a_change_is_thrown_away(lea) -> None:
    await lea.orders(ORDER)
    await lea.taps("amend")
    await lea.goes_back()
    lea.does_not_see("→")
    await lea.taps("draft_lines")
    await types_in_line(lea, "Pro 14", 20, "10")
    await lea.goes_back()
    await lea.taps("drop_change")
    assert lea.can("amend")
    lea.sees_line(20, "Pro 14")


async def test_who_made_the_order_hears_who_changed_it(samson, lea) -> None:
    await lea.orders(ORDER)
    await samson.says("SO-2026-0001")
    await samson.taps("amend")
    await types_in_line(samson, "Pro 14", 20, "25")
    await samson.goes_back()
    await samson.taps("confirm_change")
    lea.sees_line("Samson", "SO-2026-0001", 2)


# --- The rest ----------------------------------------------------------------------------------


async def test_the_rest_of_a_line_is_dropped_then_all(stage: Stage, samson, lea) -> None:
    await samson.buys("30 LAP-14")
    await lea.orders(ORDER)
    await lea.taps_all(("ask_end", "close"), ("end_line", "M2", 3))
    lea.sees_line("M2", 3)
    await lea.taps_all(("ask_end", "close"), ("ask_reason", "close"))
    await lea.says("too late")
    lea.sees("too late")
    lea.sees_state("sales_order", State.CLOSED)
    assert (await stage.level("LAP-14")).claimed == 0


# --- Undone ------------------------------------------------------------------------------------


async def test_what_was_shipped_by_mistake_comes_back_to_its_owner(
    stage: Stage, samson, lea, omar
) -> None:
    await samson.buys("5 LAP-14")
    await lea.orders("High End: 5 LAP-14")
    await omar.says("SO-2026-0001")
    await omar.makes("DN", 5)
    await lea.orders("Martin: 5 LAP-14")
    await omar.says("DN-2026-0001")
    await omar.ends("reverse")
    omar.sees_state("delivery_note", State.REVERSED)
    await lea.says("SO-2026-0002")
    assert not lea.can("convert", "DN", 5), "they are not here for this one"
    await lea.says("SO-2026-0001")

    # What was sold of a receipt is gone: it cannot be undone any more.
    await lea.makes("DN", 5)
    await samson.says("RN-2026-0001")
    await samson.ends("reverse")
    samson.is_refused("goods_gone", "Laptop Pro 14", 5)
    assert (await stage.level("LAP-14")).on_hand == 0


# --- Quotes ------------------------------------------------------------------------------------


async def drafts_a_quote(lea: Person, goods: str, *, customer: str = "High End") -> None:
    """Lea drafts a quote from the customer's card."""
    await lea.says("/start", customer)
    await lea.taps("begin", "QU")
    await lea.says(goods)
    await lea.taps("keep_draft")


async def test_a_quote_is_sent_accepted_and_ordered(lea, kim) -> None:
    await drafts_a_quote(lea, "20 LAP-14, 3 MOU-2")
    # One tap sends it: it has its number, and its customer a living card and the paper.
    await lea.taps("issue", "High End Computers")
    lea.sees("QU-2026-0001")
    lea.sees_state("quote", State.SENT)
    assert "47,887.00" in kim.paper()
    await kim.says("/start")
    await kim.taps_all(("my_quotes", 1), ("document", "QU-2026-0001"), ("accept", 47887))
    kim.sees("Crimson")
    lea.is_told("offer_accepted", "High End Computers", "QU-2026-0001")
    await lea.taps("document", "QU-2026-0001")
    await lea.makes("SO", 23)
    lea.sees("SO-2026-0001")
    await lea.taps_all(("related", 1), ("document", "QU-2026-0001"))
    lea.sees_state("quote", State.ACCEPTED)


async def test_a_quote_is_declined_with_a_reason(lea, paul) -> None:
    await drafts_a_quote(lea, "20 LAP-14", customer="Martin")
    await lea.taps("issue", "Papeterie Martin")
    await paul.taps_all(("ask_end", "decline"), ("ask_reason", "decline"))
    await paul.says("trop cher")
    paul.sees_state("quote", State.DECLINED)
    lea.is_told("offer_declined", "Papeterie Martin", "QU-2026-0001")
    lea.sees("trop cher")
    await lea.says("QU-2026-0001")
    lea.sees("trop cher")
    assert not lea.can("convert", "SO")


async def test_an_old_card_of_a_quote_accepts_nothing(lea, kim) -> None:
    await drafts_a_quote(lea, "20 LAP-14")
    await lea.taps("issue", "High End Computers")
    await lea.ends("decline")
    await kim.taps_stale("accept")
    kim.sees_state("quote", State.DECLINED)


async def test_a_quote_ends_by_itself(stage: Stage, lea, kim) -> None:
    await drafts_a_quote(lea, "20 LAP-14")
    await lea.taps_all("draft_terms", ("ask_term", "valid_until"))
    await lea.says("30/11/2026")
    await lea.goes_back()
    await lea.taps("issue", "High End Computers")
    stage.clock.passes(days=8)
    await stage.app.tick()
    await stage.settle()
    lea.is_told("offer_expired", "QU-2026-0001", "High End Computers")
    await kim.says("QU-2026-0001")
    kim.sees_state("quote", State.EXPIRED)
    # It is offered once more, at today's prices.
    await lea.says("QU-2026-0001")
    await lea.taps("duplicate")
    assert lea.can("issue", "High End Computers")


# --- Once more ---------------------------------------------------------------------------------


async def test_the_last_order_is_repeated_in_three_touches(lea) -> None:
    await lea.orders(ORDER)
    lea.touches = 0
    await lea.says("High End")
    await lea.taps_all(("repeat", "SO-2026-0001"), "order_now")
    assert lea.touches == 3
    lea.sees("SO-2026-0002")
    lea.sees_line(20, "Pro 14")
    lea.sees_line(3, "M2")

    # Typed, it is one touch less; in the dialogue it is a button.
    lea.touches = 0
    await lea.orders(f"High End: {AGAIN[lea.language]}")
    assert lea.touches == 2
    lea.sees("SO-2026-0003")
    await lea.says("/start")
    await lea.taps("new_order")
    await lea.says("High End")
    await lea.taps_all(("pick", "SO-2026-0003"), "keep_draft")
    assert lea.can("issue")


async def test_there_is_nothing_to_repeat(lea) -> None:
    await lea.says(f"Martin: {AGAIN[lea.language]}")
    assert not lea.can("order_now")
    lea.sees("Papeterie Martin")


async def test_an_order_is_duplicated_as_a_draft(lea) -> None:
    await lea.orders(ORDER)
    await lea.taps_all("duplicate", "issue")
    lea.sees("SO-2026-0002", "47878.30")


# --- Freight -----------------------------------------------------------------------------------


async def test_freight_goes_from_the_order_to_the_invoice(samson, lea) -> None:
    await samson.buys("20 LAP-14")
    await lea.orders("Martin: 20 LAP-14, 1 FREIGHT")
    freight = {"en": "Freight", "fr": "Transport"}[lea.language]
    await lea.taps("convert", "DN", 20)
    lea.does_not_see(freight)
    await lea.taps("make", "DN", 20)
    await lea.makes("IN", 20)
    await lea.says("SO-2026-0001")
    await lea.makes("IN", 1)
    lea.sees("IN-2026-0002", freight)
    await lea.says("SO-2026-0001")
    assert not lea.can("convert"), "it is complete"
    await lea.taps("related", 3)
    for number in ("DN-2026-0001", "IN-2026-0001", "IN-2026-0002"):
        assert lea.can("document", number)
