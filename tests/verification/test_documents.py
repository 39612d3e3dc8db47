"""Which numbers can be those of a document."""

import pytest

from core.errors import Invalid
from verification import documents

CARD = "resident_identity_card"
CODE = "unified_social_credit_code"


@pytest.mark.parametrize(
    ("kind", "document", "country", "number", "kept"),
    [
        ("natural_person", CARD, "CN", "11010519491231002X", "11010519491231002X"),
        ("natural_person", CARD, "CN", " 110105 19491231 002x ", "11010519491231002X"),
        ("natural_person", CARD, "CN", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("organisation", CODE, "CN", "91110000600037341L", "91110000600037341L"),
        ("natural_person", "passport", "DE", "c01x00t47", "C01X00T47"),
        ("natural_person", "national_identity_card", "FR", "880692310285", "880692310285"),
        ("organisation", "company_register", "DE", "HRB 12345", "HRB12345"),
    ],
)
def test_a_number_is_kept_in_its_one_spelling(kind: str, document: str, country: str, number: str, kept: str):
    assert documents.number_of(kind, document, country, number) == kept


@pytest.mark.parametrize(
    ("kind", "document", "country", "number", "pointer"),
    [
        ("natural_person", CARD, "CN", "110105194912310021", "/document/number"),
        ("natural_person", CARD, "CN", "11010519490231002X", "/document/number"),
        ("natural_person", CARD, "CN", "11010519491231002", "/document/number"),
        ("natural_person", CARD, "DE", "11010519491231002X", "/document/country"),
        ("organisation", CARD, "CN", "11010519491231002X", "/document/type"),
        ("natural_person", CODE, "CN", "91110000600037341L", "/document/type"),
        ("organisation", CODE, "CN", "91110000600037341M", "/document/number"),
        ("natural_person", "passport", "DE", "C01", "/document/number"),
        ("natural_person", "passport", "DE", "C01<script>", "/document/number"),
    ],
)
def test_a_number_that_cannot_be_is_pointed_at(kind: str, document: str, country: str, number: str, pointer: str):
    with pytest.raises(Invalid) as refused:
        documents.number_of(kind, document, country, number)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_a_telephone_number_is_kept_in_its_international_form():
    assert documents.phone_of("010 1234 5678", "CN") == "+861012345678"
    assert documents.phone_of("+1 (202) 555-0143", "CN") == "+12025550143"


@pytest.mark.parametrize("text", ["", "none", "12", "+999 1234567890123456"])
def test_what_nobody_can_dial_is_pointed_at(text: str):
    with pytest.raises(Invalid) as refused:
        documents.phone_of(text, "CN")

    assert refused.value.problems[0].pointer == "/phone"


def test_names_are_the_same_whatever_their_case_spacing_and_width():
    assert documents.folded("  Ｌi   Straße ") == documents.folded("li strasse")
