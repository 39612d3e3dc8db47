"""The draft that a person is offered of a letter: titles where the letter names them, else its own words."""

import pytest

from complaints.serializers.readings import works_of


@pytest.mark.parametrize(
    ("descriptions", "works"),
    [
        (['We made the film "The Ferry at Dawn".'], ["The Ferry at Dawn"]),
        (["Our songs “Low Country” and “High Water,” as published."], ["Low Country", "High Water"]),
        (["本公司享有电影《黎明渡口》的著作权。"], ["黎明渡口"]),
        (["映画『夜明けの渡し』の著作権者です。"], ["夜明けの渡し"]),
        (["Le film « Le Bac à l'aube »."], ["Le Bac à l'aube"]),
        (['"One" and "Two"', 'again "One"'], ["One", "Two"]),
        (["The documentation\nof our program."], ["The documentation of our program."]),
        ([], []),
    ],
)
def test_titles_in_quotation_marks_are_the_works(descriptions: list[str], works: list[str]):
    assert works_of(descriptions) == works


def test_no_more_and_no_longer_than_a_form_takes():
    assert len(works_of([f'"Title {number}"' for number in range(30)])) == 20
    assert [len(one) for one in works_of(["a" * 400])] == [300]
