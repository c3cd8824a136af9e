"""Where everything is kept: tables, the two databases, transactions, locks, migrations."""
