"""The pages of complaints: the public channel, the wizard, the page of a matter and its acts, the desks."""

from complaints.views.acts import act, appeal_decision, conversation, inquiry_answer, inquiry_receipt
from complaints.views.assigning import assignment, exception, interest, release, unreached
from complaints.views.batching import batch, batch_live, batch_new, batch_start, batch_stop, batches
from complaints.views.channel import confirm, track, tracked
from complaints.views.contact import contact_code, counter_contact, guest_contact
from complaints.views.corresponding import letter_to_party, template_edit, template_retire, templates
from complaints.views.curing import mend, mending_link
from complaints.views.desks import complaints, desk, letter, letters
from complaints.views.flaggers import flagger_act, flaggers
from complaints.views.laws import law, law_setting, laws
from complaints.views.mailboxes import mailbox, mailbox_end
from complaints.views.matter import document, matter, matter_live, reasons
from complaints.views.policies import policy, policy_new
from complaints.views.powers import powers, powers_check, powers_desk, powers_document, powers_withdrawal
from complaints.views.providers import (
    badge,
    channel,
    contact_point,
    embedded,
    provider_channel,
    provider_well_known,
    well_known,
)
from complaints.views.receipts import receipt, receipt_text
from complaints.views.restrictions import (
    restriction,
    restriction_act,
    restriction_appeal_decision,
    restrictions,
    restrictions_desk,
)
from complaints.views.saved import remove_search, save_search
from complaints.views.searching import export
from complaints.views.unconfirmed import by_hand, unconfirmed
from complaints.views.wizard import begin, done, step

__all__ = [
    "act",
    "appeal_decision",
    "assignment",
    "badge",
    "batch",
    "batch_live",
    "batch_new",
    "batch_start",
    "batch_stop",
    "batches",
    "begin",
    "by_hand",
    "channel",
    "complaints",
    "confirm",
    "contact_code",
    "contact_point",
    "conversation",
    "counter_contact",
    "desk",
    "document",
    "done",
    "embedded",
    "exception",
    "export",
    "flagger_act",
    "flaggers",
    "guest_contact",
    "inquiry_answer",
    "inquiry_receipt",
    "interest",
    "law",
    "law_setting",
    "laws",
    "letter",
    "letter_to_party",
    "letters",
    "mailbox",
    "mailbox_end",
    "matter",
    "matter_live",
    "mend",
    "mending_link",
    "policy",
    "policy_new",
    "powers",
    "powers_check",
    "powers_desk",
    "powers_document",
    "powers_withdrawal",
    "provider_channel",
    "provider_well_known",
    "reasons",
    "receipt",
    "receipt_text",
    "release",
    "remove_search",
    "restriction",
    "restriction_act",
    "restriction_appeal_decision",
    "restrictions",
    "restrictions_desk",
    "save_search",
    "step",
    "template_edit",
    "template_retire",
    "templates",
    "track",
    "tracked",
    "unconfirmed",
    "unreached",
    "well_known",
]
