"""Who is at the door: tokens, one-time codes, sessions, and what allauth is told."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.actors import SYSTEM
from tests.factories import people
from tests.factories.people import PASSWORD, TOTP_SECRET
from verification import access, actions
from verification.models import Account, Token
from verification.rules import Role

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def sign_in(account: Account, client: Client | None = None, code: str = "") -> Client:
    client = client or Client()
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    if code:
        client.post("/accounts/2fa/authenticate/", {"code": code})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(ME).status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer wrong", "Basic dXNlcjpwYXNz", "Token x", "bearer \u00e9", "Bearer a b c"]
)
def test_whatever_is_no_valid_token_is_401(header: str):
    answer = people.program().get(ME, HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in"


def test_a_valid_token_signs_its_account_in():
    account = people.account()

    answer = people.program(account).get(ME)

    assert (answer.status_code, answer.json()["id"]) == (200, str(account.pk))


def test_expired_revoked_and_suspended_are_401_at_once():
    expired, revoked, suspended = (people.account() for _ in range(3))
    clients = [people.program(account) for account in (expired, revoked, suspended)]

    Token.objects.filter(account=expired).update(created_at=now() - dt.timedelta(2), expires_at=now() - dt.timedelta(1))
    actions.revoke_token(token_id=Token.objects.get(account=revoked).pk, by=revoked, now=now())
    actions.suspend_account(account_id=suspended.pk, reason="abuse", by=SYSTEM, now=now())

    assert [client.get(ME).status_code for client in clients] == [401, 401, 401]


class TestStepUp:
    @pytest.fixture
    def member(self) -> Account:
        return people.member(Role.AUTHORIZER, people.provider())

    def test_a_code_steps_the_token_up(self, member: Account):
        client = people.program(member)

        assert client.get(ME, HTTP_X_OTP=people.one_time_code()).status_code == 200

        token = Token.objects.get(account=member)
        assert token.stepped_up_at is not None
        member.second_factor_at = token.stepped_up_at
        access.require_second_factor(member, now())

    def test_the_same_code_again_is_refused(self, member: Account):
        client, code = people.program(member), people.one_time_code()
        client.get(ME, HTTP_X_OTP=code)

        again = client.get(ME, HTTP_X_OTP=code)

        assert (again.status_code, again.json()["code"]) == (403, "step_up_required")

    def test_a_wrong_code_is_refused(self, member: Account):
        answer = people.program(member).get(ME, HTTP_X_OTP="000000")

        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")

    def test_after_five_wrong_ones_even_the_right_one_waits(self, member: Account):
        client = people.program(member)
        codes = [client.get(ME, HTTP_X_OTP="12345").status_code for _ in range(5)]

        answer = client.get(ME, HTTP_X_OTP=people.one_time_code())

        assert codes == [403] * 5
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0

    def test_an_idempotency_key_does_not_make_wrong_codes_uncounted(self, member: Account):
        client = people.program(member)
        address = "/api/v1/identities/mine/erasure"

        codes = [
            client.post(address, {}, format="json", HTTP_X_OTP="12345", HTTP_IDEMPOTENCY_KEY=f"k{n}").status_code
            for n in range(6)
        ]

        assert codes == [403] * 5 + [429]

    def test_a_used_code_stays_used_when_the_act_is_refused(self, member: Account):
        client, code = people.program(member), people.one_time_code()
        address = "/api/v1/identities/mine/erasure"

        first = client.post(address, {}, format="json", HTTP_X_OTP=code, HTTP_IDEMPOTENCY_KEY="k1")
        second = client.post(address, {}, format="json", HTTP_X_OTP=code, HTTP_IDEMPOTENCY_KEY="k2")

        assert (first.status_code, second.status_code) == (404, 403)


class TestSessions:
    def test_a_person_signs_in_with_address_and_password(self):
        account = people.account(password=PASSWORD)

        client = sign_in(account)

        assert client.get(ME).json()["email"] == account.email

    def test_a_changing_request_needs_the_form_token(self):
        client = sign_in(people.account(password=PASSWORD), Client(enforce_csrf_checks=False))
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies

        answer = strict.post("/api/v1/me/rights-holder", {}, content_type="application/json")

        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")

    def test_staff_need_their_code_to_be_signed_in(self):
        member = people.member(Role.HANDLER, people.provider(), PASSWORD)

        without = sign_in(member)
        with_code = sign_in(member, code=people.one_time_code())

        assert not is_signed_in(without)
        assert is_signed_in(with_code)

    def test_a_code_works_once_at_sign_in_too_and_beyond_its_own_step(self):
        member = people.member(Role.HANDLER, people.provider(), PASSWORD)
        code = people.one_time_code()

        assert is_signed_in(sign_in(member, code=code))
        assert not is_signed_in(sign_in(member, code=code))

        answer = people.program(member).get(ME, HTTP_X_OTP=code)
        assert answer.status_code == 403

    def test_the_session_knows_when_the_second_factor_was_given(self, rf: Any):
        from verification.authentication import second_factor_at

        member = people.member(Role.HANDLER, people.provider(), PASSWORD)
        client = sign_in(member, code=people.one_time_code())
        request = rf.get("/")
        request.session = client.session

        given = second_factor_at(request, member)

        assert given is not None
        assert now() - given < dt.timedelta(minutes=1)
        assert second_factor_at(request, people.account()) is None

    def test_staff_without_a_second_factor_are_led_to_set_one_up(self):
        host = people.provider()
        member = people.account(password=PASSWORD)
        actions.grant_role(account=member, role=Role.REVIEWER, organisation=host, by=SYSTEM, now=now())

        answer = Client().post("/accounts/login/", {"login": member.email, "password": PASSWORD})

        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")

    def test_staff_cannot_put_their_second_factor_away(self):
        from allauth.mfa.adapter import get_adapter

        member = people.member(Role.REVIEWER, people.provider())
        holder = people.member(Role.RIGHTS_HOLDER)
        actions.enrol_totp(account=holder, secret=TOTP_SECRET, by=SYSTEM, now=now())

        assert not get_adapter().can_delete_authenticator(member.authenticator_set.get())
        assert get_adapter().can_delete_authenticator(holder.authenticator_set.get())

    def test_signing_out_ends_it(self):
        client = sign_in(people.account(password=PASSWORD))
        other = Client()
        other.cookies["sessionid"] = client.cookies["sessionid"].value

        client.post("/accounts/logout/")

        assert not is_signed_in(other)

    def test_a_suspension_ends_it(self):
        account = people.account(password=PASSWORD)
        client = sign_in(account)

        actions.suspend_account(account_id=account.pk, reason="abuse", by=SYSTEM, now=now())

        assert not is_signed_in(client)
        assert not is_signed_in(sign_in(account))

    def test_a_changed_password_ends_other_sessions_and_all_tokens(self):
        account = people.account(password=PASSWORD)
        client, other, program = sign_in(account), sign_in(account), people.program(account)
        new = "another-password-of-tests-2026"

        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

        assert not is_signed_in(other)
        assert program.get(ME).status_code == 401

    def test_nothing_is_asked_of_the_database_for_who_is_not_signed_in(self, django_assert_num_queries: Any):
        with django_assert_num_queries(0):
            Client().get("/api/v1/ledger/nothing-here")


class TestAccountsAreNotGivenAway:
    def test_an_unknown_account_is_answered_like_a_wrong_password(self):
        account = people.account(password=PASSWORD)

        known = Client().post("/accounts/login/", {"login": account.email, "password": "wrong"})
        unknown = Client().post("/accounts/login/", {"login": "nobody@films.example", "password": "wrong"})

        def body(answer: Any) -> str:
            text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", answer.content.decode())
            return text.replace(account.email, "A").replace("nobody@films.example", "A")

        assert known.status_code == unknown.status_code
        assert body(known) == body(unknown)

    def test_a_reset_is_answered_alike_and_links_to_the_portals_own_address(self, settings: Any):
        settings.PORTAL_URL = "https://portal.example"
        account = people.account(password=PASSWORD)

        known = Client().post("/accounts/password/reset/", {"email": account.email})
        unknown = Client().post("/accounts/password/reset/", {"email": "nobody@films.example"})

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        sent = next(str(message.body) for message in mail.outbox if message.to == [account.email])
        links = re.findall(r"https?://\S+", sent)
        assert any(re.match(r"https://portal\.example/accounts/password/reset/key/\w+-\S+/", link) for link in links)

    def test_sign_up_with_a_taken_address_is_answered_alike(self):
        account = people.account(password=PASSWORD)
        form = {"password1": PASSWORD, "password2": PASSWORD}

        taken = Client().post("/accounts/signup/", {"email": account.email, **form})
        free = Client().post("/accounts/signup/", {"email": "new@films.example", **form})

        assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])

    def test_guessing_a_password_is_stopped(self):
        account = people.account(password=PASSWORD)
        client = Client()
        for _ in range(10):
            client.post("/accounts/login/", {"login": account.email, "password": "wrong"})

        assert not is_signed_in(sign_in(account, client))
