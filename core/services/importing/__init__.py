"""Tables become products, parties, prices and stock: previewed, imported as a whole, undone.

columns.py   the table of kinds and columns     matching.py  which columns a file has
marks.py     how its numbers and days are written
cells.py     a cell becomes a value             problems.py  what is wrong, in words
reading.py   all of that for a whole table
products.py, parties.py, prices.py, stock.py    what a kind would change, and the change
files.py     a file's way: offered, imported, undone
"""

from core.services.importing.files import (
    ImportImpossible,
    ImportRecord,
    apply,
    bring_in,
    give_up,
    is_long,
    latest,
    load,
    offer,
    prepare,
    undo,
    wait,
    waiting,
)
from core.services.importing.previewing import Change, Options, Summary, preview
from core.services.importing.undoing import ImportBuiltOn

__all__ = [
    "Change",
    "ImportBuiltOn",
    "ImportImpossible",
    "ImportRecord",
    "Options",
    "Summary",
    "apply",
    "bring_in",
    "give_up",
    "is_long",
    "latest",
    "load",
    "offer",
    "prepare",
    "preview",
    "undo",
    "wait",
    "waiting",
]
