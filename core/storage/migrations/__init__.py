"""How the schema came to what it is: `env.py` runs the files of `versions`."""
