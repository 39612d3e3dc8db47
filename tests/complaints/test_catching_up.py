"""After an upgrade, what was decided and ordered before is counted from when it was final, and chased from then on."""

import io

import pytest
from django.core.management import call_command

from complaints import access, actions
from complaints.models import Complaint, Measure, Strike
from core import clocks
from core.models import Clock
from tests.complaints import penalties
from tests.complaints.penalties import DAY, acted_on_new_content, listen, run
from tests.complaints.test_strikes import AFTER_THE_MEASURE
from tests.complaints.world import NOW, World

pytestmark = pytest.mark.django_db
UPGRADE = NOW + 100 * DAY


def left_by_the_older_version(made: Complaint) -> Complaint:
    """Leave a matter as a version did that neither counted matters nor chased measures: without these clocks."""
    keys = [access.matter_of(one) for one in made.measures.all()]
    Clock.objects.filter(matter__in=[*keys, access.clock_key(made.reference)]).delete()
    made.measures.update(execution_due_at=None)
    return made


def catch_up() -> list[tuple[int, int]]:
    return [actions.catch_up(reference=one, now=UPGRADE) for one in actions.left_behind()]


def test_older_matters_count_where_newer_ones_would_and_from_when_they_were_final(world: World) -> None:
    made = {name: acted_on_new_content(world) for name in AFTER_THE_MEASURE}
    for name, (what, _counts) in AFTER_THE_MEASURE.items():
        what(world, made[name])
        left_by_the_older_version(made[name])
    listen()

    catch_up()
    run(UPGRADE)

    counted = {name: Strike.objects.filter(complaint=one).count() for name, one in made.items()}
    assert counted == {name: int(counts) for name, (_what, counts) in AFTER_THE_MEASURE.items()}
    assert all(NOW + 30 * DAY < one.counted_at < NOW + 33 * DAY for one in Strike.objects.all())


def test_what_was_final_long_ago_has_faded_when_it_is_counted(world: World) -> None:
    left_by_the_older_version(world.acted())
    listen()

    catch_up()
    run(UPGRADE)
    at_once, half = penalties.points(world, UPGRADE), penalties.points(world, UPGRADE + 30 * DAY)

    assert (at_once, half) == (4, 2)


def test_a_matter_whose_time_runs_at_the_upgrade_has_what_is_left_of_it(world: World) -> None:
    recent = left_by_the_older_version(acted_on_new_content(world, UPGRADE - 10 * DAY))
    listen()

    catch_up()
    run(UPGRADE)
    first = Strike.objects.count()
    run(UPGRADE + 21 * DAY)

    assert (first, [one.complaint for one in Strike.objects.all()]) == (0, [recent])


def test_an_older_measure_is_chased_from_now_on_and_not_overdue_at_once(world: World) -> None:
    left_by_the_older_version(world.acted())

    started = catch_up()
    clocks.fire_due(UPGRADE)
    at_once = Measure.objects.get().chases
    clocks.fire_due(UPGRADE + DAY)

    assert started == [(1, 1)]
    assert (at_once, Measure.objects.get().chases) == (0, 1)


def test_catching_up_again_and_on_newer_matters_changes_nothing(world: World) -> None:
    listen()
    world.acted()
    penalties.hear()
    left_by_the_older_version(acted_on_new_content(world))
    catch_up()
    before = list(Clock.objects.order_by("pk").values())

    again = catch_up()
    said = io.StringIO()
    call_command("catch_up_clocks", stdout=said)

    assert again == [(0, 0), (0, 0)]
    assert list(Clock.objects.order_by("pk").values()) == before
    assert said.getvalue() == "0 clocks of final matters and 0 of measures started\n"
