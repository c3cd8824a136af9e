"""Parties: the card, lists of customers and vendors, adding and changing parties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.core import get_global

from bot.base.handlers import Command
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
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
from bot.conversation.inputs import Asking, Text
from bot.conversation.region_inputs import Country, Currency, address_line, currency_of
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.repeating import last_of, repeat_button
from bot.screens.money.accounts import balance_lines, item_button
from bot.screens.people.merging import merge_row, merged_lines, merged_rows
from bot.screens.shared.fact_fields import fact_lines, fields_of, step_of
from bot.screens.shared.field_editor import Editable, Editor
from bot.screens.stock.levels import pages, start_of
from core.domain.document_type import Claims, DocumentType, PartySide
from core.domain.documents import kinds
from core.domain.facts.fact import Fact, ValueKind
from core.domain.facts.party import ASKED, PARTY_FACTS
from core.domain.lifecycles import OFFER
from core.domain.messages import N_
from core.domain.people import STAFF, Ability, Right
from core.i18n import LANGUAGES
from core.services import company, shown_facts
from core.services.people import merging, parties, party_views
from core.services.people.merging import NOT_MERGED, Merged
from core.services.people.parties import AddressRecord, PartyRecord
from core.services.people.party_views import PartyPage, PartyRow, PartyView
from core.services.rights import NotFound, may, require_ability
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord

MOST_ITEMS: Final = 4
"""Open papers on the card; the account lists them all."""
LISTS: Final[Mapping[str, PartySide]] = {
    "customers": PartySide.CUSTOMER,
    "vendors": PartySide.VENDOR,
}


# --- The card --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A party, the list it was opened from, and the orders that can be begun with it."""

    view: PartyView
    origin: str
    orders: Sequence[DocumentType]
    offers: Sequence[DocumentType] = ()
    last: DocumentRecord | None = None
    merged: Merged = NOT_MERGED


def load_party(work: Work, party_id: int, arguments: Arguments) -> Shown:
    """Return a party; `argument` is "list:offset" if it was opened from a list."""
    view = party_views.view(work, party_id)
    orders, offers = (
        [
            row
            for row in rows
            if view.record.suits(row.party)
            and may(work.actor, Right.DRAFT, row, party_id=party_id)
        ]
        for rows in (
            (*kinds(claims=Claims.WAITING), *kinds(incoming=True)),
            kinds(lifecycle=OFFER),
        )
    )
    last = last_of(work, party_id) if orders else None
    merged = merging.merged_parties(work.connection, party_id)
    origin = str(arguments.get("argument", ""))
    return Shown(view, origin, orders, offers, last, merged)


def render_party(shown: Shown, reader: Reader) -> Card:
    """Render the party with its address and balances, then the actions on it."""
    view, record = shown.view, shown.view.record
    text = lines(
        _heading(record, reader),
        *(_address(each, reader) for each in view.addresses),
        _contacts(view, reader),
        *fact_lines(PARTY_FACTS, view.facts, reader),
        *balance_lines(view.balances, reader),
        *merged_lines(shown.merged, reader),
    )
    rows: list[Row] = [_order_row(shown, reader), _other_ways(shown, reader)]
    rows += [(item_button(each, reader),) for each in view.open_items[:MOST_ITEMS]]
    looking = [opens(reader.text(N_("Documents")), "paper_list", id=record.id)]
    if view.open_items or view.balances:
        label = reader.text(N_("Account"))
        looking.append(opens(label, "account", id=record.id))
    rows.append(tuple(looking))
    if view.can_pay:
        label = reader.text(N_("Record payment"))
        rows.append((Button(label, "pay_party", id=record.id),))
    if view.can_edit:
        number = reader.text(N_("Contacts {number}"), number=len(view.contacts))
        label = number if view.contacts else reader.text(N_("Contacts"))
        edit = opens(reader.text(N_("Edit")), "edit_party", id=record.id)
        rows.append((opens(label, "contacts", id=record.id), edit))
    rows += merged_rows(shown.merged, "party", reader)
    return Card(text, (*rows, (_way_back(shown.origin, reader),)))


def _way_back(origin: str, reader: Reader) -> Button:
    screen, _, offset = origin.partition(":")
    return back(reader, screen, argument=offset) if screen in LISTS else back(reader)


def _order_row(shown: Shown, reader: Reader) -> Row:
    several = len(shown.orders) > 1
    return tuple(
        Button(
            reader.text(row.label if several else N_("New order")), "begin",
            id=shown.view.record.id, argument=row.prefix, style="primary",
        )
        for row in shown.orders
    )  # fmt: skip


