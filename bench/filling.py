"""Fills the tables with many complaints, quickly and always with the same ones; run by ``bench.lists`` in its own world."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from complaints import regimes
from complaints.models import Complaint, ComplaintItem, ComplaintWork, SearchEntry
from complaints.rules import search
from core import sealing
from core.actors import SYSTEM
from core.ids import hash_secret
from core.models import DataKey
from hosting.models import Content, Subscriber
from verification import actions as verification
from verification.models import Account, Organisation
from verification.rules import OrganisationKind, Role

BEGAN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
BETWEEN = dt.timedelta(minutes=1)
BATCH = 20_000
AGE_ENDS = 50_000  # before this number everything was elsewhere
WAITING_OF = 200  # one in so many waits for a handler
OTHERS_OF = 4  # one in so many is another provider's
RARE_OF = 50_000
SYLLABLES = ("bcdfgklmnprst", ("a", "e", "in", "or", "u"), ("den", "la", "mer", "st", "tik", "x"))
VOCABULARY = ["".join(parts) for parts in itertools.product(*SYLLABLES)]
# The first is met 390 times as often as the last, as words of a language are.
USUAL = list(itertools.accumulate(1 / place for place in range(1, len(VOCABULARY) + 1)))
CHINESE = [
    "影视作品",
    "未经许可",
    "信息网络传播权",
    "侵权",
    "权利人",
    "删除链接",
    "平台",
    "小说",
    "音乐",
    "短视频",
    "动漫",
    "直播",
]
CONTACT = {"name": "Filler Films", "postal_address": "1 Filler Street", "email": "filler@films.example", "phone": ""}
STATES = ("acted", "acted", "acted", "closed", "closed", "upheld", "rejected", "withdrawn", "restored", "accepted")
INDEX = "CREATE INDEX search_entry_found ON complaints_searchentry USING gin (tags, words) WITH (fastupdate = off)"
WORDS = "CREATE TEMPORARY TABLE bench_words (complaint uuid, number bigint, words tsvector) ON COMMIT DROP"
ENTRIES = """
INSERT INTO complaints_searchentry (complaint_id, number, filed_at, tags, words)
SELECT c.id, w.number, c.filed_at, complaints_search_tags(c, NULL, w.number), w.words
FROM bench_words w JOIN complaints_complaint c ON c.id = w.complaint ORDER BY w.number
"""
TOLD = """
INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
SELECT c.id, t.subscriber_id, w.number, c.filed_at, complaints_search_tags(c, t.subscriber_id, w.number), w.words
FROM bench_words w JOIN complaints_complaint c ON c.id = w.complaint JOIN complaints_complaintitem i ON i.complaint_id = c.id
JOIN hosting_content t ON t.id = i.content_id
"""
TRIGGERED = ("complaints_complaint", "complaints_complaintitem")


def fill(first: int, last: int, providers: list[Organisation], holders: list[Account], content: list[Content]) -> None:
    """Insert the complaints of these numbers with work, item and words, as filing would have left them."""
    with connection.cursor() as cursor:
        for table in TRIGGERED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX search_entry_found")
    key = sealing.new_data_key(now=BEGAN)
    makers = itertools.batched if hasattr(itertools, "batched") else _batched
    for numbers in makers(range(first, last), BATCH):
        _copy([_made(number, key, providers, holders, content) for number in numbers])
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('complaints_search_number', %s)", [last])
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            "CREATE INDEX search_entry_found ON complaints_searchentry USING gin (tags, words) WITH (fastupdate = off)"
        )
        for table in TRIGGERED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def _batched(numbers: range, size: int) -> Iterator[range]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))


def _id(number: int, kind: int) -> UUID:
    milliseconds = int((BEGAN + number * BETWEEN).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | kind << 40 | number)


def grounds_of(number: int) -> str:
    """Return what this complaint says: words of which some are in all, in half, in few, in the older half."""
    chance = random.Random(number)
    words = chance.choices(VOCABULARY, cum_weights=USUAL, k=30)
    words += ["copyright", "even" if number % 2 == 0 else "odd", "infringement"]
    words += ["seldom"] if number % RARE_OF == 7 else []
    words += ["sometimes"] if number % 300 == 0 else []
    chance.shuffle(words)
    chinese = "".join(chance.sample(CHINESE, 5)) + "。" if number % 3 == 0 else ""
    return f"{' '.join(words)}. {chinese}"


def _made(
    number: int, key: DataKey, providers: list[Organisation], holders: list[Account], content: list[Content]
) -> dict[type[Any], Any]:
    """Return the rows of one complaint, by their tables."""
    filed_at, pk, tracking = BEGAN + number * BETWEEN, _id(number, 1), f"{number:026d}"
    is_waiting, law = number % WAITING_OF == 0, regimes.current(("us", "cn", "eu", "jp")[number % 4])
    assert law is not None
    state = "filed" if is_waiting else STATES[number % len(STATES)]
    row = ("complaints_complaint", pk)
    complaint = {
        "id": pk, "reference": f"C-{number:016d}", "regime": law.code, "regime_version": law.version, "state": state,
        "provider_id": providers[number % OTHERS_OF == 1].pk, "capacity": "owner", "data_key_id": key.pk,
        "complainant_id": holders[number % 1_000 != 0].pk,
        **_sealed_parts(number, key, row, tracking),
        "tracking_hash": hash_secret(tracking), "grounds": grounds_of(number), "is_earning": number % 50 == 0,
        "filed_at": filed_at, "confirmed_at": filed_at, "changed_at": filed_at, "complete_at": filed_at,
        "answer_due_at": filed_at + dt.timedelta(days=2) if is_waiting else None,
        "reasons": "It is a parody." if state == "rejected" else "",
    }  # fmt: skip
    url = f"https://{'old' if number < AGE_ENDS else 'new'}host.example/watch/{number}"
    mine = content[0] if number % 10_000 == 0 else None
    item = {
        "id": _id(number, 2), "complaint_id": pk, "position": 0, "url": url, "external_id": f"video-{number}",
        "content_id": mine and mine.pk, "state": "forwarded" if mine else "noticed", "told_at": mine and filed_at,
    }  # fmt: skip
    work = {
        "id": _id(number, 3),
        "complaint_id": pk,
        "position": 0,
        "title": f"Film No. {number % 7919}",
        "kind": "film",
    }
    texts = (
        complaint["reference"],
        law.code,
        "owner",
        work["title"],
        "",
        url,
        item["external_id"],
        complaint["grounds"],
    )
    return {
        Complaint: complaint,
        ComplaintItem: item,
        ComplaintWork: work,
        SearchEntry: (pk, number, search.kept_words(texts)),
    }


def _sealed_parts(number: int, key: DataKey, row: sealing.Row, tracking: str) -> dict[str, bytes]:
    """Return the sealed parts; of most complaints only their size is right, for nobody opens them."""
    if 1 < number % 1_000 < 999:
        return {"contact_sealed": bytes(140), "tracking_sealed": bytes(55)}
    return {
        "contact_sealed": sealing.seal_json(key, row=row, field="contact", value=CONTACT),
        "tracking_sealed": sealing.seal(key, row=row, field="tracking_code", text=tracking),
    }


def _copy(made: list[dict[type[Any], Any]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Complaint, ComplaintItem, ComplaintWork):
            usual = {
                f.column: f.get_db_prep_save(getattr(model(), f.attname), connection)
                for f in model._meta.concrete_fields
            }
            columns = ", ".join(f'"{name}"' for name in usual)
            with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as into:
                for rows in made:
                    into.write_row([{**usual, **rows[model]}[name] for name in usual])
        cursor.execute(WORDS)
        with cursor.copy("COPY bench_words FROM STDIN") as into:
            for rows in made:
                into.write_row(rows[SearchEntry])
        cursor.execute(ENTRIES)
        cursor.execute(TOLD)


@dataclass(frozen=True)
class People:
    """Who looks, and whose the complaints are."""

    providers: list[Organisation]
    accounts: dict[str, Account]
    content: list[Content]

    @property
    def holders(self) -> list[Account]:
        """The two who complain: one of them seldom."""
        return [self.accounts["rare_holder"], self.accounts["holder"]]


def people() -> People:
    """Make two providers, a handler, those who complain, one who does not, and an uploader with content."""
    names = ("handler", "holder", "rare_holder", "stranger", "uploader")
    accounts = {
        name: verification.register_account(email=f"{name}@bench.example", password=None, by=SYSTEM, now=BEGAN)
        for name in names
    }
    providers = [
        verification.create_organisation(code=code, kind=OrganisationKind.PROVIDER, name=code, by=SYSTEM, now=BEGAN)
        for code in ("bench", "another")
    ]
    verification.grant_role(
        account=accounts["handler"], role=Role.HANDLER, organisation=providers[0], by=SYSTEM, now=BEGAN
    )
    verification.grant_role(
        account=accounts["holder"], role=Role.RIGHTS_HOLDER, organisation=None, by=SYSTEM, now=BEGAN
    )
    verification.enrol_totp(
        account=accounts["handler"], secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", by=SYSTEM, now=BEGAN
    )
    subscriber = Subscriber.objects.create(
        provider=providers[0], external_id="s", pseudonym="uploader-1", account=accounts["uploader"], claimed_at=BEGAN,
        data_key=sealing.new_data_key(now=BEGAN), registered_at=BEGAN,
    )  # fmt: skip
    content = Content.objects.create(
        provider=providers[0], subscriber=subscriber, external_id="mine", url="https://host.example/mine", media="video",
        registered_at=BEGAN, changed_at=BEGAN,
    )  # fmt: skip
    return People(providers, accounts, [content])
