"""What follows from acts in conversations: news for the provider's service, calls of who is not here, and mails."""

from messaging.followers import away, settling, telling

__all__ = ["away", "settling", "telling"]
