"""How quickly and how surely a product is found by what is typed:

    python -m tests.bench.bench_search [PRODUCTS [QUERIES [DATABASE_URL]]]

A seeded catalogue of so many products is put into a database, with names in two languages, codes
and barcodes.  A query is made from a product that is meant: enough of its words that at most five
products have them all, in English or French, and then typed as people type: with one wrong,
missing or doubled letter or two that are swapped, with two errors in a long word, with words
begun only, in another order, glued together or taken apart, or without accents.  Recall is how
often the product that is meant is among the first ten; time is what one question costs with
everything, from `search.products` on, the check of what has changed included.  The baseline is
the plain way, one LIKE for each word over all names, in the same database and run, for
the same queries without errors; the ratio is what to trust on a busy machine.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from core.storage.tables import product, product_name
from sqlalchemy import Connection, and_, insert, or_, select

from core.domain.people import MACHINE
from core.domain.texts import folded
from core.services import search
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate

MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PRODUCTS = 100_000
QUERIES = 400
SEED = 20261124
MOST_MEANT = 5
"""A query is a good one when at most so many products have all its words."""
BATCH = 5_000


GOODS = (
    ("laptop", "portable"), ("mouse", "souris"), ("keyboard", "clavier"), ("monitor", "écran"),
    ("printer", "imprimante"), ("cable", "câble"), ("adapter", "adaptateur"),
    ("charger", "chargeur"), ("battery", "batterie"), ("headset", "casque"),
    ("microphone", "micro"), ("speaker", "enceinte"), ("camera", "caméra"),
    ("projector", "projecteur"), ("scanner", "numériseur"), ("router", "routeur"),
    ("switch", "commutateur"), ("server", "serveur"), ("tablet", "tablette"),
    ("telephone", "téléphone"), ("bracket", "équerre"), ("drawer", "tiroir"),
    ("lamp", "lampe"), ("chair", "chaise"), ("desk", "bureau"), ("shelf", "étagère"),
    ("cabinet", "armoire"), ("notebook", "cahier"), ("envelope", "enveloppe"),
    ("folder", "classeur"), ("stapler", "agrafeuse"), ("scissors", "ciseaux"),
    ("hammer", "marteau"), ("screwdriver", "tournevis"), ("drill", "perceuse"),
    ("ladder", "échelle"), ("bucket", "seau"), ("brush", "brosse"), ("blanket", "couverture"),
    ("pillow", "oreiller"), ("kettle", "bouilloire"), ("toaster", "toasteur"),
)  # fmt: skip
LOOKS = (
    ("black", "noir"), ("white", "blanc"), ("silver", "argenté"), ("blue", "bleu"),
    ("green", "vert"), ("wireless", "sans fil"), ("compact", "compact"), ("heavy", "lourd"),
    ("folding", "pliant"), ("portable", "mobile"), ("ergonomic", "ergonomique"),
    ("rugged", "renforcé"), ("waterproof", "étanche"), ("magnetic", "magnétique"),
    ("wooden", "bois"), ("metal", "métal"), ("double", "double"), ("mini", "mini"),
)  # fmt: skip
SYLLABLES = (
    "ba", "cor", "da", "el", "fi", "gan", "hu", "in", "jo", "kra", "lu", "mor", "na", "os",
    "pel", "qui", "ra", "sil", "tor", "ur", "vex", "wen", "xi", "yor", "zan",
)  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """A made-up product."""

    sku: str
    barcode: str
    names: tuple[str, str]


def catalogue(count: int, chance: random.Random) -> list[Goods]:
    """So many products of made-up brands and series, as a wholesaler's catalogue has them."""
    brands = _made_up(60, chance, syllables=2)
    series = _made_up(2_400, chance, syllables=3)
    found = []
    for number in range(count):
        english, french = chance.choice(GOODS)
        look, regard = chance.choice(LOOKS)
        brand, its_series = chance.choice(brands), chance.choice(series)
        size = str(chance.randrange(1, 60))
        found.append(
            Goods(
                f"{brand[:3].upper()}-{number:06d}",
                f"{4_000_000_000_000 + number}",
                (
                    f"{brand.title()} {its_series.title()} {look} {english} {size}",
                    f"{french.title()} {regard} {brand.title()} {its_series.title()} {size}",
                ),
            )
        )
    return found


