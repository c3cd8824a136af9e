"""The company: the set-up dialogue, the first steps after it, and its facts later on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from babel.core import get_global

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Percent
from bot.conversation.region_inputs import (
    Country,
    Currency,
    Zone,
    address_line,
    currency_of,
)
from bot.conversation.step import Answers, Form, Step
from bot.screens.settings.logo import logo_button
from bot.screens.shared.fact_fields import fields_of, step_of
from bot.screens.shared.field_editor import Editable, Editor
from core.domain.document_type import Claims, PartySide
from core.domain.documents import kinds
from core.domain.facts.company import ASKED
from core.domain.messages import N_
from core.domain.people import Ability
from core.i18n import translator
from core.services import company
from core.services.company import CompanyRecord
from core.services.documents import viewing
from core.services.people import party_views
from core.services.products import catalog
from core.services.rights import require_ability
from core.services.work import Work

ORDINARY, EXPORT = "S", "G"
"""Tax categories of EN 16931 (UNCL 5305): standard rate, and export without tax."""


# --- The set-up dialogue ---------------------------------------------------------------------


def ask_set_up(turn: Turn) -> None:
    """Ask for the company's name, and the rest of the dialogue."""
    require_ability(turn.work.actor, Ability.SET_UP_COMPANY)
    turn.ask("set_up")


def set_up(turn: Turn, _tap: Tap) -> None:
    """Begin the set-up dialogue, unless it is already done."""
    if company.is_set_up(turn.work.connection):
        turn.show("settings")
    else:
        ask_set_up(turn)


def _likely_country(asking: Asking) -> str:
    """Return the likeliest country of the person's language (CLDR, likely subtags)."""
    likely = str(get_global("likely_subtags").get(asking.reader.translator.language, ""))
    return likely.rpartition("_")[2]


def _country(asking: Asking) -> str:
    return str(asking.answers.get("country") or "")


def _currency(asking: Asking) -> str:
    return currency_of(_country(asking))


def finish_set_up(turn: Turn, answers: Answers) -> None:
    """Create the company with its taxes, and offer the first steps."""
    work, language = turn.work, answers["language"]
    company.set_up(
        work,
        name=answers["name"],
        country=answers["country"],
        tax_id=answers["tax_id"] or "",
        currency=answers["currency"],
        zone=answers["zone"],
        language=language,
        **(answers["address"] or {}),
    )
    words = translator(language)
    if answers["percent"]:
        name = words.text(N_("Tax {percent}"), percent=words.percent(answers["percent"]))
        company.add_tax(
            work, name=name, category=ORDINARY, percent=answers["percent"], default=True
        )
    export = words.text(N_("Export, no tax"))
    company.add_tax(work, name=export, category=EXPORT, percent=Decimal(0), default=False)
    turn.show("first_steps")


# --- The first steps -------------------------------------------------------------------------


@dataclass(frozen=True)
class FirstSteps:
    """The first steps, and which are done."""

    products: int
    customers: int
    orders: int


def load_first_steps(work: Work, _id: int, _arguments: Arguments) -> FirstSteps:
    """Return which first steps are done."""
    require_ability(work.actor, Ability.SEE_PARTIES)
    counts = viewing.counts(work)
    orders = [sum(counts.get(row.kind, {}).values()) for row in kinds(claims=Claims.WAITING)]
    return FirstSteps(
        products=catalog.count_products(work),
        customers=party_views.page(work, PartySide.CUSTOMER).total,
        orders=sum(orders),
    )


def render_first_steps(steps: FirstSteps, reader: Reader) -> Card:
    """Render the steps; the next one comes first and those done are marked."""
    wanted = (
        (steps.products, N_("First product"), Button(reader.text(N_("Add product")),
                                                     "add_product")),
        (steps.customers, N_("First customer"), Button(reader.text(N_("Add customer")),
                                                       "add_party", argument="customers")),
        (steps.orders, N_("First order"), Button(reader.text(N_("New order")), "new_order")),
    )  # fmt: skip
    found = [f"{'✅' if done else '◻️'} {reader.text(label)}" for done, label, _ in wanted]
    left: list[Row] = [(button,) for done, _, button in wanted if not done]
    name = reader.company.name if reader.company else ""
    text = lines(reader.html(N_("{name} is ready"), name=bold(name)), *found)
    return Card(text, (*left[:1], (back(reader),)))


# --- Settings --------------------------------------------------------------------------------


def load_settings(work: Work, _id: int, _arguments: Arguments) -> CompanyRecord:
    """Return the company, for people who may change it.  Raises NotAllowed, CompanyMissing."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    return company.current(work.connection)


def render_settings(found: CompanyRecord, reader: Reader) -> Card:
    """Render the facts that every paper carries, and the buttons to each table."""
    text = lines(
        html(bold(found.name), found.currency, found.zone, between=" · "),
        address_line(found.street, found.postal_code, found.city),
        found.tax_id,
    )
    rows: list[Row] = [
        (opens(reader.text(N_("Company")), "edit_company", id=1),),
        (
            opens(reader.text(N_("Taxes")), "taxes"),
            opens(reader.text(N_("Exchange rates")), "rates"),
        ),
        (
            opens(reader.text(N_("Price books")), "price_books"),
            opens(reader.text(N_("Approval limits")), "edit_limits", id=1),
        ),
        (
            opens(reader.text(N_("Templates")), "templates"),
            opens(reader.text(N_("Language")), "language"),
        ),
    ]
    return Card(text, (*rows, (back(reader),)))


FACTS: Final = {each.key: each for each in ASKED}
"""The facts that can be changed, by the keys of their fields."""


def load_facts(work: Work, _id: int) -> Editable:
    """Return the company's facts, for people who may change them."""
    found = load_settings(work, 0, {})
    values = {each.key: getattr(found, each.kept_in) for each in ASKED if each.kept_in}
    address = address_line(found.street, found.postal_code, found.city)
    return Editable(1, found.name, values | {"address": address})


def change_fact(work: Work, _id: int, key: str, *, value: Any) -> None:
    """Change a fact.  Raises CompanyFixed for currency and zone after the first paper."""
    company.change(work, **(value if key == "address" else {key: value}))


def more_facts(_record: Editable, reader: Reader) -> list[Row]:
    """Return the buttons to the settings that are not text."""
    return [(logo_button(reader),)]


EDITOR: Final = Editor(
    "company", fields_of(ASKED), load=load_facts, change=change_fact, more=more_facts,
    home="settings",
)  # fmt: skip

SCREENS: Final = (
    Screen("first_steps", load_first_steps, render_first_steps),
    Screen("settings", load_settings, render_settings),
    *EDITOR.screens,
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "set_up": set_up,
    **EDITOR.actions,
}
FORMS: Final = (
    Form(
        "set_up",
        title=N_("Your company"),
        steps=(
            step_of(FACTS["name"]),
            step_of(FACTS["country"], read_by=Country(_likely_country)),
            step_of(FACTS["address"], optional=True),
            step_of(FACTS["tax_id"]),
            Step(
                "percent", N_("What's the usual tax rate on sales, in percent? "
"Skip if none."), Percent(),
                optional=True,
            ),
            step_of(FACTS["currency"], read_by=Currency(_currency)),
            step_of(FACTS["zone"], read_by=Zone(_country)),
            step_of(FACTS["language"]),
        ),
        on_finish=finish_set_up,
    ),
    *EDITOR.forms,
)  # fmt: skip
