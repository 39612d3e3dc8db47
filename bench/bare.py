"""The bare endpoint beside which filing is measured: Django REST framework, twelve fields checked, one INSERT, nothing else."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.urls import urlpatterns as portal_urlpatterns

FIELDS = (
    "regime", "provider", "capacity", "name", "postal_address", "email", "phone", "title", "url", "grounds", "statements",
    "signature",
)  # fmt: skip


class BareNotice(models.Model):
    """A row of the bench's own table."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    said = models.JSONField()

    class Meta:
        app_label = "complaints"
        managed = False
        db_table = "bench_bare_notice"


class BareInput(serializers.Serializer[Any]):
    """As many fields as a notice has."""

    regime = serializers.ChoiceField(choices=["cn", "us", "eu", "jp"])
    provider = serializers.CharField(max_length=60)
    capacity = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    postal_address = serializers.CharField(max_length=500)
    email = serializers.EmailField()
    phone = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=200)
    url = serializers.URLField()
    grounds = serializers.CharField(max_length=8_000)
    statements = serializers.ListField(child=serializers.CharField())
    signature = serializers.CharField(max_length=200)


class Bare(APIView):
    """No sign-in, no limits, no states."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = [AllowAny]
    parser_classes: ClassVar[list[Any]] = [JSONParser]

    def post(self, request: Request) -> Response:
        given = BareInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = BareNotice.objects.create(said=given.validated_data)
        return Response({"id": str(row.pk)}, status=201)


urlpatterns = [path("bench/bare", Bare.as_view()), *portal_urlpatterns]
