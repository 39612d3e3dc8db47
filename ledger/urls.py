"""The ledger's addresses, below /api/v1/."""

from django.urls import path

from ledger import api

urlpatterns = [
    path("ledger/checkpoint", api.CheckpointView.as_view(), name="ledger-checkpoint"),
    path("ledger/key", api.KeyView.as_view(), name="ledger-key"),
    path("ledger/entries", api.Entries.as_view(), name="ledger-entries"),
    path("ledger/entries/<uuid:entry_id>", api.EntryView.as_view(), name="ledger-entry"),
    path("ledger/entries/<uuid:entry_id>/proof", api.EntryProof.as_view(), name="ledger-entry-proof"),
    path("ledger/consistency", api.Consistency.as_view(), name="ledger-consistency"),
]
# Below /.well-known/, where a stranger looks first.
well_known = [
    path("ledger-checkpoint", api.CheckpointView.as_view(), name="well-known-ledger-checkpoint"),
    path("ledger-key", api.KeyView.as_view(), name="well-known-ledger-key"),
]
