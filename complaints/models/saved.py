"""The searches that accounts keep for themselves."""

from django.db import models
from django.db.models import Q

from complaints.rules import search
from core.ids import uuid7
from core.models import DataKey
from verification.models import Account


class SavedSearch(models.Model):
    """A search that an account keeps under a name: both are sealed, because what one looks for may name people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_searches")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    # By which the account's search of a name is found again without opening any.
    name_index = models.BinaryField()
    kept_sealed = models.BinaryField()
    # One of so many places of the account; whoever has no place left keeps no more.
    place = models.PositiveSmallIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "name_index"], name="saved_search_name_once"),
            models.UniqueConstraint(fields=["account", "place"], name="saved_search_place_once"),
            models.CheckConstraint(
                name="saved_search_has_a_place", condition=Q(place__gte=1, place__lte=search.MOST_SAVED)
            ),
        ]
