"""Accounts, roles, tokens, second factors, organisations and service rules."""

import datetime as dt

import pytest

from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn, StepUpRequired
from ledger.models import Entry
from tests.factories import people
from tests.factories.people import NOW, TOTP_SECRET
from verification import access, actions
from verification.models import Account, Membership, Token, UsedCode
from verification.rules import ROLE_BELONGS_TO, OrganisationKind, Role

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account_whatever_its_case():
    actions.register_account(email="Somebody@films.example", by=SYSTEM, now=NOW)

    with pytest.raises(Conflict):
        actions.register_account(email="somebody@FILMS.example", by=SYSTEM, now=NOW)

    assert access.account_with_email("SOMEBODY@films.example") is not None


def test_accounts_in_bulk_are_the_operators():
    with pytest.raises(Denied):
        actions.register_account(email="somebody@films.example", by=people.account(), now=NOW)


def test_a_suspended_account_has_no_valid_token_and_no_role():
    host = people.provider()
    handler = people.member(Role.HANDLER, host)
    secret = people.token(handler, NOW)

    actions.suspend_account(account_id=handler.pk, reason="abuse", by=SYSTEM, now=NOW)

    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret, NOW)
    with pytest.raises(NotFound):
        access.account_for(handler.pk)
    handler.refresh_from_db()
    with pytest.raises(NotFound):
        access.require_staff(handler, host, Role.HANDLER)
    actions.reinstate_account(account_id=handler.pk, by=SYSTEM, now=NOW)
    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret, NOW)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", [None, *OrganisationKind])
def test_an_organisation_gives_the_roles_of_its_kind(role: Role, kind: OrganisationKind | None):
    where = None
    if kind is not None:
        where = actions.create_organisation(code="some", kind=kind, name="Some", by=SYSTEM, now=NOW)
    account = people.account()

    if kind in ROLE_BELONGS_TO[role]:
        actions.grant_role(account=account, role=role, organisation=where, by=SYSTEM, now=NOW)
        assert [held.role for held in access.memberships_of(account)] == [role]
        return
    with pytest.raises(Invalid):
        actions.grant_role(account=account, role=role, organisation=where, by=SYSTEM, now=NOW)


def test_an_ended_role_allows_nothing_and_can_be_given_again():
    host = people.provider()
    handler = people.member(Role.HANDLER, host)
    access.require_staff(handler, host, Role.HANDLER)

    actions.end_role(account=handler, role=Role.HANDLER, organisation=host, by=SYSTEM, now=NOW)

    with pytest.raises(NotFound):
        access.require_staff(handler, host, Role.HANDLER)
    with pytest.raises(NotFound):
        actions.end_role(account=handler, role=Role.HANDLER, organisation=host, by=SYSTEM, now=NOW)
    actions.grant_role(account=handler, role=Role.HANDLER, organisation=host, by=SYSTEM, now=NOW)
    assert Membership.objects.filter(account=handler).count() == 2


def test_a_role_is_held_once():
    holder = people.member(Role.RIGHTS_HOLDER)

    with pytest.raises(Conflict):
        actions.become_rights_holder(by=holder, now=NOW)


def test_nobody_but_the_operator_gives_roles():
    host = people.provider()
    handler = people.member(Role.HANDLER, host)

    with pytest.raises(Denied):
        actions.grant_role(account=handler, role=Role.AUTHORIZER, organisation=host, by=handler, now=NOW)


def test_roles_of_a_suspended_provider_count_for_nothing():
    host = people.provider("cloudhaven")
    handler = people.member(Role.HANDLER, host)

    actions.suspend_organisation(code="cloudhaven", by=SYSTEM, now=NOW)

    assert not access.memberships_of(handler).exists()
    with pytest.raises(Invalid):
        access.provider("cloudhaven")
    actions.reinstate_organisation(code="cloudhaven", by=SYSTEM, now=NOW)
    assert access.memberships_of(handler).exists()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR])
def test_staff_without_a_second_factor_may_do_nothing(role: Role):
    host = people.provider()
    member = people.member(role, host)
    access.require_staff(member, host, role)

    member.authenticator_set.all().delete()

    with pytest.raises(Denied) as refused:
        access.require_staff(member, host, role)
    assert refused.value.code == "second_factor_missing"
    with pytest.raises(Denied):
        access.require_role(member, role, host)


def test_a_time_zone_that_there_is_not_is_refused():
    with pytest.raises(Invalid):
        people.provider(time_zone="Mars/Olympus")


def test_a_code_of_an_organisation_is_taken_once():
    people.provider("cloudhaven")

    with pytest.raises(Conflict):
        people.authority("cloudhaven")


def test_of_a_token_only_its_digest_is_kept():
    account = people.account()

    token, secret = actions.issue_token(account=account, days=1, by=SYSTEM, now=NOW)

    assert secret.encode() not in bytes(token.hash)
    assert access.token_by_secret(secret, NOW).account == account
    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret, NOW + dt.timedelta(days=1))
    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret[:-1], NOW)
    assert secret not in Entry.objects.get(act="token.issued").facts_text


