"""Where a letter describes the work, says what infringes it and proves whose it is; it weighs none of that."""

import re

from complaints.letters.marks import Condensed, Found, Mark
from complaints.letters.parties import answer
from complaints.letters.phrases import at_word
from complaints.letters.questions import Role
from complaints.letters.sections import Section

_WORKS = (
    r"\b[^.\n]{0,60}\b(?:works?|code|software|source|materials?|content|text|images?|books?|fonts?|"
    r"files?|products?|titles?|songs?|films?|movies?|music|projects?|repositor\w+|games?|apps?|application|database|documents?|website|plugin|module|theme|assets?|course|data|script|program)\b"
)
_WORK = re.compile("|".join((
    at_word("copyright(?:ed|s)?", "original", "proprietary", "intellectual property", "licensed", "owned by", "we own", "i own", "belongs to", "our", "my", then=_WORKS),
    at_word("owner", "author", "developer", "creator", "publisher", "holder", then=r" (?:of|for)\b"),
    at_word(r"original works?\b", r"titles?[ \t]*[:：]"),
    "|".join(rf"{who}[^。\n]{{0,30}}(?:代码|作品|软件|项目|产品|源码|影视|文章|图片|视频)" for who in ("我们?", "我司", "本公司", "公司")),
    r"作品(?:名称)?[:：]|著作物|著作権を有する|映像|動画|写真|楽曲|作品|titulaire des droits|notre |titular de los derechos|obra|œuvre|werk|произведени\w+|программ\w+|правообладател\w+|titolar\w+ de\w*|diritti d.autore|direitos autorais|urheber|저작물|저작권자|著作權人|智慧財產",
)))  # fmt: skip
_INFRINGES = re.compile("|".join((
    at_word(
        r"infring(?!ing web pages)\w*", r"un-?authori[sz]ed\w*", r"without (?:our |my |any |the |prior |express |a |proper )*(?:permission|consent|authori[sz]ation|licen[sc]e|approval|knowledge)", r"stolen\b", r"stole\b", r"copied\b", r"leak\w*", r"illegal\w*", r"violat\w+", r"pirat\w+",
        r"reproduc\w+", r"plagiari\w*", r"redistribut\w+", r"distribut\w+", r"re-?upload\w*", r"uploaded\b", r"posted\b", r"published\b", r"crack\w*", r"circ?umvent\w*", r"fork(?:ed|s)\b", r"decompil\w+", r"reverse[- ]engineer\w*", r"exposed\b", r"clone[sd]?\b",
    ),
    r"侵权|侵犯|未经|擅自|盗版|盗用|泄露|抄袭|無断|侵害|違法|침해|무단|infra[cç]\w+|sin (?:autoriza|permiso)|contrefa\w+|sans autorisation|verletz\w+|ohne (?:erlaubnis|zustimmung)|наруш\w+|без разрешения|sem autoriza\w+|violazion\w+",
)))  # fmt: skip
_PROOF = re.compile(
    r"registration (?:number|no|certificate)|reg\. ?no|certificate of (?:official )?registration|copyright (?:office|registration)|registered (?:copyright|trademark|work)|power of attorney|letter of authori[sz]ation|auth(?:orization)? letter|commit history|proof of ownership|"
    r"登记(?:号|证书)|权属证明|著作权登记|软著|授权书|营业执照|登録番号|権利証明|委任状|registro (?:de|n[uú]mero)|свидетельств\w+|등록번호"
)
_TRIVIAL = re.compile(r"(?:yes|no|n/?a|none|see above|same|\.|-)?[\s.]*", re.I)
# Of a sworn sentence the words are the law's, whatever they seem to describe.
_SWORN = re.compile(r"good[- ]faith|penalt(?:y|ies) of perjury|under perjury|statement under oath")
_SENTENCE_START = re.compile(r"[.!?。！？]\s|\n[ \t]*\n")
_MOST = 3
_LONGEST = 600


def descriptions(own: str, short: Condensed, parts: list[Section]) -> Found:
    """Return the work's description, the grounds and the proofs as far as the sender's own words, ``short`` too, go."""
    words = _prose(own, parts)
    prose = short if words == own else Condensed(words)
    asked = _answers(own, parts, Role.WORK)
    found: Found = {
        "work_description": asked or _sentences(prose, _WORK),
        "infringement_statement": _sentences(prose, _INFRINGES) or _answers(own, parts, Role.ITEMS)[:1],
        "ownership_proof": _sentences(prose, _PROOF),
        "technological_measures": [
            mark for mark in _answers(own, parts, Role.MEASURES) if len(mark.value) > len("Not sure")
        ],
    }
    return {element: marks for element, marks in found.items() if marks}


def _answers(own: str, parts: list[Section], role: Role) -> list[Mark]:
    replies = [reply for part in parts if part.role is role and (reply := answer(own, part))]
    return [reply for reply in replies if not _TRIVIAL.fullmatch(reply.value)]


def _prose(own: str, parts: list[Section]) -> str:
    """Return the own words with the statements of the form blanked: they are sworn, they describe nothing."""
    sworn = (Role.STATEMENT, Role.PROMPT)
    return "".join(" " * (part.end - part.head) if part.role in sworn else own[part.head : part.end] for part in parts)


def _sentences(prose: Condensed, pattern: re.Pattern[str]) -> list[Mark]:
    """Return the first sentences that hold the pattern; sworn ones only where there is no other."""
    found: list[Mark] = []
    sworn: list[Mark] = []
    low = prose.text
    reached = 0
    for match in pattern.finditer(low):
        if match.start() < reached or "good faith" in low[max(0, match.start() - _LONGEST // 3) : match.start()]:
            continue
        starts = [
            end.end() for end in _SENTENCE_START.finditer(low, max(reached, match.start() - _LONGEST), match.start())
        ]
        start = starts[-1] if starts else max(reached, match.start() - _LONGEST // 3)
        stop = _SENTENCE_START.search(low, match.end())
        reached = min(stop.start() + 1 if stop else len(low), match.end() + _LONGEST)
        (sworn if _SWORN.search(low, start, reached) else found).append(prose.mark(start, reached))
        if len(found) >= _MOST:
            break
    return found or sworn[:_MOST]
