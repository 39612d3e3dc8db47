"""What restrictions do and show: pages, programs, mails, webhooks, and the notices that wait for their end."""

import json
from typing import Any

import pytest
from django.utils import translation

from complaints import access, actions, regimes
from complaints.models import Complaint, HeldBack
from complaints.rules import Priority
from complaints.rules.policies import HOUSE_POLICY, Step, numbers_as_data
from complaints.rules.strikes import is_paused_by
from core.actors import SYSTEM
from hosting import actions as hosting_actions
from hosting.models import Delivery
from tests.complaints import penalties
from tests.complaints.penalties import DAY, FINAL, WEIGHED, WHY, ordered, proposed, published, sender_held, warned
from tests.complaints.test_api import post
from tests.complaints.test_views import browser
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails
from tests.factories.people import program

pytestmark = pytest.mark.django_db
LATER = FINAL + 2 * DAY


# --- programs


def test_a_handler_orders_by_program_and_the_uploader_reads_it_and_appeals(world: World):
    made = proposed(world)
    path = f"restrictions/{made.reference}"
    given = {"days": 30, "reasons": WHY, "weighing": WEIGHED}

    listed = program(world.handler).get("/api/v1/restrictions?state=proposed").json()["results"]
    before = program(world.uploader).get(f"/api/v1/{path}").status_code
    refused = post(program(world.handler), f"{path}/confirmation", {**given, "weighing": {}})
    done = post(program(world.handler), f"{path}/confirmation", given)
    mine = program(world.uploader).get("/api/v1/restrictions/mine").json()
    appealed = post(program(world.uploader), f"{path}/appeal", {"reasons": "They are mine."})
    by_same = post(program(world.handler), f"{path}/appeal/decision", {"decision": "dismissed", "reasons": WHY})
    by_other = post(program(world.reviewer), f"{path}/appeal/decision", {"decision": "granted", "reasons": WHY})

    assert [one["reference"] for one in listed] == [made.reference]
    assert (before, refused.status_code, len(refused.json()["errors"])) == (404, 400, 4)
    assert (done.status_code, done.json()["state"], done.json()["until"]) == (
        200,
        "in_force",
        mine["results"][0]["until"],
    )
    assert [one["step"] for one in mine["results"]] == ["publishing_checked", "warning"]
    assert [(one["side"], len(one["strikes"])) for one in mine["records"]] == [("uploader", 2)]
    assert (appealed.status_code, by_same.status_code, by_same.json()["code"]) == (200, 403, "same_decider")
    assert (by_other.json()["state"], by_other.json()["appeal"]["outcome"]) == ("lifted", "granted")


