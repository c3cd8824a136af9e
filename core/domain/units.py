"""Codes of units for machines: UN/ECE Recommendation 20; packages, of 21, have an X before."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ONE: Final = "C62"
"""One: what a unit is that nobody has given a code."""

_NAMES: Final[Mapping[str, str]] = {
    "C62": "piece pieces pc pcs pce pces pièce pièces u unit units unité unités each item",
    "MTR": "metre metres meter meters m mètre mètres",
    "CMT": "cm centimetre centimeter centimètre centimètres",
    "MMT": "mm millimetre millimeter millimètre millimètres",
    "KMT": "km kilometre kilometer kilomètre kilomètres",
    "MTK": "m2 m²",
    "MTQ": "m3 m³",
    "KGM": "kilogram kilograms kg kilo kilos kilogramme kilogrammes",
    "GRM": "gram grams g gr gramme grammes",
    "TNE": "tonne tonnes t",
    "LTR": "litre litres liter liters l",
    "MLT": "ml millilitre milliliter millilitres",
    "HUR": "hour hours h hr hrs heure heures",
    "MIN": "minute minutes min",
    "DAY": "day days d jour jours j",
    "WEE": "week weeks semaine semaines",
    "MON": "month months mois",
    "ANN": "year years an ans année années",
    "SET": "set sets kit kits jeu jeux lot lots",
    "PR": "pair pairs paire paires",
    "DZN": "dozen dozens douzaine douzaines",
    "XBX": "box boxes boîte boîtes boite boites",
    "XCT": "carton cartons",
    "XPK": "pack packs package packages paquet paquets",
    "XPX": "pallet pallets palette palettes",
    "XBO": "bottle bottles bouteille bouteilles",
    "XRO": "roll rolls rouleau rouleaux",
    "KWH": "kwh",
}  # fmt: skip

_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {name: code for code, names in _NAMES.items() for name in names.split()}
)


def unit_code(label: str) -> str:
    """The code of a unit by the label that products have; `ONE` for one that somebody made up."""
    return _CODES.get(label.strip().strip(".").lower(), ONE)
