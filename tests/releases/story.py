"""What has happened in the shop of a fixture: DESIGN 1 in part done, and much of it half done.

The people do everything through the chat, over some six weeks at the turn of a year.  At the end
things are open that an upgrade must not lose: drafts, an order that is being changed, goods to
inspect, a wish to be answered, an approval to be given, questions, messages that wait to be sent,
an update that waits to be answered.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from PIL import Image

from core.domain.limits import LimitName
from core.services import limits
from core.services.people import parties
from core.services.products import catalog
from tests.releases import unfinished
from tests.releases.cast import PROVIDER, Cast, add_people, cast_of, gather, joins
from tests.scenarios.stage import Stage

PRODUCTS = (
    "Référence;Désignation;Prix de vente HT (€);TVA;Unité;Seuil d'alerte\n"
    "SCR-27;Écran 27;249,90;20 %;pièce;3\n"
    "HDMI;Câble HDMI;12,50;20 %;pièce;\n"
    "MOU-2;Souris M2;19,00;20 %;pièce;10\n"
).encode("cp1252")
STOCK = "SKU,On hand,Cost\nHDMI,40,6.5\nSCR-27,12,180\n"


async def play(stage: Stage) -> None:
    """Play the story, on a stage that was just opened, up to where much is left open."""
    stage.again(provider_token=PROVIDER)
    add_people(stage.world)
    for chapter in CHAPTERS:
        await chapter(stage, cast_of(stage))


# --- The company ------------------------------------------------------------------------------


async def _set_up(stage: Stage, cast: Cast) -> None:
    """Limits, a price book, a customer in Germany, a template with its texts."""
    samson = cast.samson
    await stage.does(limits.change, LimitName.REFUND, Decimal(3000))
    await samson.home("settings", "edit_limits", "change_limits write_off")
    await samson.says("40")
    await samson.home("settings", "edit_company", "logo", "send_logo")
    await samson.sends_document("logo.png", _picture())
    await samson.home("settings", "price_books", "add_book")
    await samson.says("Atelier")
    await samson.goes("pick EUR", "pick some")
    await samson.home("settings", "price_books")
    await samson.presses("price_book", label="Atelier")
    await samson.goes("set_price")
    await samson.types("MOU-3", "22")
    await samson.home("settings", "templates", "add_template")
    await samson.says("Crimson red")
    await samson.presses("pick", label="Standard")
    await samson.goes("template_colour", "colour_template #a5112f")
    await samson.goes("turn_template page", "template_text closing", "write_text closing:fr")
    await samson.says("Merci {party}.\nÀ régler : {total} avant le {due}.")
    await samson.goes("write_text closing:en")
    await samson.says("Thank you, {party}.\nPay {total} by {due}.")
    await samson.home("settings", "templates", "template_kinds", "template_of_kind quote")
    await samson.presses("follow_template", label="Elegant")
    await _adds_a_german_customer(cast)


async def _adds_a_german_customer(cast: Cast) -> None:
    samson, lea = cast.samson, cast.lea
    await samson.home("customers", "add_party customers")
    await samson.types("Rhein Handel GmbH", "Germany")
    await samson.goes("pick EUR")
    await samson.says("Hafenstraße 3, 50667 Köln")
    await samson.goes("skip", "skip", "edit_party", "change_party tax_id")
    await samson.says("DE123456789")
    await samson.goes("change_party template_id")
    await samson.presses("pick", label="Crimson red")
    await joins(lea, "Rhein", "Jana Vogt", guest=cast.jana)


# --- (a) to (c): bought, received, paid -------------------------------------------------------


async def _buy(_stage: Stage, cast: Cast) -> None:
    """(a) to (c) and (e): deliveries with rejected goods, bills paid whole and in part."""
    samson, omar, wei = cast.samson, cast.omar, cast.wei
    await samson.says("Shenzhen: 200 LAP-14")
    await samson.goes("order_now", "send")
    await omar.says("PO-2026-0001")
    await omar.goes("convert RN", "open_line", "type_number quantity")
    await omar.says("190")
    await omar.goes("type_number rejected")
    await omar.says("10")
    await omar.goes("close_line", "make RN", "paper", "difference", "tell_vendor")
    await wei.goes("document")
    await samson.says("PO-2026-0001")
    await samson.goes("convert BI", "ask_foreign")
    await samson.says("SZ-4711")
    await samson.goes("make BI", "pay", "settle")
    # Of the second delivery a part is rejected and is never looked at.
    await samson.says("Shenzhen: 100 MOU-2 @ 11, 60 MOU-3 @ 14, 500 CAB @ 0,7")
    await samson.goes("order_now")
    await omar.says("PO-2026-0002")
    await omar.goes("convert RN")
    await omar.presses("open_line", label="M2")
    await omar.goes("step rejected:1", "step rejected:1", "step rejected:1")
    await omar.goes("close_line", "make RN")
    await samson.says("RN-2026-0002")
    await samson.goes("convert BI", "make BI", "pay", "ask_amount")
    await samson.says("1000")
    # A third one is on its way.
    await samson.says("Shenzhen: 50 LAP-14 @ 1400")
    await samson.goes("order_now", "deposit", "take_deposit 30", "paper")
    # (e) Eight do not work and go back, one is taken after all, one is left to inspect.
    await omar.says("RN-2026-0001")
    await omar.goes("convert PR!", "open_line", "type_number quantity")
    await omar.says("8")
    await omar.goes("close_line", "make PR!")
    await omar.says("RN-2026-0001")
    await omar.goes("convert TR!", "open_line", "step quantity:-1", "close_line", "make TR!")
    # Two good ones go back as well: their vendor credits them and pays the money back.
    await samson.says("RN-2026-0001")
    await samson.goes("convert PR", "open_line", "type_number quantity")
    await samson.says("2")
    await samson.goes("close_line", "make PR", "convert VC", "take_all", "make VC", "refund_left")
    await samson.goes("ask_refund")
    await samson.says("1450")


# --- (d) and (f): sold, delivered, invoiced, paid, taken back ---------------------------------


async def _sell(_stage: Stage, cast: Cast) -> None:
    """(d) and (f): one order goes its way to the money, and two of its goods come back."""
    lea = cast.lea
    await lea.says("High End: 20 LAP-14, 3x MOU-2 10%")
    await lea.goes("order_now", "send", "convert DN", "make DN", "convert IN", "make IN", "send")
    await lea.goes("pay", "ask_other", "pick EUR")
    await lea.says("28000")
    await lea.presses("pick", label="0.61")
    await lea.goes("settles_all", "book_spread")
    # (f) Two come back; for one of them the money is paid back, the rest stays as credit.
    await lea.says("DN-2026-0001")
    await lea.goes("convert SR", "open_line", "type_number quantity")
    await lea.says("2")
    await lea.goes("place quarantine", "close_line", "make SR", "convert CN", "make CN", "send")
    await lea.goes("refund_left", "ask_refund")
    await lea.says("2390")


async def _sell_in_europe(_stage: Stage, cast: Cast) -> None:
    """A deposit, a delivery and an invoice in parts, a part paid; one is paid in the chat."""
    lea, paul = cast.lea, cast.paul
    await lea.says("Martin: 10 LAP-14, 1 FREIGHT, 4 MOU-2 5%")
    await lea.goes("order_now", "send", "deposit", "take_deposit 30")
    await lea.says("SO-2026-0002")
    await lea.goes("convert DN")
    await lea.presses("open_line", label="Laptop")
    await lea.goes("type_number quantity")
    await lea.says("6")
    await lea.goes("close_line", "make DN", "convert IN", "make IN", "send")
    await lea.goes("pay", "ask_amount")
    await lea.says("2000")
    # Freight is invoiced at once, and paid in the chat.
    await lea.says("Martin: 3 FREIGHT")
    await lea.goes("order_now", "convert IN", "make IN")
    await paul.says("IN-2026-0003")
    await paul.goes("pay_online")
    await paul.pays()
    # A lower price is credited without a piece; it settles its own invoice first.
    await lea.says("IN-2026-0002")
    await lea.goes("convert CN", "open_line", "ask_less all")
    await lea.says("120")
    await lea.goes("close_line", "make CN")
    # One payment over two invoices in Germany, more than they are.
    for text in ("Rhein: 2 MOU-2, 2 MOU-3", "Rhein: 3 MOU-3"):
        await lea.says(text)
        await lea.goes("order_now", "convert DN", "make DN", "convert IN", "make IN")
    await lea.goes("send", "pay", "ask_several")
    await lea.says("200")
    await lea.goes("book_spread")


# --- Offers and holds -------------------------------------------------------------------------


async def _offer(_stage: Stage, cast: Cast) -> None:
    """A quote becomes an order, one is declined, one ends by itself, one waits for its answer."""
    lea, kim, paul = cast.lea, cast.kim, cast.paul

    async def offers(customer: str, goods: str) -> None:
        await lea.says(customer)
        await lea.goes("begin QU")
        await lea.says(goods)
        await lea.goes("keep_draft")

    await offers("High End", "5 LAP-14, 2 MOU-2")
    await lea.goes("issue")
    await kim.home("my_quotes", "document", "accept")
    await lea.goes("document", "convert SO", "make SO")
    await offers("Martin", "3 LAP-14")
    await lea.goes("issue")
    await paul.goes("ask_end decline", "ask_reason")
    await paul.says("trop cher")
    await offers("Rhein", "10 MOU-3")
    await lea.goes("draft_terms", "ask_term valid_until")
    await lea.says("30/11/2026")
    await lea.goes("document", "issue")
    await offers("High End", "40 CAB, 2 LAP-14 5%")
    await lea.goes("draft_terms", "ask_term valid_until")
    await lea.says("31/1/2027")
    await lea.goes("document", "issue")
    await offers("Martin", "2 MOU-2, 1 FREIGHT")


async def _hold(_stage: Stage, cast: Cast) -> None:
    """(h) A hold is asked, granted, prolonged, ordered of; another one is declined."""
    lea, kim, paul = cast.lea, cast.kim, cast.paul
    await kim.home("catalogue")
    await kim.presses("product", label="Laptop")
    await kim.goes("ask_hold")
    await kim.types("10", "27 nov 18:00")
    await kim.goes("finish")
    await lea.goes("hold_less")
    await lea.says("8")
    await lea.goes("hold_grant")
    await kim.goes("document", "hold_extend")
    await kim.says("20 jan")
    await lea.goes("hold_until")
    await kim.says("RS-2026-0001")
    await kim.goes("hold_release")
    await kim.types("2", "two seats fewer")
    await kim.says("RS-2026-0001")
    await kim.goes("wish_order")
    await paul.says("2 souris m3 jusqu'au 28/11")
    await paul.goes("wish_now")
    await lea.goes("hold_decline")
    await lea.says("they are promised")
    # More than there is: a part is held, the rest waits.
    await paul.says("200 portable jusqu'au 12/12")
    await paul.goes("wish_now")
    await lea.goes("hold_grant")
    await lea.says("LAP-14")
    await lea.goes("why")
    await lea.presses("claim", label="148")
    await lea.goes("claim_release")
    await lea.types("100", "too many for one customer")


async def _count(_stage: Stage, cast: Cast) -> None:
    """(g) Two counts differ; what the second one loses is beyond the limit and is approved."""
    omar, samson = cast.omar, cast.samson
    await omar.home("count")
    await omar.types("MOU-2", "92")
    await omar.goes("count_reason broken", "count_picture")
    await omar.sends_photo(_picture())
    await omar.goes("adjust", "paper")
    await omar.home("count")
    await omar.types("CAB", "420,5")
    await omar.goes("count_reason lost", "adjust")
    await omar.goes("ask_approval")
    await samson.goes("approve")


def _picture() -> bytes:
    """A photo."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "#a5112f").save(buffer, "PNG")
    return buffer.getvalue()


