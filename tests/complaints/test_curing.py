"""The cure of a notice: what a lack means under each law, the letter, the link, the clock that is paused, the lapse."""

import datetime as dt
from typing import Any

import pytest

from complaints import access, actions, regimes, rules
from complaints.actions.notice import notice_of
from complaints.models import Complaint, CorrectionLink, CureRequest
from complaints.regimes.curing import defect_of, is_curable, touched
from complaints.rules import State
from core import clocks, times
from core.actors import PUBLIC
from core.errors import Conflict, Denied, Gone, Invalid, NotFound, TooFast
from tests.complaints.test_models import changed
from tests.complaints.test_views import browser
from tests.complaints.world import CONTACT, NOW, World, content, follow, mails
from tests.factories import people

DAY = dt.timedelta(days=1)
NAMES = ("Harbour", CONTACT["name"], CONTACT["postal_address"], CONTACT["phone"])


@pytest.mark.parametrize(
    ("code", "lacking", "defect"),
    [
        ("us", [], None),
        ("us", ["signature"], "curable"),
        ("us", ["good_faith", "accuracy", "signature"], "curable"),
        ("us", ["work"], "no_knowledge"),
        ("us", ["location"], "no_knowledge"),
        ("us", ["contact"], "no_knowledge"),
        ("us", ["signature", "contact"], "no_knowledge"),
        ("cn", ["identity"], "deemed_not_sent"),
        ("cn", ["evidence", "work"], "deemed_not_sent"),
        ("eu", ["reasons"], "no_knowledge"),
        ("jp", ["right"], "no_request"),
    ],
)
def test_what_a_notice_means_that_lacks_something(code: str, lacking: list[str], defect: str | None) -> None:
    found = defect_of(law(code), lacking)

    assert (found.code if found else None) == defect


@pytest.mark.parametrize(
    ("code", "curable"),
    [
        ("us", {"signature", "good_faith", "accuracy"}),
        ("cn", set()),
        ("eu", {"reasons", "location", "contact", "good_faith"}),
        ("jp", set()),
    ],
)
def test_which_lacks_the_law_lets_be_cured(code: str, curable: set[str]) -> None:
    assert {one.code for one in law(code).elements if is_curable(law(code), one.code)} == curable


@pytest.mark.parametrize("version", regimes.VERSIONS, ids=lambda one: one.version)
def test_every_law_says_what_a_defect_means_and_names_its_own_elements(version: Any) -> None:
    known = {element.code for element in version.elements}

    assert all(set(one.if_there) <= known and one.source and str(one.meaning) for one in version.defects)
    assert not version.defects[-1].if_there  # whatever is missing, one of them holds


def law(code: str) -> Any:
    return next(one for one in regimes.VERSIONS if one.code == code)


WHOLE: dict[str, Any] = {
    "complainant": {"name": "A", "email": "a@films.example"}, "works": [{"title": "The Harbour"}],
    "items": [{"url": "https://host.example/1"}], "grounds": "Mine.", "statements": ["good_faith"], "evidence": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("us", {}, set()),
        ("us", {"works": [{"title": "The Pier"}]}, {"work"}),
        ("us", {"items": [{"url": "https://host.example/2"}]}, {"location"}),
        ("us", {"items": [{"url": "https://host.example/1", "external_id": None}]}, set()),
        ("us", {"complainant": {"name": "B", "email": "a@films.example"}}, set()),
        ("us", {"statements": ["good_faith", "accuracy"]}, {"accuracy"}),
        ("cn", {"complainant": {"name": "B", "email": "a@films.example"}}, {"identity"}),
        ("cn", {"grounds": "Mine, here is how."}, {"evidence"}),
        ("jp", {"evidence": ["file"]}, {"information", "right", "reason"}),
    ],
)
def test_a_correction_answers_for_the_elements_that_it_changes(code: str, changes: Any, expected: set[str]) -> None:
    assert touched(law(code).elements, WHOLE, {**WHOLE, **changes}) == expected


