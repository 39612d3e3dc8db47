"""The addresses of content, subscribers and webhooks."""

from django.urls import path

from hosting import api as program
from hosting import views

pages = [
    path("my-content/", views.my_content, name="my-content"),
    path("claim/<str:secret>/", views.claim, name="claim"),
]
api = [
    path("content", program.ContentList.as_view(), name="content-list"),
    path("content/<str:external_id>", program.ContentView.as_view(), name="content"),
    path("subscribers/<str:external_id>", program.SubscriberView.as_view(), name="subscriber"),
    path("subscribers/<str:external_id>/claim-link", program.ClaimLinks.as_view(), name="claim-link"),
    path("webhooks", program.Webhooks.as_view(), name="webhooks"),
    path("webhooks/events", program.WebhookEvents.as_view(), name="webhook-events"),
    path("webhooks/<uuid:webhook_id>", program.WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook_id>/rotation", program.WebhookRotation.as_view(), name="webhook-rotation"),
    path("webhooks/<uuid:webhook_id>/ending", program.WebhookEnding.as_view(), name="webhook-ending"),
    path("webhooks/<uuid:webhook_id>/deliveries", program.WebhookDeliveries.as_view(), name="webhook-deliveries"),
    path("webhooks/<uuid:webhook_id>/replay", program.WebhookReplay.as_view(), name="webhook-replay"),
    path("webhooks/<uuid:webhook_id>/deliveries/replay", program.WebhookReplay.as_view(), name="deliveries-replay"),
]
