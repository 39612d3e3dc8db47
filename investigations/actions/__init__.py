"""Every act on a request for an uploader's identity."""

from investigations.actions.deciding import assess, authorize, refuse
from investigations.actions.disclosing import collect, disclose, expire, reissue, revoke, tell_subject
from investigations.actions.hearing import consult, end_hearing, give_statement
from investigations.actions.looking import look, open_document
from investigations.actions.requests import acknowledge, correct_request, file_request, note_overdue, withdraw

__all__ = [
    "acknowledge",
    "assess",
    "authorize",
    "collect",
    "consult",
    "correct_request",
    "disclose",
    "end_hearing",
    "expire",
    "file_request",
    "give_statement",
    "look",
    "note_overdue",
    "open_document",
    "refuse",
    "reissue",
    "revoke",
    "tell_subject",
    "withdraw",
]
