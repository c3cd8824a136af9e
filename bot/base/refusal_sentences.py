"""Refusals in the reader's words: one sentence for each code, with what can be done next.

A new refusal of the core needs a row in SENTENCES; a test compares the two.  A sentence takes the
facts that help, as placeholders: amounts of money are shown in the refusal's `currency`,
percentages with their sign, moments in the company's zone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.base.screen import Button, Reader, Row
from bot.screens.money.limit_words import beyond_words
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import Ability

MONEY_FACTS: Final = frozenset({"amount", "discount", "due", "left", "most", "price", "total"})
"""The facts that are money where the refusal names a `currency`."""

INCIDENT: Final = N_(
    "Something went wrong, and nothing was changed. Ask for help with {incident}."
)
DIGEST_LENGTH: Final = 12
"""Letters of the digest of an approval's figures that a button carries."""
CHANGED: Final = N_("This has changed meanwhile. Here is how it is now.")
OLD_BUTTON: Final = N_("This button is from an earlier version. Here is where you can go on.")


Cure = Callable[[Mapping[str, Any], Reader], tuple[Row, ...]]
"""The rows of buttons that lead out of a refusal, of its facts and for this reader."""


Words = Callable[[Mapping[str, Any], Reader], Mapping[str, object]]
"""What a sentence takes instead of the bare facts."""


@dataclass(frozen=True)
class Sentence:
    """A sentence and, where there is a next step, its buttons.

    `words` makes further placeholders of the facts, where a fact alone says too little.
    """

    message: str
    buttons: Cure | None = None
    words: Words | None = None


def _cure(label: str, action: str, ability: Ability, *, id: str = "", argument: str = "") -> Cure:
    """A button for those who may cure it; `id` names the fact that it is about.

    `argument` in braces is a fact too: "{currency}".
    """

    def buttons(facts: Mapping[str, Any], reader: Reader) -> tuple[Row, ...]:
        if not reader.actor.can(ability) or (id and not facts[id]):
            return ()
        known = argument.format_map(facts)
        of = int(facts[id]) if id else 0
        return ((Button(reader.text(label), action, id=of, argument=known, style="primary"),),)

    return buttons


USES: Final[Mapping[str, str]] = {
    "on_hand": N_("{number} on hand"),
    "claimed": N_("{number} held"),
    "quarantine": N_("{number} set aside"),
    "waiting": N_("{number} wait"),
    "incoming": N_("{number} expected"),
    "counts": N_("{number} in counts"),
}
"""What of a product is in use, in the words of its card."""
SIDES: Final[Mapping[str, str]] = {"customer": N_("customer"), "vendor": N_("vendor")}


def _use_words(facts: Mapping[str, Any], reader: Reader) -> Mapping[str, object]:
    numbers = [
        reader.text(words, number=reader.translator.number(Decimal(facts[name])))
        for name, words in USES.items()
        if Decimal(facts[name])
    ]
    return {"numbers": reader.translator.list(numbers)}


def _side_words(facts: Mapping[str, Any], reader: Reader) -> Mapping[str, object]:
    return {"side": reader.text(SIDES[str(facts["side"])])}


def _room_words(facts: Mapping[str, Any], reader: Reader) -> Mapping[str, object]:
    """How fine a number may be: "at most 0 decimals" is no way to ask for whole ones."""
    digits = int(facts["digits"])
    room = N_("at most {digits}") if digits else N_("only whole numbers are taken here")
    return {"room": reader.text(room, digits=digits)}


def _ask_for_approval(facts: Mapping[str, Any], reader: Reader) -> tuple[Row, ...]:
    """The one tap that asks an owner, with the figures that were refused."""
    button = Button(
        reader.text(N_("Ask for approval")),
        "ask_approval",
        id=int(facts["document_id"]),
        revision=int(facts["revision"]),
        argument=str(facts["action"]),
        digest=str(facts["digest"])[:DIGEST_LENGTH],
        style="primary",
    )
    return ((button,),)


