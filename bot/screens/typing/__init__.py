"""Free text: orders, reservations, questions and searches."""
