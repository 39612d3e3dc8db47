"""Who signs a letter and how the signer can be reached; it checks nobody."""

import re

from complaints.letters.marks import Condensed, Found, Mark
from complaints.letters.phrases import Phrases, phrase
from complaints.letters.questions import Role
from complaints.letters.sections import Section

_HIDDEN = r"\[[^\]\n]{0,12}(?:private|redact|removed|name|address|phone|e-?mail|signature|image|confidential|omitted|电话|地址|姓名|签名|手机|邮箱|编号|隐|氏名|住所|電話)[^\]\n]{0,40}\]"
_HIDDEN_CASED = _HIDDEN.replace("private|", "private|PRIVATE|Private|REDACTED|Redacted|")
_NAME = rf"(?:{_HIDDEN}|[^\W\d_][^\n,;:<>\[\]@/|]{{1,58}})"
_SIGNED = (
    re.compile(rf"/ ?s ?/[ \t]{{0,6}}[:.]?[ \t]{{0,6}}({_NAME})"),
    re.compile(rf"^[ \t*_]{{0,4}}//?[ \t]{{0,3}}(signed|{_NAME})[ \t]{{0,3}}//?[ \t]*$", re.M),
    re.compile(
        r"(?:signature|signed(?: by)?(?! on)|sign(?:ed)? name|submitted by|full (?:legal )?name|签名|签字|签章|盖章|署名|记名|声明人|聲明人|具函人|具名|申请人|投诉人|经办人|律师|firma(?:do)?(?: por)?|unterschrift|assinatura|подпись|서명)"
        rf"[^\n:：.,;]{{0,50}}[:：][ \t*_]{{0,6}}\n?[ \t]{{0,4}}\n?[ \t*_/>]{{0,6}}({_NAME})",
    ),
    Phrases(
        phrase(
            "gpg|pgp|public key|s/mime",
            r"((?:is |was |been )?(?:digitally )?signed (?:using|with|by means of) (?:my |a )?(?:gpg|pgp|public key|s/mime)[^\n.]{0,60})",
            48,
        )
    ),
    re.compile(r"^[ \t]*(?:sent|submitted|filed) by[ \t]+([^\W\d_][^\n:@]{2,58})$", re.M),
    re.compile(r"([가-힣]{2,4})[ \t]?(?:드림|올림|배상)[ \t]*$", re.M),
    re.compile(rf"(?:signature|submitted by)[^\n:.]{{0,40}}[ \t]*\n[ \t]{{0,4}}\n?[ \t*_/>]{{0,6}}({_NAME})"),
)
_CLOSINGS = (
    r"sincerely|regards?|truly|truthfully|faithfully|respectfully|cordially|thanks?(?: you)?|cheers|best(?: wishes)?|kindly|greetings|yours|warmly|thank you\b[^\n]{0,40}|此致|敬礼|谨启|敬具|以上|よろしく[^\n]{0,20}|atentamente|saludos|"
    r"mit freundlichen gr[uü](?:ß|ss)en|freundliche gr[uü](?:ß|ss)e|cordialement|salutations|с уважением|atenciosamente|cumprimentos|감사합니다|드림|cordiali saluti|distinti saluti|met vriendelijke groet"
)
_CLOSING_WORDS = re.compile(rf"(?:\w+ ){{0,3}}(?:{_CLOSINGS})\b[ \w]{{0,20}}\W*\Z")
_CLOSED = re.compile(
    rf"^[ \t*_>]{{0,6}}(?:\w+[ \t]+){{0,3}}(?:{_CLOSINGS})(?:[ \t]+\w+){{0,3}}[ \t*_]{{0,4}}[,.!，。]?[ \t*_]{{0,4}}\n(?:[ \t>*_]*\n){{0,6}}[ \t>*_/]{{0,6}}({_NAME})",
    re.M,
)
_CLOSED_INLINE = Phrases(
    phrase(
        "sincerely|regards|truly|faithfully|respectfully|truthfully",
        rf"\b(?:sincerely|regards|truly|faithfully|respectfully|truthfully),?[ \t]{{1,3}}({_NAME})[ \t]*$",
        0,
    ),
    phrase(
        "atentamente|cordialement|bien à vous|saludos|grüße|gruß|danke|merci|thank|gracias|cheers|saluti|groet",
        r"\b(?:atentamente|cordialement|bien à vous|saludos|grüße|gruß|danke|merci|thanks|thank you|gracias|cheers|saluti|groet),[ \t]{1,3}([^\W\d_][^\n,.!?]{1,40})[ \t]*$",
        0,
    ),
)
_COMPANY = r"(?:AG|GmbH|UG|Inc|LLC|LLP|Ltd|Limited|Corp|B\.?V|N\.?V|S\.?A\.?S?|S\.?r\.?l|S\.?L|S\.?p\.?A|K\.?K|Pty|Oy|AB|ApS|A\.?Ş)\b\.?"
_UPPER = "A-ZÀ-ÖØ-ÞŁŚŻŹĆŠŽČİŞĞА-ЯЁ"
# A person, or a firm by what it is called in law; what is said of either may follow a comma.
_SIGNER = re.compile(
    rf"(?:(?:[{_UPPER}][\w'’.-]{{0,25}}(?:[ \t]+|(?=,)|\Z)){{2,4}}|[{_UPPER}][^,\n]{{1,40}} {_COMPANY})(?:,[^\n]{{1,50}})?"
)
_HAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u3040-\u30ff\u4e00-\u9fff]{1,20}(?:[ \u3000][\u3040-\u30ff\u4e00-\u9fff]{1,12}){1,3}|[\uac00-\ud7af]{2,4}|[\u4e00-\u9fff（）]{2,30}(?:公司|株式会社|工作室)"
)
_CALLED = (
    re.compile(
        rf"(?:My (?:full |legal )?name is|my (?:full |legal )?name is|I am|This is|I,)[ \t\n]{{1,3}}[\"“]?({_HIDDEN_CASED}|(?:[A-Z][\w'’.-]{{1,25}}[ \t]?){{2,4}})"
    ),
    re.compile(
        rf"^[ \t*_•·-]{{0,6}}(?:l )?(?:(?:full |legal |first |contact |complainant |complainant's |your )*names?(?: of [^\n:]{{1,40}})?|姓名|名称|氏名|联系人|聯絡人|权利人|權利人|nombre|nome|nom|имя|이름|성명)[ \t*_]*[:：][ \t*_]*\n?[ \t]*({_NAME})",
        re.M,
    ),
)
_PHONE = Phrases(
    phrase("tel|phone|mobile|cell|phn|fon|téléphone|电话|手机|電話|携帯|телефон|전화|☎",
        rf"(?:\b(?:tel(?:e?phone)?|phone|mobile|cell(?:ular|phone)?|phn|fon|telefon[eo]?|teléfono|téléphone)\b\.?|电话|手机|電話|携帯|телефон|전화|☎)[^\n:：\[+\d]{{0,30}}[:：]?[ \t*_]{{0,4}}\n?[ \t]{{0,4}}\+?({_HIDDEN}|[+(]?\d[\d \t().\-–/]{{5,24}}\d)",
        0,
    ),
    phrase("(cell|(mobile|(work|(phone|(tel|(home|(office", rf"({_HIDDEN}|\+?\(?\d[\d ().-]{{6,20}}\d)[ \t]{{0,3}}\((?:cell|mobile|work|phone|tel|home|office)", 80),
)  # fmt: skip
_PLAIN_PHONE = Phrases(
    phrase("+", r"(?<![\w/.-])(\+\d[\d ().-]{7,20}\d)(?![\w/-])", 0),
    phrase("(", r"(?<![\w/.-])(\(\d{3}\) ?\d{3}[-. ]\d{4})(?![\w/-])", 0),
    phrase("-|.", r"(\d(?<![\w/.-]\d)\d{2}[-.]\d{3}[-.]\d{4})(?![\w/-])", 3),
)
_MAIL = Phrases(
    phrase("mail|邮箱|邮件|メール|correo|courriel|почт|이메일",
        rf"(?:e(?<!\we)-?mails?\b(?: address)?|邮箱|电子邮件|邮件|メール|correo|courriel|почт\w+|이메일)[^\n:：\[@]{{0,30}}[:：]?[ \t*_<(]{{0,5}}\n?[ \t]{{0,4}}({_HIDDEN})",
        4,
    ),
    phrase("@", r"(?<![\w.+/-])([\w.+-]{1,64}@(?!github\.com)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})", 64),
)  # fmt: skip
_STREET = Phrases(
    phrase("add|residing at|located|地址|住址|住所|direcc|adresse|anschrift|адрес|endere|주소",
        rf"(?:\b(?:(?:mailing |postal |physical |street |company |business |registered |office |my |legal ){{0,12}}(?<!e-mail )(?<!email )address|addr?|residing at|located (?:in|at)|located at)\b|地址|住址|住所|direcci[oó]n|adresse|anschrift|адрес|endere[cç]o|주소)(?! of the| alleg)[^\n:：\[\w]{{0,6}}(?:is|are)?[ \t]{{0,3}}[:：]?[ \t*_\"“]{{0,4}}\n?[ \t]{{0,4}}({_HIDDEN}|[\w#][^\n]{{5,120}})",
        144,
    ),
    phrase("street|st.|road|rd|avenue|ave|drive|dr.|lane|suite|blvd|boulevard|way|floor|place|parkway|square|str.|straße|strasse|cedex|district",
        r"^(?=[^\n\d]{0,60}+\d)([^\n]{0,60}\b\d{1,6}[^\n]{0,40}\b(?:street|st\.|road|rd\.?|avenue|ave\.?|drive|dr\.|lane|suite|blvd|boulevard|way|floor|place|parkway|square|str\.|straße|strasse|cedex|district)\b[^\n]{0,60})$",
        120,
    ),
)  # fmt: skip
_HIDDEN_LINE = re.compile(rf"^[ \t>*_-]{{0,6}}({_HIDDEN})[ \t,.*_\\]*$", re.M)
_HIDDEN_NAMES = re.compile(rf"(?:{_HIDDEN}[ ,.]*){{1,3}}(?:[,(][^\n]{{0,40}})?", re.I)
_EMPTY = re.compile(r"[\s*_\\>\-–.,:;¿?\"“”()]*")
_LAST_LINES = 4
# What closes many mails under the signature: it is nobody's statement and no part of the letter.
_SMALL_PRINT = re.compile(
    r"^[ \t*>_]{0,6}(?:confidential(?:ity)? (?:notice|note)|disclaimer\b|(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication|transmission)\b[^\n]{0,160}\b(?:confidential|intended|privileged|addressed))",
    re.M,
)
_REACHED = re.compile(r"@|\bwww\.|\b(?:tel|phone|ph|mobile|fax|e-?mail)\b|\+\d", re.I)
_PROSE_END = re.compile(r"(?:\w+[ ,]+){7,}\w+[.!?;:][ \t]*\Z")
_HEADINGS = ("statement", "statements", "information", "details")
_LONGEST_BLOCK = 14
_LONGEST_LINE = 90
_FIRST_OF_BLOCK = 3
_LONGEST_NAME = 60
_MOST_NAME_WORDS = 12
_MOST = 4


