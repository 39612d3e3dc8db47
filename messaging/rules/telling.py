"""What in a text tells the other side who its writer is: pointed out before it is sent, never changed."""

import re
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tells(TextChoices):
    """What a part of a text gives away."""

    EMAIL = "email", _("an e-mail address")
    PHONE = "phone", _("a telephone number")
    NAME = "name", _("a name")
    ADDRESS = "address", _("a postal address")
    ACCOUNT = "account", _("an account elsewhere")
    NUMBER = "number", _("a number that stands for somebody, such as of a document or a bank account")


class Hint(NamedTuple):
    """Where in the text (from, to, in characters) what is given away."""

    start: int
    end: int
    kind: Tells


_WORD = r"[^\W\d_]"
_NAME = rf"{_WORD}[\w'’.-]*(?:[ ·]{_WORD}[\w'’.-]*){{0,3}}"
# What a number may stand beside: words of a script that puts no spaces between them, but no Latin letters.
_BEFORE = r"(?<!\d:)(?<![A-Za-z0-9_./-])"
_AFTER = r"(?!\.?[A-Za-z0-9_]|[/-])"
_SURNAMES = "王李张刘陈杨黄赵吴徐孙朱胡郭罗郑梁谢邓冯韩曹彭蔡潘袁董吕魏蒋杜沈"
_WEB = re.compile(r"https?://[!-~]+", re.I)
# Full-width signs are looked at as the narrow ones, of which there is one for each: places stay where they are.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# In the order in which they are believed: a part that one has taken is no other's.
_PATTERNS: tuple[tuple[Tells, re.Pattern[str]], ...] = (
    (Tells.EMAIL, re.compile(r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.I)),
    (Tells.NUMBER, re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")),  # IBAN
    (Tells.NUMBER, re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)")),
    (Tells.ACCOUNT, re.compile(
        r"(?:微信|WeChat|QQ|WhatsApp|Telegram|Signal|Line|Skype|Instagram|Twitter|Facebook|Weibo|微博|抖音)"
        r"(?:\s?(?:号|ID|id))?\s*(?:[:是]|is)\s*@?[\w.-]{3,40}", re.I)),
    (Tells.ACCOUNT, re.compile(
        r"(?:微信|WeChat|QQ|微博|抖音)(?:\s?(?:号|ID))?\s?(?:(?=[a-z-]*[\d_])[a-z][a-z\d_-]{4,19}|\d{5,12})"
        r"(?![a-z\d_.-])", re.I | re.A)),
    (Tells.ACCOUNT, re.compile(r"(?<![\w/@.])@[A-Za-z_][\w.]{2,30}(?!\.?\w)")),
    (Tells.PHONE, re.compile(rf"{_BEFORE}(?:\+|00)\d{{1,3}}(?:[ ./()-]{{0,2}}\d){{6,12}}{_AFTER}")),
    (Tells.PHONE, re.compile(
        rf"{_BEFORE}(?:0\d{{1,4}}|\(0\d{{1,4}}\)|1[3-9]\d)(?:[ /-]{{0,2}}\d){{6,9}}{_AFTER}")),
    (Tells.PHONE, re.compile(rf"{_BEFORE}(?:\(\d{{3}}\) ?|\d{{3}}[ .-])\d{{3}}[ .-]\d{{4}}{_AFTER}")),
    (Tells.ADDRESS, re.compile(
        r"\b\d{1,5}[A-Za-z]?,? (?:[A-Z][\w'’.-]+ ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Square|Court|Place)\b\.?")),
    (Tells.ADDRESS, re.compile(r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|gasse|weg|platz|allee)\s+\d{1,4}[a-z]?\b")),
    (Tells.ADDRESS, re.compile(r"[一-龥]{2,8}(?:省|市|区|县)[一-龥]{1,12}(?:路|街|道|巷)\d{1,5}号")),
    (Tells.NAME, re.compile(rf"(?i:\b(?:my (?:full |real )?name is|I am called|ich heiße|mein Name ist|je m['’]appelle)\s+)({_NAME})")),
    (Tells.NAME, re.compile(r"(?:我叫|我的名字是|我名叫)([一-龥]{2,4})(?=[。,.!\s]|$)")),
    (Tells.NAME, re.compile(rf"我是([{_SURNAMES}][一-龥]{{1,2}})(?=[。,.!\s]|$)")),
    (Tells.NAME, re.compile(rf"(?:\b(?:Best|Kind|Warm)? ?[Rr]egards|\bSincerely(?: yours)?|\bYours (?:faithfully|truly|sincerely)|此致|敬礼),?\s*\n+\s*({_NAME})\s*$")),
)  # fmt: skip
_NO_NAMES = frozenset({"the", "a", "an", "my", "your", "our", "not", "about", "in", "on", "to", "just", "only"})


def hints_in(body: str) -> list[Hint]:
    """Return what the text gives away, in its order; parts do not overlap. It may miss something and may be wrong.

    House rule: who writes is told beforehand and decides; the text itself is never changed (mission: two sides that
    don't know each other). Addresses on the web are the matter of most messages and are not pointed out.
    """
    found: list[Hint] = []
    narrow = body.translate(_NARROW)
    addresses = [match.span() for match in _WEB.finditer(body)]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(narrow):
            start, end = match.span(match.lastindex or 0)
            if kind == Tells.NAME and not _is_a_name(body[start:end]):
                continue
            taken = (*addresses, *((other.start, other.end) for other in found))
            if all(end <= first or start >= last for first, last in taken):
                found.append(Hint(start, end, kind))
    return sorted(found)


def _is_a_name(text: str) -> bool:
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return first[:1].isalpha() and not first[:1].islower() and first.lower() not in _NO_NAMES
