"""Claims end by themselves when their time is over."""

from __future__ import annotations

from collections.abc import Collection

from core.services.work import Work


def expire_due(work: Work, product_ids: Collection[int] | None = None) -> list[int]:
    """End what is due of these products (all), give the freed goods to those who wait.

    Returns the documents whose claims or waiting lines ended, in the order of their ids.
    """
    raise NotImplementedError
