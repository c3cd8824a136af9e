"""How the chat talks (CHAT.md), told by what was seen to be wrong while playing.

Played in English on SQLite and in French on PostgreSQL.
"""

from tests.scenarios.conftest import Say
from tests.scenarios.stage import HIGH_END, LEA, SAMSON, Stage


async def test_a_card_says_when_its_paper_was_sent_and_to_whom(stage: Stage, say: Say):
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await lea.says("High End: 20 LAP-14")
    await lea.taps(say("Confirm"))
    send = say("Send to {name}", name="High End Computers")
    assert lea.labels()[0] == send
    await kim.says("SO-2026-0001")
    await kim.taps("PDF")
    lea.does_not_see("Kim Tan")
    stage.clock.passes(hours=4, minutes=2)
    await lea.taps(send)
    today = say("today {time}", time="14:02")
    lea.sees(say("sent to {name} {when}", name="Kim Tan", when=today))
    assert lea.labels()[0] != send, "it was sent: something else is likely now"
    kim.does_not_see("Kim Tan")
    await lea.taps(say("Amend"))
    await lea.taps("1. 20")
    await lea.says("15")
    await lea.says("SO-2026-0001")
    await lea.taps(say("Go on with the change"))
    await lea.taps(say("Confirm the change"))
    lea.sees(say("version {version} sent to {name} {when}", version=1, name="Kim Tan", when=today))


async def test_a_paper_that_did_not_arrive_is_not_said_to_be_sent(stage: Stage, say: Say):
    lea, kim = stage.chat(LEA), stage.chat(HIGH_END)
    await lea.says("High End: 20 LAP-14")
    await lea.taps(say("Confirm"))
    await kim.blocks()
    await lea.taps(say("Send to {name}", name="High End Computers"))
    lea.sees("SO-2026-0001")
    lea.does_not_see("Kim Tan")


async def test_an_unknown_product_is_made_within_the_typed_order(stage: Stage, say: Say):
    lea, samson = stage.chat(LEA), stage.chat(SAMSON)
    new = say("New product “{words}”", words="zebra printer")
    await lea.says("High End: 20 LAP-14, 4 zebra printer 10%")
    assert new not in lea.labels(), "who sells makes no products"
    await samson.says("High End: 20 LAP-14, 4 zebra printer 10%")
    await samson.taps(new)
    samson.sees(say("{name}: which code has it?", name="Zebra printer"))
    await samson.taps(say("‹ Back"))
    samson.sees(say("What is it called?"))
    await samson.says("Zebra printer ZD")
    await samson.taps("ZEB")
    await samson.says("100")
    await samson.taps(say("Goods"))
    await samson.taps(say("piece"))
    samson.sees("20 × ", "4 × Zebra printer ZD")
    await samson.taps(say("Confirm"))
    samson.sees("SO-2026-0001", "4 × Zebra printer ZD")
