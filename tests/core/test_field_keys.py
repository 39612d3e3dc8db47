import base64

import pytest

from core.field_keys import parse_field_keys

KEY = base64.b64encode(bytes(32)).decode()


def test_they_are_read_newest_first():
    assert [key.key_id for key in parse_field_keys(f"new:{KEY}, old:{KEY}")] == ["new", "old"]


@pytest.mark.parametrize("text", ["", " , ", "key", "key:", f":{KEY}", "key:AAAA", "key:!", f"{'k' * 33}:{KEY}"])
def test_a_wrong_one_is_said_in_a_sentence(text: str):
    with pytest.raises(ValueError, match="FIELD_KEYS"):
        parse_field_keys(text)
