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

from bot.base.limit_words import beyond_words
from bot.base.screen import Button, Reader, Row
from core.domain.errors import Refusal
from core.domain.messages import N_
from core.domain.people import Ability

MONEY_FACTS: Final = frozenset({"amount", "discount", "due", "left", "most", "price", "total"})
"""The facts that are money where the refusal names a `currency`."""

INCIDENT: Final = N_(
    "Something went wrong and nothing was changed. To get help, quote {incident}."
)
DIGEST_LENGTH: Final = 12
"""Letters of the digest of an approval's figures that a button carries."""
CHANGED: Final = N_("This has changed in the meantime. Here is how it is now.")
OLD_BUTTON: Final = N_("This button is out of date. Continue here.")


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
    "claimed": N_("{number} reserved"),
    "quarantine": N_("{number} in quarantine"),
    "waiting": N_("{number} waiting"),
    "incoming": N_("{number} expected"),
    "counts": N_("{number} in open counts"),
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
    room = N_("use at most {digits}") if digits else N_("use whole numbers only")
    return {"room": reader.text(room, digits=digits)}


def _ask_for_approval(facts: Mapping[str, Any], reader: Reader) -> tuple[Row, ...]:
    """The one tap that asks an owner, with the figures that were refused."""
    button = Button(
        reader.text(N_("Request approval")),
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
    "not_allowed": Sentence(N_("You don't have permission to do this. Ask the owner.")),
    "not_found": Sentence(N_("This doesn't exist, or you don't have access to it.")),
    "changed": Sentence(CHANGED),
    "action_refused": Sentence(N_("This is no longer possible: the status has changed.")),
    # Texts.
    "text_missing": Sentence(N_("Please type some text.")),
    "text_too_long": Sentence(N_("That's {length} characters long. The maximum "
"is {most}.")),
    "name_taken": Sentence(N_("The name {name} is already taken.")),
    "sku_taken": Sentence(N_("Another product already has the SKU {sku}.")),
    # Templates.
    "not_a_colour": Sentence(N_("“{text}” isn't a colour code. Write it like #a5112f.")),
    "colour_too_pale": Sentence(
        N_(
            "{colour} is too pale to read on white (contrast {contrast}, minimum"
" {least}). Choose a darker colour."
        )
    ),
    "unknown_placeholder": Sentence(
        N_(
            "{text} isn't a known field. Fields you can use: {known}. To print a"
" brace, type it twice."
        )
    ),
    "wrong_template": Sentence(N_("{name} is archived or isn't meant for these "
"documents.")),
    "template_is_default": Sentence(
        N_("{name} is a default template. Choose another default first.")
    ),
    # Numbers and dates that were read.
    "not_a_number": Sentence(N_("“{text}” isn't a number.")),
    "ambiguous_number": Sentence(N_("“{text}” could mean {readings}. Please "
"write it more clearly.")),
    "not_a_date": Sentence(N_("“{text}” isn't a date. {reason}")),
    "number_too_fine": Sentence(N_("{value} has too many decimals: {room}."), words=_room_words),
    "number_too_large": Sentence(N_("{value} is too large. The maximum is {most}.")),
    # Money.
    "unknown_currency": Sentence(N_("{currency} isn't a currency code. Use one "
"like EUR or AUD.")),
    "amount_too_fine": Sentence(N_("{amount} has too many decimals for {currency}.")),
    "amount_too_large": Sentence(N_("That's too much. The maximum is {most}.")),
    "price_negative": Sentence(N_("A price can't be negative. To lower a total, "
"use a discount.")),
    "rate_not_positive": Sentence(N_("The exchange rate must be greater than zero.")),
    "rate_missing": Sentence(
        N_("There's no exchange rate for {currency} on {day} yet."),
        _cure(N_("Set exchange rate"), "set_rate", Ability.SET_UP_COMPANY, argument="{currency}"),
    ),
    # Quantities.
    "quantity_not_positive": Sentence(N_("The quantity must be greater than zero.")),
    "quantity_negative": Sentence(N_("The quantity can't be negative.")),
    "quantity_too_fine": Sentence(
        N_("{quantity} has too many decimals: {room}."), words=_room_words
    ),
    "quantity_too_large": Sentence(N_("{quantity} is too large. The maximum is {most}.")),
    "not_enough": Sentence(
        N_("{name}: {free} available, {wanted} needed."),
        _cure(N_("Why"), "why", Ability.SEE_STOCK, id="product_id"),
    ),
    "goods_gone": Sentence(
        N_("{name}: {gone} of {wanted} have already left stock, so this can't be"
" reversed."),
        _cure(N_("Why"), "why", Ability.SEE_STOCK, id="product_id"),
    ),
    "not_claimed": Sentence(N_("{name}: only {claimed} reserved here, {wanted} needed.")),
    "not_waiting": Sentence(N_("{name}: only {waiting} waiting here, {wanted} needed.")),
    "more_than_offered": Sentence(N_("{name}: you entered {wanted}, the maximum "
"is {offered}.")),
    # Discount and tax.
    "discount_out_of_range": Sentence(N_("A discount must be between 0 and 100 percent.")),
    "discount_negative": Sentence(N_("A discount can't be negative.")),
    "discount_too_large": Sentence(N_("The discount is more than the line total."
" The maximum is {most}.")),
    "unknown_tax_category": Sentence(N_("{category} isn't a tax category.")),
    "tax_percent_wrong": Sentence(N_("A rate of {percent} isn't allowed in tax "
"category {category}.")),
    # The company and its parties.
    "company_missing": Sentence(
        N_("The company hasn't been set up yet."),
        _cure(N_("Set up the company"), "set_up", Ability.SET_UP_COMPANY),
    ),
    "company_fixed": Sentence(N_("This can't be changed: documents have already "
"been posted with it.")),
    "unknown_zone": Sentence(N_("{zone} isn't a time zone. Use a name like "
"Europe/Paris.")),
    "party_unsuitable": Sentence(N_("{name} can't be used here.")),
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
    "link_invalid": Sentence(N_("This link has expired or was already used. Ask "
"for a new one.")),
    "last_owner": Sentence(N_("The company needs an owner. Make someone else an "
"owner first.")),
    # Limits and approvals.
    "approval_needed": Sentence(
        N_("Over the limit of {limit}: {wish}. An owner can approve it."),
        _ask_for_approval,
        beyond_words,
    ),
    "approval_decided": Sentence(N_("This has already been decided. Here is how "
"it is now.")),
    "approval_needless": Sentence(N_("No approval is needed for this.")),
    "own_approval": Sentence(N_("You can't approve your own request.")),
    "limit_out_of_range": Sentence(N_("A limit can't be negative, and a "
"percentage can't be more than 100.")),
    # Documents.
    "not_a_draft": Sentence(N_("{number} is no longer a draft.")),
    "product_archived": Sentence(N_("{name} is archived and no longer for sale.")),
    "already_merged": Sentence(N_("{name} was merged into another record. Use "
"that one instead.")),
    "merged_into_itself": Sentence(N_("{name} can't be merged into itself. "
"Choose another one.")),
    "merged_into_archived": Sentence(N_("{name} is archived. Restore it first.")),
    "sides_differ": Sentence(
        N_("{name} and {into} can't be merged: one is a {side} and the other isn't."),
        words=_side_words,
    ),
    "foreign_number_twice": Sentence(
        N_("{into} already has a document numbered {number}. Discard the draft "
"with that number first.")
    ),
    "units_differ": Sentence(
        N_("{name} and {into} can't be merged: they aren't counted in the same unit.")
    ),
    "product_in_use": Sentence(
        N_("{name} is in use: {numbers}. Bring its stock to 0 and finish its "
"documents first."),
        words=_use_words,
    ),
    "needs_source": Sentence(N_("This document can only be created from another one.")),
    "too_many_lines": Sentence(N_("A document can have at most {most} lines.")),
    "not_in_force": Sentence(N_("{number} isn't active.")),
    "nothing_in_it": Sentence(N_("There's nothing in it yet.")),
    "end_passed": Sentence(N_("{until} is in the past. Choose a later time.")),
    "hold_over": Sentence(N_("{number} has ended and its items are available again.")),
    "date_missing": Sentence(N_("A date is missing.")),
    "price_missing": Sentence(
        N_("{name} has no price yet. Type one."),
        _cure(
            N_("Set price"), "change_product", Ability.EDIT_CATALOGUE,
            id="product_id", argument="list_price",
        ),
    ),
    "has_children": Sentence(N_("{number} already has documents made from it: "
"{children}.")),
    "not_reversible": Sentence(N_("This document can't be reversed. Correct it "
"with another document.")),
    "amount_not_positive": Sentence(N_("The amount must be greater than zero.")),
    "more_than_open": Sentence(N_("Only {left} of credit remains, so {amount} "
"can't be refunded.")),
    "more_than_left": Sentence(N_("{name}: you entered {amount}, but at most "
"{left} can be credited.")),
    "price_not_lower": Sentence(N_("A credit must lower the price, which was {before}.")),
    "allocation_refused": Sentence(N_("{debit} and {credit} can't be applied to "
"each other.")),
    "numbers_in_question": Sentence(
        N_(
            "{series} can't be numbered yet: a backup was restored, and an owner"
" must first confirm the last number. Nothing was changed."
        ),
        _cure(N_("Check numbers"), "numbers", Ability.SET_UP_COMPANY),
    ),
    "last_number_too_low": Sentence(N_("{number} already exists, so the last "
"number can't be lower.")),
    "last_number_too_high": Sentence(
        N_("There can't have been that many since the backup. The maximum is {number}.")
    ),
    "no_number_of_series": Sentence(N_("“{text}” isn't a number of this series. "
"Write one like {example}.")),
    # Paying in the chat.
    "nothing_to_pay": Sentence(N_("There's nothing to pay here. Ask us for the "
"invoice.")),
    "nothing_due": Sentence(N_("{number} is already settled. Nothing is due.")),
    "due_changed": Sentence(
        N_("{number}: {due} is due now, not {amount}. Open it again to pay.")
    ),
    "being_paid": Sentence(
        N_("A payment for {number} is in progress. If it doesn't go through, try"
" again in {minutes} minutes.")
    ),
    "nothing_remains": Sentence(N_("{name}: nothing remaining.")),
    "below_drawn": Sentence(
        N_(
            "{name}: the minimum is {least} ({done} delivered, {billed} "
"invoiced). You entered {wanted}."
        )
    ),
    "price_billed": Sentence(N_("{name}: {billed} already invoiced, so the price"
" can't change.")),
    "discount_billed": Sentence(
        N_("Part of {number} is already invoiced, so its overall discount can't "
"change.")
    ),
    "nothing_changed": Sentence(N_("Nothing on {number} would change.")),
    "nothing_to_convert": Sentence(N_("{number} has nothing left for this step.")),
    "email_unclear": Sentence(N_("“{text}” isn't an email address.")),
    "electronic_address_unclear": Sentence(
        N_(
            "“{text}” isn't an e-invoice address. Include its scheme, for "
"example 0225:787878784."
        )
    ),
    # Files.
    "file_empty": Sentence(N_("This file is empty or has nothing below its headings.")),
    "file_no_table": Sentence(
        N_("This file can't be read as a table. Save it as CSV or XLSX and send "
"it as a file.")
    ),
    "file_old_or_locked": Sentence(
        N_("This is an old Excel file or has a password. Save it as XLSX without"
" a password.")
    ),
    "file_too_large": Sentence(N_("This file is too large. The maximum is {most}"
" MB. Split it.")),
    "file_unpacks_too_large": Sentence(
        N_("Unpacked, this file is too large. The maximum is {most} MB. Nothing "
"was read.")
    ),
    "file_too_long": Sentence(
        N_("This table is too large. The maximum is {rows} rows and {columns} "
"columns. Split it.")
    ),
    "file_damaged": Sentence(
        N_("This file is damaged and can't be read in full. Save it again and "
"resend it.")
    ),
    "file_not_trusted": Sentence(
        N_("This file could be harmful, so it wasn't read.")
    ),
    "no_picture": Sentence(
        N_("This image can't be printed. Send a photo, or a PNG or JPEG as a file.")
    ),
    "picture_too_large": Sentence(
        N_("This image is too large. The maximum is {most} MB. Send a smaller one.")
    ),
    "picture_too_many_pixels": Sentence(
        N_("This image is too large. The maximum is {most} million pixels. Send "
"a smaller one.")
    ),
    "import_impossible": Sentence(N_("This file can't be imported as it is.")),
    "import_built_on": Sentence(
        N_("This can no longer be undone: there are newer changes to {names}.")
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
