"""The owner's limits as they stand, and the refusal of what goes beyond one."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, delete, insert, select

from core.domain.errors import Refusal
from core.domain.limits import LIMITS, Beyond, LimitName
from core.domain.people import Ability
from core.services.history import record
from core.services.rights import require_ability
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord
from core.storage.tables import company_limit


class ApprovalNeeded(Refusal):
    """An action of a document goes `value` far, beyond the `allowed`: it has to be approved.

    `value` and `allowed` are in the unit of the `limit`; `digest` stands for the figures.
    """

    code = "approval_needed"
    fact_names = (
        "document_id", "revision", "action", "limit", "value", "allowed", "digest",
    )  # fmt: skip


def current(connection: Connection) -> dict[LimitName, Decimal]:
    """Every limit as it stands: what the owner has said, else its default, in one statement."""
    rows = connection.execute(select(company_limit.c.name, company_limit.c.value))
    said = {row.name: row.value for row in rows}
    return {name: said.get(str(name), row.default) for name, row in LIMITS.items()}


def change(work: Work, name: LimitName, value: Decimal) -> None:
    """Set a limit from now on; what was asked before stays asked.

    Args:
        work: the unit of work.
        name: which limit.
        value: in its unit: a percentage, or an amount of the company's currency.

    Raises:
        NotAllowed, LimitOutOfRange.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    LIMITS[name].check(value)
    work.connection.execute(delete(company_limit).where(company_limit.c.name == str(name)))
    work.connection.execute(insert(company_limit).values(name=str(name), value=value))
    record(work, "company", 1, action="limit", limit=name, value=value)


def require_approved(work: Work, its_record: DocumentRecord, beyond: Beyond | None) -> None:
    """Refuse what is beyond a limit, unless just these figures were approved for this work.

    Raises:
        ApprovalNeeded.
    """
    if beyond is None or beyond.digest == work.approved:
        return
    raise ApprovalNeeded(
        document_id=its_record.id,
        revision=its_record.revision,
        action=beyond.action,
        limit=beyond.limit,
        value=beyond.value,
        allowed=beyond.allowed,
        digest=beyond.digest,
    )