# --- Corrections ------------------------------------------------------------------------------


async def _correct(_stage: Stage, cast: Cast) -> None:
    """An order is changed and sent again; others are closed, cancelled; a delivery is undone."""
    lea, omar = cast.lea, cast.omar
    await lea.says("Rhein: 4 LAP-14, 2 MOU-2")
    await lea.goes("order_now", "send", "amend")
    await lea.presses("draft_line", label="Laptop")
    await lea.goes("ask_line quantity")
    await lea.says("6")
    await lea.goes("draft_lines", "document", "draft_terms", "ask_term delivery_on")
    await lea.says("5/12/2026")
    await lea.goes("document", "confirm_change", "send", "convert DN", "make DN")
    await lea.says("Martin: 5 MOU-3, 4 MOU-2")
    await lea.goes("order_now", "ask_end close")
    await lea.presses("end_line", label="M3")
    await lea.goes("ask_end close", "ask_reason")
    await lea.says("too late")
    await lea.says("High End: 7 MOU-3")
    await lea.goes("order_now", "ask_end cancel", "end cancel")
    await lea.says("High End: 2 MOU-3")
    await lea.goes("order_now", "convert DN", "make DN")
    await omar.says("DN-2026-0006")
    await omar.goes("ask_end reverse", "end reverse", "paper")
    await lea.says("High End: 1 CAB")
    await lea.goes("keep_draft", "discard")


