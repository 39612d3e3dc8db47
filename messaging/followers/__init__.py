"""What follows from acts in conversations: news for the provider's service, and mails on what was not kept."""

from messaging.followers import settling

__all__ = ["settling"]