SENTENCES: Final[dict[str, Sentence]] = {
    # What a person may do, and what there is.
    "not_allowed": Sentence(N_("You may not do this. The owner decides who may.")),
    "not_found": Sentence(N_("There is no such thing, or it is not open to you.")),
    "changed": Sentence(CHANGED),
    "action_refused": Sentence(N_("That cannot be done any more: it is not in that state.")),
    # Texts.
    "text_missing": Sentence(N_("A text is needed here.")),
    "text_too_long": Sentence(N_("That is {length} letters long: at most {most}.")),
    "name_taken": Sentence(N_("There is another one called {name}.")),
    "sku_taken": Sentence(N_("Another product has the code {sku}.")),
    # Templates.
    "not_a_colour": Sentence(N_("“{text}” is no colour. Write it like #a5112f.")),
    "colour_too_pale": Sentence(
        N_(
            "{colour} is too pale to be read on white: its contrast is {contrast}, and {least} is "
            "needed. Take a darker one."
        )
    ),
    "unknown_placeholder": Sentence(
        N_(
            "{text} stands for nothing. What can stand in braces: {known}. A brace that is meant "
            "as one is typed twice."
        )
    ),
    "wrong_template": Sentence(N_("{name} is archived or not meant for these papers.")),
    "template_is_default": Sentence(
        N_("Papers follow {name} where nothing else is said. Choose another one for them first.")
    ),
    # Numbers and dates that were read.
    "not_a_number": Sentence(N_("“{text}” is no number.")),
    "ambiguous_number": Sentence(N_("“{text}” can be {readings}. Please write it plainly.")),
    "not_a_date": Sentence(N_("“{text}” is no day. {reason}")),
    "number_too_fine": Sentence(N_("{value} has too many decimals: {room}."), words=_room_words),
    "number_too_large": Sentence(N_("{value} is too large: at most {most}.")),
    # Money.
    "unknown_currency": Sentence(N_("{currency} is no currency. Use a code like EUR or AUD.")),
    "amount_too_fine": Sentence(N_("{amount} has too many decimals for {currency}.")),
    "amount_too_large": Sentence(N_("That is more than {most}, the most that can be kept.")),
    "price_negative": Sentence(N_("A price is zero or more; what lowers a total is a discount.")),
    "rate_not_positive": Sentence(N_("An exchange rate is more than zero.")),
    "rate_missing": Sentence(
        N_("There is no exchange rate for {currency} on {day} yet."),
        _cure(N_("Set the rate"), "set_rate", Ability.SET_UP_COMPANY, argument="{currency}"),
    ),
    # Quantities.
    "quantity_not_positive": Sentence(N_("The quantity must be more than zero.")),
    "quantity_negative": Sentence(N_("The quantity must be zero or more.")),
    "quantity_too_fine": Sentence(
        N_("{quantity} has too many decimals: {room}."), words=_room_words
    ),
    "quantity_too_large": Sentence(N_("{quantity} is too large: at most {most}.")),
    "not_enough": Sentence(
        N_("{name}: {free} free, {wanted} wanted."),
        _cure(N_("Why"), "why", Ability.SEE_STOCK, id="product_id"),
    ),
    "goods_gone": Sentence(
        N_("{name}: {gone} of {wanted} are gone, so this cannot be reversed."),
        _cure(N_("Why"), "why", Ability.SEE_STOCK, id="product_id"),
    ),
    "not_claimed": Sentence(N_("{name}: {claimed} held here, {wanted} wanted.")),
    "not_waiting": Sentence(N_("{name}: {waiting} wait here, {wanted} wanted.")),
    "more_than_offered": Sentence(N_("{name}: {wanted} wanted, {offered} can be taken.")),
    # Discount and tax.
    "discount_out_of_range": Sentence(N_("A discount is between 0 and 100 percent.")),
    "discount_negative": Sentence(N_("A discount is zero or more.")),
    "discount_too_large": Sentence(N_("The discount is more than the lines: at most {most}.")),
    "unknown_tax_category": Sentence(N_("{category} is no tax category.")),
    "tax_percent_wrong": Sentence(N_("{percent} does not go with the tax category {category}.")),
    # The company and its parties.
    "company_missing": Sentence(
        N_("The company has not been set up yet."),
        _cure(N_("Set up the company"), "set_up", Ability.SET_UP_COMPANY),
    ),
    "company_fixed": Sentence(N_("This stays as it is: papers have been posted with it.")),
    "unknown_zone": Sentence(N_("{zone} is no time zone. Use a name like Europe/Paris.")),
    "party_unsuitable": Sentence(N_("{name} cannot be chosen for this.")),
    "party_without_currency": Sentence(
        N_("{name} has no currency yet."),
        _cure(
            N_("Set currency"), "change_party", Ability.EDIT_PARTIES,
            id="party_id", argument="currency",
        ),
    ),
    "party_without_address": Sentence(
        N_("{name} has no address yet."),
        _cure(
            N_("Add address"), "change_party", Ability.EDIT_PARTIES,
            id="party_id", argument="address",
        ),
    ),
    # People.
    "link_invalid": Sentence(N_("This link was used or has ended. Ask for a new one.")),
    "last_owner": Sentence(N_("The company needs an owner: make somebody else one first.")),
    # Limits and approvals.
    "approval_needed": Sentence(
        N_("Beyond the limit of {limit}: {wish}. An owner can approve it."),
        _ask_for_approval,
        beyond_words,
    ),
    "approval_decided": Sentence(N_("This was decided already. Here is how it is now.")),
    "approval_needless": Sentence(N_("This needs no approval.")),
    "own_approval": Sentence(N_("Nobody approves what he has asked for himself.")),
    "limit_out_of_range": Sentence(N_("A limit is zero or more, and a percentage at most 100.")),
    # Documents.
    "not_a_draft": Sentence(N_("{number} is no draft any more.")),
    "product_archived": Sentence(N_("{name} is archived and not offered any more.")),
    "already_merged": Sentence(N_("{name} was merged into another one, which stands for it.")),
    "merged_into_itself": Sentence(N_("{name} cannot be merged into itself. Take another one.")),
    "merged_into_archived": Sentence(N_("{name} is archived. Take it up again first.")),
    "sides_differ": Sentence(
        N_("{name} and {into} do not fit: one is a {side} and the other is not."),
        words=_side_words,
    ),
    "foreign_number_twice": Sentence(
        N_("{into} has a paper {number} already. Discard the draft with that number first.")
    ),
    "units_differ": Sentence(
        N_("{name} and {into} are not counted alike. Only what is counted alike is merged.")
    ),
    "product_in_use": Sentence(
        N_("{name} is in use: {numbers}. Count or adjust it to 0 and end its papers first."),
        words=_use_words,
    ),
    "needs_source": Sentence(N_("This paper is made from another one.")),
    "too_many_lines": Sentence(N_("A paper has at most {most} lines.")),
    "not_in_force": Sentence(N_("{number} is not in force.")),
    "nothing_in_it": Sentence(N_("There is nothing in it yet.")),
    "end_passed": Sentence(N_("{until} has passed: nothing can be held until then.")),
    "hold_over": Sentence(N_("{number} has ended: its goods are free.")),
    "date_missing": Sentence(N_("A date is missing.")),
    "price_missing": Sentence(
        N_("{name} has no price yet. Type one."),
        _cure(
            N_("Set price"), "change_product", Ability.EDIT_CATALOGUE,
            id="product_id", argument="list_price",
        ),
    ),
    "has_children": Sentence(N_("{number} has papers that were made from it: {children}.")),
    "not_reversible": Sentence(N_("This paper is corrected by another one, not reversed.")),
    "amount_not_positive": Sentence(N_("An amount is more than zero.")),
    "more_than_open": Sentence(N_("{left} of credit is left, {amount} cannot be paid back.")),
    "more_than_left": Sentence(N_("{name}: {left} is left to take off, {amount} is wanted.")),
    "price_not_lower": Sentence(N_("A credit makes a price lower; it was {before}.")),
    "allocation_refused": Sentence(N_("{debit} and {credit} do not settle each other.")),
    "numbers_in_question": Sentence(
        N_(
            "No new number of {series} yet: an older copy was put back, and the owner has to say "
            "first what the last number was. Nothing was changed."
        ),
        _cure(N_("Check the numbers"), "numbers", Ability.SET_UP_COMPANY),
    ),
    "last_number_too_low": Sentence(N_("{number} is in the books: the last one is that or more.")),
    "last_number_too_high": Sentence(
        N_("So many cannot have been given out since the copy: at most {number}.")
    ),
    "no_number_of_series": Sentence(N_("“{text}” is no number of it. Write one like {example}.")),
    # Paying in the chat.
    "nothing_to_pay": Sentence(N_("Nothing is open to be paid here. Ask us for the invoice.")),
    "nothing_due": Sentence(N_("{number} is settled already: nothing of it is due any more.")),
    "due_changed": Sentence(
        N_("{number}: {due} is due now, not {amount}. Open it again to pay that.")
    ),
    "being_paid": Sentence(
        N_("{number} is being paid right now. If nothing comes of it, try in {minutes} minutes.")
    ),
    "nothing_remains": Sentence(N_("Nothing of {name} is open.")),
    "below_drawn": Sentence(
        N_(
            "{name}: {least} at least, for {done} are delivered and {billed} invoiced; "
            "{wanted} wanted."
        )
    ),
    "price_billed": Sentence(N_("{name}: {billed} are invoiced already, so its price stays.")),
    "discount_billed": Sentence(
        N_("A part of {number} is invoiced already, so its discount on everything stays.")
    ),
    "nothing_changed": Sentence(N_("This changes nothing of {number}.")),
    "nothing_to_convert": Sentence(N_("Nothing of {number} is left for this.")),
    "email_unclear": Sentence(N_("“{text}” is no e-mail address.")),
    "electronic_address_unclear": Sentence(
        N_(
            "“{text}” is no address for e-invoices. Write it with its scheme, like "
            "0225:787878784."
        )
    ),
    # Files.
    "file_empty": Sentence(N_("There is nothing in this file, or nothing below its headings.")),
    "file_no_table": Sentence(
        N_("This is no table that can be read. Save it as CSV or XLSX and send it as a file.")
    ),
    "file_old_or_locked": Sentence(
        N_("This file is of an old Excel, or has a password. Save it as XLSX without one.")
    ),
    "file_too_large": Sentence(N_("This file is too large: at most {most} megabytes. Split it.")),
    "file_unpacks_too_large": Sentence(
        N_("Unpacked, this file is far too large: at most {most} megabytes. Nothing was read.")
    ),
    "file_too_long": Sentence(
        N_("This table is too large: at most {rows} rows and {columns} columns. Split it.")
    ),
    "file_damaged": Sentence(
        N_("This file is damaged and cannot be read to its end. Save it again and send that.")
    ),
    "file_not_trusted": Sentence(
        N_("This file is built so that reading it could do harm. It was not read.")
    ),
    "no_picture": Sentence(
        N_("This is no picture that can be printed. Send a photo, or a PNG or JPEG as a file.")
    ),
    "picture_too_large": Sentence(
        N_("This picture is too large: at most {most} megabytes. Send a smaller one.")
    ),
    "picture_too_many_pixels": Sentence(
        N_("This picture is too large: at most {most} million pixels. Send a smaller one.")
    ),
    "import_impossible": Sentence(N_("This file cannot be imported as it is.")),
    "import_built_on": Sentence(
        N_("This cannot be undone any more: there is newer work with {names}.")
    ),
}  # fmt: skip