async def _approve(_stage: Stage, cast: Cast) -> None:
    """A discount is granted, one is refused with a reason, one changes before it is granted."""
    lea, samson, olga = cast.lea, cast.samson, cast.olga

    async def asks(text: str) -> None:
        await lea.says(text)
        await lea.goes("order_now", "ask_approval")

    await asks("Martin: 20 MOU-2 15%")
    await samson.goes("approve")
    await asks("Martin: 10 MOU-3 20%")
    await olga.goes("refuse")
    await olga.says("Twelve at most")
    await asks("High End: 5 CAB 30%")
    await lea.goes("document", "draft_lines", "draft_line", "ask_line quantity")
    await lea.says("50")
    await samson.goes("approve")


async def _import(_stage: Stage, cast: Cast) -> None:
    """Two tables are imported, one of them is undone, a third one is only looked at."""
    samson = cast.samson
    await samson.sends_document("produits.csv", PRODUCTS)
    await samson.goes("import")
    await samson.sends_document("stock.csv", STOCK.encode())
    await samson.goes("import")
    await samson.sends_document("trial.csv", b"SKU,Name,Price\nTRY-1,Trial,1\n")
    await samson.goes("import", "undo_import")
    await samson.sends_document("next.csv", b"SKU;Name;Price\nP-1;Piano;1,234\n")
    await samson.says("/export")
    await samson.goes("report accounts", "export")


