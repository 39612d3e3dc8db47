"""Looking into a matter, which changes nothing about it and is noted all the same."""

import datetime as dt
from uuid import UUID

from core import files
from core.models import StoredFile
from investigations import access
from investigations.models import Investigation
from verification.models import Account


def look(*, reference: str, by: Account, now: dt.datetime) -> Investigation:
    """Return the request for its reader, and note that it was read; NotFound when it is not the account's to see."""
    investigation = access.get_for(by, reference)
    access.note_access(by, investigation, "request", now)
    return investigation


def open_document(*, reference: str, document_id: UUID, by: Account, now: dt.datetime) -> tuple[StoredFile, bytes]:
    """Return a document of the request with its bytes, and note that it was opened; NotFound as ``look``."""
    investigation, file = access.document_for(by, reference, document_id)
    access.note_access(by, investigation, f"document:{str(file.pk)[-12:]}", now)
    return file, files.content_of(file)