def sentence_of(refusal: Refusal, reader: Reader) -> str:
    """The sentence of a refusal in the reader's language.  Raises KeyError without a row."""
    facts, sentence = shown_facts(refusal.facts, reader), SENTENCES[refusal.code]
    if sentence.words is not None:
        facts |= sentence.words(refusal.facts, reader)
    return reader.text(sentence.message, **facts)


def buttons_of(refusal: Refusal, reader: Reader) -> tuple[Row, ...]:
    """What can be done after a refusal, as rows of buttons; often there is nothing."""
    buttons = SENTENCES[refusal.code].buttons
    return () if buttons is None else buttons(refusal.facts, reader)


def shown_facts(facts: Mapping[str, Any], reader: Reader) -> dict[str, object]:
    """Facts as a sentence takes them: texts, numbers and days."""
    return {name: _shown(name, facts, reader) for name in facts}


def _shown(name: str, facts: Mapping[str, Any], reader: Reader) -> object:
    fact, currency, translator = facts[name], facts.get("currency"), reader.translator
    match fact:
        case Decimal() if name == "percent":
            return translator.percent(fact)
        case Decimal() if name in MONEY_FACTS and isinstance(currency, str):
            return translator.money(fact, currency)
        case datetime():
            return translator.moment(fact, reader.zone)
        case tuple() | list():
            each_shown = [_shown(name, {**facts, name: each}, reader) for each in fact]
            return translator.list([_written(each, reader) for each in each_shown])
        case None:
            return "–"
        case bool():
            return str(fact)
    return fact


def _written(fact: object, reader: Reader) -> str:
    return reader.translator.number(fact) if isinstance(fact, int | Decimal) else str(fact)


def new_incident() -> str:
    """A short id under which something is found in the log: it can be read out."""
    return secrets.token_hex(4)
