"""Beyond the owner's limits, played through the chat: asked, granted, refused, void, forged.

In English and in French, on SQLite and on PostgreSQL, with the salespeople of Crimson.
"""

from decimal import Decimal

from sqlalchemy import select

from bot.base.callbacks import decode, encode
from bot.base.screen import Button
from core.domain.limits import LIMITS, LimitName
from core.domain.people import Role
from core.services import limits
from core.services.money import payments
from core.services.people import team
from core.storage.models import Approval, Document
from tests.chat import has
from tests.people import LEA, Person
from tests.scenarios.stage import Stage

OLGA = 107


async def asks_for(lea: Person, percent: int = 15) -> None:
    """Lea types an order beyond her limit, is refused, and asks."""
    await lea.orders(f"Martin: 20 MOU-2 {percent}%")
    lea.is_refused("approval_needed")
    lea.sees(10, percent)
    await lea.taps("ask_approval", "issue")
    assert lea.can("withdraw_wish")


async def states(stage: Stage) -> list[str]:
    """How each approval ended, or that it is asked for."""
    rows = select(Approval.state).order_by(Approval.id)
    return await stage.asks(lambda connection: list(connection.scalars(rows)))


async def test_a_discount_is_approved_as_the_asker_s_own(stage: Stage, samson, lea) -> None:
    await samson.buys("100 MOU-2")
    await asks_for(lea)
    # The owner sees who asks for what, the figures and, as costs are theirs to see, the margin.
    samson.sees_line("Lea", 15, 10)
    samson.sees("Papeterie Martin")
    samson.sees_line(360, "›", 306)
    samson.sees_line(0, "›", -18)
    await samson.says("/start")
    await samson.taps_all(("approvals", 1), ("approval", "Lea"), ("approve", 15))
    samson.sees("Samson", "SO-2026-0001")

    # Lea is told, and both her cards are as it is now.
    lea.is_told("approval_granted", "Samson", 15, "🛒 SO-2026-0001")
    await lea.says("SO-2026-0001")
    lea.sees("Papeterie Martin")
    made = select(Document.created_by, Document.state).where(Document.number == "SO-2026-0001")
    order = await stage.asks(lambda connection: connection.execute(made).one())
    members = {each.name: each.person_id for each in await stage.asks(team.members)}
    assert order == (members["Lea"], "confirmed")
    await samson.says("/start")
    assert not samson.can("approvals", 1)


async def test_a_refusal_has_a_reason_from_a_form_or_a_reply(samson, lea) -> None:
    await asks_for(lea)
    await samson.taps("refuse")
    await samson.says("Twelve at most")
    assert not samson.can("approve")
    lea.is_told("approval_refused", "Samson", 15, "🛒")
    lea.sees("Twelve at most")

    await asks_for(lea, 16)
    await samson.says("Not this week", reply_to=samson.card["message_id"])
    samson.sees("Not this week")
    await samson.taps("refuse")
    lea.is_told("approval_refused", "Samson", 16, "🛒")
    lea.sees("Not this week")

    await asks_for(lea, 17)
    await samson.taps_all("refuse", "skip")
    lea.is_told("approval_refused", "Samson", 17, "🛒")
    # A reply to what is decided is a text like any other.
    await samson.says("MOU-2", reply_to=samson.card["message_id"])
    samson.sees("M2")


async def test_what_changes_meanwhile_is_void_and_asked_again(stage: Stage, samson, lea) -> None:
    """The case: asked at 15 %, then 100 pieces are added, then granted."""
    await asks_for(lea)
    await lea.taps("document")
    lea.sees(15)
    await lea.taps_all("draft_lines", ("draft_line", "M2"), ("ask_line", "quantity", 20))
    await lea.says("120")

    await samson.taps("approve", 15)
    assert samson.toasts[-1].alert
    samson.sees_line(2160, "›", 1836)
    lea.sees_line("🛒", 15)
    assert await states(stage) == ["void", "asked"]
    await samson.taps("approve", 15)
    samson.sees("SO-2026-0001")
    assert await states(stage) == ["void", "used"]


