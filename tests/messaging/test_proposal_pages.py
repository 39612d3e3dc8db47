"""Settling on the pages: everything can be done without scripts, and asks before what is final."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ledger import sealing
from messaging import actions, documents, rules, subjects, words
from messaging.models import Proposal, Undertaking
from tests.messaging import world
from tests.messaging.test_proposals import ACTS, GIVEN, ProposalKind, propose, staff_of

pytestmark = pytest.mark.django_db


def as_account(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


def place(pair: world.Pair, name: str, *more: Any) -> str:
    return reverse(f"messaging:{name}", args=[pair.conversation.pk, *more])


@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_a_form_proposes_each_kind_and_the_flow_shows_it_to_both(kind: str) -> None:
    pair = world.pair()

    answer = as_account(pair.uploader).post(place(pair, "proposal-new", kind), GIVEN[kind], follow=True)

    assert answer.redirect_chain == [(place(pair, "conversation"), 303)]
    made = Proposal.objects.get()
    assert (made.kind, made.party.side) == (kind, "uploader")
    mine = answer.content.decode()
    theirs = as_account(pair.rights_holder).get(place(pair, "conversation")).content.decode()
    assert "You proposed this." in mine
    assert "The other side proposes this." in theirs
    assert place(pair, "proposal-act", made.pk, "acceptance") in theirs
    assert place(pair, "proposal-act", made.pk, "acceptance") not in mine
    assert place(pair, "proposal-act", made.pk, "withdrawal") in mine


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("remove_by", {"date": "2020-01-01"}),
        ("license", {**GIVEN["license"], "amount": "0.5", "currency": "JPY"}),
        ("trim", {**GIVEN["trim"], "to": "0:10"}),
        ("credit", {"text": ""}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(kind: str, given: dict[str, str]) -> None:
    pair = world.pair()

    answer = as_account(pair.uploader).post(place(pair, "proposal-new", kind), given)

    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("act", "state"), [("acceptance", "accepted"), ("refusal", "declined")])
def test_looking_at_an_answer_changes_nothing_and_its_button_answers(act: str, state: str) -> None:
    pair = world.pair()
    one = propose(pair)
    client, address = as_account(pair.uploader), place(pair, "proposal-act", one.pk, act)

    assert client.get(address).status_code == 200
    one.refresh_from_db()
    assert one.is_open
    answer = client.post(address, {"reasons": "Not now"} if act == "refusal" else {}, follow=True)

    assert answer.status_code == 200
    one.refresh_from_db()
    assert one.state == state
    assert one.reasons == ("Not now" if act == "refusal" else "")
    page = as_account(pair.rights_holder).get(place(pair, "proposal", one.pk)).content.decode()
    assert f"The other side {state} this." in page


def test_the_maker_withdraws_and_cannot_accept() -> None:
    pair = world.pair()
    one = propose(pair)
    client = as_account(pair.rights_holder)

    assert client.post(place(pair, "proposal-act", one.pk, "acceptance")).status_code == 403
    assert client.post(place(pair, "proposal-act", one.pk, "withdrawal")).status_code == 303
    one.refresh_from_db()
    assert one.state == "withdrawn"


def test_a_counter_is_made_by_the_same_form() -> None:
    pair = world.pair()
    first = propose(pair)
    address = f"{place(pair, 'proposal-new', 'license')}?answers={first.pk}"

    as_account(pair.uploader).post(address, GIVEN["license"])

    second = Proposal.objects.get(number=2)
    assert second.counters_id == first.pk
    page = as_account(pair.rights_holder).get(place(pair, "conversation")).content.decode()
    assert "It answers proposal 1." in page


def test_strangers_find_none_of_the_pages() -> None:
    pair, client = world.pair(), as_account(world.account())
    one = propose(pair)
    undertaken = Undertaking.objects.create(
        conversation=pair.conversation, kind="removal", made_at=world.NOW, due_at=world.NOW, asked_at=world.NOW
    )

    addresses = [
        place(pair, "proposal-new", "credit"), place(pair, "proposal", one.pk), place(pair, "removal"),
        place(pair, "proposal-act", one.pk, "acceptance"), place(pair, "proposal-record", one.pk, "pdf"),
        place(pair, "transcript", "zip"), place(pair, "undertaking-done", undertaken.pk),
    ]  # fmt: skip

    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert [client.post(address).status_code for address in addresses[:4]] == [404, 405, 404, 404]


def test_unknown_kinds_acts_and_forms_do_not_exist() -> None:
    pair = world.pair()
    one, client = propose(pair), as_account(pair.uploader)

    for address in (
        place(pair, "proposal-new", "apology"), place(pair, "proposal-act", one.pk, "praise"),
        place(pair, "transcript", "docx"), place(pair, "proposal-record", one.pk, "docx"),
        f"{place(pair, 'proposal-new', 'credit')}?answers=x",
    ):  # fmt: skip
        assert client.get(address).status_code == 404


def test_staff_sees_proposals_and_has_no_button() -> None:
    pair = world.pair()
    one = propose(pair)

    page = as_account(staff_of(pair)).get(place(pair, "conversation")).content.decode()

    assert "One side proposed this to the other." in page
    assert place(pair, "proposal-act", one.pk, "acceptance") not in page
    assert place(pair, "proposal-new", "credit") not in page


def test_the_uploader_removes_it_now_after_being_asked_and_the_rights_holder_confirms() -> None:
    pair = world.pair()
    uploader, holder = as_account(pair.uploader), as_account(pair.rights_holder)

    assert place(pair, "removal") in uploader.get(place(pair, "conversation")).content.decode()
    assert place(pair, "removal") not in holder.get(place(pair, "conversation")).content.decode()
    assert holder.get(place(pair, "removal")).status_code == 403
    uploader.get(place(pair, "removal"))
    assert not Undertaking.objects.exists()
    uploader.post(place(pair, "removal"))
    undertaken = Undertaking.objects.get()
    page = holder.get(place(pair, "conversation")).content.decode()
    assert "The uploader asked the provider&#x27;s service to remove the content" in page
    holder.post(place(pair, "undertaking-done", undertaken.pk))

    undertaken.refresh_from_db()
    assert undertaken.done_by == "rights_holder"
    assert "The content was removed" in uploader.get(place(pair, "conversation")).content.decode()


def test_the_record_and_the_transcript_are_handed_out() -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.LICENSE)
    ACTS["accept"](one, pair.uploader)
    sealing.seal(world.now())
    client = as_account(pair.rights_holder)

    for form, begins in (("pdf", b"%PDF-"), ("zip", b"PK")):
        for address in (place(pair, "proposal-record", one.pk, form), place(pair, "transcript", form)):
            answer = client.get(address)
            assert answer.content.startswith(begins)
            assert "attachment" in answer["Content-Disposition"]
    assert place(pair, "proposal-record", one.pk, "pdf") in client.get(place(pair, "conversation")).content.decode()


def told(answer: Any) -> str:
    """Return the sentence with which a page sends somebody back."""
    assert answer.redirect_chain[0][1] == 303
    return " ".join(str(one) for one in answer.context["messages"])


def test_no_form_is_opened_for_what_can_not_be_proposed() -> None:
    pair = world.pair()
    uploader, form = as_account(pair.uploader), place(pair, "proposal-new", "credit")
    waiting = [propose(pair, by=pair.uploader) for _ in range(rules.MOST_OPEN_PROPOSALS)]

    assert "Withdraw one first" in told(uploader.get(form, follow=True))
    ACTS["withdraw"](waiting[0], pair.uploader)
    assert uploader.get(form).status_code == 200
    actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    assert "closed" in told(uploader.get(form, follow=True))


def test_no_question_is_asked_about_a_proposal_that_is_over_or_is_the_others_to_answer() -> None:
    pair = world.pair()
    one, other = propose(pair), propose(pair)
    holder, uploader = as_account(pair.rights_holder), as_account(pair.uploader)
    for who, act, why in (
        (holder, "acceptance", "your own proposal"),
        (uploader, "withdrawal", "Only who made a proposal"),
    ):
        assert why in told(who.get(place(pair, "proposal-act", one.pk, act), follow=True))
    ACTS["decline"](one, pair.uploader)

    assert "is over" in told(uploader.get(place(pair, "proposal-act", one.pk, "acceptance"), follow=True))
    counter = place(pair, "proposal-new", "credit") + f"?answers={one.pk}"
    assert "is over" in told(uploader.get(counter, follow=True))
    assert uploader.get(place(pair, "proposal-act", other.pk, "acceptance")).status_code == 200


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "1,250,000.00 EUR"), ("zh-hans", "1,250,000.00 EUR"), ("de", "1.250.000,00 EUR")]
)
def test_an_amount_is_grouped_in_threes_in_every_language(language: str, shown: str) -> None:
    given = {
        "kind": "license",
        "terms": {"terms": "-", "amount": "1250000.00", "currency": "EUR", "territory": "", "until": ""},
    }

    with translation.override(language):
        assert words.said_terms(given)[1][1] == shown


def test_a_licence_asks_for_its_currency_and_suggests_none() -> None:
    pair = world.pair()

    page = as_account(pair.uploader).get(place(pair, "proposal-new", "license")).content.decode()

    options = page.partition('name="currency"')[2].partition("</select>")[0]
    assert options.index('<option value=""') < options.index('value="EUR"')
    assert not re.search(r'<option value="[A-Z]{3}" selected', options)


def test_proposals_speak_chinese_with_words_of_their_own() -> None:
    pair = world.pair()
    one = propose(pair)
    uploader = as_account(pair.uploader)
    uploader.cookies["django_language"] = "zh-hans"

    card = uploader.get(place(pair, "proposal", one.pk)).content.decode()
    cut = uploader.get(place(pair, "proposal-new", "trim")).content.decode()
    ACTS["accept"](one, pair.uploader)
    over = uploader.get(place(pair, "proposal", one.pk)).content.decode()

    assert ">接受</a>" in card
    assert "起点" in cut
    assert "终点" in cut
    assert "已接受" in over


@pytest.mark.parametrize("is_counter", [False, True])
def test_a_form_that_is_sent_twice_proposes_once(is_counter: bool) -> None:
    pair = world.pair()
    uploader, form = as_account(pair.uploader), place(pair, "proposal-new", "credit")
    if is_counter:
        form += f"?answers={propose(pair).pk}"
    fields = re.search(r'name="client_id" value="([0-9a-f-]{36})"', uploader.get(form).content.decode())
    assert fields is not None
    given = {"text": "Film by the studio", "client_id": fields[1]}

    answers = [uploader.post(form, given, follow=True) for _ in range(2)]

    assert all("Your proposal was made" in str(answer.content.decode()) for answer in answers)
    assert Proposal.objects.filter(party__side="uploader").count() == 1
    other = uploader.post(form, {**given, "text": "Film by somebody else"})
    assert other.status_code == 409
    assert Proposal.objects.filter(party__side="uploader").count() == 1


def test_what_a_proposal_tells_of_its_writer_is_pointed_out_before_it_is_made() -> None:
    pair = world.pair()
    uploader, form = as_account(pair.uploader), place(pair, "proposal-new", "dispute")
    given = {"reasons": "Write to me at somebody@films.example or call +49 30 1234567"}

    asked = uploader.post(form, given)

    page = asked.content.decode()
    assert (asked.status_code, Proposal.objects.count()) == (200, 0)
    assert '<mark dir="auto">somebody@films.example</mark>' in page
    assert 'name="was_told" value="1"' in page
    assert uploader.post(form, {**given, "was_told": "1"}).status_code == 303
    assert Proposal.objects.get().text == given["reasons"]


def test_who_proposes_something_else_reads_what_is_answered_and_what_it_is_about() -> None:
    pair = world.pair()
    one = propose(pair)

    page = as_account(pair.uploader).get(place(pair, "proposal-new", "credit") + f"?answers={one.pk}").content.decode()

    assert "Film by the studio" in page
    assert pair.conversation.title in page


def test_a_dispute_settles_nothing_and_says_so_wherever_it_is_made_accepted_and_recorded() -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.DISPUTE)
    uploader = as_account(pair.uploader)

    made = uploader.get(place(pair, "proposal-new", "dispute")).content.decode()
    asked = uploader.get(place(pair, "proposal-act", one.pk, "acceptance")).content.decode()

    assert "it settles nothing" in made
    assert "both sides note that they do not agree" in asked
    ACTS["accept"](one, pair.uploader)
    sealing.seal(world.now())
    told = documents.record_words(Proposal.objects.select_related("ended_by", "party").get(pk=one.pk))
    assert told["title"] == "Record of a disagreement"
    assert "settles nothing" in told["intro"]


def test_what_an_agreement_does_to_the_matter_stands_where_it_is_proposed_and_accepted(monkeypatch: Any) -> None:
    monkeypatch.setitem(subjects._settled, "content:", lambda conversation: f"It ends {conversation.title}.")
    pair = world.pair()
    one = propose(pair)
    uploader = as_account(pair.uploader)

    for page in (place(pair, "proposal-new", "credit"), place(pair, "proposal-act", one.pk, "acceptance")):
        assert f"It ends {pair.conversation.title}." in uploader.get(page).content.decode()
    assert "It ends" not in uploader.get(place(pair, "proposal-new", "dispute")).content.decode()


def test_a_day_says_in_which_zone_it_ends_where_it_is_proposed_and_where_it_is_read() -> None:
    pair = world.pair()
    uploader, zone = as_account(pair.uploader), pair.provider.time_zone
    one = propose(pair, ProposalKind.REMOVE_BY)

    assert zone in uploader.get(place(pair, "proposal-new", "remove_by")).content.decode()
    assert zone in uploader.get(place(pair, "proposal", one.pk)).content.decode()
