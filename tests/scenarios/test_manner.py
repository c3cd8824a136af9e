"""How the chat talks (CHAT.md), told by what was seen to be wrong while playing.

Played in English on SQLite and in French on PostgreSQL.
"""

from sqlalchemy import Connection

from core.services import series
from tests.scenarios.conftest import Say
from tests.scenarios.stage import HIGH_END, LEA, OMAR, SAMSON, Stage

UNTIL_FRIDAY = {"en": "until Friday", "fr": "jusqu'à vendredi"}


async def test_a_card_says_when_its_paper_was_sent_and_to_whom(stage: Stage, say: Say):
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await lea.orders("High End: 20 LAP-14")
    send = say("Send to {name}", name="High End Computers")
    assert lea.labels()[0] == send
    await kim.says("SO-2026-0001")
    await kim.taps("paper")
    lea.does_not_see("Kim Tan")
    stage.clock.passes(hours=4, minutes=2)
    await lea.taps("send")
    today = say("today {time}", time="14:02")
    lea.sees(say("sent to {name} {when}", name="Kim Tan", when=today))
    assert lea.labels()[0] != send, "it was sent: something else is likely now"
    kim.does_not_see("Kim Tan")
    await lea.taps("amend")
    await lea.taps("draft_line", 1, 20)
    await lea.says("15")
    await lea.says("SO-2026-0001")
    await lea.taps("amend")
    await lea.taps("confirm_change")
    lea.sees(say("version {version} sent to {name} {when}", version=1, name="Kim Tan", when=today))


async def test_a_paper_that_did_not_arrive_is_not_said_to_be_sent(stage: Stage, say: Say):
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await lea.orders("High End: 20 LAP-14")
    await kim.blocks()
    await lea.taps("send")
    lea.sees("SO-2026-0001")
    lea.does_not_see("Kim Tan")


async def test_an_unknown_product_is_made_within_the_typed_order(stage: Stage, say: Say):
    lea, samson = stage.chat(LEA), stage.chat(SAMSON)
    new = say("New product “{words}”", words="zebra printer")
    await lea.says("High End: 20 LAP-14, 4 zebra printer 10%")
    assert new not in lea.labels(), "who sells makes no products"
    await samson.says("High End: 20 LAP-14, 4 zebra printer 10%")
    await samson.taps("new_for_line")
    samson.sees(say("{name}: which code has it?", name="Zebra printer"))
    await samson.goes_back()
    samson.sees(say("What is it called?"))
    await samson.says("Zebra printer ZD")
    await samson.taps("pick", "ZEB")
    await samson.says("100")
    await samson.taps("pick", "goods")
    await samson.taps("pick", "piece")
    samson.sees("20 × ", "4 × Zebra printer ZD")
    await samson.taps("order_now")
    samson.sees("SO-2026-0001", "4 × Zebra printer ZD")


async def test_what_was_asked_is_shown_and_can_be_taken_back(stage: Stage, say: Say):
    lea, samson = stage.chat(LEA), stage.chat(SAMSON)
    await lea.orders("High End: 20 LAP-14 15%")
    await lea.taps("ask_approval")
    await lea.taps("issue")
    lea.sees(say("{name} has been asked", name="Samson"))
    assert say("Ask for approval") not in lea.labels(), "it was asked already"
    await lea.taps("withdraw_wish")
    samson.sees(say("{name} has taken it back.", name="Lea"))
    assert not any(label.startswith(say("Approve {value}", value="")) for label in samson.labels())
    await lea.taps("issue")
    await lea.taps("ask_approval")
    await samson.taps("approve", 15)
    lea.sees("SO-2026-0001")


