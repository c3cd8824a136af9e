"""What the database itself refuses, whoever writes to it.

Goods: a move or a claim applies itself to the levels, whose CHECKs refuse to sell what is not
there; a level changes in no other way. Papers: numbers have no gap, what is posted stays. CHECKs
of single rows stand with the columns in `core.storage.models`.
"""

from core.storage.models import FROZEN
from core.storage.outstanding_rules import OUTSTANDING, UNSETTLED
from core.storage.triggers import (
    AppendOnly,
    Applied,
    Fixed,
    Kept,
    Noted,
    NotEmptied,
    NotReplaced,
    Refused,
    Rule,
)

LEDGERS: tuple[Rule, ...] = (
    AppendOnly("move", ("id", "reverses")),
    AppendOnly("claim_end"),
    AppendOnly("value_difference"),
    AppendOnly("draw"),
    AppendOnly("document_tax"),
    AppendOnly("document_version"),
    AppendOnly("account_entry", ("id", "reverses")),
    AppendOnly("allocation", ("id", "undoes")),
    AppendOnly("exchange_difference"),
    AppendOnly("history"),
    AppendOnly("operation", ("key",)),
    AppendOnly("paper_file"),
)

OPPOSITES: tuple[Rule, ...] = (
    Refused(
        "move",
        "goes_back",
        "INSERT",
        """
        NEW.reverses IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM move AS first WHERE first.id = NEW.reverses
            AND first.product_id = NEW.product_id AND first.quantity = NEW.quantity
            AND first.from_place_id = NEW.to_place_id AND first.to_place_id = NEW.from_place_id)
        """,
        "a move is reversed by the same goods going back",
    ),
    Refused(
        "account_entry",
        "goes_back",
        "INSERT",
        """
        NEW.reverses IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM account_entry AS first WHERE first.id = NEW.reverses
            AND first.party_id = NEW.party_id AND first.currency = NEW.currency
            AND first.amount_minor = -NEW.amount_minor)
        """,
        "an entry is reversed by the opposite amount on the same account",
    ),
    Refused(
        "allocation",
        "goes_back",
        "INSERT",
        """
        NEW.undoes IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM allocation AS first WHERE first.id = NEW.undoes
            AND first.debit_id = NEW.debit_id AND first.credit_id = NEW.credit_id
            AND first.amount_minor = -NEW.amount_minor)
        """,
        "an allocation is undone by the opposite amount between the same papers",
    ),
)

