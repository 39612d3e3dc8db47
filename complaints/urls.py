"""The addresses of complaints, for people and for programs."""

from django.urls import path

from complaints import api as programs
from complaints import views

pages = [
    path("complain/", views.channel, name="channel"),
    path("complain/confirm/<str:token>/", views.confirm, name="confirm"),
    path("complain/mend/<str:token>/", views.mend, name="mend"),
    path("complain/done/", views.done, name="done"),
    path("complain/new/", views.begin, name="begin"),
    path("complain/new/<slug:step>/", views.step, name="step"),
    path("track/", views.track, name="track"),
    path("track/<str:tracking_code>/", views.tracked, name="tracked"),
    path("track/<str:tracking_code>/link/", views.mending_link, name="mending-link"),
    path("law/", views.laws, name="laws"),
    path("law/<slug:code>/", views.law, name="law"),
    path(".well-known/complaint-channel.json", views.well_known, name="well-known"),
    path("complaints/", views.complaints, name="list"),
    path("complaints/<str:reference>/", views.matter, name="matter"),
    path("complaints/<str:reference>/live/", views.matter_live, name="matter-live"),
    path("complaints/<str:reference>/files/<uuid:file_id>/", views.document, name="file"),
    path("complaints/<str:reference>/reasons/", views.reasons, name="reasons"),
    path("complaints/<str:reference>/conversation/", views.conversation, name="conversation"),
    path("complaints/<str:reference>/appeal/decision/", views.appeal_decision, name="appeal-decision"),
    path("complaints/<str:reference>/<slug:act>/", views.act, name="act"),
    path("desk/complaints/", views.desk, name="desk"),
    path("desk/letters/", views.letters, name="letters"),
    path("desk/letters/<uuid:letter_id>/", views.letter, name="letter"),
]

_COMPLAINT = "complaints/<str:reference>"
api = [
    path("regimes", programs.Regimes.as_view(), name="regimes"),
    path("regimes/<str:code>", programs.Regime.as_view(), name="regime"),
    path("complaints", programs.Complaints.as_view(), name="complaints"),
    path("complaints/adoption", programs.Adoption.as_view(), name="adoption"),
    path(_COMPLAINT, programs.Complaint.as_view(), name="complaint"),
    path(f"{_COMPLAINT}/correction", programs.Correction.as_view(), name="correction"),
    path(f"{_COMPLAINT}/cure", programs.Cure.as_view(), name="cure"),
    path(f"{_COMPLAINT}/acceptance", programs.Acceptance.as_view(), name="acceptance"),
    path(f"{_COMPLAINT}/rejection", programs.Rejection.as_view(), name="rejection"),
    path(f"{_COMPLAINT}/measure", programs.Measure.as_view(), name="measure"),
    path(f"{_COMPLAINT}/execution", programs.Execution.as_view(), name="execution"),
    path(f"{_COMPLAINT}/counter-notice", programs.CounterNotice.as_view(), name="counter-notice"),
    path(f"{_COMPLAINT}/forwarding", programs.Forwarding.as_view(), name="forwarding"),
    path(f"{_COMPLAINT}/suit", programs.Suit.as_view(), name="suit"),
    path(f"{_COMPLAINT}/withdrawal", programs.Withdrawal.as_view(), name="withdrawal"),
    path(f"{_COMPLAINT}/restoration", programs.Restoration.as_view(), name="restoration"),
    path(f"{_COMPLAINT}/upholding", programs.Upholding.as_view(), name="upholding"),
    path(f"{_COMPLAINT}/closing", programs.Closing.as_view(), name="closing"),
    path(f"{_COMPLAINT}/appeal", programs.Appeal.as_view(), name="appeal"),
    path(f"{_COMPLAINT}/appeal/decision", programs.AppealDecision.as_view(), name="appeal-decision"),
    path(f"{_COMPLAINT}/timeline", programs.Timeline.as_view(), name="timeline"),
    path(f"{_COMPLAINT}/statement-of-reasons", programs.StatementOfReasons.as_view(), name="statement-of-reasons"),
    path("letters", programs.Letters.as_view(), name="letters"),
    path("letters/<uuid:letter_id>", programs.Letter.as_view(), name="letter"),
    path("letters/<uuid:letter_id>/complaint", programs.LetterComplaint.as_view(), name="letter-complaint"),
    path("public/complaints/correction", programs.Mending.as_view(), name="mending"),
    path("public/complaints/correction-link", programs.MendingLink.as_view(), name="mending-link-program"),
    path("public/complaints/confirm", programs.Confirmation.as_view(), name="confirmation"),
    path("public/complaints/<str:tracking_code>", programs.Tracked.as_view(), name="tracked"),
]
