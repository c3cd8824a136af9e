"""Numbers of banks and tax offices: recognised, and checked by their digits."""

import pytest

from core.domain.identifiers import (
    ElectronicAddressUnclear,
    bic_in,
    electronic_address,
    iban_in,
    is_iban,
    siren,
    vat_id,
)

IBANS = (
    "FR76 3000 6000 0112 3456 7890 189",
    "DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "NO93 8601 1117 947",
)


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_checked_by_its_digits(iban):
    assert is_iban(iban)
    assert is_iban(iban.lower())
    figures = iban.replace(" ", "")
    wrong = figures[:-1] + ("0" if figures[-1] != "0" else "1")
    assert not is_iban(wrong)
    assert not is_iban(figures[:4] + figures[5] + figures[4] + figures[6:]) or (
        figures[4] == figures[5]
    )


@pytest.mark.parametrize("text", ["", "IBAN", "FR76", "12 rue des Lilas", "FR76" + "0" * 40])
def test_other_texts_are_not_ibans(text):
    assert not is_iban(text)
    assert iban_in(text) == ""


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize(
    "details",
    [
        "{iban}",
        "IBAN {iban}\nBIC CRIMFRPPXXX",
        "Banque du Rhône, IBAN: {iban} BIC CRIMFRPP",
        "GB12 ABCD is not ours. Ours is {iban}, please",
    ],
)
def test_an_iban_is_found_in_bank_details(iban, details):
    assert iban_in(details.format(iban=iban)) == iban.replace(" ", "")


def test_a_wrong_iban_is_not_found_in_bank_details():
    assert iban_in("IBAN FR76 3000 6000 0112 3456 7890 188") == ""


def test_a_bic_is_recognised_by_the_word_before_it():
    assert bic_in("BIC: CRIMFRPPXXX") == "CRIMFRPPXXX"
    assert bic_in("swift NWBKGB2L, sort code 60-16-13") == "NWBKGB2L"
    assert bic_in("BANK OF SYDNEY") == ""


@pytest.mark.parametrize(
    ("typed", "country", "vat", "siren_number"),
    [
        ("FR 11 123456782", "FR", "FR11123456782", "123456782"),
        ("123 456 782", "FR", "", "123456782"),
        ("123 456 782 00017", "FR", "", "123456782"),
        ("FR11123456789", "FR", "FR11123456789", ""),
        ("DE 123.456.789", "DE", "DE123456789", ""),
        ("el123456789", "GR", "EL123456789", ""),
        ("GR123456789", "GR", "", ""),
        ("DE123456789", "FR", "", ""),
        ("ABN 12 004 044 937", "AU", "", ""),
        ("123456782", "DE", "", ""),
        ("", "FR", "", ""),
    ],
)
def test_a_tax_id_is_read_by_its_country(typed, country, vat, siren_number):
    assert vat_id(typed, country) == vat
    assert siren(typed, country) == siren_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0225:123456782_SHOP", "0225:123456782_SHOP"),
        ("123 456 782", "0225:123456782"),
        ("123456782_SHOP", "0225:123456782_SHOP"),
        ("bills@shop.example", "EM:bills@shop.example"),
        ("EM:bills@shop.example", "EM:bills@shop.example"),
        ("0208:0123456789", "0208:0123456789"),
    ],
)
def test_an_electronic_address_names_its_scheme(typed, kept):
    assert str(electronic_address(typed)) == kept
    assert str(electronic_address(kept)) == kept


@pytest.mark.parametrize("typed", ["123456789", "somewhere", "", "0225:", "99:1 €"])
def test_an_electronic_address_without_a_scheme_is_refused(typed):
    with pytest.raises(ElectronicAddressUnclear) as refused:
        electronic_address(typed)
    assert refused.value.facts["text"] == typed
