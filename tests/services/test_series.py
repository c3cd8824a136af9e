"""No number is given twice after a restore: the owner says which one was the last."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from core.domain.documents import DOCUMENT_TYPES
from core.services import number_recovery
from core.services.audit import warnings
from core.services.number_recovery import (
    FARTHEST,
    Asked,
    LastNumberTooHigh,
    LastNumberTooLow,
    NoNumberOfSeries,
)
from core.services.numbering import NumbersInQuestion
from core.services.rights import Changed, NotAllowed, NotFound
from tests.actors import LEA
from tests.builders import Shop, audited_story, nothing_is_wrong, story
from tests.company import OpenCompany, story_in

COPIED = datetime(2026, 11, 23, 2, tzinfo=UTC)
PREFIXES = [row.prefix for row in DOCUMENT_TYPES.values()]


def restored(connection: Connection) -> Shop:
    """Found a shop with one customer's order, restored from a copy made the day before."""
    shop = Shop(connection)
    shop.buys(5, "laptop")
    shop.sells(2, "laptop")
    number_recovery.ask_for_all(connection, copied_at=COPIED, now=shop.now)
    return shop


restored_story = story_in(restored, nothing_is_wrong)


def question(shop: Shop, name: str) -> Asked:
    """Return the question about a series."""
    return next(each for each in number_recovery.asked(shop.connection) if each.series == name)


def answer(shop: Shop, name: str, last: int) -> None:
    """Say which number of a series was the last."""
    number_recovery.answer(shop.work, question(shop, name).id, last)


def next_order(shop: Shop) -> str | None:
    """Return the number of a new order."""
    return shop.record(shop.sells(1, "laptop")).number


@restored_story
def test_every_series_is_asked_about_once(shop: Shop) -> None:
    found = number_recovery.asked(shop.connection)
    assert [each.series for each in found] == [f"{each}-2026" for each in PREFIXES]
    known = {each.series: (each.last_known, each.number) for each in found}
    assert known["SO-2026"] == (1, "SO-2026-0001")
    assert known["IN-2026"] == (0, "IN-2026-0000")
    assert number_recovery.ask_for_all(shop.connection, copied_at=COPIED, now=shop.now) == 0
    assert len(warnings(shop.connection, shop.now)) == len(PREFIXES)


@story
def test_the_years_since_the_copy_are_those_of_the_companys_zone(shop: Shop) -> None:
    """In Paris, 2027 begins an hour before it does in Greenwich."""
    copied = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    number_recovery.ask_for_all(shop.connection, copied_at=copied, now=now)
    years = {each.series[-4:] for each in number_recovery.asked(shop.connection)}
    assert years == {"2025", "2026", "2027"}


async def test_without_a_company_no_day_is_missed(database):
    def ask(connection: Connection) -> None:
        moment = datetime(2026, 12, 31, 12, tzinfo=UTC)
        number_recovery.ask_for_all(connection, copied_at=moment, now=moment)
        years = {each.series[-4:] for each in number_recovery.asked(connection)}
        assert years == {"2026", "2027"}

    await database.write(ask)


@restored_story
def test_a_series_in_question_gives_no_number(shop: Shop) -> None:
    with pytest.raises(NumbersInQuestion) as refused:
        shop.sells(1, "laptop")
    assert refused.value.facts == {"series": "SO-2026"}


@restored_story
def test_an_answered_series_goes_on_after_the_lost_numbers(shop: Shop) -> None:
    about = question(shop, "SO-2026")
    assert number_recovery.answer(shop.work, about.id, 4) == about
    assert [next_order(shop), next_order(shop)] == ["SO-2026-0005", "SO-2026-0006"]
    assert number_recovery.lost(shop.connection) == {"SO-2026": 3}
    lost = [each for each in range(7) if number_recovery.is_lost(shop.connection, "SO-2026", each)]
    assert lost == [2, 3, 4]


@restored_story
def test_a_series_that_the_copy_does_not_know_goes_on_as_well(shop: Shop) -> None:
    answer(shop, "QU-2026", 2)
    assert shop.record(shop.new("quote", (1, "laptop"))).number == "QU-2026-0003"


@audited_story
def test_posted_documents_stay_chained_across_the_lost_numbers(shop: Shop) -> None:
    first = shop.makes("receipt_note", shop.buys(5, "laptop"))
    shop.passes(days=1)
    number_recovery.ask_for_all(shop.connection, copied_at=COPIED, now=shop.now)
    answer(shop, "RN-2026", 7)
    rest = {each.id: each.last_known for each in number_recovery.asked(shop.connection)}
    number_recovery.answer_rest(shop.work, rest)
    second = shop.makes("receipt_note", shop.buys(5, "laptop"))
    numbers = [shop.record(each).number for each in (first, second)]
    assert numbers == ["RN-2026-0001", "RN-2026-0008"]


