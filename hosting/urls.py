"""The addresses of content and subscribers."""

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
]
