"""Parties, their accounts and contacts, and the team."""

import re

from core.domain.people import ROLE_NAMES, Role
from tests.people import Person
from tests.scenarios.stage import Stage


async def invoices(lea: Person) -> None:
    """High End owes AUD 442.62 for freight."""
    await lea.orders("High End: 3x freight")
    await lea.makes("IN", 3)


async def test_a_party_with_its_account(lea):
    await invoices(lea)
    await lea.says("High End")
    lea.sees("1 George Street, 2000 Sydney, Australia", "Kim Tan", "AUD 442.62")
    lea.sees_line("High End Computers", "AUD")
    await lea.taps("document", "🧾 IN-2026-0001 · AUD 442.62 · Thu 24 Dec")
    lea.sees("IN-2026-0001 · High End Computers")


async def test_the_storekeeper_sees_no_money_of_a_party(lea, omar):
    await invoices(lea)
    await omar.says("High End")
    omar.sees("High End Computers", "Kim Tan")
    omar.does_not_see("442.62")
    assert omar.actions() == ["paper_list", "home"]


async def test_a_customer_finds_no_parties(lea, kim):
    await kim.says("Papeterie Martin")
    kim.does_not_see("Lyon")
    await lea.says("Papeterie Martin")
    await kim.says("/start")
    await kim.forges(lea.button("edit_party").data)
    kim.is_refused("not_allowed")


async def gets_paid(person: Person, amount: str) -> None:
    """Money comes from High End, for no paper in particular."""
    await person.says("High End")
    await person.taps_all("pay_party", ("pick", "in"))
    await person.says(amount)


async def test_money_for_no_paper_is_kept_and_settled_by_a_tap(lea):
    await invoices(lea)
    await gets_paid(lea, "100")
    lea.sees("High End Computers · AUD 100.00")
    lea.sees_line("IN-2026-0001", 100, "442.62")
    # Left out, it stays as credit, which is used by a tap.
    await lea.taps_all(
        ("tick", "✓ 🧾 IN-2026-0001"), ("book_spread", "100.00"), "party", "account"
    )
    lea.sees("High End Computers", "AUD 342.62")
    await lea.taps_all(("use_credit", "100.00"), ("book_spread", "100.00"))
    lea.sees("AUD 100.00")
    assert lea.can("document", "🧾 IN-2026-0001 · AUD 342.62 · Thu 24 Dec")
    assert not lea.can("document", "PY-")
    assert not lea.can("use_credit")
    await lea.goes_back()
    assert lea.can("pay_party")


async def test_a_stale_settlement_does_nothing(lea, samson):
    await invoices(lea)
    await gets_paid(lea, "100")
    await gets_paid(samson, "442.62")
    await samson.taps("book_spread", "442.62")
    await lea.taps("book_spread", "100.00")
    lea.is_refused("changed")
    await lea.taps("book_spread", "100.00")
    lea.sees("AUD 100.00")


async def test_what_we_paid_without_a_paper_is_owed_to_us(samson):
    await samson.says("Shenzhen")
    await samson.taps_all("pay_party", ("pick", "out"))
    await samson.says("500")
    samson.sees("EUR 500.00")
    await samson.says("/vendors")
    assert samson.can("party", "Shenzhen Parts · EUR 500.00")


async def test_an_account_with_nothing_open(samson, lea):
    await samson.says("Papeterie")
    assert not samson.can("account")
    await samson.taps_all("pay_party", ("pick", "in"))
    await samson.says("10")
    await lea.says("Papeterie")
    await lea.taps("account")
    await samson.taps("document", "PY-2026-0001", "10.00")
    await samson.ends("reverse")
    await lea.goes_back()
    lea.does_not_see("10.00")
    await lea.taps_stale("account")
    lea.does_not_see("10.00")
    assert not lea.can("document")


async def test_a_customer_is_added_in_few_questions(lea):
    await lea.says("/customers")
    lea.sees(2)
    await lea.taps("add_party", "customers")
    await lea.says("Berlin Büro", "Nowhere")
    lea.sees("Nowhere")
    await lea.says("United")
    assert lea.can("pick", "GB"), "one of several is chosen"
    await lea.says("Germany")
    await lea.taps("pick", "EUR")
    await lea.says("Unter den Linden 1")
    assert lea.can("skip"), "a street without a town is asked for again"
    await lea.says("Unter den Linden 1, 10117 Berlin")
    await lea.taps("pick", "Export")
    await lea.says("Anna")
    lea.sees("Unter den Linden 1, 10117 Berlin, Germany", "Anna")
    lea.sees_line("Berlin Büro", "EUR")
    await lea.taps("begin", "SO")
    assert lea.can("cancel"), "it asks what is ordered"


