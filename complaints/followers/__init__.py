"""What follows from acts on complaints: mails to both sides, hints to open pages, the counter-notice on its way."""

from complaints.followers import mails, news

__all__ = ["mails", "news"]