def parties(own: str, short: Condensed, parts: list[Section]) -> tuple[Found, set[str]]:
    """Return signature, name and ways to reach the signer, and which of them are a guess; ``short`` is ``own``."""
    found: Found = {}
    unsure: set[str] = set()
    signed, is_guess = _signature(own, short, parts)
    if signed:
        found["signature"] = [signed]
        unsure |= {"signature"} if is_guess else set()
    found["complainant_name"] = (
        _marks(_CALLED[:1], short, short.cased) or _marks(_CALLED[1:], short) or ([signed] if signed else [])
    )
    found["contact_phone"] = _marks((_PHONE, _PLAIN_PHONE), short)
    found["contact_email"] = _marks((_MAIL,), short)
    found["contact_address"] = _marks((_STREET,), short)
    unsure |= _answered_contact(own, short, parts, found)
    return {element: marks for element, marks in found.items() if marks}, unsure


def answer(own: str, part: Section) -> Mark | None:
    """Return what was answered under a heading, without the blanks and marks around it; None where nothing was."""
    words = own[part.start : part.end]
    start = part.start + len(words) - len(words.lstrip(' \t\n*_>¿:"”-'))
    end = part.start + len(words.rstrip())
    value = own[start:end]
    return None if _EMPTY.fullmatch(value) or start >= end else Mark(value, start, end)


