"""What happens in a complaint and may move its clocks, and what a clock does: the words in which regimes speak of it."""

from enum import StrEnum


class Event(StrEnum):
    """Something that starts, stops, pauses, resumes or restarts clocks; regimes say which."""

    NOTICE_RECEIVED = "notice.received"  # one that lacks nothing, or lacks nothing any more
    NOTICE_INCOMPLETE = "notice.incomplete"
    SENDER_ASKED = "sender.asked"
    SENDER_RECEIVED_INQUIRY = "sender.received_inquiry"
    SENDER_CONSENTED = "sender.consented"
    SENDER_REFUSED = "sender.refused"
    APPLICANT_ANSWERED = "applicant.answered"
    RESTRICTION_IMPOSED = "restriction.imposed"
    DECISION_INFORMED = "decision.informed"  # of one side
    APPEAL_DECIDED = "appeal.decided"  # of one side
    COUNTER_NOTICE_RECEIVED = "counter_notice.received"
    COUNTER_NOTICE_REACHED = "counter_notice.reached_right_holder"
    LAWSUIT_SHOWN = "lawsuit"
    AUTHORITY_COMPLAINT_SHOWN = "authority_complaint"
    DELAYED = "delay.beyond_control"
    DELAY_OVER = "delay.over"


class Effect(StrEnum):
    """What the portal does when a clock runs out."""

    RESTORATION = "restoration"
    MAY_REMOVE = "may_remove_without_liability"
    WINDOW_CLOSES = "complaint_window_closes"
    ANSWER_APPLICANT = "answer_applicant"
    STATEMENT_OF_REASONS = "statement_of_reasons"


# The acts of the clocks, as core.clocks knows them.
HANDLED_BY: dict[str, str] = {
    Effect.RESTORATION: "complaint.restoration_due",
    Effect.MAY_REMOVE: "complaint.inquiry_due",
    Effect.WINDOW_CLOSES: "complaint.window_due",
    Effect.ANSWER_APPLICANT: "complaint.answer_due",
}
