"""What is run by hand to make files of this repository."""
