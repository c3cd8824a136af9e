"""What is typed freely: orders, reservations, questions and searches."""
