"""Which regime a letter calls on and which elements that regime asks of it; articles are data in required.json."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from complaints.letters.kinds import Kind
from complaints.letters.phrases import Phrases, at_word, phrase

DEFAULT = "us"
_INVOKED = (
    ("cn", re.compile(r"民法典|著作权法|信息网络传播权|电子商务法|侵权责任法|中华人民共和国|网络安全法|著作權法")),
    ("jp", re.compile(r"プロバイダ責任制限法|情報流通プラットフォーム対処法|特定電気通信|送信防止措置|情プラ法")),
    (
        "eu",
        Phrases(
            phrase(
                "digital services act|dsa|2022/2065|gesetz über digitale|règlement sur les|ley de servicios|regolamento sui",
                r"digital services act|\bdsa\b|2022/2065|gesetz über digitale dienste|règlement sur les services numériques|ley de servicios digitales|regolamento sui servizi digitali",
                0,
            )
        ),
    ),
    ("us", re.compile(at_word(r"dmca\b", r"dcma\b") + r"|512 ?\(|17 ?u\.? ?s\.? ?c|digital millennium")),
)
_SPOKEN = {"cn": "zh", "jp": "ja"}


def invoked(lowered: str, language: str) -> str:
    """Return the regime whose law the sender's own words, in lower case, invoke; nothing where none is.

    A Chinese or Japanese letter that invokes its home law is read under it even where it names American law too;
    European law counts only where American law is not named, since many form letters name both.
    """
    named = {regime for regime, pattern in _INVOKED if pattern.search(lowered)}
    for regime, spoken in _SPOKEN.items():
        if regime in named and (language == spoken or "us" not in named):
            return regime
    return "eu" if "eu" in named and "us" not in named else DEFAULT if named else ""


def missing(regime: str, kind: Kind, found: set[str]) -> list[str]:
    """Return the elements that the regime asks of such a letter and that were not found, in the law's order.

    Where one of several would do, the first of them stands for all.
    """
    asked = _required()[regime].get(kind.value, [])
    return [element["any_of"][0] for element in asked if not found.intersection(element["any_of"])]


@cache
def _required() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("required.json").read_text(encoding="utf-8"))
    return data
