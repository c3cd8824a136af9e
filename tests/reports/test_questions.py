"""Reports find themselves, and their columns go by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.facts.party import PARTY_FACTS
from core.i18n import translator
from core.reports import REPORTS, Asked, Column, questions, report_of, sheet_of
from core.reports.fact_columns import columns_of_facts
from core.storage.database import Database
from tests.builders import Shop

ASKED = Asked(translator("en"))


def test_a_report_is_a_file_that_is_called_like_it():
    (folder,) = questions.__path__
    files = {each.stem for each in Path(folder).glob("*.py")} - {"__init__"}
    assert {each.name for each in REPORTS} == files
    places = [each.place for each in REPORTS]
    assert places == sorted(set(places))


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_column_in_the_middle_moves_no_value(database: Database):
    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        for report in REPORTS:
            columns = report.columns
            if callable(columns):
                columns = columns(shop.work, ASKED)
            more = (columns[0], Column("Made up", lambda _row, _asked: "made up"), *columns[1:])
            before = sheet_of(shop.work, report, ASKED)
            after = sheet_of(shop.work, replace(report, columns=more), ASKED)
            assert [row[:1] + row[2:] for row in after.rows] == before.rows
            assert all(row[1] == "made up" for row in after.rows)

    await database.write(lambda connection: story(Shop(connection)))


def test_the_columns_of_parties_are_their_facts():
    told = columns_of_facts(PARTY_FACTS)
    assert [each.heading for each in report_of("parties").columns] == [
        each.heading for each in told
    ]
