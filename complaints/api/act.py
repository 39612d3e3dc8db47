"""What the addresses of all acts on a complaint share."""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access
from complaints.serializers import shown
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.shapes import Shape


def whole_answer(request: Request, reference: str) -> dict[str, Any]:
    complaint = access.get_for(actor_of(request), reference)
    return shown.whole(complaint, access.viewer_of(actor_of(request), complaint), times.now())


def acted(
    request: Request, act: Callable[..., Any], show: Callable[[Any, dt.datetime], dict[str, Any]], **given: Any
) -> Response:
    """Carry out an act as the caller, now, and answer with what it returns as ``show`` gives it."""
    now = times.now()
    return Response(show(act(by=actor_of(request), now=now, **given), now))


class ActOn(ApiView):
    """The base of acts on what has a reference: the shape of what is given, the call; the answer is that thing after it."""

    who = Who.SIGNED_IN
    shape: ClassVar[type[Any]] = Shape
    status: ClassVar[int] = 200

    def look(self, request: Request, reference: str) -> object:
        """Look whether it exists for the caller, and is the caller's to do; raise else."""
        raise NotImplementedError

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> object:
        """Carry out the act."""
        raise NotImplementedError

    def whole(self, request: Request, reference: str) -> dict[str, Any]:
        """Return the thing as the caller may see it."""
        raise NotImplementedError

    def perform(self, request: Request, reference: str) -> Response:
        """Look, parse, act, answer with the thing after it."""
        # A wrong body tells nobody anything for whom it does not exist.
        self.look(request, reference)
        self.act(request, reference, shaped(self.shape, request))
        return Response(self.whole(request, reference), status=self.status)


class Act(ActOn):
    """The base of the acts on a complaint: whose it is, and the answer, the complaint after it."""

    require: ClassVar[Callable[..., object]] = staticmethod(access.viewer_of)

    def look(self, request: Request, reference: str) -> object:
        """Look as whom the caller sees the complaint, and whether the act is for them."""
        return self.require(actor_of(request), access.get_for(actor_of(request), reference))

    def whole(self, request: Request, reference: str) -> dict[str, Any]:
        """Return the complaint as the caller may see it."""
        return whole_answer(request, reference)

    def read(self, request: Request, reference: str, part: str) -> Response:
        """Answer with one part of the complaint as the caller may see it."""
        return Response({"results": whole_answer(request, reference)[part], "next": None, "previous": None})
