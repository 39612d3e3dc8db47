"""The pages: the channel, the wizard without scripts, the matter for each side, the acts, the desks, the letters."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format

from complaints import actions
from complaints.models import Complaint
from core import clocks, times
from core.actors import PUBLIC
from messaging.models import Conversation
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails

WHO = {"capacity": "owner", **CONTACT}


def browser(account: Any = None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def steps(client: Client, world: World, **changes: Any) -> Any:
    """Answer every question of the wizard and return the review page."""
    answers: dict[str, dict[str, Any]] = {
        "where": {"provider": world.provider.code},
        "law": {"regime": "us"},
        "works": {"works": "The Harbour\n\nThe Pier", "kind": "film"},
        "items": {"items": f"{world.content[0].url}\n{world.content[1].external_id}\n"},
        "grounds": {"grounds": "We made it."},
        "who": WHO,
        "statements": {"statements": ["good_faith", "accuracy"], "signature": "F. Example"},
    }
    answer: Any = client.get("/complain/new/", follow=True)
    for step, given in {**answers, **changes}.items():
        answer = client.post(f"/complain/new/{step}/", given, follow=True)
        assert answer.status_code == 200, (step, answer.content)
    return answer


def test_the_public_pages_are_open_and_say_what_is_asked(world: World) -> None:
    client = browser()

    for path in (
        "/complain/",
        "/law/",
        "/law/us/",
        "/law/cn/",
        "/law/eu/",
        "/law/jp/",
        "/track/",
        "/complain/new/where/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
    assert world.provider.name in client.get("/complain/").content.decode()
    assert "17 USC 512(c)(3)(A)(i)" in client.get("/law/us/").content.decode()
    assert client.get("/law/xx/").status_code == 404
    described = client.get("/.well-known/complaint-channel.json").json()
    assert [law["code"] for law in described["regimes"]] == ["cn", "us", "eu", "jp"]
    assert described["filing"]["account_needed"] is False


def test_the_wizard_files_without_account_and_shows_the_receipt(world: World) -> None:
    client = browser()
    review = steps(client, world)
    assert "The Pier" in review.content.decode()
    assert f"<dd>{world.provider.name}</dd>" in review.content.decode()

    done = client.post("/complain/new/review/", {}, follow=True)

    made = Complaint.objects.get()
    assert (made.state, made.items.count(), made.works.count()) == ("unconfirmed", 2, 2)
    assert [item.content for item in made.items.order_by("position")] == world.content[:2]
    text = done.content.decode()
    assert made.reference in text
    code = text.split('class="tracking">')[1].split("<")[0]
    assert client.get(f"/track/{code}/").status_code == 200
    assert "complaint_draft" not in client.session


@pytest.mark.parametrize(
    ("step", "is_signed_in", "optional"),
    [
        ("works", False, ["kind"]),
        ("items", False, []),
        ("who", False, ["capacity", "name", "postal_address", "phone"]),
        ("who", True, ["capacity", "name", "email", "postal_address", "phone"]),
    ],
)
def test_only_what_nothing_asks_for_is_called_optional(
    world: World, step: str, is_signed_in: bool, optional: list[str]
) -> None:
    client = browser(world.rights_holder if is_signed_in else None)
    steps(client, world)

    page = client.get(f"/complain/new/{step}/").content.decode()

    labels = re.findall(r'<label class="form-label" for="id_(\w+)">(.*?)</label>', page, re.DOTALL)
    assert [name for name, words in labels if "optional" in words] == optional


def test_what_was_written_is_kept_and_lies_sealed_in_the_session(world: World) -> None:
    client = browser()
    steps(client, world)

    assert CONTACT["postal_address"] in client.get("/complain/new/who/").content.decode()
    assert not any(value in str(dict(client.session)) for value in CONTACT.values())


def test_the_review_lists_what_is_missing_and_lets_it_be_sent_all_the_same(world: World) -> None:
    client = browser(world.rights_holder)
    review = steps(client, world, statements={"signature": ""})
    assert "512(c)(3)(A)(v)" in review.content.decode()

    client.post("/complain/new/review/", {})

    assert Complaint.objects.get().state == "defective"


def test_a_document_is_added_by_who_is_signed_in(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browser(world.rights_holder)
    file = SimpleUploadedFile("proof.txt", b"Registered as no. 1")
    steps(client, world, grounds={"grounds": "We made it.", "file": file})
    client.post("/complain/new/review/", {})

    made = Complaint.objects.get()
    page = browser(world.handler).get(f"/complaints/{made.reference}/")
    assert "proof.txt" in page.content.decode()
    address = page.content.decode().split("/files/")[1].split("/")[0]
    answer = browser(world.handler).get(f"/complaints/{made.reference}/files/{address}/")
    assert (answer.status_code, answer.content) == (200, b"Registered as no. 1")
    assert answer["Content-Disposition"].startswith("attachment")
    assert browser(world.stranger).get(f"/complaints/{made.reference}/files/{address}/").status_code == 404


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("works", {"works": "\n".join(str(number) for number in range(101))}),
        ("items", {"items": "\n".join(f"https://a.example/{number}" for number in range(501))}),
        ("items", {"items": "https://a.example/" + "x" * 2001}),
        ("who", {"email": "none"}),
        ("statements", {"statements": ["invented"]}),
    ],
)
def test_a_wrong_answer_stays_on_its_page_and_says_what_to_do(world: World, step: str, given: dict[str, Any]) -> None:
    client = browser()
    client.post("/complain/new/where/", {"provider": world.provider.code})
    client.post("/complain/new/law/", {"regime": "us"})

    answer = client.post(f"/complain/new/{step}/", given)

    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()


def test_the_wizard_begins_with_where_and_a_link_can_choose_the_provider(world: World) -> None:
    client = browser()

    assert client.get("/complain/new/works/")["Location"] == "/complain/new/where/"
    client.post("/complain/new/where/", {"provider": world.provider.code})
    assert client.get("/complain/new/works/")["Location"] == "/complain/new/law/"
    assert client.get("/complain/new/nothing/").status_code == 404
    page = client.get(f"/complain/new/?provider={world.provider.code}", follow=True).content.decode()
    assert f'value="{world.provider.code}"' in page
    assert "checked" in page
    assert client.get("/complain/done/")["Location"] == "/complain/"


def mailed_link(world: World) -> tuple[Complaint, str]:
    made = world.filed(by=PUBLIC, now=times.now())
    follow(times.now())
    return made, "/complain/confirm/" + mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0] + "/"


def test_looking_at_the_mailed_link_in_a_browser_confirms_nothing_pressing_does(world: World) -> None:
    made, path = mailed_link(world)
    client = Client(headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200
    assert Complaint.objects.get(pk=made.pk).state == "unconfirmed"
    assert client.post(path, follow=True).status_code == 200
    assert Complaint.objects.get(pk=made.pk).state == "filed"
    assert client.get(path).status_code == 410
    assert client.get("/complain/confirm/none/").status_code == 404


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_program_that_follows_the_mailed_link_has_confirmed(world: World, accept: str) -> None:
    made, path = mailed_link(world)
    client = Client(headers={"accept": accept})

    assert client.head(path).status_code == 200
    assert Complaint.objects.get(pk=made.pk).state == "unconfirmed"
    followed = client.get(path)
    assert (followed.status_code, client.get(followed["Location"]).status_code) == (303, 200)
    assert Complaint.objects.get(pk=made.pk).state == "filed"
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    "who", ["rights_holder", "uploader", "handler", "reviewer", "auditor", "authorizer", "service"]
)
@pytest.mark.parametrize("regime", ["us", "cn"])
def test_the_page_of_a_matter_serves_every_side(world: World, who: str, regime: str) -> None:
    made = world.contested(regime)
    follow()

    page = browser(getattr(world, who)).get(f"/complaints/{made.reference}/")

    assert page.status_code == 200
    text = page.content.decode()
    assert made.reference in text
    assert "working days; the content returns on" in text
    assert world.subscriber.pseudonym in text
    assert not any(value in text for value in CANARY.values())
    if who not in ("rights_holder", "handler"):
        assert not any(CONTACT[name] in text for name in ("email", "postal_address", "phone"))
    live = text.split('hx-get="')[1].split('"')[0]
    assert browser(getattr(world, who)).get(live).status_code == 204
    assert browser(getattr(world, who)).get(live.split("?")[0]).status_code == 200


@pytest.mark.parametrize("path", ["", "live/", "reasons/", "acceptance/", "counter-notice/", "appeal/decision/"])
def test_a_stranger_finds_no_page(world: World, path: str) -> None:
    made = world.contested()

    for stranger in (world.stranger, world.other_handler):
        assert browser(stranger).get(f"/complaints/{made.reference}/{path}").status_code == 404
    assert browser().get(f"/complaints/{made.reference}/{path}").status_code == 302


def test_the_page_of_a_matter_asks_the_database_the_same_however_many_items(
    world: World, django_assert_max_num_queries: Any
) -> None:
    items = [{"url": f"https://host.example/{number}"} for number in range(60)]
    made = world.acted(items=[*items, {"external_id": world.content[0].external_id}])
    client = browser(world.handler)
    client.get(f"/complaints/{made.reference}/")

    # session, account, second factor, organisation look-ups (4), complaint, viewer (2), items, measures with their
    # items (3), counter-notices, clocks, acts offered (4), timeline, works, contact (opening), documents, suits,
    # appeals, letter, conversations, navigation with the number of unread (3)
    with django_assert_max_num_queries(37):
        client.get(f"/complaints/{made.reference}/")


def test_every_act_has_its_page_and_carries_it_out(world: World) -> None:
    made = world.filed()
    path = f"/complaints/{made.reference}"
    handler, uploader, holder = browser(world.handler), browser(world.uploader), browser(world.rights_holder)

    assert handler.get(f"{path}/acceptance/").status_code == 200
    assert handler.post(f"{path}/acceptance/", {"reasons": ""}).status_code == 303
    item = str(made.items.get().pk)
    given = {"kind": "forward_only", "items": [item], "reasons": "A shared server.", "grounds": ["no_full_shutdown"]}
    refused = handler.post(f"{path}/measure/", given)
    assert refused.status_code == 400
    assert "all three grounds" in refused.content.decode()
    assert (
        handler.post(f"{path}/measure/", {"kind": "removal", "items": [item], "reasons": "Whole."}).status_code == 303
    )
    lacking = uploader.post(f"{path}/counter-notice/", {"items": [item]})
    assert lacking.status_code == 400
    assert "512(g)(3)(A)" in lacking.content.decode()
    counter = {
        "items": [item], "grounds": "Mine.", **CANARY, "statements": ["good_faith", "jurisdiction"], "signature": "C.",
    }  # fmt: skip
    assert uploader.post(f"{path}/counter-notice/", counter).status_code == 303
    assert "The clock stops when the provider&#x27;s agent is shown" in holder.get(f"{path}/suit/").content.decode()
    assert holder.post(f"{path}/suit/", {"kind": "lawsuit", "body": "A court"}).status_code == 303
    assert handler.post(f"{path}/upholding/", {"reasons": "The court said so."}).status_code == 303
    assert uploader.post(f"{path}/appeal/", {"reasons": "It is mine."}).status_code == 303
    decided = {"decision": "dismissed", "reasons": "It is not."}
    assert browser(world.reviewer).post(f"{path}/appeal/decision/", decided).status_code == 303
    reasons = browser(world.uploader).get(f"{path}/reasons/").content.decode()
    assert f"{date_format(made.measures.get().ordered_at, 'DATETIME_FORMAT')} UTC" in reasons
    assert handler.post(f"{path}/closing/", {}).status_code == 303
    assert Complaint.objects.get(pk=made.pk).state == "closed"
    again = handler.get(f"{path}/closing/")
    assert again.status_code == 409
    assert f'<a class="btn btn-primary" href="{path}/">' in again.content.decode()
    assert handler.get(f"{path}/nothing/").status_code == 404


def test_a_correction_starts_from_what_was_said(world: World) -> None:
    made = world.filed(signature="")
    client = browser(world.rights_holder)
    page = client.get(f"/complaints/{made.reference}/correction/").content.decode()
    assert "The Harbour" in page
    assert "512(c)(3)(A)(i)" in page
    given = {
        "works": "The Harbour", "items": world.content[0].url, "grounds": "Ours.", **WHO,
        "statements": ["good_faith", "accuracy"], "signature": "F. Example",
    }  # fmt: skip

    assert client.post(f"/complaints/{made.reference}/correction/", given).status_code == 303

    assert Complaint.objects.get(pk=made.pk).state == "filed"


def test_what_is_left_alone_in_a_correction_stays_what_it_was(world: World) -> None:
    works = [
        {"title": "The Harbour", "kind": "film", "work": "W-0123456789ABCDEF"},
        {"title": "Its Song", "kind": "song"},
    ]
    made, client = world.filed(signature="", works=works), browser(world.rights_holder)
    item = made.items.get()
    path = f"/complaints/{made.reference}/correction/"

    form = client.get(path).context["form"]
    given = {**form.initial, "signature": "F. Example", "works": form.initial["works"] + "\nA third"}
    assert client.post(path, given).status_code == 303

    made.refresh_from_db()
    assert list(made.works.order_by("position").values_list("title", "kind", "work")) == [
        ("The Harbour", "film", "W-0123456789ABCDEF"), ("Its Song", "song", ""), ("A third", "film", ""),
    ]  # fmt: skip
    again = made.items.get()
    assert (again.url, again.external_id, made.state) == (item.url, item.external_id, "filed")


def test_a_correction_keeps_a_kind_of_work_that_no_page_offers(world: World) -> None:
    made = world.filed(signature="", works=[{"title": "The Harbour", "kind": "sound_recording"}])
    client = browser(world.rights_holder)
    path = f"/complaints/{made.reference}/correction/"
    given = {
        "works": "The Harbour", "kind": "sound_recording", "items": world.content[0].url, **WHO,
        "statements": ["good_faith", "accuracy"], "signature": "F. Example",
    }  # fmt: skip

    assert '<option value="sound_recording" selected>' in client.get(path).content.decode()
    assert client.post(path, given).status_code == 303

    assert [work.kind for work in made.works.order_by("position")] == ["sound_recording"]


def test_the_desk_shows_earning_items_first_then_what_is_due_next(world: World) -> None:
    from tests.complaints.world import content

    usual = world.filed()
    earning = world.filed(items=[{"external_id": content(world.subscriber, is_earning=True).external_id}])
    page = browser(world.handler).get("/desk/complaints/").content.decode()

    assert page.index(earning.reference) < page.index(usual.reference)
    assert browser(world.rights_holder).get("/desk/complaints/").status_code == 404
    assert usual.reference in browser(world.auditor).get("/desk/complaints/?tab=all").content.decode()
    assert browser(world.handler).get("/desk/complaints/?cursor=odd").status_code == 400


def test_the_desk_goes_on_where_its_page_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from complaints.views import desks
    from tests.complaints.world import content

    monkeypatch.setattr(desks, "ROWS", 2)
    earning = content(world.subscriber, is_earning=True)
    made = {world.filed().reference for _ in range(3)}
    made |= {world.filed(items=[{"external_id": earning.external_id}]).reference for _ in range(2)}
    client, seen, path = browser(world.handler), set(), "/desk/complaints/"

    for _ in range(3):
        page = client.get(path).content.decode()
        seen |= {one for one in made if one in page}
        if "cursor=" not in page:
            break
        path = "/desk/complaints/?cursor=" + page.split("?cursor=")[1].split('"')[0]

    assert seen == made


def test_my_list_holds_my_complaints_and_those_against_me(world: World) -> None:
    made = world.acted()

    for who in (world.rights_holder, world.uploader):
        assert made.reference in browser(who).get("/complaints/").content.decode()
    assert made.reference not in browser(world.stranger).get("/complaints/").content.decode()


def test_a_letter_is_shown_escaped_with_what_was_found_and_filed_as_corrected(world: World) -> None:
    client = browser(world.handler)
    text = f"<script>alert(1)</script> Dear provider, {world.content[0].url} infringes our film. <b>rights@films.example</b>"

    kept = client.post("/desk/letters/", {"text": text, "sender": "rights@films.example"}, follow=True)

    page = kept.content.decode()
    assert "notice · US · English" in page
    assert "notice · US · English" in client.get("/desk/letters/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<mark" in page
    address = kept.redirect_chain[-1][0]
    given = {
        "regime": "us", "works": "The Harbour", "items": world.content[0].url, "grounds": "Ours.", **WHO,
        "statements": ["good_faith", "accuracy"], "signature": "F. Example",
    }  # fmt: skip
    assert client.post(address, given).status_code == 303
    made = Complaint.objects.get()
    assert (made.state, made.letter.kept_by) == ("filed", world.handler)
    assert made.reference in client.get(address).content.decode()
    assert browser(world.stranger).get(address).status_code == 404
    assert browser(world.rights_holder).get("/desk/letters/").status_code == 404
    assert client.post("/desk/letters/", {"text": ""}).status_code == 400


def test_who_filed_without_account_takes_the_notice_over_from_its_page(world: World) -> None:
    from complaints.access import tracking_code_of

    made = world.filed(by=PUBLIC, contact={**CONTACT, "email": world.rights_holder.email})
    follow()
    token = mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0]
    actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    path = f"/track/{tracking_code_of(made).reveal()}/"

    assert browser().post(path)["Location"].startswith("/accounts/login/")
    assert browser(world.stranger).post(path).status_code == 403
    assert browser(world.rights_holder).post(path)["Location"] == f"/complaints/{made.reference}/"


def test_what_waits_for_whom(world: World) -> None:
    from complaints.access import waiting_for

    filed, acted = world.filed(), world.acted()

    assert [task.reference for task in waiting_for(world.handler, NOW)] == [filed.reference]
    assert [task.reference for task in waiting_for(world.uploader, NOW)] == [acted.reference]
    world.counter(acted)
    contested = waiting_for(world.rights_holder, NOW)
    assert [(task.reference, task.due_at) for task in contested] == [
        (acted.reference, clocks.running(acted.reference)[0].due_at)
    ]
    assert waiting_for(world.uploader, NOW) == []
    assert waiting_for(world.stranger, NOW) == []


def test_a_letter_that_is_a_counter_notice_is_filed_where_it_answers(world: World) -> None:
    made = world.acted()
    text = (
        b"DMCA counter-notice. I swear under penalty of perjury that I have a good faith belief that it was a mistake."
    )
    letter = actions.keep_letter(by=world.handler, provider=world.provider, content=text, now=NOW)
    client, address = browser(world.handler), f"/desk/letters/{letter.pk}/"
    assert 'name="answers"' in client.get(address).content.decode()

    to = client.get(address, {"answers": made.reference})["Location"]
    assert client.get(to).status_code == 200
    given = {
        "items": [str(made.items.get().pk)], "grounds": "Mine.", **CANARY,
        "statements": ["good_faith", "jurisdiction"], "signature": "C.",
    }  # fmt: skip
    assert client.post(to, given).status_code == 303

    assert Complaint.objects.get(pk=made.pk).state == "contested"
    assert client.get(f"/complaints/{made.reference}/counter-notice/?letter=odd").status_code == 404
    assert browser(world.other_handler).get(to).status_code == 404


def test_the_ledger_says_in_the_readers_language_as_whom_somebody_acted(world: World) -> None:
    made = world.accepted()
    client = browser(world.handler)
    client.cookies["django_language"] = "zh-hans"

    page = client.get(f"/ledger/?subject={made.reference}").content.decode()

    assert "投诉人" in page
    assert "complainant" not in page
    assert "(电影)" in client.get(f"/complaints/{made.reference}/").content.decode()


def test_a_conversation_about_a_complaint_leads_back_to_it(world: World) -> None:
    made = world.acted()
    client = browser(world.uploader)

    page = client.post(f"/complaints/{made.reference}/conversation/", follow=True)

    assert f'<a href="/complaints/{made.reference}/">' in page.content.decode()
    assert client.get(f"/complaints/{made.reference}/").status_code == 200


@pytest.mark.parametrize(
    ("state", "urged", "offered"),
    [
        ("defective", "correction", ["withdrawal"]),
        ("filed", "", ["correction", "withdrawal"]),
        ("acted", "", ["withdrawal"]),
    ],
)
def test_the_complainant_is_not_urged_to_take_a_whole_notice_back(
    world: World, state: str, urged: str, offered: list[str]
) -> None:
    made = world.filed(signature="") if state == "defective" else getattr(world, state)()
    assert made.state == state

    page = browser(world.rights_holder).get(f"/complaints/{made.reference}/").content.decode()

    assert re.findall(rf'btn-primary" href="/complaints/{made.reference}/([\w-]+)/"', page) == [urged] * bool(urged)
    assert re.findall(rf'btn-secondary" href="/complaints/{made.reference}/([\w-]+)/"', page) == offered


def test_an_uploader_sees_beside_each_upload_what_is_pending_there(world: World) -> None:
    acted = world.acted()
    answered = browser(world.uploader).get("/my-content/").content.decode()

    world.counter(acted)

    assert f'<a href="/complaints/{acted.reference}/">A notice against something of yours' in answered
    assert "A notice that you objected to" in browser(world.uploader).get("/my-content/").content.decode()


def test_what_private_content_is_called_its_uploader_and_staff_see_and_the_complainant_does_not(world: World) -> None:
    world.content[0].title, world.content[0].is_private = "Our wedding, uncut", True
    world.content[0].save()
    made = world.acted()
    address = f"/complaints/{made.reference}/"
    seen = {
        name: "Our wedding, uncut" in browser(getattr(world, name)).get(address).content.decode()
        for name in ("rights_holder", "uploader", "handler")
    }

    assert seen == {"rights_holder": False, "uploader": True, "handler": True}
    browser(world.uploader).post(f"{address}conversation/")
    assert Conversation.objects.get(subject=made.reference).title == ""


def test_handlers_and_authorizers_find_the_conversation_of_a_complaint_and_others_do_not(world: World) -> None:
    made = world.acted()
    browser(world.uploader).post(f"/complaints/{made.reference}/conversation/")
    place = f"/desk/conversations/{Conversation.objects.get(subject=made.reference).pk}/"

    shown = {
        name: place in browser(getattr(world, name)).get(f"/complaints/{made.reference}/").content.decode()
        for name in ("handler", "authorizer", "auditor", "rights_holder", "uploader")
    }

    assert shown == {"handler": True, "authorizer": True, "auditor": False, "rights_holder": False, "uploader": False}


def test_who_is_about_to_propose_reads_that_an_agreement_settles_the_complaint(world: World) -> None:
    made = world.acted()
    client = browser(world.uploader)
    client.post(f"/complaints/{made.reference}/conversation/")
    place = f"/conversations/{Conversation.objects.get(subject=made.reference).pk}/proposals/new/"

    assert f"the complaint {made.reference} is settled" in client.get(f"{place}credit/").content.decode()
    assert "is settled" not in client.get(f"{place}dispute/").content.decode()
