"""Searching products and parties by what people type, with an index that is always up to date."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, func, insert, select

from core.domain.people import MACHINE
from core.domain.texts import folded
from core.services import search
from core.services.people import parties
from core.services.products import catalog
from core.services.search import index_updates
from core.services.search.index import MOST_SCANNED, Entry, Index
from core.services.search.papers import PaperNumber, read_paper_number
from core.storage import tables
from core.storage.database import Database, open_database, savepoint
from core.storage.tables import product
from core.storage.tables import search_change as change
from tests.builders import Shop, story
from tests.company import story_in
from tests.migrated import clock

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


def catalogue(connection: Connection) -> Shop:
    """Found a shop with these products."""
    shop = Shop(connection)
    shop.products = {
        sku: catalog.add_product(shop.work, sku=sku, name=name, names={"fr": french})
        for sku, name, french in CATALOGUE
    }
    return shop


catalogue_story = story_in(catalogue)


def found(shop: Shop, text: str) -> list[str]:
    """Return the names of the products that a search finds."""
    return [each.name for each in search.products(shop.work, text)]


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
@catalogue_story
def test_the_intended_product_comes_first(shop: Shop, typed: str, first: str) -> None:
    assert found(shop, typed)[0] == first


@pytest.mark.parametrize("typed", ["", "   ", "?", "qqqq", "zz", "4711", "\u202e", "x" * 4096])
@catalogue_story
def test_nothing_is_found_when_nothing_is_similar(shop: Shop, typed: str) -> None:
    assert found(shop, typed) == []


@catalogue_story
def test_results_are_named_in_the_readers_language(shop: Shop) -> None:
    reader = shop.by(replace(MACHINE, language="fr"))
    assert found(reader, "mouse m2") == ["Souris M2"]
    assert found(reader, "MON-27") == ["Écran 27 pouces"]


@catalogue_story
def test_only_an_unambiguous_match_is_exact(shop: Shop) -> None:
    assert search.products(shop.work, "MOU-M2")[0].exact
    assert search.products(shop.work, "mouse m2")[0].exact
    assert [each.exact for each in search.products(shop.work, "mouse")] == [False] * 3


@story
def test_a_party_is_found_by_its_contacts_and_sides(shop: Shop) -> None:
    contact = parties.add_contact(shop.work, shop.vendor, name="Wei Chen")
    assert [each.name for each in search.parties(shop.work, "chen wei")] == ["Shenzhen Parts"]
    assert [each.name for each in search.parties(shop.work, "shenzen")] == ["Shenzhen Parts"]
    assert search.parties(shop.work, "shenzhen", customers=True) == []
    assert search.parties(shop.work, "high end", vendors=True) == []
    assert len(search.parties(shop.work, "hihg end", customers=True)) == 1
    parties.end_contact(shop.work, contact)
    assert search.parties(shop.work, "chen") == []


# --- The index keeps up -----------------------------------------------------------------------


@catalogue_story
def test_changes_are_found_at_once(shop: Shop) -> None:
    assert found(shop, "mouse m2") == ["Mouse M2"]
    shop.changes_product("MOU-M2", name="Trackball T2")
    assert "Mouse M2" not in found(shop, "mouse")
    assert found(shop, "trackbal") == ["Trackball T2"]
    catalog.name_product(shop.work, shop.products["MOU-M2"], {"fr": "Boule", "de": "Rollkugel"})
    assert found(shop, "rollkugel") == ["Trackball T2"]
    assert "Trackball T2" not in found(shop, "souris")
    catalog.name_product(shop.work, shop.products["MOU-M2"], {"de": ""})
    assert found(shop, "rollkugel") == []
    shop.changes_product("MOU-M2", sku="TRACK", barcode="40001234")
    assert found(shop, "40001234") == ["Trackball T2"]
    assert found(shop, "track") == ["Trackball T2"]
    shop.archives("MOU-M2")
    assert found(shop, "trackball") == []
    assert found(shop, "TRACK") == []


@catalogue_story
def test_what_was_rolled_back_is_not_found(shop: Shop) -> None:

    def rename(name: str) -> None:
        with savepoint(shop.connection):
            shop.changes_product("MOU-M2", name=name)
            assert found(shop, name) == [name]
            raise ZeroDivisionError

    for name in ("Trackball", "Touchpad"):
        with pytest.raises(ZeroDivisionError):
            rename(name)
    assert found(shop, "trackball") == []
    assert found(shop, "mouse m2") == ["Mouse M2"]
    # The ids of the notes that were rolled back are used again.
    shop.changes_product("MOU-M3", name="Joystick")
    assert found(shop, "joystick") == ["Joystick"]
    assert found(shop, "mouse m3") != ["Mouse M3"]


async def test_another_connection_finds_what_is_committed(
    database: Database, migrated_url: str
) -> None:
    shop = await database.write(catalogue)

    def asked(connection: Connection, text: str) -> list[str]:
        return found(shop.on(connection), text)

    def rename(connection: Connection, name: str) -> list[str]:
        shop.on(connection).changes_product("BAG", name=name)
        return asked(connection, name)

    assert await database.read(asked, "bag") == ["Laptop Bag"]
    async with await open_database(migrated_url, clock=clock, read_only=True) as other:
        assert await other.read(asked, "bag") == ["Laptop Bag"]
        assert await database.write(rename, "Rucksack") == ["Rucksack"]
        assert await other.read(asked, "rucksack") == ["Rucksack"]
        assert await other.read(asked, "laptop bag") != ["Laptop Bag"]
        # What is rolled back is never seen.
        with pytest.raises(ZeroDivisionError):
            await database.write(lambda connection: (rename(connection, "Valise"), 1 / 0))
        assert await other.read(asked, "valise") == []
        assert await database.read(asked, "valise") == []
        assert await database.read(asked, "rucksack") == ["Rucksack"]


@catalogue_story
def test_an_index_that_missed_too_many_changes_is_rebuilt(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_updates, "MOST_CHANGES", 4)
    monkeypatch.setattr(index_updates, "KEPT_NOTES", 4)
    assert found(shop, "bag") == ["Laptop Bag"]
    search.keep_up(shop.work)
    count = select(func.count()).select_from(change)
    assert shop.connection.execute(count).scalar_one() == 4
    shop.changes_product("BAG", name="Rucksack")
    for sku in ("KEY-1", "CAB-6", "MON-27", "MOU-M2", "MOU-M3"):
        shop.archives(sku)
    assert found(shop, "rucksack") == ["Rucksack"]
    assert found(shop, "monitor") == []


@story
def test_rows_written_without_a_service_are_found(shop: Shop) -> None:
    connection = shop.connection
    row = {
        "sku": "RAW",
        "folded_sku": "raw",
        "name": "Raw Silk",
        "folded_name": "raw silk",
        "nature": "goods",
        "created_at": shop.now,
    }
    connection.execute(insert(product).values(**row))
    assert found(shop, "silk") == ["Raw Silk"]
    connection.execute(delete(tables.product_name))
    connection.execute(delete(product).where(product.c.sku == "RAW"))
    assert found(shop, "silk") == []


@catalogue_story
def test_an_index_that_another_thread_updated_is_read_again(shop: Shop) -> None:
    connection, overtaken = shop.connection, []

    @event.listens_for(connection, "before_cursor_execute")
    def overtake(*statement: object) -> None:
        if not overtaken and "FROM search_change" in str(statement[2]):
            overtaken.append(True)
            overtaken.extend(found(shop, "bag"))

    assert found(shop, "monitor") == ["Monitor 27"]
    event.remove(connection, "before_cursor_execute", overtake)
    assert overtaken == [True, "Laptop Bag"]


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
def test_a_document_number_has_the_prefix_of_a_kind(
    text: str, number: tuple[str, str, int] | None
) -> None:
    assert read_paper_number(text) == (None if number is None else PaperNumber(*number))


# --- The index alone --------------------------------------------------------------------------

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
def test_a_changed_index_equals_a_fresh_one(
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


def test_among_equal_matches_the_shortest_names_come_first() -> None:
    index = Index(entry(id, f"lamp {'x' * id}") for id in range(1, 20))
    found = index.find(["lamp"], most=3)
    assert [each.entry.id for each in found] == [1, 2, 3]


def test_a_word_in_thousands_of_names_is_narrowed_by_the_others() -> None:
    # Each of the two words may be one of two that nearly every name has.
    names = ("red lamps", "reds lampsh", "redo lamp", "red lampe")
    index = Index(entry(id, f"{names[id % 4]} {id}") for id in range(MOST_SCANNED + 100))
    found = index.find(["red", "lamp"], most=5)
    assert len(found) == 5
    assert all("red" in each.entry.name and "lamp" in each.entry.name for each in found)


@given(st.text(max_size=40))
def test_ascii_text_is_folded_like_any_other(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    # An accent over nothing is dropped, but not by the short way of ASCII.
    assert folded(plain) == folded(f"\u0301{plain}")
