from collections.abc import Callable

from django.core.management import load_command_class
from django.core.management.commands import migrate
from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from core import migrating

OURS = ("core", "hosting", "ledger", "verification")
Way = Callable[[Migration, ProjectState, BaseDatabaseSchemaEditor], ProjectState]


class Shelves(Migration):
    """Two models of which one names the other, and a step that changes what is named after steps about one of them."""

    operations = [
        migrations.CreateModel(
            "Shelf", [("id", models.IntegerField(primary_key=True)), ("row", models.IntegerField())]
        ),
        migrations.CreateModel("Book", [("id", models.IntegerField(primary_key=True))]),
        migrations.AddField("Book", "shelf", models.ForeignKey("shop.Shelf", models.CASCADE)),
        migrations.AddConstraint(
            "Shelf", models.CheckConstraint(condition=models.Q(row__gte=0), name="shelf_row_is_one")
        ),
        migrations.AddIndex("Shelf", models.Index(fields=["row"], name="shelf_by_row")),
        migrations.AlterField("Shelf", "id", models.BigIntegerField(primary_key=True)),
        migrations.RemoveIndex("Shelf", "shelf_by_row"),
        migrations.RemoveConstraint("Shelf", "shelf_row_is_one"),
        migrations.RenameField("Shelf", "row", "number"),
        migrations.RunSQL("SELECT 1"),
    ]


SHELVES = Shelves("0001_shelves", "shop")


def part(first: int, end: int) -> Migration:
    migration = Migration("0002_part", "shop")
    vars(migration)["operations"] = SHELVES.operations[first:end]
    return migration


def in_our_way(migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor) -> ProjectState:
    return migrating._apply(migration, state, editor, collect_sql=True)


def in_djangos_way(migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor) -> ProjectState:
    return migration.apply(state, editor, collect_sql=True)


def rendered() -> ProjectState:
    state = ProjectState()
    assert not state.apps.get_models()
    return state


def statements(way: Way, plan: list[Migration], state: ProjectState) -> list[str]:
    """Return the SQL of our migrations of a plan, applied in the way that is given."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for migration in plan:
            if migration.app_label in (*OURS, "shop"):
                state = way(migration, state, editor)
            else:
                state = migration.mutate_state(state, preserve=False)
    return list(editor.collected_sql)


def test_the_tables_are_those_that_django_makes(db: None) -> None:
    graph = MigrationLoader(None).graph
    names = graph.forwards_plan(graph.leaf_nodes("hosting")[0])
    plan = [graph.nodes[name] for name in names]

    ours, djangos = (statements(way, plan, ProjectState()) for way in (in_our_way, in_djangos_way))

    assert {name for name, _ in names} >= set(OURS)
    assert len(ours) > 300
    assert ours == djangos


def test_what_a_changed_model_is_named_by_changes_with_it(db: None) -> None:
    ours, djangos = (statements(way, [SHELVES], rendered()) for way in (in_our_way, in_djangos_way))

    assert [line for line in ours if 'ALTER TABLE "shop_book" ALTER COLUMN "shelf_id" TYPE bigint' in line]
    assert ours == djangos


def test_a_step_about_one_model_renders_that_one_alone(db: None) -> None:
    state = rendered()

    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        in_our_way(part(0, 3), state, editor)
        book, shelf = (state.apps.get_model("shop", name) for name in ("book", "shelf"))
        in_our_way(part(3, 5), state, editor)

    assert state.apps.get_model("shop", "book") is book
    assert state.apps.get_model("shop", "shelf") is not shelf
    assert state.is_delayed


def test_the_command_migrates_in_our_way() -> None:
    command = load_command_class("core", "migrate")

    assert isinstance(command, migrate.Command)
    assert vars(migrate)["MigrationExecutor"] is migrating.Executor
