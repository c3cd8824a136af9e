"""Products: the catalogue, prices, and what people see of them."""