def _marks(patterns: tuple[Phrases | re.Pattern[str], ...], short: Condensed, words: str = "") -> list[Mark]:
    found: list[Mark] = []
    for pattern in patterns:
        for match in pattern.finditer(words or short.text):
            group = next((number for number in range(1, len(match.groups()) + 1) if match.group(number)), 0)
            found.append(short.mark(*match.span(group)))
            if len(found) >= _MOST:
                return found
    return found


def _signature(own: str, short: Condensed, parts: list[Section]) -> tuple[Mark | None, bool]:
    """Return the signature and whether it is a guess: the form's answer, a mark of signing, a closing, the last line."""
    for part in parts:
        if part.role is Role.SIGNATURE and part.is_asked:
            signed = answer(own, part)
            if signed and len(signed.value.split("\n", 1)[0]) <= 2 * _LONGEST_NAME:
                return signed, False
    is_form = any(part.role is Role.SIGNATURE and part.is_asked for part in parts)
    patterns = (_CLOSED, _CLOSED_INLINE) if is_form else (*_SIGNED, _CLOSED, _CLOSED_INLINE)
    for pattern in patterns:
        match = pattern.search(short.text)
        while match:
            if _may_be_name(match.group(1)):
                return short.mark(*match.span(1)), False
            # What was no name may itself be the closing that a name follows.
            match = pattern.search(short.text, max(match.start(1), match.start() + 1))
    return (None, False) if is_form else (_last_name(short) or _block(short), True)


