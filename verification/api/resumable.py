"""Handing in a file in pieces: tus 1.0.0 (core, creation, expiration, checksum, termination) for any client of it."""

from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils.http import http_date
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import limits, partial, times
from core.access import Who, account_of
from core.api import ApiView
from core.files import LARGEST_BYTES
from verification import resuming, serializers
from verification.rules import FILES_MOST, FILES_WITHIN

EXTENSIONS = "creation,expiration,checksum,termination"


def _header(name: str, text: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=text)


RESUMABLE = _header("Tus-Resumable", "`1.0.0`")
EMPTY = OpenApiResponse(description="The headers say it all.")


class TusView(ApiView):
    """An address of tus: the version is asked for, and told in every answer."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    parser_classes = [resuming.PieceParser]
    is_replayable = False  # an upload is itself what can be done again

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who comes, and that both speak one version."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            resuming.require_version(request.headers.get("Tus-Resumable", ""))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell the version, also with a refusal."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = resuming.VERSION
        answer["Tus-Version"] = resuming.VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(exclude=True)
    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002 - the framework's
        """Tell what is understood here."""
        told = {"Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(LARGEST_BYTES)}
        return Response(status=204, headers={**told, "Tus-Checksum-Algorithm": ",".join(resuming.DIGESTS)})


class Uploads(TusView):
    """Beginning to hand in a file in pieces."""

    @extend_schema(
        operation_id="uploads_create",
        request=None,
        parameters=[
            RESUMABLE,
            _header("Upload-Length", "The size of the whole file in bytes."),
            _header("Upload-Metadata", "`filename` and its value in base64.", required=False),
        ],
        responses={201: EMPTY},
    )
    def post(self, request: Request) -> Response:
        """Announce a file; `Location` says where its bytes go, `Upload-Expires` until when."""
        account, now = account_of(request), times.now()
        size, name = resuming.announced(request.headers)
        limits.require_room(f"files:{account.pk}", limit=FILES_MOST, within=FILES_WITHIN, now=now)
        upload = partial.begin(size_bytes=size, name=name, by=account, now=now)
        place = request.build_absolute_uri(reverse("verification-api:upload", args=[upload.pk]))
        return Response(status=201, headers={"Location": place, **_standing(upload)})


class UploadView(TusView):
    """A file that is being handed in."""

    @extend_schema(exclude=True)
    def head(self, request: Request, upload_id: UUID) -> Response:
        """Tell in headers where the upload stands."""
        return Response(headers=_standing(partial.get_for(account_of(request), upload_id, times.now())))

    @extend_schema(operation_id="upload", parameters=[RESUMABLE], responses=serializers.UploadShown)
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Return where it stands, and the file that it has become."""
        upload = partial.get_for(account_of(request), upload_id, times.now())
        return Response(serializers.UploadShown(upload).data, headers=_standing(upload))

    @extend_schema(
        operation_id="upload_append",
        request={"application/offset+octet-stream": bytes},
        parameters=[
            RESUMABLE,
            _header("Upload-Offset", "Where the bytes begin: what the portal has already."),
            _header("Upload-Checksum", "`sha256` or `sha1`, a space, and the digest in base64.", required=False),
        ],
        responses={204: EMPTY},
    )
    def patch(self, request: Request, upload_id: UUID) -> Response:
        """Send bytes. With the last ones the file is stored as by `POST /files`; `Upload-File` is its id then."""
        account, now = account_of(request), times.now()
        offset, piece = resuming.offset_in(request.headers), resuming.stream_of(request.data)
        upload = resuming.take(piece, request.headers, upload_id=upload_id, offset=offset, by=account, now=now)
        return Response(status=204, headers=_standing(upload))

    @extend_schema(operation_id="upload_give_up", parameters=[RESUMABLE], responses={204: EMPTY})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Give it up, with the file that it has become unless that is part of a matter."""
        resuming.give_up(upload_id=upload_id, by=account_of(request), now=times.now())
        return Response(status=204)


def _standing(upload: Any) -> dict[str, str]:
    told = {"Upload-Offset": str(upload.received_bytes), "Upload-Length": str(upload.size_bytes)}
    told["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return told | ({"Upload-File": str(upload.file_id)} if upload.file_id else {})
