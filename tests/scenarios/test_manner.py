"""How the chat talks, told by what was seen to be wrong while playing.

Played in English on SQLite and in French on PostgreSQL.
"""

from sqlalchemy import Connection

from core.domain.lifecycles import State
from core.services import number_recovery
from tests.people import Person
from tests.scenarios.stage import Stage

UNTIL_FRIDAY = {"en": "until Friday", "fr": "jusqu'à vendredi"}


async def test_a_card_says_when_its_paper_was_sent_and_to_whom(stage: Stage, lea, kim):
    await lea.orders("High End: 20 LAP-14")
    assert lea.actions()[0] == "send"
    await kim.says("SO-2026-0001")
    await kim.taps("paper")
    lea.does_not_see("Kim Tan")
    stage.clock.passes(hours=4, minutes=2)
    await lea.taps("send", "High End Computers")
    lea.sees_line("Kim Tan", "14:02")
    assert lea.actions()[0] != "send", "it was sent: something else is likely now"
    kim.does_not_see("Kim Tan")
    await lea.taps_all("amend", ("draft_line", "Pro 14"))
    await lea.says("15", "SO-2026-0001")
    await lea.taps_all("amend", "confirm_change")
    lea.sees_line(1, "Kim Tan", "14:02")


async def test_a_paper_that_did_not_arrive_is_not_said_to_be_sent(lea, kim):
    await lea.orders("High End: 20 LAP-14")
    await kim.blocks()
    await lea.taps("send", "High End Computers")
    lea.sees("SO-2026-0001")
    lea.does_not_see("Kim Tan")


async def test_an_unknown_product_is_made_within_the_typed_order(lea, samson):
    await lea.says("High End: 20 LAP-14, 4 zebra printer 10%")
    assert not lea.can("new_for_line"), "who sells makes no products"
    await samson.says("High End: 20 LAP-14, 4 zebra printer 10%")
    await samson.taps("new_for_line", "zebra printer")
    assert samson.can("pick", "ZEB"), "a code is proposed"
    await samson.goes_back()
    assert not samson.can("pick", "ZEB"), "the name is asked again"
    await samson.says("Zebra printer ZD")
    await samson.taps("pick", "ZEB")
    await samson.says("100")
    await samson.taps_all(("pick", "goods"), ("pick", "piece"))
    samson.sees("20 × ", "4 × Zebra printer ZD")
    await samson.taps("order_now")
    samson.sees("SO-2026-0001", "4 × Zebra printer ZD")


async def test_what_was_asked_is_shown_and_can_be_taken_back(samson, lea):
    await lea.orders("High End: 20 LAP-14 15%")
    await lea.taps_all("ask_approval", "issue")
    lea.sees("Samson")
    assert not lea.can("ask_approval"), "it was asked already"
    await lea.taps("withdraw_wish")
    samson.sees("Lea")
    assert not samson.can("approve")
    await lea.taps_all("issue", "ask_approval")
    await samson.taps("approve", 15)
    lea.sees("SO-2026-0001")


async def test_the_notice_of_an_end_has_no_buttons_of_a_hold_that_has_ended(
    stage: Stage, samson, lea, kim
):
    def actions(person: Person) -> set[str]:
        """All that can still be done from anywhere in a chat."""
        cards = [each["message_id"] for each in person.messages if "reply_markup" in each]
        return {each for card in cards for each in ENDS if person.can(each, on=card)}

    await samson.buys("50 LAP-14")
    await kim.says(f"4 LAP-14 {UNTIL_FRIDAY[kim.language]}")
    await kim.taps("wish_now", 4)
    await lea.taps("hold_grant", 4)
    stage.clock.passes(days=2, hours=23)
    await stage.settle()
    warning = lea.card["message_id"]
    assert lea.can("hold_release")
    assert lea.card["reply_to_message"]["message_id"] != warning, "it replies to the card"
    await kim.taps("hold_extend")
    await kim.says("30/11")
    stage.clock.passes(days=9)
    await stage.settle()
    assert actions(lea) == set()
    assert not kim.can("hold_release")


ENDS = ("hold_release", "hold_extend")


async def test_a_typed_wish_is_asked_until_when_at_once(kim):
    wish = {"en": "hold 3 laptop", "fr": "réserver 3 portable"}[kim.language]
    await kim.says(wish)
    kim.sees("3 × ")
    assert kim.can("cancel"), "it is the question, without a tap in between"
    await kim.says(wish.replace("3", "4"))
    kim.sees("4 × ")
    await kim.taps_all(("pick", kim.day(27)), ("wish_now", 4))
    assert kim.can("hold_withdraw"), "it is asked"
    assert kim.touches == 4, "two texts, the day, the tap that asks"


async def test_a_receipt_whose_goods_were_sold_is_not_reversed_in_numbers(samson, omar, lea):
    await samson.buys("200 LAP-14")
    await lea.orders("High End: 20 LAP-14")
    await lea.makes("DN", 20)
    await omar.says("RN-2026-0001")
    await omar.ends("reverse")
    omar.is_refused("goods_gone", "Laptop Pro 14", 20, 200)


async def test_states_agree_with_their_papers(samson, lea):
    await lea.orders("High End: 20 LAP-14")
    await lea.makes("IN", 20)
    await lea.taps_all("pay", ("settle", "47800.00"))
    lea.sees_state("invoice", State.POSTED)
    lea.sees_settled("invoice", "paid")
    await lea.taps("related", 2)
    assert lea.can("document", "PY-2026-0001", lea.state("payment", State.POSTED))
    await samson.says("IN-2026-0001")
    samson.does_not_see("|")


async def test_an_approval_that_cannot_be_done_ends_and_says_why(stage: Stage, samson, lea):
    kind = {"en": "Invoice", "fr": "Facture"}[lea.language]
    await lea.says(f"{kind} High End: 20 MOU-2 15%")
    await lea.taps_all("order_now", "ask_approval")

    def comes_from_a_copy(connection: Connection) -> None:
        now = stage.clock()
        number_recovery.ask_for_all(connection, copied_at=now, now=now)

    await stage.database.write(comes_from_a_copy)
    await samson.taps("approve", 15)
    lea.sees("IN-2026")
    assert not samson.can("approve")
    assert not samson.can("refuse"), "it waits no more"
