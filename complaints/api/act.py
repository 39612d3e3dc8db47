"""What the addresses of all acts on a complaint share."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access
from complaints.serializers import shown
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


def whole_answer(request: Request, reference: str) -> dict[str, Any]:
    complaint = access.get_for(actor_of(request), reference)
    return shown.whole(complaint, access.viewer_of(actor_of(request), complaint), times.now())


class Act(ApiView):
    """The base of the acts: whose it is, the shape of what is given, the call; the answer is the complaint after it."""

    who = Who.SIGNED_IN
    require: ClassVar[Callable[..., object]] = staticmethod(access.viewer_of)
    shape: ClassVar[type[Any]]
    status: ClassVar[int] = 200

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Carry out the act."""
        raise NotImplementedError

    def read(self, request: Request, reference: str, part: str) -> Response:
        """Answer with one part of the complaint as the caller may see it."""
        return Response({"results": whole_answer(request, reference)[part], "next": None, "previous": None})

    def perform(self, request: Request, reference: str) -> Response:
        """Parse, act, answer with the complaint."""
        # First of all whether it exists for the caller, and is the caller's to do: a wrong body tells nobody else anything.
        complaint = access.get_for(actor_of(request), reference)
        self.require(actor_of(request), complaint)
        self.act(request, reference, shaped(self.shape, request))
        return Response(whole_answer(request, reference), status=self.status)