async def _merge(stage: Stage, cast: Cast) -> None:
    """What stood twice in the books is one; a contact and a member go."""
    samson, lea = cast.samson, cast.lea
    await stage.does(
        parties.add_party, name="Sydney Trade", language="en", currency="AUD", customer=True
    )
    await lea.says("Sydney Trade: 2 FREIGHT")
    await lea.goes("order_now")
    await lea.says("Sydney Trade")
    await lea.goes("edit_party", "ask_party_merge")
    await lea.says("High End")
    await lea.goes("merge_parties")
    await stage.does(catalog.add_product, sku="MOU-9", name="Mouse double", list_price=Decimal(5))
    await samson.says("MOU-9")
    await samson.goes("edit_product", "ask_product_merge")
    await samson.says("MOU-3")
    await samson.goes("merge_products")
    await samson.says("High End")
    await samson.goes("contacts")
    await samson.presses("contact", label="Joe")
    await samson.goes("end_contact")
    await stage.does(parties.add_party, name="Old Client", language="fr", customer=True)
    await samson.says("Old Client")
    await samson.goes("edit_party", "archive_party")


CHAPTERS = (
    gather,
    _set_up,
    _buy,
    _sell,
    _sell_in_europe,
    _offer,
    _hold,
    _count,
    _correct,
    _approve,
    _import,
    _merge,
    *unfinished.CHAPTERS,
)
