"""What somebody shows of itself while it talks."""

from django.db import models

from verification.models import Account


class Preferences(models.Model):
    """What an account lets the others in its conversations see of it at the moment. Without a row, both."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    shows_presence = models.BooleanField(default=True)
    shows_typing = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "preferences"
