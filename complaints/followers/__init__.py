"""What follows from acts on complaints: mails to both sides, hints to open pages, news for the provider's service, searches."""

from complaints.followers import (
    colleagues,
    desks,
    letters,
    mails,
    news,
    penalties,
    reminders,
    searching,
    settling,
    strikes,
    together,
    webhooks,
)

__all__ = [
    "colleagues",
    "desks",
    "letters",
    "mails",
    "news",
    "penalties",
    "reminders",
    "searching",
    "settling",
    "strikes",
    "together",
    "webhooks",
]
