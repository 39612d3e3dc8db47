"""What a message is called and how it is digested."""

from uuid import uuid4

from messaging import rules


def test_no_two_messages_that_say_something_else_have_one_digest() -> None:
    file = str(uuid4())

    said = [("Hello", []), ("Hello", [file]), (f"Hello\n{file}", []), ("Hello\n", [file]), ("", [file])]

    assert len({rules.content_digest(body, files) for body, files in said}) == len(said)


def test_a_quotation_is_part_of_what_a_message_says() -> None:
    one, other = str(uuid4()), str(uuid4())

    said = [
        ("Hello", [], ""), ("Hello", [], one), ("Hello", [], other), ("Hello", [one], ""), ("Hello", [one], other),
        (f"Hello\nquotes {one}", [], ""),
    ]  # fmt: skip

    assert len({rules.content_digest(body, files, quotes) for body, files, quotes in said}) == len(said)
