"""The words by which complaints are found: derived from what they say, so that keeping them is no act of a matter."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from complaints.models import Complaint, ComplaintItem, Measure, SearchEntry
from complaints.rules import search
from core import prepared
from core.inserts import Made, Making

# The row by which a new complaint is found; where none comes with it, a trigger makes one without words.
_ENTRY = Making(
    Complaint,
    "INSERT INTO complaints_searchentry (complaint_id, number, filed_at, tags, words)"
    " SELECT ({row}).id, number, ({row}).filed_at, complaints_search_tags({row}, NULL, number), {value}::tsvector"
    " FROM {rows}, nextval('complaints_search_number') AS number",
)


def entry_of(complaint: Complaint, *, works: Iterable[tuple[str, str]], items: Iterable[tuple[str, str]]) -> Made:
    """Return the row by which a complaint with these parts is found, to be inserted together with it."""
    return Made(_ENTRY, _words(complaint, works, items))


def _words(
    complaint: Complaint,
    works: Iterable[tuple[str, str]],
    items: Iterable[tuple[str, str]],
    reasons: Iterable[str] = (),
) -> str:
    own = (complaint.reference, complaint.regime, complaint.capacity)
    parts = (text for pair in (*works, *items) for text in pair)
    return search.kept_words((*own, *parts, complaint.grounds, *reasons))


def keep_words(complaint: Complaint) -> None:
    """Make the complaint found by what it says now: by its parties and the provider whole, by an uploader in its part.

    Nothing that is sealed is among the words.
    """
    for audience in list(SearchEntry.objects.filter(complaint=complaint).values_list("audience", flat=True)):
        items = ComplaintItem.objects.filter(complaint=complaint)
        measures = Measure.objects.filter(complaint=complaint)
        if audience is not None:
            own = Q(content__subscriber=audience, told_at__isnull=False)
            items, measures = items.filter(own), measures.filter(covered__item__in=items.filter(own)).distinct()
        words = _words(
            complaint,
            complaint.works.order_by("position").values_list("title", "work"),
            items.order_by("position").values_list("url", "external_id"),
            [complaint.reasons, *measures.order_by("pk").values_list("reasons", flat=True)],
        )
        _write(complaint, audience, words)


def _write(complaint: Complaint, audience: UUID | None, words: str) -> None:
    """Write the words for one audience; in one statement, which changes only what differs."""
    with prepared.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_searchentry SET words = $1::tsvector"
            " WHERE complaint_id = $2 AND audience_id IS NOT DISTINCT FROM $3 AND words <> $1::tsvector",
            [words, complaint.pk, audience],
        )