def _other_ways(shown: Shown, reader: Reader) -> Row:
    """Return the buttons for the last order once more, and for offers."""
    again = () if shown.last is None else (repeat_button(shown.last, reader),)
    offers = tuple(
        Button(
            reader.text(N_("New {kind}"), kind=reader.text(row.label)), "begin",
            id=shown.view.record.id, argument=row.prefix,
        )
        for row in shown.offers
    )  # fmt: skip
    return (*again, *offers)


def _heading(record: PartyRecord, reader: Reader) -> Html:
    parts: list[object] = [bold(record.name)]
    if record.is_customer:
        parts.append(reader.text(N_("customer")))
    if record.is_vendor:
        parts.append(reader.text(N_("vendor")))
    parts.append(record.currency or reader.text(N_("no currency yet")))
    parts.append(_language_name(record.language, reader))
    if record.archived_at is not None:
        parts.append(reader.text(N_("archived")))
    return html(*parts, between=" · ")


def _language_name(code: str, reader: Reader) -> str:
    return str(reader.translator.locale.languages.get(code, code))


def _address(each: AddressRecord, reader: Reader) -> Html:
    line = address_line(each.street, each.postal_code, each.city)
    country = str(reader.translator.locale.territories.get(each.country, each.country))
    where = ", ".join(filter(None, (line, country)))
    return reader.html(N_("Deliver to: {address}"), address=where) if each.use == "delivery" else (
        html(where)
    )  # fmt: skip


def _contacts(view: PartyView, reader: Reader) -> Html:
    """Return the contacts; those who have not joined yet are marked."""
    names = [
        each.name
        if each.person_id is not None
        else reader.text(N_("{name} (not joined yet)"), name=each.name)
        for each in view.contacts
    ]
    return html(", ".join(names))


# --- Lists -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyList:
    """A page of parties of one side, and whether this person may add one."""

    name: str
    page: PartyPage
    can_add: bool


def _opener(name: str, side: PartySide) -> Callable[[Work, int, Arguments], PartyList]:
    def load(work: Work, _id: int, arguments: Arguments) -> PartyList:
        page = party_views.page(work, side, offset=start_of(arguments))
        return PartyList(name, page, work.actor.can(Ability.EDIT_PARTIES))

    return load


TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "customers": (N_("Customers"), N_("Add customer")),
    "vendors": (N_("Vendors"), N_("Add vendor")),
}


def render_parties(shown: PartyList, reader: Reader) -> Card:
    """Render each party with its balance; a tap opens it."""
    title, add = TITLES[shown.name]
    page = shown.page
    rows: list[Row] = [
        (
            opens(
                _row_label(each, reader), "party", id=each.id,
                argument=f"{shown.name}:{page.offset}",
            ),
        )
        for each in page.rows
    ]  # fmt: skip
    size = party_views.PAGE_SIZE
    rows.append(pages(shown.name, offset=page.offset, total=page.total, size=size))
    if shown.can_add:
        rows.append((Button(reader.text(add), "add_party", argument=shown.name),))
    rows.append(
        tuple(opens(reader.text(TITLES[each][0]), each) for each in LISTS if each != shown.name)
    )
    text = html(bold(reader.text(title)), page.total, between=" · ")
    return Card(text, (*rows, (back(reader),)))


def _row_label(row: PartyRow, reader: Reader) -> str:
    owed = [reader.translator.money(amount, currency) for currency, amount in row.balances.items()]
    return " · ".join([row.name, *owed])


# --- Adding one ------------------------------------------------------------------------------


def add_party(turn: Turn, tap: Tap) -> None:
    """Ask for a new customer or vendor."""
    require_ability(turn.work.actor, Ability.EDIT_PARTIES)
    turn.ask("new_party", side=tap.argument if tap.argument in LISTS else "customers")


def _own_country(asking: Asking) -> str:
    return asking.reader.company.country if asking.reader.company else ""


def _currency_there(asking: Asking) -> str:
    return currency_of(str(asking.answers.get("country") or ""))


def language_of(country: str, otherwise: str) -> str:
    """Return the language of papers to a country: the most spoken one that papers can use."""
    spoken: Mapping[str, Any] = get_global("territory_languages").get(country, {})
    known = [code for code in spoken if code in LANGUAGES]
    official = [code for code in known if spoken[code].get("official_status")]
    return max(
        official or known, key=lambda code: spoken[code]["population_percent"], default=otherwise
    )


def finish_party(turn: Turn, answers: Answers) -> None:
    """Add the party with its address and its contact, and show it."""
    work, country = turn.work, answers["country"]
    its_company = company.current(work.connection)
    side = LISTS[answers.arguments["side"]]
    party_id = parties.add_party(
        work,
        name=answers["name"],
        customer=side is PartySide.CUSTOMER,
        vendor=side is PartySide.VENDOR,
        currency=answers["currency"],
        language=language_of(country, its_company.language),
        tax_rule_id=answers["tax"],
    )
    if answers["address"]:
        place = answers["address"]
        parties.add_address(work, party_id, use="billing", country=country, **place)
    if answers["contact"]:
        parties.add_contact(work, party_id, name=answers["contact"])
    turn.toast(turn.reader.text(N_("{name} added"), name=answers["name"]))
    is_first = party_views.page(work, side).total == 1
    if is_first and side is PartySide.CUSTOMER:
        turn.show("first_steps")
    else:
        turn.show("party", party_id)


