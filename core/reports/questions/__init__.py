"""Each file is a report, is called like it, and has it as REPORT; `core.reports` finds them."""
