"""A provider's policy on repeated infringement and on misuse of notices, version by version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.rules.policies import PUBLISHED_BEFORE
from core.ids import uuid7
from verification.models import Account, Organisation


class Policy(models.Model):
    """One version: its numbers as data, its text and examples in both languages. It is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    numbers = models.JSONField()
    text_en = models.TextField()
    text_zh = models.TextField()
    examples_en = ArrayField(models.TextField())
    examples_zh = ArrayField(models.TextField())
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    effective_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["provider", "version"], name="policy_version_once"),
            models.UniqueConstraint(fields=["provider", "effective_at"], name="policy_one_at_a_time"),
            models.CheckConstraint(
                name="policy_published_a_week_before",
                condition=Q(effective_at__gte=F("published_at") + PUBLISHED_BEFORE),
            ),
            models.CheckConstraint(
                name="policy_in_both_languages",
                condition=~Q(text_en="") & ~Q(text_zh="") & Q(examples_en__len__gt=0, examples_zh__len__gt=0),
            ),
        ]
