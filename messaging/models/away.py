"""When an account that is away is told what waits for it."""

from django.db import models
from django.db.models import F, Q

from verification.models import Account


class Notice(models.Model):
    """When an account is looked at next for messages that it has not read, and what it was told so far.

    There is a row for whom something once waited; ``due_at`` is empty while nothing does. So a sweep looks at those
    who are due and at nobody else.
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)  # of the last mail
    told_at = models.DateTimeField(null=True)
    # How many mails in a row nothing was read after, and how far it had read in all its conversations at the last.
    unread_mails = models.PositiveIntegerField(default=0)
    read_total = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_told_has_number",
                condition=Q(number=0, told_at__isnull=True) | Q(number__gt=0, told_at__isnull=False),
            ),
            models.CheckConstraint(name="notice_unread_were_sent", condition=Q(unread_mails__lte=F("number"))),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="notice_due")]
