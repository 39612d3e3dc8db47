"""What a letter says of the work and of the infringement: the sender's own words before those that the law prescribes."""

from complaints.letters import read

SWORN = "I swear, under penalty of perjury, that I am authorized to act on behalf of the owner of an exclusive right."
WHOLE = f"""To the designated agent

We are the owner of the copyright in the film "The Ferry at Dawn". This address offers all of it without permission:

https://host.example/v/1

{SWORN}

Signed: the rights holder
"""


def test_a_sworn_sentence_describes_no_work_where_another_does():
    reading = read(WHOLE)

    [described] = [mark.value for mark in reading.found["work_description"]]
    assert "The Ferry at Dawn" in described
    assert not any("perjury" in mark.value for mark in reading.found["infringement_statement"])
    assert "perjury" in reading.found


def test_a_sworn_sentence_is_taken_where_nothing_else_names_the_work():
    reading = read(f"Take down https://host.example/v/1, which is infringing.\n\n{SWORN}\n")

    assert ["perjury" in mark.value for mark in reading.found["work_description"]] == [True]