@pytest.mark.parametrize(
    ("state", "is_paused", "clock"),
    [
        ("draft", False, "not_started"), ("unconfirmed", False, "not_started"), ("defective", False, "not_started"),
        ("defective", True, "paused"), ("filed", False, "running"), ("accepted", False, "running"),
        ("acted", False, "ended"), ("rejected", True, "ended"), ("withdrawn", False, "ended"), ("closed", True, "ended"),
    ],
)  # fmt: skip
def test_what_the_providers_time_does(state: str, is_paused: bool, clock: str) -> None:
    assert rules.notice_clock(state, is_paused=is_paused) == clock


def asked(world: World, now: dt.datetime = NOW, **changes: Any) -> Complaint:
    made = world.filed(**changes)
    return actions.ask_for_more(
        reference=made.reference, by=world.handler, elements=["location"], reasons="Which minute?", now=now
    )


def corrected(world: World, made: Complaint, now: dt.datetime = NOW, **changes: Any) -> Complaint:
    return actions.correct_complaint(reference=made.reference, by=world.rights_holder, changes=changes, now=now)


def test_the_clock_is_paused_by_a_question_and_runs_on_where_it_stood(world: World) -> None:
    made = asked(world, NOW + DAY)
    assert (made.state, made.asked, made.days_left, made.answer_due_at) == (State.DEFECTIVE, ["location"], 1, None)

    unanswered = corrected(world, made, NOW + 6 * DAY, grounds="More.")
    after = corrected(world, made, NOW + 7 * DAY, items=[{"url": world.content[0].url + "?at=7m"}])

    assert (unanswered.state, unanswered.asked) == (State.DEFECTIVE, ["location"])
    assert (after.state, after.asked, after.paused_at, after.complete_at) == (State.FILED, [], None, NOW)
    # Asked on the first of its two working days: the one that was left ends a day after the answer, on a Wednesday.
    assert after.answer_due_at is not None
    assert after.answer_due_at.date() == dt.date(2026, 3, 19)
    assert CureRequest.objects.get().ended_at == NOW + 7 * DAY
    assert not clocks.running(made.reference).exists()


def test_what_became_complete_counts_from_that_day(world: World) -> None:
    made = world.filed(signature="")
    assert made.complete_at is None

    whole = corrected(world, made, NOW + DAY, signature="F. Example")
    broken = corrected(world, made, NOW + 2 * DAY, works=[])

    assert whole.complete_at == NOW + DAY
    assert (broken.state, broken.complete_at, broken.answer_due_at) == (State.DEFECTIVE, None, None)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"elements": []}, "/elements"), ({"elements": ["king"]}, "/elements/0"), ({"reasons": " "}, "/reasons")],
)
def test_a_question_names_elements_of_the_law_and_says_why(world: World, given: dict[str, Any], pointer: str) -> None:
    made = world.filed()

    whole = {"reference": made.reference, "by": world.handler, "elements": ["work"], "reasons": "Why?", "now": NOW}
    with pytest.raises(Invalid) as refused:
        actions.ask_for_more(**{**whole, **given})

    assert refused.value.problems[0].pointer == pointer


def test_the_letter_names_each_thing_its_article_and_how_to_mend_it(world: World) -> None:
    world.filed(signature="", statements=["accuracy"], works=[])
    follow()

    (mail,) = mails()
    assert mail["template"] == "deficient"
    for said in ("17 USC 512(c)(3)(A)(i)", "type your full name", "17 USC 512(c)(3)(A)(ii)", "17 USC 512(c)(3)(B)(i)",
                 "The law lets this be cured.", "April 9, 2026", "/correction/"):  # fmt: skip
        assert said in mail["body"], said
    assert not any(text in mail["body"] for text in NAMES)


