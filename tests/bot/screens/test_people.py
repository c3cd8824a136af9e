"""Parties, their accounts and contacts, and the team."""

import re

from tests.chat import Chat
from tests.scenarios.stage import Stage


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


async def invoices(lea: Chat) -> None:
    """High End owes AUD 442.62 for freight."""
    await lea.says("High End: 3x freight")
    await taps_all(lea, "Confirm", "Invoice 3", "Invoice 3")


async def test_a_party_with_its_account(lea):
    await invoices(lea)
    await lea.says("High End")
    lea.sees(
        "High End Computers · customer · AUD · English",
        "1 George Street, 2000 Sydney, Australia", "Kim Tan", "AUD 442.62 owed to us",
    )  # fmt: skip
    assert "🧾 IN-2026-0001 · AUD 442.62 · Thu 24 Dec" in lea.labels()
    await lea.taps("IN-2026-0001")
    lea.sees("IN-2026-0001 · High End Computers")


async def test_the_storekeeper_sees_no_money_of_a_party(lea, omar):
    await invoices(lea)
    await omar.says("High End")
    omar.sees("High End Computers", "Kim Tan")
    omar.does_not_see("442.62", "owed")
    assert omar.rows() == [["Papers"], ["‹ Back"]]


async def test_a_customer_finds_no_parties(stage, lea, kim):
    await kim.says("Papeterie Martin")
    kim.sees("Nothing is called")
    await lea.says("Papeterie Martin")
    rows = lea.card["reply_markup"]["inline_keyboard"]
    forged = next(each["callback_data"] for row in rows for each in row if each["text"] == "Edit")
    await kim.says("/start")
    stage.world.taps(kim.user_id, kim.card["message_id"], forged, forged=True)
    await stage.settle()
    assert kim.toasts[-1].text == "You may not do this. The owner decides who may."


async def test_money_for_no_paper_is_kept_and_settled_by_a_tap(lea):
    await invoices(lea)
    await lea.says("High End")
    await taps_all(lea, "Record payment", "They paid us")
    await lea.says("100")
    lea.sees("High End Computers · AUD 100.00 has come", "IN-2026-0001: 100.00 of 442.62")
    # Left out, it stays as credit, which is used by a tap.
    await taps_all(lea, "✓ 🧾 IN-2026-0001", "Received AUD 100.00", "Party", "Account")
    lea.sees("High End Computers · account", "AUD 342.62 owed to us")
    await taps_all(lea, "Use AUD 100.00", "Use AUD 100.00")
    lea.sees("AUD 100.00 settled")
    assert "🧾 IN-2026-0001 · AUD 342.62 · Thu 24 Dec" in lea.labels()
    assert not any("PY-" in label or "Use" in label for label in lea.labels())
    await lea.taps("‹ Back")
    lea.sees("High End Computers · customer")


async def test_a_stale_settlement_does_nothing(lea, samson):
    await invoices(lea)
    await lea.says("High End")
    await taps_all(lea, "Record payment", "They paid us")
    await lea.says("100")
    await samson.says("High End")
    await taps_all(samson, "Record payment", "They paid us")
    await samson.says("442.62")
    await samson.taps("Received AUD 442.62")
    await lea.taps("Received AUD 100.00")
    lea.sees("This has changed meanwhile", "AUD 100.00 stays as credit")
    await lea.taps("Received AUD 100.00")
    lea.sees("AUD 100.00 not used yet")


async def test_what_we_paid_without_a_paper_is_owed_to_us(samson):
    await samson.says("Shenzhen")
    samson.sees("vendor")
    await taps_all(samson, "Record payment", "We paid them")
    await samson.says("500")
    samson.sees("EUR 500.00 owed to us")
    await samson.says("/vendors")
    assert "Shenzhen Parts · EUR 500.00" in samson.labels()


async def test_an_account_with_nothing_open(samson, lea):
    await samson.says("Papeterie")
    assert "Account" not in samson.labels()
    await taps_all(samson, "Record payment", "They paid us")
    await samson.says("10")
    await lea.says("Papeterie")
    await lea.taps("Account")
    await taps_all(samson, "PY-2026-0001", "Reverse", "Reverse")
    await taps_all(lea, "‹ Back")
    lea.does_not_see("owed")
    await lea.taps_stale("Account")
    lea.sees("Nothing is open.")


async def test_a_customer_is_added_in_few_questions(lea):
    await lea.says("/customers")
    lea.sees("Customers · 2")
    await lea.taps("Add a customer")
    await lea.says("Berlin Büro")
    await lea.says("Nowhere")
    lea.sees("No country is called “Nowhere”.")
    await lea.says("United")
    lea.sees("Which one do you mean?")
    await lea.says("Germany")
    await lea.taps("EUR")
    await lea.says("Unter den Linden 1")
    lea.sees("Street and town, with a comma between")
    await lea.says("Unter den Linden 1, 10117 Berlin")
    await lea.taps("Export")
    await lea.says("Anna")
    lea.sees(
        "Berlin Büro · customer · EUR", "Unter den Linden 1, 10117 Berlin, Germany",
        "Anna (not here yet)",
    )  # fmt: skip
    await lea.taps("New order")
    lea.sees("What? For example")


