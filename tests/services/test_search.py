"""Products and parties are found by what people type, and what is found is always the truth."""

from dataclasses import replace

import pytest
from core.services.people import parties
from core.storage.tables import product
from core.storage.tables import search_change as change
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, func, insert, select

from core.domain.people import MACHINE
from core.domain.texts import folded
from core.services import search
from core.services.products import catalog
from core.services.search import index_updates
from core.services.search.index import MOST_SCANNED, Entry, Index
from core.services.search.papers import PaperNumber, read_paper_number
from core.services.work import Work
from core.storage import tables
from core.storage.database import Database, open_database, savepoint
from tests.builders import NOW, Shop, Tells

CATALOGUE = (
    ("LAP-14", "Laptop Pro 14", "Portable Pro 14"),
    ("LAP-13", "Laptop Air 13", "Portable Air 13"),
    ("MOU-M2", "Mouse M2", "Souris M2"),
    ("MOU-M3", "Mouse M3", "Souris M3"),
    ("MOU-PRO", "Mouse Pro", "Souris Pro"),
    ("KEY-1", "Keyboard K1", "Clavier K1"),
    ("CAB-6", "Network Cable Cat 6", "Câble réseau Cat 6"),
    ("BAG", "Laptop Bag", "Sacoche pour portable"),
    ("MON-27", "Monitor 27", "Écran 27 pouces"),
)


def fill(shop: Shop) -> dict[str, int]:
    return {
        sku: catalog.add_product(shop.work, sku=sku, name=name, names={"fr": french})
        for sku, name, french in CATALOGUE
    }


def names(work: Work, text: str) -> list[str]:
    return [each.name for each in search.products(work, text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("laptop pro", "Laptop Pro 14"),
        ("pro laptop", "Laptop Pro 14"),
        ("lpatop pro", "Laptop Pro 14"),
        ("latop por 14", "Laptop Pro 14"),
        ("laptoppro", "Laptop Pro 14"),
        ("lap top air", "Laptop Air 13"),
        ("LAP-13", "Laptop Air 13"),
        ("lap14", "Laptop Pro 14"),
        ("lap 14", "Laptop Pro 14"),
        ("portabel pro", "Laptop Pro 14"),
        ("cable reseau", "Network Cable Cat 6"),
        ("network cat6", "Network Cable Cat 6"),
        ("CÂBLE RÉSEAU", "Network Cable Cat 6"),
        ("ecran", "Monitor 27"),
        ("board", "Keyboard K1"),
        ("kyeb", "Keyboard K1"),
        ("ouse m3", "Mouse M3"),
        ("wireless mouse m3", "Mouse M3"),
        ("mouse", "Mouse M2"),
        ("laptop", "Laptop Bag"),
    ],
)
async def test_what_is_meant_comes_first(tells: Tells, typed: str, first: str) -> None:
    def story(shop: Shop) -> None:
        fill(shop)
        assert names(shop.work, typed)[0] == first

    await tells(story)


@pytest.mark.parametrize("typed", ["", "   ", "?", "qqqq", "zz", "4711", "\u202e", "x" * 4096])
async def test_nothing_is_found_where_nothing_is_like_it(tells: Tells, typed: str) -> None:
    def story(shop: Shop) -> None:
        fill(shop)
        assert names(shop.work, typed) == []

    await tells(story)


