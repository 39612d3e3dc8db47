"""What searches read: for each complaint one row of tags and words for each audience; derived, never the truth."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from hosting.models import Subscriber


class SearchEntry(models.Model):
    """What one audience may find a complaint by: its parties and the provider by all of it, an uploader by its part.

    Triggers make the rows and keep the tags (who may find it, state, regime, months) in the transaction of each change;
    ``actions.searching`` keeps the words.
    """

    id = models.BigAutoField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="+", db_index=False)
    audience = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The complaint's place in the order in which complaints came; from a sequence, the same for all its rows.
    number = models.BigIntegerField()
    filed_at = models.DateTimeField()
    tags = ArrayField(models.TextField())
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["complaint", "audience"], name="search_entry_once", nulls_distinct=False),
            models.CheckConstraint(name="search_entry_has_tags", condition=Q(tags__len__gt=0)),
        ]
        # Without a list of what is pending, which every look-up would have to read through.
        indexes = [GinIndex(fields=["tags", "words"], name="search_entry_found", fastupdate=False)]
