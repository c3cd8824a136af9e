"""Databases for the tests of reports."""

from tests.migrated import database, migrated_url

__all__ = ["database", "migrated_url"]