LEVELS: tuple[Rule, ...] = (
    Applied(
        "move",
        "applied",
        (
            """
            INSERT INTO level (product_id, place_id, on_hand, claimed, value_minor,
                last_move_id, last_claim_id, last_claim_end_id)
            SELECT NEW.product_id, place.id, 0, 0, 0, 0, 0, 0 FROM place
            WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside
            AND NOT EXISTS (SELECT 1 FROM level
                WHERE level.product_id = NEW.product_id AND level.place_id = place.id)
            """,
            """
            UPDATE level SET on_hand = on_hand - NEW.quantity,
                value_minor = value_minor - NEW.value_minor, last_move_id = NEW.id
            WHERE product_id = NEW.product_id AND place_id = NEW.from_place_id
            """,
            """
            UPDATE level SET on_hand = on_hand + NEW.quantity,
                value_minor = value_minor + NEW.value_minor, last_move_id = NEW.id
            WHERE product_id = NEW.product_id AND place_id = NEW.to_place_id
            """,
        ),
        """
        EXISTS (SELECT 1 FROM place
            WHERE place.id IN (NEW.from_place_id, NEW.to_place_id) AND place.inside
            AND NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id
                AND level.place_id = place.id AND level.last_move_id = NEW.id))
        """,
        "a move changes the levels of its places",
    ),
    Refused(
        "level",
        "starts_at_zero",
        "INSERT",
        """
        NEW.on_hand <> 0 OR NEW.claimed <> 0 OR NEW.value_minor <> 0 OR NEW.last_move_id <> 0
        OR NEW.last_claim_id <> 0 OR NEW.last_claim_end_id <> 0
        OR NOT EXISTS (SELECT 1 FROM place WHERE place.id = NEW.place_id AND place.inside)
        OR EXISTS (SELECT 1 FROM level AS there
            WHERE there.product_id = NEW.product_id AND there.place_id = NEW.place_id)
        """,
        "a level starts at zero, once, at a place inside",
    ),
    Refused(
        "level",
        "explained",
        "UPDATE",
        """
        NEW.product_id <> OLD.product_id OR NEW.place_id <> OLD.place_id OR NOT (
            (NEW.last_move_id > OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id
                AND NEW.last_claim_end_id = OLD.last_claim_end_id AND NEW.claimed = OLD.claimed
                AND EXISTS (SELECT 1 FROM move
                    WHERE move.id = NEW.last_move_id AND move.product_id = OLD.product_id AND (
                        (move.from_place_id = OLD.place_id
                            AND NEW.on_hand = OLD.on_hand - move.quantity
                            AND NEW.value_minor = OLD.value_minor - move.value_minor)
                        OR (move.to_place_id = OLD.place_id
                            AND NEW.on_hand = OLD.on_hand + move.quantity
                            AND NEW.value_minor = OLD.value_minor + move.value_minor))))
            OR (NEW.last_claim_id > OLD.last_claim_id AND NEW.last_move_id = OLD.last_move_id
                AND NEW.last_claim_end_id = OLD.last_claim_end_id
                AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor
                AND EXISTS (SELECT 1 FROM claim
                    WHERE claim.id = NEW.last_claim_id AND claim.product_id = OLD.product_id
                    AND claim.place_id = OLD.place_id
                    AND NEW.claimed = OLD.claimed + claim.quantity))
            OR (NEW.last_claim_end_id > OLD.last_claim_end_id
                AND NEW.last_move_id = OLD.last_move_id AND NEW.last_claim_id = OLD.last_claim_id
                AND NEW.on_hand = OLD.on_hand AND NEW.value_minor = OLD.value_minor
                AND EXISTS (SELECT 1 FROM claim_end JOIN claim ON claim.id = claim_end.claim_id
                    WHERE claim_end.id = NEW.last_claim_end_id
                    AND claim.product_id = OLD.product_id AND claim.place_id = OLD.place_id
                    AND NEW.claimed = OLD.claimed - claim_end.quantity)))
        """,
        "a level changes by a newer move, claim or end of a claim, by exactly its quantity",
    ),
    Refused("level", "not_removed", "DELETE", "TRUE", "a row of level is not removed"),
    NotEmptied("level"),
    Fixed("place", "stays_what_it_is", ("role", "inside")),
)

CLAIMS: tuple[Rule, ...] = (
    Kept("claim"),
    Refused(
        "claim",
        "starts_open",
        "INSERT",
        "NEW.open <> NEW.quantity OR NEW.last_end_id <> 0",
        "a claim starts open in full",
    ),
    Applied(
        "claim",
        "applied",
        (
            """
            UPDATE level SET claimed = claimed + NEW.quantity, last_claim_id = NEW.id
            WHERE product_id = NEW.product_id AND place_id = NEW.place_id
            """,
        ),
        """
        NOT EXISTS (SELECT 1 FROM level WHERE level.product_id = NEW.product_id
            AND level.place_id = NEW.place_id AND level.last_claim_id = NEW.id)
        """,
        "a claim is on goods that are there",
    ),
    Applied(
        "claim_end",
        "applied",
        (
            """
            UPDATE claim SET open = open - NEW.quantity, last_end_id = NEW.id
            WHERE id = NEW.claim_id
            """,
            """
            UPDATE level SET claimed = claimed - NEW.quantity, last_claim_end_id = NEW.id
            WHERE product_id = (SELECT product_id FROM claim WHERE claim.id = NEW.claim_id)
            AND place_id = (SELECT place_id FROM claim WHERE claim.id = NEW.claim_id)
            """,
        ),
        """
        NOT EXISTS (SELECT 1 FROM claim JOIN level
            ON level.product_id = claim.product_id AND level.place_id = claim.place_id
            WHERE claim.id = NEW.claim_id
            AND claim.last_end_id = NEW.id AND level.last_claim_end_id = NEW.id)
        """,
        "the end of a claim changes the claim and its level",
    ),
    Refused(
        "claim",
        "explained",
        "UPDATE",
        """
        NOT (NEW.last_end_id > OLD.last_end_id AND EXISTS (SELECT 1 FROM claim_end
            WHERE claim_end.id = NEW.last_end_id AND claim_end.claim_id = OLD.id
            AND NEW.open = OLD.open - claim_end.quantity))
        """,
        "a claim changes by a newer end of it, by exactly its quantity",
    ),
)

