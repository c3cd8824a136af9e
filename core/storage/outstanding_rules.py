"""How the database keeps what is left: goods that come or are to be inspected, papers to be paid.

Completed orders and receipts stay in force for ever, and how far they are done is a sum of
draws, which is in no index. So the sum is kept a second time, in `outstanding`, by every
statement that changes it; what is left of an invoice is kept so in `unsettled`. Nobody reads
them but to know where to look; the audit compares them.
"""

from core.storage.triggers import Fixed, Followed, Rule

# What is left of a line that is watched, before anything was drawn from it.
_BEGIN = """
    INSERT INTO outstanding (line_id, track, quantity)
    SELECT line.id, document.watched,
        CASE document.watched WHEN 'inspect' THEN line.rejected ELSE line.quantity END
    FROM document_line AS line
    JOIN document ON document.id = line.document_id
    JOIN product ON product.id = line.product_id
    WHERE product.nature = 'goods' AND (document.watched = 'fulfil'
        OR (document.watched = 'inspect' AND line.rejected > 0))
    """

OUTSTANDING: tuple[Rule, ...] = (
    Followed(
        "document",
        "watched",
        "UPDATE",
        (f"{_BEGIN} AND document.id = NEW.id AND OLD.watched IS NULL",),
        columns=("watched",),
    ),
    Fixed("document", "watched_stays", ("watched",), "OLD.watched IS NOT NULL"),
    Followed("document_line", "watched", "INSERT", (f"{_BEGIN} AND line.id = NEW.id",)),
    Followed(
        "document_line",
        "watched_change",
        "UPDATE",
        (
            """
            UPDATE outstanding SET quantity = quantity + NEW.quantity - OLD.quantity
            WHERE line_id = NEW.id AND track = 'fulfil'
            """,
        ),
        columns=("quantity",),
    ),
    # As `core.domain.links` says it: `LineState.to_fulfil` and `note_to_inspect`.
    Followed(
        "draw",
        "watched",
        "INSERT",
        (
            """
            UPDATE outstanding SET quantity = quantity
                + CASE WHEN NEW.track IN ('return', 'excess') THEN NEW.quantity
                ELSE -NEW.quantity END
            WHERE line_id = NEW.line_id AND (track = NEW.track
                OR (track = 'fulfil' AND NEW.track IN ('drop', 'excess', 'return')))
            """,
        ),
    ),
)
"""What is left of watched lines follows what they are about and what is drawn from them."""

UNSETTLED: tuple[Rule, ...] = (
    Followed(
        "account_entry",
        "unsettled",
        "INSERT",
        (
            """
            INSERT INTO unsettled (document_id, minor) SELECT NEW.document_id, 0
            WHERE NOT EXISTS (
                SELECT 1 FROM unsettled AS there WHERE there.document_id = NEW.document_id)
            """,
            """
            UPDATE unsettled SET minor = minor + NEW.amount_minor
            WHERE document_id = NEW.document_id
            """,
        ),
    ),
    Followed(
        "allocation",
        "unsettled",
        "INSERT",
        (
            """
            UPDATE unsettled SET minor = minor - NEW.amount_minor
            WHERE document_id = NEW.debit_id
            """,
            """
            UPDATE unsettled SET minor = minor + NEW.amount_minor
            WHERE document_id = NEW.credit_id
            """,
        ),
    ),
)
"""What is left of papers follows what they have entered, and what settles them."""
