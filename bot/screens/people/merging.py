"""Merges of two parties or products: the choice of the other, the effect in numbers, the merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Arguments, Button, Card, Html, Reader, Row, Screen, back, html, lines
from bot.base.screen import opens as opens_card
from bot.base.turn import Tap, Turn
from bot.conversation.record_inputs import Party, Product
from bot.conversation.step import Answers, Form, Step
from core.domain.messages import N_
from core.domain.people import Ability
from core.services.people import merging
from core.services.people.merging import Merged, PartyMerge, ProductMerge
from core.services.rights import require_ability
from core.services.work import Work

MERGE: Final = N_("Merge into another")
DOING: Final = {"party": "merge_parties", "product": "merge_products"}
FOR_GOOD: Final = N_("This can't be undone.")


def merge_row(action: str, id: int, reader: Reader) -> Row:
    """Return the button that asks for the other one."""
    return (Button(reader.text(MERGE), action, id=id),)


def merged_lines(merged: Merged, reader: Reader) -> list[Html]:
    """Return a card's lines about merges: its earlier names, or the record that replaces it."""
    found = []
    if merged.former:
        names = reader.translator.list([name for _, name in merged.former])
        found.append(reader.html(N_("Also known as {names}"), names=names))
    if merged.into:
        found.append(reader.html(N_("Merged into {name}"), name=merged.into[1]))
    return found


def merged_rows(merged: Merged, screen: str, reader: Reader) -> list[Row]:
    """Return the buttons to those cards."""
    others = [*merged.former, *([merged.into] if merged.into else [])]
    return [
        (opens_card(reader.text(N_("View {name}"), name=name), screen, id=id),)
        for id, name in others
    ]


# --- Parties ---------------------------------------------------------------------------------


def ask_party(turn: Turn, tap: Tap) -> None:
    """Ask for the other party."""
    require_ability(turn.work.actor, Ability.EDIT_PARTIES)
    turn.ask("merge_party", source=tap.id)


def finish_party(turn: Turn, answers: Answers) -> None:
    """Show what merging the parties would do."""
    source = answers.arguments["source"]
    merging.plan_party_merge(turn.work, source, answers["into"])
    turn.show("party_merge", source, argument=str(answers["into"]))


def load_party_merge(work: Work, source_id: int, arguments: Arguments) -> PartyMerge:
    """Return the effect of merging a party into `argument`.  Raises what the plan raises."""
    return merging.plan_party_merge(work, source_id, int(arguments["argument"]))


def render_party_merge(plan: PartyMerge, reader: Reader) -> Card:
    """Render in numbers what moves and what stays."""
    counted = (
        (plan.contacts, reader.plural("{count} contact", "{count} contacts", plan.contacts)),
        (plan.addresses, reader.plural("{count} address", "{count} addresses", plan.addresses)),
        (plan.drafts, reader.plural("{count} draft", "{count} drafts", plan.drafts)),
    )
    goes = [words for number, words in counted if number]
    stays = []
    if plan.open_papers:
        stays.append(
            reader.plural("{count} open document", "{count} open documents", plan.open_papers)
        )
    stays += [
        reader.translator.money(amount, currency)
        for currency, amount in plan.balances.items()
        if amount
    ]
    return _question(plan, reader, "party", goes=goes, stays=stays)


def merge_parties(turn: Turn, tap: Tap) -> None:
    """Merge the parties, if the figures are still those shown."""
    into = int(tap.argument)
    turn.show("party_merge", tap.id, argument=tap.argument)
    turn.check(tap, merging.plan_party_merge(turn.work, tap.id, into).facts())
    plan = merging.merge_party(turn.work, tap.id, into)
    turn.toast(_done(plan, turn.reader))
    turn.show("party", into)


# --- Products --------------------------------------------------------------------------------


def ask_product(turn: Turn, tap: Tap) -> None:
    """Ask for the other product."""
    require_ability(turn.work.actor, Ability.EDIT_CATALOGUE)
    turn.ask("merge_product", source=tap.id)


def finish_product(turn: Turn, answers: Answers) -> None:
    """Show what merging the products would do."""
    source = answers.arguments["source"]
    merging.plan_product_merge(turn.work, source, answers["into"])
    turn.show("product_merge", source, argument=str(answers["into"]))


def load_product_merge(work: Work, source_id: int, arguments: Arguments) -> ProductMerge:
    """Return the effect of merging a product into `argument`.  Raises what the plan raises."""
    return merging.plan_product_merge(work, source_id, int(arguments["argument"]))


def render_product_merge(plan: ProductMerge, reader: Reader) -> Card:
    """Render in numbers what moves and what stays."""
    goes, stays = list[str](), list[str]()
    if plan.lines:
        goes = [reader.plural("{count} draft line", "{count} draft lines", plan.lines)]
    if plan.papers:
        stays = [reader.plural("{count} document", "{count} documents", plan.papers)]
    return _question(plan, reader, "product", goes=goes, stays=stays)


def merge_products(turn: Turn, tap: Tap) -> None:
    """Merge the products, if the figures are still those shown."""
    into = int(tap.argument)
    turn.show("product_merge", tap.id, argument=tap.argument)
    turn.check(tap, merging.plan_product_merge(turn.work, tap.id, into).facts())
    plan = merging.merge_product(turn.work, tap.id, into)
    turn.toast(_done(plan, turn.reader))
    turn.show("product", into)


# --- Both ------------------------------------------------------------------------------------


def _question(
    plan: PartyMerge | ProductMerge,
    reader: Reader,
    screen: str,
    *,
    goes: list[str],
    stays: list[str],
) -> Card:
    names: Mapping[str, Any] = {"name": plan.source[1], "into": plan.target[1]}
    list_of = reader.translator.list
    text = [reader.html(N_("Merge {name} into {into}?"), **names)]
    if goes:
        text.append(reader.html(N_("Will move: {things}"), things=list_of(goes)))
    if stays:
        text.append(
            reader.html(N_("Will stay under the old name: {things}"), things=list_of(stays))
        )
    text.append(
        reader.html(N_("{name} will be archived. Its old name will lead to {into}."), **names)
    )
    text.append(html(reader.text(FOR_GOOD)))
    button = Button(
        reader.text(N_("Merge into {into}"), into=plan.target[1]), DOING[screen],
        id=plan.source[0],
        argument=str(plan.target[0]), digest=digest_of(plan.facts()), style="danger",
    )  # fmt: skip
    return Card(lines(*text), ((button,), (back(reader, screen, id=plan.source[0]),)))


def _done(plan: PartyMerge | ProductMerge, reader: Reader) -> str:
    return reader.text(
        N_("{name} is now part of {into}"), name=plan.source[1], into=plan.target[1]
    )


SCREENS: Final = (
    Screen("party_merge", load_party_merge, render_party_merge, subject="party"),
    Screen("product_merge", load_product_merge, render_product_merge, subject="product"),
)
ACTIONS: Final = {
    "ask_party_merge": ask_party,
    "merge_parties": merge_parties,
    "ask_product_merge": ask_product,
    "merge_products": merge_products,
}
FORMS: Final = (
    Form(
        "merge_party",
        steps=(
            Step(
                "into", N_("Merge into which customer or vendor? Type part of the name."), Party()
            ),
        ),
        on_finish=finish_party,
    ),
    Form(
        "merge_product",
        steps=(Step("into", N_("Merge into which product? Type part of the name."), Product()),),
        on_finish=finish_product,
    ),
)
