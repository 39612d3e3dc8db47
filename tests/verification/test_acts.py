"""Every act of this app leaves exactly one entry, under its own name."""

from collections.abc import Callable
from typing import Any

import pytest

from core.actors import SYSTEM
from core.models import StoredFile
from ledger.acts import ACTIONS
from ledger.models import Entry
from tests.factories import people
from tests.factories.people import NOW, TOTP_SECRET
from verification import actions
from verification.models import Account, Identity, Organisation, ServiceRules, Token
from verification.rules import OrganisationKind, Role

PDF = b"%PDF-1.4\n%%EOF\n"
MAIL = b"From: a@films.example\n\nhello\n"


class World:
    """What the acts need, made before the entries are counted."""

    def __init__(self) -> None:
        self.host: Organisation = people.provider("cloudhaven")
        self.off: Organisation = actions.suspend_organisation(code=people.provider().code, by=SYSTEM, now=NOW)
        self.account: Account = people.account()
        self.suspended: Account = people.account()
        actions.suspend_account(account_id=self.suspended.pk, reason="abuse", by=SYSTEM, now=NOW)
        self.reviewer: Account = people.member(Role.REVIEWER, self.host)
        self.file: StoredFile = actions.store_file(data=PDF, name="a.pdf", by=self.account, now=NOW)
        self.mail: StoredFile = actions.store_file(data=MAIL, name="a.eml", by=self.account, now=NOW)
        self.identity: Identity = people.identity(self.account, self.host, file_ids=(self.file.pk,))
        self.verified: Identity = people.verified(people.account(), self.host, self.reviewer)
        self.token: Token = actions.issue_token(account=self.reviewer, by=SYSTEM, now=NOW)[0]
        values: dict[str, Any] = {"provider": "cloudhaven", "title": "x", "text": "x", "by": SYSTEM, "now": NOW}
        self.rules: ServiceRules = actions.publish_rules(version="1", **values)


def publish(_: World) -> object:
    return actions.publish_rules(provider="cloudhaven", version="2", title="x", text="x", by=SYSTEM, now=NOW)


def create(_: World) -> object:
    return actions.create_organisation(code="court", kind=OrganisationKind.AUTHORITY, name="New", by=SYSTEM, now=NOW)


ACTS: dict[str, Callable[[World], object]] = {
    "account.registered": lambda _: actions.register_account(email="new@films.example", by=SYSTEM, now=NOW),
    "account.opened": lambda w: actions.record_opened_account(account=w.account, now=NOW),
    "account.suspended": lambda w: actions.suspend_account(account_id=w.account.pk, reason="abuse", by=SYSTEM, now=NOW),
    "account.reinstated": lambda w: actions.reinstate_account(account_id=w.suspended.pk, by=SYSTEM, now=NOW),
    "account.second_factor_set": lambda w: actions.enrol_totp(
        account=w.account, secret=TOTP_SECRET, by=SYSTEM, now=NOW
    ),
    "account.password_changed": lambda w: actions.revoke_after_password_change(account=w.reviewer, now=NOW),
    "token.issued": lambda w: actions.issue_token(account=w.account, by=w.account, now=NOW),
    "token.revoked": lambda w: actions.revoke_token(token_id=w.token.pk, by=w.reviewer, now=NOW),
    "token.stepped_up": lambda w: actions.step_up_token(token=w.token, code=people.one_time_code(NOW), now=NOW),
    "file.stored": lambda w: actions.store_file(data=PDF, name="a.pdf", by=w.account, now=NOW),
    "file.given_up": lambda w: actions.give_up_file(file_id=w.mail.pk, by=w.account, now=NOW),
    "file.passed_unchanged": lambda w: actions.pass_unchanged(file_id=w.mail.pk, by=w.account, now=NOW),
    "organisation.created": create,
    "organisation.verified": lambda w: actions.verify_organisation(code="cloudhaven", method="x", by=SYSTEM, now=NOW),
    "organisation.suspended": lambda w: actions.suspend_organisation(code="cloudhaven", by=SYSTEM, now=NOW),
    "organisation.reinstated": lambda w: actions.reinstate_organisation(code=w.off.code, by=SYSTEM, now=NOW),
    "role.granted": lambda w: actions.grant_role(account=w.account, role=Role.RIGHTS_HOLDER, by=SYSTEM, now=NOW),
    "role.taken": lambda w: actions.become_rights_holder(by=w.account, now=NOW),
    "role.ended": lambda w: actions.end_role(
        account=w.reviewer, role=Role.REVIEWER, organisation=w.host, by=SYSTEM, now=NOW
    ),
    "rules.published": publish,
    "rules.accepted": lambda w: actions.accept_rules(rules_id=w.rules.pk, by=w.account, now=NOW),
    "identity.submitted": lambda w: people.identity(w.account, w.host),
    "identity.opened": lambda w: actions.open_identity(identity_id=w.identity.pk, by=w.reviewer, now=NOW),
    "identity.document_opened": lambda w: actions.open_document(
        identity_id=w.identity.pk, file=w.file, by=w.reviewer, now=NOW
    ),
    "identity.reviewed": lambda w: people.review(w.identity, w.reviewer),
    "identity.withdrawn": lambda w: actions.withdraw_identity(by=w.account, now=NOW),
    "identity.expired": lambda w: actions.expire_identity(identity_id=w.verified.pk, by=SYSTEM, now=NOW),
    "identity.erased": lambda w: actions.erase_identities(by=w.account, now=NOW),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_under_its_name(name: str, settings: Any, tmp_path: Any):
    settings.MEDIA_ROOT = tmp_path
    world = World()
    before = set(Entry.objects.values_list("pk", flat=True))

    ACTS[name](world)

    assert [entry.act for entry in Entry.objects.exclude(pk__in=before)] == [name]


def test_every_act_is_in_this_table():
    declared = {name for name, act in ACTIONS.items() if act.__module__.startswith("verification.")}

    assert declared == set(ACTS)