# A number is one more than the last of its series; numbers that were lost with an older copy are
# passed over, and never given again.
_NOT_THE_NEXT = """
    NEW.sequence IS NOT NULL AND (
        NEW.series IS NULL
        OR (NEW.sequence <> 1 + coalesce(
                (SELECT max(other.sequence) FROM document AS other
                    WHERE other.series = NEW.series), 0)
            AND NOT EXISTS (SELECT 1 FROM series_question AS lost
                WHERE lost.series = NEW.series AND lost.last_given = NEW.sequence - 1))
        OR EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = NEW.series
            AND lost.last_known < NEW.sequence AND NEW.sequence <= lost.last_given))
    """
_IN_QUESTION = """
    NEW.sequence IS NOT NULL AND EXISTS (SELECT 1 FROM series_question AS asked
        WHERE asked.series = NEW.series AND asked.answered_at IS NULL)
    """
_NOT_YET = "the last number of a series is in question"
_NEXT = "a number is the next one of its series"
_LINES_STAY = "the lines of a posted document stay as they are"


def _is_posted(document_id: str) -> str:
    """SQL that holds when this document has its hash."""
    return f"""
        EXISTS (SELECT 1 FROM document
            WHERE document.id = {document_id} AND document.hash IS NOT NULL)
        """  # noqa: S608 - the argument is NEW.document_id or OLD.document_id


PAPERS: tuple[Rule, ...] = (
    NotReplaced("document", ("id", "number")),
    NotEmptied("document"),
    Refused(
        "document",
        "numbered_is_kept",
        "DELETE",
        "OLD.number IS NOT NULL",
        "a document with a number is not removed",
    ),
    Refused("document", "begins_with_the_next", "INSERT", _NOT_THE_NEXT, _NEXT),
    Refused(
        "document", "takes_the_next", "UPDATE", f"OLD.sequence IS NULL AND {_NOT_THE_NEXT}", _NEXT
    ),
    Refused("document", "begins_in_question", "INSERT", _IN_QUESTION, _NOT_YET),
    Refused(
        "document",
        "takes_in_question",
        "UPDATE",
        f"OLD.sequence IS NULL AND {_IN_QUESTION}",
        _NOT_YET,
    ),
    Fixed(
        "document",
        "number_stays",
        ("id", "kind", "series", "sequence", "number"),
        "OLD.sequence IS NOT NULL",
    ),
    Fixed("document", "posted_stays", FROZEN, "OLD.hash IS NOT NULL"),
    Refused(
        "document",
        "goes_forward",
        "UPDATE",
        "NEW.revision < OLD.revision OR (OLD.number IS NOT NULL AND NEW.state = 'draft')",
        "a document goes back neither to draft nor to an older revision",
    ),
    NotReplaced("document_line"),
    NotEmptied("document_line"),
    Refused("document_line", "not_added", "INSERT", _is_posted("NEW.document_id"), _LINES_STAY),
    Refused(
        "document_line",
        "not_changed",
        "UPDATE",
        f"{_is_posted('OLD.document_id')} OR {_is_posted('NEW.document_id')}",
        _LINES_STAY,
    ),
    Refused("document_line", "not_removed", "DELETE", _is_posted("OLD.document_id"), _LINES_STAY),
    Kept("counter", ("series",)),
    Refused("counter", "starts_at_zero", "INSERT", "NEW.last <> 0", "a series starts at zero"),
    Refused(
        "counter",
        "counts",
        "UPDATE",
        """
        NEW.series <> OLD.series OR NEW.last_on < OLD.last_on
        OR (NEW.last_on IS NULL AND OLD.last_on IS NOT NULL)
        OR (NEW.last <> OLD.last + 1 AND NOT (NEW.last > OLD.last AND NEW.head = OLD.head
            AND EXISTS (SELECT 1 FROM series_question AS lost WHERE lost.series = OLD.series
                AND lost.last_known = OLD.last AND lost.last_given = NEW.last)))
        """,
        "a series goes on by one or over what was lost, and its dates never fall",
    ),
    Kept("series_question"),
    Refused(
        "series_question",
        "asked_once",
        "INSERT",
        """
        NEW.answered_at IS NOT NULL
        OR NEW.last_known <> coalesce(
            (SELECT counter.last FROM counter WHERE counter.series = NEW.series), 0)
        OR EXISTS (SELECT 1 FROM series_question AS asked
            WHERE asked.series = NEW.series AND asked.answered_at IS NULL)
        """,
        "a question is about the last number of a series, and is asked once",
    ),
    Fixed(
        "series_question",
        "stays",
        ("id", "series", "last_known", "copied_at", "asked_at"),
    ),
    Fixed(
        "series_question",
        "answered_once",
        ("last_given", "answered_at", "answered_by"),
        "OLD.answered_at IS NOT NULL",
    ),
)

