"""What a provider said on points of a law that are unsure or depend on what it is."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from verification.models import Account, Organisation


class LawSetting(models.Model):
    """A value that a provider gave to a setting of a regime. The newest counts; the earlier ones stay as they were."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="law_settings")
    regime = models.CharField(max_length=10)
    setting = models.CharField(max_length=40)
    value = models.JSONField()
    reasons = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="law_setting_says_which", condition=~Q(regime="") & ~Q(setting="")),
            models.CheckConstraint(name="law_setting_has_reasons", condition=~Q(reasons="")),
        ]
        indexes = [models.Index(fields=["provider", "regime", "id"], name="law_setting_by_provider")]
