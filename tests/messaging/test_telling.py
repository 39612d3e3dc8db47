"""What a text tells of its writer is pointed out, in whatever language; what is only about the matter is not."""

import pytest

from messaging.rules import Tells, hints_in

TELLING = [
    ("Write to me at anna.b@films.example, please", Tells.EMAIL, "anna.b@films.example"),
    ("anna (at) films.example", Tells.EMAIL, "anna (at) films.example"),
    ("Call +49 30 901820 after six", Tells.PHONE, "+49 30 901820"),
    ("我的电话 13800138000", Tells.PHONE, "13800138000"),
    ("call (030) 901820-11", Tells.PHONE, "(030) 901820-11"),
    ("我的电话是13812345678", Tells.PHONE, "13812345678"),
    ("电话13912345678，请打给我", Tells.PHONE, "13912345678"),
    ("手机：１３８１２３４５６７８", Tells.PHONE, "１３８１２３４５６７８"),
    ("我的号码是+8613812345678。", Tells.PHONE, "+8613812345678"),
    ("Phone:13812345678.", Tells.PHONE, "13812345678"),
    ("Call (415) 555-2671 or not", Tells.PHONE, "(415) 555-2671"),
    ("Call 415-555-2671.", Tells.PHONE, "415-555-2671"),
    ("微信 zhangwei88", Tells.ACCOUNT, "微信 zhangwei88"),
    ("加我微信zhangwei88吧", Tells.ACCOUNT, "微信zhangwei88"),
    ("QQ 123456789", Tells.ACCOUNT, "QQ 123456789"),
    ("我是王小明，是作者", Tells.NAME, "王小明"),
    ("My name is Rights Holder, I made it", Tells.NAME, "Rights Holder"),
    ("我叫张三，是作者", Tells.NAME, "张三"),
    ("Please take it down.\n\nBest regards,\nRights Holder", Tells.NAME, "Rights Holder"),
    ("Visit 12 Harbour Street any day", Tells.ADDRESS, "12 Harbour Street"),
    ("Hafenstraße 12 in Berlin", Tells.ADDRESS, "Hafenstraße 12"),
    ("北京市朝阳区建国路88号", Tells.ADDRESS, "北京市朝阳区建国路88号"),
    ("加我微信：film_maker88", Tells.ACCOUNT, "微信：film_maker88"),
    ("I am @filmmaker there", Tells.ACCOUNT, "@filmmaker"),
    ("Pay to DE89 3704 0044 0532 0130 00", Tells.NUMBER, "DE89 3704 0044 0532 0130 00"),
    ("身份证 11010519491231002X", Tells.NUMBER, "11010519491231002X"),
]
SILENT = [
    "Please remove it by 31 December 2026.",
    "The film runs 01:32:10, the clip from 12:00 to 14:30.",
    "See https://host.example/watch/4002?v=123456789012",
    "This is the whole film, and I am the owner.",
    "I offer EUR 1,500.00 for twelve months",
    "Ticket C-7K2M4Q8X9A1B3D5F is about the same",
    "我是作者本人，请删除",
    "你好，我是权利人。",
    "https://cdn.example.com/v?id=13812345678 and https://cdn.example.com/v?expires=1795755015",
    "视频在https://cdn.example.com/v?u=@user_name，请删除",
    "我是许可方，也是作者",
    "QQ音乐和微信视频号都有这部电影",
]


@pytest.mark.parametrize(("body", "kind", "part"), TELLING)
def test_what_tells_who_somebody_is_is_pointed_out(body: str, kind: Tells, part: str) -> None:
    [hint] = hints_in(body)

    assert (hint.kind, body[hint.start : hint.end]) == (kind, part)


@pytest.mark.parametrize("body", SILENT)
def test_what_is_only_about_the_matter_is_not(body: str) -> None:
    assert hints_in(body) == []


def test_several_parts_are_told_in_their_order_and_do_not_overlap() -> None:
    body = "My name is Rights Holder, a@b.example, +49 30 901820"

    assert [hint.kind for hint in hints_in(body)] == [Tells.NAME, Tells.EMAIL, Tells.PHONE]


def test_a_hostile_text_costs_little() -> None:
    import time

    began = time.process_time()
    for body in ("a." * 4_000, "1" * 8_000, "@" * 8_000, "A b " * 2_000, "+" + "1 " * 4_000, "一" * 8_000):
        hints_in(body)

    assert time.process_time() - began < 1.0
