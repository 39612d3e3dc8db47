"""The tables of complaints: the notice with its works and items, measures, counter-notices, suits, appeals, letters, desks."""

from complaints.models.answers import Appeal, ContactCode, CounterNotice, Suit
from complaints.models.batches import Batch, BatchRow
from complaints.models.channel import ContactPoint
from complaints.models.complaint import Complaint, ComplaintItem, ComplaintWork, ConfirmationLink, Correction
from complaints.models.corresponding import LetterTemplate, SentLetter
from complaints.models.curing import CorrectionLink, CureRequest
from complaints.models.desk import Assignment, DeclaredInterest, InterestException, UnreachedAside
from complaints.models.flaggers import TrustedFlagger
from complaints.models.inquiries import Inquiry
from complaints.models.letters import Letter
from complaints.models.mailboxes import Mailbox
from complaints.models.measures import ExecutionReport, Measure, MeasureItem
from complaints.models.policies import Policy
from complaints.models.powers import PowersOfAttorney
from complaints.models.restrictions import HeldBack, Restriction, RestrictionAppeal
from complaints.models.saved import SavedSearch
from complaints.models.search import SearchEntry
from complaints.models.settings import LawSetting
from complaints.models.statements import StatementOfReasons
from complaints.models.strikes import Finding, Strike

__all__ = [
    "Appeal",
    "Assignment",
    "Batch",
    "BatchRow",
    "Complaint",
    "ComplaintItem",
    "ComplaintWork",
    "ConfirmationLink",
    "ContactCode",
    "ContactPoint",
    "Correction",
    "CorrectionLink",
    "CounterNotice",
    "CureRequest",
    "DeclaredInterest",
    "ExecutionReport",
    "Finding",
    "HeldBack",
    "Inquiry",
    "InterestException",
    "LawSetting",
    "Letter",
    "LetterTemplate",
    "Mailbox",
    "Measure",
    "MeasureItem",
    "Policy",
    "PowersOfAttorney",
    "Restriction",
    "RestrictionAppeal",
    "SavedSearch",
    "SearchEntry",
    "SentLetter",
    "StatementOfReasons",
    "Strike",
    "Suit",
    "TrustedFlagger",
    "UnreachedAside",
]
