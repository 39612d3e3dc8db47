"""The regimes for programs, and what a provider says on their unsure points: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions, regimes
from complaints.api import answers
from complaints.regimes.shape import Regime as Law
from complaints.serializers import given, laws
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.errors import NotFound
from verification.access import providers


def _law(code: str) -> Law:
    law = regimes.current(code, times.now())
    if law is None:
        raise NotFound
    return law


def _whole(law: Law) -> dict[str, Any]:
    hosts = list(providers())
    values = access.law_settings_of_all(hosts, law)
    return {**laws.regime_shown(law), "settings": laws.settings_shown(law, [(one, values[one.pk]) for one in hosts])}


class Regimes(ApiView):
    """The regimes under which a notice can be filed."""

    who = Who.PUBLIC

    @extend_schema(operation_id="regimes_list", responses=answers.AnyAnswer(many=True))
    def get(self, _request: Request) -> Response:
        """Return every regime with its elements, statements and clocks."""
        results = [laws.regime_row(law) for law in regimes.all_current(times.now())]
        return Response({"results": results, "next": None, "previous": None})


class Regime(ApiView):
    """One regime."""

    who = Who.PUBLIC

    @extend_schema(operation_id="regimes_read", responses=answers.AnyAnswer)
    def get(self, _request: Request, code: str) -> Response:
        """Return the regime: elements with their article, statements, clocks, who is told, what each provider set."""
        return Response(_whole(_law(code)))


class LawSettings(ApiView):
    """What a provider says on an unsure point of the law."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="regimes_change_setting", request=given.LawSettingInput, responses=answers.AnyAnswer)
    def post(self, request: Request, code: str) -> Response:
        """Change a setting for matters that are filed from now on, with reasons (authorizer); return the regime."""
        law, body = _law(code), shaped(given.LawSettingInput, request)
        actions.change_law_setting(regime=law.code, by=actor_of(request), now=times.now(), **body)
        return Response(_whole(law))