def _made_up(count: int, chance: random.Random, *, syllables: int) -> list[str]:
    found = set[str]()
    while len(found) < count:
        found.add("".join(chance.choice(SYLLABLES) for _ in range(syllables)))
    return sorted(found)


# --- What people type -------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """What is typed, how, without any error, and which product is meant by its code."""

    way: str
    text: str
    plain: str
    sku: str


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _one_error(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word)) if chance.random() < 0.9 else 0
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(LETTERS) + word[at + 1 :]


def _mistyped(words: list[str], chance: random.Random, *, errors: int = 1) -> list[str]:
    """The same words with errors in the longest one, which is no number."""
    able = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not able:
        return words
    at = max(able, key=lambda each: (len(words[each]), chance.random()))
    word = words[at]
    for _ in range(errors if len(word) >= 7 else 1):
        word = _one_error(word, chance)
    return [*words[:at], word, *words[at + 1 :]]


def _begun(words: list[str], chance: random.Random) -> list[str]:
    return [
        word[: chance.randrange(4, len(word) + 1)] if len(word) > 4 and word.isalpha() else word
        for word in words
    ]


def _glued(words: list[str], chance: random.Random) -> list[str]:
    if len(words) < 2:
        return words
    at = chance.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def _apart(words: list[str], chance: random.Random) -> list[str]:
    at = max(range(len(words)), key=lambda each: len(words[each]))
    cut = chance.randrange(2, max(3, len(words[at]) - 1))
    return [*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]]


def _shuffled(words: list[str], chance: random.Random) -> list[str]:
    return chance.sample(words, len(words))


WAYS: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "as it is": lambda words, _chance: words,
    "one error": _mistyped,
    "two errors": lambda words, chance: _mistyped(words, chance, errors=2),
    "words begun": _begun,
    "another order": _shuffled,
    "glued": _glued,
    "taken apart": _apart,
    "order and error": lambda words, chance: _mistyped(_shuffled(words, chance), chance),
}


def queries(goods: Sequence[Goods], count: int, chance: random.Random) -> Iterator[Query]:
    """So many queries of each way, half of them in each language."""
    having: dict[str, set[int]] = defaultdict(set)
    for at, each in enumerate(goods):
        for name in each.names:
            for word in folded(name).split():
                having[word].add(at)
    for way, typed in WAYS.items():
        for number in range(count):
            each = chance.choice(goods)
            words = _enough(each.names[number % 2], having, chance)
            plain = " ".join(words)
            accents = plain if chance.random() < 0.5 else folded(plain)
            yield Query(way, " ".join(typed(accents.split(), chance)), folded(plain), each.sku)


def _enough(name: str, having: dict[str, set[int]], chance: random.Random) -> list[str]:
    """As many words of a name as are needed to say which product is meant, in their order."""
    words = name.split()
    kept = list[int]()
    for at in chance.sample(range(len(words)), len(words)):
        kept.append(at)
        sets = [having[part] for each in kept for part in folded(words[each]).split()]
        if len(set.intersection(*sets)) <= MOST_MEANT:
            break
    return [words[at] for at in sorted(kept)]


# --- Measuring --------------------------------------------------------------------------------


def fill(connection: Connection, goods: Sequence[Goods]) -> None:
    """Put the catalogue into the database."""
    for start in range(0, len(goods), BATCH):
        part = list(enumerate(goods[start : start + BATCH], start + 1))
        connection.execute(insert(product), [_row(id, each) for id, each in part])
        connection.execute(
            insert(product_name),
            [
                {
                    "product_id": id,
                    "language": "fr",
                    "name": each.names[1],
                    "folded_name": folded(each.names[1]),
                }
                for id, each in part
            ],
        )


