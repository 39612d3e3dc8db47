"""What pages and API share around identities: reading an input, gathering a review, giving out a file's bytes."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import reverse

from core import files
from core.models import StoredFile
from verification import access, actions, files_access
from verification.models import Account
from verification.rules import IdentityState


def of_input(given: dict[str, Any]) -> actions.Submitted:
    """Return what an action takes from the validated input of the contract's shape."""
    document, address = given["document"], given["postal_address"]
    return actions.Submitted(
        kind=given["kind"],
        legal_name=given["legal_name"],
        document_type=document["type"],
        document_number=document["number"],
        document_country=document["country"],
        document_expires_on=document.get("expires_on"),
        postal_address=actions.Address(
            country=address["country"],
            lines=tuple(address["lines"]),
            postal_code=address.get("postal_code", ""),
            locality=address.get("locality", ""),
        ),
        phone=given["phone"],
        file_ids=tuple(given["documents"]),
    )


def for_review(account: Account, identity_id: UUID) -> Any:
    """Return the identity as its reviewer sees it: with its files, and how many others have the same document or name."""
    identity: Any = access.reviewable(account, identity_id)
    identity.documents, identity.others_with = access.documents_of(identity), access.others_with(identity)
    is_open = identity.state == IdentityState.SUBMITTED
    identity.shown_documents = [_row_of(file, is_open=is_open) for file in identity.documents]
    return identity


def _row_of(file: StoredFile, *, is_open: bool) -> dict[str, Any]:
    url = reverse("verification-api:file-content", args=[file.pk]) if is_open else ""
    row = {"name": files.name_of(file), "size_bytes": file.size_bytes, "media_type": file.media_type}
    return {**row, "sha256": files.sha256_of(file), "state": file.state, "url": url}


def content_for(account: Account, file_id: UUID, now: dt.datetime) -> tuple[StoredFile, bytes]:
    """Return a file with its bytes for its owner or a party; a reviewer's look at an identity document is recorded."""
    file, subject = files_access.get_for(account, file_id)
    kind, _colon, key = subject.partition(":")
    if kind != "identity":
        return file, files.content_of(file)
    return file, actions.open_document(identity_id=UUID(key), file=file, by=account, now=now)


def submit(given: dict[str, Any], uploaded: list[Any], *, by: Account, now: dt.datetime) -> Any:
    """Keep the uploaded files, each an act of its own, and submit the identity with them."""
    submitted = of_input(given)
    actions.check_submitted(submitted, now)
    stored = [actions.store_file(data=one.read(), name=one.name or "", by=by, now=now) for one in uploaded]
    whole = replace(submitted, file_ids=tuple(file.pk for file in stored))
    return actions.submit_identity(provider=given["provider"], submitted=whole, by=by, now=now)


def require_fresh_where_set_up(account: Account, now: dt.datetime) -> None:
    """Raise StepUpRequired for an account with a second factor that was not given within the last five minutes."""
    if access.has_second_factor(account):
        access.require_second_factor(account, now)