def test_a_token_is_revoked_by_its_owner_only_and_once():
    owner = people.account()
    token, secret = actions.issue_token(account=owner, by=owner, now=NOW)

    with pytest.raises(NotFound):
        actions.revoke_token(token_id=token.pk, by=people.account(), now=NOW)
    actions.revoke_token(token_id=token.pk, by=owner, now=NOW)

    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret, NOW)
    with pytest.raises(Conflict):
        actions.revoke_token(token_id=token.pk, by=owner, now=NOW)


def test_nobody_issues_tokens_for_somebody_else():
    with pytest.raises(Denied):
        actions.issue_token(account=people.account(), by=people.account(), now=NOW)


def test_a_code_works_once_for_all_tokens_of_an_account():
    host = people.provider()
    member = people.member(Role.AUTHORIZER, host)
    first, _ = actions.issue_token(account=member, by=SYSTEM, now=NOW)
    second, _ = actions.issue_token(account=member, by=SYSTEM, now=NOW)
    code = people.one_time_code(NOW)

    stepped = actions.step_up_token(token=first, code=code, now=NOW)

    assert stepped.stepped_up_at == NOW
    for token in (first, second):
        with pytest.raises(StepUpRequired):
            actions.step_up_token(token=token, code=code, now=NOW)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_codes_of_one_step_around_are_taken(steps: int, is_taken: bool):
    member = people.member(Role.AUTHORIZER, people.provider())
    token, _ = actions.issue_token(account=member, by=SYSTEM, now=NOW)
    code = people.one_time_code(NOW, steps)

    if is_taken:
        actions.step_up_token(token=token, code=code, now=NOW)
        return
    with pytest.raises(StepUpRequired):
        actions.step_up_token(token=token, code=code, now=NOW)


def test_a_token_of_an_account_without_a_second_factor_cannot_step_up():
    token, _ = actions.issue_token(account=people.account(), by=SYSTEM, now=NOW)

    with pytest.raises(StepUpRequired):
        actions.step_up_token(token=token, code=people.one_time_code(NOW), now=NOW)


def test_used_codes_are_forgotten_when_no_clock_takes_them():
    member = people.member(Role.AUTHORIZER, people.provider())
    token, _ = actions.issue_token(account=member, by=SYSTEM, now=NOW)
    actions.step_up_token(token=token, code=people.one_time_code(NOW), now=NOW)

    assert actions.forget_used_codes(NOW + dt.timedelta(minutes=59)) == 0
    assert actions.forget_used_codes(NOW + dt.timedelta(minutes=61)) == 1
    assert not UsedCode.objects.exists()


def test_the_secret_of_a_second_factor_is_sealed():
    member = people.member(Role.AUTHORIZER, people.provider())
    authenticator = member.authenticator_set.get()

    assert TOTP_SECRET not in str(authenticator.data)
    assert actions.secret_of(authenticator) == TOTP_SECRET


def test_fresh_means_within_five_minutes():
    account = people.account()

    with pytest.raises(StepUpRequired):
        access.require_second_factor(account, NOW)
    account.second_factor_at = NOW
    access.require_second_factor(account, NOW + dt.timedelta(minutes=5))
    with pytest.raises(StepUpRequired):
        access.require_second_factor(account, NOW + dt.timedelta(minutes=5, seconds=1))


def test_a_changed_password_ends_every_token():
    account = people.account()
    secret = people.token(account, NOW)

    assert actions.revoke_after_password_change(account=account, now=NOW) == 1

    with pytest.raises(NotSignedIn):
        access.token_by_secret(secret, NOW)


def test_first_rules_hold_at_once_and_changed_ones_a_week_later():
    people.provider("cloudhaven")
    values = {"provider": "cloudhaven", "title": "Rules", "text": "Be fair.", "by": SYSTEM, "now": NOW}

    first = actions.publish_rules(version="1", **values)
    second = actions.publish_rules(version="2", **values)

    assert (first.effective_at, second.effective_at) == (NOW, NOW + dt.timedelta(days=7))
    with pytest.raises(Invalid):
        actions.publish_rules(version="3", effective_at=NOW + dt.timedelta(days=6), **values)
    with pytest.raises(Conflict):
        actions.publish_rules(version="2", **values)


def test_a_version_is_accepted_once_and_while_none_has_replaced_it():
    people.provider("cloudhaven")
    values = {"provider": "cloudhaven", "title": "Rules", "text": "Be fair.", "by": SYSTEM, "now": NOW}
    first, second = (actions.publish_rules(version=version, **values) for version in "12")
    account, later = people.account(), NOW + dt.timedelta(days=7)

    actions.accept_rules(rules_id=first.pk, by=account, now=NOW)
    with pytest.raises(Conflict):
        actions.accept_rules(rules_id=first.pk, by=account, now=NOW)
    actions.accept_rules(rules_id=second.pk, by=account, now=NOW)
    with pytest.raises(Conflict) as refused:
        actions.accept_rules(rules_id=first.pk, by=people.account(), now=later)

    assert refused.value.state == "superseded"
    assert [one.rules.version for one in access.acceptances_of(account)] == ["2", "1"]


def test_a_refused_act_leaves_neither_row_nor_entry():
    owner = people.account()
    before = Entry.objects.count()

    with pytest.raises(Denied):
        actions.issue_token(account=owner, by=people.account("other"), now=NOW)

    assert Entry.objects.count() == before + 1  # the other's own account
    assert not Token.objects.exists()


def test_an_inactive_account_is_no_account():
    account = people.account()
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert access.account_with_email(account.email) is None
