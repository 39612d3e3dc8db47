"""Pages of requests for an uploader's identity."""

from investigations.views.approvals import assessment, authorization, consultation
from investigations.views.deliveries import collection, disclosure, reissue, revocation, withdrawal
from investigations.views.requests import (
    choose_ground,
    correction,
    desk,
    document,
    matter,
    new_request,
    own_requests,
)
from investigations.views.subjects import notices, statement

__all__ = [
    "assessment",
    "authorization",
    "choose_ground",
    "collection",
    "consultation",
    "correction",
    "desk",
    "disclosure",
    "document",
    "matter",
    "new_request",
    "notices",
    "own_requests",
    "reissue",
    "revocation",
    "statement",
    "withdrawal",
]
