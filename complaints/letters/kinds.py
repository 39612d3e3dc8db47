"""What kind of letter it is: notice, counter-notice, retraction or something else; it does not look at addresses' sides."""

import re
from enum import StrEnum

from complaints.letters.marks import lowered
from complaints.letters.phrases import Phrases, at_word, phrase
from complaints.letters.questions import Role
from complaints.letters.sections import Section


class Kind(StrEnum):
    """What the sender of a letter does with it."""

    NOTICE = "notice"
    COUNTER_NOTICE = "counter_notice"
    RETRACTION = "retraction"
    OTHER = "other"


_NOUN = r"(?:notices?|notifications?|claims?|complaints?|requests?|take-?downs?|counter|dmca|dcma|report|counternotice|copyright)"
_RETRACTS = Phrases(
    phrase(
        "retract|withdraw|rescind|revoke|cancel|take back|disregard|rescission|revocation|撤|取り下げ|retir|zieh|rétract|zurück|отзыва|отозвать|ritir|철회",
        r"\b(?:i|we|our (?:client|company)|the (?:undersigned|company))\b[^.!?\n]{0,60}\b(?:retract|withdraw|rescind|revoke|cancel|take back)(?:ing|s)?\b"
        rf"(?=[^.!?\n]{{0,80}}\b{_NOUN})"
        rf"|\b(?:please|hereby|kindly)\b[^.!?\n]{{0,30}}\b(?:retract|withdraw|rescind|revoke|cancel|disregard)\b(?=[^.!?\n]{{0,30}}\b(?:our|my|the|this|previous)\b[^.!?\n]{{0,40}}\b{_NOUN})"
        rf"|\b(?:retraction|withdrawal|rescission|revocation) of\b[^.!?\n]{{0,60}}\b{_NOUN}"
        rf"|{_NOUN}\W{{1,3}}(?:retraction|withdrawal)\b|\bthis is an? (?:formal )?(?:retraction|withdrawal)"
        rf"|\b(?:has|have) been (?:retracted|withdrawn|rescinded)\b(?=[^.!?\n]{{0,40}}\b(?:by (?:us|me|the complainant)|hereby))"
        r"|\b(?:i|we) (?:hereby )?(?:withdraw|retract|rescind|take back) (?:it|them|this|both)\b|\b(?:consider|treat|regard) (?:our|my|the|this)\b[^.\n]{0,60}\bwithdrawn|\bzieh(?:e|en)\b[^.\n]{0,40}(?:meldung|anzeige|beschwerde|abmahnung)[^\n]{0,160}zurück|撤诉|撤回(?:[^。\n]{0,20})(?:通知|投诉|申请|声明|请求)|撤销(?:[^。\n]{0,20})(?:通知|投诉)|(?:通知|申立て|申し立て|請求)[^。\n]{0,10}(?:取り下げ|撤回)|取り下げ(?:ます|たい|る)"
        r"|\b(?:retir(?:o|amos|ar|ons|e)|retract(?:o|arme|amos)|retirer|rétract\w+|zurückziehen|ziehe[^.\n]{0,60}zurück|retiro|отзыва\w+|отозвать|ritir\w+)\b"
        r"(?=[^.\n]{0,60}(?:notif|denuncia|reclam|plainte|demande|meldung|beschwerde|anzeige|жалоб|уведомлен|dmca|aviso|solicitud|pedido|segnalazione))|철회",
    )
)
# A dispute settled between the two: the complainant asks for the material back.
_SETTLED = re.compile(
    r"(?:issue|matter|dispute|situation|violation|infringement)\w* (?:has been|have been|is|was) (?:now )?(?:resolved|settled|rectified|remedied|addressed)"
)
_BACK = re.compile(
    r"reinstat\w+|restor\w+|re-?enabl\w+|unblock|cancel (?:the|my|our|this)|no longer (?:wish|need|want|pursu)"
)
# Said of itself, whatever form the sender had at hand.
_CALLS_ITSELF = re.compile(
    r"\bthis is (?:an? |my |our )?(?:formal |official |dmca )?(?:retraction|withdrawal) (?:notice|request|of|for)\b"
)
_NOT_OURS = re.compile(r"(?:should|must|asked|if|unless|until|you may|may|to|can) (?:\w+ ){0,3}\Z")
_WOULD = re.compile(r"\b(?:will|would|shall|can|could|may|might)\b(?! like)")
_CONDITION = re.compile(r"\b(?:if|once|when|as soon as|provided|after|upon|unless)\b")
_COUNTERS = re.compile(
    at_word(r"counter[- ]?(?:noti\w+|claim|dmca|statement)")
    + r"|512\W{0,3}\(?g\)?|反通知|反声明|不侵权(?:的)?声明|异议通知|反対通知|contranotificaci\w+|contra-?notifica\w+|contre-notification|gegendarstellung|gegenbenachrichtigung|встречн\w+ уведомлен\w+|이의 ?제기|반박"
)
_MISTAKEN = Phrases(
    phrase(
        "mistake|misidentif|error",
        r"(?:remov|disabl|tak(?:e|en) ?down|block)\w*[^.]{0,80}\b(?:mistake|misidentif|error)|mistake or mis-?identification|mistaken(?:ly)?[^.]{0,60}(?:remov|disabl|tak)",
    ),
    phrase(
        "dispute|contest|challenge|appeal|object to",
        r"(?:dispute|contest|challenge|appeal|object to) (?:the|this|that) (?:\w+ ){0,2}(?:take-?down|notice|claim|removal|dmca)",
        0,
    ),
    phrase(
        "restor",
        r"restor(?:e|ation of) (?:(?:my|our|the|this) (?:repo|content|access|material|video|image|photo|listing|page|post|file|track|account)|it\b|them\b)",
        0,
    ),
    phrase(
        "wieder|rétabl|remettre|restabl|ripristin|восстан|przywr",
        r"stellen sie [^.\n]{0,60}wieder her|wiederherstell\w+|rétabli\w+|remettre en ligne|restablec\w+|ripristin\w+|восстанов\w+|przywr[oó]c\w+",
        20,
    ),
    phrase("revers", r"reverse (?:the|your) decision", 0),
    phrase(
        "notice|claim|complaint|report",
        r"(?:notice|claim|complaint|report) (?:is|was) (?:wrong|false|incorrect|mistaken|unfounded)",
        0,
    ),
    phrase("错误|误判|恢复|誤って", r"错误(?:删除|下架|识别)|误判|恢复(?:我|该|被)|誤って削除", 0),
)
_COURT = re.compile(r"consent to the (?:to the )?jurisdiction|accept service of process")
_COMPLAINS = re.compile(
    r"infring\w*|copyright|dmca|17 u\.?s\.?c|intellectual property|good[- ]faith|侵权|侵權|著作权|著作權|版权|版權|知识产权|智慧財產|著作権|権利侵害|権利が侵害|derechos? de autor|propiedad intelectual|droits? d.auteur|contrefa|urheberrecht|авторск\w+ прав|правообладател|нарушающ|direitos? autora|저작권|diritt[oi] d.autore|urhg|urheber|verletz\w+ (?:\w+ ){0,3}rechte|ohne (?:\w+ ){0,2}(?:lizenz|zustimmung|erlaubnis|genehmigung)|auteursrecht|rechthebbende|praw\w* autorsk|telif|sans (?:\w+ ){0,2}(?:accord|consentement|autorisation)|sin (?:\w+ ){0,2}(?:permiso|autorizaci|consentimiento)|senza (?:\w+ ){0,3}(?:consenso|autorizzazione)|без (?:\w+ ){0,2}(?:разрешения|согласия)|violation de (?:\w+ ){0,2}droits|titulaire des droits|titular de los derechos|titular dos direitos|titolare dei diritti|nicht erlaubt|raubkopie|kopiert|pirat|plagi|違法に|無断|許諾|出版権|海賊版|무단|盗版|盗用|搬运|抄袭|授权|授權|权利人|權利人|許可|権利者|権利を|著作|正当な権利|zugestimmt|zustimmung|aufgenommen|autoris(?:é|ation)|autoriz(?:a|z)\w*|toestemming|zgod[ya]\b|разрешени|согласи|\bizni?\w*|허락|동의 없이"
)
_DEMANDS = re.compile(
    r"remov\w*|t[ao]ke?n? ?(?:\w+ ){0,3}down|take-?down|delet\w*|disabl\w*|not (?:been )?authori[sz]ed|unauthori[sz]ed|infring\w*|删除|下架|断开|移除|削除|送信防止|elimin\w+|retir\w+|supprim\w+|rechtswidrig|verletz\w+|melde\b|contrefa\w+|infra[cç]\w+|наруша\w+|侵权|侵害|침해|entfern\w+|lösch\w+|удал\w+|remo[vç]\w+|삭제|rim(?:o|uov)\w+|herunter\b|retrait|eliminaci\w+|without (?:a |our |any )?licen[cs]e|reproduc\w+|offline\b|verwijder\w*|usuni\w+|kaldır\w+|coup(?:er|ez)\b|bloqu\w+|désactiv\w+|sperr\w+|bloccar\w*|disattiv\w+|desactiv\w+|заблокир\w+|차단|停止|屏蔽|侵權|刪除"
)
_OWN = re.compile(
    r"\b(?:my|our|mein\w*|unser\w*|mon|ma|mes|notre|nos|mi|mis|nuestr\w+|mi[oa]|nostr\w+|meu|minha|noss\w+|m[oó]j\w*|мо[йяеи]\w*|наш\w*)\b|我|弊|私の|当社|저희|제가"
)
# What other letters to a host are about, in which something is to be removed as well.
_OTHER_DESKS = re.compile(
    r"phish|malware|trojan|virus|\bspam|unsolicited|unsubscribe|defam|slander|verleumd|beleidig|diffam|privacy|dsgvo|gdpr|rgpd|personal data|personenbezogen|password|passwort|contraseña|mot de passe|密码|invoice|rechnung|facture|trademark|counterfeit|\bddos|\bscan|\bssh\b|account|konto|compte|cuenta|\bconta\b|аккаунт|账号|アカウント"
)
_DECIDES = re.compile(
    r"\b(?:your|the) (?:dmca |copyright |takedown )?(?:notice|complaint|report|request|claim)\b[^\n]{0,160}\b(?:has been|have been|was) (?:processed|received|closed|reviewed|forwarded|assigned)|\bwe have (?:received|processed|reviewed) your (?:dmca |copyright |takedown )?(?:notice|complaint|report|request|claim)|\bgithub (?:has )?(?:decided|published|received|determined|reinstated|restored)\b[^\n]{0,200}"
)
_NOT_AUTHORISED = re.compile(
    r"not\s+(?:been\s+)?authori[sz]ed|(?:am|are) the (?:copyright )?(?:owner|holder)[^.]{0,100}exclusive|exclusive\s+rights?[^.]{0,80}infring"
)
_TOP = 1500
_REACH = 120
_FORM_ROLES = frozenset([Role.WORK, Role.FORKS, Role.INFRINGER, Role.LICENCE])


