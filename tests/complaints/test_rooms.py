"""How the rooms beside the matters read: powers without an end, languages by their names, where one is, what an appeal asks."""

import pytest

from core import times
from portal import navigation
from tests.complaints import penalties
from tests.complaints.test_acts import powers, prepared, saved_template
from tests.complaints.test_views import browser
from tests.complaints.world import World
from verification.rules import Role


def read(world: World, who: str, path: str) -> str:
    return browser(getattr(world, who)).get(path).content.decode()


def test_powers_without_a_last_day_say_so(world: World) -> None:
    one = powers(world)

    for who, path in (
        ("rights_holder", "/powers/"),
        ("handler", "/desk/powers/"),
        ("handler", f"/desk/powers/{one.pk}/"),
    ):
        assert "without an end" in read(world, who, path)


def test_templates_name_their_languages_as_people_do(world: World) -> None:
    saved_template(world)

    page = read(world, "handler", "/desk/templates/")

    assert "简体中文</td>" in page
    assert "zh-hans</td>" not in page


def test_a_preview_from_which_nothing_is_left_out_calls_its_matters_matters(world: World) -> None:
    page = read(world, "handler", f"/desk/batches/{prepared(world).pk}/")

    assert "<h2>Matters</h2>" in page
    assert "The others" not in page


@pytest.mark.parametrize("path", ["/desk/batches/", "/desk/templates/", "/desk/powers/", "/desk/flaggers/"])
def test_what_is_reached_from_the_desk_belongs_to_it(path: str) -> None:
    places = navigation.for_roles(navigation.NAVIGATION, {Role.HANDLER.value})

    assert navigation.here_of(places, path) == "/desk/complaints/"


def test_an_appeal_is_asked_for_what_is_wrong_and_not_told_whom_it_concerns(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = world.acted().reference
    restriction = penalties.ordered(world).reference
    monkeypatch.setattr(times, "now", lambda: penalties.FINAL + 2 * penalties.DAY)

    for path in (f"/restrictions/{restriction}/appeal/", f"/complaints/{complaint}/appeal/"):
        page = read(world, "uploader", path)
        assert "Say what is wrong about the decision" in page
        assert "They are told to whom the decision concerns" not in page