def test_to_others_a_restriction_does_not_exist(world: World):
    path = f"/api/v1/restrictions/{ordered(world).reference}"

    answers = {who: program(getattr(world, who)).get(path) for who in ("stranger", "other_handler", "rights_holder")}

    assert {who: answer.status_code for who, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert browser(world.stranger).get(path.removeprefix("/api/v1") + "/").status_code == 404


def test_the_service_reads_what_it_carries_out_and_nothing_of_why(world: World):
    made = ordered(world)
    path = f"restrictions/{made.reference}"

    shown = program(world.service).get(f"/api/v1/{path}").json()
    done = [post(program(world.service), f"{path}/execution").status_code for _ in range(2)]

    assert (shown["subscriber"], shown["step"], shown["acts"]) == (
        world.subscriber.external_id, "publishing_checked", ["execution"],
    )  # fmt: skip
    assert not {"reasons", "weighing", "matters", "points"} & set(shown)
    assert done == [200, 409]


def test_policies_are_read_by_everybody_and_published_by_an_authorizer(world: World):
    path = f"/api/v1/policies?provider={world.provider.code}"
    text = {"text": "Who goes on is warned first.", "examples": ["Three films in one notice are one strike."]}
    given = {
        "provider": world.provider.code, "version": "1", "texts": {"en": text, "zh-hans": text},
        **numbers_as_data(HOUSE_POLICY.numbers),
    }  # fmt: skip

    house = program().get(path).json()
    steep = post(program(world.authorizer), "policies", {**given, "final_after_days": 1})
    answers = {who: post(program(getattr(world, who)), "policies", given) for who in ("handler", "stranger")}
    made = post(program(world.authorizer), "policies", given)
    after = program().get(path).json()

    assert (house["in_force"]["version"], house["in_force"]["is_own"], house["results"]) == ("house-2026.1", False, [])
    assert [one["pointer"] for one in steep.json()["errors"]] == ["/final_after_days"]
    assert {who: answer.status_code for who, answer in answers.items()} == {"handler": 403, "stranger": 404}
    assert made.status_code == 201
    assert (after["in_force"]["version"], [one["version"] for one in after["results"]]) == ("house-2026.1", ["1"])
    assert program().get("/api/v1/policies?provider=nobody").status_code == 400


def test_a_misuse_is_found_by_program(world: World):
    made = penalties.rejected(world)
    given = {"kind": "manifestly_unfounded", "reasons": WHY}

    answers = [post(program(world.handler), f"complaints/{made.reference}/misuse", given).status_code for _ in range(2)]

    assert answers == [201, 409]


# --- pages


def test_the_policy_is_public_in_both_languages(world: World):
    published(world, NOW - 8 * DAY)
    path = f"/policies/{world.provider.code}/"

    english = browser().get(path).content.decode()
    with translation.override("zh-hans"):
        chinese = browser().get(path, headers={"accept-language": "zh-hans"}).content.decode()

    assert "Who goes on is warned first." in english
    assert "再犯者先予警告。" in chinese
    assert browser().get("/policies/nobody/").status_code == 404


def test_a_handler_decides_on_the_page_and_the_uploader_reads_why(world: World):
    made = proposed(world)
    page = f"/restrictions/{made.reference}/"
    handler, uploader = browser(world.handler), browser(world.uploader)
    given = {"step": "publishing_checked", "days": 30, "reasons": "It went on.", **WEIGHED}

    desk = handler.get("/desk/restrictions/").content.decode()
    waiting = [one.reference for one in access.waiting_for(world.handler, LATER)]
    without = handler.post(f"{page}confirmation/", {**given, "intent": ""})
    done = handler.post(f"{page}confirmation/", given)
    read = uploader.get(page).content.decode()
    mine = uploader.get("/restrictions/").content.decode()
    gone = handler.get(f"{page}confirmation/")

    assert made.reference in desk
    assert made.reference in waiting
    assert (without.status_code, done.status_code, gone.status_code) == (400, 303, 409)
    assert "It went on." in read
    assert "Looked at." in read
    assert f"{page}appeal/" in read
    assert made.reference in mine
    assert uploader.get("/desk/restrictions/").status_code == 404


def test_a_misuse_is_found_on_the_page_of_the_matter(world: World):
    made = penalties.rejected(world)
    page = f"/complaints/{made.reference}/"

    offered = f"{page}misuse/" in browser(world.handler).get(page).content.decode()
    done = browser(world.handler).post(f"{page}misuse/", {"kind": "manifestly_unfounded", "reasons": WHY})

    assert (offered, done.status_code, made.findings.get().found_by) == (True, 303, world.handler)
    assert f"{page}misuse/" not in browser(world.rights_holder).get(page).content.decode()


def test_a_list_costs_the_same_however_long(world: World, django_assert_max_num_queries: Any):
    warned(world)
    ordered_by_program = program(world.handler)
    with django_assert_max_num_queries(8):  # token, account and its roles; the page of the list
        ordered_by_program.get("/api/v1/restrictions")
    for day in (2, 3):
        actions.decline_restriction(
            reference=penalties.propose(penalties.struck(world, day), Step.PUBLISHING_CHECKED).reference,
            by=world.handler, reasons=WHY, now=FINAL + day * DAY,
        )  # fmt: skip
    with django_assert_max_num_queries(8):
        ordered_by_program.get("/api/v1/restrictions")


# --- mails and webhooks


def written(name: str) -> list[dict[str, Any]]:
    return [mail for mail in mails() if mail["template"] == name]


def test_whom_it_concerns_is_written_to_and_the_service_is_told_by_ids_alone(world: World):
    events = ["restriction.warned", "restriction.ordered", "restriction.expired"]
    hosting_actions.make_webhook(url="https://service.example/hook", events=events, by=world.service, now=NOW)
    follow()

    made = ordered(world)
    actions.expire_restriction(reference=made.reference, by=SYSTEM, now=made.until_at or NOW)
    follow(LATER)
    follow(LATER)

    [order], [over] = written("restriction_ordered"), written("restriction_over")
    told = [json.loads(one.body) for one in Delivery.objects.order_by("position")]
    assert (order["to"], over["to"]) == (world.uploader.email, world.uploader.email)
    assert "It went on after the warning." in order["body"]
    assert f"/restrictions/{made.reference}/" in order["body"]
    assert [one["type"] for one in told] == events
    assert told[1]["data"]["subscriber"] == world.subscriber.external_id
    assert {tuple(one["data"]) for one in told} == {("reference", "state", "step", "subscriber", "until", "in_force")}
    assert not [word for word in (*CANARY.values(), WHY, world.uploader.email) if word in json.dumps(told)]


def test_who_has_no_account_is_written_to_at_the_sealed_address(world: World):
    world.subscriber.account = world.subscriber.claimed_at = None
    world.subscriber.save()
    made = warned(world)

    follow(LATER)

    [mail] = written("restriction_warned")
    assert mail["to"] == CANARY["email"]
    assert made.strikes.get().complaint.reference in mail["body"]


# --- notices that wait


def test_only_the_law_of_the_union_lets_a_notice_wait() -> None:
    paused = {law.code: is_paused_by(Step.FILING_PAUSED, law.suspension_source) for law in regimes.all_current()}
    last = {law.code: is_paused_by(Step.HANDLED_LAST, law.suspension_source) for law in regimes.all_current()}

    assert paused == {"cn": False, "us": False, "eu": True, "jp": False}
    assert not any(last.values())


@pytest.mark.parametrize(("regime", "is_paused"), [("eu", True), ("us", False)])
def test_a_notice_of_a_paused_sender_is_received_everywhere_and_waits_where_the_law_says_so(
    world: World, regime: str, is_paused: bool
):
    follow()
    restriction = sender_held(world)
    made = world.filed(regime, now=LATER)
    follow(LATER)

    made.refresh_from_db()
    [mail] = written("notice_held")
    assert (made.state, made.priority, made.answer_due_at is None) == ("filed", Priority.LAST, is_paused)
    assert (mail["to"], restriction.reference in mail["body"]) == (world.rights_holder.email, True)

    actions.lift_restriction(reference=restriction.reference, by=world.handler, reasons=WHY, now=LATER + DAY)
    follow(LATER + DAY)
    follow(LATER + DAY)

    made.refresh_from_db()
    assert made.answer_due_at is not None
    assert HeldBack.objects.get().resumed_at == (LATER + DAY if is_paused else None)


def test_a_warning_holds_nothing_back(world: World):
    follow()
    actions.warn(strike=penalties.misuse_counted(world), prompted_by=world.provider.pk, by=SYSTEM, now=FINAL)
    world.filed("eu", now=LATER, contact=CONTACT)
    follow(LATER)

    assert not HeldBack.objects.exists()
    assert Complaint.objects.filter(priority=Priority.LAST).count() == 0
