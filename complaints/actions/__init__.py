"""Every act on complaints, each one entry in the ledger; and the values that they are given."""

from complaints.actions.appealing import appeal, decide_appeal
from complaints.actions.assigning import assign, declare_interest, except_interest, release
from complaints.actions.batching import (
    finish_batch,
    forget_prepared,
    prepare_batch,
    run_batches,
    start_batch,
    stop_batch,
)
from complaints.actions.channel import publish_contact_point
from complaints.actions.confirming import confirm_by_hand
from complaints.actions.contesting import CounterStatement, file_counter_notice, forward_counter_notice, show_suit
from complaints.actions.conversing import conversation_for, conversation_subject
from complaints.actions.correcting import correct_complaint
from complaints.actions.corresponding import draft_letter, retire_template, save_template, send_letter
from complaints.actions.curing import ask_for_more, lapse, mail_correction_link, remind_of_cure
from complaints.actions.deciding import accept, reject, reject_items
from complaints.actions.drafts import draft_of, drop_draft, keep_draft
from complaints.actions.ending import close, restore, uphold, withdraw
from complaints.actions.executing import Proof, call_for_review, chase_execution, end_measure, report_execution
from complaints.actions.exporting import Exported, export_list
from complaints.actions.filing import adopt_complaint, confirm_complaint, file_complaint
from complaints.actions.flaggers import Award, end_flagger, record_flagger, resume_flagger, suspend_flagger
from complaints.actions.inquiring import answer_inquiry, lapse_inquiries, record_inquiry_received, send_inquiry
from complaints.actions.letters import complaint_from_letter, keep_letter
from complaints.actions.mailboxes import (
    claim_mailboxes,
    end_mailbox,
    keep_fetched,
    note_failure,
    note_look,
    pass_over,
    set_mailbox,
)
from complaints.actions.measuring import order_measure
from complaints.actions.notice import Notice
from complaints.actions.parting import part
from complaints.actions.revealing import read_counter_contact
from complaints.actions.searching import keep_words
from complaints.actions.settings import change_law_setting
from complaints.actions.stating import place_words, redress_of
from complaints.actions.terms import Terms
from complaints.actions.timing import close_appeal_windows, miss_deadline, pause_clock, resume_clock

__all__ = [
    "Award",
    "CounterStatement",
    "Exported",
    "Notice",
    "Proof",
    "Terms",
    "accept",
    "adopt_complaint",
    "answer_inquiry",
    "appeal",
    "ask_for_more",
    "assign",
    "call_for_review",
    "change_law_setting",
    "chase_execution",
    "claim_mailboxes",
    "close",
    "close_appeal_windows",
    "complaint_from_letter",
    "confirm_by_hand",
    "confirm_complaint",
    "conversation_for",
    "conversation_subject",
    "correct_complaint",
    "decide_appeal",
    "declare_interest",
    "draft_letter",
    "draft_of",
    "drop_draft",
    "end_flagger",
    "end_mailbox",
    "end_measure",
    "except_interest",
    "export_list",
    "file_complaint",
    "file_counter_notice",
    "finish_batch",
    "forget_prepared",
    "forward_counter_notice",
    "keep_draft",
    "keep_fetched",
    "keep_letter",
    "keep_words",
    "lapse",
    "lapse_inquiries",
    "mail_correction_link",
    "miss_deadline",
    "note_failure",
    "note_look",
    "order_measure",
    "part",
    "pass_over",
    "pause_clock",
    "place_words",
    "prepare_batch",
    "publish_contact_point",
    "read_counter_contact",
    "record_flagger",
    "record_inquiry_received",
    "redress_of",
    "reject",
    "reject_items",
    "release",
    "remind_of_cure",
    "report_execution",
    "restore",
    "resume_clock",
    "resume_flagger",
    "retire_template",
    "run_batches",
    "save_template",
    "send_inquiry",
    "send_letter",
    "set_mailbox",
    "show_suit",
    "start_batch",
    "stop_batch",
    "suspend_flagger",
    "uphold",
    "withdraw",
]
