"""A program that adds a sixteenth kind to the table, and nothing else, and trades with it.

It is run by `test_sixteenth_kind.py` in a process of its own, because the table is read once,
when the modules that stand on it are imported.
"""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

from core.domain import documents, links
from core.domain.document_type import Conversion, DocumentType, PartySide, Route
from core.domain.lifecycles import POSTING
from core.domain.links import LineRule, Track
from core.domain.papers.view import PaperColumn, PaperLayout
from core.domain.people import Right, Role
from core.domain.places import PlaceRole

DISPATCH = DocumentType(
    kind="dispatch",
    prefix="DI",
    sign="🛵",
    label="Dispatch",
    plural="Dispatches",
    lifecycle=POSTING,
    party=PartySide.CUSTOMER,
    priced=True,
    issue_label="Dispatch",
    route=Route(PlaceRole.WAREHOUSE, PlaceRole.CUSTOMER),
    debt=1,
    reversible=True,
    goes_out=True,
    lines=LineRule(most={Track.RETURN: links.note_to_return, Track.CREDIT: links.to_credit}),
    rights={Role.OWNER: frozenset(Right), Role.CUSTOMER: frozenset({Right.VIEW_OWN})},
    paper=PaperLayout(
        title="Dispatch",
        columns=(PaperColumn.POSITION, PaperColumn.PRODUCT, PaperColumn.QUANTITY, PaperColumn.NET),
        party_title="Customer",
        shows_totals=True,
    ),
)
"""It moves goods and owes at once, which no kind of the table does."""
WAYS = (
    Conversion("sales_order", "dispatch", (Track.FULFIL, Track.BILL), "Dispatch"),
    Conversion("dispatch", "sales_return", (Track.RETURN,), "Take back", asks_wanted=True),
    Conversion("dispatch", "credit_note", (Track.CREDIT,), "Credit", asks_wanted=True),
)


def add_the_row() -> None:
    """What whoever adds a kind writes into core/domain/documents.py: a member, a row, its ways."""
    changed = vars(documents)
    # An enumeration takes no member afterwards; any text names a kind then.
    changed["DocumentKind"] = str
    changed["DOCUMENT_TYPES"] = {**documents.DOCUMENT_TYPES, DISPATCH.kind: DISPATCH}
    changed["CONVERSIONS"] += WAYS


async def trade(folder: Path) -> None:
    """Drafted by its form, made from an order, sent, returned, credited, reversed, audited."""
    from core.services.audit import audit
    from core.storage.database import open_database
    from core.storage.schema import migrate
    from tests.clock import Clock
    from tests.people import KIM, SAMSON
    from tests.scenarios.stage import open_stage

    clock = Clock()
    url = f"sqlite+aiosqlite:///{folder / 'sixteen.db'}"
    async with await open_database(url, clock=clock) as database:
        await database.write(migrate)
        stage = await open_stage(database, clock)
        samson, kim = stage.chat(SAMSON), stage.chat(KIM)

        async def sees(on_hand: int, owed: int) -> None:
            assert (await stage.level("MOU-2")).on_hand == on_hand
            assert await stage.owed("high_end") == {"AUD": Decimal(owed)}

        await samson.buys("100 MOU-2")

        # From its own form.
        await samson.says("/papers")
        await samson.taps_all(("paper_list", "DI"), ("begin", "DI"))
        await samson.says("High End", "5 MOU-2")
        await samson.taps("order_now")
        samson.sees("DI-2026-0001")
        await sees(on_hand=95, owed=145)
        await samson.taps("send", "High End Computers")
        paper = kim.paper()
        assert "Dispatch" in paper
        assert "AUD 145.00" in paper

        # From an order: it delivers and bills in one step.
        await samson.orders("High End: 10 MOU-2")
        await samson.makes("DI", 10)
        samson.sees("DI-2026-0002")
        await sees(on_hand=85, owed=435)
        await samson.says("SO-2026-0001")
        assert not samson.can("convert"), "it is complete"

        # Four come back and are credited.
        await samson.says("DI-2026-0002")
        await samson.taps_all(("convert", "SR"), ("open_line", "M2"), ("type_number", 0))
        await samson.says("4")
        await samson.taps_all("close_line", ("make", "SR", 4))
        await samson.makes("CN", 4)
        await sees(on_hand=89, owed=319)

        # The first one was a mistake: goods and debt come back.
        await samson.says("DI-2026-0001")
        await samson.ends("reverse")
        await sees(on_hand=94, owed=174)
        assert await stage.asks(audit) == []


if __name__ == "__main__":
    add_the_row()
    asyncio.run(trade(Path(sys.argv[1])))
