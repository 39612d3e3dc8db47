"""The words by which complaints are found: derived from what they say, so that keeping them is no act of a matter."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from complaints.models import Complaint, ComplaintItem, Measure, SearchEntry
from complaints.rules import search
from core import prepared


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
        keep_words_of(
            complaint,
            works=complaint.works.order_by("position").values_list("title", "work"),
            items=items.order_by("position").values_list("url", "external_id"),
            reasons=[complaint.reasons, *measures.order_by("pk").values_list("reasons", flat=True)],
            audience=audience,
        )


def keep_words_of(
    complaint: Complaint,
    *,
    works: Iterable[tuple[str, str]],
    items: Iterable[tuple[str, str]],
    reasons: Iterable[str] = (),
    audience: UUID | None = None,
) -> None:
    """Write the words of a complaint with these parts for one audience; in one statement, which changes only what differs."""
    own = (complaint.reference, complaint.regime, complaint.capacity)
    parts = (text for pair in (*works, *items) for text in pair)
    words = search.kept_words((*own, *parts, complaint.grounds, *reasons))
    with prepared.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_searchentry SET words = $1::tsvector"
            " WHERE complaint_id = $2 AND audience_id IS NOT DISTINCT FROM $3 AND words <> $1::tsvector",
            [words, complaint.pk, audience],
        )