PEOPLE: tuple[Rule, ...] = (
    Kept("company"),
    Fixed("company", "currency_stays", ("currency", "zone", "fixed"), "OLD.fixed"),
    Fixed("invitation", "stays", ("id", "token_hash", "role", "contact_id", "created_by")),
    Fixed("invitation", "used_once", ("used_by", "used_at"), "OLD.used_at IS NOT NULL"),
    Fixed(
        "approval",
        "wish_stays",
        (
            "id", "document_id", "document_revision", "action", "limit_name", "figures", "digest",
            "asked_by", "asked_at",
        ),
    ),
    Refused(
        "approval",
        "asked_first",
        "INSERT",
        "NEW.state <> 'asked'",
        "an approval is asked for before it is granted",
    ),
    Refused(
        "approval",
        "granted_by_another",
        "UPDATE",
        """
        NEW.state IN ('granted', 'used')
        AND (NEW.decided_by IS NULL OR NEW.decided_by = NEW.asked_by)
        """,
        "nobody approves his own",
    ),
    Refused(
        "approval",
        "ends_once",
        "UPDATE",
        "OLD.state IN ('refused', 'void', 'used') AND NEW.state <> OLD.state",
        "an approval that has ended stays so",
    ),
    Refused(
        "inbox",
        "done_once",
        "UPDATE",
        "OLD.state = 'done' AND NEW.state <> 'done'",
        "an update is done once",
    ),
)  # fmt: skip

ONLINE: tuple[Rule, ...] = (
    Kept("online_payment", ("id", "payload")),
    Fixed(
        "online_payment",
        "stays",
        (
            "id", "payload", "document_id", "party_id", "person_id", "currency", "amount_minor",
            "at",
        ),
    ),
    Kept("online_charge", ("id", "telegram_charge_id", "payment_id")),
    Fixed(
        "online_charge",
        "stays",
        (
            "id", "telegram_charge_id", "provider_charge_id", "online_payment_id", "payload",
            "person_id", "currency", "amount_minor", "at",
        ),
    ),
    Fixed("online_charge", "booked_once", ("payment_id",), "OLD.payment_id IS NOT NULL"),
)  # fmt: skip

WORDS: tuple[Rule, ...] = (
    Noted("product", "product", ("sku", "barcode", "name", "archived_at", "merged_into")),
    Noted("product_name", "product", ("product_id", "language", "name"), id="product_id"),
    Noted(
        "party",
        "party",
        ("name", "is_customer", "is_vendor", "archived_at", "merged_into"),
    ),
    Noted("contact", "party", ("party_id", "name", "ended_at"), id="party_id"),
)

RULES: tuple[Rule, ...] = (
    *LEDGERS, *OPPOSITES, *LEVELS, *CLAIMS, *PAPERS, *PEOPLE, *ONLINE, *WORDS, *OUTSTANDING,
    *UNSETTLED,
)  # fmt: skip