def link(world: World, now: dt.datetime = NOW) -> tuple[Complaint, str]:
    """Return a defective notice of somebody without account, confirmed, and the token of its link."""
    made = world.filed(by=PUBLIC, now=now, signature="")
    token = access.confirmation_token_of(made)
    assert token is not None
    actions.confirm_complaint(token=token.reveal(), by=PUBLIC, now=now)
    return made, mailed_link()


def mailed_link() -> str:
    follow()
    return str(mails()[-1]["body"].split("/complain/mend/")[1].split("/")[0])


def test_a_guest_mends_by_the_mailed_link_once_and_not_by_the_tracking_code(world: World) -> None:
    made, token = link(world, times.now())
    code = access.tracking_code_of(made).reveal()
    client = browser()

    assert client.get(f"/complain/mend/{code}/").status_code == 404
    page = client.get(f"/complain/mend/{token}/").content.decode()
    assert CONTACT["postal_address"] in page
    given = {"signature": "F. Example", "email": "elsewhere@films.example", "works": "The Harbour", "kind": "film",
             "items": world.content[0].url, "grounds": "More.", "name": "Films Example Ltd",
             "statements": ["good_faith", "accuracy"]}  # fmt: skip
    assert client.post(f"/complain/mend/{token}/", given).status_code == 303
    assert client.get(f"/complain/mend/{token}/").status_code == 410

    after = Complaint.objects.get(pk=made.pk)
    assert after.state == State.FILED
    assert notice_of(after).contact["email"] == CONTACT["email"]
    assert after.corrections.get().made_by is None


def test_a_link_opens_its_own_notice_only_and_a_new_one_goes_to_its_address(world: World) -> None:
    first, token = link(world)
    other = world.filed()
    give = {"by": PUBLIC, "changes": {"signature": "F. Example"}, "now": NOW}
    with pytest.raises(NotFound):
        actions.correct_complaint(reference=other.reference, link=token, **give)
    with pytest.raises(NotFound):
        actions.correct_complaint(reference=first.reference, **give)
    with pytest.raises(Gone):
        actions.correct_complaint(reference=first.reference, link=token, **{**give, "now": NOW + 30 * DAY})

    actions.mail_correction_link(reference=first.reference, by=PUBLIC, now=NOW)

    newer = mailed_link()
    assert mails()[-1]["to"] == CONTACT["email"]
    with pytest.raises(Gone):
        actions.correct_complaint(reference=first.reference, link=token, **give)
    assert actions.correct_complaint(reference=first.reference, link=newer, **give).state == State.FILED
    with pytest.raises(Conflict):
        actions.mail_correction_link(reference=first.reference, by=PUBLIC, now=NOW)


def test_nobody_has_an_address_flooded_with_links(world: World) -> None:
    made, _token = link(world)

    for _ in range(rules.LINKS_ASKED_FOR[0]):
        actions.mail_correction_link(reference=made.reference, by=PUBLIC, now=NOW)
    with pytest.raises(TooFast):
        actions.mail_correction_link(reference=made.reference, by=PUBLIC, now=NOW)


def test_who_does_not_mend_is_reminded_once_and_then_the_notice_lapses(world: World) -> None:
    made, unanswered = world.filed(signature=""), asked(world)

    for days in (6, 7, 8, 29, 30, 31):
        clocks.fire_due(NOW + days * DAY)
        follow(NOW + days * DAY)

    said = [mail for mail in mails() if made.reference in mail["subject"]]
    assert [mail["template"] for mail in said] == ["deficient", "deficient", "lapsed"]
    assert "reminder" in said[1]["subject"]
    assert "type your full name" in said[2]["body"]
    assert "Which minute?" in mails()[-1]["body"]
    for one in (made, unanswered):
        after = Complaint.objects.get(pk=one.pk)
        assert (after.state, after.ended_at) == (State.CLOSED, NOW + 30 * DAY)
        assert not clocks.running(one.reference).exists()


