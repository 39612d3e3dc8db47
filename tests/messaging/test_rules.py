"""What a message is called and how it is digested."""

from uuid import uuid4

from messaging import rules


def test_no_two_messages_that_say_something_else_have_one_digest() -> None:
    file = str(uuid4())

    said = [("Hello", []), ("Hello", [file]), (f"Hello\n{file}", []), ("Hello\n", [file]), ("", [file])]

    assert len({rules.content_digest(body, files) for body, files in said}) == len(said)