async def test_a_vendor_is_added_by_the_owner(samson):
    await samson.says("/start")
    await samson.taps_all("customers", "vendors", ("add_party", "vendors"))
    await samson.says("Kyoto Works", "jp")
    await samson.taps_all(("pick", "JPY"), "skip", "skip", "skip")
    samson.sees_line("Kyoto Works", "JPY")
    # The order is refused, and the way out of it is a button for who may.
    await samson.says("Kyoto: 2 mouse m2")
    samson.is_refused("rate_missing", "JPY")
    await samson.taps("set_rate", "JPY")
    await samson.says("0.006")
    samson.sees("1 JPY = 0.006 EUR")


async def test_facts_of_a_party_are_changed_one_by_one(lea):
    async def changes(fact: str, answer: str) -> None:
        await lea.taps("change_party", fact)
        await lea.says(answer)

    await lea.says("High End")
    await lea.taps("edit_party")
    await changes("delivery", "Dock 4, Sydney NSW 2001")
    lea.sees("Dock 4, 2001 Sydney NSW")
    await changes("payment_days", "14")
    await lea.taps_all(("change_party", "language"), ("pick", "fr"))
    await lea.taps_all(("change_party", "tax_rule_id"), ("pick", "VAT 20 %"))
    await lea.taps_all(("change_party", "price_book_id"), ("pick", "AUD 2026"))
    await changes("country", "New Zealand")
    await changes("name", "Higher End")
    lea.sees(
        "Higher End", 14, "French", "VAT 20 %", "AUD 2026", "New Zealand",
        "1 George Street, 2000 Sydney",
    )  # fmt: skip
    await lea.taps_all(("change_party", "tax_rule_id"), "skip")
    lea.does_not_see("VAT")
    await lea.goes_back()
    lea.sees("Dock 4, 2001 Sydney NSW, Australia", "2000 Sydney, New Zealand")


async def test_an_archived_party_gets_nothing_new(lea):
    await lea.says("Papeterie")
    await lea.taps_all("edit_party", "archive_party")
    assert not lea.can("begin")
    await lea.taps_all("edit_party", "archive_party")
    assert lea.can("begin", "SO")


async def test_a_contact_joins_by_a_link_that_works_once(stage: Stage, lea, samson):
    await lea.says("Papeterie")
    await lea.taps_all(("contacts", 1), "add_contact")
    await lea.says("Ann")
    await lea.taps_all("skip", "skip")
    lea.sees("Ann")
    await lea.taps_all(("contact_right", "may_see_money"), "invite_contact")
    lea.sees_line("Ann", "27 Nov 2026")
    await lea.taps("copy_text")
    token = re.fullmatch(r"https://t\.me/\w+\?start=([\w-]+)", lea.copied[-1])
    assert token
    stage.world.add_person(201, "Ann")
    ann = stage.chat(201)
    await ann.starts(token[1])
    ann.reads(ROLE_NAMES[Role.CUSTOMER])
    samson.sees_line("Ann", "Papeterie Martin")
    await ann.says("laptop pro")
    ann.sees("Laptop Pro 14")
    ann.does_not_see("EUR")
    stage.world.add_person(202, "Bob")
    other = stage.chat(202)
    await other.starts(token[1])
    other.is_refused("link_invalid")


async def test_a_contact_that_has_ended_sees_nothing_any_more(lea, kim):
    await invoices(lea)
    await kim.says("IN-2026-0001")
    kim.sees("IN-2026-0001 · High End Computers")
    await lea.says("High End")
    await lea.taps_all(("contacts", 1), ("contact", "Kim Tan"), ("end_contact", "Kim Tan"))
    lea.sees("Kim Tan")
    await kim.says("IN-2026-0001")
    kim.does_not_see("IN-2026-0001 · High End Computers")


async def test_the_owner_invites_and_removes_staff(stage: Stage, samson, lea):
    await samson.says("/start")
    await samson.taps("team")
    samson.sees(3)
    await samson.taps_all(("invite_staff", "storekeeper"), "copy_text")
    stage.world.add_person(203, "Zoe")
    zoe = stage.chat(203)
    await zoe.starts(samson.copied[-1].partition("start=")[2])
    for person in (zoe, samson):
        person.reads(ROLE_NAMES[Role.STOREKEEPER])
    samson.sees("Zoe")
    await samson.says("/start")
    await samson.taps_all("team", ("member", "Lea"), ("remove_role", "sales"))
    samson.sees("Lea", 3)
    await lea.says("/stock")
    assert not lea.can("product")


async def test_the_last_owner_stays(samson):
    await samson.says("/start")
    await samson.taps_all("team", ("member", "Samson"), ("remove_role", "owner"))
    samson.is_refused("last_owner")


async def test_sales_manages_no_team(samson, lea):
    await samson.says("/start")
    await lea.says("/start")
    for action in ("team", "settings"):
        await lea.forges(samson.button(action).data)
        lea.is_refused("not_allowed")
