"""Letters to a party: templates with a closed list of places, facts filled in, read by that party and staff alone."""

from typing import Any

import pytest

from complaints import access, actions, regimes, rules
from complaints.models import Complaint, LetterTemplate, SentLetter
from complaints.rules import HOUSE_LETTERS, Purpose, Side
from core.errors import Denied, Invalid, NotFound
from core.models import Opening
from ledger.models import Entry
from tests.complaints.test_models import changed, refused
from tests.complaints.test_views import browser
from tests.complaints.world import CANARY, CONTACT, NOW, World, content, follow, mails, subscriber
from tests.factories import people
from verification.models import Account


def template(world: World, by: Account | None = None, **changes: Any) -> LetterTemplate:
    values = {
        "name": "Please wait",
        "purpose": "other",
        "language": "en",
        "subject": "About {{reference}}",
        "body": "{{works}} is {{ state }}.\n{{items}}",
    }
    return actions.save_template(by=by or world.handler, provider=world.provider, now=NOW, **{**values, **changes})


def send(made: Complaint, by: Account, to: str = "complainant", **given: Any) -> SentLetter:
    return actions.send_letter(reference=made.reference, by=by, to=to, now=NOW, **given)


def codes(refusal: Invalid) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in refusal.problems]


# --- places, without a database


@pytest.mark.parametrize(
    ("text", "side", "unknown"),
    [
        ("{{reference}} {{ state }} {{tracking_url}}", None, []),
        ("{{name}} {{email}} {{ complainant }}", None, ["name", "email", "complainant"]),
        ("{{reference", None, ["{{"]),
        ("{{ reference.__class__ }}", None, ["{{", "}}"]),
        ("{{reference|safe}} {% now 'Y' %}", None, ["{{", "}}"]),
        ("{{{{reference}}}}", None, ["{{", "}}"]),
        ("{{tracking_url}}", Side.UPLOADER, ["tracking_url"]),
        ("{{missing}} {{items}}", Side.UPLOADER, ["missing"]),
        ("{{tracking_url}} {{missing}}", Side.COMPLAINANT, []),
    ],
)
def test_nothing_can_be_filled_in_but_what_the_list_names(text: str, side: Side | None, unknown: list[str]) -> None:
    assert rules.unknown_in(text, side) == unknown


def test_what_a_fact_holds_is_not_filled_in_again() -> None:
    facts = {"works": "{{reference}}", "reference": "C-1"}

    assert rules.filled("{{works}} {{ reference }} {{due}}", facts) == "{{reference}} C-1 {{due}}"


@pytest.mark.parametrize("one", HOUSE_LETTERS, ids=lambda one: one.key)
def test_the_letters_of_the_house_can_be_filled_in_and_stand_in_both_languages(one: rules.HouseLetter) -> None:
    languages = {other.language for other in HOUSE_LETTERS if other.code == one.code}
    side = Side.UPLOADER if one.purpose is Purpose.FORWARD else None

    assert rules.unknown_in(one.subject + one.body, side) == []
    assert languages == {"en", "zh-hans"}


# --- templates


def test_a_template_saved_again_is_the_next_version_and_one_out_of_use_is_gone(world: World) -> None:
    first = template(world)
    second = template(world, body="Wait.")
    other = template(world, language="zh-hans")

    actions.retire_template(template_id=other.pk, by=world.handler, now=NOW)

    assert (first.version, second.version) == (1, 2)
    assert list(access.templates_of(world.provider)) == [second]
    with pytest.raises(NotFound):
        actions.retire_template(template_id=first.pk, by=world.handler, now=NOW)
    with pytest.raises(NotFound):
        actions.retire_template(template_id=second.pk, by=world.other_handler, now=NOW)
    with pytest.raises(Denied):
        template(world, by=world.other_handler)


