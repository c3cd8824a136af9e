"""A shop on both databases, as the tests of services have it."""

from tests.services.conftest import build, clock, database, services_url, tells

__all__ = ["build", "clock", "database", "services_url", "tells"]
