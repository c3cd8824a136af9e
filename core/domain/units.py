"""THE TABLE of units: what products keep, papers print, people write and machines read.

Imports, forms, typed orders, papers, reports and e-invoices all ask this table; a test looks for a
second one.  A company may have a unit of its own ("sack of ours"): it is kept and printed as it
was written, and counts as pieces for machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from core.domain.messages import N_
from core.domain.texts import folded

ANY: Final = ""
"""The language of abbreviations and signs that are written in every language."""


@dataclass(frozen=True)
class Unit:
    """What goods are counted or measured in.

    Attributes:
        code: what a product keeps.
        label: its name on screens and papers, a message.  It is singular: on a paper it stands in
            a column of its own and names what all the quantities are counted in.
        unece: its code by UN/ECE Recommendation 20; a package, of 21, has an X before.
        words: what people write for it, by language, beside its code and its label.
        digits: the decimals of its quantities for a new product.
        is_measure: whether it stands in names of goods as well ("HDMI Cable 2 m").
        is_offered: whether the form of a product shows it as a button.
    """

    code: str
    label: str
    unece: str
    words: Mapping[str, str] = field(default_factory=dict)
    digits: int = 0
    is_measure: bool = False
    is_offered: bool = False

    @property
    def all_words(self) -> frozenset[str]:
        """Everything that means this unit, folded."""
        written = [self.code, self.label]
        for words in self.words.values():
            written += words.split()
        return frozenset(folded(each) for each in written)


PIECE: Final = Unit(
    "piece", N_("piece"), "C62",
    {
        ANY: "pc pcs pce pces u un",
        "en": "pieces each ea unit units item no nos",
        "fr": "pièce pièces unité unités chacun chacune",
        "de": "stk",
    },
    is_offered=True,
)  # fmt: skip
"""One: also what machines read of a unit that somebody has made up."""

# A carton and a crate are boxes: files of traders use these words for the same thing.  "ml" is the
# French "mètre linéaire"; goods are hardly ever sold by the millilitre.
UNITS: Final[tuple[Unit, ...]] = (
    PIECE,
    Unit("box", N_("box"), "XBX",
         {"en": "boxes bx carton cartons ctn",
          "fr": "boîte boîtes bte carton cartons caisse caisses"},
         is_offered=True),
    Unit("m", N_("metre"), "MTR",
         {ANY: "mtr", "en": "metres meter meters", "fr": "mètre mètres ml"},
         digits=2, is_measure=True, is_offered=True),
    Unit("kg", N_("kilogram"), "KGM",
         {ANY: "kgs kilo kilos", "en": "kilograms", "fr": "kilogramme kilogrammes"},
         digits=3, is_measure=True, is_offered=True),
    Unit("l", N_("litre"), "LTR",
         {ANY: "ltr", "en": "litres liter liters", "fr": "litre litres"},
         digits=3, is_measure=True, is_offered=True),
    Unit("h", N_("hour"), "HUR",
         {ANY: "hr hrs", "en": "hours", "fr": "heure heures"},
         digits=2, is_measure=True, is_offered=True),
    Unit("set", N_("set"), "SET", {"en": "sets kit kits", "fr": "jeu jeux lot lots kit kits"}),
    Unit("pair", N_("pair"), "PR", {"en": "pairs", "fr": "paire paires"}),
    Unit("dozen", N_("dozen"), "DZN", {"en": "dozens", "fr": "douzaine douzaines"}),
    Unit("pack", N_("pack"), "XPK", {"en": "packs package packages", "fr": "paquet paquets"}),
    Unit("bottle", N_("bottle"), "XBO", {"en": "bottles", "fr": "bouteille bouteilles"}),
    Unit("roll", N_("roll"), "XRO", {"en": "rolls", "fr": "rouleau rouleaux"}),
    Unit("pallet", N_("pallet"), "XPX", {"en": "pallets", "fr": "palette palettes"}),
    Unit("mm", N_("millimetre"), "MMT",
         {"en": "millimetres millimeter millimeters", "fr": "millimètre millimètres"},
         is_measure=True),
    Unit("cm", N_("centimetre"), "CMT",
         {"en": "centimetres centimeter centimeters", "fr": "centimètre centimètres"},
         is_measure=True),
    Unit("km", N_("kilometre"), "KMT",
         {"en": "kilometres kilometer kilometers", "fr": "kilomètre kilomètres"},
         digits=3, is_measure=True),
    Unit("m2", N_("m²"), "MTK", digits=2, is_measure=True),
    Unit("m3", N_("m³"), "MTQ", digits=3, is_measure=True),
    Unit("g", N_("gram"), "GRM",
         {ANY: "gr", "en": "grams", "fr": "gramme grammes"}, is_measure=True),
    Unit("t", N_("tonne"), "TNE", {"en": "tonnes", "fr": "tonne tonnes"},
         digits=3, is_measure=True),
    Unit("millilitre", N_("millilitre"), "MLT",
         {"en": "millilitres milliliter milliliters", "fr": "millilitre millilitres"},
         is_measure=True),
    Unit("minute", N_("minute"), "MIN",
         {ANY: "min", "en": "minutes", "fr": "minute minutes"}, is_measure=True),
    Unit("day", N_("day"), "DAY", {"en": "days d", "fr": "jour jours j"},
         digits=2, is_measure=True),
    Unit("week", N_("week"), "WEE", {"en": "weeks", "fr": "semaine semaines"}, is_measure=True),
    Unit("month", N_("month"), "MON", {"en": "months", "fr": "mois"}, is_measure=True),
    Unit("year", N_("year"), "ANN", {"en": "years", "fr": "an ans année années"},
         is_measure=True),
    Unit("kwh", N_("kWh"), "KWH", digits=2, is_measure=True),
)  # fmt: skip

WORDS: Final[Mapping[str, Unit]] = MappingProxyType(
    {word: unit for unit in UNITS for word in unit.all_words}
)
"""Every word of the table, folded, and its unit."""

LABELS_BEFORE_FORM_3: Final = frozenset(
    {"piece", "metre", "hour", "day", "kilogram", "litre", "box", "set", "pair"}
)
"""The units that papers translated before snapshots kept labels: history, never extended."""


def find(text: str) -> Unit | None:
    """Return the unit that a product's word or a written one means; None for a made-up one."""
    return WORDS.get(folded(text))


def code_of(text: str) -> str:
    """Return what a product keeps for a unit: the table's code, or a made-up unit as it is."""
    found = find(text)
    return text if found is None else found.code


def digits_of(text: str) -> int:
    """Return the decimals of a new product's quantities in this unit; a made-up one is whole."""
    found = find(text)
    return 0 if found is None else found.digits


def unece_code(text: str) -> str:
    """Return a unit's code by UN/ECE Recommendation 20, that of a piece for a made-up unit."""
    return (find(text) or PIECE).unece


def label_of(text: str) -> str:
    """Return a unit's label, a message of the catalogues; empty for a made-up unit."""
    found = find(text)
    return "" if found is None else found.label


def words_of(*codes: str) -> frozenset[str]:
    """Return all words of some units, folded."""
    return frozenset(word for word, unit in WORDS.items() if unit.code in codes)