@restored_story
def test_after_a_second_restore_a_series_is_asked_about_again(shop: Shop) -> None:
    answer(shop, "SO-2026", 3)
    shop.sells(1, "laptop")
    shop.passes(days=1)
    assert number_recovery.ask_for_all(shop.connection, copied_at=COPIED, now=shop.now) == 1
    answer(shop, "SO-2026", 6)
    assert next_order(shop) == "SO-2026-0007"
    assert number_recovery.lost(shop.connection) == {"SO-2026": 4}


@restored_story
def test_the_remaining_series_are_answered_as_they_were_shown(shop: Shop) -> None:
    shown = {each.id: each.last_known for each in number_recovery.asked(shop.connection)}
    answer(shop, "SO-2026", 1)
    with pytest.raises(Changed):
        number_recovery.answer_rest(shop.work, shown)
    del shown[min(shown)]
    with pytest.raises(Changed):
        number_recovery.answer_rest(shop.work, shown)
    shown = {each.id: each.last_known for each in number_recovery.asked(shop.connection)}
    number_recovery.answer_rest(shop.work, shown)
    assert number_recovery.asked(shop.connection) == []
    assert number_recovery.lost(shop.connection) == {}
    assert next_order(shop) == "SO-2026-0002"


@restored_story
def test_only_the_owner_answers_and_only_once(shop: Shop) -> None:
    about = question(shop, "SO-2026")
    lea = shop.by(LEA)
    with pytest.raises(NotAllowed):
        answer(lea, "SO-2026", 4)
    with pytest.raises(NotAllowed):
        number_recovery.answer_rest(lea.work, {})
    with pytest.raises(LastNumberTooLow):
        answer(shop, "SO-2026", 0)
    with pytest.raises(LastNumberTooHigh):
        answer(shop, "SO-2026", about.last_known + FARTHEST + 1)
    answer(shop, "SO-2026", 4)
    with pytest.raises(NotFound):
        number_recovery.answer(shop.work, about.id, 4)


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_when_two_owners_answer_at_once_one_answer_counts(database):
    opened = OpenCompany(database, await database.write(restored))
    about = await opened.does(lambda shop: question(shop, "SO-2026"))

    def answered(last: int) -> Callable[[Shop], int]:
        def act(shop: Shop) -> int:
            number_recovery.answer(shop.work, about.id, last)
            return last

        return act

    done = await opened.at_once(answered(3), answered(4))
    (counted,) = (each for each in done if isinstance(each, int))
    (refused,) = (each for each in done if isinstance(each, str))
    # The other one asked too late, or in the same moment.
    assert refused in ("NotFound", "Changed")
    lost = await database.read(number_recovery.lost)
    assert lost["SO-2026"] == counted - about.last_known


ABOUT = Asked(1, "IN-2026", "Invoice", 41, None, COPIED)


@pytest.mark.parametrize(
    ("text", "last"),
    [("44", 44), ("0044", 44), (" in-2026-0044 ", 44), ("IN-2026 - 44", 44), ("41", 41)],
)
def test_a_typed_number_is_read(text, last):
    assert number_recovery.read_last(ABOUT, text) == last


@pytest.mark.parametrize("text", ["", "none", "SO-2026-0044", "4.4", "-44", "٤٤", "9" * 10])
def test_other_texts_are_not_numbers_of_the_series(text):
    with pytest.raises(NoNumberOfSeries) as refused:
        number_recovery.read_last(ABOUT, text)
    assert refused.value.facts["example"] == "IN-2026-0042"


def test_a_number_that_cannot_be_the_last_is_refused():
    with pytest.raises(LastNumberTooLow) as low:
        number_recovery.read_last(ABOUT, "40")
    assert low.value.facts == {"number": "IN-2026-0041"}
    with pytest.raises(LastNumberTooHigh) as high:
        number_recovery.read_last(ABOUT, "10042")
    assert high.value.facts == {"number": "IN-2026-10041"}


@story
def test_a_copy_of_a_second_ago_is_asked_about_as_well(shop: Shop) -> None:
    now = shop.now + timedelta(seconds=1)
    asked = number_recovery.ask_for_all(shop.connection, copied_at=shop.now, now=now)
    assert asked == len(PREFIXES)