async def test_the_notice_of_an_end_has_no_buttons_of_a_hold_that_has_ended(
    stage: Stage, say: Say, language: str
):
    samson, omar, lea, kim = map(stage.chat, (SAMSON, OMAR, LEA, HIGH_END))
    await samson.orders("Shenzhen: 50 LAP-14")
    await omar.says("PO-2026-0001")
    await omar.makes("RN", 50)
    await kim.says(f"4 LAP-14 {UNTIL_FRIDAY[language]}")
    await kim.taps("wish_now", 4)
    await lea.taps("hold_grant", 4)
    stage.clock.passes(days=2, hours=23)
    await stage.settle()
    warning, release = lea.card["message_id"], say("Release…")
    assert release in lea.labels()
    assert lea.card["reply_to_message"]["message_id"] != warning, "it replies to the card"
    await kim.taps("hold_extend")
    await kim.says("30/11")
    stage.clock.passes(days=9)
    await stage.settle()
    buttons = [
        button["text"]
        for message in lea.messages
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    assert release not in buttons
    assert say("Extend") not in buttons
    assert release not in kim.labels()


async def test_a_typed_wish_is_asked_until_when_at_once(stage: Stage, say: Say, language: str):
    kim = stage.chat(HIGH_END)
    wish = {"en": "hold 3 laptop", "fr": "réserver 3 portable"}[language]
    await kim.says(wish)
    kim.sees("3 × ")
    assert say("Cancel") in kim.labels(), "it is the question, without a tap in between"
    await kim.says(wish.replace("3", "4"))
    kim.sees("4 × ")
    # TODO ('"pick", "Fri 27 Nov"',) || ('"pick", "ven. 27 nov."',)
    await kim.taps("27")
    await kim.taps("wish_now", 4)
    kim.sees(say("Hold asked"))
    assert kim.touches == 4, "two texts, the day, the tap that asks"


async def test_a_receipt_whose_goods_were_sold_is_not_reversed_in_numbers(stage: Stage, say: Say):
    samson, omar, lea = map(stage.chat, (SAMSON, OMAR, LEA))
    await samson.orders("Shenzhen: 200 LAP-14")
    await omar.says("PO-2026-0001")
    await omar.makes("RN", 200)
    await lea.orders("High End: 20 LAP-14")
    await lea.makes("DN", 20)
    await omar.says("RN-2026-0001")
    await omar.ends("reverse")
    gone = "{name}: {gone} of {wanted} are gone, so this cannot be reversed."
    omar.sees(say(gone, name="Laptop Pro 14", gone=20, wanted=200))


async def test_states_agree_with_their_papers(stage: Stage, say: Say, language: str):
    samson, lea = stage.chat(SAMSON), stage.chat(LEA)
    await lea.orders("High End: 20 LAP-14")
    await lea.makes("IN", 20)
    words = {"en": ("posted", "paid"), "fr": ("✅ validée", "payée")}[language]
    await lea.taps("pay")
    # TODO ('"settle", "47800.00"',) || ('"settle", 4780000',)
    await lea.taps(say("Received {amount}", amount=""))
    lea.sees(*words)
    await lea.taps("related", 2)
    payment = next(label for label in lea.labels() if "PY-2026-0001" in label)
    assert payment.endswith({"en": "posted", "fr": "validé"}[language])
    await samson.says("IN-2026-0001")
    samson.does_not_see("|")


async def test_an_approval_that_cannot_be_done_ends_and_says_why(stage: Stage, say: Say):
    lea, samson = stage.chat(LEA), stage.chat(SAMSON)
    kind = say("Invoice")
    await lea.orders(f"{kind} High End: 20 MOU-2 15%")
    await lea.taps("ask_approval")

    def comes_from_a_copy(connection: Connection) -> None:
        now = stage.clock()
        series.ask_for_all(connection, copied_at=now, now=now)

    await stage.database.write(comes_from_a_copy)
    await samson.taps("approve", 15)
    lea.sees("IN-2026")
    assert say("Withdraw") not in samson.labels()
    assert not [each for each in samson.labels() if each == say("Refuse")], "it waits no more"
