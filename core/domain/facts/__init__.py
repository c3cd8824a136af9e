"""What is known of a party, a product and the company: a table of facts each."""