def _may_be_name(words: str) -> bool:
    lowered = words.strip().lower()
    if _CLOSING_WORDS.match(lowered) or lowered.endswith(_HEADINGS):
        return False
    starts = (
        "all rights reserved",
        "electronically signed",
        "digitally signed by",
        "http",
        "www",
        "this ",
        "please",
        "i ",
        "we ",
        "if ",
        "address",
        "phone",
        "tel",
        "e-mail",
        "email",
        "our ",
        "my ",
        "name and",
        "mobile",
    )
    return bool(lowered) and not lowered.startswith(starts) and len(lowered.split()) <= _MOST_NAME_WORDS


def _last_name(short: Condensed) -> Mark | None:
    """Return a name among the last lines of a letter that closes without a formula."""
    for line_start, line in _last_lines(short.cased):
        words = line.strip(" \t*_>/-–\\")
        is_hidden = bool(_HIDDEN_NAMES.fullmatch(words))
        if (
            is_hidden
            or _HAN_NAME.fullmatch(words)
            or (_SIGNER.fullmatch(words) and len(words) <= _LONGEST_NAME and _may_be_name(words))
        ):
            start = line_start + line.index(words)
            return short.mark(start, start + len(words))
    return None


def _block(short: Condensed) -> Mark | None:
    """Return the name over a block of contact details that closes a letter without a formula, small print left aside."""
    small_print = _SMALL_PRINT.search(short.text)
    end = small_print.start() if small_print else len(short.text)
    lines: list[tuple[int, str]] = []
    for start, line in reversed(_lines(short.cased[:end], _LONGEST_BLOCK)):
        if (len(line.strip()) > _LONGEST_LINE and not _REACHED.search(line)) or _PROSE_END.search(line):
            break
        lines.insert(0, (start, line))
    for place, (start, line) in enumerate(lines[:_FIRST_OF_BLOCK]):
        words = line.strip(" \t*_>/-–\\")
        follows = " ".join(following for _, following in lines[place + 1 : place + 1 + _LONGEST_BLOCK])
        if (
            _SIGNER.fullmatch(words)
            and len(words) <= _LONGEST_NAME
            and _may_be_name(words)
            and _REACHED.search(follows)
        ):
            begin = start + line.index(words)
            return short.mark(begin, begin + len(words))
    return None


def _last_lines(words: str) -> list[tuple[int, str]]:
    """Return the few lines that close the letter."""
    return _lines(words, _LAST_LINES)


def _lines(words: str, most: int) -> list[tuple[int, str]]:
    """Return the last lines that are not blank, each after the place where it begins."""
    lines: list[tuple[int, str]] = []
    end = len(words)
    while end >= 0 and len(lines) < most:
        start = words.rfind("\n", 0, end) + 1
        if not words[start:end].isspace() and start < end:
            lines.insert(0, (start, words[start:end]))
        end = start - 1
    return lines


def _answered_contact(own: str, short: Condensed, parts: list[Section], found: Found) -> set[str]:
    """Fill address and phone from an answered question for them; what carries no label stays a guess."""
    unsure: set[str] = set()
    answers = [reply for part in parts if part.role is Role.CONTACT and (reply := answer(own, part))]
    hidden = [short.mark(*match.span(1)) for match in _HIDDEN_LINE.finditer(short.text)]
    for element in ("contact_phone", "contact_address"):
        if found[element]:
            continue
        if answers:
            found[element] = answers[:1]
            unsure.add(element)
        elif len(hidden) > 1 and element == "contact_address" and not found["contact_email"]:
            found[element] = hidden[-1:]
            unsure.add(element)
    return unsure
