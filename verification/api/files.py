"""Handing in files, whole or in pieces, and getting them back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import files, limits, renditions, times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.errors import invalid
from core.renditions import OthersGet
from verification import actions, files_access, serializers, submissions, uploads
from verification.rules import FILES_MOST, FILES_WITHIN


class Files(ApiView):
    """Handing in files."""

    who = Who.SIGNED_IN
    parser_classes = [uploads.UploadParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what announces to be too large before any of it is read."""
        uploads.require_fits(str(request.META.get("CONTENT_LENGTH") or ""))
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="files_create",
        request={"multipart/form-data": serializers.FileInput},
        responses={201: serializers.FileShown},
    )
    def post(self, request: Request) -> Response:
        """Hand in a file; it is private to its owner until it is attached to something."""
        given = request.FILES.getlist("file")
        if len(given) != 1 or len(request.FILES) != 1 or len(request.data) != 1:
            raise invalid("/file", "file", _("Give one file, as the form field `file`, and nothing else."))
        account, now = account_of(request), times.now()
        limits.require_room(f"files:{account.pk}", limit=FILES_MOST, within=FILES_WITHIN, now=now)
        file = actions.store_file(data=given[0].read(), name=given[0].name or "", by=account, now=now)
        return Response(serializers.FileShown(file).data, status=201)


class FileView(ApiView):
    """One file."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="file", responses=serializers.FileShown)
    def get(self, request: Request, file_id: UUID) -> Response:
        """Return what it is, for its owner and the parties of what it is attached to."""
        file, _subject = files_access.get_for(account_of(request), file_id)
        return Response(serializers.FileShown(file).data)

    @extend_schema(operation_id="file_give_up", responses={204: None})
    def delete(self, request: Request, file_id: UUID) -> Response:
        """Delete an own file that is part of nothing, for good; 409 for one that is."""
        actions.give_up_file(file_id=file_id, by=account_of(request), now=times.now())
        return Response(status=204)


class FileForOthers(ApiView):
    """What others get of a file."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="file_for_others", responses=serializers.ForOthersShown)
    def get(self, request: Request, file_id: UUID) -> Response:
        """Tell the file's owner, before it is sent to anybody, what the other side would get of it."""
        told = renditions.others_get(files.owned_by(account_of(request), file_id), times.now())
        return Response(serializers.ForOthersShown({"others_get": told}).data)


class FileUnchanged(ApiView):
    """A file that is passed on as it is."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="file_pass_unchanged", request=serializers.NothingInput, responses=serializers.ForOthersShown
    )
    def post(self, request: Request, file_id: UUID) -> Response:
        """Have others get it as it is, though it can't be cleaned: its owner knows what it may say."""
        shaped(serializers.NothingInput, request)
        actions.pass_unchanged(file_id=file_id, by=account_of(request), now=times.now())
        return Response(serializers.ForOthersShown({"others_get": OthersGet.AS_IT_IS}).data)


class FileContent(ApiView):
    """A file's bytes."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="file_content", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Request, file_id: UUID) -> HttpResponse:
        """Return the bytes, to be saved and never shown by a browser as a page of ours."""
        file, data = submissions.content_for(account_of(request), file_id, times.now())
        return as_attachment(data, files.name_of(file), file.media_type)


def as_attachment(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return an answer that a browser saves and does not run, whatever the bytes are."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