async def test_a_vendor_is_added_by_the_owner(samson):
    await samson.says("/start")
    await taps_all(samson, "Customers", "Vendors", "Add a vendor")
    await samson.says("Kyoto Works")
    await samson.says("jp")
    await taps_all(samson, "JPY", "Skip", "Skip", "Skip")
    samson.sees("Kyoto Works · vendor · JPY")
    # The order is refused, and the way out of it is a button for who may.
    await samson.says("Kyoto: 2 mouse m2")
    samson.sees("There is no exchange rate for JPY")
    await samson.taps("Set the rate")
    samson.sees("What is one JPY worth in the company's currency?")
    await samson.says("0.006")
    samson.sees("1 JPY = 0.006 EUR")


async def test_facts_of_a_party_are_changed_one_by_one(lea):
    await lea.says("High End")
    await taps_all(lea, "Edit", "Goods go to")
    await lea.says("Dock 4, Sydney NSW 2001")
    lea.sees("Goods go to: Dock 4, 2001 Sydney NSW")
    await lea.taps("Payment days")
    await lea.says("14")
    await lea.taps("Language")
    await lea.taps("Français")
    await lea.taps("Tax")
    await lea.taps("VAT 20 %")
    await lea.taps("Price book")
    await lea.taps("AUD 2026")
    await lea.taps("Country")
    await lea.says("New Zealand")
    await lea.taps("Name")
    await lea.says("Higher End")
    lea.sees(
        "Name: Higher End", "Payment days: 14 days", "Language: French", "Tax: VAT 20 %",
        "Price book: AUD 2026", "Country: New Zealand", "Address: 1 George Street, 2000 Sydney",
    )  # fmt: skip
    await taps_all(lea, "Tax", "Skip")
    lea.does_not_see("Tax: VAT")
    await lea.taps("‹ Back")
    lea.sees("Goods to: Dock 4, 2001 Sydney NSW, Australia", "2000 Sydney, New Zealand")


async def test_an_archived_party_gets_nothing_new(lea):
    await lea.says("Papeterie")
    await taps_all(lea, "Edit", "Archive it")
    lea.sees("archived")
    assert "New order" not in lea.labels()
    await taps_all(lea, "Edit", "Take it up again")
    assert "New order" in lea.labels()


async def test_a_contact_joins_by_a_link_that_works_once(stage: Stage, lea, samson):
    await lea.says("Papeterie")
    await taps_all(lea, "Contacts 1", "Add a contact")
    await lea.says("Ann")
    await taps_all(lea, "Skip", "Skip")
    lea.sees("Ann · not here yet")
    await taps_all(lea, "Sees prices", "Invite Ann")
    lea.sees("The link for Ann, for one person, until 27 Nov 2026")
    await lea.taps("Copy the link")
    token = re.fullmatch(r"https://t\.me/\w+\?start=([\w-]+)", lea.copied[-1])
    assert token
    stage.world.add_person(201, "Ann")
    ann = stage.chat(201)
    await ann.starts(token[1])
    ann.sees("Welcome. You are here as: customer")
    samson.sees("Ann is here as: customer · Papeterie Martin")
    await ann.says("laptop pro")
    ann.sees("on request")
    ann.does_not_see("EUR")
    stage.world.add_person(202, "Bob")
    other = stage.chat(202)
    await other.starts(token[1])
    other.sees("This link was used or has ended. Ask for a new one.")


async def test_a_contact_that_has_ended_sees_nothing_any_more(lea, kim):
    await invoices(lea)
    await kim.says("IN-2026-0001")
    kim.sees("IN-2026-0001 · High End Computers")
    await lea.says("High End")
    await taps_all(lea, "Contacts 1", "Kim Tan", "Remove Kim Tan")
    lea.sees("Kim Tan is removed")
    await kim.says("IN-2026-0001")
    kim.does_not_see("IN-2026-0001 · High End Computers")


async def test_the_owner_invites_and_removes_staff(stage: Stage, samson, lea):
    await samson.says("/start")
    await samson.taps("Team")
    samson.sees("Team · 3")
    await samson.taps("Invite stock")
    samson.sees("The link for stock")
    await samson.taps("Copy the link")
    stage.world.add_person(203, "Zoe")
    zoe = stage.chat(203)
    await zoe.starts(samson.copied[-1].partition("start=")[2])
    zoe.sees("stock")
    samson.sees("Zoe is here as: stock")
    await samson.says("/start")
    await taps_all(samson, "Team", "Lea · sales", "Remove as sales")
    samson.sees("Lea is removed", "Team · 3")
    await lea.says("/stock")
    lea.does_not_see("products")


async def test_the_last_owner_stays(samson):
    await samson.says("/start")
    await taps_all(samson, "Team", "Samson · owner")
    samson.sees("this is you")
    await samson.taps("Remove as owner")
    assert "needs an owner" in samson.toasts[-1].text


async def test_sales_manages_no_team(stage: Stage, samson, lea):
    await samson.says("/start")
    rows = samson.card["reply_markup"]["inline_keyboard"]
    buttons = {each["text"]: each["callback_data"] for row in rows for each in row}
    await lea.says("/start")
    for label in ("Team", "Settings"):
        stage.world.taps(lea.user_id, lea.card["message_id"], buttons[label], forged=True)
        await stage.settle()
        assert lea.toasts[-1].text == "You may not do this. The owner decides who may."
