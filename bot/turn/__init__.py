"""One update answered in one transaction: dispatch, session, registry, rendering."""