def kind_of(text: str, own: str, parts: list[Section]) -> Kind:
    """Return what the letter is; ``own`` are the sender's words alone, in their places."""
    own = lowered(own)
    asked = [text[part.head : part.start].lower() for part in parts if part.is_asked]
    quiet = _without_quotes(own)
    if _CALLS_ITSELF.search(quiet) or _retracts(quiet[:_TOP], is_form=len(asked) > len(_FORM_ROLES)):
        return Kind.RETRACTION
    form = _kind_of_form(asked, parts)
    if form:
        return form
    if _SETTLED.search(quiet[:_TOP]) and _BACK.search(quiet[:_TOP]) and "perjury" not in quiet:
        return Kind.RETRACTION
    if (
        _DECIDES.search(quiet[:_TOP])
        and not _COURT.search(quiet)
        and not re.search(r"good[- ]faith|\bi (?:am|swear)\b", quiet)
    ):
        return Kind.OTHER
    counter = 2 * bool(_MISTAKEN.search(quiet)) + 2 * bool(_COURT.search(quiet)) + _counter_title(quiet)
    notice = 2 * bool(_NOT_AUTHORISED.search(quiet))
    if counter > notice and counter > 1:
        return Kind.COUNTER_NOTICE
    if not _DEMANDS.search(quiet):
        return Kind.OTHER
    return Kind.NOTICE if speaks_of_rights(quiet) or _speaks_of_own(quiet) else Kind.OTHER


