"""The addresses of accounts, identities, service rules and files."""

from django.urls import path

from verification import api as program
from verification import views

pages = [
    path("account/", views.account, name="account"),
    path("account/identity/", views.submit, name="submit"),
    path("account/identity/withdrawal/", views.withdraw, name="withdraw"),
    path("account/identity/erasure/", views.erase, name="erase"),
    path("account/rights-holder/", views.become_rights_holder, name="rights-holder"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revocation/", views.revoke_token, name="revoke-token"),
    path("identities/", views.queue, name="queue"),
    path("identities/<uuid:identity_id>/", views.review, name="review"),
    path("identities/<uuid:identity_id>/opened/", views.opened, name="opened"),
    path("rules/<slug:provider>/", views.rules, name="rules"),
    path("rules/<slug:provider>/<uuid:rules_id>/acceptance/", views.accept_rules, name="accept-rules"),
]
api = [
    path("me", program.MeView.as_view(), name="me"),
    path("me/rights-holder", program.RightsHolderRole.as_view(), name="me-rights-holder"),
    path("identities", program.Identities.as_view(), name="identities"),
    path("identities/mine", program.MyIdentities.as_view(), name="identities-mine"),
    path("identities/mine/accesses", program.MyAccesses.as_view(), name="identities-mine-accesses"),
    path("identities/mine/erasure", program.MyErasure.as_view(), name="identities-mine-erasure"),
    path("identities/<uuid:identity_id>", program.IdentityView.as_view(), name="identity"),
    path("identities/<uuid:identity_id>/opening", program.IdentityOpening.as_view(), name="identity-opening"),
    path("identities/<uuid:identity_id>/review", program.IdentityReview.as_view(), name="identity-review"),
    path("rules", program.Rules.as_view(), name="rules"),
    path("rules/<uuid:rules_id>/acceptance", program.RulesAcceptance.as_view(), name="rules-acceptance"),
    path("uploads", program.Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>", program.UploadView.as_view(), name="upload"),
    path("files", program.Files.as_view(), name="files"),
    path("files/<uuid:file_id>", program.FileView.as_view(), name="file"),
    path("files/<uuid:file_id>/content", program.FileContent.as_view(), name="file-content"),
    path("files/<uuid:file_id>/for-others", program.FileForOthers.as_view(), name="file-for-others"),
    path("files/<uuid:file_id>/unchanged", program.FileUnchanged.as_view(), name="file-unchanged"),
]