def _row(id: int, each: Goods) -> dict[str, Any]:
    return {
        "id": id,
        "sku": each.sku,
        "folded_sku": each.sku.casefold(),
        "barcode": each.barcode,
        "name": each.names[0],
        "folded_name": folded(each.names[0]),
        "nature": "goods",
        "created_at": MOMENT,
    }


def liked(connection: Connection, text: str) -> list[str]:
    """The baseline: every word is somewhere in the name of one of the languages."""
    words = [f"%{word}%" for word in text.split()]
    french = select(product_name.c.product_id).where(
        and_(*(product_name.c.folded_name.like(word) for word in words))
    )
    statement = select(product.c.sku).where(
        or_(and_(*(product.c.folded_name.like(word) for word in words)), product.c.id.in_(french))
    )
    return list(connection.execute(statement.limit(search.MOST)).scalars())


@dataclass
class Measured:
    """Milliseconds by way of typing, and how often the right one was found.

    `times` are those of the wall's clock, `own` those of the processor's time of the thread.
    """

    times: dict[str, list[float]]
    own: dict[str, list[float]]
    found: Counter[str]
    baseline: list[float]


def measure(connection: Connection, asked: Sequence[Query], skus: Sequence[str]) -> Measured:
    """Ask everything once, the index warm."""
    work = Work(connection, MACHINE, MOMENT)
    begun = time.perf_counter()
    search.products(work, "warm")
    print(f"index made in {time.perf_counter() - begun:.2f} s")
    for each in asked[:100]:
        search.products(work, each.text)
    measured = Measured(defaultdict(list), defaultdict(list), Counter(), [])
    for each in asked:
        begun, own = time.perf_counter(), time.thread_time()
        hits = search.products(work, each.text)
        measured.times[each.way].append((time.perf_counter() - begun) * 1000)
        measured.own[each.way].append((time.thread_time() - own) * 1000)
        measured.found[each.way] += each.sku in {skus[hit.id - 1] for hit in hits}
    for each in asked[:: max(1, len(asked) // 40)]:
        own = time.thread_time()
        liked(connection, each.plain)
        measured.baseline.append((time.thread_time() - own) * 1000)
    return measured


def report(measured: Measured) -> None:
    """Print what was measured."""
    print(f"{'':18}{'wall median':>12}{'p95':>8}{'own median':>12}{'p95':>8}{'recall':>9}")
    rows = {**measured.times, "all": _all(measured.times)}
    own = {**measured.own, "all": _all(measured.own)}
    for way, times in rows.items():
        right = measured.found[way] if way in measured.times else measured.found.total()
        numbers = "".join(
            f"{median(each):>12.3f}{quantiles(each, n=20)[-1]:>8.3f}" for each in (times, own[way])
        )
        print(f"{way:18}{numbers}{right / len(times):>9.1%}")
    plain = median(measured.baseline)
    ratio = plain / median(own["all"])
    print(
        f"baseline, LIKE over all names: {plain:.2f} ms own; search is {ratio:.0f} times quicker"
    )


def _all(by_way: dict[str, list[float]]) -> list[float]:
    return [each for times in by_way.values() for each in times]


async def run(database: Database, *, count: int, asked: int) -> None:
    """Make the catalogue, then ask."""
    chance = random.Random(SEED)
    goods = catalogue(count, chance)
    all_queries = list(queries(goods, asked, chance))
    await database.write(migrate)
    await database.write(fill, goods)
    version = database.describe()["version"]
    print(f"{version}: {count} products, {len(all_queries)} queries, seed {SEED}")
    report(await database.read(measure, all_queries, [each.sku for each in goods]))


async def main(arguments: Sequence[str]) -> None:
    """Measure with a database of its own, or with an empty one that is named."""
    count = int(arguments[0]) if arguments else PRODUCTS
    asked = int(arguments[1]) if len(arguments) > 1 else QUERIES
    with tempfile.TemporaryDirectory() as folder:
        file = f"sqlite+aiosqlite:///{Path(folder) / 'search.db'}"
        url = arguments[2] if len(arguments) > 2 else file
        async with await open_database(url, clock=lambda: MOMENT) as database:
            await run(database, count=count, asked=asked)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
