"""The last part of the story: the year changes, much is begun, and nothing of it is ended."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.local_telegram.faults import Fault, Outcome
from core.services.products import catalog
from tests.people import KIM, LEA, OMAR, PAUL, SAMSON, WEI
from tests.releases.cast import ANA, Cast, cast_of
from tests.scenarios.stage import Stage

LAST_DAY = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)


async def _let_time_pass(stage: Stage, cast: Cast) -> None:
    """What ends by itself ends; the year changes, and some invoices are late."""
    for days in (6, 12, 6, 21):
        stage.clock.passes(days=days)
        await stage.settle()
    assert stage.clock() == LAST_DAY


async def _go_on(stage: Stage, cast: Cast) -> None:
    """New papers of the new year, each gone a part of its way."""
    samson, lea, omar, paul = cast.samson, cast.lea, cast.omar, cast.paul
    await samson.says("Shenzhen: 40 SCR-27 @ 175, 100 MOU-3 @ 13")
    await samson.goes("order_now")
    await omar.says("PO-2027-0001")
    await omar.goes("convert RN")
    await omar.presses("open_line", label="27")
    await omar.goes("type_number quantity")
    await omar.says("25")
    await omar.goes("close_line", "make RN")
    await lea.says("Martin: 30 LAP-14, 6 SCR-27, 1 FREIGHT")
    await lea.goes("order_now", "deposit", "ask_deposit")
    await lea.says("500")
    await lea.says("SO-2027-0001")
    await lea.goes("convert DN")
    await lea.presses("open_line", label="Laptop")
    await lea.goes("type_number quantity")
    await lea.says("10")
    await lea.goes("close_line", "make DN", "paper", "convert IN", "make IN")
    await lea.says("Martin: 2 FREIGHT")
    await lea.goes("order_now", "convert IN", "make IN")
    await paul.says("IN-2027-0002")
    # Nobody knows whether the request to pay has arrived: he is asked.
    stage.world.faults.add(Fault(Outcome.TIMEOUT, "sendInvoice", after=True))
    await paul.goes("pay_online")
    await lea.says("Rhein: 1 FREIGHT")
    await lea.goes("order_now", "convert IN", "make IN")
    await lea.says("High End: 8 SCR-27, 12 HDMI")
    await lea.goes("order_now")


async def _leave_open(stage: Stage, cast: Cast) -> None:
    """Begun and not ended: drafts, a change, a wish, an approval, a question, cards half done."""
    samson, lea, omar, kim, paul = cast.samson, cast.lea, cast.omar, cast.kim, cast.paul
    await lea.says("Martin: 3 MOU-2, 2 LAP-14")
    await lea.goes("keep_draft", "draft_terms", "ask_term reference")
    await lea.says("PM-88")
    await samson.says("Shenzhen: 60 HDMI @ 6, 5 SCR-27")
    await samson.goes("keep_draft")
    await lea.says(LEFT["changed"])
    await lea.goes("amend", "draft_line", "ask_line quantity")
    await lea.says("9")
    await lea.goes("draft_lines", "document")
    await samson.says("BI-2026-0002")
    await samson.goes("convert VC")
    await omar.home("count")
    await omar.types("HDMI", "38")
    await omar.goes("count_reason used", "adjust")
    await omar.home("count")
    await omar.types("MOU-2", "50")
    await omar.goes("count_more")
    await omar.types("MOU-3", "70")
    await omar.goes("count_reason found", "count_open")
    await paul.says("4 souris m3 jusqu'au 20/1")
    await paul.goes("wish_now")
    await lea.says("Rhein: 20 MOU-3 25%")
    await lea.goes("order_now", "ask_approval")
    await lea.says("High End: 3 mouse, 2 lpatop, 1 unobtainium")
    await lea.says("PO-2026-0003")
    await kim.home("ask_us")
    await kim.says("When do the <mice> come?")
    await _leave_cards(stage, cast)


async def _leave_cards(stage: Stage, cast: Cast) -> None:
    """Cards on which something was chosen or typed and not yet done."""
    samson, lea, omar = cast.samson, cast.lea, cast.omar
    kim, paul = cast.kim, cast.paul
    await lea.says("DN-2026-0001")
    await lea.goes("convert SR", "open_line", "step quantity:1")
    await lea.says("IN-2027-0001")
    await lea.goes("convert CN", "open_line", "ask_less each")
    await lea.says("1400")
    await lea.says("IN-2027-0001")
    await lea.goes("pay", "ask_several")
    await lea.says("20000")
    await samson.says("/import")
    await lea.says("Martin: 3 souris, 2 lpatop")
    await lea.types("souris", "price laptop aud", "2 MOU-2", "SO-2026-0007")
    await lea.goes("amend", "draft_line", "ask_line quantity")
    await lea.says("2")
    await lea.goes("draft_lines", "document")
    await lea.says("Martin: 300 MOU-3")
    await lea.goes("order_now")
    await lea.says("MOU-3")
    await lea.goes("why", "claim")
    await lea.says("IN-2027-0001")
    await lea.goes("pay")
    await lea.says("SO-2027-0001")
    await lea.goes("ask_end close")
    await lea.says("Rhein: 20 MOU-2 30%")
    await lea.goes("order_now")
    await paul.types("3 souris jusqu'à vendredi", "2 portable, 1 truc jusqu'à vendredi")
    await kim.types("2 LAP-14 until Friday", "RS-2026-0001")
    await kim.goes("hold_extend")
    await kim.says("31 jan")
    await samson.says("Martin: 2 unobtainium")
    await samson.says("Rhein")
    await samson.goes("account")
    await samson.says("VC-2026-0001")
    await samson.goes("refund_left")
    await samson.says("VC-2026-0001")
    await samson.goes("use_left")
    await samson.says("IN-2026-0001")
    await samson.goes("settlements", "settlements")
    await samson.says("Papeterie Martin")
    await samson.goes("account")
    await samson.says("SO-2027-0001")
    await samson.goes("convert IN")
    await samson.says("Rhein")
    await samson.goes("edit_party", "ask_party_merge")
    await samson.says("Martin")
    await stage.does(catalog.add_product, sku="MOU-8", name="Mouse copy")
    await samson.says("MOU-8")
    await samson.goes("edit_product", "ask_product_merge")
    await samson.says("MOU-3")
    await samson.sends_document("couleurs.csv", b"SKU,Name,Colour\nHDMI,HDMI cable,black\n")
    await omar.home("count")
    await omar.types("LAP-14", "140")
    await omar.home("count")
    await omar.types("CAB", "400")
    await omar.goes("count_reason found")
    await omar.home("count")
    await omar.types("HDMI", "37")
    await omar.goes("count_more")
    await omar.types("SCR-27", "30")


CHAPTERS = (_let_time_pass, _go_on, _leave_open)


# --- The end ----------------------------------------------------------------------------------

LEFT = {
    "changed": "SO-2027-0004",
    "to inspect": "RN-2026-0002",
    "offered": "QU-2026-0004",
    "notice": "SO-2027-0002",
    "paper": "IN-2027-0001",
    "typed": "SO-2027-0001",
}
"""The papers that the upgrade is looked for by: what is open, and what waits to be sent."""
ANSWERS = {
    SAMSON: "Too much for these mice",
    LEA: "4",
    OMAR: "51",
    KIM: "15 jan",
    PAUL: "Quand arrivent les écrans ?",
    WEI: "When shall I send the rest?",
}
"""What each person types next, to the question that is open in the chat."""


async def ask(stage: Stage) -> None:
    """Ask everybody something that nobody answers any more."""
    cast = cast_of(stage)
    await cast.samson.home("approvals", "approval", "refuse")
    await cast.lea.says("SO-2027-0001")
    await cast.lea.goes("convert DN", "open_line", "step quantity:-1", "type_number quantity")
    await cast.omar.home("count")
    await cast.omar.says("MOU-2")
    await cast.kim.home("catalogue")
    await cast.kim.presses("product", label="Laptop")
    await cast.kim.goes("ask_hold")
    await cast.kim.says("2")
    await cast.paul.home("ask_us")
    await cast.wei.home("ask_us")


async def fall_silent(stage: Stage) -> None:
    """The last acts are answered and nothing is sent any more; the very last is not answered."""
    olga, jana = cast_of(stage).olga, cast_of(stage).jana
    await olga.says(LEFT["notice"])
    await olga.goes("amend", "draft_line", "step_line 1", "draft_lines", "document")
    change = olga.buttons()[0].message_id
    await olga.says(LEFT["paper"])
    await jana.says("IN-2027-0003")

    async def answers() -> None:
        await stage.app.polling.fetch(hold=0)
        await stage.app.worker.drain()

    olga.settle = jana.settle = answers
    await olga.goes("send")
    await olga.presses("confirm_change", on=change)
    await olga.says("RN-2026-0002")
    await jana.goes("pay_online")
    stage.world.says(ANA, LEFT["typed"])
    await stage.app.polling.fetch(hold=0)
