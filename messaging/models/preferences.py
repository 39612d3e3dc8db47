"""What somebody shows of itself while it talks, and how it is told when it is away."""

from django.db import models
from django.db.models import Q

from messaging.rules import Notify
from verification.models import Account


class Preferences(models.Model):
    """What an account lets the others in its conversations see of it at the moment, and how it is told when it is away.

    Without a row it shows both, and is told soon.
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    shows_presence = models.BooleanField(default=True)
    shows_typing = models.BooleanField(default=True)
    notify = models.CharField(max_length=8, choices=Notify.choices, default=Notify.SOON)

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [models.CheckConstraint(name="preferences_notify_known", condition=Q(notify__in=Notify.values))]
