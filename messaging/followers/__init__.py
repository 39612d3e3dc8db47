"""What follows from acts in conversations: news for the provider's service, calls of who is not here, and mails."""

from messaging.followers import settling, telling

__all__ = ["settling", "telling"]
