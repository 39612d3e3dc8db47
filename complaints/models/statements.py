"""What an uploader was told as the reasons of a measure: kept as it was told, whatever becomes of the matter."""

from django.db import models
from django.db.models import Q

from complaints.models.measures import Measure
from core.ids import uuid7
from hosting.models import Subscriber


class StatementOfReasons(models.Model):
    """The statement of reasons of one measure to one uploader, about its own items alone, in every language we speak.

    It holds nobody's name or address. Nothing changes it afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="statements")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)  # in which it was sent
    content = models.JSONField()  # by language
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "subscriber"], name="statement_once_for_each_uploader"),
            models.CheckConstraint(name="statement_has_content", condition=~Q(content={}) & ~Q(language="")),
        ]