def speaks_of_rights(own: str) -> bool:
    """Whether the words, in lower case, speak of rights in a work; a notice that does not is one by its demand alone."""
    return bool(_COMPLAINS.search(own))


def _speaks_of_own(quiet: str) -> bool:
    """Whether something of the sender's own is meant, and nothing that is for other desks than this one."""
    return bool(_OWN.search(quiet)) and not _OTHER_DESKS.search(quiet)


def _counter_title(words: str) -> int:
    """How strongly the letter calls itself a counter-notice: above all where it begins."""
    first = _COUNTERS.search(words)
    return 0 if not first else 2 if first.start() < _TOP else 1


def _kind_of_form(asked: list[str], parts: list[Section]) -> Kind | None:
    wordings = " ".join(" ".join(asked).split())
    if (
        "files were taken down" in wordings
        or "removed as a result of a mistake" in wordings
        or "dispute the notice" in wordings
    ):
        return Kind.COUNTER_NOTICE
    roles = {part.role for part in parts if part.is_asked}
    return Kind.NOTICE if len(roles & _FORM_ROLES) > 1 else None


def _retracts(top: str, *, is_form: bool) -> bool:
    """Whether the sender takes a letter back, near its top; in a filled form only before its questions."""
    if is_form:
        top = "\n".join(top.split("\n")[:6])
    found = _RETRACTS.finditer(top)
    return any(
        not _NOT_OURS.search(top[max(0, match.start() - 40) : match.start()]) and not _is_offer(top, match)
        for match in found
    )


def _is_offer(top: str, match: re.Match[str]) -> bool:
    """Whether something is promised to be taken back under a condition, not taken back."""
    return bool(_WOULD.search(match.group(0)) and _CONDITION.search(top, match.end(), match.end() + _REACH))


def _without_quotes(words: str) -> str:
    """Blank the lines that quote somebody else, in their places, unless the whole letter is quoted."""
    lines = words.split("\n")
    quoted = [line.lstrip().startswith(">") for line in lines]
    if sum(quoted) * 2 > sum(bool(line.strip()) for line in lines):
        return words
    return "\n".join(" " * len(line) if is_quoted else line for line, is_quoted in zip(lines, quoted, strict=True))
