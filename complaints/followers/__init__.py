"""What follows from acts on complaints: mails to both sides, hints to open pages, news for the provider's service."""

from complaints.followers import desks, mails, news, reminders, webhooks

__all__ = ["desks", "mails", "news", "reminders", "webhooks"]
