"""Money of parties: accounts, payments, allocations, credit, deposits and refunds."""
