"""The complaint channel for programs: parse, one call, answer."""

from complaints.api.assigning import Assignment, Interest, InterestException, Release, Unreached
from complaints.api.batching import Batch, Batches, BatchRows, BatchStart, BatchStop
from complaints.api.complaints import Complaint, Complaints, StatementOfReasons, Timeline, TransparencyStatements
from complaints.api.corresponding import LetterDraft, LetterTemplateRetirement, LetterTemplates, SentLetters
from complaints.api.curing import Cure, Mending, MendingLink
from complaints.api.exporting import Export
from complaints.api.flaggers import FlaggerEnd, FlaggerResumption, Flaggers, FlaggerSuspension
from complaints.api.inquiring import Inquiry, InquiryAnswer, InquiryReceipt, Pause, Resumption
from complaints.api.laws import LawSettings, Regime, Regimes
from complaints.api.letters import Letter, LetterComplaint, Letters
from complaints.api.mailboxes import Mailbox
from complaints.api.parties import Appeal, Correction, CounterContact, CounterNotice, Suit, Withdrawal
from complaints.api.powers import Powers, PowersCheck, PowersList, PowersWithdrawal
from complaints.api.providing import (
    Acceptance,
    AppealDecision,
    Closing,
    Execution,
    Forwarding,
    Measure,
    Rejection,
    Restoration,
    Upholding,
)
from complaints.api.public import Adoption, Confirmation, Tracked, TrackedReceipt
from complaints.api.restrictions import (
    Misuse,
    OwnRestrictions,
    Policies,
    RestrictionAppealDecision,
    RestrictionAppealView,
    RestrictionConfirmation,
    RestrictionDismissal,
    RestrictionExecution,
    RestrictionLifting,
    Restrictions,
    RestrictionView,
)
from complaints.api.saved import SavedSearch, SavedSearches
from complaints.api.unconfirmed import ByHand, Unconfirmed
from complaints.api.xarf import XarfReports

__all__ = [
    "Acceptance",
    "Adoption",
    "Appeal",
    "AppealDecision",
    "Assignment",
    "Batch",
    "BatchRows",
    "BatchStart",
    "BatchStop",
    "Batches",
    "ByHand",
    "Closing",
    "Complaint",
    "Complaints",
    "Confirmation",
    "Correction",
    "CounterContact",
    "CounterNotice",
    "Cure",
    "Execution",
    "Export",
    "FlaggerEnd",
    "FlaggerResumption",
    "FlaggerSuspension",
    "Flaggers",
    "Forwarding",
    "Inquiry",
    "InquiryAnswer",
    "InquiryReceipt",
    "Interest",
    "InterestException",
    "LawSettings",
    "Letter",
    "LetterComplaint",
    "LetterDraft",
    "LetterTemplateRetirement",
    "LetterTemplates",
    "Letters",
    "Mailbox",
    "Measure",
    "Mending",
    "MendingLink",
    "Misuse",
    "OwnRestrictions",
    "Pause",
    "Policies",
    "Powers",
    "PowersCheck",
    "PowersList",
    "PowersWithdrawal",
    "Regime",
    "Regimes",
    "Rejection",
    "Release",
    "Restoration",
    "RestrictionAppealDecision",
    "RestrictionAppealView",
    "RestrictionConfirmation",
    "RestrictionDismissal",
    "RestrictionExecution",
    "RestrictionLifting",
    "RestrictionView",
    "Restrictions",
    "Resumption",
    "SavedSearch",
    "SavedSearches",
    "SentLetters",
    "StatementOfReasons",
    "Suit",
    "Timeline",
    "Tracked",
    "TrackedReceipt",
    "TransparencyStatements",
    "Unconfirmed",
    "Unreached",
    "Upholding",
    "Withdrawal",
    "XarfReports",
]