@pytest.mark.parametrize("act", ["reject", "close", "withdraw"])
def test_a_notice_that_is_over_is_reminded_of_nothing(world: World, act: str) -> None:
    made = asked(world)
    by = world.rights_holder if act == "withdraw" else world.handler
    given = {"reasons": "A review."} if act == "reject" else {}

    after: Any = getattr(actions, act)(reference=made.reference, by=by, now=NOW, **given)

    assert (after.asked, after.paused_at) == ([], None)
    assert not clocks.running(made.reference).exists()


def test_the_program_is_told_what_is_missing_whether_it_is_curable_and_what_the_clock_does(world: World) -> None:
    made = world.filed(signature="", regime="us")
    mine = people.program(world.rights_holder).get(f"/api/v1/complaints/{made.reference}").json()

    (lack,) = mine["missing"]
    assert (lack["element"], lack["source"], lack["kind"]) == ("signature", "17 USC 512(c)(3)(A)(i)", "missing")
    assert lack["is_curable"] is True
    assert (mine["cure"]["clock"], mine["cure"]["defect"]["code"]) == ("not_started", "curable")
    assert mine["cure"]["lapses_at"] == "2026-04-09T09:30:00.000000Z"
    assert [(clock["name"], clock["state"]) for clock in mine["clocks"]] == [("house-cure", "running")]
    assert [(clock["name"], clock["due_at"]) for clock in mine["clocks_to_come"]] == [("us-512g", None)]


def test_a_handler_asks_by_program_and_the_complainant_sees_why(world: World) -> None:
    made = world.filed()
    body = {"elements": ["location"], "reasons": "Which minute?"}
    path = f"/api/v1/complaints/{made.reference}/cure"

    assert people.program(world.rights_holder).post(path, body, format="json").status_code == 403
    told = people.program(world.handler).post(path, body, format="json").json()

    assert (told["state"], told["cure"]["clock"]) == ("defective", "paused")
    assert told["missing"][0]["kind"] == "insufficient"
    assert "Which minute?" in browser(world.rights_holder).get(f"/complaints/{made.reference}/").content.decode()
    with pytest.raises(Denied):
        actions.ask_for_more(reference=made.reference, by=world.rights_holder, elements=["work"], reasons="x", now=NOW)


def test_an_earning_item_shortens_the_time_when_a_correction_or_a_letter_brings_it(world: World) -> None:
    earning = {"external_id": content(world.subscriber, is_earning=True).external_id}
    made = world.filed()
    letter = actions.keep_letter(by=world.handler, provider=world.provider, content=b"Dear provider", now=NOW)

    after = corrected(world, made, items=[{"url": world.content[0].url}, earning])
    by_letter = actions.complaint_from_letter(
        letter_id=letter.pk, by=world.handler, regime="us", notice=world.notice(items=[earning]), now=NOW
    )

    assert made.answer_due_at is not None
    assert after.is_earning
    assert by_letter.is_earning
    assert after.answer_due_at == by_letter.answer_due_at == made.answer_due_at - DAY
    assert corrected(world, after, items=[{"url": world.content[0].url}]).answer_due_at == made.answer_due_at


def test_the_cure_is_never_in_between(world: World) -> None:
    asked(world)
    changed(Complaint, "complaint_whole_when_filed", state="filed")
    changed(Complaint, "complaint_paused_with_days_left", days_left=None)
    changed(CureRequest, "cure_request_says_what_and_why", reasons="")
    CureRequest.objects.update(ended_at=NOW)
    again = {"elements": ["work"], "reasons": "Why?", "asked_at": NOW, "asked_by": world.handler}
    CureRequest.objects.create(complaint=CureRequest.objects.get().complaint, **again)
    changed(CureRequest, "cure_request_one_open", ended_at=None)

    made, _token = link(world)
    changed(CorrectionLink, "correction_link_expires_later", expires_at=NOW)
    actions.mail_correction_link(reference=made.reference, by=PUBLIC, now=NOW)
    changed(CorrectionLink, "correction_link_one_open", ended_at=None)
