"""The API of accounts, identities, service rules and files."""

from verification.api.accounts import (
    Identities,
    IdentityOpening,
    IdentityReview,
    IdentityView,
    MeView,
    MyAccesses,
    MyErasure,
    MyIdentities,
    RightsHolderRole,
    Rules,
    RulesAcceptance,
)
from verification.api.files import FileContent, FileForOthers, Files, FileUnchanged, FileView
from verification.api.resumable import Uploads, UploadView

__all__ = [
    "FileContent",
    "FileForOthers",
    "FileUnchanged",
    "FileView",
    "Files",
    "Identities",
    "IdentityOpening",
    "IdentityReview",
    "IdentityView",
    "MeView",
    "MyAccesses",
    "MyErasure",
    "MyIdentities",
    "RightsHolderRole",
    "Rules",
    "RulesAcceptance",
    "UploadView",
    "Uploads",
]
