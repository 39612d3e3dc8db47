"""Every act on complaints, each one entry in the ledger; and the values that they are given."""

from complaints.actions.agreeing import reopen, settle
from complaints.actions.appealing import appeal, decide_appeal
from complaints.actions.assigning import assign, declare_interest, except_interest, put_unreached_aside, release
from complaints.actions.batching import (
    finish_batch,
    forget_prepared,
    prepare_batch,
    run_batches,
    start_batch,
    stop_batch,
)
from complaints.actions.catching_up import catch_up, left_behind
from complaints.actions.channel import publish_contact_point
from complaints.actions.confirming import confirm_by_hand
from complaints.actions.contesting import CounterStatement, file_counter_notice, forward_counter_notice, show_suit
from complaints.actions.conversing import conversation_for, conversation_subject
from complaints.actions.correcting import correct_complaint
from complaints.actions.corresponding import draft_letter, retire_template, save_template, send_letter
from complaints.actions.counting import count_strikes, find_misuse, run_finality, take_back_strikes
from complaints.actions.curing import ask_for_more, lapse, mail_correction_link, remind_of_cure
from complaints.actions.deciding import accept, reject, reject_items
from complaints.actions.drafts import draft_of, drop_draft, keep_draft
from complaints.actions.ending import close, restore, uphold, withdraw
from complaints.actions.executing import Proof, call_for_review, chase_execution, end_measure, report_execution
from complaints.actions.exporting import Exported, export_list
from complaints.actions.filing import adopt_complaint, confirm_complaint, file_complaint
from complaints.actions.flaggers import Award, end_flagger, record_flagger, resume_flagger, suspend_flagger
from complaints.actions.holding import hold_back, take_up
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
from complaints.actions.policies import PolicyText, check_policy, earliest_for_policy, publish_policy
from complaints.actions.powers import PowersGiven, check_powers, refuse_powers, submit_powers, withdraw_powers
from complaints.actions.restricting import (
    ENDING,
    Order,
    decline_restriction,
    drop_proposal,
    expire_restriction,
    lift_restriction,
    order_restriction,
    propose_restriction,
    report_restriction,
    warn,
)
from complaints.actions.restriction_appeals import appeal_restriction, decide_restriction_appeal
from complaints.actions.revealing import mail_contact_code, read_counter_contact
from complaints.actions.saving import remove_search, save_search
from complaints.actions.searching import keep_words
from complaints.actions.settings import change_law_setting
from complaints.actions.stating import place_words, redress_of
from complaints.actions.terms import Terms
from complaints.actions.timing import close_appeal_windows, miss_deadline, pause_clock, resume_clock

__all__ = [
    "ENDING",
    "Award",
    "CounterStatement",
    "Exported",
    "Notice",
    "Order",
    "PolicyText",
    "PowersGiven",
    "Proof",
    "Terms",
    "accept",
    "adopt_complaint",
    "answer_inquiry",
    "appeal",
    "appeal_restriction",
    "ask_for_more",
    "assign",
    "call_for_review",
    "catch_up",
    "change_law_setting",
    "chase_execution",
    "check_policy",
    "check_powers",
    "claim_mailboxes",
    "close",
    "close_appeal_windows",
    "complaint_from_letter",
    "confirm_by_hand",
    "confirm_complaint",
    "conversation_for",
    "conversation_subject",
    "correct_complaint",
    "count_strikes",
    "decide_appeal",
    "decide_restriction_appeal",
    "declare_interest",
    "decline_restriction",
    "draft_letter",
    "draft_of",
    "drop_draft",
    "drop_proposal",
    "earliest_for_policy",
    "end_flagger",
    "end_mailbox",
    "end_measure",
    "except_interest",
    "expire_restriction",
    "export_list",
    "file_complaint",
    "file_counter_notice",
    "find_misuse",
    "finish_batch",
    "forget_prepared",
    "forward_counter_notice",
    "hold_back",
    "keep_draft",
    "keep_fetched",
    "keep_letter",
    "keep_words",
    "lapse",
    "lapse_inquiries",
    "left_behind",
    "lift_restriction",
    "mail_contact_code",
    "mail_correction_link",
    "miss_deadline",
    "note_failure",
    "note_look",
    "order_measure",
    "order_restriction",
    "part",
    "pass_over",
    "pause_clock",
    "place_words",
    "prepare_batch",
    "propose_restriction",
    "publish_contact_point",
    "publish_policy",
    "put_unreached_aside",
    "read_counter_contact",
    "record_flagger",
    "record_inquiry_received",
    "redress_of",
    "refuse_powers",
    "reject",
    "reject_items",
    "release",
    "remind_of_cure",
    "remove_search",
    "reopen",
    "report_execution",
    "report_restriction",
    "restore",
    "resume_clock",
    "resume_flagger",
    "retire_template",
    "run_batches",
    "run_finality",
    "save_search",
    "save_template",
    "send_inquiry",
    "send_letter",
    "set_mailbox",
    "settle",
    "show_suit",
    "start_batch",
    "stop_batch",
    "submit_powers",
    "suspend_flagger",
    "take_back_strikes",
    "take_up",
    "uphold",
    "warn",
    "withdraw",
    "withdraw_powers",
]
