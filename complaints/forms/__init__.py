"""The forms of the pages: one question a page in the wizard, one form an act."""

from complaints.forms.acts import (
    AcceptForm,
    AppealDecisionForm,
    AppealForm,
    CorrectionForm,
    CounterForm,
    InquiryAnswerForm,
    MeasureForm,
    PlainForm,
    ReasonsForm,
    RejectForm,
    SuitForm,
)
from complaints.forms.batches import BatchActForm, BatchForm
from complaints.forms.channel import ContactPointForm
from complaints.forms.corresponding import LetterStartForm, SendLetterForm, TemplateForm
from complaints.forms.curing import ByHandForm, CureForm, MendingForm
from complaints.forms.desks import AssignmentForm, ExceptionForm, InterestForm
from complaints.forms.filing import (
    STEPS,
    ContactCodeForm,
    LetterForm,
    LetterNoticeForm,
    TrackForm,
    notice_from,
    step_form,
)
from complaints.forms.flaggers import FlaggerForm
from complaints.forms.mailboxes import MailboxForm
from complaints.forms.penalties import MisuseForm, OrderForm
from complaints.forms.policies import PolicyForm, on_policy_form, policy_as_form
from complaints.forms.powers import PowersCheckForm, PowersForm, offer_powers
from complaints.forms.saved import SaveSearchForm
from complaints.forms.searching import SearchForm
from complaints.forms.settings import LawSettingForm

__all__ = [
    "STEPS",
    "AcceptForm",
    "AppealDecisionForm",
    "AppealForm",
    "AssignmentForm",
    "BatchActForm",
    "BatchForm",
    "ByHandForm",
    "ContactCodeForm",
    "ContactPointForm",
    "CorrectionForm",
    "CounterForm",
    "CureForm",
    "ExceptionForm",
    "FlaggerForm",
    "InquiryAnswerForm",
    "InterestForm",
    "LawSettingForm",
    "LetterForm",
    "LetterNoticeForm",
    "LetterStartForm",
    "MailboxForm",
    "MeasureForm",
    "MendingForm",
    "MisuseForm",
    "OrderForm",
    "PlainForm",
    "PolicyForm",
    "PowersCheckForm",
    "PowersForm",
    "ReasonsForm",
    "RejectForm",
    "SaveSearchForm",
    "SearchForm",
    "SendLetterForm",
    "SuitForm",
    "TemplateForm",
    "TrackForm",
    "notice_from",
    "offer_powers",
    "on_policy_form",
    "policy_as_form",
    "step_form",
]
