"""Invoices that machines read too: through the chat, into the PDF, against the published rules.

In English and in French, on SQLite and on PostgreSQL.
"""

from decimal import Decimal
from io import BytesIO

import pypdfium2
import zxingcpp
from facturx import parse_ubl_cii_xml
from pypdf import PdfReader

from core.einvoice import FILE_NAME
from core.services.people import parties
from tests.einvoice.checking import findings
from tests.people import Person
from tests.scenarios.stage import Stage


def inside(content: bytes) -> list[bytes]:
    """The e-invoices in a paper."""
    return PdfReader(BytesIO(content)).attachments.get(FILE_NAME, [])


def code_on(content: bytes) -> str:
    """What the code on the first page says to the app of a bank."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=2).to_pil()
    return "".join(code.text for code in zxingcpp.read_barcodes(picture))


async def invoices(person: Person, text: str) -> bytes:
    """Order what is typed, invoice it at once, and have its PDF."""
    await person.orders(text)
    await person.makes("IN")
    await person.taps("paper")
    return person.document()


async def test_an_invoice_and_its_credit_can_be_read_by_machines(samson) -> None:
    invoice = await invoices(samson, "Martin: 2 LAP-14\nFREIGHT")
    (xml,) = inside(invoice)
    assert findings(xml, french=True) == []
    read = parse_ubl_cii_xml(xml)
    assert (read["BT-1"], read["BT-3"], read["BT-23"]) == ("IN-2026-0001", "380", "M1")
    assert (read["BT-14"], Decimal(read["BT-112"])) == ("SO-2026-0001", Decimal("3588.00"))
    # The paper's language is its customer's.
    assert [each["BT-153"] for each in read["BG-25"]] == ["Portable Pro 14", "Transport"]
    assert code_on(invoice).endswith("EUR3588\n\n\nIN-2026-0001")
    await samson.says("IN-2026-0001")
    await samson.taps_all(("convert", "CN"), ("take_all", 3), ("make", "CN"), "paper")
    credit = samson.document()
    (xml,) = inside(credit)
    assert findings(xml, french=True) == []
    read = parse_ubl_cii_xml(xml)
    assert (read["BT-1"], read["BT-3"]) == ("CN-2026-0001", "381")
    assert [each["BT-25"] for each in read["BG-3"]] == ["IN-2026-0001"]
    assert code_on(credit) == ""


async def test_what_is_missing_is_said_before_and_after(stage: Stage, samson, paul) -> None:
    party_id = stage.crimson.parties["martin"]
    await stage.does(parties.change_party, party_id, revision=0, tax_id="")
    await samson.orders("Martin: 2 MOU-2")
    await samson.taps("convert", "IN")
    samson.sees_line("SIREN", "Papeterie Martin")
    await samson.taps_all(("make", "IN"), "paper")
    assert inside(samson.document()) == []
    await samson.says("IN-2026-0001")
    samson.sees_line("SIREN", "Papeterie Martin")
    # It is for us to mend, not for the customer to read.
    await paul.says("IN-2026-0001")
    paul.sees("IN-2026-0001")
    paul.does_not_see("SIREN")
    # The address says where the next one goes; the number says who the customer is.
    await samson.says("Papeterie")
    await samson.taps_all("edit_party", ("change_party", "tax_id"))
    await samson.says("987 654 324 00018")
    await samson.taps("change_party", "electronic_address")
    await samson.says("somewhere")
    samson.is_refused("electronic_address_unclear", "somewhere")
    await samson.says("987654324_COMPTA")
    samson.sees("0225:987654324_COMPTA")
    (xml,) = inside(await invoices(samson, "Martin: 1 MOU-2"))
    assert findings(xml, french=True) == []
    assert parse_ubl_cii_xml(xml)["BG-7"]["einvoicing_addr"] == "987654324_COMPTA"


async def test_the_owner_wants_no_code_for_banks(samson) -> None:
    async def wants_one(answer: str) -> None:
        await samson.says("/start")
        await samson.taps_all("settings", "edit_company")
        await samson.taps_all(("change_company", "shows_payment_code"), ("pick", answer))

    assert code_on(await invoices(samson, "Martin: 1 MOU-2")).startswith("BCD\n002")
    await wants_one("no")
    assert code_on(await invoices(samson, "Martin: 1 MOU-2")) == ""
    await wants_one("yes")
    assert code_on(await invoices(samson, "Martin: 1 MOU-2")) != ""
