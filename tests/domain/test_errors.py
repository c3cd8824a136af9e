"""Refusals: a code and facts, exactly those declared."""

import re

import pytest

from core.domain import errors
from core.domain.errors import NotADate, Refusal, UnknownCurrency, all_refusals


class Silent(Refusal):
    code = "silent"


def test_a_refusal_shows_its_code_and_facts():
    assert str(NotADate(reason="no such day", text="30/2")) == (
        "not_a_date: text=30/2, reason=no such day"
    )
    assert str(Silent()) == "silent"


@pytest.mark.parametrize("facts", [{}, {"currencies": "XYZ"}, {"currency": "XYZ", "amount": 1}])
def test_wrong_facts_are_a_programming_error(facts):
    with pytest.raises(TypeError, match="takes the facts"):
        UnknownCurrency(**facts)


def test_a_refusal_without_a_code_cannot_be_raised():
    with pytest.raises(TypeError, match="no code"):
        Refusal()


def test_every_refusal_is_listed_once_and_has_its_own_code():
    listed = all_refusals()
    codes = [refusal.code for refusal in listed]
    assert UnknownCurrency in listed
    assert Silent not in listed
    assert Silent in all_refusals(packages=(Silent.__module__.split(".", maxsplit=1)[0],))
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_the_docstring_lists_every_refusal_of_the_module_with_its_facts():
    drawn = dict(re.findall(r"(?:\|--|`--) ([A-Z]\w+) +(.*)", errors.__doc__))
    here = {r.__name__: r for r in all_refusals() if r.__module__ == errors.__name__}
    assert set(here) == set(drawn)
    for name, refusal in here.items():
        assert drawn[name].strip() == ", ".join(refusal.fact_names)
