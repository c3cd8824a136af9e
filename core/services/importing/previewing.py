"""What importing a table would do: the figures that are shown before anything changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from core.domain.people import Ability
from core.files.table import Table
from core.services import company
from core.services.importing import parties, prices, products, stock
from core.services.importing.matching import Matched, match
from core.services.importing.planning import Plan, Planner
from core.services.importing.problems import MANY, Problem
from core.services.importing.reading import read_rows
from core.services.rights import require_ability
from core.services.work import Work

PLANNERS: Final[Mapping[str, Planner]] = {
    "products": products.plan,
    "parties": parties.plan,
    "prices": prices.plan,
    "stock": stock.plan,
}


@dataclass(frozen=True)
class Options:
    """What a person has said about a file: its kind, its decimal mark, columns to leave out."""

    kind: str = ""
    decimal_mark: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Change:
    """What an import would do, or has done: the figures of its plan."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows change something."""
        return self.new + self.changed


@dataclass(frozen=True)
class Summary:
    """What a preview shows of a file.

    `problems` are the first ones, `problem_count` is how many there are; `columns` are the
    headings that were understood with their columns, `unknown` those that were not; `doubt` is a
    number that can be read in two ways, `decimal_mark` the one that was taken.
    """

    rows: int = 0
    kind: str = ""
    change: Change = Change()
    columns: Sequence[Sequence[str]] = ()
    unknown: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    problem_count: int = 0
    doubt: str = ""
    decimal_mark: str = "."
    sheet: str = ""
    options: Options = Options()

    def kept(self) -> str:
        """As JSON."""
        facts = asdict(self)
        facts["problems"] = [each.kept() for each in self.problems]
        return json.dumps(facts, ensure_ascii=False)

    @classmethod
    def restored(cls, kept: str) -> Summary:
        """Of what `kept` gave."""
        facts = json.loads(kept)
        facts["problems"] = [Problem(*each) for each in facts.get("problems", ())]
        facts["change"] = Change(**facts.get("change", {}))
        facts["options"] = Options(**facts.get("options", {}))
        return cls(**facts)


def preview(
    work: Work, table: Table, options: Options | None = None
) -> tuple[Summary, Plan | None]:
    """What importing a table would do, and the plan that does it when nothing is wrong.

    Raises:
        NotAllowed.
        CompanyMissing: there is no company yet whose products these could be.
    """
    require_ability(work.actor, Ability.IMPORT)
    said = options or Options()
    its_company = company.current(work.connection)
    matched = match(table.headings, kind=said.kind, left_out=said.left_out)
    if isinstance(matched, Problem):
        return _hopeless(table, said, matched), None
    if any(each.row == 0 and each.column == "" for each in matched.problems):
        # Without the columns that name the rows, every row would be complained of.
        return _with_columns(_hopeless(table, said, *matched.problems), table, matched), None
    read = read_rows(work.connection, table, matched, decimal_mark=said.decimal_mark)
    plan = PLANNERS[matched.kind.name](work.connection, read, its_company)
    problems = sorted(read.problems, key=lambda each: each.row)
    summary = Summary(
        rows=len(table.rows),
        change=Change(plan.new, plan.changed, plan.unchanged, plan.facts),
        problems=problems[:MANY],
        problem_count=len(problems),
        doubt=read.convention.doubt,
        decimal_mark=read.convention.decimal_mark,
        sheet=table.sheet,
        options=said,
    )
    return _with_columns(summary, table, matched), None if problems else plan


def _hopeless(table: Table, options: Options, *problems: Problem) -> Summary:
    return Summary(
        rows=len(table.rows),
        problems=problems,
        problem_count=len(problems),
        sheet=table.sheet,
        options=options,
    )


def _with_columns(summary: Summary, table: Table, matched: Matched) -> Summary:
    kind = matched.kind
    columns = [
        (table.headings[matched.columns[each.key]], each.heading)
        for each in kind.columns
        if each.key in matched.columns and each.tells
    ]
    return replace(summary, kind=kind.name, columns=columns, unknown=matched.unknown)
