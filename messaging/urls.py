"""The addresses of conversations, for people and for programs."""

from django.urls import path

from messaging import api as programs
from messaging import views

pages = [
    path("conversations/", views.conversations, name="list"),
    path("desk/unreached/", views.unreached, name="unreached"),
    path("desk/unreached/<uuid:conversation_id>/", views.call_again, name="call-again"),
    path("desk/reports/", views.reports, name="reports"),
    path("desk/reports/<uuid:report_id>/", views.report, name="report"),
    path("desk/conversations/<uuid:conversation_id>/", views.staff, name="staff"),
    path("conversations/<uuid:conversation_id>/act/<slug:act>/", views.act_on_conversation, name="act"),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/report/",
        views.report_message,
        name="report-message",
    ),
    path("conversations/offline/", views.offline, name="offline"),
    path("conversations/worker/", views.worker, name="worker"),
    path("conversations/preferences/", views.preferences, name="preferences"),
    path("conversations/replies/", views.replies, name="replies"),
    path("conversations/replies/<uuid:reply_id>/", views.reply, name="reply"),
    path("conversations/mails/stop/<str:token>/", views.stop_mails, name="stop-mails"),
    path("conversations/<uuid:conversation_id>/messages/<uuid:message_id>/", views.message, name="message"),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/withdrawal/",
        views.withdrawal,
        name="withdrawal",
    ),
    path("conversations/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("conversations/<uuid:conversation_id>/files/<uuid:file_id>/", views.attachment, name="attachment"),
    path("conversations/<uuid:conversation_id>/files/<uuid:file_id>/preview/", views.preview, name="preview"),
    path("conversations/<uuid:conversation_id>/files/<uuid:file_id>/passing/", views.passing, name="passing"),
    path("conversations/<uuid:conversation_id>/proposals/new/<slug:kind>/", views.proposal_new, name="proposal-new"),
    path("conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/record/<slug:form>/",
        views.proposal_record,
        name="proposal-record",
    ),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/<slug:act>/",
        views.proposal_act,
        name="proposal-act",
    ),
    path("conversations/<uuid:conversation_id>/removal/", views.removal, name="removal"),
    path(
        "conversations/<uuid:conversation_id>/undertakings/<uuid:undertaking_id>/done/",
        views.undertaking_done,
        name="undertaking-done",
    ),
    path("conversations/<uuid:conversation_id>/transcript/<slug:form>/", views.transcript, name="transcript"),
]

api = [
    path("unreached-uploaders", programs.Unreached.as_view(), name="unreached"),
    path("unreached-uploaders/<uuid:conversation_id>/call", programs.CallAgain.as_view(), name="call-again"),
    path("message-reports", programs.ReportsDesk.as_view(), name="reports-desk"),
    path("message-reports/<uuid:report_id>", programs.Report.as_view(), name="report"),
    path("message-reports/<uuid:report_id>/decision", programs.ReportDecision.as_view(), name="report-decision"),
    path("conversations/<uuid:conversation_id>/reports", programs.Reports.as_view(), name="reports"),
    path("conversations/<uuid:conversation_id>/end", programs.End.as_view(), name="end"),
    path("conversations/<uuid:conversation_id>/block", programs.Block.as_view(), name="block"),
    path("conversations/<uuid:conversation_id>/unblock", programs.Unblock.as_view(), name="unblock"),
    path("conversations/<uuid:conversation_id>/mute", programs.Mute.as_view(), name="mute"),
    path("conversations/<uuid:conversation_id>/staff", programs.Staff.as_view(), name="staff"),
    path("conversations/<uuid:conversation_id>/staff/leave", programs.StaffLeave.as_view(), name="staff-leave"),
    path("conversations/<uuid:conversation_id>/hold", programs.Hold.as_view(), name="hold"),
    path("conversations/<uuid:conversation_id>/release", programs.Release.as_view(), name="release"),
    path("conversations/<uuid:conversation_id>/hints", programs.Hints.as_view(), name="hints"),
    path("conversations", programs.Conversations.as_view(), name="conversations"),
    path("conversations/<uuid:conversation_id>", programs.Conversation.as_view(), name="conversation"),
    path("conversations/<uuid:conversation_id>/messages", programs.Messages.as_view(), name="messages"),
    path("conversations/<uuid:conversation_id>/messages/<uuid:message_id>", programs.Message.as_view(), name="message"),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/revision",
        programs.MessageRevision.as_view(),
        name="revision",
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/withdrawal",
        programs.MessageWithdrawal.as_view(),
        name="withdrawal",
    ),
    path("conversations/<uuid:conversation_id>/search", programs.Search.as_view(), name="search"),
    path("conversations/<uuid:conversation_id>/files/<uuid:file_id>", programs.File.as_view(), name="file"),
    path(
        "conversations/<uuid:conversation_id>/files/<uuid:file_id>/preview", programs.Preview.as_view(), name="preview"
    ),
    path("conversations/<uuid:conversation_id>/read", programs.Read.as_view(), name="read"),
    path("me/messaging/push", programs.Push.as_view(), name="push"),
    path("me/messaging/push/removal", programs.PushRemoval.as_view(), name="push-removal"),
    path("me/messaging", programs.MyPreferences.as_view(), name="preferences"),
    path("conversations/<uuid:conversation_id>/proposals", programs.Proposals.as_view(), name="proposals"),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>",
        programs.Proposal.as_view(),
        name="proposal",
    ),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/answer",
        programs.ProposalAnswer.as_view(),
        name="proposal-answer",
    ),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/withdrawal",
        programs.ProposalWithdrawal.as_view(),
        name="proposal-withdrawal",
    ),
    path(
        "conversations/<uuid:conversation_id>/proposals/<uuid:proposal_id>/record",
        programs.Record.as_view(),
        name="proposal-record",
    ),
    path("conversations/<uuid:conversation_id>/transcript", programs.Transcript.as_view(), name="transcript"),
    # The same without the conversation: a proposal's id says enough.
    path("proposals/<uuid:proposal_id>/answer", programs.ProposalAnswer.as_view(), name="proposal-answer-alone"),
    path(
        "proposals/<uuid:proposal_id>/withdrawal",
        programs.ProposalWithdrawal.as_view(),
        name="proposal-withdrawal-alone",
    ),
    path("conversations/<uuid:conversation_id>/removal", programs.Removal.as_view(), name="removal"),
    path("conversations/<uuid:conversation_id>/undertakings", programs.Undertakings.as_view(), name="undertakings"),
    path(
        "undertakings/<uuid:undertaking_id>/execution",
        programs.UndertakingExecution.as_view(),
        name="undertaking-execution",
    ),
]
