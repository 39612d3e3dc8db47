"""What of a mail is the answer, and what is only carried along: the mail that it answers, and a signature."""

import datetime as dt
import re
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ANSWERED_WITHIN = dt.timedelta(days=30)  # how long a mail can be answered, and how long what was left out is kept
REPLIES_AN_HOUR = 20  # of one party
LARGEST_REPLY_BYTES = 36_000_000  # a file of 25 MB, as mail carries it
MOST_REPLIES_AT_ONCE = 50
LOOKED_INTO_EVERY = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=1)
MARK = "##-"  # begins the line in our mails above which one answers, in whatever language the rest of it is


class ReplyState(TextChoices):
    """What became of a mail that answers a conversation."""

    POSTED = "posted", _("sent into the conversation")
    HELD = "held", _("waits for your decision")
    DROPPED = "dropped", _("not sent, as you decided")
    REFUSED = "refused", _("not sent")


class Why(TextChoices):
    """Why it was not sent at once."""

    TELLS = "tells", _("It tells the other side something of who you are.")
    FILES = "files", _("A file that came with it was not taken.")
    TOO_LONG = "too_long", _("It is longer than a message may be.")
    SENDER = "sender", _("It came from another address than that of your account.")
    EXPIRED = "expired", _("The mail that it answers was too old, or you stopped these mails.")
    CLOSED = "closed", _("The conversation is closed.")
    SILENCED = "silenced", _("You can read the conversation, but not write in it any more.")
    AWAY = "away", _("You take part in the conversation no more.")
    EMPTY = "empty", _("Nothing was found in it above the mail that it answers.")
    TOO_MANY = "too_many", _("Too many came within an hour.")


HELD_BECAUSE = (Why.TELLS, Why.FILES, Why.TOO_LONG)


class Cut(NamedTuple):
    """What a mail says, and what it only carries along."""

    said: str
    left_out: str


# "On 3 March 2026 at 10:11, Somebody wrote:", as mail programs write it above what they quote.
_ATTRIBUTION = re.compile(
    r"(?:on\b.{5,300}\bwrote|am\b.{5,300}\bschrieb\b.{0,120}|le\b.{5,300}\ba écrit|el\b.{5,300}\bescribió"
    r"|il\b.{5,300}\bha scritto|em\b.{5,300}\bescreveu|op\b.{5,300}\bschreef\b.{0,120}|den\b.{5,300}\bskrev\b.{0,120}"
    r"|.{5,300}\bnapisał\(?a?\)?|.{5,300}\b(?:пишет|написала?)|.{5,300}şunu yazdı|.{3,300}[写寫]道"
    r"|.{3,300}書きました|\d{4}年.{3,300}|\d{4}년.{3,300}작성)\s?[:：]",
    re.I,
)
_SEPARATOR = re.compile(
    r"-{2,}\s*(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale"
    r"|mensagem original|oorspronkelijk bericht|ursprungligt meddelande|исходное сообщение|原始邮件|原始郵件|元のメッセージ"
    r"|forwarded message|weitergeleitete nachricht|message transféré|转发邮件)\s*-{2,}",
    re.I,
)
_FROM = re.compile(r"\*?(?:from|von|de|da|van|från|от|发件人|寄件者|差出人|보낸 사람)\*?\s?[:：]\*?\s*\S", re.I)
_OTHER_FIELD = re.compile(
    r"\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|data|a|oggetto"
    r"|verzonden|aan|onderwerp|skickat|till|ämne|дата|отправлено|кому|тема|发送时间|日期|收件人|主题|寄件日期|收件者|主旨"
    r"|送信日時|宛先|件名|보낸 날짜|받는 사람|제목)\*?\s?[:：]",
    re.I,
)
_SENT_BY = re.compile(
    r"(?:sent from my|sent from outlook|get outlook for|gesendet von meinem|von meinem .{2,40} gesendet|envoyé de(?:puis)? mon"
    r"|enviado desde mi|enviado do meu|inviato da(?:l mio)?\b|verzonden vanaf mijn|skickat från min|отправлено (?:с|из)\b"
    r"|发自我的|發自我的|从我的.{2,20}发送|iphoneから送信)",
    re.I,
)


def cut(text: str) -> Cut:
    """Return what the writer of a mail said in it, apart from the mail that is quoted and the signature.

    House rule: the other side is shown what was written for it. Whoever writes between the quoted lines is read too;
    a line that only looks as if it announced a quotation is kept. What is left out stays readable to its writer.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said: list[str] = []
    left_out: list[str] = []
    at = 0
    while at < len(lines):
        if _is_the_end(lines, at):
            left_out += lines[at:]
            break
        announced = _announces(lines, at)
        taken = lines[at : at + max(1, announced)]
        (left_out if announced or _is_quoted(lines[at]) else said).extend(taken)
        at += len(taken)
    left_out = _without_last_lines(said) + left_out
    return Cut(re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip(), "\n".join(left_out).strip())


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_the_end(lines: list[str], at: int) -> bool:
    """Say whether all from here on is the mail that is answered, or a signature."""
    line = lines[at].strip()[:400]
    if line.startswith(MARK) or line == "--" or _SEPARATOR.fullmatch(line):
        return True
    if _FROM.match(line):
        return sum(1 for other in lines[at + 1 : at + 6] if _OTHER_FIELD.match(other.strip()[:400])) > 1
    count = _announces(lines, at)
    if not count:
        return False
    following = next((one for one in lines[at + count :] if one.strip()), "")
    announcement = " ".join(lines[at : at + count])
    # Without the quoting marks it may be a sentence of the writer's, unless it gives a date or an address.
    return not _is_quoted(following) and bool(re.search(r"[\d@]", announcement))


def _announces(lines: list[str], at: int) -> int:
    """Return over how many lines, three at most, a quotation is announced from here on; 0 where none is."""
    for count in (1, 2, 3):
        within = [one.strip() for one in lines[at : at + count]]
        joined = " ".join(within)
        if not all(within) or len(joined) > 400:  # noqa: PLR2004 - none is as long
            return 0
        # The line before the one in which it begins is the writer's own.
        if count > 1 and _ATTRIBUTION.fullmatch(" ".join(within[1:])):
            return 0
        if _ATTRIBUTION.fullmatch(joined):
            following = next((one for one in lines[at + count :] if one.strip()), "")
            return count if _is_quoted(following) or re.search(r"[\d@]", joined) else 0
    return 0


def _without_last_lines(said: list[str]) -> list[str]:
    """Take away, and return, what a telephone writes under every mail."""
    for back, line in enumerate(reversed([one for one in said if one.strip()])):
        if back > 2:  # noqa: PLR2004 - it stands at the end
            break
        if _SENT_BY.match(line.strip()[:200]):
            place = len(said) - 1 - said[::-1].index(line)
            taken = said[place:]
            del said[place:]
            return taken
    return []
