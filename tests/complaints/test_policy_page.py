"""Where a provider writes and publishes the next version of its policy: who, what is shown first, what is kept on errors."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from complaints import access
from complaints.models import Policy
from complaints.rules.policies import HOUSE_POLICY
from core import times
from ledger.models import Entry
from tests.complaints.penalties import DAY, published
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World

AFTER = NOW + 8 * DAY


def page_of(world: World) -> str:
    return f"/policies/{world.provider.code}/new/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "now", lambda: NOW)


@pytest.fixture
def client(world: World) -> Client:
    return browser(world.authorizer)


def typed(client: Client, world: World, **changes: Any) -> dict[str, Any]:
    """Return what the form holds at first, with a name and what was changed in it."""
    form = client.get(page_of(world)).context["form"]
    held = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return {**held, "version": "2026.2", "step": "preview", **changes}


def test_only_an_authorizer_of_the_provider_finds_the_form(world: World) -> None:
    codes = {}
    for who in ("authorizer", "handler", "reviewer", "auditor", "uploader", "stranger", "other_handler"):
        codes[who] = browser(getattr(world, who)).get(page_of(world)).status_code

    staff = dict.fromkeys(("handler", "reviewer", "auditor"), 403)
    strangers = dict.fromkeys(("uploader", "stranger", "other_handler"), 404)
    assert codes == {"authorizer": 200, **staff, **strangers}
    link = f'href="{page_of(world)}"'
    public = f"/policies/{world.provider.code}/"
    assert link in browser(world.authorizer).get(public).content.decode()
    assert link not in browser(world.handler).get(public).content.decode()
    assert link not in Client().get(public).content.decode()


def test_the_form_shows_what_is_in_force_and_announced_and_begins_with_the_newest(world: World, client: Client) -> None:
    before = client.get(page_of(world)).content.decode()
    published(world, version="1", en=_text("Nobody is restricted unwarned."))

    text = client.get(page_of(world)).content.decode()

    assert "house-2026.1" in before
    assert "the portal's own" in before.replace("&#x27;", "'")
    assert "house-2026.1" in text
    assert (NOW + 7 * DAY).isoformat() in text
    assert "Nobody is restricted unwarned." in text


def _text(text: str) -> Any:
    from complaints.actions import PolicyText

    return PolicyText(text, ["Three films in one notice are one strike."])


def test_the_preview_says_what_would_change_and_publishes_nothing(world: World, client: Client) -> None:
    given = typed(client, world, final_after_days=45, texts_en_text="Whoever goes on is warned.")

    text = client.post(page_of(world), given).content.decode()

    assert [
        row["label"] for group in client.post(page_of(world), given).context["changes"] for row in group["rows"]
    ] == [
        "The policy in English",
        "After how many days without an objection a matter counts",
    ]
    assert '<td data-label="Until then" >30</td>' in text
    assert '<td data-label="From then on" >45</td>' in text
    assert not Policy.objects.exists()


def test_a_version_that_changes_nothing_says_so(world: World, client: Client) -> None:
    text = client.post(page_of(world), typed(client, world)).content.decode()

    assert "Nothing but its name" in text


def test_what_was_previewed_and_confirmed_is_published_once_and_holds_a_week_later(
    world: World, client: Client
) -> None:
    shown = client.post(page_of(world), typed(client, world, uploaders_weights_infringement=3))
    form = shown.context["form"]
    confirmed = {name: form[name].value() for name in form.fields} | {"step": "publish"}
    confirmed = {name: value for name, value in confirmed.items() if value is not None}

    answer = client.post(page_of(world), confirmed)
    again = client.post(page_of(world), confirmed)

    made = Policy.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/policies/{world.provider.code}/")
    assert (again.status_code, "This version is published already" in again.content.decode()) == (400, True)
    assert (made.version, made.effective_at, made.published_by) == ("2026.2", NOW + 7 * DAY, world.authorizer)
    assert access.policy_in_force(world.provider, NOW).version == HOUSE_POLICY.version
    assert access.policy_in_force(world.provider, AFTER).numbers.uploaders.weights == {"infringement": 3}
    assert made.examples_en == [str(example) for example in HOUSE_POLICY.examples]
    assert Entry.objects.filter(act="policy.published").count() == 1


def test_every_value_comes_with_the_confirmation_as_hidden_fields(world: World, client: Client) -> None:
    answer = client.post(page_of(world), typed(client, world))
    text, form = answer.content.decode(), answer.context["form"]

    assert all(f'name="{name}"' in text for name in form.fields)
    assert text.count('type="hidden"') >= len(form.fields)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"version": ""}, "version", "required"),
        ({"texts_zh_hans_text": " "}, "texts_zh_hans_text", "required"),
        ({"final_after_days": "2"}, "final_after_days", "14"),
        ({"uploaders_steps_1_from_points": "3"}, "uploaders_steps_1_from_points", "more points"),
        ({"effective_on": "2026-03-16"}, "effective_on", "seven days before"),
        ({"texts_en_examples": "One.\n" * 21}, "texts_en_examples", "at most 20"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    world: World, client: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    given = typed(client, world, **{"texts_en_text": "What I typed.", **changes})

    answer = client.post(page_of(world), given)

    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    assert "What I typed." in answer.content.decode()
    assert not Policy.objects.exists()


def test_who_wants_to_change_it_first_finds_what_was_typed(world: World, client: Client) -> None:
    answer = client.post(page_of(world), typed(client, world, texts_en_text="What I typed.", step="edit"))

    assert answer.status_code == 200
    assert "What I typed.</textarea>" in answer.content.decode()
    assert not Policy.objects.exists()


def test_a_day_begins_in_the_time_zone_of_the_provider(world: World, client: Client) -> None:
    type(world.provider).objects.filter(pk=world.provider.pk).update(time_zone="Asia/Shanghai")
    given = typed(client, world, effective_on="2026-03-20", step="publish")

    client.post(page_of(world), given)

    assert Policy.objects.get().effective_at == dt.datetime(2026, 3, 19, 16, tzinfo=dt.UTC)


def test_the_form_and_the_preview_speak_chinese(world: World, client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"

    form = client.get(page_of(world)).content.decode()
    preview = client.post(page_of(world), typed(client, world, final_after_days=45)).content.decode()

    assert "规则的下一版本" in form
    assert "将有哪些变化" in preview