async def test_what_is_found_is_named_for_who_asks(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        fill(shop)
        reader = replace(shop.work, actor=replace(MACHINE, language="fr"))
        assert names(reader, "mouse m2") == ["Souris M2"]
        assert names(reader, "MON-27") == ["Écran 27 pouces"]

    await tells(story)


async def test_only_what_can_be_nothing_else_is_exact(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        fill(shop)
        assert search.products(shop.work, "MOU-M2")[0].exact
        assert search.products(shop.work, "mouse m2")[0].exact
        assert [each.exact for each in search.products(shop.work, "mouse")] == [False] * 3

    await tells(story)


async def test_a_party_is_found_by_its_people_and_sides(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        contact = parties.add_contact(shop.work, shop.vendor, name="Wei Chen")
        assert [each.name for each in search.parties(shop.work, "chen wei")] == ["Shenzhen Parts"]
        assert [each.name for each in search.parties(shop.work, "shenzen")] == ["Shenzhen Parts"]
        assert search.parties(shop.work, "shenzhen", customers=True) == []
        assert search.parties(shop.work, "high end", vendors=True) == []
        assert len(search.parties(shop.work, "hihg end", customers=True)) == 1
        parties.end_contact(shop.work, contact)
        assert search.parties(shop.work, "chen") == []

    await tells(story)


# --- The index stays true ---------------------------------------------------------------------


async def test_changes_are_seen_at_once(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        ids = fill(shop)
        work = shop.work
        assert names(work, "mouse m2") == ["Mouse M2"]
        catalog.change_product(work, ids["MOU-M2"], revision=0, name="Trackball T2")
        assert "Mouse M2" not in names(work, "mouse")
        assert names(work, "trackbal") == ["Trackball T2"]
        catalog.name_product(work, ids["MOU-M2"], {"fr": "Boule", "de": "Rollkugel"})
        assert names(work, "rollkugel") == ["Trackball T2"]
        assert "Trackball T2" not in names(work, "souris")
        catalog.name_product(work, ids["MOU-M2"], {"de": ""})
        assert names(work, "rollkugel") == []
        catalog.change_product(work, ids["MOU-M2"], revision=1, sku="TRACK", barcode="40001234")
        assert names(work, "40001234") == ["Trackball T2"]
        assert names(work, "track") == ["Trackball T2"]
        catalog.archive_product(work, ids["MOU-M2"], revision=2)
        assert names(work, "trackball") == []
        assert names(work, "TRACK") == []

    await tells(story)


async def test_what_was_rolled_back_was_never_there(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        ids = fill(shop)
        work = shop.work

        def rename(name: str) -> None:
            with savepoint(work.connection):
                catalog.change_product(work, ids["MOU-M2"], revision=0, name=name)
                assert names(work, name) == [name]
                raise ZeroDivisionError

        for name in ("Trackball", "Touchpad"):
            with pytest.raises(ZeroDivisionError):
                rename(name)
        assert names(work, "trackball") == []
        assert names(work, "mouse m2") == ["Mouse M2"]
        # The ids of the notes that were rolled back are used again.
        catalog.change_product(work, ids["MOU-M3"], revision=0, name="Joystick")
        assert names(work, "joystick") == ["Joystick"]
        assert names(work, "mouse m3") != ["Mouse M3"]

    await tells(story)


async def test_another_connection_sees_what_is_committed(
    database: Database, services_url: str
) -> None:
    def asked(connection: Connection, text: str) -> list[str]:
        return names(Work(connection, MACHINE, NOW), text)

    def rename(connection: Connection, name: str) -> list[str]:
        work = Work(connection, MACHINE, NOW)
        revision = connection.execute(
            select(product.c.revision).where(product.c.folded_sku == "bag")
        ).scalar_one()
        catalog.change_product(
            work, catalog.product_of(work, sku="BAG"), revision=revision, name=name
        )
        return names(work, name)

    await database.write(lambda connection: fill(Shop(connection)))
    assert await database.read(asked, "bag") == ["Laptop Bag"]
    async with await open_database(services_url, clock=lambda: NOW, read_only=True) as other:
        assert await other.read(asked, "bag") == ["Laptop Bag"]
        assert await database.write(rename, "Rucksack") == ["Rucksack"]
        assert await other.read(asked, "rucksack") == ["Rucksack"]
        assert await other.read(asked, "laptop bag") != ["Laptop Bag"]
        # One that was rolled back is seen by nobody, before or after.
        with pytest.raises(ZeroDivisionError):
            await database.write(lambda connection: (rename(connection, "Valise"), 1 / 0))
        assert await other.read(asked, "valise") == []
        assert await database.read(asked, "valise") == []
        assert await database.read(asked, "rucksack") == ["Rucksack"]


async def test_who_missed_too_much_reads_everything(
    tells: Tells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_updates, "MOST_CHANGES", 4)
    monkeypatch.setattr(index_updates, "KEPT_NOTES", 4)

    def story(shop: Shop) -> None:
        ids = fill(shop)
        assert names(shop.work, "bag") == ["Laptop Bag"]
        search.keep_up(shop.work)
        count = select(func.count()).select_from(change)
        assert shop.work.connection.execute(count).scalar_one() == 4
        catalog.change_product(shop.work, ids["BAG"], revision=0, name="Rucksack")
        for sku in ("KEY-1", "CAB-6", "MON-27", "MOU-M2", "MOU-M3"):
            catalog.archive_product(shop.work, ids[sku], revision=0)
        assert names(shop.work, "rucksack") == ["Rucksack"]
        assert names(shop.work, "monitor") == []

    await tells(story)


async def test_rows_that_nobody_announced_are_found(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        connection = shop.work.connection
        row = {
            "sku": "RAW",
            "folded_sku": "raw",
            "name": "Raw Silk",
            "folded_name": "raw silk",
            "nature": "goods",
            "created_at": NOW,
        }
        connection.execute(insert(product).values(**row))
        assert names(shop.work, "silk") == ["Raw Silk"]
        connection.execute(delete(tables.product_name))
        connection.execute(delete(product).where(product.c.sku == "RAW"))
        assert names(shop.work, "silk") == []

    await tells(story)


async def test_who_was_overtaken_by_another_thread_reads_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        fill(shop)
        connection, overtaken = shop.work.connection, []

        @event.listens_for(connection, "before_cursor_execute")
        def overtake(*statement: object) -> None:
            if not overtaken and "FROM search_change" in str(statement[2]):
                overtaken.append(True)
                overtaken.extend(names(shop.work, "bag"))

        assert names(shop.work, "monitor") == ["Monitor 27"]
        event.remove(connection, "before_cursor_execute", overtake)
        assert overtaken == [True, "Laptop Bag"]

    await tells(story)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("so-2026-0012", ("SO", "2026", 12)),
        ("IN 7", ("IN", "", 7)),
        ("12", ("", "", 12)),
        ("ZZ-12", None),
        ("12 laptops", None),
    ],
)
def test_a_paper_s_number_has_the_prefix_of_a_kind(
    text: str, number: tuple[str, str, int] | None
) -> None:
    assert read_paper_number(text) == (None if number is None else PaperNumber(*number))


# --- Properties of the index alone ------------------------------------------------------------

WORDS = st.sampled_from(["lamp", "lamps", "red", "blue", "desk", "x1", "7", "lap"])
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
STEPS = st.lists(st.tuples(st.integers(1, 8), st.none() | NAMES), max_size=30)
TEXTS = st.lists(WORDS | st.text("lamprs", min_size=1, max_size=6), max_size=4)


def entry(id: int, name: str) -> Entry:
    code = f"c{id}"
    return Entry(id, name, (name,), frozenset([*name.split(), code]), codes=(code,))


def sorted_hits(index: Index, text: list[str]) -> list[tuple[int, int, bool]]:
    found = index.find(text, most=100)
    return sorted((each.entry.id, each.distance, each.is_equal) for each in found)


@given(STEPS, TEXTS)
def test_an_index_that_was_changed_is_one_made_of_what_is_left(
    steps: list[tuple[int, str | None]], text: list[str]
) -> None:
    changed, left = Index(), dict[int, Entry]()
    for id, name in steps:
        changed.put(id, None if name is None else entry(id, name))
        left.pop(id, None)
        if name is not None:
            left[id] = entry(id, name)
    fresh = Index(left.values())
    assert len(changed) == len(fresh) == len(left)
    assert sorted_hits(changed, text) == sorted_hits(fresh, text)
    for id in range(1, 9):
        assert changed.by_code(f"c{id}") == fresh.by_code(f"c{id}") == left.get(id)


@given(st.lists(NAMES, min_size=1, max_size=20), st.data())
def test_every_name_finds_itself_first(all_names: list[str], data: st.DataObject) -> None:
    index = Index(entry(id, name) for id, name in enumerate(all_names))
    name = data.draw(st.sampled_from(all_names))
    assert index.find(name.split(), most=10)[0].entry.name == name


def test_of_many_that_are_the_very_same_the_shortest_names_are_given() -> None:
    index = Index(entry(id, f"lamp {'x' * id}") for id in range(1, 20))
    found = index.find(["lamp"], most=3)
    assert [each.entry.id for each in found] == [1, 2, 3]


def test_a_word_of_thousands_is_narrowed_by_the_other_words() -> None:
    # Each of two words may be either of two, which stand on nearly everything.
    names = ("red lamps", "reds lampsh", "redo lamp", "red lampe")
    index = Index(entry(id, f"{names[id % 4]} {id}") for id in range(MOST_SCANNED + 100))
    found = index.find(["red", "lamp"], most=5)
    assert len(found) == 5
    assert all("red" in each.entry.name and "lamp" in each.entry.name for each in found)


@given(st.text(max_size=40))
def test_folding_is_the_same_in_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    # An accent over nothing is left out, but takes the long way.
    assert folded(plain) == folded(f"\u0301{plain}")
