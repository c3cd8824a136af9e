"""After an older copy was put back, no number is given twice: the owner says what was the last."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from core.services.number_recovery import (
    FARTHEST,
    Asked,
    LastNumberTooHigh,
    LastNumberTooLow,
    NoNumberOfSeries,
)
from sqlalchemy import Connection

from core.domain.documents import DOCUMENT_TYPES
from core.domain.people import MACHINE, Actor, Role
from core.services import number_recovery
from core.services.audit import audit, warnings
from core.services.numbering import NumbersInQuestion
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.work import Work
from tests.services.trading import MORNING, Trading

COPIED = datetime(2026, 11, 23, 2, tzinfo=UTC)
PREFIXES = [row.prefix for row in DOCUMENT_TYPES.values()]


def traded(connection: Connection) -> Trading:
    """A company with one order of a customer, whose invoice is lost with the copy."""
    shop = Trading(connection).found()
    shop.paper("purchase_order", "vendor", ("LAP", 5))
    shop.paper("sales_order", "customer", ("LAP", 2))
    number_recovery.ask_for_all(connection, copied_at=COPIED, now=shop.now)
    return shop


def question(connection: Connection, name: str) -> Asked:
    return next(each for each in number_recovery.asked(connection) if each.series == name)


async def tells(database: Any, story: Any) -> Any:
    return await database.write(lambda connection: story(traded(connection)))


async def test_every_series_is_asked_about_once(database):
    def story(shop: Trading) -> None:
        found = number_recovery.asked(shop.connection)
        assert [each.series for each in found] == [f"{each}-2026" for each in PREFIXES]
        known = {each.series: (each.last_known, each.number) for each in found}
        assert known["SO-2026"] == (1, "SO-2026-0001")
        assert known["IN-2026"] == (0, "IN-2026-0000")
        again = number_recovery.ask_for_all(shop.connection, copied_at=COPIED, now=shop.now)
        assert again == 0
        assert len(warnings(shop.connection, shop.now)) == len(PREFIXES)

    await tells(database, story)


async def test_the_years_between_are_asked_about_in_the_companys_zone(database):
    """In Paris it is 2027 half an hour before it is in Greenwich."""

    def story(connection: Connection) -> None:
        shop = Trading(connection).found()
        copied = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)
        now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        number_recovery.ask_for_all(connection, copied_at=copied, now=now)
        years = {each.series[-4:] for each in number_recovery.asked(shop.connection)}
        assert years == {"2025", "2026", "2027"}

    await database.write(story)


async def test_without_a_company_no_day_is_missed(database):
    def story(connection: Connection) -> None:
        moment = datetime(2026, 12, 31, 12, tzinfo=UTC)
        number_recovery.ask_for_all(connection, copied_at=moment, now=moment)
        years = {each.series[-4:] for each in number_recovery.asked(connection)}
        assert years == {"2026", "2027"}

    await database.write(story)


async def test_a_series_in_question_gives_no_number(database):
    def story(shop: Trading) -> None:
        with pytest.raises(NumbersInQuestion) as refused:
            shop.paper("sales_order", "customer", ("LAP", 1))
        assert refused.value.facts == {"series": "SO-2026"}
        assert audit(shop.connection) == []

    await tells(database, story)


async def test_it_goes_on_behind_what_was_lost(database):
    def story(shop: Trading) -> None:
        about = question(shop.connection, "SO-2026")
        assert number_recovery.answer(shop.work(), about.id, 4) == about
        order = shop.record(shop.paper("sales_order", "customer", ("LAP", 1)))
        following = shop.record(shop.paper("sales_order", "customer", ("LAP", 1)))
        assert (order.number, following.number) == ("SO-2026-0005", "SO-2026-0006")
        assert number_recovery.lost(shop.connection) == {"SO-2026": 3}
        lost = [
            each for each in range(7) if number_recovery.is_lost(shop.connection, "SO-2026", each)
        ]
        assert lost == [2, 3, 4]
        assert audit(shop.connection) == []

    await tells(database, story)


async def test_a_series_that_the_copy_does_not_know_goes_on_too(database):
    def story(shop: Trading) -> None:
        number_recovery.answer(shop.work(), question(shop.connection, "QU-2026").id, 2)
        quote = shop.record(shop.paper("quote", "customer", ("LAP", 1)))
        assert quote.number == "QU-2026-0003"
        assert audit(shop.connection) == []

    await tells(database, story)


async def test_posted_papers_stay_chained_over_what_was_lost(database):
    def story(connection: Connection) -> None:
        shop = Trading(connection).found()
        received = shop.makes(shop.paper("purchase_order", "vendor", ("LAP", 5)), "receipt_note")
        shop.passes(days=1)
        number_recovery.ask_for_all(connection, copied_at=COPIED, now=shop.now)
        number_recovery.answer(shop.work(), question(connection, "RN-2026").id, 7)
        number_recovery.answer_rest(
            shop.work(), {e.id: e.last_known for e in number_recovery.asked(connection)}
        )
        assert shop.record(received).number == "RN-2026-0001"
        other = shop.makes(shop.paper("purchase_order", "vendor", ("LAP", 5)), "receipt_note")
        assert shop.record(other).number == "RN-2026-0008"
        assert audit(connection) == []

    await database.write(story)


async def test_a_second_copy_is_asked_about_again(database):
    def story(shop: Trading) -> None:
        number_recovery.answer(shop.work(), question(shop.connection, "SO-2026").id, 3)
        shop.paper("sales_order", "customer", ("LAP", 1))
        shop.passes(days=1)
        assert number_recovery.ask_for_all(shop.connection, copied_at=COPIED, now=shop.now) == 1
        number_recovery.answer(shop.work(), question(shop.connection, "SO-2026").id, 6)
        order = shop.record(shop.paper("sales_order", "customer", ("LAP", 1)))
        assert order.number == "SO-2026-0007"
        assert number_recovery.lost(shop.connection) == {"SO-2026": 4}
        assert audit(shop.connection) == []

    await tells(database, story)


async def test_the_rest_is_right_as_it_was_shown(database):
    def story(shop: Trading) -> None:
        shown = {each.id: each.last_known for each in number_recovery.asked(shop.connection)}
        number_recovery.answer(shop.work(), question(shop.connection, "SO-2026").id, 1)
        with pytest.raises(Changed):
            number_recovery.answer_rest(shop.work(), shown)
        del shown[min(shown)]
        with pytest.raises(Changed):
            number_recovery.answer_rest(shop.work(), shown)
        shown = {each.id: each.last_known for each in number_recovery.asked(shop.connection)}
        number_recovery.answer_rest(shop.work(), shown)
        assert number_recovery.asked(shop.connection) == []
        assert number_recovery.lost(shop.connection) == {}
        order = shop.record(shop.paper("sales_order", "customer", ("LAP", 1)))
        assert order.number == "SO-2026-0002"
        assert audit(shop.connection) == []

    await tells(database, story)


async def test_an_answer_is_the_owners_and_given_once(database):
    def story(shop: Trading) -> None:
        about = question(shop.connection, "SO-2026")
        lea = Actor(1, 1, "Lea", "en", frozenset({Role.SALES}))
        work = Work(shop.connection, lea, shop.now)
        with pytest.raises(NotAllowed):
            number_recovery.answer(work, about.id, 4)
        with pytest.raises(NotAllowed):
            number_recovery.answer_rest(work, {})
        with pytest.raises(LastNumberTooLow):
            number_recovery.answer(shop.work(), about.id, 0)
        with pytest.raises(LastNumberTooHigh):
            number_recovery.answer(shop.work(), about.id, about.last_known + FARTHEST + 1)
        number_recovery.answer(shop.work(), about.id, 4)
        with pytest.raises(NotFound):
            number_recovery.answer(shop.work(), about.id, 4)

    await tells(database, story)


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_of_two_owners_who_answer_at_once_one_is_heard(database):
    about = await tells(database, lambda shop: question(shop.connection, "SO-2026"))

    def answered(connection: Connection, last: int) -> int:
        number_recovery.answer(Work(connection, MACHINE, MORNING), about.id, last)
        return last

    done = await asyncio.gather(
        *(database.write(answered, last) for last in (3, 4)), return_exceptions=True
    )
    (heard,) = [each for each in done if isinstance(each, int)]
    (refused,) = [each for each in done if isinstance(each, BaseException)]
    # As it was asked too late, or in the same moment.
    assert isinstance(refused, NotFound | Changed)
    lost = await database.read(number_recovery.lost)
    assert lost["SO-2026"] == heard - about.last_known


ABOUT = Asked(1, "IN-2026", "Invoice", 41, None, COPIED)


@pytest.mark.parametrize(
    ("text", "last"),
    [("44", 44), ("0044", 44), (" in-2026-0044 ", 44), ("IN-2026 - 44", 44), ("41", 41)],
)
def test_a_typed_number_is_read(text, last):
    assert number_recovery.read_last(ABOUT, text) == last


@pytest.mark.parametrize("text", ["", "none", "SO-2026-0044", "4.4", "-44", "٤٤", "9" * 10])
def test_what_is_no_number_of_the_series_is_refused(text):
    with pytest.raises(NoNumberOfSeries) as refused:
        number_recovery.read_last(ABOUT, text)
    assert refused.value.facts["example"] == "IN-2026-0042"


def test_what_cannot_be_the_last_number_is_refused():
    with pytest.raises(LastNumberTooLow) as low:
        number_recovery.read_last(ABOUT, "40")
    assert low.value.facts == {"number": "IN-2026-0041"}
    with pytest.raises(LastNumberTooHigh) as high:
        number_recovery.read_last(ABOUT, "10042")
    assert high.value.facts == {"number": "IN-2026-10041"}


async def test_a_copy_of_the_last_second_is_asked_about_as_well(database):
    def story(connection: Connection) -> None:
        shop = Trading(connection).found()
        now = shop.now + timedelta(seconds=1)
        assert number_recovery.ask_for_all(connection, copied_at=shop.now, now=now) == len(
            PREFIXES
        )

    await database.write(story)