async def test_what_needs_none_any_more_is_only_told(stage: Stage, samson, lea) -> None:
    await asks_for(lea)
    await lea.taps_all("document", "discard")
    await samson.taps("approve", 15)
    assert samson.toasts[-1].alert
    assert not samson.can("approve")
    assert await states(stage) == ["void"]


async def test_the_first_of_two_owners_decides(stage: Stage, samson, lea, language: str) -> None:
    olga = await stage.joins(OLGA, "Olga", Role.OWNER, language=language)
    await asks_for(lea)
    # Both tap before either has seen what the other did.
    for each in (samson, olga):
        button = each.button("approve", 15)
        stage.world.taps(each.user_id, button.message_id, button.data)
    await stage.settle()
    # Their chats are answered side by side, so that either may have been the first.
    (loser,) = [each for each in (samson, olga) if each.toasts[-1].alert]
    loser.is_refused("approval_decided")
    winner = "Olga" if loser is samson else "Samson"
    for each in (samson, olga):
        each.sees(winner)
        assert not each.can("approve")
    assert await states(stage) == ["used"]


async def test_forged_taps_decide_nothing(stage: Stage, lea, omar, kim) -> None:
    await asks_for(lea)
    wanted = select(Approval.id, Approval.document_id)
    asked, draft = await stage.asks(lambda connection: connection.execute(wanted).one())
    forged = (
        Button("x", "approve", id=asked),
        Button("x", "refuse", id=asked),
        Button("x", "approval", id=asked),
        Button("x", "ask_approval", id=draft, argument="issue", digest="0" * 12),
        Button("x", "ask_approval", id=draft, argument="close", digest="0" * 12),
        Button("x", "ask_approval", id=draft, argument="nonsense"),
        Button("x", "approve", id=asked + 1),
        Button("x", "change_limits", id=1, argument="discount"),
        Button("x", "edit_limits", id=1),
    )
    for person in (lea, omar, kim):
        await person.says("/start")
        for rendering, button in enumerate(forged, 100):
            data = encode(button, rendering=rendering)
            assert decode(data) is not None
            await person.forges(data)
    assert await states(stage) == ["asked"]
    for person in (omar, kim):
        assert "Papeterie Martin" not in person.transcript()
    # Even as an owner, she does not approve what she has asked for herself.
    stage.world.starts(LEA, await stage.does(team.invite, Role.OWNER))
    await stage.settle()
    await lea.says("/start")
    assert not lea.can("approvals", 1)
    await lea.forges(encode(Button("x", "approve", id=asked), rendering=200))
    lea.is_refused("own_approval")
    assert await states(stage) == ["asked"]


async def receives(person: Person, ordered: int, came: int) -> None:
    """More mice have come than were ordered."""
    await person.taps_all(("convert", "RN", ordered), ("open_line", "M2", ordered))
    await person.taps("type_number", "quantity", ordered)
    await person.says(str(came))
    await person.taps("close_line")
    person.sees(came - ordered)
    await person.taps("make", "RN", came)


async def test_more_than_ordered_is_received_by_approval(stage: Stage, samson, omar) -> None:
    await samson.orders("Shenzhen: 200 MOU-2")
    await omar.says("PO-2026-0001")
    await receives(omar, 200, 205)
    omar.is_refused("approval_needed")
    omar.sees("2.5", 0)
    assert (await stage.level("MOU-2")).on_hand == 0
    await omar.taps("ask_approval")
    samson.sees_line("M2", 5, 200)
    await samson.taps("approve", "2.5")
    omar.sees("RN-2026-0001")
    assert (await stage.level("MOU-2")).on_hand == 205

    # The owner needs nobody's approval.
    await samson.orders("Shenzhen: 10 MOU-2")
    await receives(samson, 10, 12)
    samson.sees("RN-2026-0002")