def test_a_template_says_at_saving_what_is_wrong_with_it(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        template(world, name=" ", purpose="gossip", language="tlh", subject="{{email}}", body=" ")

    assert codes(refusal.value) == [
        ("/name", "required"),
        ("/purpose", "unknown"),
        ("/language", "unknown"),
        ("/subject", "placeholder"),
        ("/body", "required"),
    ]


# --- letters


def test_a_letter_is_filled_in_with_the_facts_of_the_matter_for_its_party(world: World) -> None:
    theirs = content(subscriber(world.provider, people.account("other")))
    made = world.acted(items=[{"url": world.content[0].url}, {"url": theirs.url}])
    pseudonym = world.subscriber.pseudonym
    draft = actions.draft_letter(complaint=made, to=pseudonym, template=str(template(world).pk), now=NOW)
    both = actions.draft_letter(complaint=made, to="complainant", template="house:ask-more:zh-hans", now=NOW)

    assert draft == {
        "subject": f"About {made.reference}",
        "body": f"The Harbour is a measure was taken.\n{world.content[0].url}",
        "language": "en",
    }
    assert (both["language"], "{{tracking_url}}" in both["body"]) == ("zh-hans", True)


def test_a_letter_is_read_by_its_party_and_by_staff_and_by_nobody_else(world: World) -> None:
    made = world.acted()
    send(made, world.handler, template="house:reject:en", subject="One line\nBcc: all@example.org")
    send(made, world.handler, to=world.subscriber.pseudonym, subject="To you", body="Your own words.")
    path = f"/complaints/{made.reference}"

    seen = {
        who: [
            one["subject"]
            for one in people.program(getattr(world, who)).get(f"/api/v1{path}/letters").json()["results"]
        ]
        for who in ("handler", "auditor", "rights_holder", "uploader")
    }
    pages = {
        who: browser(getattr(world, who)).get(f"{path}/").content.decode() for who in ("rights_holder", "uploader")
    }

    both = ["One line Bcc: all@example.org", "To you"]
    assert seen == {"handler": both, "auditor": both, "rights_holder": both[:1], "uploader": both[1:]}
    assert ["Your own words." in pages[who] for who in pages] == [False, True]
    assert people.program(world.stranger).get(f"/api/v1{path}/letters").status_code == 404
    assert Opening.objects.filter(fields=["letters"], by=world.auditor.ledger_reference).exists()
    stored = bytes(SentLetter.objects.get(side="uploader").text_sealed)
    entries = str(list(Entry.objects.filter(subject=made.reference).values_list("facts_text", flat=True)))
    assert b"Your own" not in stored
    assert "Your own" not in entries


def test_only_the_complainant_gets_the_tracking_page(world: World) -> None:
    made = world.acted()
    code = access.tracking_code_of(made).reveal()
    send(made, world.handler, subject="Follow it", body="Here: {{tracking_url}}")
    follow()

    letter = next(one for one in mails() if one["template"] == "letter")
    path = f"/api/v1/complaints/{made.reference}/letters"
    texts = {
        who: people.program(getattr(world, who)).get(path).content.decode() for who in ("handler", "rights_holder")
    }

    assert letter["to"] == world.rights_holder.email
    assert f"/track/{code}/" in letter["body"]
    assert [code in texts[who] for who in texts] == [False, True]
    with pytest.raises(Invalid) as refusal:
        send(made, world.handler, to=world.subscriber.pseudonym, subject="x", body="{{tracking_url}}")
    assert codes(refusal.value) == [("/body", "placeholder")]


@pytest.mark.parametrize("regime", ["us", "eu"])
def test_a_letter_to_the_uploader_does_not_say_how_the_complainant_is_reached(world: World, regime: str) -> None:
    made = world.acted(regime)
    law = regimes.at_version(made.regime, made.regime_version)
    known = {"name"} if law.names_complainant_to_uploader else set()
    given = {"to": world.subscriber.pseudonym, "subject": "x"}

    for name in CONTACT.keys() - known:
        with pytest.raises(Invalid) as refusal:
            send(made, world.handler, body=f"Ask them: {CONTACT[name].upper()}!", **given)
        assert codes(refusal.value) == [("/body", "names_the_other_side")], name
    for name in known:
        assert send(made, world.handler, body=CONTACT[name], **given).side == "uploader"


def test_nobody_but_a_handler_writes(world: World) -> None:
    made = world.acted()

    for who in ("reviewer", "auditor", "authorizer", "rights_holder", "uploader"):
        with pytest.raises(Denied):
            send(made, getattr(world, who), subject="x", body="y")
    for who in ("stranger", "other_handler"):
        with pytest.raises(NotFound):
            send(made, getattr(world, who), subject="x", body="y")


def test_nobody_is_written_to_who_does_not_know_of_the_matter(world: World) -> None:
    made = world.filed()
    for to in (world.subscriber.pseudonym, "somebody", world.uploader.email):
        with pytest.raises(Invalid) as refusal:
            send(made, world.handler, to=to, subject="x", body="y")
        assert codes(refusal.value) == [("/to", "unknown")]


def test_a_template_goes_to_the_complainants_of_many_matters(world: World) -> None:
    made = [world.filed(), world.filed()]
    own = template(world)
    given = {"act": "letter", "references": [one.reference for one in made], "given": {"template": str(own.pk)}}
    with pytest.raises(Invalid):
        actions.prepare_batch(
            by=world.handler, provider=world.provider, now=NOW, **{**given, "given": {"template": "none"}}
        )
    batch = actions.prepare_batch(by=world.handler, provider=world.provider, now=NOW, **given)
    actions.start_batch(batch_id=batch.pk, by=world.handler, digest=batch.digest, now=NOW)

    actions.run_batches(NOW)

    texts = [access.text_of(one, one.complaint)["subject"] for one in SentLetter.objects.order_by("pk")]
    assert texts == [f"About {one.reference}" for one in made]


# --- edges


def test_programs_save_a_template_draft_and_send(world: World) -> None:
    made, client = world.acted(), people.program(world.handler)
    given = {"name": "Hello", "language": "en", "subject": "About {{reference}}", "body": "{{email}}"}
    path = f"/api/v1/complaints/{made.reference}/letters"

    assert client.post("/api/v1/letter-templates", given, format="json").status_code == 400
    saved = client.post("/api/v1/letter-templates", {**given, "body": "{{due}}"}, format="json")
    listed = client.get("/api/v1/letter-templates").json()
    key = saved.json()["id"]
    draft = client.get(f"{path}/draft?to=complainant&template={key}").json()
    sent = client.post(path, {"to": "complainant", "template": key}, format="json")

    assert listed["results"][0]["id"] == key
    assert len(listed["placeholders"]) == len(rules.PLACEHOLDERS)
    assert draft["subject"] == f"About {made.reference}"
    assert sent.status_code == 201
    assert client.post(f"/api/v1/letter-templates/{key}/retirement").status_code == 200
    assert client.get(f"{path}/draft?to=complainant&template={key}").status_code == 400
    assert people.program(world.auditor).get("/api/v1/letter-templates").status_code == 403
    assert people.program(world.auditor).post(path, {"to": "complainant"}, format="json").status_code == 403


def test_people_write_a_template_see_the_letter_filled_in_change_and_send_it(world: World) -> None:
    made, page = world.acted(), browser(world.handler)
    path = f"/complaints/{made.reference}/letters/"
    given = {"name": "Hello", "purpose": "other", "language": "en", "subject": "About {{reference}}", "body": "Hm."}

    assert page.post("/desk/templates/edit/", {**given, "body": "{{name}}"}).status_code == 400
    assert page.post("/desk/templates/edit/", given).status_code == 303
    own = LetterTemplate.objects.get()
    assert "Hello" in page.get("/desk/templates/").content.decode()
    assert "Hm." in page.get(f"/desk/templates/edit/?from={own.pk}").content.decode()
    assert world.subscriber.pseudonym in page.get(path).content.decode()
    chosen = f"{path}?to=complainant&template={own.pk}"
    assert f"About {made.reference}" in page.get(chosen).content.decode()
    assert page.post(chosen, {"subject": "", "body": "x"}).status_code == 400
    assert page.post(chosen, {"subject": "Hello", "body": "Changed."}).status_code == 303
    assert "Changed." in browser(world.rights_holder).get(f"/complaints/{made.reference}/").content.decode()
    assert page.post(f"/desk/templates/{own.pk}/retirement/").status_code == 303
    assert browser(world.auditor).get("/desk/templates/").status_code == 404
    assert CANARY["email"] not in page.get(f"/complaints/{made.reference}/").content.decode()


def test_the_tables_of_letters_hold_no_half_truths(world: World) -> None:
    own = template(world)
    send(world.acted(), world.handler, subject="x", body="y")

    changed(LetterTemplate, "template_purpose_known", purpose="gossip")
    changed(LetterTemplate, "template_says_something", body="")
    changed(SentLetter, "sent_letter_goes_to_one_party", side="uploader")
    own.pk, own.version = None, 2
    refused("template_one_in_use", lambda: own.save(force_insert=True))
    own.version, own.replaced_at = 1, NOW
    refused("template_version_once", lambda: own.save(force_insert=True))
