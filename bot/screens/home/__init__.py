"""Home screens by role: their counters, worklists and help."""