async def test_a_refund_and_a_loss_by_approval(stage: Stage, samson, lea, omar) -> None:
    await stage.does(limits.change, LimitName.REFUND, Decimal(100))
    await stage.does(limits.change, LimitName.WRITE_OFF, Decimal(50))
    await samson.buys("100 MOU-2")

    await lea.orders("Martin: 10 MOU-2")
    await lea.makes("IN", 10)
    await lea.taps_all("pay", ("settle", "216.00"))
    await lea.taps_all(("convert", "CN"), ("take_all", 10), ("make", "CN", 10))
    lea.sees("CN-2026-0001")
    await lea.taps_all("refund_left", "ask_refund")
    await lea.says("150")
    lea.is_refused("approval_needed")
    lea.sees("150.00", "100.00")
    await lea.taps("ask_approval")
    samson.sees("CN-2026-0001", "Papeterie Martin", "216.00")
    await samson.taps("approve", "150.00")
    lea.sees("PY-2026-0002")
    await lea.says("CN-2026-0001")
    lea.sees("66.00")

    await omar.says("/start")
    await omar.taps("count")
    await omar.says("MOU-2", "95")
    await omar.taps_all(("count_reason", "lost"), ("adjust", -5))
    omar.is_refused("approval_needed")
    omar.reads(LIMITS[LimitName.WRITE_OFF].veiled)
    omar.sees("50.00")
    await omar.taps("ask_approval")
    await samson.taps("approve", "90.00")
    omar.sees("AJ-2026-0001")
    # What goods have cost is not for the storekeeper to see, before or after.
    assert not has(omar.transcript(), "90.00")
    assert (await stage.level("MOU-2")).on_hand == 95


async def test_a_change_of_an_order_is_held_to_the_limit(samson, lea) -> None:
    await lea.orders("Martin: 20 MOU-2 10%")
    await lea.taps_all("amend", ("draft_line", "M2"), ("ask_line", "discount"))
    await lea.says("30")
    await lea.goes_back()
    await lea.goes_back()
    await lea.taps("confirm_change")
    lea.is_refused("approval_needed")
    lea.sees(30, 10)
    await lea.taps("ask_approval", "amend")
    samson.sees_line(30, "SO-2026-0001")
    await samson.taps("approve", 30)
    await lea.says("SO-2026-0001")
    lea.sees_line("SO-2026-0001", 2)
    lea.sees(-30)


async def test_the_owner_sets_the_limits(stage: Stage, samson, lea) -> None:
    await samson.says("/start")
    await samson.taps_all("settings", "edit_limits")
    for name, answer in (("discount", 20), ("refund", 250), ("write_off", 0), ("over_receipt", 1)):
        await samson.taps("change_limits", name)
        samson.reads(LIMITS[LimitName(name)].question)
        await samson.says(str(answer))
        samson.sees_line(samson.words.text(LIMITS[LimitName(name)].label), answer)
    await samson.taps("change_limits", "discount")
    await samson.says("101")
    assert (await stage.asks(limits.current))[LimitName.DISCOUNT] == 20
    await lea.orders("Martin: 20 MOU-2 15%")
    lea.sees("SO-2026-0001")


async def test_a_debt_that_is_paid_twice_is_told(stage: Stage, samson, lea) -> None:
    """Two contacts pay the same 100: both are booked, 100 is credit, the owner is told."""
    await lea.orders("Martin: 20 MOU-2")
    await lea.makes("IN", 20)
    await lea.taps_all("pay", "ask_amount")
    wanted = select(Document.id).where(Document.number == "IN-2026-0001")
    invoice = await stage.asks(lambda connection: connection.execute(wanted).scalar())
    await stage.does(payments.settle_due, invoice)
    await lea.says("432")
    samson.sees_line("IN-2026-0001", "PY-2026-0002", "PY-2026-0001")
    samson.sees_line("Papeterie Martin", "432.00")
