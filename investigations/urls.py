"""The addresses of requests for an uploader's identity."""

from django.urls import path

from investigations import views
from investigations.api import approvals, deliveries, requests, subjects

ONE = "investigations/<str:reference>"

pages = [
    path("investigations/", views.own_requests, name="list"),
    path("investigations/desk/", views.desk, name="desk"),
    path("investigations/new/", views.choose_ground, name="new"),
    path("investigations/new/<str:basis>/", views.new_request, name="new-request"),
    path(f"{ONE}/", views.matter, name="matter"),
    path(f"{ONE}/correction/", views.correction, name="correction"),
    path(f"{ONE}/consultation/", views.consultation, name="consultation"),
    path(f"{ONE}/statement/", views.statement, name="statement"),
    path(f"{ONE}/assessment/", views.assessment, name="assessment"),
    path(f"{ONE}/authorization/", views.authorization, name="authorization"),
    path(f"{ONE}/disclosure/", views.disclosure, name="disclosure"),
    path(f"{ONE}/collection/", views.collection, name="collection"),
    path(f"{ONE}/reissue/", views.reissue, name="reissue"),
    path(f"{ONE}/revocation/", views.revocation, name="revocation"),
    path(f"{ONE}/withdrawal/", views.withdrawal, name="withdrawal"),
    path(f"{ONE}/documents/<uuid:document_id>/", views.document, name="document"),
    path("notices/", views.notices, name="notices"),
]

api = [
    path("legal-bases", requests.LegalBases.as_view(), name="legal-bases"),
    path("investigations", requests.Requests.as_view(), name="list"),
    path(ONE, requests.OneRequest.as_view(), name="matter"),
    path(f"{ONE}/correction", requests.Correction.as_view(), name="correction"),
    path(f"{ONE}/consultation", approvals.ConsultationView.as_view(), name="consultation"),
    path(f"{ONE}/statement", approvals.Statement.as_view(), name="statement"),
    path(f"{ONE}/assessment", approvals.AssessmentView.as_view(), name="assessment"),
    path(f"{ONE}/authorization", approvals.AuthorizationView.as_view(), name="authorization"),
    path(f"{ONE}/disclosure", deliveries.DisclosureView.as_view(), name="disclosure"),
    path(f"{ONE}/disclosure/collection", deliveries.Collection.as_view(), name="collection"),
    path(f"{ONE}/disclosure/reissue", deliveries.Reissue.as_view(), name="reissue"),
    path(f"{ONE}/revocation", deliveries.Revocation.as_view(), name="revocation"),
    path(f"{ONE}/withdrawal", requests.Withdrawal.as_view(), name="withdrawal"),
    path(f"{ONE}/accesses", requests.Accesses.as_view(), name="accesses"),
    path(f"{ONE}/documents/<uuid:document_id>", requests.DocumentView.as_view(), name="document"),
    path("consultations", subjects.Consultations.as_view(), name="consultations"),
    path("notices-of-disclosure", subjects.Notices.as_view(), name="notices-of-disclosure"),
]
