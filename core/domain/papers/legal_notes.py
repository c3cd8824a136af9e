"""What a country's law wants to be said on an invoice of late and early payment.

France: articles L441-9, L441-10 and D441-5 of the Code de commerce. Where nothing else was agreed,
interest is the refinancing rate of the European Central Bank plus ten points.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.messages import N_
from core.domain.papers.view import LabelledText

LEGAL_NOTES: Final[Mapping[str, tuple[LabelledText, ...]]] = MappingProxyType(
    {
        "FR": (
            LabelledText("PMT", N_("Late payment costs EUR 40 for the recovery of the debt.")),
            LabelledText(
                "PMD",
                N_(
                    "Late payment bears interest at the refinancing rate of the European Central "
                    "Bank plus 10 points."
                ),
            ),
            LabelledText("AAB", N_("No discount is given for early payment.")),
        ),
    }
)
"""By the seller's country (ISO 3166): the subject's code by UNTDID 4451 (BT-21) and a message."""
