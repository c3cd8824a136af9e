"""The places that goods move between, by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.domain.messages import N_


class PlaceRole(StrEnum):
    """What a place is for; the first two are inside, the others are the outside world."""

    WAREHOUSE = "warehouse"
    QUARANTINE = "quarantine"
    VENDOR = "vendor"
    CUSTOMER = "customer"
    LOSS = "loss"

    @property
    def inside(self) -> bool:
        """Whether what is there is ours and has a level."""
        return self in (PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE)


PLACE_NAMES: Mapping[PlaceRole, str] = {
    PlaceRole.WAREHOUSE: N_("warehouse"),
    PlaceRole.QUARANTINE: N_("quarantine"),
    PlaceRole.VENDOR: N_("vendor"),
    PlaceRole.CUSTOMER: N_("customer"),
    PlaceRole.LOSS: N_("scrapped"),
}