# --- Changing one ----------------------------------------------------------------------------


FACTS: Final = {each.key: each for each in ASKED}
"""The facts that can be changed, by the keys of their fields."""


def load_facts(work: Work, party_id: int) -> Editable:
    """Return a party's facts, for people who may change them.  Raises NotAllowed, NotFound."""
    require_ability(work.actor, Ability.EDIT_PARTIES)
    found = parties.load(work.connection, [party_id]).get(party_id)
    if found is None:
        raise NotFound(subject="party")
    own = [each for each in ASKED if not each.holder]
    places = {each.use: each for each in parties.addresses(work.connection, party_id)}
    values = {
        **shown_facts.shown(work.connection, own, found.facts),
        **{each.key: _of_place(each, places) for each in ASKED if each.holder},
        "archived": found.archived_at is not None,
        "merged": merging.merged_parties(work.connection, party_id).into is not None,
    }
    return Editable(party_id, found.name, values)


def _of_place(fact: Fact, places: Mapping[str, AddressRecord]) -> str | None:
    found = places.get(fact.holder)
    if found is None:
        return None
    if fact.kind is ValueKind.ADDRESS:
        return address_line(found.street, found.postal_code, found.city)
    return str(getattr(found, fact.kept_in))


def change_fact(work: Work, party_id: int, key: str, *, value: Any) -> None:
    """Change one of the facts."""
    if key in FACTS and FACTS[key].holder:
        _change_address(work, party_id, FACTS[key], value=value)
        return
    found = parties.load(work.connection, [party_id])[party_id]
    parties.change_party(work, party_id, revision=found.revision, **{key: value})


def _change_address(work: Work, party_id: int, fact: Fact, *, value: Any) -> None:
    places = {each.use: each for each in parties.addresses(work.connection, party_id)}
    billing = places.get("billing")
    country = billing.country if billing else company.current(work.connection).country
    if fact.kind is ValueKind.COUNTRY:
        country = value
        value = {
            "street": billing.street if billing else "",
            "postal_code": billing.postal_code if billing else "",
            "city": billing.city if billing else "",
        }
    parties.add_address(work, party_id, use=fact.holder, country=country, **value)


def _archive_row(record: Editable, reader: Reader) -> Sequence[Row]:
    if record.values["merged"]:
        return ()
    label = N_("Restore") if record.values["archived"] else N_("Archive")
    style: Any = None if record.values["archived"] else "danger"
    merge = merge_row("ask_party_merge", record.id, reader)
    return ((Button(reader.text(label), "archive_party", id=record.id, style=style),), merge)


EDITOR: Final = Editor(
    "party", fields_of(ASKED), load=load_facts, change=change_fact, more=_archive_row
)


def archive_party(turn: Turn, tap: Tap) -> None:
    """Archive a party: nothing new begins, open papers go on.  The same button restores it."""
    record = load_facts(turn.work, tap.id)
    at = None if record.values["archived"] else turn.work.now
    change_fact(turn.work, tap.id, "archived_at", value=at)
    turn.show("party", tap.id)


def open_customers(turn: Turn, _argument: str) -> None:
    """Open the list of all customers."""
    turn.show("customers")


def open_vendors(turn: Turn, _argument: str) -> None:
    """Open the list of all vendors."""
    turn.show("vendors")


SCREENS: Final = (
    Screen("party", load_party, render_party, subject="party"),
    *(Screen(name, _opener(name, side), render_parties) for name, side in LISTS.items()),
    *EDITOR.screens,
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "add_party": add_party,
    "archive_party": archive_party,
    **EDITOR.actions,
}
COMMANDS: Final = (
    Command("customers", N_("All customers"), open_customers, roles=STAFF),
    Command("vendors", N_("All vendors"), open_vendors, roles=STAFF),
)
FORMS: Final = (
    Form(
        "new_party",
        steps=(
            step_of(FACTS["name"]),
            step_of(FACTS["country"], read_by=Country(_own_country)),
            step_of(FACTS["currency"], read_by=Currency(_currency_there)),
            step_of(FACTS["address"], optional=True),
            step_of(FACTS["tax_rule_id"], key="tax"),
            Step("contact", N_("What's the contact's name?"), Text(), optional=True),
        ),
        on_finish=finish_party,
    ),
    *EDITOR.forms,
)  # fmt: skip
